"""Strong convexity: a squared length of all parameters among the terms of a convex cost."""

from __future__ import annotations

from derive.certify.convexity import Composer
from derive.notation.domain import range_of
from derive.notation.expression import ONE, Add, Entry, Expr, Num, Pow, Tensor, add, mul
from derive.notation.forms import flattened
from derive.notation.problem import Problem
from derive.notation.tree import free_indices


def modulus(problem: Problem, composer: Composer) -> Expr | None:
    """2c where the cost is c |theta|^2 and a convex rest, c >= 0 the same for every parameter."""
    found: dict[Tensor, Expr] = {}
    rest: list[Expr] = []
    for term in problem.cost.args if isinstance(problem.cost, Add) else (problem.cost,):
        read = _squared_length(term, problem, composer)
        if read is None or read[0] in found:
            rest.append(term)
        else:
            found[read[0]] = read[1]
    weights = dict.fromkeys(found.get(p) for p in problem.parameters)
    (weight,) = weights if len(weights) == 1 else (None,)
    convex = not rest or composer.shape(add(*rest)).kind in ("constant", "affine", "convex")
    return weight if convex else None


def _squared_length(term: Expr, problem: Problem, composer: Composer) -> tuple[Tensor, Expr] | None:
    """The parameter and twice the factor of its squared length: of all of its entries."""
    flat = flattened(term)
    for square in flat.factors:
        match square:
            case Pow(Entry(tensor, indices), Num(value)) if value == 2:
                rest = tuple(f for f in flat.factors if f is not square)
                every = {k for k, lower in flat.indices if lower == 1 and k in indices}
                whole = (
                    len(every) == len(flat.indices) == len(indices)
                    and tuple(k.axis for k in indices) == tensor.axes
                )
                if tensor not in problem.parameters or not whole:
                    continue
                if not all(composer.still(f) for f in rest) or any(map(free_indices, rest)):
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
