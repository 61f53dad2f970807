"""Cases in NumPy: a choice entry by entry, without warnings from branches that are not taken."""

from __future__ import annotations

import math

from derive.notation.expression import Apply, Axis, Expr, Num, Pow
from derive.notation.functions import Elementwise
from derive.notation.interval import REAL
from derive.notation.matrix import Choice, MApply, Mat, MPow, Scalar, operands
from derive.notation.tree import subterms
from derive.programs.pieces import ATOM, SUM, Text
from derive.stabilise.comparisons import on_doubles

PYTHON = {"=": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def chosen(choice: Choice, texts: list[Text]) -> Text:
    """np.where of a test, its value and the rest; deferred where a value may be out of bounds."""
    relations = choice.relations
    tests = [
        f"{texts[3 * k].within(SUM)} {PYTHON[_on_doubles(sign, choice.parts[3 * k + 1])]} "
        f"{texts[3 * k + 1].within(SUM)}"
        for k, sign in enumerate(relations)
    ]
    count = len(relations)
    values = [_real(texts[3 * k + 2].code) for k in range(count)] + [_real(texts[-1].code)]
    if deferred(choice):
        later = ", ".join(f"lambda: {value}" for value in values)
        return Text(f"special.choose([{', '.join(tests)}], [{later}])", ATOM)
    if choice.total and count == 1:
        return Text(f"special.refined({tests[0]}, {values[0]}, {values[1]})", ATOM)
    out = values[-1]
    for test, value in reversed(list(zip(tests, values, strict=False))):
        out = f"np.where({test}, {value}, {out})"
    return Text(out, ATOM)


def _on_doubles(relation: str, bound: Mat) -> str:
    """The relation that doubles have to a number where it is none itself."""
    match bound:
        case Scalar(Num(value)):
            return on_doubles(relation, value)
    return relation


def deferred(choice: Choice) -> bool:
    """Whether some value may have no number where it is not taken."""
    values = (*choice.parts[2::3], choice.parts[-1])
    return not choice.total and any(_partial(part) for part in values)


def _real(code: str) -> str:
    """Whole numbers alone would make an array of integers."""
    return f"{code}.0" if code.removeprefix("-").isdigit() else code


def conditional(relations: tuple[str, ...], texts: list[Text]) -> Text:
    """Scalars: Python evaluates the value of the test that holds and no other."""
    out = f"({texts[-1].code})"
    for k in range(len(relations) - 1, -1, -1):
        left, right, value = texts[3 * k : 3 * k + 3]
        test = f"{left.within(SUM)} {PYTHON[relations[k]]} {right.within(SUM)}"
        out = f"({value.code} if {test} else {out})"
    return Text(out, ATOM)


def _partial(mat: Mat) -> bool:
    """Whether a value may overflow or lie outside of a domain: all but sums, products, powers."""
    match mat:
        case MApply(function, _) if not _tame(function):
            return True
        case MPow(_, exponent) if not _whole(exponent):
            return True
        case Scalar(e) if any(not _polynomial(node) for _, node in subterms(e)):
            return True
    return any(_partial(part) for part in operands(mat))


def _whole(exponent: Expr) -> bool:
    """2, 3, 4: a small whole power."""
    return isinstance(exponent, Num) and exponent.value.denominator == 1 and exponent.value > 0


def _polynomial(e: Expr) -> bool:
    match e:
        case Apply(function, _):
            return _tame(function)
        case Pow(base, exponent):
            return _whole(exponent) or isinstance(base, Axis | Num)
    return True


def _tame(function: Elementwise) -> bool:
    """Whether a function is defined everywhere and cannot overflow: bounded, or made of pieces."""
    bounded = function.range.low > -math.inf and function.range.high < math.inf
    return function.domain == REAL and (bounded or bool(function.kinks))
