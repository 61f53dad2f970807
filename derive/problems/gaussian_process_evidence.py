"""The evidence of a Gaussian process: its hyperparameters are fitted by maximising it."""

from fractions import Fraction

from derive.notation import (
    Axis,
    Delta,
    Problem,
    Sum,
    data,
    define,
    exp,
    inverse,
    logdet,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, r, j = m.index("i"), m.index("r"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
a = parameter("a", meaning="logarithm of the amplitude")
ell = parameter("ell", latex=r"\ell", meaning="logarithm of the length scale")
s = parameter("s", meaning="logarithm of the noise's standard deviation")

D = define("D", i, r, Sum((X[i, j] - X[r, j]) ** 2, j), meaning="squared distances")
C = define(
    "C", i, r, exp(2 * a() - Fraction(1, 2) * exp(-2 * ell()) * D[i, r]),
    facts=("positive semidefinite",), meaning="covariances without noise",
)  # fmt: skip
K = define("K", i, r, C[i, r] + exp(2 * s()) * Delta(i, r), meaning="covariances of the targets")

PROBLEM = Problem(
    name="gaussian_process_evidence",
    title="Evidence of a Gaussian process",
    data=(X, y),
    parameters=(a, ell, s),
    definitions=(D, C, K),
    cost=Sum(y[i] * inverse(K)[i, r] * y[r], r, i) / 2 + logdet(K) / 2,
    summary="Minus the logarithm of the marginal likelihood of targets y under a Gaussian process "
    "with squared-exponential covariances and noise, without its constant.",
    sources=(
        (
            "C. E. Rasmussen and C. K. I. Williams (2006), Gaussian Processes for Machine "
            "Learning, equations 2.30 and 5.8"
        ),
    ),
)
