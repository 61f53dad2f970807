"""Terms of a matrix formula: the scalars in front, the rest, and when two of them are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from derive.calculus.polynomial import shortest
from derive.matrices.build import hadamard, matmul, scale_columns, transpose
from derive.notation.expression import MINUS_ONE, ONE, ZERO, Expr, Mul, Num, Pow, add, mul
from derive.notation.matrix import (
    Diag,
    Dot,
    MAdd,
    MApply,
    Mat,
    MatMul,
    MMul,
    MPow,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Transpose,
    Zero,
    operands,
)
from derive.notation.matrix_parts import with_operands
from derive.notation.remembered import remembered

Power = tuple[Mat, Fraction]


@dataclass(frozen=True)
class Term:
    """number * scalars^powers * core; `core` is None where the formula is a scalar.

    The number is a formula of numbers, sizes and scalar letters, the scalars are matrix formulas
    without axes, such as x'A x.
    """

    number: Expr
    scalars: tuple[Power, ...]
    core: Mat | None

    def mat(self) -> Mat:
        """The term as a formula."""
        number = () if self.number == ONE else (Scalar(self.number),)
        scalars = tuple(base if k == 1 else MPow(base, Num(k)) for base, k in self.scalars)
        parts = (*number, *scalars, *(() if self.core is None else (self.core,)))
        if not parts:
            return Scalar(ONE)
        return hadamard(parts)

    @property
    def negative(self) -> bool:
        """Whether it is written with a minus sign."""
        first = self.number.args[0] if isinstance(self.number, Mul) else self.number
        return isinstance(first, Num) and first.value < 0


def term(mat: Mat) -> Term:
    """A formula as a term; scalars are gathered, a power of one base is one power."""
    args = mat.args if isinstance(mat, MMul) else (mat,)
    numbers: list[Expr] = []
    powers: dict[Mat, Fraction] = {}
    wide: list[Mat] = []
    for arg in args:
        if isinstance(arg, Scalar):
            numbers.append(arg.expr)
        elif arg.axes:
            wide.append(arg)
        else:
            base, exponent = _whole_power(arg)
            powers[base] = powers.get(base, Fraction(0)) + exponent
    scalars = tuple((base, k) for base, k in _of_one_root(powers).items() if k)
    wide = _in_order(_powers(wide))
    core = None if not wide else wide[0] if len(wide) == 1 else MMul(tuple(wide))
    return Term(_shortened(mul(*numbers)), scalars, core)


def _of_one_root(powers: dict[Mat, Fraction]) -> dict[Mat, Fraction]:
    """|x|^2/|x|^7 = 1/|x|^5: a power of u and one of its root are one, of u if that is whole."""
    out = dict(powers)
    for base in powers:
        if isinstance(base, MApply) and base.function.name == "sqrt" and base.arg in out:
            whole = out.pop(base.arg) + out.pop(base) / 2
            out |= {base.arg: whole} if whole.denominator == 1 else {base: 2 * whole}
    return out


def _powers(wide: list[Mat]) -> list[Mat]:
    """A * A = A^2 entry by entry, where one of the factors stands twice."""
    found: dict[Mat, Fraction] = {}
    for mat in wide:
        base, exponent = _power(mat)
        found[base] = found.get(base, Fraction(0)) + exponent
    if len(found) == len(wide) or 0 in found.values():
        return wide
    return [base if k == 1 else MPow(base, Num(k)) for base, k in found.items()]


def _in_order(wide: list[Mat]) -> list[Mat]:
    """r/d, not (1/d) r, and h (1 - h), not (1 - h) h, entry by entry."""
    out = sorted(wide, key=_below)
    for k, (first, second) in enumerate(pairwise(out)):
        if first == MAdd((Scalar(ONE), MMul((Scalar(MINUS_ONE), second)))):
            out[k : k + 2] = [second, first]
    return out


def _below(mat: Mat) -> bool:
    """Whether a factor stands under the bar."""
    return isinstance(mat, MPow) and isinstance(mat.exponent, Num) and mat.exponent.value < 0


def _power(mat: Mat) -> Power:
    # (s^2)^(1/2) is |s|: of powers of powers only whole ones are put together.
    if (
        isinstance(mat, MPow)
        and isinstance(mat.exponent, Num)
        and (mat.exponent.value.denominator == 1 or not isinstance(mat.base, MPow))
    ):
        return mat.base, mat.exponent.value
    return mat, Fraction(1)


def _whole_power(mat: Mat) -> Power:
    """(u^7)^-1 = u^-7: the power of a scalar, whole powers of powers put together."""
    base, exponent = _power(mat)
    while exponent.denominator == 1 and isinstance(base, MPow):
        inner, more = _power(base)
        if inner == base:
            break
        base, exponent = inner, exponent * more
    return base, exponent


def _shortened(e: Expr) -> Expr:
    """A product of numbers and scalar letters, cancelled where that makes it shorter."""
    if isinstance(e, Mul):
        value = Fraction(1)
        for a in e.args:
            value *= a.value if isinstance(a, Num) else 1
        rest = [a for a in e.args if not isinstance(a, Num)]
        e = mul(*([] if value == 1 and rest else [Num(value)]), *rest)
        # A number times one letter has nothing to cancel.
        return shortest(e) if len(rest) > 1 or (rest and isinstance(rest[0], Pow)) else e
    return e


def terms_of(mat: MAdd) -> tuple[Term, ...]:
    """The terms of a sum, sums inside it multiplied out as far as scalars go."""
    out: list[Term] = []
    for arg in mat.args:
        own = term(arg)
        if isinstance(own.core, MAdd) and isinstance(own.number, Num) and not own.scalars:
            for inner in terms_of(own.core):
                scaled = hadamard((Term(own.number, own.scalars, None).mat(), inner.mat()))
                out.append(term(scaled))
        elif own.core is None and not own.scalars and isinstance(arg, MAdd):
            out.extend(terms_of(arg))
        else:
            out.append(own)
    return tuple(out)


@remembered
def factors(mat: Mat) -> tuple[Mat, ...]:
    """The factors of a matrix product, from left to right; diag(w) is one of them."""
    match mat:
        case MatMul(left, right):
            return (*factors(left), *factors(right))
        case ScaleRows(weights, arg):
            return (Diag(weights), *factors(arg))
        case ScaleCols(arg, weights):
            return (*factors(arg), Diag(weights))
        case Transpose(MatMul() | ScaleRows() | ScaleCols() as arg) if len(arg.axes) == 2:
            return tuple(transpose(f) for f in reversed(factors(arg)))
    return (mat,)


def chain(parts: tuple[Mat, ...]) -> Mat:
    """The product of factors; to the right of diag(w) its rows are scaled."""
    out = parts[-1]
    for part in reversed(parts[:-1]):
        columns = isinstance(out, Diag) and not isinstance(part, Diag) and len(part.axes) == 2
        out = (
            scale_columns(part, out.arg) if columns and isinstance(out, Diag) else matmul(part, out)
        )
    return out


@remembered
def key(mat: Mat) -> Hashable:
    """Equal keys mean equal values: order of entrywise factors, brackets of products aside."""
    match mat:
        case MAdd(args) | MMul(args):
            return (type(mat).__name__, frozenset(Counter(key(a) for a in args).items()))
        case Dot(left, right):
            return ("Dot", frozenset(Counter((key(left), key(right))).items()))
        case MatMul() | ScaleRows() | ScaleCols():
            return ("product", tuple(key(f) for f in factors(mat)))
        case Transpose(arg) if not isinstance(arg, Sym):
            other = transpose(arg)
            return key(other) if not isinstance(other, Transpose) else ("transpose", key(arg))
        case Scalar() | Sym():
            return mat
    inner = tuple(key(a) for a in operands(mat))
    if not inner:
        return mat
    blank = with_operands(mat, tuple(Zero(a.axes) for a in operands(mat)))
    return (blank, inner)


def alike(one: Term, two: Term) -> bool:
    """Whether two terms differ in their numbers alone."""
    return _own_key(one) == _own_key(two)


def _own_key(own: Term) -> Hashable:
    scalars = frozenset((key(base), k) for base, k in own.scalars)
    return (scalars, None if own.core is None else key(own.core))


def like_terms(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """a X + b X = (a + b) X; what cancels is left out, terms with plus signs stand first."""
    out: list[Term] = []
    for new in terms:
        at = next((n for n, old in enumerate(out) if alike(old, new)), None)
        if at is None:
            out.append(new)
            continue
        number = shortest(add(out[at].number, new.number))
        out[at] = Term(number, out[at].scalars, out[at].core)
    left = [t for t in out if t.number != ZERO]
    # A cost keeps its order: minus the log-likelihood plus a penalty.
    if left and left[0].negative and any(t.core is not None for t in left):
        left.sort(key=lambda t: t.negative)
    return tuple(left)
