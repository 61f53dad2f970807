"""The smooth part of the graphical lasso: a Gaussian likelihood in the inverse covariance."""

from derive.notation import Axis, Problem, Sum, data, logdet, parameter

n = Axis("n", "variables")
j, k = n.index("j"), n.index("k")

S = data("S", n, n, facts=("positive definite",), meaning="the sample covariance matrix")
Theta = parameter("Theta", n, n, facts=("positive definite",), meaning="the precision matrix")

PROBLEM = Problem(
    name="gaussian_precision",
    title="Precision matrix of a Gaussian",
    data=(S,),
    parameters=(Theta,),
    cost=Sum(S[j, k] * Theta[k, j], j, k) - logdet(Theta),
    summary="tr(S Theta) - log det Theta, the smooth part of the graphical lasso; without a "
    "penalty the minimiser is the inverse of S.",
    sources=(
        (
            "O. Banerjee, L. El Ghaoui and A. d'Aspremont (2008), Model selection through sparse "
            "maximum likelihood estimation, Journal of Machine Learning Research 9, equation 1"
        ),
        (
            "J. Friedman, T. Hastie and R. Tibshirani (2008), Sparse inverse covariance estimation "
            "with the graphical lasso, Biostatistics 9(3), equation 2.1"
        ),
    ),
)
