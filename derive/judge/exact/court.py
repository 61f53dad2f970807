"""One equality at a time: is it an identity, and how sure is that?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from derive.judge.exact import blocks
from derive.judge.exact.blocks import LargeError
from derive.judge.exact.comparisons import UndecidedError
from derive.judge.exact.elements import UnsupportedError
from derive.judge.exact.field import BITS, SingularError
from derive.judge.exact.laws import Laws, SingularMatrixError
from derive.judge.exact.reading import Reading
from derive.judge.exact.relations import HEIGHT, CrowdedError
from derive.judge.exact.scene import Scene
from derive.judge.exact.terms import MalformedTermError, Term, Terms
from derive.notation.expression import Axis, Expr
from derive.notation.problem import Definition
from derive.notation.tree import free_indices

NARROW = 4
"""Draws at which both sides are compared."""

DRAWS = (24, 64, 160)
"""Draws at which arguments of functions are compared: more where there are many arguments."""

LEVELS = (3, 5, 8)
"""Sizes to choose from; every second axis has one position more."""

PATTERNS = 4
"""Real points that decide tests and labels."""

MOVES = 12
"""So many real points of a kind are tried before none counts as admissible."""

SURE = 100
"""An identity counts as shown when a false one passes with a chance below 2^-SURE."""


Order = Literal["as needed", "falling", "rising"]
"""X'X has an inverse where X has no more columns than rows: m > n; XX' where it has no fewer."""


class Finding(NamedTuple):
    """What was found of an equality.

    Attributes:
        equal: Whether it is an identity; None where that cannot be told here.
        bits: A false identity passes with a chance below 2^-bits.
        sizes: The sizes of the axes at which it was shown: "m = 3, n = 4".
        patterns: How many patterns of signs and labels were met.
        message: Why nothing can be told, or where the sides differ.
    """

    equal: bool | None
    bits: int = 0
    sizes: str = ""
    patterns: int = 1
    message: str = ""


ALLOWED = 1 << 23
"""Numbers that may be computed for one equality at one scene."""

WHOLE = 1 << 26
"""Numbers that may be computed for all equalities of a proof."""


SCENE = 1 << 18
"""The first look at a scene costs as much time as so many numbers."""


class NoValueError(ArithmeticError):
    """The sides have no value at this scene's labels."""


@dataclass(frozen=True)
class _Look:
    """One comparison: the bits, and whether a branch of a case was left out."""

    equal: bool
    bits: float
    message: str = ""


