"""The letters in which the rules' examples are written."""

from __future__ import annotations

from derive.notation.expression import Axis, Sum
from derive.notation.functions import sigmoid
from derive.notation.problem import data, define, parameter
from derive.record import Scope

m, n = Axis("m", "samples"), Axis("n", "features")
i, i2 = m.index("i"), m.index("r")
j, k, l = n.index("j"), n.index("k"), n.index("l")
X, y, c = data("X", m, n), data("y", m), data("c")
theta, v = parameter("theta", n), data("v", n)
z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
SCOPE = Scope(definitions=(z, h))
