"""Matrix formulas as NumPy expressions, by precedence numbers; one small case per node."""

from __future__ import annotations

from fractions import Fraction

from derive.errors import NoRuleError
from derive.matrices.build import (
    coefficient,
    hadamard,
    is_minus,
    kron_terms,
    split_scalar,
    transpose,
)
from derive.notation.bands import Band, Unit
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
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
)
from derive.notation.functions import Elementwise, rest
from derive.notation.matrix import (
    Choice,
    Det,
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Identity,
    Inverse,
    Kron,
    KronRows,
    LogDet,
    MAdd,
    MApply,
    Mask,
    Mat,
    MatMul,
    MMul,
    MPow,
    MPower,
    Ones,
    Outer,
    RowProduct,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Trace,
    Transpose,
    Zero,
)
from derive.notation.tree import children
from derive.programs.bands_text import place_code, size_code, written_out
from derive.programs.broadcasting import filled
from derive.programs.cases_text import chosen, conditional
from derive.programs.exponentials_text import lowered_text, weighted_lowered_text
from derive.programs.numbers_text import number_text, quotient
from derive.programs.overflow import guarded, guarded_text, weighted, weighted_text
from derive.programs.pieces import ATOM, POWER, PRODUCT, SUM, UNARY, Names, Text, hugged, raised
from derive.programs.products_text import dot_text, einsum_text, matmul_text
from derive.programs.ratios_text import special_text
from derive.programs.rests_text import constant_text, rest_operands, rest_text
from derive.programs.systems import (
    determinant_text,
    inverse_text,
    solves,
)


def numpy_text(mat: Mat, names: Names) -> str:
    """The NumPy expression of a formula; subformulas in `names` are called by their name."""
    return _text(mat, names).code


def inlined(function: Elementwise) -> bool:
    """Whether a function is written where it is used; else the module defines it by name."""
    text = function.numpy
    return function == rest or (text.count("{t}") == 1 and text.endswith("({t})"))


def _text(mat: Mat, names: Names, loose: bool = False) -> Text:
    """The text; where it is `loose`, a repeated vector may be left to NumPy's broadcasting."""
    if mat in names:
        return Text(names[mat], ATOM)
    match mat:
        case Outer(Ones(), Ones()) if loose:
            return Text("1", ATOM)
        case Outer(left, Ones()) if loose:
            return Text(f"{_text(left, names).within(ATOM)}[:, None]", ATOM)
        case Outer(Ones(), right) if loose:
            return _text(right, names)
        case Sym(tensor):
            return Text(tensor.name, ATOM)
        case Scalar(e):
            return scalar_text(e)
        case MAdd(args):
            return lowered_text(_text, args, names) or _sum(args, names, loose or filled(args))
        case MMul(args):
            special = weighted_lowered_text(_text, args, names)
            return special or _product(args, names, loose or filled(args))
        case MPow(base, exponent):
            return _power(_text(base, names), exponent)
        case MPower(base, exponent):
            return raised(_text(base, names), _text(exponent, names))
        case MApply(function, arg) if function == rest:
            kind, operands = rest_operands(arg)
            return rest_text(kind, *(_text(operand, names, loose=True) for operand in operands))
        case MApply(function, arg):
            special = special_text(_text, mat, names)
            return special or _call(function, _text(arg, names).code)
        case Choice():
            return chosen(mat, [_text(part, names) for part in mat.parts])
        case Transpose(arg):
            return Text(_text(arg, names).within(ATOM) + ".T", ATOM)
        case MatMul(left, right):
            return matmul_text(_text, left, right, names)
        case Dot(left, right):
            return dot_text(_text, left, right, names)
        case Outer(left, right) if len(left.axes) == 2:
            both = f"{_text(left, names).code}, {_text(right, names).code}"
            return Text(f"np.multiply.outer({both})", ATOM)
        case Outer(left, right):
            return Text(f"np.outer({_text(left, names).code}, {_text(right, names).code})", ATOM)
        case Diag(arg) if len(arg.axes) == 2:
            eyes = ", ".join(f"np.eye({axis.letter})" for axis in arg.axes)
            return Text(f'np.einsum("kl,kp,lq->klpq", {_text(arg, names).code}, {eyes})', ATOM)
        case Diag(arg):
            return Text(f"np.diag({_text(arg, names).code})", ATOM)
        case DiagPart(MatMul(left, right)) if mat.arg not in names and solves(mat.arg, names):
            # The diagonal alone: the rows of one factor times the columns of the other.
            first, second = _text(left, names), _text(transpose(right), names)
            code = f"{first.within(PRODUCT)} * {second.within(UNARY)}"
            return Text(f"np.sum({code}, axis=1)", ATOM)
        case DiagPart(arg):
            return Text(f"np.diagonal({_text(arg, names).code})", ATOM)
        case Trace(arg):
            return Text(f"np.trace({_text(arg, names).code})", ATOM)
        case RowProduct(arg):
            axis = f", axis={len(arg.axes) - 1}" if len(arg.axes) > 1 else ""
            return Text(f"np.prod({_text(arg, names).code}{axis})", ATOM)
        case ScaleRows(MPow(weights, Num(value)), arg) if value == -1:
            column = _text(weights, names).within(ATOM) + "[:, None]"
            return Text(f"{_text(arg, names).within(PRODUCT)} / {column}", PRODUCT)
        case ScaleRows(weights, arg):
            column = _text(weights, names).within(ATOM) + "[:, None]"
            return Text(f"{column} * {_text(arg, names).within(UNARY)}", PRODUCT)
        case ScaleCols(arg, weights):
            inner = _text(arg, names).within(PRODUCT)
            return Text(f"{inner} * {_text(weights, names).within(UNARY)}", PRODUCT)
        case Inverse(arg):
            return inverse_text(_text, arg, names)
        case LogDet(arg) | Det(arg):
            return determinant_text(_text, mat, arg, names)
        case Identity(axis):
            return Text(f"np.eye({size_code(axis)})", ATOM)
        case Zero(over):
            sizes = ", ".join(size_code(axis) for axis in over)
            size = f"({sizes})" if len(over) > 1 else sizes
            return Text(f"np.zeros({size})" if over else "0.0", ATOM)
        case Kron(left, right, crossed):
            ends = "kq,lp" if crossed else "kp,lq"
            both = f"{_text(left, names).code}, {_text(right, names).code}"
            return Text(f'np.einsum("{ends}->klpq", {both})', ATOM)
        case KronRows():
            return _text(kron_terms(mat), names)
        case Ones(axis):
            return Text(f"np.ones({size_code(axis)})", ATOM)
        case Mask(axis, lower):
            return Text(f"(np.arange(1, {size_code(axis, 1)}) >= {lower}).astype(float)", ATOM)
        case Unit(axis, place):
            number = str(place) if place > 0 else size_code(axis, place + 1)
            return Text(f"(np.arange(1, {size_code(axis, 1)}) == {number}).astype(float)", ATOM)
        case Band():
            return written_out(mat)
        case Einsum():
            return einsum_text(_text, mat, names)
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
    last: list[Text] = []
    together = weighted(args, names)
    if together is not None:
        above.append(weighted_text(_text, *together, names))
        args = tuple(arg for arg in args if arg not in together)
    kept = guarded(args, names)
    if kept is not None:
        above.append(guarded_text(_text, *kept, names))
        args = tuple(arg for arg in args if arg not in kept)
    for arg in args:
        if isinstance(arg, Scalar):
            minus, top, late, bottom = quotient(scalar_text, arg.expr)
            sign = "-" if minus != bool(sign) else ""
            above += top
            last += late
            below += bottom
        elif isinstance(arg, MPow) and isinstance(arg.exponent, Num) and arg.exponent.value == -1:
            below.append(_text(arg.base, names, loose))
        else:
            above.append(_text(arg, names, loose))
    return _fraction(sign, above + last, below)


