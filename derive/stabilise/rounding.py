"""A formula in float64 as the code will compute it, with functions rounded to the nearest number.

NumPy's exponential differs from processor to processor in the last digit. Forms are compared as if
every function were right to the last digit, so that the same form is chosen on every machine.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, OutsideError
from derive.judge.functions import SIGNS
from derive.notation.expression import (
    Add,
    Apply,
    Cases,
    Constant,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    When,
)
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise, exp, rest
from derive.notation.interval import UNIT
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children

Array = np.ndarray[Any, np.dtype[np.float64]]

COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "=": np.equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


class UnreadableError(ValueError):
    """A formula, or the NumPy text of a row of a user's own, that is not computed here."""


def switches_off(e: Expr) -> bool:
    """y or 1 - y for data y between 0 and 1: a weight that may be 0."""
    match e:
        case Entry(tensor, _):
            return tensor.role == "data" and tensor.domain.within(UNIT)
        case Add((Num(one), Mul((Num(minus), Entry() as entry)))):
            return one == 1 and minus == -1 and switches_off(entry)
    return False


def computed(e: Expr) -> Iterator[Expr]:
    """The parts of a formula that the code computes; of w e^t with a weight not e^t by itself."""
    yield e
    weighted = isinstance(e, Mul) and any(switches_off(arg) for arg in e.args)
    for part in children(e):
        if weighted and isinstance(part, Apply) and part.function == exp:
            yield from computed(part.arg)
        else:
            yield from computed(part)


@dataclass
class Rounded:
    """Values of formulas over many samples, each part computed once.

    `letters` are the samples' values; definitions are computed from them.
    """

    problem: Problem
    letters: Mapping[Tensor, Array]
    arithmetic: Arithmetic
    seen: dict[Expr, Array] = field(default_factory=dict)
    undecided: dict[Expr, np.ndarray[Any, np.dtype[np.bool_]]] = field(default_factory=dict)

    def __call__(self, e: Expr) -> Array:
        """The formula's values."""
        found = self.seen.get(e)
        if found is None:
            with np.errstate(all="ignore"):
                found = self.seen[e] = np.asarray(self._value(e), dtype=np.float64)
        return found

    def _value(self, e: Expr) -> Any:
        match e:
            case Num(value):
                return np.float64(value.numerator) / np.float64(value.denominator)
            case Constant():
                return np.pi
            case Entry(tensor, _):
                given = self.letters.get(tensor)
                definition = definition_of(tensor, self.problem.definitions)
                if given is None and definition is not None:
                    return self(definition.at(e))
                return given
            case Add(args):
                total = self(args[0])
                for arg in args[1:]:
                    total = total + self(arg)
                return total
            case Mul(args):
                return self._product(args)
            case Pow(base, Num(value)) if value.denominator == 1:
                return self(base) ** int(value) if value > 0 else 1 / self(base) ** int(-value)
            case Pow(base, power):
                return self(base) ** self(power)
            case Apply(function, arg) if function == rest:
                return self._rest(arg)
            case Apply(function, arg):
                t = self(arg)
                value = self._function(function, t)
                # No precision at hand tells the value: that is no fault of the form.
                self.undecided[e] = np.isnan(value) & np.isfinite(t)
                return value
            case Cases(branches, otherwise):
                out = self(otherwise)
                for test, branch in reversed(branches):
                    out = np.where(self._test(test), self(branch), out)
                return out
        raise UnreadableError(f"no float64 value for {type(e).__name__}")

    def _product(self, args: tuple[Expr, ...]) -> Any:
        weights = [arg for arg in args if switches_off(arg)]
        if weights and any(isinstance(arg, Apply) and arg.function == exp for arg in args):
            return self._weighted(args, weights)
        above: Any = 1.0
        below: list[Array] = []
        for arg in args:
            match arg:
                case Pow(base, Num(value)) if value == -1:
                    below.append(self(base))
                case Num(value):
                    above = above * np.float64(value.numerator)
                    below += [np.array(float(value.denominator))] if value.denominator > 1 else []
                case _:
                    above = above * self(arg)
        for part in below:
            above = above / part
        return above

    def _weighted(self, args: tuple[Expr, ...], weights: list[Expr]) -> Any:
        """w e^t as the code has it: 0 where w is, else e^{t/2} w e^{t/2}."""
        grown = [a for a in args if isinstance(a, Apply) and a.function == exp]
        rest = [a for a in args if a not in grown]
        whole, taken = self._product(tuple(rest)), np.True_
        for weight in weights:
            taken = taken & (self(weight) != 0)
        for e in grown:
            half = self._function(exp, np.where(taken, self(e.arg), 0.0) / 2)
            whole = half * whole * half
        return whole

    def _rest(self, e: Expr) -> Array:
        """What rounding takes from the last operation of a formula, rounded once."""
        match e:
            case Add((left, right)):
                return _rests(operator.add, self(left), self(right))
            case Mul((left, Pow(right, Num(power)))) | Mul((Pow(right, Num(power)), left)) if (
                power == -1
            ):
                return _rests(operator.truediv, self(left), self(right))
            case Mul((left, right)):
                return _rests(operator.mul, self(left), self(right))
            case Pow(base, Num(power)) if power == 2:
                return _rests(operator.mul, self(base), self(base))
        raise UnreadableError(f"no rest of rounding of {type(e).__name__}")

    def _test(self, test: When) -> Array:
        return COMPARE[test.relation](self(test.left), self(test.right))

    def _function(self, function: Elementwise, t: Array) -> Any:
        text = function.numpy
        if "special." in text or not text:
            return self._nearest(function, t)
        return self._text(ast.parse(text.format(t="t"), mode="eval").body, t)

    def _text(self, e: ast.expr, t: Array) -> Any:
        """A row's NumPy text of one argument t."""
        match e:
            case ast.Name("t"):
                return t
            case ast.Constant(int() | float() as value):
                return value
            case ast.Attribute(ast.Name("np"), "pi"):
                return np.pi
            case ast.UnaryOp(ast.USub(), inner):
                return -self._text(inner, t)
            case ast.BinOp(left, sign, right) if type(sign) in OPERATORS:
                sides = (self._text(left, t), self._text(right, t))
                return OPERATORS[type(sign)](*sides)
            case ast.Compare(left, [sign], [right]) if type(sign) in OPERATORS:
                sides = (self._text(left, t), self._text(right, t))
                return OPERATORS[type(sign)](*sides)
            case ast.Call(ast.Attribute(ast.Name("np"), name), arguments, []):
                values = [self._text(a, t) for a in arguments]
                row = next((f for f in FUNCTIONS if f.numpy == f"np.{name}({{t}})"), None)
                if row is None or name in ALIKE:
                    return getattr(np, name)(*values)
                return self._nearest(row, np.asarray(values[0], dtype=np.float64))
        raise UnreadableError(f"no float64 value for {ast.unparse(e)}")

    def _nearest(self, function: Elementwise, t: Array) -> Array:
        points, places = np.unique(t, return_inverse=True)
        values = np.array([nearest(function, float(x), self.arithmetic) for x in points])
        return values[places].reshape(np.shape(t))


