"""Kullback-Leibler fit of nonnegative data by a nonnegative mixture."""

from derive.notation import (
    NONNEGATIVE,
    POSITIVE,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, domain=NONNEGATIVE, meaning="profiles, one per column")
y = data("y", m, domain=NONNEGATIVE, meaning="counts or intensities")
a = parameter("a", n, meaning="logarithms of the profiles' intensities")

mu = define("mu", i, Sum(X[i, j] * exp(a[j]), j), domain=POSITIVE, meaning="predicted intensities")

PROBLEM = Problem(
    name="kullback_leibler",
    title="Kullback-Leibler fit",
    data=(X, y),
    parameters=(a,),
    definitions=(mu,),
    cost=Sum(mu[i] - y[i] * log(mu[i]), i),
    prediction=mu,
    summary="The divergence of y from mu = X exp(a), without the terms that do not depend on the "
    "intensities.",
    sources=(
        (
            "L. A. Shepp and Y. Vardi (1982), Maximum likelihood reconstruction for emission "
            "tomography, IEEE TMI 1(2)"
        ),
    ),
)
