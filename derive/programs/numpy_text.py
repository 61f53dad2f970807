"""Matrix formulas as NumPy expressions, by precedence numbers; one small case per node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import NoRuleError
from derive.matrices.build import coefficient, hadamard, is_minus, split_scalar
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
)
from derive.notation.functions import Elementwise
from derive.notation.matrix import (
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Identity,
    MAdd,
    MApply,
    Mask,
    Mat,
    MatMul,
    MMul,
    MPow,
    Ones,
    Outer,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Trace,
    Transpose,
)

SUM, PRODUCT, UNARY, POWER, ATOM = 1, 2, 3, 4, 5
"""Python's precedence: + and -, then * / @, then unary minus, then **, then names and calls."""


@dataclass(frozen=True)
class Text:
    """A piece of code and how tightly its outermost operator binds."""

    code: str
    level: int

    def within(self, level: int) -> str:
        """The code, in brackets where it binds less tightly than `level`."""
        return self.code if self.level >= level else f"({self.code})"


Names = Mapping[Mat, str]


def numpy_text(mat: Mat, names: Names) -> str:
    """The NumPy expression of a formula; subformulas in `names` are called by their name."""
    return _text(mat, names).code


def inlined(function: Elementwise) -> bool:
    """Whether a function is written where it is used; else the module defines it by name."""
    return function.numpy.count("{t}") == 1 and function.numpy.endswith("({t})")


def spread(mat: Mat) -> bool:
    """Whether a matrix repeats one vector: a 1', 1 b', and sums and products of such."""
    match mat:
        case Outer(left, right):
            return isinstance(left, Ones) or isinstance(right, Ones)
        case MAdd(args) | MMul(args):
            wide = [a for a in args if a.axes]
            return bool(wide) and all(spread(a) for a in wide)
    return False


def filled(args: tuple[Mat, ...]) -> bool:
    """Whether some operand has all the entries, so that NumPy may broadcast the others."""
    return any(len(a.axes) == 2 and not spread(a) for a in args)


def _text(mat: Mat, names: Names, loose: bool = False) -> Text:
    """The text; where it is `loose`, a repeated vector may be left to NumPy's broadcasting."""
    if mat in names:
        return Text(names[mat], ATOM)
    match mat:
        case Outer(left, Ones()) if loose:
            return Text(f"{_text(left, names).within(ATOM)}[:, None]", ATOM)
        case Outer(Ones(), right) if loose:
            return _text(right, names)
        case Sym(tensor):
            return Text(tensor.name, ATOM)
        case Scalar(e):
            return scalar_text(e)
        case MAdd(args):
            return _sum(args, names, loose or filled(args))
        case MMul(args):
            return _product(args, names, loose or filled(args))
        case MPow(base, exponent):
            return _power(_text(base, names), exponent)
        case MApply(function, arg):
            return _call(function, _text(arg, names).code)
        case Transpose(arg):
            return Text(_text(arg, names).within(ATOM) + ".T", ATOM)
        case MatMul(left, right):
            return _matmul(left, right, names)
        case Dot(left, right):
            return _dot(left, right, names)
        case Outer(left, right):
            return Text(f"np.outer({_text(left, names).code}, {_text(right, names).code})", ATOM)
        case Diag(arg):
            return Text(f"np.diag({_text(arg, names).code})", ATOM)
        case DiagPart(arg):
            return Text(f"np.diagonal({_text(arg, names).code})", ATOM)
        case Trace(arg):
            return Text(f"np.trace({_text(arg, names).code})", ATOM)
        case ScaleRows(MPow(weights, Num(value)), arg) if value == -1:
            column = _text(weights, names).within(ATOM) + "[:, None]"
            return Text(f"{_text(arg, names).within(PRODUCT)} / {column}", PRODUCT)
        case ScaleRows(weights, arg):
            column = _text(weights, names).within(ATOM) + "[:, None]"
            return Text(f"{column} * {_text(arg, names).within(UNARY)}", PRODUCT)
        case ScaleCols(arg, weights):
            inner = _text(arg, names).within(PRODUCT)
            return Text(f"{inner} * {_text(weights, names).within(UNARY)}", PRODUCT)
        case Identity(axis):
            return Text(f"np.eye({axis.letter})", ATOM)
        case Ones(axis):
            return Text(f"np.ones({axis.letter})", ATOM)
        case Mask(axis, lower):
            return Text(f"(np.arange(1, {axis.letter} + 1) >= {lower}).astype(float)", ATOM)
        case Einsum():
            return _einsum(mat, names)
        case _:
            raise TypeError(f"no NumPy text for {type(mat).__name__}")


