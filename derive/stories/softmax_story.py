"""Softmax regression: derivatives, its freedom, two classes, sums that do not overflow."""

from derive.notation import (
    NONNEGATIVE,
    UNIT,
    Diff,
    Expr,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    sigmoid,
)
from derive.notation.expression import ONE, ZERO, Delta
from derive.notation.story import Claim, Rewrite, Story, To
from derive.problems.softmax import K, P, Theta, X, Z, c, d, i, j, m, n

k, p = n.index("k"), n.index("p")
l, q = K.index("l"), K.index("q")

W = data("W", m, K, domain=NONNEGATIVE, meaning="how often a sample was seen in each class")
V = data("V", n, K, meaning="any direction")
s = data("s", n, meaning="one vector, added to the weights of every class")
a = data("a", m, meaning="any number per sample")
y = data("y", m, domain=UNIT, meaning="label of the first of two classes")
alpha = data("alpha", n, meaning="weights of the first of two classes")
beta = data("beta", n, meaning="weights of the second")

Y = define("Y", i, c, W[i, c] / Sum(W[i, d], d), meaning="labels: any rows that sum to 1")
t = define("t", i, Sum(X[i, j] * s[j], j), meaning="what s adds to the scores of a sample")
S = define("S", i, c, Sum(X[i, j] * V[j, c], j), meaning="change of the scores along V")
u = define("u", i, Sum(X[i, j] * alpha[j], j), meaning="score of the first of two classes")
w = define("w", i, Sum(X[i, j] * beta[j], j), meaning="score of the second")
h = define("h", i, sigmoid(u[i] - w[i]), meaning="probability by the difference of the scores")

COST = 1 / m * Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c), i)
PROBLEM = Problem(
    name="softmax_story",
    title="Softmax regression",
    data=(X, W, V, s, a, y, alpha, beta),
    parameters=(Theta,),
    definitions=(Z, P, Y, t, S, u, w, h),
    cost=COST,
    prediction=P,
)
J = PROBLEM.cost_definition
GRADIENT = Diff(J(), Theta[k, l])
HESSIAN = Diff(GRADIENT, Theta[p, q])

DERIVATIVES = (
    Claim(
        "M1", "derivative of the softmax", Diff(P[i, c], Z[i, q]),
        (
            Rewrite(("unfold-P",), "definition of $P$", once=True),
            Rewrite(("derivative",), "product rule; chain rule"), "sum-delta", "fold-P",
            "common-factor",
        ),
        ends=P[i, c] * (Delta(c, q) - P[i, q]),
    ),
    Claim(
        "M2", "gradient", GRADIENT, (Rewrite(("cite-T2",), "T2"), "matrix-form"),
        text="Prediction minus label, as for one class: $X^{\\mathsf T}(P - Y)/m$.",
    ),
    Claim(
        "M3", "Hessian block of the classes $l$ and $q$", HESSIAN,
        (Rewrite(("cite-T3",), "T3"), "matrix-form"),
        text="The block of the classes $l$ and $q$ is $X^{\\mathsf T} D_{lq} X/m$, where $D_{lq}$ "
        "is diagonal with the entries $P_{il}(\\delta_{lq} - P_{iq})$.",
    ),
    Claim(
        "M4", "Hessian times a direction", Sum(Sum(HESSIAN * V[p, q], q), p),
        (Rewrite(("cite-T3",), "T3"), "interchange", ("distribute-deltas", "sum-delta"),
         "matrix-form"),
        text="With $P$ and $XV$ at hand this costs as much as two gradients; the Hessian itself "
        "is never formed.",
    ),
)  # fmt: skip

