"""Rows of the table of functions: exponentials, powers, circular functions, corners, Gamma."""

from __future__ import annotations

from fractions import Fraction

from derive.notation.elementwise import CONVEX, S_SHAPED, Elementwise, Identity
from derive.notation.expression import ZERO, Cases, Expr, When, expr
from derive.notation.interval import NONNEGATIVE, OPEN_UNIT, POSITIVE, UNIT, Interval


def _unknown(name: str) -> Expr:
    raise TypeError(f"no row of the table is the derivative of {name}")


exp: Elementwise = Elementwise(
    "exp", r"\exp", lambda t: exp(t), "np.exp({t})", exact="exp",
    range=POSITIVE, monotone="increasing",
    identities=lambda t: (
        Identity(1 - exp(t), -expm1(t), r"$1-e^t = -\operatorname{expm1}(t)$"),
        Identity(exp(t) - 1, expm1(t), r"$e^t-1 = \operatorname{expm1}(t)$"),
        Identity(
            1 - exp(-(t**2)), bell_lack(t),
            r"$1-e^{-t^2} = \operatorname{lack}(t)$, which needs no $t^2$ for large $t$",
        ),
        Identity(
            exp(-(t**2)), bell(t),
            r"$e^{-t^2} = \operatorname{bell}(t)$, which needs no $t^2$ for large $t$",
        ),
    ),
    overflows=True, reason=r"$(e^u)' = e^u$", coq="exp",
)  # fmt: skip
log: Elementwise = Elementwise(
    "log", r"\log", lambda t: 1 / t, "np.log({t})", exact="log",
    domain=POSITIVE, monotone="increasing", overflows=True,
    identities=lambda t: (
        Identity(log(1 + exp(t)), softplus(t), r"$\log(1+e^t) = \operatorname{softplus}(t)$"),
        Identity(
            log(1 + t**2), log1p_square(t),
            r"$\log(1+t^2) = \operatorname{log1psq}(t)$, which needs no $t^2$ for large $t$",
        ),
        Identity(log(1 + t), log1p(t), r"$\log(1+t) = \operatorname{log1p}(t)$"),
    ),
    reason=r"$\log'(u) = 1/u$", coq="ln",
)  # fmt: skip
sqrt: Elementwise = Elementwise(
    "sqrt", r"\sqrt", lambda t: 1 / (2 * sqrt(t)), "np.sqrt({t})", exact="sqrt",
    domain=NONNEGATIVE, range=NONNEGATIVE, monotone="increasing",
    identities=lambda t: (
        Identity(
            sqrt(1 + t**2) - 1, t**2 / (1 + sqrt(1 + t**2)),
            r"$(\sqrt{1+t^2}-1)(\sqrt{1+t^2}+1) = t^2$",
        ),
    ),
    reason=r"$(\sqrt u)' = 1/(2\sqrt u)$", coq="sqrt",
)  # fmt: skip
log1p: Elementwise = Elementwise(
    "log1p", r"\operatorname{log1p}", lambda t: 1 / (1 + t), "np.log1p({t})",
    definition=lambda t: log(1 + t), primitive=True,
    domain=Interval(-1, low_open=True), monotone="increasing",
    reason=r"$\log(1+u)' = 1/(1+u)$",
)  # fmt: skip
expm1: Elementwise = Elementwise(
    "expm1", r"\operatorname{expm1}", lambda t: exp(t), "np.expm1({t})",
    definition=lambda t: exp(t) - 1, primitive=True,
    range=Interval(-1, low_open=True), monotone="increasing", overflows=True,
    reason=r"$(e^u - 1)' = e^u$",
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
    range=Interval(-2, 2), monotone="increasing", bends=S_SHAPED,
    reason=r"$\arctan'(u) = 1/(1+u^2)$", coq="atan",
)  # fmt: skip
sigmoid: Elementwise = Elementwise(
    "sigmoid", r"\sigma", lambda t: sigmoid(t) * (1 - sigmoid(t)),
    "np.exp(np.minimum({t}, 0)) / (1 + np.exp(-np.abs({t})))",
    definition=lambda t: 1 / (1 + exp(-t)),
    range=OPEN_UNIT, monotone="increasing", bends=S_SHAPED,
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
    identities=lambda t: (
        Identity(
            1 - tanh(t) ** 2, 4 * sigmoid(2 * t) * sigmoid(-2 * t),
            r"$1-\tanh^2(t) = 4\,\sigma(2t)\,\sigma(-2t)$",
        ),
    ),
    reason=r"$\tanh' = 1-\tanh^2$", coq="tanh",
)  # fmt: skip
log_cosh: Elementwise = Elementwise(
    "log_cosh", r"\log\cosh", lambda t: tanh(t), "special.log_cosh({t})",
    definition=lambda t: log((exp(t) + exp(-t)) / 2), primitive=True,
    range=NONNEGATIVE, reason=r"$(\log\cosh)' = \sinh/\cosh = \tanh$",
)  # fmt: skip

