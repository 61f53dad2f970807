"""What depends on what, through the named definitions."""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.expression import Diff, Entry, Expr, Index, Product, Sum, Tensor
from derive.notation.problem import Definition
from derive.notation.tree import fresh, letters_in, reindex, subterms, tensors_in
from derive.record import Scope


def depends(
    e: Expr,
    tensor: Tensor,
    definitions: tuple[Definition, ...],
    held: tuple[Tensor, ...] = (),
) -> bool:
    """Whether the value of `e` can change with `tensor`, the `held` definitions standing still."""
    return any(found == tensor for found in behind(e, definitions, held))


def behind(
    e: Expr, definitions: tuple[Definition, ...], held: tuple[Tensor, ...] = ()
) -> Iterator[Tensor]:
    """The tensors from which the value of `e` is computed, also by way of definitions."""
    seen: set[Tensor] = set(held)
    formulas = {d.tensor: d.body for d in definitions}  # looked up, not searched: chains are long
    waiting = [e]
    while waiting:
        for tensor in tensors_in(waiting.pop()):
            if tensor not in seen:
                seen.add(tensor)
                yield tensor
                if tensor in formulas:
                    waiting.append(formulas[tensor])


def varies(
    e: Expr,
    wrt: Entry,
    definitions: tuple[Definition, ...],
    held: tuple[Tensor, ...] = (),
) -> bool:
    """Whether the derivative of `e` by `wrt` needs work: `e` depends on the tensor of `wrt`."""
    return depends(e, wrt.tensor, definitions, held)


def pending(e: Expr) -> tuple[Diff, ...]:
    """The derivatives in `e` that are not carried out yet, in order."""
    return tuple(node for _, node in subterms(e) if isinstance(node, Diff))


def moves(part: Expr, by: Diff, scope: Scope) -> bool:
    """Whether a part of what is differentiated moves along with the variable."""
    return varies(part, by.wrt, scope.definitions, by.held)


def free_of(total: Sum | Product, wrt: Entry) -> tuple[Index, Expr]:
    """The bound letter and the body, renamed where the variable uses the letter."""
    index, taken = total.index, letters_in(wrt)
    if index.letter not in taken:
        return index, total.body
    new = fresh(index, taken | letters_in(total.body))
    return new, reindex(total.body, {index: new})
