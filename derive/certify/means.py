"""Means of positive quantities: p-norms and power means, geometric and harmonic means.

(sum_i u_i^p)^(1/p) is convex in u for p >= 1 (Minkowski's inequality) and concave in u > 0 for
p <= 1, p = -1 being the harmonic mean; its limit p -> 0, u_1^a_1 ... u_k^a_k with a_1 + ... = 1,
is concave too (G. H. Hardy, J. E. Littlewood and G. Polya, 1934, Inequalities, chapter 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.polynomial import difference_is_zero
from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape
from derive.certify.signs import nonnegative
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    add,
    mul,
)
from derive.notation.functions import exp, log, sqrt
from derive.notation.problem import definition_of
from derive.notation.tree import free_indices
from derive.record import Reason

HALF = Num(Fraction(1, 2))


# ---------------------------------------------------------------- power means


@dataclass(frozen=True)
class Powers:
    """sum of w u^p with the same p and weights w >= 0: p (None for constants alone), the u."""

    exponent: Expr | None
    parts: tuple[Expr, ...]


def power_mean(c: Context, e: Expr, base: Expr, exponent: Expr, shape: Recurse) -> Shape:
    """(sum_i w_i u_i^p)^q by the power mean (sum_i w_i u_i^p)^(1/p), raised to the power p q.

    The smoothed p-norm (1 + |x|^3)^(1/3) is one, and so is -1/(1/x + 1/y), with p = q = -1.
    """
    found = _powers(c, base)
    if found is None or found.exponent is None or not c.still(exponent):
        return UNKNOWN
    p, q = c.range(found.exponent), c.range(exponent)
    times = mul(found.exponent, exponent)
    shapes = [(u, shape(u), c.range(u)) for u in found.parts]
    reasons = tuple(r for _, s, _ in shapes for r in s.reasons)
    if p.low >= 1:
        even = isinstance(found.exponent, Num) and found.exponent.value % 2 == 0
        fits = all(
            (s.flat and even) or (s.kind in ("affine", "convex") and v.nonnegative)
            for _, s, v in shapes
        )
        if not fits or not _at_least_one(c, times):
            return UNKNOWN
        words = (
            "{0} is a power, at least the first, of a p-norm with p >= 1, which is convex "
            "(Minkowski's inequality) and increases with the size of what it is taken of; so it "
            "is convex."
        )
        return Shape("convex", reasons).because(Reason("p-norm", words, (e,), c.assumed(e)))
    if not all(s.kind in ("affine", "concave") and v.nonnegative for _, s, v in shapes):
        return UNKNOWN
    negative = p.high <= 0 and p.nonzero
    if not (negative or (p.positive and p.high <= 1)):
        return UNKNOWN
    if negative and q.nonnegative:
        words = (
            "{0} is a negative power of a power mean with exponent below 1, which is concave and "
            "increases; so it is convex."
        )
        return Shape("convex", reasons).because(Reason("power-mean", words, (e,), c.assumed(e)))
    if nonnegative(times, c.definitions) and _at_least_one(c, Pow(times, Num(Fraction(-1)))):
        words = (
            "{0} is a power, at most the first, of a power mean with exponent at most 1, which is "
            "concave and increases; so it is concave."
        )
        return Shape("concave", reasons).because(Reason("power-mean", words, (e,), c.assumed(e)))
    return UNKNOWN


def power_over(c: Context, factors: tuple[Expr, ...], shape: Recurse) -> Shape:
    """(sum_i w_i u_i^p) g^-q with p >= q + 1: a p-norm N to the power p over a power of g.

    N^p/g^q is convex in N and g > 0, increases with N >= 0 and decreases with g: x^4/t^3.
    """
    for f, g in (factors, factors[::-1]):
        found, (base, q) = _powers(c, f), _one_power(g)
        if q >= 0 or not c.range(base).positive:
            continue
        below = shape(base)
        if found is None or not isinstance(found.exponent, Num) or found.exponent.value < 1 - q:
            continue
        shapes = [(shape(u), c.range(u)) for u in found.parts]
        even = found.exponent.value % 2 == 0
        fits = all(
            (s.flat and even) or (s.kind in ("affine", "convex") and v.nonnegative)
            for s, v in shapes
        )
        if fits and below.kind in ("affine", "concave"):
            words = (
                "{0} is N^p/g^q with a p-norm N, g > 0 " + below.kind + " and p at least q + 1: "
                "convex in N and g, increasing in N and decreasing in g, so it is convex."
            )
            reasons = (*(r for s, _ in shapes for r in s.reasons), *below.reasons)
            said = Reason("power-over-power", words, (mul(f, g),), c.assumed(base))
            return Shape("convex", reasons).because(said)
    return UNKNOWN


def _one_power(e: Expr) -> tuple[Expr, Fraction]:
    """b and q with b^q = e, for b > 0: (t^3)^-1 is t^-3."""
    match e:
        case Pow(base, Num(value)):
            inner, power = _one_power(base)
            return inner, power * value
    return e, Fraction(1)


def _at_least_one(c: Context, e: Expr) -> bool:
    return c.range(e).low >= 1 or difference_is_zero(e, ONE)


def _powers(c: Context, e: Expr) -> Powers | None:
    if c.still(e):
        return Powers(None, ()) if c.range(e).positive else None
    match e:
        case Pow(base, exponent) if c.still(exponent):
            return Powers(exponent, (base,))
        case Apply(function, arg) if function == sqrt:
            return Powers(HALF, (arg,))
        case Sum():
            return _powers(c, e.body)
        case Entry():
            definition = definition_of(e.tensor, c.definitions)
            return None if definition is None else _powers(c, definition.at(e))
        case Mul(args):
            moving = [a for a in args if not c.still(a)]
            weight = mul(*(a for a in args if c.still(a)))
            if len(moving) > 1 or not c.range(weight).nonnegative:
                return None
            return _powers(c, moving[0])
        case Add(args):
            found = [_powers(c, a) for a in args]
            known = [f for f in found if f is not None]
            exponents = [f.exponent for f in known if f.exponent is not None]
            if len(known) < len(found) or any(p != exponents[0] for p in exponents):
                return None
            return Powers(exponents[0], tuple(u for f in known for u in f.parts))
    return None


# ---------------------------------------------------------------- geometric means


Weighted = tuple[tuple[Expr, Expr], ...]
"""Quantities u with the exponents a of a product of u^a, those of one index added up."""


def geometric_mean(c: Context, e: Expr, shape: Recurse) -> Shape:
    """u_1^a_1 ... u_k^a_k: concave for a >= 0 with a sum of at most 1, convex for a <= 0.

    Written as a product, as a root of one or as e^(1/n sum_i log u_i).
    """
    found = _weighted(c, e)
    if not found or found == ((e, ONE),):
        return UNKNOWN
    parts = [(u, shape(u)) for u, _ in found]
    if not all(s.kind in ("affine", "concave") and c.range(u).nonnegative for u, s in parts):
        return UNKNOWN
    reasons = tuple(r for _, s in parts for r in s.reasons)
    assumed = tuple(dict.fromkeys(t for u, _ in found for t in c.assumed(u)))
    ranges = [c.range(a) for _, a in found]
    if all(v.high <= 0 for v in ranges) and all(c.range(u).positive for u, _ in parts):
        words = "{0} is e^v with v a sum of multiples of -log, which are convex; so it is convex."
        return Shape("convex", reasons).because(Reason("log-convex", words, (e,), assumed))
    total = add(*(a for _, a in found))
    within = all(v.nonnegative for v in ranges) and (
        difference_is_zero(total, ONE) or nonnegative(ONE - total, c.definitions)
    )
    if not within:
        return UNKNOWN
    words = "{0} is a geometric mean, a product of powers with exponents {1} in all; so it is "
    words += "concave."
    return Shape("concave", reasons).because(Reason("geometric-mean", words, (e, total), assumed))


def _weighted(c: Context, e: Expr) -> Weighted | None:
    """The product e as powers of quantities; a constant factor that is not negative is left out."""
    if c.still(e):
        return () if c.range(e).nonnegative else None
    match e:
        case Pow(base, exponent) if c.still(exponent) and c.range(base).nonnegative:
            return _times(_weighted(c, base), exponent)
        case Apply(function, arg) if function == sqrt:
            return _times(_weighted(c, arg), HALF)
        case Apply(function, arg) if function == exp:
            return _logarithms(c, arg)
        case Mul(args):
            return _joined([_weighted(c, a) for a in args])
        case Product() if e.lower == 1:
            return _summed(_weighted(c, e.body), e)
        case Entry():
            definition = definition_of(e.tensor, c.definitions)
            inner = None if definition is None else _weighted(c, definition.at(e))
            return inner if inner is not None and len(inner) > 1 else ((e, ONE),)
    return ((e, ONE),) if c.range(e).nonnegative else None


def _logarithms(c: Context, e: Expr) -> Weighted | None:
    """The sum of multiples of logarithms as a product of powers."""
    if c.still(e):
        return ()
    match e:
        case Apply(function, arg) if function == log:
            return _weighted(c, arg)
        case Add(args):
            return _joined([_logarithms(c, a) for a in args])
        case Sum() if e.lower == 1:
            return _summed(_logarithms(c, e.body), e)
        case Mul(args):
            moving = [a for a in args if not c.still(a)]
            weight = mul(*(a for a in args if c.still(a)))
            return _times(_logarithms(c, moving[0]), weight) if len(moving) == 1 else None
        case Entry():
            definition = definition_of(e.tensor, c.definitions)
            return None if definition is None else _logarithms(c, definition.at(e))
    return None


def _times(found: Weighted | None, exponent: Expr) -> Weighted | None:
    return None if found is None else tuple((u, mul(a, exponent)) for u, a in found)


def _joined(found: list[Weighted | None]) -> Weighted | None:
    known = [f for f in found if f is not None]
    return tuple(pair for f in known for pair in f) if len(known) == len(found) else None


def _summed(found: Weighted | None, over: Sum | Product) -> Weighted | None:
    if found is None:
        return None
    return tuple((u, _total(a, over)) for u, a in found)


def _total(a: Expr, over: Sum | Product) -> Expr:
    """The exponents of an index added up: n a where they are all the same."""
    if over.index in free_indices(a):
        return Sum(a, (over.index, over.lower, over.upper))
    return mul(over.upper, a)