FREEDOM = (
    Claim(
        "M5", "predicted probabilities sum to 1", Sum(P[i, c], c),
        ("unfold-P", "pull-out", To(ONE, "cancel")),
    ),
    Claim(
        "M6", "labels sum to 1", Sum(Y[i, c], c),
        ("unfold-Y", "pull-out", To(ONE, "cancel")),
    ),
    Claim(
        "M7", "scores after the shift", Sum(X[i, j] * (Theta[j, c] + s[j]), j),
        ("distribute", "sum-term-by-term", ("fold-Z", "fold-t")), ends=Z[i, c] + t[i],
    ),
    Claim(
        "M8", "the cost does not feel the shift",
        1 / m * Sum(
            log(Sum(exp(Z[i, c] + t[i]), c)) - Sum(Y[i, c] * (Z[i, c] + t[i]), c), i
        ),
        (
            "exp-sum", "pull-out", ("log-product", "log-exp"),
            "distribute", "sum-term-by-term", "pull-out", Rewrite(("cite-M6",), "M6"),
            To(COST, "the shift cancels"), "fold-J",
        ),
        text="$J(\\Theta + s\\,1^{\\mathsf T}) = J(\\Theta)$: adding one vector to the weights of "
        "every class changes nothing. A minimiser is therefore never unique unless a penalty "
        "or a fixed class takes this freedom away.",
    ),
    Claim(
        "M9", "the slope along the shift is 0", Sum(Sum(GRADIENT * s[k], l), k),
        (
            Rewrite(("cite-T2",), "T2"), "interchange", "sum-term-by-term", "pull-out",
            Rewrite(("cite-M5", "cite-M6"), "M5, M6"),
        ),
        ends=ZERO,
    ),
)  # fmt: skip

LOG_LOSS = -(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]))
BOTH = exp(u[i]) + exp(w[i])

BELOW = 1 / (1 + exp(w[i]) * exp(-u[i]))


def two_logs(first: Expr, second: Expr) -> Expr:
    """The log loss, the two probabilities written out."""
    return 1 / m * Sum(-(y[i] * log(first) + (1 - y[i]) * log(second)), i)


TWO = (
    Claim(
        "M10", "two classes are logistic regression", 1 / m * Sum(LOG_LOSS, i),
        (
            "unfold-h", "unfold-sigmoid", "absorb-sign", "exp-sum",
            To(two_logs(exp(u[i]) / BOTH, 1 - BELOW), "common denominator"),
            To(two_logs(exp(u[i]) / BOTH, exp(w[i]) / BOTH), "common denominator"),
            ("log-product", "log-power", "log-exp"),
            To(1 / m * Sum(log(BOTH) - (y[i] * u[i] + (1 - y[i]) * w[i]), i), "collect"),
        ),
        text="With $K = 2$ the sum over the classes has the terms $e^{u_i}$ and $e^{w_i}$, and "
        "the labels are $y_i$ and $1 - y_i$; only the difference of the two scores matters.",
    ),
    Claim(
        "M13", "gradient by the weights of the first of two classes",
        Diff(1 / m * Sum(log(BOTH) - (y[i] * u[i] + (1 - y[i]) * w[i]), i), alpha[k]),
        (
            Rewrite(("back-M10",), "M10"), "linearity", ("derivative",), "common-factor",
            "unfold-h", "chain-sigmoid", "fold-h", ("sum-rule", "constant"), "unfold-u",
            ("sum-derivative", "constant-factor", "variable", "sum-delta"),
            "clear-denominators", "simplify", "absorb-sign", "matrix-form",
        ),
        text="The gradient of logistic regression; by $\\beta$ it is the same with a minus sign.",
    ),
)  # fmt: skip

STABLE = (
    Claim(
        "M11", "log-sum-exp without overflow", a[i] + log(Sum(exp(Z[i, c] - a[i]), c)),
        (
            "exp-sum", "pull-out", ("log-product", "log-exp"),
            To(log(Sum(exp(Z[i, c]), c)), "$a_i$ cancels"),
        ),
        ends=log(Sum(exp(Z[i, c]), c)),
        text="For every $a_i$. With the largest $Z_{ic}$ of the row as $a_i$, no exponent is "
        "positive and one is $0$: the sum lies between $1$ and $K$.",
    ),
    Claim(
        "M12", "softmax without overflow",
        exp(Z[i, c] - a[i]) / Sum(exp(Z[i, d] - a[i]), d),
        (
            "exp-sum", "pull-out",
            To(exp(Z[i, c]) / Sum(exp(Z[i, d]), d), "$e^{-a_i}$ cancels"), "fold-P",
        ),
    ),
)  # fmt: skip

STORY = Story(
    name="softmax_story",
    title="Softmax regression",
    problem=PROBLEM,
    summary="Gradient and Hessian of softmax regression in matrix form, the freedom that its "
    "weights have, two classes as logistic regression, and sums of exponentials that cannot "
    "overflow.",
    sources=(
        "C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.4",
        "P. Blanchard, D. J. Higham, N. J. Higham (2021), Computing log-sum-exp and softmax",
    ),
    claims=DERIVATIVES + FREEDOM + TWO + STABLE,
)
