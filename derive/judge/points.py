"""Random admissible points: sizes of the axes and exact values of data and parameters.

Nothing here depends on the order of calls or on the hash seed: every value is a function of the
problem's name, the point, the tensor's name and the position.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.judge.arithmetic import MalformedError
from derive.notation.expression import Axis, Tensor
from derive.notation.facts import (
    DEFINITE,
    DIAGONAL,
    KNOWN,
    ORTHOGONAL,
    SEMIDEFINITE,
    SYMMETRIC,
    has,
)
from derive.notation.interval import Interval

GRID = 64
"""Values are multiples of 1/64, so that floating point represents them exactly."""


POINTS_WITHOUT_AXES = 32
FAR = (1, 1, 4, 1, 12)
"""How far out the points of formulas without axes lie, in turn."""

CROWDED = 3
"""With more axes than this a formula is looked at in fewer places: there are many positions."""

SMALL = 4
"""With more axes than this, sizes stay at 1 to 3 and are not all different."""

SOME = {1: 8, 2: 8, 3: 4}
"""After the first kind of point, which shows them all, a formula is looked at in so many places, by
the number of axes: the four indices of a second derivative have dozens, at every kind of point."""

FEW = 12
"""So many positions of its free indices, divided by the number of crowded axes, a formula shows."""


@dataclass(frozen=True)
class Slot:
    """A kind of point: sizes, whether closed ends of a domain may be drawn, and how far to go.

    Where a domain does not end, values lie up to about `reach` times 2 or 3 from its other end
    or from 0. Where `most` is not 0, at most so many positions of a formula are looked at.
    """

    number: int
    sizes: tuple[tuple[Axis, int], ...]
    ends: bool
    reach: int | Fraction = 1
    most: int = 0
    least: tuple[int, ...] = ()

    @property
    def thin(self) -> bool:
        """Some axis has its least size (1, mostly), where many different formulas agree."""
        least = self.least or (1,) * len(self.sizes)
        return any(size == low for (_, size), low in zip(self.sizes, least, strict=True))


@dataclass(frozen=True, eq=False)
class Point:
    """Sizes and, on demand, values. `attempt` counts the draws for one slot."""

    name: str
    slot: Slot
    attempt: int
    sizes: Mapping[Axis, int]

    def size(self, axis: Axis) -> int:
        """The number of positions along an axis; that of n - 1 follows from n."""
        return self.sizes[axis] if axis.base is None else self.sizes[axis.base] - axis.cut

    def value(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:
        """The entry of a tensor without definition; its facts hold."""
        if not tensor.facts:
            return self._drawn(tensor.name, position, tensor.domain)
        if any(fact in KNOWN for fact in tensor.facts):
            _require_square(tensor)
        if has(tensor, ORTHOGONAL):
            return self._orthogonal(tensor, position)
        if has(tensor, DIAGONAL):
            return self._diagonal(tensor, position)
        if has(tensor, SEMIDEFINITE):
            return self._square(tensor, position)
        if has(tensor, SYMMETRIC):
            position = tuple(sorted(position))
        return self._drawn(tensor.name, position, tensor.domain)

    def _square(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:
        """A'A for a random A, and I more where the matrix is to be positive definite."""
        row, column = position
        small = Interval(-1, 1)
        products = (
            self._drawn(tensor.name, (k, row), small) * self._drawn(tensor.name, (k, column), small)
            for k in range(1, self.size(tensor.axes[0]) + 1)
        )
        identity = int(row == column and has(tensor, DEFINITE))
        return sum(products, Fraction(identity))

    def _diagonal(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:
        """0 off the diagonal; on it what the other facts allow."""
        if position[0] != position[1]:
            return Fraction(0)
        value = self._drawn(tensor.name, position, tensor.domain)
        return abs(value) if has(tensor, SEMIDEFINITE) else value

    def _orthogonal(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:
        """(I - 2 uu'/|u|^2)(I - 2 ww'/|w|^2): a turn made of two reflections, so not symmetric."""
        row, column = position
        count = self.sizes[tensor.axes[0]]
        u, w = (
            [self._drawn(f"{tensor.name}{k}", (p,), Interval(1, 2)) for p in range(1, count + 1)]
            for k in (1, 2)
        )
        a, b = sum(x * x for x in u), sum(x * x for x in w)
        inner = sum(x * y for x, y in zip(u, w, strict=True))
        r, c = row - 1, column - 1
        first, second = 2 * u[r] * u[c] / a, 2 * w[r] * w[c] / b
        both = 4 * u[r] * inner * w[c] / (a * b)
        return Fraction(int(row == column)) - first - second + both

    def _drawn(self, name: str, position: tuple[int, ...], domain: Interval) -> Fraction:
        seed = f"{self.name}|{self.slot.number}|{self.attempt}|{name}|{position}"
        digest = hashlib.sha256(seed.encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        return draw(domain, number, ends=self.slot.ends, reach=self.slot.reach)

    def text(self) -> str:
        """The sizes, for people."""
        return ", ".join(f"{axis.letter} = {size}" for axis, size in self.slot.sizes)


def _require_square(tensor: Tensor) -> None:
    if len(tensor.axes) != 2 or tensor.axes[0] != tensor.axes[1]:
        facts = ", ".join(sorted(tensor.facts))
        raise MalformedError(f"{tensor.name} is {facts}, but no square matrix")


def draw(domain: Interval, number: int, *, ends: bool, reach: int | Fraction = 1) -> Fraction:
    """A member of the domain chosen by a random `number`; with `ends`, a closed end in 1 of 3."""
    closed = [
        Fraction(end)
        for end, is_open in ((domain.low, domain.low_open), (domain.high, domain.high_open))
        if not is_open and (domain.low == domain.high or Fraction(float(end)) == end)
    ]
    number, lot = divmod(number, 3)
    if domain.integer:
        return Fraction(_whole(domain, number))
    if closed and (domain.low == domain.high or (ends and lot == 0)):
        return closed[number % len(closed)]
    low, high = domain.low, domain.high
    # Odd numerators avoid the middle of [0, 1] and of [-1, 1], where many formulas coincide.
    if low > -math.inf and high < math.inf:
        share = Fraction(1 + 2 * (number % (GRID // 2)), GRID)
        return _representable(Fraction(low) + (Fraction(high) - Fraction(low)) * share, domain)
    if low > -math.inf or high < math.inf:
        offset = Fraction(1 + number % (3 * GRID), GRID) * reach
        inside = Fraction(low) + offset if low > -math.inf else Fraction(high) - offset
        return _representable(inside, domain)
    magnitude = Fraction(1 + number % (2 * GRID), GRID) * reach
    return magnitude if number // (2 * GRID) % 2 else -magnitude


def _whole(domain: Interval, number: int) -> int:
    """One of up to five whole numbers at the finite end, or around 0."""
    low = math.ceil(domain.low) if domain.low > -math.inf else None
    high = math.floor(domain.high) if domain.high < math.inf else None
    if low is not None and domain.low_open and low == domain.low:
        low += 1
    if high is not None and domain.high_open and high == domain.high:
        high -= 1
    start = low if low is not None else (high - 4 if high is not None else -2)
    stop = start + 4 if high is None else min(high, start + 4)
    if stop < start:
        raise MalformedError(f"the domain {domain} holds no whole number")
    return start + number % (stop - start + 1)


def _representable(value: Fraction, domain: Interval) -> Fraction:
    """The nearest floating-point number, where it is still inside."""
    near = Fraction(float(value))
    return near if near in domain else value


def slots(axes: Sequence[Axis], extra: int = 2, least: tuple[int, ...] = ()) -> tuple[Slot, ...]:
    """Kinds of points, the most telling first; sizes of different axes differ.

    `least` are the smallest sizes, 1 where it is empty: with them all sizes grow.

    First the axes in falling and in rising size (m > n and m < n), the first without closed ends.
    Then each axis in turn of size 1, and at last `extra` more draws, of three axes half as many. A
    formula without axes has one number where others have many, so it is looked at in more places,
    some of them far out.
    Many axes have small sizes, and every third of them has size 1 at the same time.
    """
    count = len(axes)
    if count == 0:
        return tuple(
            Slot(number, (), ends=number > 0, reach=FAR[number % len(FAR)])
            for number in range(POINTS_WITHOUT_AXES)
        )
    falling = tuple(range(count + 1, 1, -1))
    sizes: list[Sequence[int]] = [(3,), (2,)] if count == 1 else [falling, falling[::-1]]
    for k in range(count):
        others = list(range(count, 1, -1))
        sizes.append((*others[:k], 1, *others[k:]))
    if count > SMALL:
        sizes = [tuple(3 if k % 3 == start else 2 for k in range(count)) for start in (0, 1)]
        sizes += [tuple(1 if k % 3 == thin else 2 for k in range(count)) for thin in range(3)]
    most = max(1, FEW // count) if count > CROWDED else 0
    if not most:
        sizes += [sizes[k % 2] for k in range(extra if count < CROWDED else extra // 2)]
    least = least or (1,) * count
    grown = [tuple(s + low - 1 for s, low in zip(each, least, strict=True)) for each in sizes]
    return tuple(
        Slot(
            number,
            tuple(zip(axes, each, strict=True)),
            number > 0,
            most=most or (SOME[count] if number else 0),
            least=least,
        )
        for number, each in enumerate(grown)
    )


def point(name: str, slot: Slot, attempt: int) -> Point:
    """The draw with this number."""
    return Point(name, slot, attempt, dict(slot.sizes))