def _sum(args: tuple[Mat, ...], names: Names, loose: bool) -> Text:
    out = ""
    for arg in args:
        if out and is_minus(arg) and arg not in names:
            out += f" - {_text(negated(arg), names, loose).within(PRODUCT)}"
        else:
            code = _text(arg, names, loose).within(PRODUCT)
            out += f" + {code}" if out else code
    return Text(out, SUM)


def negated(mat: Mat) -> Mat:
    """-mat, for a formula that is written with a minus sign."""
    number, rest = split_scalar(mat)
    first, *others = number.args if isinstance(number, Mul) else (number,)
    if not isinstance(first, Num):
        raise TypeError("only a formula with a minus sign is negated")
    return hadamard((Scalar(coefficient(Num(-first.value), *others)), rest))


def _product(args: tuple[Mat, ...], names: Names, loose: bool) -> Text:
    """Entrywise product: minus sign, factors above, then factors below by division."""
    sign, above, below = "", [], []
    for arg in args:
        if isinstance(arg, Scalar):
            minus, top, bottom = _quotient(arg.expr)
            sign = "-" if minus != bool(sign) else ""
            above += top
            below += bottom
        elif isinstance(arg, MPow) and isinstance(arg.exponent, Num) and arg.exponent.value == -1:
            below.append(_text(arg.base, names, loose))
        else:
            above.append(_text(arg, names, loose))
    return _fraction(sign, above, below)


def _fraction(sign: str, above: list[Text], below: list[Text]) -> Text:
    # A product binds its right operand less tightly than its left: a * (b @ c), a / (b * c).
    factors = above or [Text("1", ATOM)]
    code = " * ".join(
        part.within(PRODUCT if number == 0 else UNARY) for number, part in enumerate(factors)
    )
    for part in below:
        code += f" / {part.within(UNARY)}"
    lone = len(factors) == 1 and not below
    if sign:
        first = factors[0].within(UNARY if lone else PRODUCT)
        return Text(f"-{first}" if lone else f"-{code}", UNARY if lone else PRODUCT)
    return Text(code, factors[0].level if lone else PRODUCT)


def _power(base: Text, exponent: Expr) -> Text:
    bottom = base.within(ATOM)
    # Plain names hug the operator, as the formatter has it.
    stars = "**" if bottom.isidentifier() else " ** "
    match exponent:
        case Num(value) if value == -1:
            return Text(f"1 / {base.within(UNARY)}", PRODUCT)
        case Num(value) if value == Fraction(1, 2):
            return Text(f"np.sqrt({base.code})", ATOM)
        case Num(value) if value.denominator == 1 and value < 0:
            # Integer arrays have no negative integer powers; the reciprocal is always right.
            return Text(f"1 / {bottom}{stars}{-value}", PRODUCT)
        case Num(value) if value.denominator == 1:
            return Text(f"{bottom}{stars}{value}", POWER)
    return Text(f"{bottom} ** {scalar_text(exponent).within(ATOM)}", POWER)


def _call(function: Elementwise, argument: str) -> Text:
    if not function.numpy:
        raise NoRuleError(
            asked="write a NumPy function",
            where=f"{function.name}({argument})",
            wrong=f"the function {function.name} has no NumPy text yet",
            todo="give the row a stable text with numpy=, or print the proof alone",
        )
    if inlined(function):
        return Text(function.numpy.format(t=argument), ATOM)
    return Text(f"{function.name}({argument})", ATOM)


