"""Least squares whose weights change little from one to the next."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")
r = n.less(1).index("r")

X = data("X", m, n, meaning="features, one row per sample, in a natural order")
y = data("y", m, meaning="targets")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="weight of the differences")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")

PROBLEM = Problem(
    name="fused_ridge",
    title="Fused ridge regression",
    data=(X, y, lambda_),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i)
    + lambda_() / 2 * Sum((theta[r + 1] - theta[r]) ** 2, r),
    prediction=z,
    summary="Half the mean square of the residuals plus a penalty on the squares of the "
    "differences between neighbouring weights.",
    sources=(
        "S. R. Land and J. H. Friedman (1997), Variable fusion, technical report 656, Stanford",
    ),
)
