"""Index notation as trees that never evaluate themselves.

A formula keeps the order and the brackets in which it was written: `y[i]*log(h[i])` stays so.
Only nested sums and nested products are flattened (associativity, which no reader sees).
Positions count from 1, as in a textbook: `theta[j]` for j = 1, ..., n.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from derive.notation.indices import Index as Index  # noqa: PLC0414  # a formula's reader finds it here
from derive.notation.indices import index_letters
from derive.notation.interval import REAL, Interval
from derive.notation.misread import no_formula
from derive.notation.operand import Operand
from derive.notation.remembered import HashedOnce

if TYPE_CHECKING:
    from derive.notation.functions import Elementwise
    from derive.notation.matrix import Mat

Number = int | Fraction
Role = Literal["data", "parameter", "defined", "constant", "direction"]


class Expr(HashedOnce):
    """A scalar-valued formula. The operators build trees; nothing is simplified."""

    def __add__(self, other: Expr | Number) -> Expr:
        if isinstance(other, Operand):
            return NotImplemented
        return add(self, expr(other))

    def __radd__(self, other: Number) -> Expr:
        return add(expr(other), self)

    def __sub__(self, other: Expr | Number) -> Expr:
        if isinstance(other, Operand):
            return NotImplemented
        return add(self, negative(expr(other)))

    def __rsub__(self, other: Number) -> Expr:
        return add(expr(other), negative(self))

    def __mul__(self, other: Expr | Number) -> Expr:
        if isinstance(other, Operand):
            return NotImplemented
        return mul(self, expr(other))

    def __rmul__(self, other: Number) -> Expr:
        return mul(expr(other), self)

    def __truediv__(self, other: Expr | Number) -> Expr:
        if isinstance(other, Operand):
            return NotImplemented
        return divide(self, expr(other))

    def __rtruediv__(self, other: Number) -> Expr:
        return divide(expr(other), self)

    def __pow__(self, other: Expr | Number) -> Expr:
        return Pow(self, expr(other))

    def __rpow__(self, other: Number) -> Expr:
        return Pow(expr(other), self)

    def __neg__(self) -> Expr:
        return negative(self)

    def __bool__(self) -> bool:
        raise TypeError(
            "a formula has no truth value; write conditions as assumptions of the problem"
        )


@dataclass(frozen=True)
class Num(Expr):
    """An exact rational number."""

    value: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", Fraction(self.value))


@dataclass(frozen=True)
class Constant(Expr):
    """A real number that has a name and no end: pi."""

    name: Literal["pi"]


@dataclass(frozen=True)
class Axis(Expr):
    """A named axis; as a formula it is its own size, an integer >= 1 (m samples, n features).

    A shorter axis n - 1 has no size of its own: `base` is n and `cut` 1. Its letters may be
    shifted: with j over n - 1, theta[j + 1] is an entry of theta for every j.
    """

    letter: str
    meaning: str = field(default="", compare=False)
    base: Axis | None = None
    cut: int = 0

    def index(self, letter: str) -> Index:
        """An index letter that runs over this axis, from 1 to its size."""
        return Index(letter, self)

    def less(self, count: int) -> Axis:
        """The axis with `count` positions fewer: n.less(1) has the size n - 1."""
        if type(count) is not int or count < 0:
            raise TypeError(f"{self.letter}.less({count!r}): an axis is shortened by 1, 2, ...")
        cut = self.cut + count
        return Axis(f"{self.root.letter}-{cut}", self.meaning, self.root, cut) if cut else self

    @property
    def root(self) -> Axis:
        """The axis of which this one is a part: n for n - 1, n itself for n."""
        return self if self.base is None else self.base


@dataclass(frozen=True)
class Tensor(Operand):
    """A letter over named axes: a scalar, vector, matrix, ... of data or parameters.

    `latex` is its symbol; `domain` says where every entry lies; `facts` are structural
    properties such as "symmetric". Indexing gives an entry: `X[i, j]`.
    """

    name: str
    axes: tuple[Axis, ...] = ()
    role: Role = "data"
    latex: str = ""
    domain: Interval = REAL
    facts: frozenset[str] = frozenset()
    meaning: str = field(default="", compare=False)

    def __getitem__(self, indices: Index | int | tuple[Index | int, ...]) -> Entry:
        given = indices if isinstance(indices, tuple) else (indices,)
        return Entry(self, index_letters(self.name, self.axes, given))

    def __hash__(self) -> int:
        return hash(self.name)  # the rest is compared where names are equal

    def __call__(self) -> Entry:
        """The value of a tensor without axes."""
        return Entry(self, ())


@dataclass(frozen=True)
class Entry(Expr):
    """One entry of a tensor: theta_j, X_ij, or a scalar."""

    tensor: Tensor
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Add(Expr):
    """A sum of two or more terms in the order written."""

    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Mul(Expr):
    """A product of two or more factors in the order written."""

    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Pow(Expr):
    """base ** exponent; a quotient a/b is the product a * b**(-1)."""

    base: Expr
    exponent: Expr


@dataclass(frozen=True)
class Apply(Expr):
    """A scalar function of the table, applied: exp(u), sigmoid(u)."""

    function: Elementwise
    arg: Expr


@dataclass(frozen=True, init=False)
class OverIndex(Expr):
    """`body` for every value of `index`, from `lower` to the size of its axis, taken together."""

    body: Expr
    index: Index
    lower: int
    upper: Axis

    def __init__(self, body: Expr | Number, *limits: Index | tuple[Index, int, Axis]) -> None:
        *inner, last = limits
        body = expr(body)
        for limit in inner:
            body = type(self)(body, limit)
        index, lower, upper = last if isinstance(last, tuple) else (last, 1, last.axis)
        for name, value in (("body", body), ("index", index), ("lower", lower), ("upper", upper)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, init=False)
class Sum(OverIndex):
    """The sum of `body` over `index` from `lower` to the size of its axis.

    `Sum(body, i)` sums over the whole axis, `Sum(body, (j, 2, n))` from 2 to n.
    Several limits nest, the first innermost, as in SymPy.
    """


@dataclass(frozen=True, init=False)
class Product(OverIndex):
    """The product of `body` over `index`, with limits as in `Sum`: a likelihood, for example."""


@dataclass(frozen=True)
class When:
    """A comparison of two formulas, as a condition of a case: y_i = 1, u > 0."""

    left: Expr
    relation: Literal["=", "<", "<=", ">", ">="]
    right: Expr

    def __post_init__(self) -> None:
        """A whole number or a Fraction on either side is a formula, as with every operator."""
        object.__setattr__(self, "left", expr(self.left))
        object.__setattr__(self, "right", expr(self.right))


@dataclass(frozen=True)
class Cases(Expr):
    """The value of the first branch whose test holds, else `otherwise`.

    Where a test is on the edge between its branches, neither side is differentiated: a kink is
    a hypothesis of the step that needs it. `total` says that every branch has a value everywhere,
    so that code may compute them all.
    """

    branches: tuple[tuple[When, Expr], ...]
    otherwise: Expr
    total: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        """A whole number or a Fraction as a branch is a formula, as with every operator."""
        branches = tuple((test, expr(branch)) for test, branch in self.branches)
        object.__setattr__(self, "branches", branches)
        object.__setattr__(self, "otherwise", expr(self.otherwise))


@dataclass(frozen=True)
class Delta(Expr):
    """Kronecker's delta: 1 where both indices are equal, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True)
