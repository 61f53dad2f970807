"""Functions that NumPy lacks: of numbers, and of arrays and matrices without an exception.

Those of numbers act entry by entry (normal.py, gamma.py, gumbel.py, cauchy.py); what they give for
float32 numbers is computed in float64 and rounded once. Nan gives nan, infinity the limit, and no
warning is raised. Every value is within about 2 units of the last place.

Their tables are read when one of them is first asked for: most costs need none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .arrays import (
    cholesky,
    choose,
    excess,
    excess_lowered,
    exp_lowered,
    inverse,
    inverse_cholesky,
    log1p_ratio,
    log_det,
    log_sum,
    lowered,
    matrix,
    refined,
    solve,
    solve_cholesky,
    symmetric,
    weighted,
    weighted_exp,
    weighted_lowered,
)
from .rests import product_rest, quotient_rest, sum_rest

if TYPE_CHECKING:
    from .cauchy import (
        cauchy_hazard,
        log1p_square,
        log1p_square_ratio,
        log_cauchy_cdf,
        log_cosh,
    )
    from .gamma import (
        digamma,
        log_gamma,
        trigamma,
    )
    from .gumbel import (
        gumbel_hazard,
        gumbel_hazard_slope,
        log_gumbel_cdf,
    )
    from .normal import (
        erf,
        erfc,
        hazard,
        hazard_slope,
        log_normal_cdf,
        log_normal_cdf_and_hazards,
        normal_cdf,
    )

__all__ = [
    "cauchy_hazard",
    "cholesky",
    "choose",
    "digamma",
    "erf",
    "erfc",
    "excess",
    "excess_lowered",
    "exp_lowered",
    "gumbel_hazard",
    "gumbel_hazard_slope",
    "hazard",
    "hazard_slope",
    "inverse",
    "inverse_cholesky",
    "log1p_ratio",
    "log1p_square",
    "log1p_square_ratio",
    "log_cauchy_cdf",
    "log_cosh",
    "log_det",
    "log_gamma",
    "log_gumbel_cdf",
    "log_normal_cdf",
    "log_normal_cdf_and_hazards",
    "log_sum",
    "lowered",
    "matrix",
    "normal_cdf",
    "product_rest",
    "quotient_rest",
    "refined",
    "solve",
    "solve_cholesky",
    "sum_rest",
    "symmetric",
    "trigamma",
    "weighted",
    "weighted_exp",
    "weighted_lowered",
]

TABLES = {
    "cauchy": (
        "cauchy_hazard",
        "log1p_square",
        "log1p_square_ratio",
        "log_cauchy_cdf",
        "log_cosh",
    ),
    "gamma": (
        "digamma",
        "log_gamma",
        "trigamma",
    ),
    "gumbel": (
        "gumbel_hazard",
        "gumbel_hazard_slope",
        "log_gumbel_cdf",
    ),
    "normal": (
        "erf",
        "erfc",
        "hazard",
        "hazard_slope",
        "log_normal_cdf",
        "log_normal_cdf_and_hazards",
        "normal_cdf",
    ),
}
"""The functions behind which there are tables, by the file that holds them."""


def __getattr__(name: str) -> Any:
    """A function with tables, from its file."""
    for file, functions in TABLES.items():
        if name in functions:
            return getattr(import_module(f".{file}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
