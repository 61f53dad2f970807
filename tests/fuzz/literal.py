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
from derive.notation.bands import Band, Unit
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
    "log1p": lambda t: power(t + 1, -1),
    "expm1": _exp,
    "sinh": lambda t: (_exp(t) + _exp(t * -1)) / 2,
    "cosh": lambda t: (_exp(t) + -1 * _exp(t * -1)) / 2,
    "log_gamma": lambda t: function("digamma", t),
    "digamma": lambda t: function("trigamma", t),
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


def compared(relation, left, right):
    """Whether a comparison of two numbers of any kind is true."""
    a, b = _real(left), _real(right)
    return {"=": a == b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[relation]


KINKED = ("relu", "step", "absolute", "sign")
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
    "log1p": (math.log1p, lambda t: mpmath.log(1 + t)),
    "expm1": (math.expm1, lambda t: mpmath.exp(t) - 1),
    "sinh": (math.sinh, mpmath.sinh),
    "cosh": (math.cosh, mpmath.cosh),
    "log_gamma": (math.lgamma, mpmath.loggamma),
    "digamma": (lambda t: float(mpmath.digamma(t)), mpmath.digamma),
    "trigamma": (lambda t: float(mpmath.psi(1, t)), lambda t: mpmath.psi(1, t)),
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


def laplace(rows):
    """The determinant, by the first row and its minors."""
    if len(rows) == 1:
        return rows[0][0]
    total = rows[0][0] * cofactor(rows, 0, 0)
    for column in range(1, len(rows)):
        total = total + rows[0][column] * cofactor(rows, 0, column)
    return total


def plain(value) -> float:
    """The number itself, without its derivatives."""
    while isinstance(value, Dual):
        value = value.re
    return float(getattr(value, "v", value))


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


class Sizes(dict):
    """Sizes by the letters of axes; n-1 is one less than n."""

    def __missing__(self, letter):
        whole, _, cut = letter.rpartition("-")
        return self[whole] - int(cut)


class Literal:
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
                    self.nearest = min(self.nearest, abs(_real(factor)))
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
