"""Quotients of differentials: what is held fixed, and what may stand in a numerator."""

from __future__ import annotations

from dataclasses import replace

from derive import publish as tx
from derive.notation import expression as ex


def held(e: ex.Diff, d: str, bottom: str, body: tx.Box) -> tx.Box:
    """A derivative in which definitions stand still: they are written at its lower right corner."""
    if isinstance(e.body, ex.Entry):
        core = tx.fraction(tx.Box(tx.differential(d, body.text)), tx.Box(bottom))
    else:
        inside = tx.bracket(body, 2 if body.height else 1, "[]")
        operator = tx.fraction(tx.Box(d), tx.Box(bottom))
        core = replace(operator, text=operator.text + inside.text)
    whole = tx.bracket(core, 2)
    fixed = ", ".join(tx.latex_tensor(tensor) for tensor in e.held)
    return replace(whole, text=f"{whole.text}_{{{fixed}}}")
