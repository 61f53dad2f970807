"""The words, symbols and function rows of a problem or a story, checked before anything is made."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterator

from derive.errors import ProblemError
from derive.notation.declarations import LONGEST_NAME
from derive.notation.elementwise import Elementwise
from derive.notation.expression import Apply, Tensor
from derive.notation.functions import AUXILIARY, FUNCTIONS
from derive.notation.problem import Problem
from derive.notation.story import Rewrite, Story, Subject, To
from derive.notation.tree import subterms
from derive.notation.words import require_words
from derive.notation.words_math import FormulaError, formula

LONGEST_SYMBOL = 200
"""Signs of a letter's LaTeX, which stands wherever the letter does."""
_TEXT_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.keyword, ast.operator,
    ast.unaryop, ast.cmpop, ast.expr_context, ast.Name, ast.Attribute, ast.Constant,
)  # fmt: skip


def check_words(problem: Problem) -> None:
    """Raise a `ProblemError` for words that no page could show, and symbols that are none."""
    asked = f"derive the problem {problem.name!r}"
    for what, text in _words_of(problem):
        require_words(text, what, asked)
    for what, latex in _symbols_of(problem):
        _require_symbol(latex, what, asked)
    for function in _rows_of(problem):
        _check_row(function, asked)


def check_told(story: Story) -> None:
    """The same for the sentences of a story."""
    asked = f"derive the story {story.name!r}"
    for what, text in _told_of(story):
        require_words(text, what, asked)


def _words_of(problem: Problem) -> Iterator[tuple[str, object]]:
    yield from _headings(problem)
    for tensor in _tensors(problem):
        yield f"meaning of {tensor.name}", tensor.meaning
        for axis in tensor.axes:
            yield f"meaning of {axis.root.letter}", axis.root.meaning


def _headings(subject: Subject) -> Iterator[tuple[str, object]]:
    yield "title", subject.title
    yield "summary", subject.summary
    yield from (("source", source) for source in subject.sources)


def _told_of(story: Story) -> Iterator[tuple[str, object]]:
    yield from _headings(story)
    for claim in story.claims:
        yield f"title of {claim.label}", claim.title
        yield f"text of {claim.label}", claim.text
        for move in claim.route:
            if isinstance(move, To | Rewrite):
                yield f"reason in {claim.label}", move.reason


def _tensors(problem: Problem) -> tuple[Tensor, ...]:
    return (*problem.data, *problem.parameters, *(d.tensor for d in problem.definitions))


def _symbols_of(problem: Problem) -> Iterator[tuple[str, str]]:
    own = (tensor for tensor in _tensors(problem) if tensor.latex != tensor.name.rstrip("_"))
    yield from ((f"latex= of {tensor.name}", tensor.latex) for tensor in own)


def _require_symbol(latex: object, what: str, asked: str) -> None:
    """A symbol stands in formulas of the page, with scripts that the page adds."""
    if isinstance(latex, str) and len(latex) > LONGEST_SYMBOL:
        shown, wrong = f"{latex[:40]}...", f"this symbol has more than {LONGEST_SYMBOL} signs"
    elif not isinstance(latex, str) or not latex.strip():
        shown, wrong = repr(latex), "this is no symbol"
    else:
        try:
            formula(latex)
        except FormulaError as error:
            shown = f"{what}: {latex}\n{' ' * (len(what) + 2 + error.start)}^"
            raise ProblemError(
                asked=asked, where=shown, wrong=error.wrong, todo=error.todo
            ) from None
        return
    todo = r"give it one in LaTeX, as in latex=r'\boldsymbol{\theta}'"
    raise ProblemError(asked=asked, where=f"{what}: {shown}", wrong=wrong, todo=todo)


# ---------------------------------------------------------------- rows of functions


def _rows_of(problem: Problem) -> Iterator[Elementwise]:
    """The rows of the user's own: two rows are equal when their names are, so identity tells."""
    ours = {id(function) for function in (*FUNCTIONS, *AUXILIARY)}
    seen: set[int] = set()
    for definition in problem.all_definitions:
        for _, node in subterms(definition.body):
            if isinstance(node, Apply) and id(node.function) not in ours | seen:
                seen.add(id(node.function))
                yield node.function


def _check_row(function: Elementwise, asked: str) -> None:
    where = f"the function {function.name}"
    name = function.name
    if not (
        name.isidentifier()
        and name.isascii()
        and not keyword.iskeyword(name)
        and not name.startswith("_")
        and len(name) <= LONGEST_NAME
    ):
        raise ProblemError(
            asked=asked, where=f"the function {name!r}",
            wrong="this is no name of Python in plain letters; it becomes one in generated code",
            todo='use letters, digits and "_", a letter first',
        )  # fmt: skip
    _require_symbol(function.latex, f"latex= of {name}", asked)
    require_words(function.reason, f"reason of {name}", asked)
    require_words(function.hypothesis, f"hypothesis of {name}", asked)
    for kind in ("numpy", "moderate"):
        text = getattr(function, kind)
        if text and not _elementwise(text):
            raise ProblemError(
                asked=asked, where=f"{where}, {kind}={text!r}",
                wrong="the text of a row is made of its argument, numbers, signs and functions",
                todo='write it like "np.log1p(np.exp({t}))", with nothing but np.NAME, '
                "special.NAME and the names of other rows",
            )  # fmt: skip


def _elementwise(text: str) -> bool:
    """Whether a NumPy text is arithmetic of its argument alone."""
    body = text.replace("{t}", "t")
    try:
        tree = ast.parse(body, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return "\n" not in body and "#" not in body and all(map(_arithmetic, ast.walk(tree)))


def _arithmetic(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, bool | int | float)
        case ast.Name(id=name):
            return "__" not in name
        case ast.Attribute(value=ast.Name(id="np" | "special"), attr=attr):
            return not attr.startswith("_")
        case ast.Call(func=ast.Name(id=name)):
            return name in {function.name for function in (*FUNCTIONS, *AUXILIARY)}
        case ast.Call(func=func):
            return isinstance(func, ast.Attribute)
        case ast.Attribute():
            return False
    return isinstance(node, _TEXT_NODES)