def _matmul(left: Mat, right: Mat, names: Names) -> Text:
    if isinstance(right, Ones) and right not in names:
        if isinstance(left, Transpose):
            return Text(f"np.sum({_text(left.arg, names).code}, axis=0)", ATOM)
        return Text(f"np.sum({_text(left, names).code}, axis=1)", ATOM)
    # (A B) v is cheaper as A (B v), and the two are equal.
    if isinstance(left, MatMul) and len(right.axes) == 1 and left not in names:
        return _matmul(left.left, MatMul(left.right, right), names)
    first = _text(left, names)
    # @ and * stand on one level of precedence and go from left to right.
    code = first.within(PRODUCT if isinstance(left, MatMul) else UNARY)
    return Text(f"{code} @ {_text(right, names).within(UNARY)}", PRODUCT)


def _dot(left: Mat, right: Mat, names: Names) -> Text:
    if isinstance(left, Ones):
        return Text(f"np.sum({_text(right, names).code})", ATOM)
    if isinstance(right, Ones):
        return Text(f"np.sum({_text(left, names).code})", ATOM)
    first, second = _text(left, names), _text(right, names)
    if len(left.axes) == 1:
        return Text(f"{first.within(UNARY)} @ {second.within(UNARY)}", PRODUCT)
    if left == right:
        return Text(f"np.sum({_power(first, Num(Fraction(2))).code})", ATOM)
    return Text(f"np.sum({first.within(UNARY)} * {second.within(UNARY)})", ATOM)


def _einsum(mat: Einsum, names: Names) -> Text:
    # Letters of a formula may carry primes; einsum takes plain letters only.
    plain = {letter: chr(ord("a") + n) for n, (letter, _) in enumerate(mat.letters)}
    left = ",".join("".join(plain[k] for k in own) for _, own in mat.operands)
    right = "".join(plain[k] for k in mat.output)
    codes = ", ".join(_text(operand, names).code for operand, _ in mat.operands)
    # Pairwise contraction: the plain loop over all letters at once is slower by a power of m.
    order = ", optimize=True" if len(mat.operands) > 2 else ""
    return Text(f'np.einsum("{left}->{right}", {codes}{order})', ATOM)


def scalar_text(e: Expr) -> Text:
    """A formula without indices: sizes, numbers, scalar tensors and functions of them."""
    match e:
        case Num(value):
            if value.denominator == 1:
                return Text(str(value.numerator), ATOM if value >= 0 else UNARY)
            return Text(f"{value.numerator} / {value.denominator}", PRODUCT)
        case Axis():
            return Text(e.letter, ATOM)
        case Constant(name):
            return Text(f"np.{name}", ATOM)
        case Entry(tensor, _):
            return Text(tensor.name, ATOM)
        case Add(args):
            out = ""
            for arg in args:
                code = scalar_text(arg).within(PRODUCT)
                out += f" - {code[1:]}" if out and code.startswith("-") else (
                    f" + {code}" if out else code
                )  # fmt: skip
            return Text(out, SUM)
        case Mul():
            minus, above, below = _quotient(e)
            return _fraction("-" if minus else "", above, below)
        case Pow(base, exponent):
            return _power(scalar_text(base), exponent)
        case Apply(function, arg):
            return _call(function, scalar_text(arg).code)
        case Element(mat, ()):
            return _text(mat, {})
        case Sum() | Delta() | Indicator() | Diff() | Element():
            raise TypeError(f"{type(e).__name__} is no scalar formula")
        case _:
            raise TypeError(f"no NumPy text for {type(e).__name__}")


def _quotient(e: Expr) -> tuple[bool, list[Text], list[Text]]:
    """Sign, factors above and factors below of a scalar formula; ones are left out."""
    minus, above, below = False, [], []
    for factor in e.args if isinstance(e, Mul) else (e,):
        match factor:
            case Num(value):
                minus = minus != (value < 0)
                if abs(value.numerator) != 1:
                    above.append(Text(str(abs(value.numerator)), ATOM))
                if value.denominator != 1:
                    below.append(Text(str(value.denominator), ATOM))
            case Pow(base, Num(value)) if value == -1:
                below.append(scalar_text(base))
            case _:
                above.append(scalar_text(factor))
    return minus, above, below
