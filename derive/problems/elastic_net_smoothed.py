"""Least squares with a smoothed elastic net: squares and nearly absolute values."""

from derive.notation import NONNEGATIVE, POSITIVE, Axis, Problem, Sum, data, define, parameter, sqrt

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
alpha = data("alpha", domain=NONNEGATIVE, meaning="strength of the absolute values")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the squares")
eps = data("eps", domain=POSITIVE, latex=r"\varepsilon", meaning="width of the smoothing")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")

PROBLEM = Problem(
    name="elastic_net_smoothed",
    title="Smoothed elastic net",
    data=(X, y, alpha, lambda_, eps),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i)
    + alpha() * Sum(sqrt(theta[j] ** 2 + eps() ** 2), j)
    + lambda_() / 2 * Sum(theta[j] ** 2, j),
    prediction=z,
    summary="Half the mean squared error, the weights' absolute values smoothed to sqrt(theta^2 + "
    "eps^2), and half their squares.",
    sources=(
        (
            "H. Zou and T. Hastie (2005), Regularization and variable selection via the elastic "
            "net, JRSS B 67(2)"
        ),
    ),
)
