"""The words at the right of a line: the reason, the labels used and the side conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.notation.problem import Problem
from derive.publish.environment import tex
from derive.publish.latex import latex
from derive.record import Condition, Step

KINDS = {"D": "definition", "L": "Lemma", "T": "Theorem", "S": "Rewriting"}
"""What the first letter of a label stands for; all other letters are those of a story's results."""


def link(label: str, problem: Problem) -> str:
    """A label that leads to where it is stated."""
    return rf"\hyperlink{{{problem.name}.{label}}}{{{label}}}"


def reason(step: Step, problem: Problem) -> str:
    """The words at the right, the labels used and the side conditions."""
    words = tex(step.reason)
    named = [label for label in step.cites if not re.search(rf"\b{label}\b", step.reason)]
    for label in (cited for cited in step.cites if cited not in named):
        cited = f"{KINDS.get(label[0], 'Result')} {link(label, problem)}"
        words = re.sub(rf"\b{label}\b", cited.replace("\\", r"\\"), words)
    cites = f" ({', '.join(link(label, problem) for label in named)})" if named else ""
    assumed = _conditions([c for c in step.conditions if not c.by])
    known = _conditions([c for c in step.conditions if c.by])
    parts = [words + cites, *known, *(f"assuming {text}" for text in assumed)]
    return "; ".join(part for part in parts if part)


def _conditions(conditions: Sequence[Condition]) -> list[str]:
    """Side conditions as formulas; u > 0 and 1 - u > 0 together are 0 < u < 1."""
    known = dict.fromkeys((c.expr, c.relation) for c in conditions)
    strict = [(u, relation) for u, relation in known if relation != ">= 0"]
    seconds = [(1 - u, relation) for u, relation in strict if (1 - u, relation) in known]
    out = []
    for u, relation in known:
        sign = relation.replace(">=", r"\ge").replace("!=", r"\ne")
        if (u, relation) in strict and (1 - u, relation) in seconds:
            both = f"0 < {latex(u)} < 1" if relation == "> 0" else rf"{latex(u)} \ne 0, 1"
            out.append(f"${both}$")
        elif (u, relation) not in seconds:
            out.append(f"${latex(u)} {sign}$")
    return out