sinh: Elementwise = Elementwise(
    "sinh", r"\sinh", lambda t: cosh(t), "np.sinh({t})",
    definition=lambda t: (exp(t) - exp(-t)) / 2, monotone="increasing",
    overflows=True, reason=r"$\sinh' = \cosh$", coq="sinh",
)  # fmt: skip
cosh: Elementwise = Elementwise(
    "cosh", r"\cosh", lambda t: sinh(t), "np.cosh({t})",
    definition=lambda t: (exp(t) + exp(-t)) / 2, range=Interval(1),
    overflows=True, reason=r"$\cosh' = \sinh$", coq="cosh",
)  # fmt: skip
log_gamma: Elementwise = Elementwise(
    "log_gamma", r"\log\Gamma", lambda t: digamma(t), "special.log_gamma({t})", exact="lgamma",
    domain=POSITIVE, reason=r"$(\log\Gamma)' = \psi$",
)  # fmt: skip
digamma: Elementwise = Elementwise(
    "digamma", r"\psi", lambda t: trigamma(t), "special.digamma({t})", exact="digamma",
    domain=POSITIVE, monotone="increasing", reason=r"$\psi'$ is the trigamma function",
)  # fmt: skip
trigamma: Elementwise = Elementwise(
    "trigamma", r"\psi_1", lambda t: _unknown("trigamma"), "special.trigamma({t})",
    exact="trigamma", domain=POSITIVE, range=POSITIVE, monotone="decreasing", end=True,
)  # fmt: skip

# e^{-t^2}, its complement and log(1 + t^2), where t^2 alone may overflow.
bell: Elementwise = Elementwise(
    "bell", r"\operatorname{bell}", lambda t: -2 * t * bell(t),
    "np.exp(-(np.minimum(np.abs({t}), 1e3) ** 2))", moderate="np.exp(-({t} ** 2))",
    definition=lambda t: exp(-(t**2)), primitive=True, range=Interval(0, 1, low_open=True),
    identities=lambda t: (
        Identity(1 - bell(t), bell_lack(t), r"$1-e^{-t^2} = -\operatorname{expm1}(-t^2)$"),
    ),
    reason=r"$(e^{-u^2})' = -2ue^{-u^2}$",
)  # fmt: skip
bell_lack: Elementwise = Elementwise(
    "bell_lack", r"\operatorname{lack}", lambda t: 2 * t * bell(t),
    "-np.expm1(-(np.minimum(np.abs({t}), 1e3) ** 2))", moderate="-np.expm1(-({t} ** 2))",
    definition=lambda t: 1 - exp(-(t**2)), primitive=True, range=Interval(0, 1, high_open=True),
    reason=r"$(1-e^{-u^2})' = 2ue^{-u^2}$",
)  # fmt: skip
log1p_square: Elementwise = Elementwise(
    "log1p_square", r"\operatorname{log1psq}", lambda t: 2 * t / (1 + t**2),
    "special.log1p_square({t})",
    definition=lambda t: log(1 + t**2), primitive=True, range=NONNEGATIVE,
    reason=r"$\log(1+u^2)' = 2u/(1+u^2)$",
)  # fmt: skip

log1p_ratio: Elementwise = Elementwise(
    "log1p_ratio", r"\operatorname{log1pr}",
    lambda t: 1 / (t * (1 + t)) - log1p_ratio(t) / t, "special.log1p_ratio({t})",
    definition=lambda t: log(1 + t) / t, primitive=True,
    domain=POSITIVE, range=POSITIVE, monotone="decreasing",
    reason=r"$(\log(1+u)/u)' = 1/(u(1+u)) - \log(1+u)/u^2$",
)  # fmt: skip

# e^t as a whole number and the rest: beside 0 the rest has its digits, however small t is.
HALF_BELOW = (Fraction(-1, 2),)

near: Elementwise = Elementwise(
    "near", r"\operatorname{near}", lambda t: ZERO, "np.heaviside({t} + 0.5, 0.0)",
    definition=lambda t: Cases(((When(t, ">", expr(Fraction(-1, 2))), expr(1)),), ZERO),
    kinks=HALF_BELOW, range=UNIT,
    reason=r"$[u > -\frac12]$ is constant on both sides of $-\frac12$",
)  # fmt: skip
excess: Elementwise = Elementwise(
    "excess", r"\operatorname{excess}", lambda t: exp(t), "special.excess({t})",
    definition=lambda t: Cases(((When(t, ">", expr(Fraction(-1, 2))), exp(t) - 1),), exp(t)),
    kinks=HALF_BELOW, range=Interval(-1), overflows=True,
    reason=r"$\operatorname{excess}(u) = e^u - [u > -\frac12]$, and the step is constant",
)  # fmt: skip

# What rounding took from a sum or a product of two numbers. It is printed by its operands.
rest: Elementwise = Elementwise(
    "rest", r"\operatorname{rest}", lambda t: ZERO, "",
    definition=lambda t: ZERO, primitive=True, range=Interval(0, 0),
    reason=r"$\operatorname{rest}(u)$, what rounding takes from $u$, is $0$ for real numbers",
)  # fmt: skip

