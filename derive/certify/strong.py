"""Strong convexity: a squared length of all parameters among the terms of a convex cost."""

from __future__ import annotations

from derive.certify.convexity import Composer
from derive.notation.domain import range_of
from derive.notation.expression import ONE, Add, Entry, Expr, Num, Pow, Tensor, mul
from derive.notation.forms import flattened
from derive.notation.problem import Problem
from derive.notation.tree import free_indices, tensors_in


def modulus(problem: Problem, composer: Composer) -> Expr | None:
    """2c where the cost holds c |theta|^2 with c >= 0, the same for every parameter.

    All other terms must be convex on their own.
    """
    found: dict[Tensor, Expr] = {}
    terms = problem.cost.args if isinstance(problem.cost, Add) else (problem.cost,)
    if not all(composer.shape(term).kind in ("constant", "affine", "convex") for term in terms):
        return None
    for term in terms:
        read = _squared_length(term, problem)
        if read is not None:
            found.setdefault(*read)
    weights = dict.fromkeys(found.get(p) for p in problem.parameters)
    (weight,) = weights if len(weights) == 1 else (None,)
    return weight


def _squared_length(term: Expr, problem: Problem) -> tuple[Tensor, Expr] | None:
    """The parameter and twice the factor of its squared length."""
    flat = flattened(term)
    squares = [f for f in flat.factors if isinstance(f, Pow)]
    for square in squares:
        match square:
            case Pow(Entry(tensor, indices), Num(value)) if value == 2:
                rest = tuple(f for f in flat.factors if f is not square)
                still = not any(set(problem.parameters) & set(tensors_in(f)) for f in rest)
                whole = {k for k, lower in flat.indices if lower == 1} == set(indices)
                if tensor not in problem.parameters or not still or not whole:
                    continue
                if len(indices) != len(flat.indices) or any(free_indices(f) for f in rest):
                    continue
                weight = _doubled(rest)
                if range_of(weight, problem.definitions).nonnegative:
                    return tensor, weight
    return None


def _doubled(factors: tuple[Expr, ...]) -> Expr:
    """Twice a product: lambda/2 becomes lambda."""
    number = Num(ONE.value * 2)
    rest: list[Expr] = []
    for factor in factors:
        match factor:
            case Num(value):
                number = Num(number.value * value)
            case Pow(Num(value), Num(power)) if power == -1 and value != 0:
                number = Num(number.value / value)
            case _:
                rest.append(factor)
    return mul(*([] if number.value == 1 and rest else [number]), *rest)
