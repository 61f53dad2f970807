"""Index formulas read in a scene: their values at all draws and at all positions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.exact import blocks, comparisons, primitives, sums
from derive.judge.exact.blocks import Block, Jet, LargeError
from derive.judge.exact.field import Residues, residue
from derive.judge.exact.laws import Laws
from derive.judge.exact.real_functions import RealLaws
from derive.judge.exact.reals import Reals
from derive.judge.exact.scene import Scene, reals, residues
from derive.judge.exact.shapes import Cell
from derive.judge.exact.tables import Tables
from derive.judge.exact.terms import MalformedTermError, Terms
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
)

LETTERS, MOVED = 1000, 100_000
"""Names of dimensions: positions along the axes of a tensor are 0, 1, ..., letters come then, and
last the positions of the entries by which a derivative is taken."""


EACH = 1 << 10
"""A value costs as much time as so many numbers, however few it has."""

HELD = 1 << 22
"""So many numbers are remembered from one equality to the next."""


@dataclass(frozen=True)
class Variable:
    """A derivative under way: by all entries of a tensor at once.

    `bit` is the number of its epsilon; `held` are the tensors that stand still meanwhile.
    """

    bit: int
    tensor: Tensor
    held: frozenset[Tensor]


Active = tuple[Variable, ...]
"""The derivatives under way, outermost first."""


class Reading:
    """The values of formulas in one scene, each computed once.

    The arguments of functions are read at all draws ("wide"), because relations among them are
    found by linear algebra over the draws; everything else at the first few ("narrow").
    """

    def __init__(
        self,
        scene: Scene,
        terms: Terms,
        draws: int,
        narrow: int,
        signs: Reading | None,
        *,
        eager: bool = False,
    ) -> None:
        self.scene, self.terms, self.narrow = scene, terms, narrow
        self._draws, self.signs = draws, signs
        self.laws: Laws | RealLaws = (
            RealLaws() if signs is None else Laws(scene.seed, draws, eager=eager)
        )
        self.tables = Tables(self)
        self.outcomes: dict[int, set[bool]] = {}
        self._memory: dict[tuple[int, Active, bool], Jet] = {}
        self._still: dict[Tensor, Block] = {}
        self.spent, self.allowance, self._held = 0, math.inf, 0
        self._moved: dict[tuple[int, Tensor], tuple[int, ...]] = {}
        self._weights: dict[Axis, Block] = {}

    def allow(self, count: int) -> None:
        """So many more numbers may be computed; when many are held, all are forgotten first."""
        self.allowance = self.spent + count
        if self.spent - self._held > HELD:
            self._held = self.spent
            self._memory.clear()
            self.tables.forget()

    def value(self, e: Expr, active: Active = (), *, wide: bool = False) -> Jet:
        """The value of a formula with its derivatives under way."""
        term = self.terms.term(e)
        active = tuple(one for one in active if one.tensor in term.depends)
        key = (term.number, active, wide)
        found = self._memory.get(key)
        if found is None:
            found = self._narrowed(self._memory.get((term.number, active, True)), wide)
            if found is None:
                found = self._value(e, active, wide)
                self.spent += EACH + sum(block.data.re.size for block in found.values())
                if self.spent > self.allowance:
                    raise LargeError
            self._memory[key] = found
        return found

    def _narrowed(self, found: Jet | None, wide: bool) -> Jet | None:
        if found is None or wide:
            return None
        return {mask: block.draws(self.narrow) for mask, block in found.items()}

    def constant(self, value: Fraction | int) -> Block:
        """A rational number."""
        if self.signs is None:
            return Block((), Reals(np.full(1, float(value))))
        return Block((), Residues(np.full(1, residue(value), dtype=np.uint64)))

    def truth(self, dims: tuple[int, ...], mask: Any) -> Block:
        """1 where the mask holds, else 0."""
        if self.signs is None:
            return Block(dims, Reals(mask[None].astype(np.float64)))
        return Block(dims, Residues(mask[None].astype(np.uint64)))

    def dimension(self, index: Index) -> int:
        """The name of the dimension of a letter."""
        return LETTERS + self.terms.letter(index)

    def moved(self, variable: Variable) -> tuple[int, ...]:
        """The names of the dimensions of the entries by which a derivative is taken."""
        key = (variable.bit, variable.tensor)
        if key not in self._moved:
            start = MOVED + 8 * len(self._moved)
            self._moved[key] = tuple(start + k for k in range(len(variable.tensor.axes)))
        return self._moved[key]

    def positions(self, index: Index) -> tuple[int | None, Any]:
        """The dimension of an index (None for a fixed position) and its positions from 0."""
        if not index.letter:
            shift = (
                index.shift - 1 if index.shift > 0 else self.scene.size(index.axis) + index.shift
            )
            return None, shift
        return self.dimension(index), np.arange(self.scene.size(index.axis)) + index.shift

    def read(self, block: Block, dims: tuple[int, ...], indices: tuple[Index, ...]) -> Block:
        """A block over the axes of a tensor, at some indices."""
        names: dict[int, int] = {}
        for dim, index in zip(dims, indices, strict=True):
            if dim not in block.dims:
                continue
            letter, at = self.positions(index)
            if letter is None or len(at) != block.size(dim) or at[0] != 0:
                block = block.taken(dim, at)
            if letter is not None:
                names[dim] = letter
        return block.renamed(names)

    def weight(self, axis: Axis) -> Block:
        """The weights of the positions along an axis, over the dimension 0."""
        if axis not in self._weights:
            count = self.scene.size(axis)
            if isinstance(self.laws, RealLaws):
                block = Block((0,), Reals(np.arange(1.0, count + 1)[None]))
            else:
                every = [
                    self.laws.entry(f"weight|{axis.letter}|{k}", positive=True, paired=False)
                    for k in range(count)
                ]
                block = Block((0,), Residues(np.stack(every, axis=-1)), top=12)
            self._weights[axis] = block
        return self._weights[axis]

    def count(self, axis: Axis) -> Block:
        """The size of an axis: the sum of the weights, where its positions have some."""
        if axis.root in self.scene.weighted:
            return self.weight(axis).total(0)
        return self.constant(self.scene.size(axis))

    def _value(self, e: Expr, active: Active, wide: bool) -> Jet:
        match e:
            case Num(value):
                return {0: self.constant(value)}
            case Constant():
                return {0: self._pi(wide)}
            case Axis():
                return {0: self.count(e)}
            case Entry(tensor, indices):
                jet = self.letter(tensor, active, wide)
                dims = tuple(range(len(indices)))
                return {mask: self.read(block, dims, indices) for mask, block in jet.items()}
            case Element(mat, indices):
                jet = self.tables.value(mat, active, wide)
                dims = tuple(range(len(indices)))
                return {mask: self.read(block, dims, indices) for mask, block in jet.items()}
            case Cell(mat):
                return self.tables.value(mat, active, wide)
            case Add(args):
                return blocks.jet_sum(self.value(a, active, wide=wide) for a in args)
            case Mul(args):
                out = self.value(args[0], active, wide=wide)
                for arg in args[1:]:
                    out = blocks.jet_times(out, self.value(arg, active, wide=wide))
                return out
            case Pow(base, exponent):
                return primitives.power(self, base, exponent, active, wide)
            case Apply():
                return primitives.function(self, e, active, wide)
            case Sum():
                factors = e.body.args if isinstance(e.body, Mul) else (e.body,)
                jets = [self.value(factor, active, wide=wide) for factor in factors]
                over = [(self.dimension(e.index), e.upper)]
                return sums.product_total(self, jets, over, e.lower)
            case Product():
                body = self.value(e.body, active, wide=wide)
                return sums.product(self, body, self.dimension(e.index), e.upper, e.lower)
            case Cases():
                return self._cases(e, active, wide)
            case Delta(left, right):
                return {0: self._delta(left, right)}
            case Indicator(index, lower):
                dim, at = self.positions(index)
                mask = np.asarray(at >= lower - 1)
                return {0: self.truth(() if dim is None else (dim,), mask)}
            case Diff():
                return self._derivative(e, active, wide)
        raise MalformedTermError(f"no formula of kind {type(e).__name__} is known here")

    def _pi(self, wide: bool) -> Block:
        if isinstance(self.laws, RealLaws):
            return Block((), Reals(np.full(1, np.pi)))
        block = Block((), Residues(self.laws.entry("pi", positive=True, paired=True)), top=12)
        return block if wide else block.draws(self.narrow)

    def _delta(self, left: Index, right: Index) -> Block:
        (a, p), (b, q) = self.positions(left), self.positions(right)
        if a is not None and b is not None and a != b:
            mask = p[:, None] == q[None, :] if a < b else q[:, None] == p[None, :]
            return self.truth((min(a, b), max(a, b)), mask)
        dims = tuple({d for d in (a, b) if d is not None})
        return self.truth(dims, np.asarray(p == q))

    def letter(self, tensor: Tensor, active: Active, wide: bool) -> Jet:
        """The entries of a tensor, over the dimensions 0, 1, ...

        Inside a derivative by a defined tensor, that tensor is a variable of its own: its value
        is the one that it has outside of the derivative. One that is held fixed does not move.
        """
        own = tuple(one for one in active if tensor not in one.held)
        mine = [k for k, one in enumerate(own) if one.tensor == tensor]
        still = self._entries(tensor, own[: mine[0]] if mine else own, wide)
        seeds = ({1 << own[k].bit: self._seed(own[k])} for k in mine)
        return blocks.jet_sum((still, *seeds))

    def _seed(self, variable: Variable) -> Block:
        out = self.constant(1)
        for k, dim in enumerate(self.moved(variable)):
            count = self.scene.size(variable.tensor.axes[k])
            out = blocks.times(out, self.truth((k, dim), np.eye(count, dtype=bool)))
        return out

    def _entries(self, tensor: Tensor, active: Active, wide: bool) -> Jet:
        definition = self.terms.definitions.get(tensor)
        if definition is not None:
            names = {self.dimension(k): n for n, k in enumerate(definition.indices)}
            jet = self.value(definition.body, active, wide=wide)
            return {mask: block.renamed(names) for mask, block in jet.items()}
        if tensor not in self._still:
            dims = tuple(range(len(tensor.axes)))
            if isinstance(self.laws, RealLaws):
                self._still[tensor] = Block(dims, reals(self.scene, tensor))
            else:
                made = residues(self.scene, self.laws, tensor, self._draws)
                top = (
                    12
                    if tensor.domain.low >= 0
                    else 2 * self.scene.size(tensor.axes[0])
                    if ("orthogonal" in tensor.facts)
                    else 1
                )
                bottom = top if "orthogonal" in tensor.facts else 0
                self._still[tensor] = Block(dims, made, top=top, bottom=bottom)
        block = self._still[tensor]
        return {0: block if wide else block.draws(self.narrow)}

    def _derivative(self, e: Diff, active: Active, wide: bool) -> Jet:
        bit = active[-1].bit + 1 if active else 0
        variable = Variable(bit, e.wrt.tensor, frozenset(e.held))
        inside = self.value(e.body, (*active, variable), wide=wide)
        flag, dims = 1 << bit, self.moved(variable)
        out = {
            mask ^ flag: self.read(block, dims, e.wrt.indices)
            for mask, block in inside.items()
            if mask & flag
        }
        if 0 not in out:
            out[0] = self.constant(0)
        return out

    def _cases(self, e: Cases, active: Active, wide: bool) -> Jet:
        """The first branch whose test holds; only the branches that are met need a value."""
        number = self.terms.term(e).number
        out: Jet | None = None
        waiting: list[tuple[Block, Jet]] = []
        left: Any = True
        for test, branch in e.branches:
            mask = comparisons.holds(self, test.relation, test.left, test.right)
            self.outcomes.setdefault(number, set()).update(map(bool, np.unique(mask.data.re)))
            if mask.data.re.any():
                waiting.append((mask, self.value(branch, active, wide=wide)))
            left = not mask.data.re.all()
            if not left:
                break
        if left:
            out = self.value(e.otherwise, active, wide=wide)
        while waiting:
            mask, jet = waiting.pop()
            out = jet if out is None else self._either(mask, jet, out)
        return out or {0: self.constant(0)}

    def _either(self, mask: Block, a: Jet, b: Jet) -> Jet:
        zero = self.constant(0)
        return {
            key: blocks.chosen(mask, a.get(key, zero), b.get(key, zero))
            for key in sorted(a.keys() | b.keys())
        }
