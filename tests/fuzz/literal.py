"""A literal evaluator of formulas, written from the meaning of the nodes.

It shares no code with the judge, the rules or the recogniser: every sum is a loop, every entry of
a matrix formula is what its definition says, and derivatives come from dual numbers or jets. It
works with floats, with mpmath's numbers, and with anything that is built on them here.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from random import Random

import mpmath
import numpy as np

from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.functions import SLOT


def seeded(seed: int | str) -> Random:
    """Random numbers that are the same in every run."""
    return Random(seed)  # noqa: S311  # for tests, not for secrets


class Dual:
    """re + eps * d with d^2 = 0; every derivative has a tag of its own, so that they nest."""

    __slots__ = ("eps", "re", "tag")
    __array_priority__ = 1000

    def __init__(self, tag, re, eps):
        self.tag, self.re, self.eps = tag, re, eps

    def _pair(self, other):
        """Both numbers with respect to the larger tag."""
        if isinstance(other, Dual) and other.tag > self.tag:
            return other.tag, self, 0, other.re, other.eps
        if isinstance(other, Dual) and other.tag == self.tag:
            return self.tag, self.re, self.eps, other.re, other.eps
        return self.tag, self.re, self.eps, other, 0

    def __add__(self, other):
        tag, a, da, b, db = self._pair(other)
        return Dual(tag, a + b, da + db)

    def __mul__(self, other):
        tag, a, da, b, db = self._pair(other)
        return Dual(tag, a * b, da * b + a * db)

    def __rtruediv__(self, other):
        return other * power(self, -1)

    def __truediv__(self, other):
        return self * power(other, -1)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


class Jet:
    """A float with its gradient and its Hessian by all parameters."""

    __slots__ = ("g", "h", "v")
    __array_priority__ = 1000

    def __init__(self, v, g, h):
        self.v, self.g, self.h = v, g, h

    def through(self, value, first, second):
        """f(self) from f, f' and f'' at self.v."""
        return Jet(value, first * self.g, first * self.h + second * np.outer(self.g, self.g))

    def __add__(self, other):
        if isinstance(other, Jet):
            return Jet(self.v + other.v, self.g + other.g, self.h + other.h)
        return Jet(self.v + other, self.g, self.h)

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.v * other, self.g * other, self.h * other)
        mixed = np.outer(self.g, other.g)
        hessian = self.h * other.v + self.v * other.h + mixed + mixed.T
        return Jet(self.v * other.v, self.g * other.v + self.v * other.g, hessian)

    def __truediv__(self, other):
        return self * power(other, -1)

    __radd__, __rmul__ = __add__, __mul__


def _exp(t):
    return function("exp", t)


# Derivatives as a table of integrals has them, in other words than derive.notation's.
SLOPES = {
    "exp": _exp,
    "log": lambda t: power(t, -1),
    "sqrt": lambda t: power(t, Fraction(-1, 2)) / 2,
    "sin": lambda t: function("cos", t),
    "cos": lambda t: function("sin", t) * -1,
    "atan": lambda t: power(t * t + 1, -1),
    "sigmoid": lambda t: power(_exp(t) + _exp(t * -1) + 2, -1),
    "softplus": lambda t: power(_exp(t * -1) + 1, -1),
    "tanh": lambda t: 4 * power(_exp(t) + _exp(t * -1), -2),
    "relu": lambda t: function("step", t),
    "step": lambda t: 0 * t,
    "absolute": lambda t: function("sign", t),
    "sign": lambda t: 0 * t,
    "erf": lambda t: 2 * _bell(t, 1),
    "erfc": lambda t: -2 * _bell(t, 1),
    "normal_cdf": lambda t: _bell(t, 2),
    "log_normal_cdf": lambda t: _ratio(t),
    "hazard": lambda t: -1 * _ratio(t) * (_ratio(t) + t),
    "hazard_slope": lambda t: _ratio(t) - _ratio(t) * (_ratio(t) + t) * (2 * _ratio(t) + t),
}  # fmt: skip


