"""Mean-variance portfolio: expected return against risk."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, parameter

n = Axis("n", "assets")
i, j = n.index("i"), n.index("j")

mu = data("mu", n, meaning="expected returns")
Sigma = data(
    "Sigma", n, n, facts=("symmetric", "positive definite"), meaning="covariance of the returns"
)
g = data("g", domain=POSITIVE, latex=r"\gamma", meaning="aversion to risk")
w = parameter("w", n, meaning="holdings")

PROBLEM = Problem(
    name="portfolio",
    title="Mean-variance portfolio",
    data=(mu, Sigma, g),
    parameters=(w,),
    cost=g() / 2 * Sum(w[i] * Sum(Sigma[i, j] * w[j], j), i) - Sum(mu[i] * w[i], i),
    summary="Half the aversion to risk times the variance of the return, less its expectation.",
    sources=("H. Markowitz (1952), Portfolio selection, The Journal of Finance 7(1)",),
)
