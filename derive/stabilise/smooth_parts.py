"""What is left of a function when the factor that varies wildly is taken out, in many digits.

Each is smooth and keeps its sign on the whole of its range, so that few polynomials give it to the
last digit; templates/solvers/special/ puts the factor back (normal.py, gamma.py ...). Phi is
the standard normal distribution function and phi its density.
"""

from __future__ import annotations

from functools import cache

import mpmath
from mpmath import mpf

# --- The normal distribution and the error function -----------------------------------------


@cache
def _upper(x: mpf) -> mpf:
    """1 - Phi(x)."""
    return mpmath.erfc(x / mpmath.sqrt(2)) / 2


def normal_cdf(t: mpf) -> mpf:
    """Phi(t) e^(t^2/2) below 0, Phi(t) above."""
    return _upper(-t) * mpmath.exp(t * t / 2) if t <= 0 else 1 - _upper(t)


def log_normal_cdf(t: mpf) -> mpf:
    """Log Phi(t) + t^2/2 below 0, e^(t^2/2) log Phi(t) above."""
    square = t * t / 2
    if t <= 0:
        return mpmath.log(_upper(-t)) + square
    return mpmath.log1p(-_upper(t)) * mpmath.exp(square)


def hazard(t: mpf) -> mpf:
    """Phi'(t)/Phi(t) below 0, e^(t^2/2) times that above."""
    if t <= 0:
        return mpmath.exp(-t * t / 2) / (mpmath.sqrt(2 * mpmath.pi) * _upper(-t))
    return 1 / (mpmath.sqrt(2 * mpmath.pi) * (1 - _upper(t)))


def hazard_slope(t: mpf) -> mpf:
    """h (h + t) for h = phi/Phi below 0, e^(t^2/2) times that above."""
    scaled = hazard(t)
    return scaled * (scaled + t if t <= 0 else scaled * mpmath.exp(-t * t / 2) + t)


def far_log_normal_cdf(v: mpf) -> mpf:
    """-log Phi(-x) - x^2/2 - log x, by v = 1/x^2."""
    x = 1 / mpmath.sqrt(v)
    return -log_normal_cdf(-x) - mpmath.log(x)


def far_hazard(v: mpf) -> mpf:
    """(h - x) x for h = phi/Phi at -x, by v = 1/x^2."""
    x = 1 / mpmath.sqrt(v)
    return (hazard(-x) - x) * x


def far_hazard_slope(v: mpf) -> mpf:
    """(1 - h (h - x)) x^2 for h = phi/Phi at -x, by v = 1/x^2."""
    return (1 - hazard_slope(-1 / mpmath.sqrt(v))) / v


def erfc(t: mpf) -> mpf:
    """The complement of erf below 0, e^(t^2) times that above."""
    return mpmath.erfc(t) * (mpmath.exp(t * t) if t > 0 else 1)


def erf(t: mpf) -> mpf:
    """Erf(t)/t."""
    return mpmath.erf(t) / t


# --- The gamma function -----------------------------------------------------------------------


def log_gamma(t: mpf) -> mpf:
    """Log Gamma(t), without its zeros 1 from 1/2 to 3/2 and 2 from there to 4."""
    zero = 1 if t < 1.5 else 2
    return mpmath.loggamma(t) / (t - zero if 0.5 < t < 4 else 1)


@cache
def digamma_zero() -> mpf:
    """Where psi is 0."""
    return mpmath.findroot(lambda t: mpmath.psi(0, t), mpf("1.4616321449683623413"))


def digamma(t: mpf) -> mpf:
    """Psi(t), from 1/2 to 4 without its zero."""
    return mpmath.psi(0, t) / (t - digamma_zero() if 0.5 < t < 4 else 1)


def trigamma(t: mpf) -> mpf:
    """Psi'(t)."""
    x, total = t, mpf(0)
    while x < 16:  # psi'(x) = 1/x^2 + psi'(x + 1); then Stirling's series has 30 digits
        total += 1 / (x * x)
        x += 1
    y = 1 / x
    return total + y + y * y / 2 + y * y * y * far_trigamma(y * y)


