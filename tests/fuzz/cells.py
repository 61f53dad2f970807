"""The literal meaning of matrix formulas: every entry is what its definition says."""

from __future__ import annotations

import itertools
from fractions import Fraction

from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from tests.fuzz.dual_numbers import compared, function, plain, power


def laplace(rows):
    """The determinant, by the first row and its minors."""
    if len(rows) == 1:
        return rows[0][0]
    total = rows[0][0] * cofactor(rows, 0, 0)
    for column in range(1, len(rows)):
        total = total + rows[0][column] * cofactor(rows, 0, column)
    return total


def regular(rows):
    """The determinant, unless rounding alone may have made it other than 0."""
    found, size = laplace(rows), 1.0
    for row in rows:
        size *= max(abs(plain(a)) for a in row)
    if abs(plain(found)) < 1e-10 * size:
        raise ValueError("a singular matrix")
    return found


def cofactor(rows, row, column):
    """The minor without a row and a column, with its sign."""
    if len(rows) == 1:
        return 0 * rows[0][0] + 1
    left = [r[:column] + r[column + 1 :] for at, r in enumerate(rows) if at != row]
    return laplace(left) * (-1) ** (row + column)


class Cells:
    """Entries of matrix formulas, each computed once; a Literal gives those of tensors."""

    def cell(self, mat, at):
        """One entry of a matrix formula."""
        assert len(at) == len(mat.axes), f"{type(mat).__name__} over {mat.axes} at {at}"
        key = (id(mat), at)
        if key not in self.known:
            self.kept.append(mat)  # so that its id is not given to another
            self.known[key] = self._cell(mat, at)
        return self.known[key]

    def _axis(self, axis):
        return range(1, self.sizes[axis.letter] + 1)

    def _entrywise(self, args, at):
        axes = max((a.axes for a in args), key=len)
        assert all(a.axes in (axes, ()) for a in args), [a.axes for a in args]
        return [self.cell(a, at if a.axes else ()) for a in args]

    def _sum(self, terms):
        total = self.number(Fraction(0))
        for term in terms:
            total = total + term
        return total

    def _rows(self, mat):
        return [[self.cell(mat, (p, q)) for q in self._axis(mat.axes[1])]
                for p in self._axis(mat.axes[0])]  # fmt: skip

    def _cell(self, mat, at):
        match mat:
            case mx.Sym(tensor):
                return self.entry(tensor, at)
            case mx.Scalar(e):
                return self.value(e)
            case mx.MAdd(args):
                return self._sum(self._entrywise(args, at))
            case mx.MMul(args):
                product = self.number(Fraction(1))
                for factor in self._entrywise(args, at):
                    product = product * factor
                return product
            case mx.MPow(base, exponent):
                exact = exponent.value if isinstance(exponent, ex.Num) else self.value(exponent)
                return power(self.cell(base, at), exact)
            case mx.MPower():
                return power(*self._entrywise((mat.base, mat.exponent), at))
            case mx.MApply(f, arg):
                return self.applied(f, self.cell(arg, at))
            case mx.RowProduct(arg):
                product = self.number(Fraction(1))
                for k in self._axis(arg.axes[-1]):
                    product = product * self.cell(arg, (*at, k))
                return product
            case mx.Choice(relations, parts):
                axes = max((part.axes for part in parts), key=len)
                assert all(part.axes in (axes, ()) for part in parts)
                assert len(parts) == 3 * len(relations) + 1
                for number, relation in enumerate(relations):
                    left, right, value = (
                        (part, at if part.axes else ())
                        for part in parts[3 * number : 3 * number + 3]
                    )
                    if compared(relation, self.cell(*left), self.cell(*right)):
                        return self.cell(*value)
                return self.cell(parts[-1], at if parts[-1].axes else ())
            case mx.Transpose(arg):
                assert len(arg.axes) == 2
                return self.cell(arg, at[::-1])
            case mx.MatMul(a, b):
                assert a.axes[-1] == b.axes[0]
                assert len(a.axes) == 2
                assert len(b.axes) in (1, 2)
                return self._sum(
                    self.cell(a, (at[0], k)) * self.cell(b, (k, *at[1:]))
                    for k in self._axis(a.axes[-1])
                )
            case mx.Dot(a, b):
                assert a.axes == b.axes
                assert a.axes
                return self._sum(
                    self.cell(a, k) * self.cell(b, k)
                    for k in itertools.product(*map(self._axis, a.axes))
                )
            case mx.Outer(a, b):
                assert len(a.axes) == len(b.axes) in (1, 2), (a.axes, b.axes)
                cut = len(a.axes)
                return self.cell(a, at[:cut]) * self.cell(b, at[cut:])
            case mx.Inverse(arg):
                assert arg.axes[0] == arg.axes[1]
                rows = self._rows(arg)
                return cofactor(rows, at[1] - 1, at[0] - 1) * power(regular(rows), -1)
            case mx.Det(arg):
                return laplace(self._rows(arg))
            case mx.LogDet(arg):
                return function("log", regular(self._rows(arg)))
            case mx.Zero():
                return self.number(Fraction(0))
            case mx.Kron(a, b, crossed):
                one, two, three, four = at
                p, q = (four, three) if crossed else (three, four)
                return self.cell(a, (one, p)) * self.cell(b, (two, q))
            case mx.KronRows(a, b):
                one, two, three, four = at
                assert a.axes[0] == b.axes[0]
                return self._sum(
                    self.cell(a, (i, one, three)) * self.cell(b, (i, two, four))
                    for i in self._axis(a.axes[0])
                )
            case mx.Diag(arg):
                cut = len(arg.axes)
                assert cut in (1, 2)
                same = at[:cut] == at[cut:]
                return self.cell(arg, at[:cut]) if same else self.number(Fraction(0))
            case mx.DiagPart(arg):
                assert arg.axes[0] == arg.axes[1]
                return self.cell(arg, at * 2)
            case mx.Trace(arg):
                assert arg.axes[0] == arg.axes[1]
                return self._sum(self.cell(arg, (k, k)) for k in self._axis(arg.axes[0]))
            case mx.ScaleRows(weights, arg):
                assert weights.axes == arg.axes[:1]
                assert len(arg.axes) == 2
                return self.cell(weights, at[:1]) * self.cell(arg, at)
            case mx.ScaleCols(arg, weights):
                assert weights.axes == arg.axes[1:]
                assert len(arg.axes) == 2
                return self.cell(arg, at) * self.cell(weights, at[1:])
            case mx.Identity():
                return self.number(Fraction(int(at[0] == at[1])))
            case mx.Ones():
                return self.number(Fraction(1))
            case mx.Mask(_, lower):
                return self.number(Fraction(int(at[0] >= lower)))
            case Unit(axis, place):
                return self.number(
                    Fraction(int(at[0] == self.place(ex.Index("", axis, place), {})))
                )
            case Band(rows, columns, bands):
                assert rows.root == columns.root
                return self._sum(self.number(x) for s, x in bands if at[0] + s == at[1])
            case mx.Einsum(operands, letters, output):
                return self._einsum(operands, dict(letters), dict(zip(output, at, strict=True)))
        raise TypeError(type(mat).__name__)

    def _einsum(self, operands, axes, place):
        for operand, own in operands:
            assert tuple(axes[k] for k in own) == operand.axes
        assert set(place) <= {k for _, own in operands for k in own}
        bound = [k for k in axes if k not in place]
        terms = []
        for positions in itertools.product(*(self._axis(axes[k]) for k in bound)):
            where = {**place, **dict(zip(bound, positions, strict=True))}
            product = self.number(Fraction(1))
            for operand, own in operands:
                product = product * self.cell(operand, tuple(where[k] for k in own))
            terms.append(product)
        return self._sum(terms)
