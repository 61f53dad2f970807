"""The letters in which the rules' examples are written."""

from __future__ import annotations

from derive.notation.expression import Axis, Delta, Sum, Tensor
from derive.notation.functions import exp, sigmoid
from derive.notation.interval import point
from derive.notation.problem import data, define, parameter
from derive.record import Scope

m, n = Axis("m", "samples"), Axis("n", "features")
i, i2 = m.index("i"), m.index("r")
j, k, l = n.index("j"), n.index("k"), n.index("l")
short = n.less(1).index("p")
X, y, c = data("X", m, n), data("y", m), data("c")
theta, v = parameter("theta", n), data("v", n)
S = parameter("S", n, n, facts=("positive definite",))
z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
B = define("B", j, k, Delta(j, k) + theta[j] * theta[k])
p = define("p", j, exp(v[j]) / Sum(exp(v[k]), k))
f = define("f", Sum(y[i] * z[i] + h[i] ** 2, i))
t = Tensor("t", (), "constant", "t", domain=point(0))
w = define("w", j, theta[j] + t() * v[j])
SCOPE = Scope(definitions=(z, h, p, f, w))
MATRICES = Scope(definitions=(*SCOPE.definitions, B))
