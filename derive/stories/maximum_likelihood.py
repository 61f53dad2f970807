"""From the Bernoulli likelihood to the cost: a product over samples, its logarithm, its mean."""

from dataclasses import replace

from derive.notation import (
    BINARY,
    POSITIVE,
    Cases,
    Diff,
    Product,
    Sum,
    When,
    data,
    define,
    log,
)
from derive.notation.expression import ONE
from derive.notation.interval import point
from derive.notation.story import ByCases, Claim, Rewrite, Story
from derive.problems import logistic
from derive.problems.logistic import h, i, m, n, theta, y
from derive.stories.gradient_routes import STORY as GRADIENT

MASS = h[i] ** y[i] * (1 - h[i]) ** (1 - y[i])
L = define("L", Product(MASS, i), meaning="likelihood of the labels")
ell = define("ell", log(L()), latex=r"\ell", meaning="log-likelihood")
alpha = data("alpha", domain=POSITIVE, meaning="step size")

PROBLEM = replace(
    logistic.PROBLEM,
    data=(*logistic.PROBLEM.data, alpha),
    definitions=(*logistic.PROBLEM.definitions, L, ell),
)
J = PROBLEM.cost_definition()
k = n.index("k")
LOG_LOSS = Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i)
TWO_CASES = Cases(((When(y[i], "=", ONE), h[i]),), 1 - h[i])
PUT_IN = Rewrite(("given-value",), "put in the label")
FOUR_STEPS = next(claim.route for claim in GRADIENT.claims if claim.label == "R4")

STORY = Story(
    name="maximum_likelihood",
    title="From maximum likelihood to the cost",
    problem=PROBLEM,
    summary="The labels are independent, label i is 1 with probability h_i. The parameters under "
    "which the observed labels are most probable are those that minimise the log loss.",
    sources=(
        "D. R. Cox (1958), The regression analysis of binary sequences, JRSS B 20(2)",
        "C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2",
    ),
    claims=(
        Claim("R3a", "probability mass of label 1", MASS, (PUT_IN,), h[i], ((y, point(1)),)),
        Claim("R3b", "probability mass of label 0", MASS, (PUT_IN,), 1 - h[i], ((y, point(0)),)),
        Claim(
            "R3c", "one formula for both probabilities", MASS,
            (ByCases(("R3a", "R3b"), TWO_CASES),), TWO_CASES, ((y, BINARY),),
            text="The exponents switch between the two probabilities of Bernoulli's distribution.",
        ),
        Claim(
            "R3d", "the log-likelihood is a sum", ell(),
            ("unfold-ell", "unfold-L", "log-of-product", ("log-product", "log-power")), LOG_LOSS,
            text="The logarithm turns the product over the samples into a sum, and increases: "
            "it is largest where the likelihood is.",
        ),
        Claim(
            "R3e", "the cost is the mean negative log-likelihood", -1 / m * ell(),
            ("cite-R3d", "fold-J"), J,
            text="The most likely parameters are those of the smallest cost.",
        ),
        Claim(
            "R3f", "gradients", -m * Diff(J, theta[k]),
            ("back-R3e", Rewrite(("constant-factor",), "constant factor; $m$ cancels")),
            Diff(ell(), theta[k]),
        ),
        Claim(
            "R3g", "ascent is descent", theta[k] + alpha() / m * Diff(ell(), theta[k]),
            (Rewrite(("back-R3f",), "R3f; $m$ cancels"),),
            theta[k] - alpha() * Diff(J, theta[k]),
            text=r"A step of gradient ascent on $\ell = \log L$ with step size $\alpha/m$ is the "
            r"step of gradient descent on $J$ with step size $\alpha$.",
        ),
        Claim(
            "R3h", "the gradient from the likelihood", -1 / m * Diff(ell(), theta[k]),
            (Rewrite(("back-R3f",), "R3f; $m$ cancels"), *FOUR_STEPS),
        ),
    ),
)  # fmt: skip
