"""The properties of one row of the table, each proved, refuted at a point, or left open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from derive.judge.arithmetic import OutsideError
from derive.judge.derived import PRIMITIVES, slope
from derive.judge.pieces import Piece, defined, formula_at, inside, pieces
from derive.judge.quotients import Quotient, UnknownError, number
from derive.judge.signs import Prover
from derive.judge.wording import member_text
from derive.notation.expression import Diff
from derive.notation.functions import SLOT, Bend, Elementwise
from derive.notation.interval import End, Interval
from derive.notation.text import text
from derive.notation.tree import subterms

Found = tuple[Literal["proved", "refuted", "open"], str]
"""How a property fared, and what refutes it."""

PROVED: Found = ("proved", "")
OPEN: Found = ("open", "")
STEPS = tuple(Fraction(2) ** k for k in (-20, -5, -2, -1, 0, 1, 2, 3, 5, 9, 20))
"""How far from an end of a piece the points lie at which its formula is looked at."""


class Row:
    """A row, its formula in pieces, and a prover of signs."""

    def __init__(self, function: Elementwise, prover: Prover) -> None:
        self.function, self.prover = function, prover
        self.pieces: tuple[Piece, ...] = ()
        self.edges: tuple[Fraction, ...] = ()
        try:
            self.pieces = pieces(prover, function, function(SLOT), function.domain)
            self.edges = tuple(Fraction(piece.where.low) for piece in self.pieces[1:])
            self.smooth = all(defined(prover, piece.formula, piece.where) for piece in self.pieces)
        except UnknownError:
            self.smooth = False
        self.ends = tuple(
            Fraction(end)
            for end in (function.domain.low, function.domain.high)
            if not math.isinf(end) and end in function.domain
        )

    def judged(self, claim: str) -> Found:
        """How a property fared."""
        if not self.pieces:
            return OPEN
        try:
            return {
                "domain": self._domain,
                "derivative": self._derivative,
                "kinks": self._kinks,
                "range": self._range,
                "monotone": self._monotone,
                "bends": self._bends,
            }[claim]()
        except (UnknownError, OutsideError, ZeroDivisionError):
            return OPEN

    # ------------------------------------------------------------ the properties

    def _domain(self) -> Found:
        if self.smooth:
            return PROVED
        for piece in self.pieces:
            for t in self._points(piece.where):
                try:
                    value = self.prover.value(piece.formula, self._ball(t))
                except OutsideError as error:
                    if error.definite:
                        return "refuted", f"at t = {_short(t)} it has no value"
                    continue
                except ZeroDivisionError:
                    continue
                if value.is_nan():
                    return "refuted", f"at t = {_short(t)} it has no value"
        return OPEN

    def _derivative(self) -> Found:
        exact = True
        for piece in self.pieces:
            at = inside(piece.where)
            declared = self.function.derivative(SLOT)
            if any(isinstance(node, Diff) for _, node in subterms(declared)):
                # The derivative of a generic function is supposed, nothing is said of it.
                return PROVED if self.function.hypothesis else OPEN
            gap = formula_at(self.prover, declared, at) - slope(piece.formula)
            exact = exact and not gap.top.terms
            compared = 0
            for t in self._points(piece.where) if gap.top.terms else ():
                try:
                    value = self.prover.value(gap, self._ball(t))
                except (OutsideError, ZeroDivisionError):
                    continue
                compared += value.is_finite()
                if value.is_finite() and not value.contains(0):
                    return "refuted", (
                        f"at t = {_short(t)} the derivative is "
                        f"{self._shown(slope(piece.formula), t)}, not {text(declared)}"
                    )
            if gap.top.terms and not compared:
                return OPEN
        return PROVED if self.smooth else OPEN

    def _kinks(self) -> Found:
        for left, right in pairwise(self.pieces):
            edge = Fraction(right.where.low)
            if edge in self.function.kinks:
                continue
            for what, a, b in (
                ("value", left.formula, right.formula),
                ("slope", slope(left.formula), slope(right.formula)),
            ):
                jump = self._at(b - a, edge)
                if not jump.contains(0):
                    return "refuted", f"its {what} jumps at t = {edge}"
                if not jump.is_zero():
                    return OPEN
        return PROVED if self.smooth else OPEN

    def _range(self) -> Found:
        values = self.function.range
        found = PROVED if self.smooth else OPEN
        known = PRIMITIVES.get(self.function.exact)
        if known is not None and known.attained and not known.range.within(values):
            return "refuted", f"its values are all those {member_text(known.range)}"
        for end, is_open, turned in (
            (values.low, values.low_open, False),
            (values.high, values.high_open, True),
        ):
            if math.isinf(end):
                continue
            limit = number(Fraction(end))
            for piece in self.pieces:
                room = limit - piece.formula if turned else piece.formula - limit
                point = self._below_zero(room, self._points(piece.where), strict=is_open)
                if point is not None:
                    value = self._shown(piece.formula, point)
                    return "refuted", f"at t = {_short(point)} it is {value}"
                sign = self.prover.sign(room, piece.where)
                if sign is None or (is_open and sign != "positive"):
                    found = OPEN
        for edge in (*self.edges, *self.ends):
            value = self._at(self._formula_on(edge), edge)
            if _outside(value, values):
                return "refuted", f"at t = {edge} it is {self.prover.balls.text(value)}"
            if not _within(value, values):
                found = OPEN
        return found

    def _monotone(self) -> Found:
        way = 1 if self.function.monotone == "increasing" else -1
        found = self._signed(slope, number(way), self.pieces, f"not {self.function.monotone}")
        if found[0] == "refuted":
            return found
        for left, edge, right in self._joins(self.pieces):
            own = self._formula_on(edge)
            for a, b in ((left or own, own), (own, right or own)):
                jump = self._at((b - a) * number(way), edge)
                if jump < 0:
                    return "refuted", f"it jumps the other way at t = {edge}"
                if not (jump >= 0):
                    return OPEN
        return found

    def _bends(self) -> Found:
        outcome: Found = PROVED
        for bend in self.function.bends:
            found = self._bend(bend)
            if found[0] == "refuted":
                return found
            outcome = OPEN if found == OPEN else outcome
        return outcome

    def _bend(self, bend: Bend) -> Found:
        kind, on = bend
        way = number(1 if kind == "convex" else -1)
        met = [
            Piece(both, piece.formula)
            for piece in self.pieces
            if (both := _common(piece.where, on)) is not None
        ]
        found = self._signed(lambda q: slope(slope(q)), way, met, f"not {kind}")
        if found[0] == "refuted":
            return found
        for left, edge, right in self._joins(met):
            own = self._formula_on(edge)
            jumps = [self._at(q - own, edge) for q in (left, right) if q is not None]
            if not all(jump.contains(0) for jump in jumps):
                return "refuted", f"it jumps at t = {edge}"
            if not all(jump.is_zero() for jump in jumps):
                return OPEN
            if left is None or right is None:
                continue
            turn = self._at((slope(right) - slope(left)) * way, edge)
            if turn < 0:
                return "refuted", f"its slope turns the other way at t = {edge}"
            if not (turn >= 0):
                return OPEN
        return found

    def _joins(
        self, over: Sequence[Piece]
    ) -> Iterator[tuple[Quotient | None, Fraction, Quotient | None]]:
        """The formulas on both sides of each place where pieces meet, or where the domain ends."""
        for end in self.ends:
            for piece in over:
                if piece.where.low == end:
                    yield None, end, piece.formula
                if piece.where.high == end:
                    yield piece.formula, end, None
        for left, right in pairwise(over):
            yield left.formula, Fraction(right.where.low), right.formula

    # ------------------------------------------------------------ signs and points

    def _signed(self, derived: Any, way: Quotient, over: Iterable[Piece], wrong: str) -> Found:
        """That a derivative, times 1 or -1, is never negative on pieces."""
        found = PROVED if self.smooth else OPEN
        for piece in over:
            q = derived(piece.formula) * way
            point = self._below_zero(q, self._points(piece.where), strict=False)
            if point is not None:
                return "refuted", f"near t = {_short(point)} it is {wrong}"
            if self.prover.sign(q, piece.where) is None:
                found = OPEN
        return found

    def _below_zero(
        self, q: Quotient, points: Iterable[Fraction], *, strict: bool
    ) -> Fraction | None:
        """A point at which a formula is surely negative, or not positive where it should be."""
        for t in points:
            try:
                value = self.prover.value(q, self._ball(t))
            except (OutsideError, ZeroDivisionError):
                continue
            if value < 0 or (strict and value.is_zero()):
                return t
        return None

    def _points(self, where: Interval) -> list[Fraction]:
        """Points of an open interval, near its ends and far out."""
        low = None if math.isinf(where.low) else Fraction(where.low)
        high = None if math.isinf(where.high) else Fraction(where.high)
        if low is None and high is None:
            found = [Fraction(0), *(s * x for x in STEPS for s in (1, -1))]
        else:
            found = [low + x for x in STEPS] if low is not None else []
            found += [high - x for x in STEPS] if high is not None else []
            found.append(inside(where))
            found += [Fraction(0)]
        return [t for t in found if t in where]

    def _ball(self, t: Fraction) -> Any:
        return self.prover.balls.number(t)

    def _at(self, q: Quotient, t: Fraction) -> Any:
        return self.prover.value(q, self._ball(t))

    def _formula_on(self, edge: Fraction) -> Quotient:
        """The formula that holds at the edge itself."""
        return formula_at(self.prover, self.function(SLOT), edge)

    def _shown(self, q: Quotient, t: Fraction) -> str:
        return self.prover.balls.text(self._at(q, t))


def _outside(value: Any, values: Interval) -> bool:
    """Whether a ball surely lies outside of an interval."""
    below = not math.isinf(values.low) and (
        value < _arb(value, values.low) or (values.low_open and value <= _arb(value, values.low))
    )
    above = not math.isinf(values.high) and (
        value > _arb(value, values.high) or (values.high_open and value >= _arb(value, values.high))
    )
    return bool(below or above)


def _within(value: Any, values: Interval) -> bool:
    """Whether a ball surely lies inside of an interval."""
    above = math.isinf(values.low) or (
        value > _arb(value, values.low)
        or (not values.low_open and value >= _arb(value, values.low))
    )
    below = math.isinf(values.high) or (
        value < _arb(value, values.high)
        or (not values.high_open and value <= _arb(value, values.high))
    )
    return bool(above and below)


def _arb(like: Any, end: End) -> Any:
    x = Fraction(end)
    return type(like)(x.numerator) / x.denominator


def _common(a: Interval, b: Interval) -> Interval | None:
    """What two intervals share, without its ends; None where that is nothing."""
    low, high = max(a.low, b.low), min(a.high, b.high)
    return Interval(low, high, low_open=True, high_open=True) if low < high else None


def _short(t: Fraction) -> str:
    return str(t) if t.denominator < 100 else f"{float(t):.3g}"
