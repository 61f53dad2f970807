"""The tables of polynomials behind the functions that NumPy lacks, described and computed.

A kernel is a smooth function (smooth_parts.py) and the cells that its range is cut into. How a
number finds its cell is part of the description: templates/solvers/special/tables.py does the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import mpmath
from mpmath import mpf

from derive.stabilise import smooth_parts as smooth
from derive.stabilise.chebyshev import DIGITS, Cell, Function, Piece, cell, pieces


@dataclass(frozen=True)
class Bent:
    """Cells of equal width in t/(bend + |t|), `count` to 1: wider and wider away from 0."""

    bend: int
    count: int
    first: int
    last: int

    def cells(self) -> Iterator[Cell]:
        for k in range(self.first, self.last):
            yield cell(self._edge(k), self._edge(k + 1))

    def _edge(self, k: int) -> mpf:
        return self.bend * mpf(k) / (self.count - abs(k))


@dataclass(frozen=True)
class Equal:
    """Cells of the width 1/count from first/count on."""

    count: int
    first: int
    last: int

    def cells(self) -> Iterator[Cell]:
        for k in range(self.first, self.last):
            yield cell(mpf(k) / self.count, mpf(k + 1) / self.count)


@dataclass(frozen=True)
class Octaves:
    """Every interval from 2^e to 2^(e + 1) in 2^bits equal parts, for e from first on."""

    bits: int
    first: int
    last: int

    def cells(self) -> Iterator[Cell]:
        parts = 2**self.bits
        for e in range(self.first, self.last):
            for k in range(parts):
                low, step = mpmath.ldexp(1, e), mpmath.ldexp(1, e - self.bits)
                yield cell(low + k * step, low + (k + 1) * step)


@dataclass(frozen=True)
class Single:
    """One cell, from 0 to high."""

    high: float

    def cells(self) -> Iterator[Cell]:
        yield cell(mpf(0), mpf(self.high))


Cut = Bent | Equal | Octaves | Single


@dataclass(frozen=True)
class Kernel:
    """A table: what it is called, which function it gives and how its range is cut."""

    name: str
    function: Function
    cut: Cut

    def pieces(self) -> tuple[Piece, ...]:
        """The polynomials, cell by cell."""
        with mpmath.workdps(DIGITS):
            return pieces(self.function, tuple(self.cut.cells()))


NORMAL = Bent(8, 48, -33, 40)  # from -17.6 to 40
GUMBEL = Equal(8, -8, 54)  # from t = -inf to 6.75, where e^-u is 0 in float64
CAUCHY = Equal(24, -24, 24)
GAMMA = Octaves(3, -2, 6)  # from 1/4 to 64

KERNELS = (
    Kernel("NORMAL_CDF", smooth.normal_cdf, Bent(8, 48, -40, 26)),  # up to 9.45, where Phi is 1
    Kernel("LOG_NORMAL_CDF", smooth.log_normal_cdf, NORMAL),
    Kernel("HAZARD", smooth.hazard, NORMAL),
    Kernel("HAZARD_SLOPE", smooth.hazard_slope, NORMAL),
    Kernel("FAR_LOG_NORMAL_CDF", smooth.far_log_normal_cdf, Single(2.0**-8)),
    Kernel("FAR_HAZARD", smooth.far_hazard, Single(2.0**-8)),
    Kernel("FAR_HAZARD_SLOPE", smooth.far_hazard_slope, Single(2.0**-8)),
    Kernel("ERFC", smooth.erfc, Bent(8, 48, -21, 38)),  # from -6.2 to 30.4
    Kernel("ERF", smooth.erf, Bent(8, 48, 0, 21)),
    Kernel("LOG_GAMMA", smooth.log_gamma, GAMMA),
    Kernel("DIGAMMA", smooth.digamma, GAMMA),
    Kernel("TRIGAMMA", smooth.trigamma, GAMMA),
    Kernel("NEAR_LOG_GAMMA", smooth.near_log_gamma, Single(0.25)),
    Kernel("NEAR_DIGAMMA", smooth.near_digamma, Single(0.25)),
    Kernel("NEAR_TRIGAMMA", smooth.near_trigamma, Single(0.25)),
    Kernel("FAR_LOG_GAMMA", smooth.far_log_gamma, Single(2.0**-12)),
    Kernel("FAR_DIGAMMA", smooth.far_digamma, Single(2.0**-12)),
    Kernel("FAR_TRIGAMMA", smooth.far_trigamma, Single(2.0**-12)),
    Kernel("LOG_GUMBEL_CDF", smooth.log_gumbel_cdf, GUMBEL),
    Kernel("GUMBEL_HAZARD", smooth.gumbel_hazard, GUMBEL),
    Kernel("GUMBEL_HAZARD_SLOPE", smooth.gumbel_hazard_slope, GUMBEL),
    Kernel("LOG_COSH", smooth.log_cosh, Bent(8, 48, 0, 35)),  # up to 21.5
    Kernel("LOG_CAUCHY_CDF", smooth.log_cauchy_cdf, CAUCHY),
    Kernel("CAUCHY_HAZARD", smooth.cauchy_hazard, CAUCHY),
)

STEPS = 16
"""e^t from 0 to 6.75 starts from its values at the multiples of 1/16."""
POWER_BITS = 26
"""The first part of such a value has so many bits that its product with 25 others is exact."""


def powers() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """e^(k/16) in two parts for k from 0 on: the first parts, the second parts."""
    with mpmath.workdps(DIGITS):
        exact = [mpmath.exp(mpf(k) / STEPS) for k in range(int(6.75 * STEPS) + 1)]
        units = [mpmath.ldexp(1, mpmath.frexp(x)[1] - POWER_BITS) for x in exact]
        heads = [mpmath.nint(x / unit) * unit for x, unit in zip(exact, units, strict=True)]
        rests = [x - head for x, head in zip(exact, heads, strict=True)]
        return tuple(map(float, heads)), tuple(map(float, rests))


def digamma_zero() -> tuple[float, float]:
    """The zero of psi in two parts."""
    with mpmath.workdps(DIGITS):
        zero = smooth.digamma_zero()
        return float(zero), float(zero - float(zero))