class Court:
    """The readings of one proof, shared by its equalities."""

    def __init__(
        self, name: str, axes: tuple[Axis, ...], definitions: tuple[Definition, ...]
    ) -> None:
        self._name, self._axes = name, axes
        self.terms = Terms(definitions)
        self._readings: dict[Scene, Reading] = {}
        self._widths: dict[Scene, int] = {}
        self._moves: dict[Scene, int] = {}
        self._eager: set[Scene] = set()
        self._spent = 0
        self._orders: tuple[Order, ...] = ("as needed", "falling", "rising")

    def examine(self, left: Expr, right: Expr) -> Finding:
        """Whether left = right is an identity."""
        try:
            a, b = self.terms.term(left), self.terms.term(right)
            return self._examined(left, right, a, b)
        except MalformedTermError as error:
            return Finding(None, message=str(error))
        except (UnsupportedError, UndecidedError) as error:
            return Finding(None, message=f"it needs {error}")
        except CrowdedError:
            return Finding(None, message="it needs too many different arguments of functions")
        except LargeError:
            return Finding(None, message="it needs too many numbers at these sizes")
        except SingularError:
            return Finding(None, message="it needs a division by zero at every draw")

    def _examined(self, left: Expr, right: Expr, a: Term, b: Term) -> Finding:
        for order in self._orders:
            try:
                found = self._at_sizes(left, right, a, b, order)
            except SingularMatrixError:
                continue
            # A matrix X'X that is singular for m < n: from now on with the larger sizes.
            self._orders = self._orders[self._orders.index(order) :]
            return found
        raise UnsupportedError("a singular matrix")

    def _at_sizes(self, left: Expr, right: Expr, a: Term, b: Term, order: Order) -> Finding:
        bits = math.inf
        shown: dict[str, None] = {}
        patterns = 0
        for scene in self._scenes(left, right, a, b, order):
            look = self._admissible(scene, left, right)
            if not look.equal:
                return Finding(False, message=look.message)
            bits = min(bits, look.bits)
            shown[_sizes(scene, a, b)] = None
            patterns += 1
        if bits < SURE:
            return Finding(None, message=f"its degree leaves a chance of 2^-{max(0, int(bits))}")
        met = PATTERNS if a.cased or b.cased else 1
        del patterns
        return Finding(True, int(bits), "; ".join(filter(None, shown)), met)

    def _scenes(self, left: Expr, right: Expr, a: Term, b: Term, order: Order) -> Iterator[Scene]:
        rigid = a.rigid | b.rigid
        weighted = frozenset(axis for axis in self._axes if axis not in rigid)
        letters = [dict(term.letters) for term in (a, b)]
        degrees = [dict(term.sizes) for term in (a, b)]
        free = {*free_indices(left), *free_indices(right)}
        sizes = []
        more = 0
        for number, axis in enumerate(self._axes):
            own = sum(k.axis.root == axis for k in free)
            need = own + max(count.get(axis, 0) for count in letters)
            level = next((size for size in LEVELS if size >= need), LEVELS[-1])
            least = self.terms.least.get(axis, 1)
            sizes.append((axis, level + number % 2 + least - 1))
            if axis in rigid:
                more = max(more, *(degree.get(axis, 0) for degree in degrees))
        sizes = ordered(sizes, order)
        base = Scene(self._name, tuple(sizes), weighted)
        for pattern in range(PATTERNS if a.cased or b.cased else 1):
            yield replace(base, pattern=pattern)
        for extra in range(1, min(more, 2) + 1):
            grown = [(axis, size + extra * (axis in rigid)) for axis, size in sizes]
            yield replace(base, sizes=tuple(ordered(grown, order)))

    def _admissible(self, scene: Scene, left: Expr, right: Expr) -> _Look:
        """The look at the first real point of a kind where both sides have a value."""
        first = self._moves.get(scene, 0)
        for move in range(first, MOVES):
            try:
                look = self._look(
                    replace(scene, pattern=scene.pattern + move * PATTERNS), left, right
                )
            except (NoValueError, UndecidedError):
                continue
            self._moves[scene] = move
            return look
        raise UnsupportedError("a point where both sides have a value")

    def _look(self, scene: Scene, left: Expr, right: Expr) -> _Look:
        for width in DRAWS:
            if width < self._widths.get(scene, 0):
                continue
            try:
                return self._compared(self._reading(scene, width), left, right)
            except CrowdedError:
                self._readings.pop(scene, None)
                self._widths[scene] = width + 1
            except UnsupportedError:
                if scene in self._eager:
                    raise
                # A root of what is a product of entries is known when the entries come first.
                self._readings.pop(scene, None)
                self._eager.add(scene)
                return self._look(scene, left, right)
        raise CrowdedError

    def _reading(self, scene: Scene, width: int) -> Reading:
        if scene not in self._readings:
            self._spent += SCENE
            signs = Reading(scene, self.terms, 1, 1, None)
            self._readings[scene] = Reading(
                scene, self.terms, width, NARROW, signs, eager=scene in self._eager
            )
        return self._readings[scene]

    def _compared(self, r: Reading, left: Expr, right: Expr) -> _Look:
        before = r.spent
        r.allow(min(ALLOWED, WHOLE - self._spent))
        try:
            with np.errstate(all="ignore"):
                a, b = r.value(left)[0], r.value(right)[0]
                difference = blocks.plus(a, blocks.negative(b))
        finally:
            self._spent += r.spent - before
        wrong = ~difference.data.nowhere()
        if difference.bad is not None:
            wrong = wrong & ~difference.bad
            if np.broadcast_to(difference.bad, wrong.shape).all():
                raise NoValueError
        if wrong.any():
            at = tuple(int(k) for k in np.argwhere(wrong)[0])
            return _Look(
                False, 0, f"the sides differ in the field of 2^61 - 1 elements, draw {at[0]}"
            )
        return _Look(True, _bits(r, difference.top + difference.bottom))


def _bits(r: Reading, degree: float) -> float:
    """The logarithm of the bound of EXACT.md for one scene."""
    laws = r.laws
    if not isinstance(laws, Laws) or not math.isfinite(degree):
        return 0.0
    roots = laws.square_roots
    final = NARROW * (BITS - math.log2(degree + 1) - roots)
    if not math.isfinite(laws.largest):
        return 0.0
    choices = laws.rank * 2 * math.log2(2 * HEIGHT)
    search = laws.draws * (BITS - math.log2(laws.largest + 1) - roots) - choices
    return min(final, search - math.log2(laws.relations + 2)) - 1


def ordered(sizes: list[tuple[Axis, int]], order: Order) -> list[tuple[Axis, int]]:
    """Sizes raised until they fall, or rise, from axis to axis."""
    if order == "as needed":
        return sizes
    out: list[tuple[Axis, int]] = []
    for axis, size in sizes if order == "rising" else sizes[::-1]:
        out.append((axis, max(size, out[-1][1] + 1) if out else size))
    return out if order == "rising" else out[::-1]


def _sizes(scene: Scene, a: Term, b: Term) -> str:
    del a, b
    return ", ".join(f"{axis.letter} = {size}" for axis, size in scene.sizes)
