r"""What `elaborate` advises to write, in LaTeX: it speaks plain text to all readers."""

from __future__ import annotations

import re

from derive.errors import ProblemError

TERM = r"(\([^()]*\)|\\?[A-Za-z]\w*(?:[_^](?:\{[^{}]*\}|\\?\w+))*|\S+)"
SPOKEN = (
    (rf"{TERM}\.\^(\S+) entry by entry", r"\1^{\\odot \2} entry by entry"),
    (rf"\|{TERM}\|\^(\S+) for the norm", r"\\lVert \1 \\rVert^{\2} for the norm"),
    (r"\|\|(.*?)\|\|_F", r"\\lVert \1 \\rVert_F"),
    (r"(\S+)\[(\w+),:\] for a row or (\S+)\[:,(\w+)\] for a column",
     r"\1_{\2,:} for a row or \3_{:,\4} for a column"),
    (r"logdet\((.*?)\)", r"\\log\\det(\1)"),
    (r"\bsum_(\w+) \.\.\.", r"\\sum_\1 ..."),
    (r"\bsum_(\w+) \[", r"\\sum_\1 ["),
    (rf"{TERM} \.\* ", r"\1 \\odot "),
    (r"as in x\[(\w+)\]", r"as in x_\1"),
    (r"write eye\((\w+)\)", r"write I_\1"),
    (r"\bas in (data|parameter) ", r"as in % derive: \1 "),
    (r"\bdeclare it: data (\w+)", r"declare it: % derive: data \1"),
    (r"\binv\((.*?)\)", r"\1^{-1}"),
)  # fmt: skip


def in_latex(error: ProblemError) -> ProblemError:
    """The same error with its advice in LaTeX."""
    todo = error.todo
    for pattern, latex in SPOKEN:
        todo = re.sub(pattern, latex, todo)
    return ProblemError(asked=error.asked, where=error.where, wrong=error.wrong, todo=todo)
