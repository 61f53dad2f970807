"""The functions that NumPy lacks, in 60 digits and more, and errors in units of the last place."""

from collections.abc import Callable

import mpmath
from mpmath import mpf

DIGITS = 60
Exact = Callable[[mpf], mpf]


HUGE = 1e6  # exp(-HUGE) is nothing to float64; larger numbers are too much for mpmath's erfc


def erfc(t: mpf) -> mpf:
    return mpmath.erfc(min(max(t, -HUGE), HUGE))


def _upper(x: mpf) -> mpf:
    """1 - Phi(x), relatively exact on both sides."""
    return erfc(x / mpmath.sqrt(2)) / 2


def _density(t: mpf) -> mpf:
    return mpmath.exp(-(min(abs(t), HUGE) ** 2) / 2) / mpmath.sqrt(2 * mpmath.pi)


def log_normal_cdf(t: mpf) -> mpf:
    if t > 0:
        return mpmath.log1p(-_upper(t))
    if t < -HUGE:  # the tail's series
        v = 1 / t**2
        return (
            -t * t / 2
            - mpmath.log(-t * mpmath.sqrt(2 * mpmath.pi))
            + mpmath.log1p(-v * (1 - 3 * v * (1 - 5 * v * (1 - 7 * v))))
        )
    return mpmath.log(_upper(-t))


def hazard(t: mpf) -> mpf:
    if t < -HUGE:
        return -t - 1 / t * (1 - 2 / t**2 * (1 - 5 / t**2 * (1 - 7.4 / t**2)))
    return _density(t) / _upper(-t)


def hazard_slope(t: mpf) -> mpf:
    if t < -HUGE:  # Sampford's slope: 1 - 1/t^2 + 6/t^4 - 50/t^6
        return 1 - 1 / t**2 * (1 - 6 / t**2 * (1 - mpf(25) / 3 / t**2))
    with mpmath.workdps(2 * DIGITS):
        h = hazard(t)
        return h * (h + t)


def _gumbel(t: mpf) -> tuple[mpf, mpf]:
    """U = e^t and u/(e^u - 1), for t up to 20: beyond, all is less than e^-(e^20)."""
    u = mpmath.exp(min(t, mpf(20)))
    return u, u / mpmath.expm1(u)


def log_gumbel_cdf(t: mpf) -> mpf:
    if t < -300:
        return t - mpmath.exp(max(t, -HUGE)) / 2
    u, _ = _gumbel(t)
    return mpmath.log1p(-mpmath.exp(-u)) if t > 0 else mpmath.log(-mpmath.expm1(-u))


def gumbel_hazard(t: mpf) -> mpf:
    return _gumbel(t)[1] if t > -300 else 1 - mpmath.exp(max(t, -HUGE)) / 2


def gumbel_hazard_slope(t: mpf) -> mpf:
    if t < -300:
        return mpmath.exp(max(t, -HUGE)) / 2
    with mpmath.workdps(350):
        u, g = _gumbel(t)
        return g * (u + g - 1)


def log_cosh(t: mpf) -> mpf:
    size = abs(t)
    if size < 1e-20:
        return t**2 / 2
    if size > 100:
        return size - mpmath.log(2)
    with mpmath.workdps(2 * DIGITS):
        return mpmath.log(mpmath.cosh(t))


def log_cauchy_cdf(t: mpf) -> mpf:
    if t > 0:
        return mpmath.log1p(-mpmath.atan2(1, t) / mpmath.pi)
    return mpmath.log(mpmath.atan2(1, -t) / mpmath.pi)


def cauchy_hazard(t: mpf) -> mpf:
    return 1 / (mpmath.atan2(1, -t) * (1 + t * t))


def _more(function: Exact) -> Exact:
    """A function with zeros, in more digits."""

    def value(t: mpf) -> mpf:
        with mpmath.workdps(2 * DIGITS):
            return function(t)

    return value


EXACT: dict[str, Exact] = {
    "erf": lambda t: mpmath.erf(min(max(t, -HUGE), HUGE)),
    "erfc": erfc,
    "normal_cdf": lambda t: _upper(-t),
    "log_normal_cdf": log_normal_cdf,
    "hazard": hazard,
    "hazard_slope": hazard_slope,
    "log_gamma": _more(mpmath.loggamma),
    "digamma": _more(lambda t: mpmath.psi(0, t)),
    "trigamma": lambda t: mpmath.psi(1, t),
    "log_cosh": log_cosh,
    "log_gumbel_cdf": log_gumbel_cdf,
    "gumbel_hazard": gumbel_hazard,
    "gumbel_hazard_slope": gumbel_hazard_slope,
    "log_cauchy_cdf": log_cauchy_cdf,
    "cauchy_hazard": cauchy_hazard,
}

LARGEST = mpmath.ldexp(1, 1024) - mpmath.ldexp(1, 970)  # beyond, the nearest number is infinity


def error(name: str, t: float, value: float) -> float:
    """How far a value is from the true one, in units of the last place of the true one."""
    with mpmath.workdps(DIGITS):
        true = EXACT[name](mpf(t))
        if not mpmath.isfinite(value):
            return 0.0 if abs(true) >= LARGEST and value == float(true) else float("inf")
        if not true:
            return 0.0 if value == 0 else float("inf")
        exponent = max(mpmath.frexp(true)[1] - 53, -1074)
        return float(abs(mpf(value) - true) / mpmath.ldexp(1, exponent))
