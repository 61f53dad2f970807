r"""What rounding takes from an exponent or from a margin, put back.

In float64 a sum or a product of two numbers is exact but for a rest that is a number itself: it is
found by a few operations (T. J. Dekker 1971, A floating-point technique for extending the available
precision). An exponential makes a relative error of its exponent u one that is |u| times as large;
with e^{u + d} = e^u (1 + d) + O(d^2) for the rest d of u that is undone. For real numbers d is 0.
"""

from __future__ import annotations

from fractions import Fraction

from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Apply,
    Cases,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    When,
    add,
    expr,
    mul,
)
from derive.notation.functions import absolute, exp, expm1, relu, rest, sign, step
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children, rebuild, replace_tensor, subterms
from derive.stabilise.exponentials import contains
from derive.stabilise.letters import moves
from derive.stabilise.products import over, times

SETTLED = 1000
"""e^u has reached 0 or infinity where |u| is larger."""


def put_back(e: Expr, problem: Problem, score: Tensor) -> tuple[Expr, ...]:
    """`e` with the rests of exponents, and with those of differences, where there are such."""
    return tuple(form for form in (_exponents(e, problem, score), _differences(e, problem, score))
                 if form is not None)  # fmt: skip


def _exponents(e: Expr, problem: Problem, score: Tensor) -> Expr | None:
    """With e^u (1 + d) for every exponential e^u of the score."""
    cores: dict[Expr, None] = {}

    def written(part: Expr) -> Expr:
        inside = children(part)
        made = rebuild(part, tuple(map(written, inside))) if inside else part
        match part:
            case Apply(function, u) if function in (exp, expm1) and _moving(u, problem, score):
                lost = rest_of(u, problem)
                if lost is None or lost == ZERO:
                    return made
                cores[_core(u)] = None
                grown = mul(lost, exp(u)) if function == expm1 else mul(exp(u), lost)
                return add(made, grown)
        return made

    made = written(e)
    if not cores:
        return None
    return Cases(((When(absolute(next(iter(cores))), "<=", expr(SETTLED)), made),), e, total=True)


def _differences(e: Expr, problem: Problem, score: Tensor) -> Expr | None:
    """With s + d for a letter s that is a difference of a rounded product: 1 - y z."""
    found = [
        node
        for _, node in subterms(e)
        if isinstance(node, Entry) and node.tensor != score and moves(node.tensor, problem, score)
    ]
    for letter in dict.fromkeys(found):
        lost = rest_of(letter, problem)
        if lost is not None and isinstance(lost, Add):
            made = replace_tensor(
                e, lambda entry, own=letter, d=lost: add(own, d) if entry == own else None
            )
            near = When(absolute(letter), "<=", expr(Fraction(1, 2)))
            return Cases(((near, made),), e, total=True)
    return None


def _moving(u: Expr, problem: Problem, score: Tensor) -> bool:
    return any(
        isinstance(node, Entry) and moves(node.tensor, problem, score) for _, node in subterms(u)
    )


def _core(u: Expr) -> Expr:
    """v for an exponent that is v, |v| or max(v, 0) times a number."""
    match u:
        case Mul((Num(), *others)):
            return _core(mul(*others))
        case Apply(function, v) if function in (absolute, relu):
            return _core(v)
    return u


def rest_of(u: Expr, problem: Problem) -> Expr | None:
    """What rounding takes from `u`, to first order; None where it is not known."""
    match u:
        case Num(value):
            return ZERO if _exact(value) else None
        case Entry(tensor, _):
            definition = definition_of(tensor, problem.definitions)
            if definition is None or contains(definition.body, tensor):
                return ZERO
            body = definition.at(u)
            return rest_of(body, problem) if isinstance(body, Expr) and _plain(body) else ZERO
        case Apply(function, v) if function == absolute:
            return _product(sign(v), rest_of(v, problem))
        case Apply(function, v) if function == relu:
            return _product(step(v), rest_of(v, problem))
        case Add((left, right)):
            return _sum(rest(u), rest_of(left, problem), rest_of(right, problem))
        case Mul((Num(value), *others)) if abs(value) == 1 or _power_of_two(value):
            return _product(Num(value), rest_of(mul(*others), problem))
        case Mul((left, Pow(right, Num(power)))) | Mul((Pow(right, Num(power)), left)) if (
            power == -1
        ):
            lost, below = rest_of(left, problem), rest_of(right, problem)
            if lost is None or below != ZERO:
                return None
            return _sum(rest(u), ZERO if lost == ZERO else over(lost, right))
        case Mul((left, right)):
            return _sum(
                rest(u),
                _product(right, rest_of(left, problem)),
                _product(left, rest_of(right, problem)),
            )
        case Pow(base, Num(power)) if power == 2:
            twice = _product(mul(expr(2), base), rest_of(base, problem))
            return _sum(rest(u), twice)
    return None


def _plain(body: Expr) -> bool:
    """Whether a definition's body is of this kind, not a score itself: a sum over features."""
    return not any(type(node).__name__ == "Sum" for _, node in subterms(body))


def _product(factor: Expr, lost: Expr | None) -> Expr | None:
    if lost is None or lost == ZERO:
        return lost
    return lost if factor == ONE else times(factor, lost)


def _sum(*parts: Expr | None) -> Expr | None:
    known = [part for part in parts if part is not None]
    return None if len(known) < len(parts) else add(*(part for part in known if part != ZERO))


def _exact(value: Fraction) -> bool:
    return Fraction(float(value)) == value


def _power_of_two(value: Fraction) -> bool:
    top, bottom = abs(value.numerator), value.denominator
    return value != 0 and top & (top - 1) == 0 and bottom & (bottom - 1) == 0
