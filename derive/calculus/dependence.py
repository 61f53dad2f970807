"""What depends on what, through the named definitions."""

from __future__ import annotations

from derive.notation.expression import Diff, Entry, Expr, Tensor
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import subterms, tensors_in


def depends(e: Expr, tensor: Tensor, definitions: tuple[Definition, ...]) -> bool:
    """Whether the value of `e` can change with `tensor`."""
    for found in tensors_in(e):
        if found == tensor:
            return True
        definition = definition_of(found, definitions)
        if definition is not None and depends(definition.body, tensor, definitions):
            return True
    return False


def varies(e: Expr, wrt: Entry, definitions: tuple[Definition, ...]) -> bool:
    """Whether the derivative of `e` by `wrt` needs work: `e` depends on the tensor of `wrt`."""
    return depends(e, wrt.tensor, definitions)


def pending(e: Expr) -> tuple[Diff, ...]:
    """The derivatives in `e` that are not carried out yet, in order."""
    return tuple(node for _, node in subterms(e) if isinstance(node, Diff))
