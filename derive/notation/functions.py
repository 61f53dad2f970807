"""The table of scalar functions: one row each, read by every consumer.

Calculus reads `derivative`, the judge reads `definition` or `exact`, the code printer reads
`numpy`, LaTeX reads `latex`. A row of a user's own file works like these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from derive.notation.expression import Apply, Expr, Number, Tensor, expr
from derive.notation.interval import NONNEGATIVE, OPEN_UNIT, POSITIVE, REAL, Interval

SLOT_TENSOR = Tensor("t", role="constant")
SLOT = SLOT_TENSOR()
"""The argument t in which the rows below are written."""


@dataclass(frozen=True)
class Identity:
    """An identity of a function of t, used from left to right: left = right for every t."""

    left: Expr
    right: Expr
    reason: str


@dataclass(frozen=True)
class Elementwise:
    r"""A scalar function of one real variable t. Two rows are equal when their names are.

    Attributes:
        name: Its name in problems and in code.
        latex: Its LaTeX command, as r"\\exp".
        derivative: t -> f'(t), as a formula.
        numpy: Stable NumPy text; `{t}` is the argument's place. It must be finite and free of
            floating-point warnings wherever f(t) is representable.
        definition: t -> f(t) by other rows, or None for a primitive; where it is given, the
            derivative is proved from it as a lemma.
        exact: For a primitive, its name in python-flint's `arb` and in mpmath.
        domain: Where f is defined. `range`: where its values lie.
        monotone: "increasing", "decreasing" or None.
        identities: t -> identities that avoid overflow or cancellation.
        reason: What a lecturer says when the derivative is used.
        coq: Its name in Coq (Coquelicot), "" where there is none.
    """

    name: str
    latex: str = field(compare=False)
    derivative: Callable[[Expr], Expr] = field(compare=False, repr=False)
    numpy: str = field(compare=False, repr=False)
    definition: Callable[[Expr], Expr] | None = field(default=None, compare=False, repr=False)
    exact: str = field(default="", compare=False, repr=False)
    domain: Interval = field(default=REAL, compare=False, repr=False)
    range: Interval = field(default=REAL, compare=False, repr=False)
    monotone: Literal["increasing", "decreasing"] | None = field(
        default=None, compare=False, repr=False
    )
    identities: Callable[[Expr], tuple[Identity, ...]] = field(
        default=lambda t: (), compare=False, repr=False
    )
    reason: str = field(default="", compare=False, repr=False)
    coq: str = field(default="", compare=False, repr=False)

    def __call__(self, arg: Expr | Number) -> Apply:
        return Apply(self, expr(arg))


exp: Elementwise = Elementwise(
    "exp", r"\exp", lambda t: exp(t), "np.exp({t})", exact="exp",
    range=POSITIVE, monotone="increasing", reason=r"$(e^u)' = e^u$", coq="exp",
)  # fmt: skip
log: Elementwise = Elementwise(
    "log", r"\log", lambda t: 1 / t, "np.log({t})", exact="log",
    domain=POSITIVE, monotone="increasing", reason=r"$\log'(u) = 1/u$", coq="ln",
)  # fmt: skip
sqrt: Elementwise = Elementwise(
    "sqrt", r"\sqrt", lambda t: 1 / (2 * sqrt(t)), "np.sqrt({t})", exact="sqrt",
    domain=NONNEGATIVE, range=NONNEGATIVE, monotone="increasing",
    reason=r"$(\sqrt u)' = 1/(2\sqrt u)$", coq="sqrt",
)  # fmt: skip
sin: Elementwise = Elementwise(
    "sin", r"\sin", lambda t: cos(t), "np.sin({t})", exact="sin",
    range=Interval(-1, 1), reason=r"$\sin' = \cos$", coq="sin",
)  # fmt: skip
cos: Elementwise = Elementwise(
    "cos", r"\cos", lambda t: -sin(t), "np.cos({t})", exact="cos",
    range=Interval(-1, 1), reason=r"$\cos' = -\sin$", coq="cos",
)  # fmt: skip
atan: Elementwise = Elementwise(
    "atan", r"\arctan", lambda t: 1 / (1 + t**2), "np.arctan({t})", exact="atan",
    range=Interval(-2, 2), monotone="increasing", reason=r"$\arctan'(u) = 1/(1+u^2)$", coq="atan",
)  # fmt: skip
sigmoid: Elementwise = Elementwise(
    "sigmoid", r"\sigma", lambda t: sigmoid(t) * (1 - sigmoid(t)),
    "np.exp(np.minimum({t}, 0)) / (1 + np.exp(-np.abs({t})))",
    definition=lambda t: 1 / (1 + exp(-t)),
    range=OPEN_UNIT, monotone="increasing",
    identities=lambda t: (
        Identity(log(sigmoid(t)), -softplus(-t), r"$\log\sigma(t) = -\log(1+e^{-t})$"),
        Identity(
            log(1 - sigmoid(t)), -softplus(t),
            r"$1-\sigma(t) = \sigma(-t)$, $\log\sigma(-t) = -\log(1+e^{t})$",
        ),
        Identity(1 - sigmoid(t), sigmoid(-t), r"$1-\sigma(t) = \sigma(-t)$"),
    ),
    reason=r"$\sigma' = \sigma(1-\sigma)$", coq="sigmoid",
)  # fmt: skip
softplus: Elementwise = Elementwise(
    "softplus", r"\operatorname{softplus}", lambda t: sigmoid(t),
    "np.maximum({t}, 0) + np.log1p(np.exp(-np.abs({t})))",
    definition=lambda t: log(1 + exp(t)),
    range=POSITIVE, monotone="increasing",
    reason=r"$\operatorname{softplus}' = \sigma$", coq="softplus",
)  # fmt: skip
tanh: Elementwise = Elementwise(
    "tanh", r"\tanh", lambda t: 1 - tanh(t) ** 2, "np.tanh({t})",
    definition=lambda t: (exp(t) - exp(-t)) / (exp(t) + exp(-t)),
    range=Interval(-1, 1, True, True), monotone="increasing",
    reason=r"$\tanh' = 1-\tanh^2$", coq="tanh",
)  # fmt: skip

FUNCTIONS: tuple[Elementwise, ...] = (exp, log, sqrt, sin, cos, atan, sigmoid, softplus, tanh)
"""The rows that come with the tool, in the order of the documentation."""
