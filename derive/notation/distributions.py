"""Rows of the table of functions: distribution functions, their logarithms and their hazards."""

from __future__ import annotations

from fractions import Fraction

from derive.notation.elementary import atan, exp, expm1, log, sqrt
from derive.notation.elementwise import CONVEX, S_SHAPED, Elementwise, Identity
from derive.notation.expression import PI, expr
from derive.notation.interval import NONNEGATIVE, OPEN_UNIT, POSITIVE, Interval

erf: Elementwise = Elementwise(
    "erf", r"\operatorname{erf}", lambda t: 2 / sqrt(PI) * exp(-(t**2)), "special.erf({t})",
    exact="erf",
    range=Interval(-1, 1, True, True), monotone="increasing", bends=S_SHAPED,
    reason=r"$\operatorname{erf}'(u) = 2e^{-u^2}/\sqrt{\pi}$",
)  # fmt: skip
erfc: Elementwise = Elementwise(
    "erfc", r"\operatorname{erfc}", lambda t: -2 / sqrt(PI) * exp(-(t**2)),
    "special.erfc({t})", exact="erfc",
    range=Interval(0, 2, True, True), monotone="decreasing",
    bends=(("concave", Interval(high=0)), ("convex", NONNEGATIVE)),
    reason=r"$\operatorname{erfc}'(u) = -2e^{-u^2}/\sqrt{\pi}$",
)  # fmt: skip
Phi: Elementwise = Elementwise(
    "normal_cdf", r"\Phi", lambda t: 1 / sqrt(2 * PI) * exp(-(t**2) / 2),
    "special.normal_cdf({t})",
    # e^{-(t/sqrt 2)^2} and e^{-t^2/2} are different atoms to the lemma's rational functions.
    definition=lambda t: erfc(-t / sqrt(expr(2))) / 2, primitive=True,
    range=OPEN_UNIT, monotone="increasing", bends=S_SHAPED,
    identities=lambda t: (
        Identity(1 - Phi(t), Phi(-t), r"$1-\Phi(t) = \Phi(-t)$"),
        Identity(
            Phi(t) - Fraction(1, 2), erf(t / sqrt(expr(2))) / 2,
            r"$\Phi(t)-1/2 = \operatorname{erf}(t/\sqrt 2)/2$",
        ),
    ),
    reason=r"$\Phi'(u) = e^{-u^2/2}/\sqrt{2\pi}$",
)  # fmt: skip
log_normal_cdf: Elementwise = Elementwise(
    "log_normal_cdf", r"\log\Phi", lambda t: hazard(t), "special.log_normal_cdf({t})",
    definition=lambda t: log(Phi(t)),
    range=Interval(high=0, high_open=True), monotone="increasing", overflows=True,
    reason=r"$(\log\Phi)' = \varphi/\Phi = \operatorname{hazard}$",
)  # fmt: skip
hazard: Elementwise = Elementwise(
    "hazard", r"\operatorname{hazard}", lambda t: -hazard_slope(t), "special.hazard({t})",
    definition=lambda t: exp(-(t**2) / 2) / (sqrt(2 * PI) * Phi(t)),
    range=POSITIVE, monotone="decreasing", bends=CONVEX,
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
cauchy_cdf: Elementwise = Elementwise(
    "cauchy_cdf", r"\mathcal{C}", lambda t: 1 / (PI * (1 + t**2)),
    "np.arctan2(1.0, -({t})) / np.pi",
    definition=lambda t: Fraction(1, 2) + atan(t) / PI, primitive=True,
    range=OPEN_UNIT, monotone="increasing",
    identities=lambda t: (
        Identity(1 - cauchy_cdf(t), cauchy_cdf(-t), r"$1-\mathcal{C}(t) = \mathcal{C}(-t)$"),
        Identity(
            cauchy_cdf(t) - Fraction(1, 2), atan(t) / PI, r"$\mathcal{C}(t)-1/2 = \arctan(t)/\pi$"
        ),
    ),
    reason=r"$\mathcal{C}'(u) = 1/(\pi(1+u^2))$",
)  # fmt: skip
log_cauchy_cdf: Elementwise = Elementwise(
    "log_cauchy_cdf", r"\log\mathcal{C}", lambda t: cauchy_hazard(t),
    "special.log_cauchy_cdf({t})", definition=lambda t: log(cauchy_cdf(t)),
    range=Interval(high=0, high_open=True), monotone="increasing",
    reason=r"$(\log\mathcal{C})' = \mathcal{C}'/\mathcal{C} = \operatorname{chaz}$",
)  # fmt: skip
# Below 1: 1/|t| for t <= -1, where C >= |t|/(pi (1 + t^2)); 4/pi (1 + t^2) C > 1 beyond that.
cauchy_hazard: Elementwise = Elementwise(
    "cauchy_hazard", r"\operatorname{chaz}",
    lambda t: -cauchy_hazard(t) * (cauchy_hazard(t) + 2 * t / (1 + t**2)),
    "special.cauchy_hazard({t})",
    definition=lambda t: 1 / (PI * (1 + t**2) * cauchy_cdf(t)), range=OPEN_UNIT,
    reason=r"$\operatorname{chaz}'(u) = -\operatorname{chaz}(u)"
    r"\,(\operatorname{chaz}(u) + 2u/(1+u^2))$",
)  # fmt: skip
gumbel_cdf: Elementwise = Elementwise(
    "gumbel_cdf", r"\mathcal{G}", lambda t: exp(t) * exp(-exp(t)),
    "-np.expm1(-np.exp(np.minimum({t}, 700)))",
    definition=lambda t: 1 - exp(-exp(t)), primitive=True,
    range=OPEN_UNIT, monotone="increasing",
    identities=lambda t: (
        Identity(
            gumbel_cdf(t) - (1 - exp(expr(-1))), -exp(expr(-1)) * expm1(-expm1(t)),
            r"$\mathcal{G}(t)-\mathcal{G}(0) = -e^{-1}\operatorname{expm1}"
            r"(-\operatorname{expm1}t)$",
        ),
    ),
    reason=r"$\mathcal{G}'(u) = e^u e^{-e^u}$",
)  # fmt: skip
log_gumbel_cdf: Elementwise = Elementwise(
    "log_gumbel_cdf", r"\log\mathcal{G}", lambda t: gumbel_hazard(t),
    "special.log_gumbel_cdf({t})", definition=lambda t: log(gumbel_cdf(t)),
    range=Interval(high=0, high_open=True), monotone="increasing",
    reason=r"$(\log\mathcal{G})' = \mathcal{G}'/\mathcal{G} = \operatorname{ghaz}$",
)  # fmt: skip
gumbel_hazard: Elementwise = Elementwise(
    "gumbel_hazard", r"\operatorname{ghaz}", lambda t: -gumbel_hazard_slope(t),
    "special.gumbel_hazard({t})",
    definition=lambda t: exp(t) * exp(-exp(t)) / gumbel_cdf(t),
    range=OPEN_UNIT, monotone="decreasing",
    reason=r"$\operatorname{ghaz}' = -\operatorname{ghazslope}$",
)  # fmt: skip
# With u = e^t and g = u/(e^u - 1) it is g (u + g - 1): between 0 and 1 as 1 - u/2 < g < 1.
gumbel_hazard_slope: Elementwise = Elementwise(
    "gumbel_hazard_slope", r"\operatorname{ghazslope}",
    lambda t: gumbel_hazard(t) * (exp(t) - gumbel_hazard_slope(t))
    - gumbel_hazard_slope(t) * (exp(t) + gumbel_hazard(t) - 1),
    "special.gumbel_hazard_slope({t})",
    definition=lambda t: gumbel_hazard(t) * (exp(t) + gumbel_hazard(t) - 1),
    range=OPEN_UNIT, reason=r"$\operatorname{ghaz}' = -\operatorname{ghazslope}$",
)  # fmt: skip
