"""A formula in float64 as the code will compute it, with functions rounded to the nearest number.

NumPy's exponential differs from processor to processor in the last digit. Forms are compared as if
every function were right to the last digit, so that the same form is chosen on every machine.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, OutsideError
from derive.judge.evaluation import evaluation
from derive.judge.functions import meaning
from derive.judge.points import Point, Slot
from derive.notation.array_text import Node, UnreadableError, tree
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
from derive.notation.functions import FUNCTIONS, Elementwise, exp, log1p_square, rest
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children
from derive.stabilise.comparisons import on_doubles
from derive.stabilise.products import fraction

Array = np.ndarray[Any, np.dtype[np.float64]]

COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "=": np.equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def switches_off(e: Expr) -> bool:
    """y for data that may be 0 and not less, 1 - y for such data up to 1."""
    match e:
        case Entry(tensor, _):
            return _from_zero(tensor)
        case Add((Num(one), Mul((Num(minus), Entry(tensor, _))))):
            unit = _from_zero(tensor) and tensor.domain.high <= 1
            return one == 1 and minus == -1 and unit
    return False


def _grows(e: Expr) -> bool:
    """e^t for an exponent that is no -c |u| and no -c max(0, u)."""
    match e:
        case Apply(function, Mul((Num(value), Apply(inner, _)))) if function == exp:
            return not (value < 0 and inner.range.nonnegative)
    return isinstance(e, Apply) and e.function == exp


def _from_zero(tensor: Tensor) -> bool:
    return tensor.role == "data" and tensor.domain.low == 0 and not tensor.domain.low_open


def computed(e: Expr) -> Iterator[Expr]:
    """The parts of a formula that the code computes; of w e^t with a weight not e^t by itself."""
    yield e
    for part in parts_computed(e):
        yield from computed(part)


def parts_computed(e: Expr) -> Iterator[Expr]:
    """The operands of the last operation that the code carries out."""
    weighted = isinstance(e, Mul) and any(switches_off(arg) for arg in e.args)
    for part in children(e):
        yield part.arg if weighted and isinstance(part, Apply) and _grows(part) else part


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
                if function == log1p_square and np.isinf(t).any():
                    value = np.where(np.isinf(t), self._far_log(arg), value)
                # No precision at hand tells the value: that is no fault of the form.
                self.undecided[e] = np.isnan(value) & np.isfinite(t)
                return value
            case Cases(branches, otherwise):
                out = self(otherwise)
                for test, branch in reversed(branches):
                    out = np.where(self.holds(test), self(branch), out)
                return out
        raise UnreadableError(f"no float64 value for {type(e).__name__}")

    def _product(self, args: tuple[Expr, ...]) -> Any:
        weights = [arg for arg in args if switches_off(arg)]
        if weights and any(_grows(arg) for arg in args):
            return self._weighted(args, weights)
        above: Any = 1.0
        below: list[Array] = []
        for arg in args:
            match arg:
                case Pow(base, Num(value)) if value == -1:
                    below.append(self(base))
                case Num(value) if abs(value.numerator) == 1:
                    above = above * np.float64(value.numerator)
                    below += [np.array(float(value.denominator))] if value.denominator > 1 else []
                case Num(value):
                    above = above * (np.float64(value.numerator) / np.float64(value.denominator))
                case _:
                    above = above * self(arg)
        for part in below:
            above = above / part
        if weights and any(isinstance(arg, Apply) and arg.function.overflows for arg in args):
            for weight in weights:  # 0 where a weight is, whatever the function's value
                above = np.where(self(weight) == 0, 0.0, above)
        return above

    def _weighted(self, args: tuple[Expr, ...], weights: list[Expr]) -> Any:
        """w e^t as the code has it: 0 where w is, else e^{t/2} w e^{t/2}."""
        grown = [a for a in args if isinstance(a, Apply) and _grows(a)]
        rest = [a for a in args if a not in grown]
        whole, taken = self._product(tuple(rest)), np.True_
        for weight in weights:
            taken = taken & (self(weight) != 0)
        for e in grown:
            half = self._function(exp, np.where(taken, self(e.arg), 0.0) / 2)
            whole = half * whole * half
        return whole

    def _far_log(self, e: Expr) -> Any:
        """log(1 + (t/s)^2) where t/s is too large for a double: 2 log|t| - 2 log s."""
        above, below = fraction(e)
        return 2 * (np.log(np.abs(self(above))) - np.log(self(below)))

    def _rest(self, e: Expr) -> Any:
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
            case Apply(function, Num(value)):
                return np.float64(constant_rest(function, value, self.arithmetic))
        raise UnreadableError(f"no rest of rounding of {type(e).__name__}")

    def holds(self, test: When) -> Array:
        """Where the test of a case holds."""
        right = test.right
        relation = on_doubles(test.relation, right.value) if isinstance(right, Num) else (
            test.relation
        )  # fmt: skip
        return COMPARE[relation](self(test.left), self(right))

    def _function(self, function: Elementwise, t: Array) -> Any:
        text = function.numpy
        if "special." in text or not text:
            return self._nearest(function, t)
        return self._node(tree(text.format(t="t"), {"t": Node("argument", "t")}, {}), t)

    def _node(self, e: Node, t: Array) -> Any:
        """A row's NumPy text of one argument t."""
        if e.kind == "argument":
            return t
        if e.kind == "constant":
            return np.pi if e.name == "np.pi" else float(e.name)
        values = [self._node(part, t) for part in e.parts]
        name = e.name.removeprefix("np.")
        row = next((f for f in FUNCTIONS if f.numpy == f"np.{name}({{t}})"), None)
        if row is not None and name not in ALIKE:
            return self._nearest(row, np.asarray(values[0], dtype=np.float64))
        if e.kind == "call" and name not in ALIKE:
            raise UnreadableError(f"no float64 value for {e.name}")
        return getattr(np, name)(*values)

    def _nearest(self, function: Elementwise, t: Array) -> Array:
        points, places = np.unique(t, return_inverse=True)
        values = np.array([nearest(function, float(x), self.arithmetic) for x in points])
        return values[places].reshape(np.shape(t))


def constant_rest(function: Elementwise, value: Fraction, arithmetic: Arithmetic) -> float:
    """What rounding takes from the value of a function at a number: of e^1, for example."""
    with arithmetic.working():
        exact = _exact(function, arithmetic.number(value), arithmetic)
        return arithmetic.approximate(
            exact - arithmetic.number(Fraction(arithmetic.approximate(exact)))
        )


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
    v = evaluation(arithmetic, Point("", Slot(0, (), ends=False), 0, {}))
    return meaning(function)(v, x)