def _bell(t, width):
    """exp(-t^2/width) / sqrt(width pi)."""
    exact = isinstance(_real(t), mpmath.mpf)
    root = 1 / mpmath.sqrt(width * mpmath.pi) if exact else 1 / math.sqrt(width * math.pi)
    return _exp(t * t * -1 * power(1.0 * width if not exact else mpmath.mpf(width), -1)) * root


def _ratio(t):
    """phi(t)/Phi(t)."""
    return _bell(t, 2) * power(function("normal_cdf", t), -1)


def _real(t):
    """The number under all dual parts."""
    while isinstance(t, Dual | Jet):
        t = t.re if isinstance(t, Dual) else t.v
    return t


VALUES = {
    "exp": (math.exp, mpmath.exp),
    "log": (math.log, mpmath.log),
    "sqrt": (math.sqrt, mpmath.sqrt),
    "sin": (math.sin, mpmath.sin),
    "cos": (math.cos, mpmath.cos),
    "atan": (math.atan, mpmath.atan),
    "sigmoid": (lambda t: 1 / (1 + math.exp(-t)), lambda t: 1 / (1 + mpmath.exp(-t))),
    "softplus": (lambda t: math.log1p(math.exp(t)), lambda t: mpmath.log(1 + mpmath.exp(t))),
    "tanh": (math.tanh, mpmath.tanh),
    "relu": (lambda t: max(t, 0.0), lambda t: max(t, mpmath.mpf(0))),
    "step": (lambda t: float(t > 0), lambda t: mpmath.mpf(int(t > 0))),
    "absolute": (abs, abs),
    "sign": (lambda t: float((t > 0) - (t < 0)), mpmath.sign),
    "erf": (math.erf, mpmath.erf),
    "erfc": (math.erfc, mpmath.erfc),
    "normal_cdf": (lambda t: math.erfc(-t / math.sqrt(2)) / 2, mpmath.ncdf),
    "log_normal_cdf": (
        lambda t: math.log(math.erfc(-t / math.sqrt(2)) / 2),
        lambda t: mpmath.log(mpmath.ncdf(t)),
    ),
    "hazard": (_ratio, _ratio),
    "hazard_slope": (lambda t: _ratio(t) * (_ratio(t) + t), lambda t: _ratio(t) * (_ratio(t) + t)),
}


def function(name, t):
    """A function of the table at a number of any kind."""
    if isinstance(t, Dual):
        return Dual(t.tag, function(name, t.re), SLOPES[name](t.re) * t.eps)
    if isinstance(t, Jet):
        slope = SLOPES[name](Dual(-1, t.v, 1.0))
        return t.through(function(name, t.v), slope.re, slope.eps)
    if isinstance(t, mpmath.mpf):
        return VALUES[name][1](t)
    return VALUES[name][0](float(t))


def power(a, b):
    """a ** b; a fraction b is exact."""
    if isinstance(b, Dual | Jet):
        return _exp(b * function("log", a))
    if isinstance(a, Dual):
        return Dual(a.tag, power(a.re, b), b * power(a.re, b - 1) * a.eps if b != 0 else 0)
    if isinstance(a, Jet):
        b = float(b)
        second = b * (b - 1) * power(a.v, b - 2) if b not in (0, 1) else 0.0
        return a.through(power(a.v, b), b * power(a.v, b - 1) if b else 0.0, second)
    if isinstance(b, Fraction) and b.denominator == 1:
        b = int(b)
    if isinstance(a, mpmath.mpf):
        return a ** (mpmath.mpf(b.numerator) / b.denominator if isinstance(b, Fraction) else b)
    if isinstance(b, mpmath.mpf):
        return mpmath.mpf(a) ** b
    return float(a) ** (b if isinstance(b, int) else float(b))


