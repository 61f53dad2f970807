"""The table of scalar functions: one row each, read by every consumer.

Calculus reads `derivative`, the judge reads `definition` or `exact`, the code printer reads
`numpy`, LaTeX reads `latex`. A row of a user's own file works like these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from derive.notation.expression import PI, ZERO, Apply, Cases, Expr, Number, Tensor, When, expr
from derive.notation.interval import (
    NONNEGATIVE,
    OPEN_UNIT,
    POSITIVE,
    REAL,
    SIGNS,
    UNIT,
    Interval,
)

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
            floating-point warnings wherever f(t) is representable. What NumPy lacks stands in
            templates/solvers/special.py and is called special.name({t}); empty where there is none.
        definition: t -> f(t) by other rows, or None for a primitive; where it is given, the
            derivative is proved from it as a lemma, unless `lemma` says otherwise.
        exact: For a primitive, its name in python-flint's `arb` and in mpmath.
        kinks: Where f has no derivative; away from them it has the one that is stated.
        primitive: Whether calculus takes the derivative as known although there is a definition.
        domain: Where f is defined. `range`: where its values lie.
        monotone: "increasing", "decreasing" or None.
        identities: t -> identities that avoid overflow or cancellation.
        hypothesis: For a function of which only this is supposed ("$A$ is twice differentiable,
            $A' = \\mu$"): calculus uses nothing else, and `definition` is one function of the kind,
            by which the judge evaluates. A theorem is judged with several of them.
        instances: Functions of the kind by name, t -> f(t), to which a theorem may be applied.
        reason: What a lecturer says when the derivative is used.
        coq: Its name in Coq (Coquelicot), "" where there is none.
    """

    name: str
    latex: str = field(compare=False)
    derivative: Callable[[Expr], Expr] = field(compare=False, repr=False)
    numpy: str = field(compare=False, repr=False)
    definition: Callable[[Expr], Expr] | None = field(default=None, compare=False, repr=False)
    exact: str = field(default="", compare=False, repr=False)
    kinks: tuple[Fraction, ...] = field(default=(), compare=False, repr=False)
    primitive: bool = field(default=False, compare=False, repr=False)
    domain: Interval = field(default=REAL, compare=False, repr=False)
    range: Interval = field(default=REAL, compare=False, repr=False)
    monotone: Literal["increasing", "decreasing"] | None = field(
        default=None, compare=False, repr=False
    )
    identities: Callable[[Expr], tuple[Identity, ...]] = field(
        default=lambda t: (), compare=False, repr=False
    )
    hypothesis: str = field(default="", compare=False, repr=False)
    instances: tuple[tuple[str, Callable[[Expr], Expr]], ...] = field(
        default=(), compare=False, repr=False
    )
    reason: str = field(default="", compare=False, repr=False)
    coq: str = field(default="", compare=False, repr=False)

    def __call__(self, arg: Expr | Number) -> Apply:
        return Apply(self, expr(arg))

    @property
    def lemma(self) -> bool:
        """Whether the derivative is proved from the definition.

        The proof compares rational functions, so a definition by cases is for the judge alone.
        """
        known = self.kinks or self.primitive or self.hypothesis
        return self.definition is not None and not known


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

# 0 for t < 0 and something else for t > 0: at 0 there is a corner or a jump, hence no derivative.
AT_ZERO = (Fraction(0),)

