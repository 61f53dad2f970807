"""The table of scalar functions: one row each.

A row of a user's own file works like these.
"""

from __future__ import annotations

from derive.notation.distributions import (
    Phi,
    cauchy_cdf,
    cauchy_hazard,
    erf,
    erfc,
    gumbel_cdf,
    gumbel_hazard,
    gumbel_hazard_slope,
    hazard,
    hazard_slope,
    log_cauchy_cdf,
    log_gumbel_cdf,
    log_normal_cdf,
)
from derive.notation.elementary import (
    AT_ZERO,
    absolute,
    atan,
    bell,
    bell_lack,
    box,
    clamp,
    clip,
    cos,
    cosh,
    digamma,
    excess,
    exp,
    expm1,
    inside,
    log,
    log1p,
    log1p_ratio,
    log1p_square,
    log_cosh,
    log_gamma,
    near,
    outer,
    relu,
    rest,
    sigmoid,
    sign,
    sin,
    sinh,
    smooth_relu,
    softplus,
    sqrt,
    step,
    tanh,
    trigamma,
)
from derive.notation.elementwise import (
    CONVEX,
    S_SHAPED,
    SLOT,
    SLOT_TENSOR,
    Bend,
    Elementwise,
    Identity,
)
from derive.notation.expression import ZERO, Cases, Expr, Number, When, expr

__all__ = [
    "AT_ZERO",
    "AUXILIARY",
    "CONVEX",
    "FUNCTIONS",
    "SLOT",
    "SLOT_TENSOR",
    "S_SHAPED",
    "USABLE",
    "Bend",
    "Elementwise",
    "Identity",
    "Phi",
    "absolute",
    "atan",
    "bell",
    "bell_lack",
    "box",
    "cauchy_cdf",
    "cauchy_hazard",
    "clamp",
    "clip",
    "cos",
    "cosh",
    "digamma",
    "erf",
    "erfc",
    "excess",
    "exp",
    "expm1",
    "gumbel_cdf",
    "gumbel_hazard",
    "gumbel_hazard_slope",
    "hazard",
    "hazard_slope",
    "inside",
    "log",
    "log1p",
    "log1p_ratio",
    "log1p_square",
    "log_cauchy_cdf",
    "log_cosh",
    "log_gamma",
    "log_gumbel_cdf",
    "log_normal_cdf",
    "maximum",
    "minimum",
    "near",
    "outer",
    "relu",
    "rest",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "smooth_relu",
    "softplus",
    "sqrt",
    "step",
    "tanh",
    "trigamma",
]


def maximum(a: Expr | Number, b: Expr | Number) -> Expr:
    """max(a, b): relu(a) for max(a, 0), else cases; where a = b there is no derivative."""
    a, b = expr(a), expr(b)
    if b == ZERO:
        return relu(a)
    return relu(b) if a == ZERO else Cases(((When(a, ">=", b), a),), b)


def minimum(a: Expr | Number, b: Expr | Number) -> Expr:
    """min(a, b), by cases; where a = b there is no derivative."""
    a, b = expr(a), expr(b)
    return Cases(((When(a, "<=", b), a),), b)


FUNCTIONS: tuple[Elementwise, ...] = (
    exp, log, sqrt, log1p, expm1, sin, cos, atan, sigmoid, softplus, tanh, log_cosh,
    relu, step, absolute, sign, smooth_relu, clip, box,
    clamp, inside, outer, erf, erfc, Phi,
    log_normal_cdf, hazard, hazard_slope,
    cauchy_cdf, log_cauchy_cdf, cauchy_hazard,
    gumbel_cdf, log_gumbel_cdf, gumbel_hazard, gumbel_hazard_slope,
    sinh, cosh, log_gamma, digamma,
    bell, bell_lack, log1p_square, log1p_ratio, near, excess, rest,
)  # fmt: skip
"""The rows that come with the tool, in the order of the documentation."""

AUXILIARY: tuple[Elementwise, ...] = (
    clamp, inside, outer, bell, bell_lack, log1p_square, log1p_ratio, near, excess, rest,
)  # fmt: skip
"""Those that only the stabiliser writes: their names are free for a user's own letters."""

USABLE: tuple[Elementwise, ...] = tuple(f for f in FUNCTIONS if f not in AUXILIARY)
"""Those that a user may write."""