# 0 for t < 0 and something else for t > 0: at 0 there is a corner or a jump, hence no derivative.
AT_ZERO = (Fraction(0),)

relu: Elementwise = Elementwise(
    "relu", r"\operatorname{relu}", lambda t: step(t), "np.maximum({t}, 0)",
    definition=lambda t: Cases(((When(t, ">", ZERO), t),), ZERO), kinks=AT_ZERO,
    range=NONNEGATIVE, bends=CONVEX, reason=r"$\max(0, u)' = [u > 0]$ for $u \ne 0$",
)  # fmt: skip
step: Elementwise = Elementwise(
    "step", r"\operatorname{step}", lambda t: ZERO, "np.heaviside({t}, 0.0)",
    definition=lambda t: Cases(((When(t, ">", ZERO), expr(1)),), ZERO), kinks=AT_ZERO,
    range=UNIT, reason=r"the step is constant on both sides of $0$",
)  # fmt: skip
absolute: Elementwise = Elementwise(
    "absolute", r"\operatorname{abs}", lambda t: sign(t), "np.abs({t})",
    definition=lambda t: Cases(((When(t, ">=", ZERO), t),), -t), kinks=AT_ZERO,
    range=NONNEGATIVE, bends=CONVEX, reason=r"$|u|' = \operatorname{sign}(u)$ for $u \ne 0$",
)  # fmt: skip
sign: Elementwise = Elementwise(
    "sign", r"\operatorname{sign}", lambda t: ZERO, "np.sign({t})",
    definition=lambda t: Cases(
        ((When(t, ">", ZERO), expr(1)), (When(t, "<", ZERO), expr(-1))), ZERO
    ),
    kinks=AT_ZERO, range=Interval(-1, 1), reason=r"the sign is constant on both sides of $0$",
)  # fmt: skip
smooth_relu: Elementwise = Elementwise(
    "smooth_relu", r"\operatorname{srelu}", lambda t: clip(t),
    "np.clip({t}, 0, 1) * ({t} - np.clip({t}, 0, 1) / 2)",
    # The three pieces and their slopes agree at 0 and at 1, so there is no kink.
    definition=lambda t: Cases(
        ((When(t, "<=", ZERO), ZERO), (When(t, "<", expr(1)), t**2 / 2)), t - Fraction(1, 2)
    ),
    primitive=True, range=NONNEGATIVE, bends=CONVEX,
    reason=r"$\operatorname{srelu}'(u) = \min(\max(u, 0), 1)$",
)  # fmt: skip
clip: Elementwise = Elementwise(
    "clip", r"\operatorname{clip}", lambda t: box(t), "np.clip({t}, 0, 1)",
    definition=lambda t: Cases(((When(t, "<=", ZERO), ZERO), (When(t, "<", expr(1)), t)), expr(1)),
    kinks=(Fraction(0), Fraction(1)), range=UNIT,
    bends=(("convex", Interval(high=1)), ("concave", NONNEGATIVE)),
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
clamp: Elementwise = Elementwise(
    "clamp", r"\operatorname{clamp}", lambda t: inside(t),
    "np.minimum(np.maximum({t}, -1), 1)",
    definition=lambda t: Cases(
        ((When(t, "<=", expr(-1)), expr(-1)), (When(t, "<", expr(1)), t)), expr(1)
    ),
    kinks=(Fraction(-1), Fraction(1)), range=Interval(-1, 1), monotone="increasing",
    bends=(("convex", Interval(high=1)), ("concave", Interval(-1))),
    reason=r"$\min(\max(u, -1), 1)' = [-1 < u < 1]$ for $u \ne -1, 1$",
)  # fmt: skip
inside: Elementwise = Elementwise(
    "inside", r"\operatorname{inside}", lambda t: ZERO, "1.0 * (np.abs({t}) < 1)",
    definition=lambda t: Cases(
        ((When(t, "<=", expr(-1)), ZERO), (When(t, "<", expr(1)), expr(1))), ZERO
    ),
    kinks=(Fraction(-1), Fraction(1)), range=UNIT,
    reason=r"$[-1 < u < 1]$ is constant on every piece",
)  # fmt: skip
outer: Elementwise = Elementwise(
    "outer", r"\operatorname{outer}", lambda t: sign(t) * (1 - inside(t)),
    "np.maximum(np.abs({t}), 1)",
    definition=lambda t: Cases(
        ((When(t, "<=", expr(-1)), -t), (When(t, "<", expr(1)), expr(1))), t
    ),
    kinks=(Fraction(-1), Fraction(1)), range=Interval(1), bends=CONVEX,
    reason=r"$\max(|u|, 1)' = \operatorname{sign}(u)$ for $|u| > 1$ and $0$ for $|u| < 1$",
)  # fmt: skip