def near_log_gamma(t: mpf) -> mpf:
    """Log Gamma(1 + t)/t."""
    return mpmath.loggamma(1 + t) / t


def near_digamma(t: mpf) -> mpf:
    """T psi(t)."""
    return t * mpmath.psi(0, 1 + t) - 1


def near_trigamma(t: mpf) -> mpf:
    """T^2 psi'(t)."""
    return t * t * trigamma(1 + t) + 1


def far_log_gamma(v: mpf) -> mpf:
    """What Stirling's formula for log Gamma(t) lacks, times t, by v = 1/t^2."""
    return mpmath.polyval(_stirling(2), v)


def far_digamma(v: mpf) -> mpf:
    """(log t - 1/(2 t) - psi(t)) t^2, by v = 1/t^2."""
    return mpmath.polyval(_stirling(1), v)


def far_trigamma(v: mpf) -> mpf:
    """(psi'(t) - 1/t - 1/(2 t^2)) t^3, by v = 1/t^2."""
    return mpmath.polyval(_stirling(0), v)


@cache
def _stirling(integrals: int) -> tuple[mpf, ...]:
    """B_2, B_4, ... for psi', divided by 2 k for psi, by 2 k - 1 too for log Gamma; last first."""
    divisors = [mpmath.mpf((2 * k, 2 * k * (2 * k - 1))[integrals - 1]) for k in range(1, 21)]
    numbers = [mpmath.bernoulli(2 * k) for k in range(1, 21)]
    series = [b / d if integrals else b for b, d in zip(numbers, divisors, strict=True)]
    return tuple(reversed(series))


# --- Gumbel's distribution: u = e^t, and z is u - 1 up to t = 0, t itself above ------------------


def _growth(z: mpf) -> mpf:
    """U = e^t."""
    return 1 + z if z <= 0 else mpmath.exp(z)


def log_gumbel_cdf(z: mpf) -> mpf:
    """(log(1 - e^-u) - t)/u below t = 0, log(1 - e^-u) e^(u - 1) above."""
    u = _growth(z)
    if z <= 0:
        return mpmath.log(-mpmath.expm1(-u) / u) / u
    return mpmath.log1p(-mpmath.exp(-u)) * mpmath.exp(u - 1)


def gumbel_hazard(z: mpf) -> mpf:
    """G = u/(e^u - 1) below t = 0, g e^(u - 1) above."""
    u = _growth(z)
    return u / mpmath.expm1(u) if z <= 0 else u / mpmath.e / -mpmath.expm1(-u)


def gumbel_hazard_slope(z: mpf) -> mpf:
    """G (u + g - 1)/u below t = 0, g (u + g - 1) e^(u - 1) above."""
    u = _growth(z)
    return gumbel_hazard(z) * (u + u / mpmath.expm1(u) - 1) / (u if z <= 0 else 1)


# --- Others ---------------------------------------------------------------------------------------


def log_cosh(t: mpf) -> mpf:
    """Log cosh(t)/t^2."""
    return mpmath.log1p(2 * mpmath.sinh(t / 2) ** 2) / t**2


def log_cauchy_cdf(z: mpf) -> mpf:
    """L + log(1 - t) for t = z/(1 - |z|) below 0, L (1 + t) above: L = log(1/2 + arctan(t)/pi)."""
    t = z / (1 - abs(z))
    if t <= 0:
        return mpmath.log(mpmath.atan2(1, -t) / mpmath.pi * (1 - t))
    return mpmath.log1p(-mpmath.atan2(1, t) / mpmath.pi) * (1 + t)


def cauchy_hazard(z: mpf) -> mpf:
    """L' (1 - t) below 0, L' (1 + t^2) above, as before."""
    t = z / (1 - abs(z))
    whole = 1 / mpmath.atan2(1, -t)
    return whole * (1 - t) / (1 + t * t) if t <= 0 else whole
