"""What stands in a formula and is none, with what was probably meant."""

from __future__ import annotations

from derive.notation.indices import Index
from derive.notation.operand import Operand


def no_formula(value: object) -> str:
    """What is wrong with an operand, and what to write instead."""
    tensor = getattr(value, "tensor", value)  # a definition stands for its tensor
    if isinstance(tensor, Operand) and hasattr(tensor, "axes") and hasattr(tensor, "name"):
        axes = ", ".join(axis.letter for axis in tensor.axes)
        letters = ", ".join("ijkl"[: len(tensor.axes)]) or "..."
        call = f"{tensor.name}[{letters}]" if axes else f"{tensor.name}()"
        what = f"an array over ({axes})" if axes else "a scalar without indices"
        return f"{tensor.name} is {what}: write {call}"
    if isinstance(value, Index):
        return f"{value.label} is an index letter, not a number: it belongs in brackets, as in y[i]"
    hint = f"; write Fraction('{value}')" if isinstance(value, float) else ""
    return f"{value!r} ({type(value).__name__}) is no exact number or formula{hint}"
