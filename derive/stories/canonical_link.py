"""Why so many regressions have the gradient X'(prediction - y)/m: exponential families.

The theorem is derived for a function A of which only A' = mu and mu' = V >= 0 are supposed. The
judge evaluates it with each of the functions in `STAND_INS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.notation import (
    NONNEGATIVE,
    OPEN_UNIT,
    UNIT,
    Axis,
    Definition,
    Diff,
    Elementwise,
    Expr,
    Num,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    softplus,
)
from derive.notation.expression import PI
from derive.notation.functions import Phi, sqrt
from derive.notation.story import Claim, Rewrite, Story, To

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "classes")
i, j, k, l = m.index("i"), n.index("j"), n.index("k"), n.index("l")
c, d, q = K.index("c"), K.index("d"), K.index("q")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="targets")
v = data("v", n, meaning="any direction")
theta = parameter("theta", n, meaning="weights")
Y = data("Y", m, K, domain=UNIT, meaning="labels of K classes, rows sum to 1")
Theta = data("Theta", n, K, meaning="weights of K classes")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
s = define("s", i, Sum(X[i, j] * v[j], j), meaning="change of the scores along v")
p = define("p", i, Phi(z[i]), meaning="predictions of the probit model")
Z = define("Z", i, c, Sum(X[i, j] * Theta[j, c], j), meaning="scores of K classes")
P = define("P", i, c, exp(Z[i, c]) / Sum(exp(Z[i, d]), d), meaning="softmax of the scores")

Formula = Callable[[Expr], Expr]


@dataclass(frozen=True)
class StandIn:
    """One function A and one function g of the kinds supposed, with their derivatives."""

    values: Formula
    means: Formula
    variances: Formula
    link: Formula
    link_slope: Formula


STAND_INS = (
    StandIn(
        lambda t: t**2 / 2 + exp(t),
        lambda t: t + exp(t),
        lambda t: 1 + exp(t),
        lambda t: 1 - exp(-exp(t)),
        lambda t: exp(t) * exp(-exp(t)),
    ),
    StandIn(
        lambda t: softplus(t) + t**4 / 12,
        lambda t: sigmoid(t) + t**3 / 3,
        lambda t: sigmoid(t) * (1 - sigmoid(t)) + t**2,
        lambda t: Phi(t),
        lambda t: 1 / sqrt(2 * PI) * exp(Num(Fraction(-1, 2)) * t**2),
    ),
    StandIn(
        lambda t: (1 + t**2) ** Num(Fraction(1, 2)),
        lambda t: t / (1 + t**2) ** Num(Fraction(1, 2)),
        lambda t: 1 / (1 + t**2) ** Num(Fraction(3, 2)),
        lambda t: (1 + t / (1 + t**2) ** Num(Fraction(1, 2))) / 2,
        lambda t: 1 / (1 + t**2) ** Num(Fraction(3, 2)) / 2,
    ),
)
"""Functions of the kinds supposed, by which the judge evaluates in turn."""


def link(stand_in: StandIn) -> Elementwise:
    """The function g from scores to probabilities: only 0 < g < 1 and its derivative are used."""
    slope: Elementwise = Elementwise(
        "dg", "g'", lambda t: Diff(slope(t), t),  # type: ignore[arg-type]
        "", stand_in.link_slope, hypothesis=r"$g'$ be any function",
        instances=(
            ("logistic", lambda t: sigmoid(t) * (1 - sigmoid(t))),
            ("probit", lambda t: 1 / sqrt(2 * PI) * exp(Num(Fraction(-1, 2)) * t**2)),
        ),
    )  # fmt: skip
    return Elementwise(
        "g", "g", lambda t: slope(t), "", stand_in.link, range=OPEN_UNIT,
        hypothesis=r"$g$ be differentiable with $0 < g < 1$", reason=r"$g'$",
        instances=(("logistic", lambda t: sigmoid(t)), ("probit", lambda t: Phi(t))),
    )  # fmt: skip


def family(stand_in: StandIn) -> tuple[Elementwise, Elementwise]:
    """The functions A and mu, of which only A' = mu and mu' = V >= 0 are supposed."""
    variance: Elementwise = Elementwise(
        "V", "V", lambda t: Diff(variance(t), t),  # type: ignore[arg-type]
        "", stand_in.variances, range=NONNEGATIVE,
        hypothesis=r"$V \ge 0$",
        instances=(
            ("least-squares", lambda t: ONE),
            ("logistic", lambda t: sigmoid(t) * (1 - sigmoid(t))),
            ("poisson", lambda t: exp(t)),
        ),
    )  # fmt: skip
    mean = Elementwise(
        "mu", r"\mu", lambda t: variance(t), "", stand_in.means,
        hypothesis=r"$\mu$ be differentiable with $\mu' = V$", reason=r"$\mu' = V$",
        instances=(
            ("least-squares", lambda t: t),
            ("logistic", lambda t: sigmoid(t)),
            ("poisson", lambda t: exp(t)),
        ),
    )  # fmt: skip
    whole = Elementwise(
        "A", "A", lambda t: mean(t), "", stand_in.values,
        hypothesis=r"$A$ be differentiable with $A' = \mu$", reason=r"$A' = \mu$",
        instances=(
            ("least-squares", lambda t: t**2 / 2),
            ("logistic", lambda t: softplus(t)),
            ("poisson", lambda t: exp(t)),
        ),
    )  # fmt: skip
    return whole, mean


def average(loss: Expr) -> Expr:
    """(1/m) sum_i loss_i."""
    return 1 / m * Sum(loss, i)


LOG_LOSS = -(y[i] * log(sigmoid(z[i])) + (1 - y[i]) * log(1 - sigmoid(z[i])))
ONE_PLUS = 1 + exp(-z[i])
PROBIT_LOSS = -(y[i] * log(p[i]) + (1 - y[i]) * log(1 - p[i]))
SOFTMAX_LOSS = log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c)
DENSITY_AT_ZERO = 1 / sqrt(2 * PI)
AT_ZERO = Phi(ZERO)


def story(stand_in: StandIn) -> Story:
    """The story, with one function of the kind for the judge to evaluate."""
    A, mu = family(stand_in)
    h = define("h", i, mu(z[i]), meaning="predicted means")
    g = link(stand_in)
    u = define("u", i, g(z[i]), meaning="probabilities by another link")
    cost = average(A(z[i]) - y[i] * z[i])
    gradient = Diff(cost, theta[k])
    hessian = Diff(gradient, theta[l])
    problem = Problem(
        name="exponential_family",
        title="An exponential family with its canonical link",
        data=(X, y, v, Y, Theta),
        parameters=(theta,),
        definitions=(z, h, s, u, p, Z, P),
        cost=cost,
        prediction=h,
    )
    return Story(
        name="canonical_link",
        title="One gradient for least squares, logistic, Poisson and softmax regression",
        problem=problem,
        summary="Where a cost is the mean of $A(z_i) - y_i z_i$ with $A' = \\mu$ the predicted "
        "mean, the gradient is $X^{\\mathsf T}(\\text{prediction} - y)/m$, whatever $A$ is. "
        "With another link between score and mean, a factor stands beside the error.",
        sources=(
            "P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 2.2",
            "C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.6",
        ),
        claims=(
            Claim(
                "G1", "gradient of any cost of this kind", gradient,
                (
                    "linearity", Rewrite(("derivative",), "chain rule, $A' = \\mu$"),
                    "common-factor", "cite-L1", "fold-h", "matrix-form",
                ),
                text="Nothing of $A$ was used but $A' = \\mu$: the error $h_i - y_i$ is all that "
                "the gradient knows of the model.",
            ),
            Claim(
                "G2", "Hessian of any cost of this kind", hessian,
                (
                    Rewrite(("cite-G1",), "G1"), "linearity", ("sum-rule", "constant"), "unfold-h",
                    Rewrite(("derivative",), "chain rule, $\\mu' = V$"), "cite-L1", "matrix-form",
                ),
                text="The curvature is the variance $V = A''$ of the targets under the model.",
            ),
            Claim(
                "G3", "every such cost is convex",
                Sum(Sum(v[k] * hessian * v[l], l), k),
                (
                    Rewrite(("cite-G2",), "G2"), "interchange",
                    Rewrite(("swap-sums",), "interchange the sums", once=True), "fold-s",
                    "equal-factors",
                    To(ZERO, "variances and squares are not negative", ">="),
                ),
            ),
            *_instances(),
            *_other_links(g, u),
        ),
    )  # fmt: skip


def _instances() -> tuple[Claim, ...]:
    return (
        Claim(
            "I1", "least squares: $A(z) = z^2/2$",
            Diff(average(z[i] ** 2 / 2 - y[i] * z[i]), theta[k]),
            (Rewrite(("cite-G1-least-squares",), "G1 with $A(z) = z^2/2$"), "matrix-form"),
        ),
        Claim(
            "I2", "its loss is the squared error up to a term without weights",
            (z[i] - y[i]) ** 2 / 2 - (z[i] ** 2 / 2 - y[i] * z[i]),
            (To(y[i] ** 2 / 2, "multiply out"),),
        ),
        Claim(
            "I3", "logistic regression: $A(z) = \\log(1 + e^z)$",
            Diff(average(softplus(z[i]) - y[i] * z[i]), theta[k]),
            (Rewrite(("cite-G1-logistic",), "G1 with $A(z) = \\log(1 + e^z)$"), "matrix-form"),
        ),
        Claim(
            "I4", "its loss is the log loss", LOG_LOSS,
            (
                "unfold-sigmoid",
                To(
                    -(y[i] * log(1 / ONE_PLUS) + (1 - y[i]) * log(exp(-z[i]) / ONE_PLUS)),
                    "common denominator",
                ),
                ("log-product", "log-power", "log-exp"),
                To(log(ONE_PLUS) + z[i] - y[i] * z[i], "multiply out and collect"),
                To(log(exp(-z[i]) * (1 + exp(z[i]))) + z[i] - y[i] * z[i],
                   "$1 + e^{-z} = e^{-z}(1 + e^z)$"),
                ("log-product", "log-exp"),
                To(log(1 + exp(z[i])) - y[i] * z[i], "$z$ cancels"),
                "fold-softplus",
            ),
            ends=softplus(z[i]) - y[i] * z[i],
        ),
        Claim(
            "I5", "Poisson regression: $A(z) = e^z$",
            Diff(average(exp(z[i]) - y[i] * z[i]), theta[k]),
            (Rewrite(("cite-G1-poisson",), "G1 with $A(z) = e^z$"), "matrix-form"),
        ),
        Claim(
            "I6", "softmax: $A(z) = \\log\\sum_c e^{z_c}$ has the gradient $P$",
            Diff(log(Sum(exp(Z[i, c]), c)), Z[i, q]),
            (
                Rewrite(("derivative",), "chain rule"), "sum-delta", "fold-P",
            ),
            ends=P[i, q],
            text="Several scores per sample: $A$ is a function of all of them, and the predicted "
            "means are its partial derivatives.",
        ),
        Claim(
            "I7", "softmax regression", Diff(average(SOFTMAX_LOSS), Theta[k, q]),
            (
                "linearity", ("derivative",), "unfold-Z",
                ("sum-derivative", "constant-factor", "variable", "sum-delta"),
                "fold-Z", "fold-P", "common-factor", "matrix-form",
            ),
        ),
    )  # fmt: skip


def _other_links(g: Elementwise, u: Definition) -> tuple[Claim, ...]:
    """Labels between 0 and 1, predicted by u_i = g(z_i) for any function g."""
    factor = g.derivative(z[i]) / (u[i] * (1 - u[i]))
    loss = -(y[i] * log(u[i]) + (1 - y[i]) * log(1 - u[i]))
    return (
        Claim(
            "N1", "gradient of the log loss with any link", Diff(average(loss), theta[k]),
            (
                "linearity", Rewrite(("derivative",), "chain rule through $u$"), "unfold-u",
                ("derivative",), "fold-u", "cite-L1",
                To(average((u[i] - y[i]) * factor * X[i, k]), "common denominator"),
                "matrix-form",
            ),
            text="The error $u_i - y_i$ is multiplied by $g'(z_i)/(u_i(1 - u_i))$.",
        ),
        Claim(
            "N2", "for the canonical link that factor is $1$",
            Diff(average(LOG_LOSS), theta[k]),
            (
                Rewrite(("cite-N1-logistic",), "N1 with $g = \\sigma$"),
                To(average((sigmoid(z[i]) - y[i]) * X[i, k]), "cancel"),
                "matrix-form",
            ),
        ),
        Claim(
            "N3", "for the probit link it is not", Diff(average(PROBIT_LOSS), theta[k]),
            (
                "unfold-p", Rewrite(("cite-N1-probit",), "N1 with $g = \\Phi$"), "fold-p",
                "matrix-form",
            ),
            text="With $p_i = \\Phi(z_i)$ the factor is $\\varphi(z_i)/(p_i(1 - p_i))$, where "
            "$\\varphi = \\Phi'$ is the normal density.",
        ),
        Claim(
            "N4", "a witness: the probit factor at the score $0$",
            DENSITY_AT_ZERO / (AT_ZERO * (1 - AT_ZERO)),
            (
                To(4 * DENSITY_AT_ZERO, "$u(1 - u) \\le 1/4$", ">="),
                To(Num(Fraction(3, 2)), "$8/\\pi > 9/4$", ">"),
            ),
            text="So at $\\theta = 0$ the probit gradient is more than $3/2$ times "
            "$X^{\\mathsf T}(p - y)/m$: the two differ wherever the latter is not $0$.",
        ),
    )  # fmt: skip


STORIES = tuple(story(stand_in) for stand_in in STAND_INS)
STORY = STORIES[0]