def _rests(operation: Callable[[Any, Any], Any], left: Array, right: Array) -> Array:
    """Entry by entry what rounding takes from an operation; 0 where there is no finite value."""
    with np.errstate(all="ignore"):
        rounded = operation(left, right)
    pairs = np.broadcast_arrays(left, right, rounded)
    out = np.zeros(rounded.shape)
    for place in np.flatnonzero(np.isfinite(rounded)):
        a, b, whole = (Fraction(float(part.flat[place])) for part in pairs)
        out.flat[place] = float(operation(a, b) - whole)
    return out


OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.Pow: np.power, ast.Gt: np.greater, ast.GtE: np.greater_equal, ast.Lt: np.less,
    ast.LtE: np.less_equal,
}  # fmt: skip
ALIKE = frozenset({"abs", "sign", "sqrt", "minimum", "maximum", "clip", "heaviside"})
"""Functions that every machine computes alike."""


def nearest(function: Elementwise, x: float, arithmetic: Arithmetic) -> float:
    """f(x) rounded once; nan where there is no value, the limit at an infinity where it is one."""
    if not math.isfinite(x) or (abs(x) > SETTLED and function.name in SATURATED):
        return _limit(function, x)
    found = math.nan
    for level in range(LEVELS):
        before = found
        try:
            with arithmetic.working():
                value = _exact(function, arithmetic.number(Fraction(x)), arithmetic)
                # A ball about 0 tells nothing, unless it is smaller than every number.
                known = decided(value, arithmetic) or level == LEVELS - 1
                found = arithmetic.approximate(value) if known else math.nan
                if known and arithmetic.sure(value):
                    break
        except OutsideError as error:
            if error.definite:
                return math.nan
        if found == before:
            break
        arithmetic = arithmetic.finer()
    return found


LEVELS = 5
"""A value counts when two precisions, one twice the other, round to the same number."""


def decided(value: Any, arithmetic: Arithmetic) -> bool:
    """Whether the precision tells the value from 0, or tells that it is 0.

    Where rounding is not tracked, a 0 may be all that cancellation has left.
    """
    sign = arithmetic.sign(value)
    return sign is not None and (sign != 0 or arithmetic.sure(value))


SETTLED = 1e6
SATURATED = frozenset({"exp", "expm1", "tanh"})
"""Functions that have reached their limits, to the last digit, at SETTLED."""


def _limit(function: Elementwise, x: float) -> float:
    low, high = ENDS.get(function.name, (math.nan, math.nan))
    return math.nan if math.isnan(x) else high if x > 0 else low


ENDS = {
    "exp": (0.0, math.inf), "expm1": (-1.0, math.inf), "tanh": (-1.0, 1.0),
    "log": (math.nan, math.inf), "log1p": (math.nan, math.inf), "atan": (-math.pi/2, math.pi/2),
}  # fmt: skip
"""The limits of functions at minus and at plus infinity."""


def _exact(function: Elementwise, x: Any, arithmetic: Arithmetic) -> Any:
    if function.definition is None:
        return arithmetic.series(function.exact, x, 0)[0]
    return _evaluated(function.definition(SLOT), x, arithmetic)


def _evaluated(e: Expr, x: Any, arithmetic: Arithmetic) -> Any:
    match e:
        case Entry():
            return x
        case Num(value):
            return arithmetic.number(value)
        case Constant(name):
            return arithmetic.constant(name)
        case Add(args):
            return sum((_evaluated(a, x, arithmetic) for a in args), arithmetic.number(Fraction(0)))
        case Mul(args):
            out = arithmetic.number(Fraction(1))
            for a in args:
                out = out * _evaluated(a, x, arithmetic)
            return out
        case Pow(base, Num(value)) if value.denominator == 1:
            grown = _evaluated(base, x, arithmetic) ** abs(int(value))
            return grown if value > 0 else arithmetic.inverse(grown)
        case Apply(function, arg):
            return _exact(function, _evaluated(arg, x, arithmetic), arithmetic)
        case Cases(branches, otherwise):
            for test, branch in branches:
                left, right = (_evaluated(side, x, arithmetic) for side in (test.left, test.right))
                if arithmetic.sign(left - right) in SIGNS[test.relation]:
                    return _evaluated(branch, x, arithmetic)
            return _evaluated(otherwise, x, arithmetic)
    raise OutsideError(f"no value of {type(e).__name__}", definite=True)