class Literal:
    """The values of formulas at one point.

    `number` makes a number of the point's kind from a Fraction; `tensors` gives arrays by the
    names of data and parameters (entries of any kind of number); positions count from 1.
    """

    def __init__(self, sizes, tensors, definitions=(), number=float):
        self.sizes = {getattr(axis, "letter", axis): size for axis, size in sizes.items()}
        self.tensors, self.number = dict(tensors), number
        self.definitions = {d.tensor.name: d for d in definitions}
        self.known, self.kept, self.inside = {}, [], 0

    def value(self, e, at=None):
        """The value of an index formula; `at` gives the positions of its free indices."""
        at = at or {}
        match e:
            case ex.Num(v):
                return self.number(v)
            case ex.Axis():
                return self.number(Fraction(self.sizes[e.letter]))
            case ex.Entry(tensor, indices):
                return self.entry(tensor, tuple(at[k] for k in indices))
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
            case ex.Delta(left, right):
                return self.number(Fraction(int(at[left] == at[right])))
            case ex.Indicator(index, lower):
                return self.number(Fraction(int(at[index] >= lower)))
            case ex.Constant("pi"):
                return +mpmath.pi if self.number is mp_number else math.pi
            case ex.Cases(branches, otherwise):
                for test, branch in branches:
                    if self.holds(test, at):
                        return self.value(branch, at)
                return self.value(otherwise, at)
            case ex.Diff(body, wrt):
                return self.derivative(body, wrt, at)
            case ex.Element(mat, indices):
                assert tuple(k.axis for k in indices) == mat.axes
                return self.cell(mat, tuple(at[k] for k in indices))
        raise TypeError(type(e).__name__)

    def applied(self, f, t):
        """f(t); a function that is not known here by what its row says that it is."""
        if f.name in VALUES:
            return function(f.name, t)
        inner = np.empty((), dtype=object)
        inner[()] = t
        there = Literal(self.sizes, {"t": inner}, (), self.number)
        return there.value(f.definition(SLOT))

    def holds(self, test, at):
        """Whether a comparison is true."""
        a, b = _real(self.value(test.left, at)), _real(self.value(test.right, at))
        return {"=": a == b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[test.relation]

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

    def derivative(self, body, wrt, at):
        """The body at dual numbers: the entry wrt moves, everything else stands still."""
        self.inside += 1
        cell = tuple(at[k] - 1 for k in wrt.indices)
        moved = np.array(self.tensors[wrt.tensor.name], dtype=object)
        moved[cell] = Dual(self.inside, moved[cell], self.number(Fraction(1)))
        there = Literal({}, {**self.tensors, wrt.tensor.name: moved}, (), self.number)
        there.sizes, there.definitions, there.inside = self.sizes, self.definitions, self.inside
        result = there.value(body, at)
        self.inside -= 1
        if isinstance(result, Dual) and result.tag == there.inside:
            return result.eps
        return self.number(Fraction(0))

    def array(self, mat):
        """All entries of a matrix formula."""
        out = np.empty([self.sizes[a.letter] for a in mat.axes], dtype=object)
        for cell in np.ndindex(*out.shape):
            out[cell] = self.cell(mat, tuple(p + 1 for p in cell))
        return out

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
            case mx.MApply(f, arg):
                return self.applied(f, self.cell(arg, at))
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
                assert len(a.axes) == len(b.axes) == 1, (a.axes, b.axes)
                return self.cell(a, at[:1]) * self.cell(b, at[1:])
            case mx.Diag(arg):
                assert len(arg.axes) == 1
                return self.cell(arg, at[:1]) if at[0] == at[1] else self.number(Fraction(0))
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


def mp_number(value):
    """A Fraction as a number of mpmath."""
    return mpmath.mpf(value.numerator) / value.denominator


def jets(arrays):
    """The arrays of the parameters as one vector of jets, cut into arrays again."""
    count = sum(a.size for a in arrays.values())
    out, number = {}, 0
    for name, values in arrays.items():
        out[name] = np.empty(values.shape, dtype=object)
        for cell in np.ndindex(*values.shape):
            unit = np.zeros(count)
            unit[number] = 1.0
            out[name][cell] = Jet(float(values[cell]), unit, np.zeros((count, count)))
            number += 1
    return out