class Indicator(Expr):
    """[index >= lower]: 1 from position `lower` on, else 0."""

    index: Index
    lower: int


@dataclass(frozen=True)
class Diff(Expr):
    """The partial derivative of `body` by the entry `wrt`, not yet carried out.

    Definitions behind `body` move along with `wrt`, except those that are `held` fixed.
    """

    body: Expr
    wrt: Entry
    held: tuple[Tensor, ...] = ()

    def of(self, body: Expr) -> Diff:
        """The same derivative of another formula."""
        return Diff(body, self.wrt, self.held)


@dataclass(frozen=True)
class Element(Expr):
    """An entry of a matrix formula: [X'(h - y)]_k. `indices` follow the axes of `mat`."""

    mat: Mat
    indices: tuple[Index, ...]


ZERO = Num(Fraction(0))
ONE = Num(Fraction(1))
MINUS_ONE = Num(Fraction(-1))
PI = Constant("pi")


def expr(value: Expr | Number) -> Expr:
    """A Python integer or Fraction as a formula; formulas pass through."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise TypeError(no_formula(value))
    return Num(Fraction(value))


def _flat(kind: type[Add] | type[Mul], args: Iterable[Expr]) -> tuple[Expr, ...]:
    out: list[Expr] = []
    for arg in args:
        out.extend(arg.args if isinstance(arg, kind) else (arg,))
    return tuple(out)


def add(*args: Expr) -> Expr:
    """The sum, flattened; the empty sum is 0."""
    flat = _flat(Add, args)
    return ZERO if not flat else flat[0] if len(flat) == 1 else Add(flat)


def mul(*args: Expr) -> Expr:
    """The product, flattened; the empty product is 1."""
    flat = _flat(Mul, args)
    return ONE if not flat else flat[0] if len(flat) == 1 else Mul(flat)


def negative(a: Expr) -> Expr:
    """-a, written as a number or as the product (-1) * a."""
    return Num(-a.value) if isinstance(a, Num) else mul(MINUS_ONE, a)


def divide(a: Expr, b: Expr) -> Expr:
    """a / b, written as a * b**(-1)."""
    if isinstance(a, Num) and isinstance(b, Num) and b.value != 0:
        return Num(a.value / b.value)
    return Pow(b, MINUS_ONE) if a == ONE else mul(a, Pow(b, MINUS_ONE))
