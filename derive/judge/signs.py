"""Whether a function of t is positive on a whole interval, which may reach to infinity.

Three arguments, each rigorous in ball arithmetic or exact:
- enclosure: every letter lies in an interval (a monotone function takes an interval to the one
  between its values, or limits, at the ends), hence so does the formula; on a bounded piece it is
  halved until this shows the sign;
- polynomials in one letter: Sturm's theorem, exact, which also sees double zeros;
- the differential argument: where p has a limit >= 0 at one end and p' > 0 from there on, p > 0.
  The same is asked of p', divided by what is positive, until a formula of known sign is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Literal

from derive.judge.arithmetic import OutsideError, Value
from derive.judge.derived import slope
from derive.judge.limits import Limits
from derive.judge.quotients import (
    ONE,
    ZERO,
    Letter,
    Monomial,
    Poly,
    Quotient,
    UnknownError,
    number,
    plus,
    quotient,
    scaled,
    single,
    whole_power,
)
from derive.judge.ranges import Ranges
from derive.judge.sturm import nonnegative_between
from derive.notation.interval import Interval

Sign = Literal["positive", "nonnegative"]

DEEPEST = 14
"""So many derivatives are taken in turn."""
BUDGET = 120
"""So many formulas are looked at for one sign."""
LONGEST = 24
"""Of formulas with more terms than this no derivative is taken."""
PIECES = 20_000
"""So many terms are evaluated while a bounded interval is cut into pieces."""
TAILS = (Fraction(-1), Fraction(-2), Fraction(-4), Fraction(-8))
"""Where the tails may begin, on the left; on the right likewise."""


def weaker(a: Sign | None, b: Sign | None) -> Sign | None:
    """What holds where both are needed."""
    if a is None or b is None:
        return None
    return "positive" if a == b == "positive" else "nonnegative"


@dataclass
class Prover(Ranges):
    """Proves signs with balls; the budget is counted down."""

    budget: int = BUDGET
    signs: dict[tuple[Quotient, Interval], Sign | None] = field(default_factory=dict)

    def sign(self, q: Quotient, where: Interval) -> Sign | None:
        """That q > 0, or q >= 0, on an interval; None where neither is shown."""
        key = q, where
        if key not in self.signs:
            self.signs[key] = self._sign(q, where)
        return self.signs[key]

    def _sign(self, q: Quotient, where: Interval) -> Sign | None:
        for pieces in ((where,), *_ways_to_cut(where)):
            found: Sign | None = "positive"
            for piece in pieces:
                self.budget = BUDGET
                found = weaker(found, self._quotient(q, piece, 0))
                if found is None:
                    break
            if found is not None:
                return found
        return None

    # ------------------------------------------------------------ signs of formulas

    def _quotient(self, q: Quotient, where: Interval, depth: int) -> Sign | None:
        turned = False
        for part, k in q.below:
            if k % 2 == 0:
                if self._poly(part, where, depth) != "positive" and (
                    self._poly(_minus(part), where, depth) != "positive"
                ):
                    return None
                continue
            if self._poly(part, where, depth) == "positive":
                continue
            if self._poly(_minus(part), where, depth) != "positive":
                return None
            turned = not turned
        return self._poly(_minus(q.top) if turned else q.top, where, depth)

    def _poly(self, p: Poly, where: Interval, depth: int) -> Sign | None:
        if not p.terms:
            return "nonnegative"
        self.budget -= 1
        if self.budget < 0 or depth > DEEPEST:
            return None
        found = self._at_once(p, where)
        if found is not None or len(p.terms) > LONGEST:
            return found
        monomial, core = _stripped(p)
        outside = self._monomial(monomial, where, depth)
        if outside is None:
            return self._differential(p, where, depth)
        sign, weak = outside
        core = _minus(core) if sign < 0 else core
        inner = self._at_once(core, where) or self._differential(core, where, depth)
        if inner is None and math.inf not in (-where.low, where.high) and depth == 0:
            inner = self._in_pieces(core, where)
        return weaker(inner, "nonnegative" if weak else "positive")

    def _monomial(self, monomial: Monomial, where: Interval, depth: int) -> tuple[int, bool] | None:
        """The sign of a product of powers, and whether it may vanish."""
        sign, weak = 1, False
        for letter, k in monomial:
            values = self.letter(letter, where)
            if values.low >= 0:
                pass
            elif values.high <= 0:
                sign *= -1 if k % 2 else 1
            elif k % 2:
                own = self._logarithm(letter, where, depth)
                if own is None:
                    return None
                sign *= own
                continue
            weak = weak or not values.nonzero
        return sign, weak

    def _logarithm(self, letter: Letter, where: Interval, depth: int) -> int | None:
        """The sign of log w for w > 1 or w < 1."""
        if letter.name != "log" or letter.arg is None:
            return None
        above = letter.arg - number(1)
        if self._quotient(above, where, depth + 1) == "positive":
            return 1
        return -1 if self._quotient(-above, where, depth + 1) == "positive" else None

    def _at_once(self, p: Poly, where: Interval) -> Sign | None:
        """By the ranges of the letters, or exactly where there is one letter."""
        values = self.poly(p, where)
        if values.positive:
            return "positive"
        letters = p.letters
        if len(letters) == 1:
            return nonnegative_between(p, letters[0], self.letter(letters[0], where))
        return "nonnegative" if values.nonnegative else None

    def _in_pieces(self, p: Poly, where: Interval) -> Sign | None:
        """Positive on a bounded interval, by halving it."""
        todo = [(Fraction(where.low), Fraction(where.high))]
        try:
            change = slope(Quotient(p)) if len(p.terms) <= LONGEST else None
        except UnknownError:
            change = None
        length = len(p.terms) + (len(change.top.terms) if change is not None else 0)
        count = 0
        with self.balls.working():
            while todo:
                low, high = todo.pop()
                count += length
                if count > PIECES:
                    return None
                middle = self.balls.number((low + high) / 2)
                radius = self.balls.number((high - low) / 2)
                whole = self.balls.flint.arb(middle, radius)
                if self._ball_positive(p, change, middle, whole):
                    continue
                if not self._ball_positive(p, None, middle, middle):
                    return None
                todo += [(low, (low + high) / 2), ((low + high) / 2, high)]
        return "positive"

    def _ball_positive(self, p: Poly, change: Quotient | None, middle: Value, at: Value) -> bool:
        """By the values on a ball, or by the value at its middle and the slopes on the ball."""
        try:
            if self.value(Quotient(p), at) > 0:
                return True
            if change is None:
                return False
            here = self.value(Quotient(p), middle)
            return bool(here + self.value(change, at) * (at - middle) > 0)
        except (OutsideError, ZeroDivisionError):
            return False

    def _differential(self, p: Poly, where: Interval, depth: int) -> Sign | None:
        """From an end at which p has a limit >= 0, by the sign of its derivative."""
        for summands in _candidates(p):
            candidate = reduce(add, summands)
            for end, ways in ((where.low, 1), (where.high, -1)):
                start = Limits(self).of_sum(summands, end)
                if start is None:
                    continue
                if (
                    candidate.below
                    and self._quotient(Quotient(ONE, candidate.below), where, depth + 1)
                    != "positive"
                ):
                    continue
                try:
                    change = slope(candidate)
                except UnknownError:
                    continue
                moved = change if ways > 0 else -change
                if len(moved.top.terms) > LONGEST or not self._moves(moved, where):
                    continue
                if self._quotient(moved, where, depth + 1) is not None:
                    reached = end in where
                    return "nonnegative" if reached and start == 0 else "positive"
        return None

    def _moves(self, q: Quotient, where: Interval) -> bool:
        """Whether an analytic function is not 0 throughout: then its zeros are isolated."""
        low, high = where.low, where.high
        if math.isinf(low):
            start = Fraction(-1) if math.isinf(high) else Fraction(high) - 3
        else:
            start = Fraction(low)
        width = Fraction(1) if math.isinf(high) else Fraction(high) - start
        for share in (Fraction(1, 3), Fraction(4, 7), Fraction(9, 11)):
            try:
                value = self.value(q, self.balls.number(start + width * share))
            except (OutsideError, ZeroDivisionError):
                continue
            if not value.contains(0):
                return True
        return False


def _minus(p: Poly) -> Poly:
    return scaled(p, Fraction(-1))


def _stripped(p: Poly) -> tuple[Monomial, Poly]:
    """The letters that all terms share, and the rest."""
    shared = {letter: min(dict(m).get(letter, 0) for m, _ in p.terms) for letter in p.letters}
    monomial = tuple((letter, k) for letter, k in sorted(shared.items()) if k)
    if not monomial:
        return (), p
    below = Poly(((monomial, Fraction(1)),))
    return monomial, quotient(p, {below: 1}).top


def _candidates(p: Poly) -> tuple[tuple[Quotient, ...], ...]:
    """p, and p divided by what stands beside a letter whose derivative is rational, as sums."""
    out: list[tuple[Quotient, ...]] = [(Quotient(p),)]
    for letter in p.letters:
        if letter.name in ("log", "atan"):
            beside: dict[int, Poly] = {}
            for m, c in p.terms:
                term = Poly(((tuple((a, k) for a, k in m if a != letter), c),))
                degree = dict(m).get(letter, 0)
                beside[degree] = plus(beside.get(degree, ZERO), term)
            head = beside[max(beside)]
            if not head.constant:
                out.append(tuple(
                    whole_power(single(letter), k) * quotient(part, {head: 1})
                    for k, part in sorted(beside.items())
                ))  # fmt: skip
    return tuple(out)


def _ways_to_cut(where: Interval) -> list[tuple[Interval, ...]]:
    """An interval cut at 0, and with tails that begin further and further out."""
    ways = [_cut(where, (Fraction(0),))]
    ways += [_cut(where, (at, Fraction(0), -at)) for at in TAILS]
    return [way for way in dict.fromkeys(ways) if len(way) > 1]


def _cut(where: Interval, at: tuple[Fraction, ...]) -> tuple[Interval, ...]:
    """An interval in pieces, which share their ends."""
    inside = [x for x in at if where.low < x < where.high]
    lows = [where.low, *inside]
    highs = [*inside, where.high]
    return tuple(
        Interval(a, b, where.low_open and k == 0, where.high_open and k == len(inside))
        for k, (a, b) in enumerate(zip(lows, highs, strict=True))
    )