relu: Elementwise = Elementwise(
    "relu", r"\operatorname{relu}", lambda t: step(t), "np.maximum({t}, 0)",
    definition=lambda t: Cases(((When(t, ">", ZERO), t),), ZERO), kinks=AT_ZERO,
    range=NONNEGATIVE, reason=r"$\max(0, u)' = [u > 0]$ for $u \ne 0$",
)  # fmt: skip
step: Elementwise = Elementwise(
    "step", r"\operatorname{step}", lambda t: ZERO, "np.heaviside({t}, 0.0)",
    definition=lambda t: Cases(((When(t, ">", ZERO), expr(1)),), ZERO), kinks=AT_ZERO,
    range=UNIT, reason=r"the step is constant on both sides of $0$",
)  # fmt: skip
absolute: Elementwise = Elementwise(
    "absolute", r"\operatorname{abs}", lambda t: sign(t), "np.abs({t})",
    definition=lambda t: Cases(((When(t, ">=", ZERO), t),), -t), kinks=AT_ZERO,
    range=NONNEGATIVE, reason=r"$|u|' = \operatorname{sign}(u)$ for $u \ne 0$",
)  # fmt: skip
sign: Elementwise = Elementwise(
    "sign", r"\operatorname{sign}", lambda t: ZERO, "np.sign({t})",
    definition=lambda t: Cases(
        ((When(t, ">", ZERO), expr(1)), (When(t, "<", ZERO), expr(-1))), ZERO
    ),
    kinks=AT_ZERO, range=SIGNS, reason=r"the sign is constant on both sides of $0$",
)  # fmt: skip
smooth_relu: Elementwise = Elementwise(
    "smooth_relu", r"\operatorname{srelu}", lambda t: clip(t),
    "np.clip({t}, 0, 1) * ({t} - np.clip({t}, 0, 1) / 2)",
    # The three pieces and their slopes agree at 0 and at 1, so there is no kink.
    definition=lambda t: Cases(
        ((When(t, "<=", ZERO), ZERO), (When(t, "<", expr(1)), t**2 / 2)), t - Fraction(1, 2)
    ),
    primitive=True, range=NONNEGATIVE,
    reason=r"$\operatorname{srelu}'(u) = \min(\max(u, 0), 1)$",
)  # fmt: skip
clip: Elementwise = Elementwise(
    "clip", r"\operatorname{clip}", lambda t: box(t), "np.clip({t}, 0, 1)",
    definition=lambda t: Cases(((When(t, "<=", ZERO), ZERO), (When(t, "<", expr(1)), t)), expr(1)),
    kinks=(Fraction(0), Fraction(1)), range=UNIT,
    reason=r"$\min(\max(u, 0), 1)' = [0 < u < 1]$ for $u \ne 0, 1$",
)  # fmt: skip
box: Elementwise = Elementwise(
    "box", r"\operatorname{box}", lambda t: ZERO, "np.heaviside({t}, 0.0) * ({t} < 1)",
    definition=lambda t: Cases(
        ((When(t, "<=", ZERO), ZERO), (When(t, "<", expr(1)), expr(1))), ZERO
    ),
    kinks=(Fraction(0), Fraction(1)), range=UNIT,
    reason=r"$[0 < u < 1]$ is constant on every piece",
)  # fmt: skip
erf: Elementwise = Elementwise(
    "erf", r"\operatorname{erf}", lambda t: 2 / sqrt(PI) * exp(-(t**2)), "", exact="erf",
    range=Interval(-1, 1, True, True), monotone="increasing",
    reason=r"$\operatorname{erf}'(u) = 2e^{-u^2}/\sqrt{\pi}$",
)  # fmt: skip
erfc: Elementwise = Elementwise(
    "erfc", r"\operatorname{erfc}", lambda t: -2 / sqrt(PI) * exp(-(t**2)),
    "special.erfc({t})", exact="erfc",
    range=Interval(0, 2, True, True), monotone="decreasing",
    reason=r"$\operatorname{erfc}'(u) = -2e^{-u^2}/\sqrt{\pi}$",
)  # fmt: skip
Phi: Elementwise = Elementwise(
    "normal_cdf", r"\Phi", lambda t: 1 / sqrt(2 * PI) * exp(-(t**2) / 2),
    "special.normal_cdf({t})",
    # e^{-(t/sqrt 2)^2} and e^{-t^2/2} are different atoms to the lemma's rational functions.
    definition=lambda t: erfc(-t / sqrt(expr(2))) / 2, primitive=True,
    range=OPEN_UNIT, monotone="increasing",
    identities=lambda t: (
        Identity(1 - Phi(t), Phi(-t), r"$1-\Phi(t) = \Phi(-t)$"),
    ),
    reason=r"$\Phi'(u) = e^{-u^2/2}/\sqrt{2\pi}$",
)  # fmt: skip
log_normal_cdf: Elementwise = Elementwise(
    "log_normal_cdf", r"\log\Phi", lambda t: hazard(t), "special.log_normal_cdf({t})",
    definition=lambda t: log(Phi(t)),
    range=Interval(high=0, high_open=True), monotone="increasing",
    reason=r"$(\log\Phi)' = \varphi/\Phi = \operatorname{hazard}$",
)  # fmt: skip
hazard: Elementwise = Elementwise(
    "hazard", r"\operatorname{hazard}", lambda t: -hazard_slope(t), "special.hazard({t})",
    definition=lambda t: exp(-(t**2) / 2) / (sqrt(2 * PI) * Phi(t)),
    range=POSITIVE, monotone="decreasing",
    reason=r"$\operatorname{hazard}' = -\operatorname{hazslope}$",
)  # fmt: skip
# That it lies between 0 and 1: M. R. Sampford (1953), Some inequalities on Mill's ratio.
hazard_slope: Elementwise = Elementwise(
    "hazard_slope", r"\operatorname{hazslope}",
    lambda t: hazard(t) * (1 - hazard_slope(t)) - hazard_slope(t) * (hazard(t) + t),
    "special.hazard_slope({t})",
    definition=lambda t: hazard(t) * (hazard(t) + t), range=OPEN_UNIT,
    monotone="decreasing", reason=r"$\operatorname{hazard}' = -\operatorname{hazslope}$",
)  # fmt: skip

FUNCTIONS: tuple[Elementwise, ...] = (
    exp, log, sqrt, sin, cos, atan, sigmoid, softplus, tanh,
    relu, step, absolute, sign, smooth_relu, clip, box, erf, erfc, Phi,
    log_normal_cdf, hazard, hazard_slope,
)  # fmt: skip
"""The rows that come with the tool, in the order of the documentation."""