def _fraction(sign: str, above: list[Text], below: list[Text]) -> Text:
    # A product binds its right operand less tightly than its left: a * (b @ c), a / (b * c).
    factors = above or [Text("1", ATOM)]
    if sign and factors[0].level == POWER:
        # -(a**2), as the formatter has it: Python's minus binds less tightly than a power.
        factors = [Text(f"({factors[0].code})", ATOM), *factors[1:]]
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
    match exponent:
        case Num(value) if value == -1:
            return Text(f"1 / {base.within(UNARY)}", PRODUCT)
        case Num(value) if value == Fraction(1, 2):
            return Text(f"np.sqrt({base.code})", ATOM)
        case Num(value) if value.denominator == 1 and value < 0:
            # Integer arrays have no negative integer powers; the reciprocal is always right.
            return Text(f"1 / {hugged(base)}{-value}", PRODUCT)
        case Num(value) if value.denominator == 1:
            return Text(f"{hugged(base)}{value}", POWER)
    return raised(base, scalar_text(exponent))


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


def scalar_text(e: Expr) -> Text:
    """A formula without indices: sizes, numbers, scalar tensors and functions of them."""
    match e:
        case Num(value):
            return number_text(value)
        case Axis():
            return Text(size_code(e), SUM if e.cut else ATOM)
        case Constant(name):
            return Text(f"np.{name}", ATOM)
        case Entry(tensor, indices):
            places = ", ".join(
                place_code(k.shift if k.shift > 0 else k.shift + axis.cut)
                for k, axis in zip(indices, tensor.axes, strict=True)
            )
            return Text(tensor.name + (f"[{places}]" if places else ""), ATOM)
        case Add(args):
            out = ""
            for arg in args:
                code = scalar_text(arg).within(PRODUCT)
                out += f" - {code[1:]}" if out and code.startswith("-") else (
                    f" + {code}" if out else code
                )  # fmt: skip
            return Text(out, SUM)
        case Mul():
            minus, above, last, below = quotient(scalar_text, e)
            return _fraction("-" if minus else "", above + last, below)
        case Pow(base, exponent):
            return _power(scalar_text(base), exponent)
        case Apply(function, Apply(inner, Num(value))) if function == rest:
            return constant_text(inner, value)
        case Apply(function, arg) if function == rest:
            return _text(MApply(function, Scalar(arg)), {})
        case Apply(function, arg):
            return _call(function, scalar_text(arg).code)
        case Cases(branches, _):
            texts = [scalar_text(part) for part in children(e)]
            return conditional(tuple(test.relation for test, _ in branches), texts)
        case Element(mat, ()):
            return _text(mat, {})
        case Sum() | Delta() | Indicator() | Diff() | Element():
            raise TypeError(f"{type(e).__name__} is no scalar formula")
        case _:
            raise TypeError(f"no NumPy text for {type(e).__name__}")
