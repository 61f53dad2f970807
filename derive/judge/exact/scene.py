"""Where formulas are read: sizes, weights of positions, and entries of the data.

A scene has residues at many draws and, beside them, one real point, whose signs decide the tests:
all draws of a scene share its pattern of signs, and its labels.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.exact.field import P, Residues, residue
from derive.judge.exact.laws import Laws
from derive.judge.exact.reals import Reals
from derive.judge.exact.shapes import finite
from derive.judge.exact.terms import MalformedTermError
from derive.notation.expression import Axis, Tensor
from derive.notation.facts import DIAGONAL, ORTHOGONAL, SEMIDEFINITE, SYMMETRIC, has

REACH = (1.0, 4.0, 0.25, 16.0)
"""How far out the real points of the scenes lie, in turn."""

CODES = (1, 2, 3)
"""Any two of three labels show all four pairs of two values within four scenes."""


@dataclass(frozen=True)
class Scene:
    """Sizes and a name for the draws.

    Attributes:
        name: What the random numbers depend on.
        sizes: The number of positions along every axis.
        weighted: The axes whose positions have weights: position i stands for w_i positions with
            equal entries, sums are weighted, and the size of the axis is the sum of the weights.
        pattern: The number of the real point.
    """

    name: str
    sizes: tuple[tuple[Axis, int], ...]
    weighted: frozenset[Axis]
    pattern: int = 0

    def size(self, axis: Axis) -> int:
        """The number of positions along an axis; that of n - 1 follows from n."""
        return dict(self.sizes)[axis.root] - axis.cut

    @property
    def seed(self) -> str:
        """What the draws depend on."""
        sizes = ",".join(f"{axis.letter}={size}" for axis, size in self.sizes)
        weighted = ",".join(sorted(axis.letter for axis in self.weighted))
        return f"{self.name}|{sizes}|{weighted}|{self.pattern}"


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")


def places(scene: Scene, axes: tuple[Axis, ...]) -> list[tuple[int, ...]]:
    """All positions, counted from 1, in the order of an array."""
    return list(itertools.product(*(range(1, scene.size(axis) + 1) for axis in axes)))


def fixed(scene: Scene, tensor: Tensor, place: tuple[int, ...]) -> Fraction | None:
    """The value that all draws share: a label, the end of a domain; None for a free entry."""
    domain = tensor.domain
    if domain.low == domain.high:
        return Fraction(domain.low)
    low = math.ceil(domain.low) if domain.low > -math.inf else 0
    if finite(tensor):
        count = math.floor(domain.high) - low + 1
        if count < 1:
            raise MalformedTermError(f"the domain of {tensor.name} holds no whole number")
        flat = sum((k - 1) * (2 * n + 1) for n, k in enumerate(place))
        code = CODES[flat % len(CODES)]
        turn = (scene.pattern & code).bit_count() if count == 2 else scene.pattern + flat
        if scene.pattern > CODES[-1]:
            turn = _number(f"{scene.seed}|{tensor.name}|{place}|label")
        return Fraction(low + (turn + _number(tensor.name)) % count)
    closed = domain.low > -math.inf and not domain.low_open
    if scene.pattern and closed:
        lot = _number(f"{scene.seed}|{tensor.name}|{place}|edge")
        return Fraction(domain.low) if lot % 4 == 0 else None
    return None


def real(scene: Scene, tensor: Tensor, place: tuple[int, ...]) -> float:
    """A real value inside the domain."""
    known = fixed(scene, tensor, place)
    if known is not None:
        return float(known)
    share = (1 + _number(f"{scene.seed}|{tensor.name}|{place}") % 8191) / 8192
    reach, domain = REACH[scene.pattern % len(REACH)], tensor.domain
    low, high = float(domain.low), float(domain.high)
    if domain.integer:
        start = low if low > -math.inf else -3.0
        return float(min(high, start + 1 + int(6 * share)))
    if low > -math.inf and high < math.inf:
        return low + (high - low) * share
    if low > -math.inf:
        return low + 3 * share * reach
    if high < math.inf:
        return high - 3 * share * reach
    flat = sum((k - 1) * (2 * n + 1) for n, k in enumerate(place))
    turn = (scene.pattern & CODES[flat % len(CODES)]).bit_count() + _number(tensor.name)
    return (2 if turn % 2 else -2) * share * reach


def residues(scene: Scene, laws: Laws, tensor: Tensor, draws: int) -> Residues:
    """The entries at all draws; the facts of a matrix hold."""
    shape = tuple(scene.size(axis) for axis in tensor.axes)
    drawn = np.empty((draws, *shape), dtype=np.uint64)
    for place in places(scene, tensor.axes):
        at: tuple[Any, ...] = (slice(None), *(k - 1 for k in place))
        drawn[at] = _entry(scene, laws, tensor, place, draws)
    if has(tensor, ORTHOGONAL):
        return _turned(scene, laws, tensor, draws)
    if has(tensor, DIAGONAL):
        drawn *= np.eye(shape[0], dtype=np.uint64)
    elif has(tensor, SYMMETRIC):
        for row, column in itertools.combinations(range(shape[0]), 2):
            drawn[:, column, row] = drawn[:, row, column]
    return Residues(drawn)


def _entry(scene: Scene, laws: Laws, tensor: Tensor, place: tuple[int, ...], draws: int) -> Any:
    known = fixed(scene, tensor, place)
    if known is not None:
        return np.full(draws, residue(known), dtype=np.uint64)
    return laws.entry(f"{tensor.name}|{place}", positive=tensor.domain.low >= 0)


def _turned(scene: Scene, laws: Laws, tensor: Tensor, draws: int) -> Residues:
    """(I - S)(I + S)^-1 with S' = -S (Cayley): all rotations but for a thin set.

    In every other scene the first row is turned around, for the matrices of determinant -1.
    """
    count = scene.size(tensor.axes[0])
    out = np.empty((draws, count, count), dtype=np.uint64)
    names = itertools.combinations(range(count), 2)
    drawn = {at: laws.entry(f"{tensor.name}|{at}", positive=False) for at in names}
    for draw in range(draws):
        skew = [[0] * count for _ in range(count)]
        for (row, column), values in drawn.items():
            skew[row][column] = int(values[draw])
            skew[column][row] = P - int(values[draw])
        plus = [[(int(r == c) + x) % P for c, x in enumerate(row)] for r, row in enumerate(skew)]
        # (I - S)(I + S)^-1 = 2 (I + S)^-1 - I.
        for r, own in enumerate(_inverse(plus)):
            sign = -1 if r == 0 and scene.pattern % 2 else 1
            out[draw, r] = [sign * (2 * x - int(r == c)) % P for c, x in enumerate(own)]
    return Residues(out)


def _inverse(rows: list[list[int]]) -> list[list[int]]:
    count = len(rows)
    wide = [[*row, *(int(k == at) for k in range(count))] for at, row in enumerate(rows)]
    for column in range(count):
        pivot = next(at for at in range(column, count) if wide[at][column])
        wide[column], wide[pivot] = wide[pivot], wide[column]
        scale = pow(wide[column][column], -1, P)
        wide[column] = [x * scale % P for x in wide[column]]
        for at in range(count):
            if at != column and wide[at][column]:
                share = wide[at][column]
                pairs = zip(wide[at], wide[column], strict=True)
                wide[at] = [(x - share * y) % P for x, y in pairs]
    return [row[count:] for row in wide]


def reals(scene: Scene, tensor: Tensor) -> Reals:
    """The entries at the real point; the facts of a matrix hold."""
    shape = tuple(scene.size(axis) for axis in tensor.axes)
    values = [real(scene, tensor, place) for place in places(scene, tensor.axes)]
    out = np.array(values, dtype=np.float64).reshape(shape)
    if has(tensor, ORTHOGONAL):
        skew = np.triu(out, 1) - np.triu(out, 1).T
        out = 2 * np.linalg.inv(np.eye(len(out)) + skew) - np.eye(len(out))
        if scene.pattern % 2:
            out[0] *= -1
    elif has(tensor, DIAGONAL):
        out = np.diag(np.abs(np.diag(out)) if has(tensor, SEMIDEFINITE) else np.diag(out))
    elif has(tensor, SEMIDEFINITE):
        out = out.T @ out + np.eye(len(out))
    elif has(tensor, SYMMETRIC):
        out = np.triu(out) + np.triu(out, 1).T
    return Reals(out[None])
