"""A problem in the plain-text notation: what was understood, for its author to check.

The text can be read back, and gives the same problem.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.algebra import shape
from derive.notation.expression import Entry, Index, Product, Sum, Tensor
from derive.notation.piece import spelled
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.notation.tree import subterms
from derive.readers.words import said


def spoken(problem: Problem) -> str:
    """Declarations, definitions and the cost, line by line."""
    lines = [f"title: {problem.title}"]
    if problem.summary:
        lines.append(f"summary: {problem.summary}")
    lines += [f"source: {source}" for source in problem.sources]
    lines += ["", *(_declared("data", tensor) for tensor in problem.data)]
    lines += [_declared("parameter", tensor) for tensor in problem.parameters]
    letters = dict.fromkeys(_letters(problem))
    if letters:
        runs = ", ".join(f"{k.letter} = 1..{k.axis.letter}" for k in letters)
        lines += ["", f"# index letters: {runs}"]
    for definition in (*problem.ties, *problem.definitions):
        left = text(Entry(definition.tensor, definition.indices))
        name, axes = spelled(definition.tensor.name), definition.tensor.axes
        note = f"  # {name} is {shape(axes)}" if axes else ""
        lines.append(f"{left} = {text(definition.body)}{note}")
    lines.append(f"{spelled(problem.letter)} = {text(problem.cost)}")
    if problem.prediction is not None:
        lines.append(f"prediction: {spelled(problem.prediction.tensor.name)}")
    if problem.letter != "J":
        lines.append(f"cost: {problem.letter}")
    return "\n".join(lines) + "\n"


def _declared(role: str, tensor: Tensor) -> str:
    axes = f" {shape(tensor.axes)}" if tensor.axes else ""
    words = said(tensor.domain, tensor.facts)
    meaning = f": {tensor.meaning}" if tensor.meaning else ""
    return f"{role} {spelled(tensor.name)}{axes}{' ' * bool(words)}{words}{meaning}"


def _letters(problem: Problem) -> Iterator[Index]:
    for definition in problem.all_definitions:
        yield from definition.indices
        for _, node in subterms(definition.body):
            if isinstance(node, Sum | Product):
                yield node.index
