"""Ridge regression of several targets at once: a matrix of weights."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "targets")
i, j, c = m.index("i"), n.index("j"), K.index("c")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, meaning="targets, one row per sample")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="weight of the penalty")
W = parameter("W", n, K, meaning="weights, one column per target")

H = define("H", i, c, Sum(X[i, j] * W[j, c], j), meaning="predicted targets")

PROBLEM = Problem(
    name="multi_output_ridge",
    title="Ridge regression with several targets",
    data=(X, Y, lambda_),
    parameters=(W,),
    definitions=(H,),
    cost=1 / (2 * m) * Sum((H[i, c] - Y[i, c]) ** 2, i, c)
    + lambda_() / 2 * Sum(W[j, c] ** 2, j, c),
    prediction=H,
    summary="The mean squared error of all targets with a squared penalty on the weights.",
    sources=(
        (
            "T. Hastie, R. Tibshirani and J. Friedman (2009), The Elements of Statistical "
            "Learning, equations 3.38 and 3.41"
        ),
    ),
)
