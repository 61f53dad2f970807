r"""Costs in LaTeX, as textbooks and papers write them.

    % derive: data y (m) in [0, 1]
    J(\theta) = -\frac{1}{m} \sum_{i=1}^{m} \left[ y^{(i)} \log h_\theta(x^{(i)})
                + (1-y^{(i)}) \log(1-h_\theta(x^{(i)})) \right],
    \quad h_\theta(x) = \sigma(\theta^\top x)

What the letters are stands in lines `% derive: ...`; what the formulas leave no doubt about is
inferred, and said in the problem's summary. Whatever has two readings is refused with both. The
text goes through the grammar in `formula.lark`; nothing of it is evaluated.
"""

from __future__ import annotations

from derive.errors import ProblemError
from derive.notation.problem import Problem
from derive.readers.complaint import Text
from derive.readers.elaborate import problem_from_sheet
from derive.readers.latex.advice import in_latex
from derive.readers.latex.infer import Inferred, finished, inferred, missing
from derive.readers.latex.sheet import Draft, draft_of
from derive.readers.surface import Sheet, Span


def read_latex(source: str, name: str = "my_cost", declarations: str = "") -> Problem:
    """The problem that a LaTeX source states, with more declarations, one a line."""
    sheet = sheet_from_latex(source, name, declarations)
    try:
        return problem_from_sheet(sheet, name)
    except ProblemError as error:
        raise in_latex(error) from None
    except RecursionError:
        raise _too_long(sheet.source, name) from None


def sheet_from_latex(source: str, name: str = "my_cost", declarations: str = "") -> Sheet:
    """Declarations, equations and settings of a LaTeX source; what is missing is inferred.

    Raises:
        ProblemError: The source is not understood, or some declaration is missing that the
            formulas leave open: then the error lists all of them, ready to be pasted.
    """
    draft, found = _understood(source, name, declarations)
    if found.doubts and found.lines():
        raise missing(draft, found)
    settings = [*draft.lines.settings, ("cost", draft.cost)]
    if found.lines() and "summary" not in dict(settings):
        settings.append(("summary", f"Read from LaTeX; inferred: {found.said()}."))
    return Sheet(
        draft.text.source,
        (*found.declared, *draft.lines.declared),
        tuple(finished(draft, found)),
        tuple(settings),
    )


def proposed_declarations(source: str, name: str = "my_cost", declarations: str = "") -> str:
    """The missing declarations as lines to be pasted, with what is not certain about them."""
    _, found = _understood(source, name, declarations)
    lines = [f"% derive: {line}" for line in found.lines()]
    return "\n".join([*lines, *(f"% not certain: {doubt}" for doubt in found.doubts)])


def _understood(source: str, name: str, declarations: str) -> tuple[Draft, Inferred]:
    more = [line.strip() for line in declarations.splitlines() if line.strip()]
    lines = [line if line.startswith("%") else f"% derive: {line}" for line in more]
    # Behind the source, so that the numbers of its lines stay as they are.
    whole = "\n".join([source, *lines]) if lines else source
    try:
        draft = draft_of(whole, name)
        return draft, inferred(draft)
    except RecursionError:
        raise _too_long(whole, name) from None


def _too_long(source: str, name: str) -> ProblemError:
    return Text(source, name).error(
        Span(0, max(len(source), 1)), "a formula is too long, or too deep",
        "name parts of it in equations of their own",
    )  # fmt: skip
