"""What the definitions of a problem are to each other: layers, and who uses whom."""

from __future__ import annotations

from derive.calculus.dependence import behind
from derive.notation.expression import Entry, Expr, Mul, Sum, Tensor
from derive.notation.problem import Definition, Problem
from derive.notation.tree import subterms, tensors_in


def between(problem: Problem) -> tuple[Definition, ...]:
    """The definitions by way of which the cost depends on the parameters, in order."""
    return moving_behind((problem.cost,), problem)


def moving_behind(formulas: tuple[Expr, ...], problem: Problem) -> tuple[Definition, ...]:
    """The definitions by way of which some of the formulas depend on the parameters, in order."""
    used = {tensor for e in formulas for tensor in behind(e, problem.definitions)}
    moving = moved(problem)
    return tuple(d for d in problem.definitions if d.tensor in used and d.tensor in moving)


def moved(problem: Problem) -> frozenset[Tensor]:
    """The parameters and the definitions that depend on one."""
    found: set[Tensor] = set(problem.parameters)
    for definition in problem.definitions:
        if found.intersection(tensors_in(definition.body)):
            found.add(definition.tensor)
    return frozenset(found)


def depth(problem: Problem) -> int:
    """The most definitions that stand on each other and depend on the parameters."""
    moving = moved(problem)
    depths: dict[Tensor, int] = {}
    for definition in problem.definitions:
        if definition.tensor in moving:
            below = (depths.get(tensor, 0) for tensor in tensors_in(definition.body))
            depths[definition.tensor] = 1 + max(below, default=0)
    return max(depths.values(), default=0)


def layered(problem: Problem) -> bool:
    """Whether one layer feeds the next: a definition mixes the entries of another by parameters.

    That is a sum over an index k whose terms hold, as factors, an entry Z_ik of a definition that
    depends on parameters and an entry V_kc of something else that does. The cost itself counts as
    a layer where V is a parameter; its own sums over samples weigh quantities side by side.
    """
    chosen, moving = between(problem), moved(problem)
    layers = frozenset(d.tensor for d in chosen)
    given = frozenset(problem.parameters)
    return any(_mixes(d.body, layers, moving) for d in chosen) or _mixes(
        problem.cost, layers, given
    )


def _mixes(e: Expr, layers: frozenset[Tensor], others: frozenset[Tensor]) -> bool:
    for _, node in subterms(e):
        if isinstance(node, Sum):
            factors = [f for f in _factors(node.body) if node.index in f.indices]
            inner = {f.tensor for f in factors} & layers
            if any({f.tensor for f in factors} & others - {tensor} for tensor in inner):
                return True
    return False


def _factors(e: Expr) -> list[Entry]:
    """The entries that are factors of a product, also under sums in it."""
    match e:
        case Entry():
            return [e]
        case Mul(args):
            return [entry for a in args for entry in _factors(a)]
        case Sum():
            return _factors(e.body)
    return []


def consumers(tensor: Tensor, definitions: tuple[Definition, ...]) -> tuple[Definition, ...]:
    """The definitions whose formula names the tensor."""
    return tuple(d for d in definitions if tensor in tensors_in(d.body))
