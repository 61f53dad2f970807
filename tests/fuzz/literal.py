"""A literal evaluator of formulas, written from the meaning of the nodes.

It shares no code with the judge, the rules or the recogniser: every sum is a loop, every entry of
a matrix formula is what its definition says (`cells`), and derivatives come from dual numbers or
jets (`numbers`). It works with floats, with mpmath's numbers, and with anything built on them.
"""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np

from derive.notation import expression as ex
from derive.notation.functions import SLOT
from tests.fuzz.cells import Cells
from tests.fuzz.dual_numbers import (
    KINKED,
    VALUES,
    Dual,
    Jet,
    compared,
    function,
    mp_number,
    power,
    real,
)


class Sizes(dict):
    """Sizes by the letters of axes; n-1 is one less than n."""

    def __missing__(self, letter):
        whole, _, cut = letter.rpartition("-")
        return self[whole] - int(cut)


class Literal(Cells):
    """The values of formulas at one point.

    `number` makes a number of the point's kind from a Fraction; `tensors` gives arrays by the
    names of data and parameters (entries of any kind of number); positions count from 1.
    """

    def __init__(self, sizes, tensors, definitions=(), number=float):
        self.sizes = Sizes({getattr(axis, "letter", axis): s for axis, s in sizes.items()})
        self.tensors, self.number = dict(tensors), number
        self.definitions = {d.tensor.name: d for d in definitions}
        self.known, self.kept, self.inside = {}, [], 0
        # How near the point is to an edge of a case that moves, or to a factor 0 of a product.
        self.nearest = math.inf

    def place(self, k, at):
        """The position for which an index stands: shifted, or counted from either end."""
        if k.letter:
            return at[type(k)(k.letter, k.axis)] + k.shift
        return k.shift if k.shift > 0 else self.sizes[k.axis.letter] + 1 + k.shift

    def places(self, indices, axes, at):
        """Positions along some axes, each of them in range."""
        out = tuple(self.place(k, at) for k in indices)
        assert len(out) == len(axes)
        assert all(1 <= p <= self.sizes[a.letter] for p, a in zip(out, axes, strict=True)), out
        return out

    def value(self, e, at=None):
        """The value of an index formula; `at` gives the positions of its free indices."""
        at = at or {}
        match e:
            case ex.Num(v):
                return self.number(v)
            case ex.Axis():
                return self.number(Fraction(self.sizes[e.letter]))
            case ex.Entry(tensor, indices):
                return self.entry(tensor, self.places(indices, tensor.axes, at))
            case ex.Add(args):
                total = self.value(args[0], at)
                for a in args[1:]:
                    total = total + self.value(a, at)
                return total
            case ex.Mul(args):
                product = self.value(args[0], at)
                for a in args[1:]:
                    product = product * self.value(a, at)
                return product
            case ex.Pow(base, exponent):
                exact = exponent.value if isinstance(exponent, ex.Num) else None
                return power(
                    self.value(base, at), self.value(exponent, at) if exact is None else exact
                )
            case ex.Apply(f, arg):
                return self.applied(f, self.value(arg, at))
            case ex.Sum():
                assert e.upper == e.index.axis
                total = self.number(Fraction(0))
                for p in range(e.lower, self.sizes[e.upper.letter] + 1):
                    total = total + self.value(e.body, {**at, e.index: p})
                return total
            case ex.Product():
                assert e.upper == e.index.axis
                product = self.number(Fraction(1))
                for p in range(e.lower, self.sizes[e.upper.letter] + 1):
                    factor = self.value(e.body, {**at, e.index: p})
                    self.nearest = min(self.nearest, abs(real(factor)))
                    product = product * factor
                return product
            case ex.Delta(left, right):
                return self.number(Fraction(int(self.place(left, at) == self.place(right, at))))
            case ex.Indicator(index, lower):
                return self.number(Fraction(int(self.place(index, at) >= lower)))
            case ex.Constant("pi"):
                return +mpmath.pi if self.number is mp_number else math.pi
            case ex.Cases(branches, otherwise):
                for test, branch in branches:
                    if self.holds(test, at):
                        return self.value(branch, at)
                return self.value(otherwise, at)
            case ex.Diff(body, wrt, held):
                return self.derivative(body, wrt, held, at)
            case ex.Element(mat, indices):
                return self.cell(mat, self.places(indices, mat.axes, at))
        raise TypeError(type(e).__name__)

    def applied(self, f, t):
        """f(t); a function that is not known here by what its row says that it is."""
        if f.name in VALUES:
            if f.name in KINKED:
                self.near(t)
            return function(f.name, t)
        inner = np.empty((), dtype=object)
        inner[()] = t
        there = Literal(self.sizes, {"t": inner}, (), self.number)
        result = there.value(f.definition(SLOT))
        self.nearest = min(self.nearest, there.nearest)
        return result

    def near(self, gap):
        """Keeps how far a quantity that moves is from 0."""
        if isinstance(gap, Jet) and (gap.g.any() or gap.h.any()):
            self.nearest = min(self.nearest, abs(gap.v))

    def holds(self, test, at):
        """Whether a comparison is true."""
        left, right = self.value(test.left, at), self.value(test.right, at)
        if isinstance(left, Jet) or isinstance(right, Jet):
            self.near(left + -1 * right)
        return compared(test.relation, left, right)

    def entry(self, tensor, position):
        """An entry of a tensor, through its definition where it has one."""
        assert len(position) == len(tensor.axes)
        if tensor.name not in self.definitions:
            return self.tensors[tensor.name][tuple(p - 1 for p in position)]
        key = (tensor.name, position)
        if key not in self.known:
            d = self.definitions[tensor.name]
            self.known[key] = self.value(d.body, dict(zip(d.indices, position, strict=True)))
        return self.known[key]

    def derivative(self, body, wrt, held, at):
        """The body at dual numbers: the entry wrt moves, everything else stands still.

        Of what is defined, only what depends on wrt moves along, and nothing that is held.
        """
        self.inside += 1
        cell = tuple(p - 1 for p in self.places(wrt.indices, wrt.tensor.axes, at))
        still = {t.name: self.every(t) for t in (wrt.tensor, *held)}
        moved = np.array(still[wrt.tensor.name], dtype=object)
        moved[cell] = Dual(self.inside, moved[cell], self.number(Fraction(1)))
        there = Literal({}, {**self.tensors, **still, wrt.tensor.name: moved}, (), self.number)
        there.sizes, there.inside = self.sizes, self.inside
        there.definitions = {k: d for k, d in self.definitions.items() if k not in still}
        result = there.value(body, at)
        self.inside -= 1
        if isinstance(result, Dual) and result.tag == there.inside:
            return result.eps
        return self.number(Fraction(0))

    def every(self, tensor):
        """All entries of a tensor, by its definition where it has one."""
        if tensor.name not in self.definitions:
            return self.tensors[tensor.name]
        out = np.empty([self.sizes[a.letter] for a in tensor.axes], dtype=object)
        for cell in np.ndindex(*out.shape):
            out[cell] = self.entry(tensor, tuple(p + 1 for p in cell))
        return out

    def array(self, mat):
        """All entries of a matrix formula."""
        out = np.empty([self.sizes[a.letter] for a in mat.axes], dtype=object)
        for cell in np.ndindex(*out.shape):
            out[cell] = self.cell(mat, tuple(p + 1 for p in cell))
        return out
