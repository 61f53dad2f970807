"""Matrix formulas: what every node means, over the dimensions 0, 1, ... of its axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from derive.judge.exact import blocks, sums
from derive.judge.exact.blocks import Block, Jet
from derive.judge.exact.laws import SingularMatrixError
from derive.judge.exact.shapes import Cell
from derive.judge.exact.terms import MalformedTermError
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from derive.notation.expression import Add, Apply, Axis, Cases, Expr, Mul, Pow, When

if TYPE_CHECKING:
    from derive.judge.exact.reading import Active, Reading

HIDDEN = 100
"""Names of the dimensions over which a product sums."""


def renamed(jet: Jet, names: dict[int, int]) -> Jet:
    """With other names for dimensions."""
    return {mask: block.renamed(names) for mask, block in jet.items()}


def formula(mat: mx.Mat) -> Expr | None:
    """An entrywise node as a formula of the entries of its operands."""
    match mat:
        case mx.Scalar(inner):
            return inner
        case mx.MAdd(args):
            return Add(tuple(map(Cell, args)))
        case mx.MMul(args):
            return Mul(tuple(map(Cell, args)))
        case mx.MPow(base, exponent):
            return Pow(Cell(base), exponent)
        case mx.MPower(base, exponent):
            return Pow(Cell(base), Cell(exponent))
        case mx.MApply(function, arg):
            return Apply(function, Cell(arg))
        case mx.Choice(relations, parts):
            tests = tuple(
                (When(Cell(parts[3 * k]), relation, Cell(parts[3 * k + 1])), Cell(parts[3 * k + 2]))
                for k, relation in enumerate(relations)
            )
            return Cases(tests, Cell(parts[-1]))
    return None


class Tables:
    """The matrix formulas of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._r = reading
        self._memory: dict[tuple[int, Active, bool], Jet] = {}
        self._formulas: dict[int, Expr | None] = {}

    def forget(self) -> None:
        """Compute everything anew from now on."""
        self._memory.clear()

    def value(self, mat: mx.Mat, active: Active, wide: bool) -> Jet:
        """The value of a matrix formula."""
        term = self._r.terms.table(mat)
        active = tuple(one for one in active if one.tensor in term.depends)
        key = (term.number, active, wide)
        if key not in self._memory:
            if term.number not in self._formulas:
                self._formulas[term.number] = formula(mat)
            entrywise = self._formulas[term.number]
            if entrywise is not None:
                self._memory[key] = self._r.value(entrywise, active, wide=wide)
            else:
                self._memory[key] = self._value(mat, active, wide)
        return self._memory[key]

    def _value(self, mat: mx.Mat, active: Active, wide: bool) -> Jet:
        r = self._r
        match mat:
            case mx.Sym(tensor):
                return r.letter(tensor, active, wide)
            case mx.Inverse() | mx.LogDet() | mx.Det():
                return self._whole(mat, active, wide)
            case mx.Identity(axis):
                return {0: r.truth((0, 1), np.eye(r.scene.size(axis), dtype=bool))}
            case mx.Ones(axis):
                return {0: r.truth((0,), np.ones(r.scene.size(axis), dtype=bool))}
            case mx.Mask(axis, lower):
                return {0: r.truth((0,), np.arange(1, r.scene.size(axis) + 1) >= lower)}
            case mx.Zero():
                return {0: r.constant(0)}
            case Unit(axis, position):
                at = position - 1 if position > 0 else r.scene.size(axis) + position
                return {0: r.truth((0,), np.arange(r.scene.size(axis)) == at)}
            case Band():
                return {0: self._band(mat)}
            case mx.Einsum():
                return self._einsum(mat, active, wide)
        return self._product(mat, [self.value(m, active, wide) for m in mx.operands(mat)])

    def _product(self, mat: mx.Mat, parts: list[Jet]) -> Jet:
        """What is a sum of products of entries."""
        a, b = parts[0], parts[-1]
        match mat:
            case mx.Transpose():
                return renamed(a, {0: 1, 1: 0})
            case mx.MatMul(_, right):
                both = (renamed(a, {1: HIDDEN}), renamed(b, {0: HIDDEN, 1: 1}))
                return sums.product_total(self._r, both, [(HIDDEN, right.axes[0])])
            case mx.Dot(left, _):
                return sums.product_total(self._r, (a, b), enumerate(left.axes))
            case mx.Outer(left, _):
                rank = len(left.axes)
                return blocks.jet_times(a, renamed(b, {k: k + rank for k in range(rank)}))
            case mx.Trace(arg):
                return self._over(renamed(a, {1: 0}), arg.axes[:1])
            case mx.DiagPart():
                return renamed(a, {1: 0})
            case mx.Diag(arg):
                for k, axis in enumerate(arg.axes):
                    count = self._r.scene.size(axis)
                    eye = self._r.truth((k, k + len(arg.axes)), np.eye(count, dtype=bool))
                    a = blocks.jet_times(a, {0: eye})
                return a
            case mx.RowProduct(arg):
                return sums.product(self._r, a, len(arg.axes) - 1, arg.axes[-1])
            case mx.ScaleRows():
                return blocks.jet_times(a, b)
            case mx.ScaleCols():
                return blocks.jet_times(a, renamed(b, {0: 1}))
            case mx.Kron(_, _, crossed):
                first, second = ({1: 3}, {0: 1, 1: 2}) if crossed else ({1: 2}, {0: 1, 1: 3})
                return blocks.jet_times(renamed(a, first), renamed(b, second))
            case mx.KronRows(left, _):
                both = (renamed(a, {0: HIDDEN, 1: 0, 2: 2}), renamed(b, {0: HIDDEN, 1: 1, 2: 3}))
                return sums.product_total(self._r, both, [(HIDDEN, left.axes[0])])
        raise MalformedTermError(f"no matrix formula of kind {type(mat).__name__} is known here")

    def _over(self, jet: Jet, axes: Iterable[Axis]) -> Jet:
        for k, axis in enumerate(axes):
            jet = sums.total(self._r, jet, k, axis)
        return jet

    def _band(self, mat: Band) -> Block:
        rows, columns = (self._r.scene.size(axis) for axis in (mat.rows, mat.columns))
        out = self._r.constant(0)
        for shift, value in mat.bands:
            mask = np.arange(rows)[:, None] + shift == np.arange(columns)[None, :]
            term = blocks.times(self._r.truth((0, 1), mask), self._r.constant(value))
            out = blocks.plus(out, term)
        return out

    def _einsum(self, mat: mx.Einsum, active: Active, wide: bool) -> Jet:
        place = {letter: k for k, letter in enumerate(mat.output)}
        summed = [(letter, axis) for letter, axis in mat.letters if letter not in place]
        place |= {letter: HIDDEN + k for k, (letter, _) in enumerate(summed)}
        jets = []
        for operand, letters in mat.operands:
            jet = self.value(operand, active, wide)
            jets.append(renamed(jet, {k: place[letter] for k, letter in enumerate(letters)}))
        over = [(HIDDEN + k, axis) for k, (_, axis) in enumerate(summed)]
        return sums.product_total(self._r, jets, over)

    def _whole(self, mat: mx.Mat, active: Active, wide: bool) -> Jet:
        """The inverse B of A, its determinant and the logarithm of that, by Neumann's series.

        With the nilpotent part N: (A + N)^-1 = sum_k (-B N)^k B, and
        log det(A + N) = log det A + sum_k (-1)^(k+1) tr (B N)^k / k.
        """
        (arg,) = mx.operands(mat)
        axis = arg.axes[0]
        plain = self.value(arg, (), True)[0]
        jet = self.value(arg, active, wide)
        inverse, determinant = self._eliminated(plain, self._r.scene.size(axis))
        own = inverse if wide else inverse.draws(self._r.narrow)
        nilpotent = {mask: block for mask, block in jet.items() if mask}
        step = self._matmul({0: own}, nilpotent, axis)
        powers = [step]
        for _ in range(blocks.order(jet) - 1):
            powers.append(self._matmul(powers[-1], step, axis))
        if isinstance(mat, mx.Inverse):
            out: Jet = {0: own}
            for k, power in enumerate(powers if nilpotent else (), 1):
                term = self._matmul(power, {0: own}, axis)
                out = blocks.jet_sum((out, self._scaled(term, Fraction((-1) ** k))))
            return out
        traces = [self._over(renamed(power, {1: 0}), (axis,)) for power in powers if nilpotent]
        shares = [Fraction((-1) ** (k + 1), k) for k in range(1, len(traces) + 1)]
        terms = [self._scaled(t, s) for t, s in zip(traces, shares, strict=True)]
        log = blocks.jet_sum(terms)
        if isinstance(mat, mx.LogDet):
            found = self._r.laws.apply("log", determinant)
            start = found if wide else found.draws(self._r.narrow)
            return blocks.jet_sum(({0: start}, log))
        start = determinant if wide else determinant.draws(self._r.narrow)
        order, out, factor = blocks.order(jet), {0: self._r.constant(1)}, {0: self._r.constant(1)}
        for k in range(1, order + 1):
            factor = self._scaled(blocks.jet_times(factor, log), Fraction(1, k))
            out = blocks.jet_sum((out, factor))
        return blocks.jet_times({0: start}, out)

    def _scaled(self, jet: Jet, share: Fraction) -> Jet:
        return blocks.jet_times({0: self._r.constant(share)}, jet)

    def _matmul(self, a: Jet, b: Jet, axis: Axis) -> Jet:
        both = (renamed(a, {1: HIDDEN}), renamed(b, {0: HIDDEN}))
        return sums.product_total(self._r, both, [(HIDDEN, axis)])

    def _eliminated(self, block: Block, count: int) -> tuple[Block, Block]:
        """Gauss and Jordan without exchanges: a pivot that is 0 leads to other draws."""
        one = self._r.constant(1)
        eye = self._r.truth((0, 1), np.eye(count, dtype=bool))
        full = blocks.plus(
            blocks.times(block, self._r.truth((0, 1), np.ones((count, count)))), self._r.constant(0)
        )
        top, bottom = full.top, full.bottom
        full = replace(full, top=0, bottom=0)
        left, right = full, eye
        determinant = one
        for column in range(count):
            pivot = left.taken(0, column).taken(1, column)
            determinant = blocks.times(determinant, pivot)
            scale = pivot.inverse()
            if scale.bad is not None:
                raise SingularMatrixError
            rows = [blocks.times(scale, part.taken(0, column)) for part in (left, right)]
            share = left.taken(1, column)
            others = np.arange(count) != column
            keep = self._r.truth((0,), others)
            here = self._r.truth((0,), ~others)
            share = blocks.negative(blocks.times(share, keep))
            left, right = (
                replace(
                    blocks.plus(
                        blocks.plus(blocks.times(part, keep), blocks.times(here, row)),
                        blocks.times(share, row),
                    ),
                    top=0, bottom=0,
                )
                for part, row in zip((left, right), rows, strict=True)
            )  # fmt: skip
        degree = count * (top + count * bottom)
        inverse = replace(right, top=degree, bottom=degree)
        return inverse, replace(determinant, top=degree, bottom=count * count * bottom)
