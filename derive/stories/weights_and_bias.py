"""Weights and bias apart, and the same model with a column of ones."""

from dataclasses import replace

from derive.notation import Diff, Sum, data, define, log, sigmoid
from derive.notation.interval import point
from derive.notation.story import Claim, Story
from derive.problems.logistic_wb import PROBLEM, X, b, h, i, j, m, n, w, y, z

u = data("u", m, meaning="one more feature; a column of ones makes its weight the bias")
s = define("s", i, Sum(X[i, j] * w[j], j) + u[i] * b(), meaning="scores with the feature u")
g = define("g", i, sigmoid(s[i]), meaning="probabilities predicted with the feature u")
K = define(
    "K", -1 / m * Sum(y[i] * log(g[i]) + (1 - y[i]) * log(1 - g[i]), i),
    meaning="cost with the feature u: the form with one vector of weights",
)  # fmt: skip

J = PROBLEM.cost_definition
k = n.index("k")
COLLECTED = ("clear-denominators", "simplify", "absorb-sign")
ONES = ((u, point(1)),)

STORY = Story(
    name="weights_and_bias",
    title="Weights and bias apart",
    problem=replace(PROBLEM, data=(X, y, u), definitions=(z, h, s, g, K)),
    summary="The gradient by the bias is the gradient by one more weight, that of a column of "
    "ones: the two ways to write an intercept are one model.",
    sources=PROBLEM.sources,
    claims=(
        Claim("B1", "gradient by the weights", Diff(J(), w[k]), ("cite-T2", "matrix-form")),
        Claim("B2", "gradient by the bias", Diff(J(), b()), ("cite-T3", "matrix-form")),
        Claim(
            "B3", "by the weights, with one more feature $u$", Diff(K(), w[k]),
            ("unfold-K", "linearity", ("derivative",), "common-factor", "cite-L8", *COLLECTED),
            ends=1 / m * Sum((g[i] - y[i]) * X[i, k], i),
        ),
        Claim(
            "B4", "by the weight of the feature $u$", Diff(K(), b()),
            ("unfold-K", "linearity", ("derivative",), "common-factor", "cite-L9", *COLLECTED),
            ends=1 / m * Sum(u[i] * (g[i] - y[i]), i),
            text="The same formula as for every other weight, with $u$ in place of the column "
            "$X_{\\cdot k}$: in $s = Xw + ub$ the letter $b$ is the last entry of a $\\theta$ "
            "whose design matrix is $(X, u)$.",
        ),
        Claim(
            "B5", "a column of ones: the scores agree", s[i],
            ("unfold-s", "given-value", "fold-z"), ends=z[i], given=ONES,
        ),
        Claim(
            "B6", "a column of ones: the probabilities agree", g[i],
            ("unfold-g", "cite-B5", "fold-h"), ends=h[i], given=ONES,
        ),
        Claim(
            "B7", "a column of ones: the costs agree", K(),
            ("unfold-K", "cite-B6", "fold-J"), ends=J(), given=ONES,
        ),
        Claim(
            "B8", "a column of ones: the gradients by the weights agree", Diff(K(), w[k]),
            ("cite-B3", "cite-B6", "back-B1"), ends=Diff(J(), w[k]), given=ONES,
        ),
        Claim(
            "B9", "a column of ones: its component is the gradient by the bias", Diff(K(), b()),
            ("cite-B4", "cite-B6", "given-value", "back-B2"), ends=Diff(J(), b()), given=ONES,
            text="Together B8 and B9 say: the gradient by $w$ and by $b$, one below the other, is "
            "the gradient of the $\\theta$ form with a column of ones.",
        ),
    ),
)  # fmt: skip
