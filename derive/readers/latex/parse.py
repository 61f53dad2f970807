r"""Tokens of LaTeX through the grammar in `formula.lark`, with a sentence for what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken

from derive.errors import ProblemError
from derive.readers.complaint import Text
from derive.readers.latex.scan import DEEPEST
from derive.readers.latex.tokens import span_of
from derive.readers.surface import Span

GRAMMAR = Path(__file__).with_name("formula.lark")


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic",
                maybe_placeholders=False)  # fmt: skip


def parsed(text: Text, tokens: Sequence[Token], where: Span) -> Tree[Token]:
    """The tree of a formula; `where` is the place of the whole."""
    _refuse_depth(text, tokens)
    parser = _parser().parse_interactive("")
    last: Token | None = None
    try:
        for token in tokens:
            parser.feed_token(token)
            last = token
        end = Token("$END", "", start_pos=where.stop, end_pos=where.stop)
        tree: Tree[Token] = parser.feed_token(end)
    except UnexpectedInput as error:
        raise _unexpected(error, text, where, last) from None
    return tree


def _refuse_depth(text: Text, tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += token.type in ("LBRACE", "LPAR", "LBAR", "LNORM", "LANGLE", "CASES")
        depth -= token.type in ("RBRACE", "RPAR", "RBAR", "RNORM", "RANGLE", "ENDCASES")
        if depth > DEEPEST:
            raise text.error(span_of(token), f"more than {DEEPEST} brackets in one another",
                             "name a part of the formula in an equation of its own")  # fmt: skip


def _unexpected(
    error: UnexpectedInput, text: Text, where: Span, last: Token | None
) -> ProblemError:
    token = error.token if isinstance(error, UnexpectedToken) else None
    if token is None or token.type == "$END" or last is None:
        if token is not None and token.type != "$END":
            return _first(text, token)
        stop = span_of(last).stop if last is not None else where.stop
        start = span_of(last).start if last is not None else where.start
        return text.error(Span(start, max(stop, start + 1)), "the formula ends too early",
                          "write what is missing behind this")  # fmt: skip
    span, shown = span_of(token), _shown(token, text)
    match token.type:
        case "DOTS":
            wrong, todo = "dots are not read", r"write a sum, as in \sum_{i=1}^{n} x_i"
        case "TEXT":
            wrong = f"the text {shown} stands inside a formula"
            todo = r"end the formula before it, with a comma or \\"
        case "SUB" | "SUP" | "ROWS" | "TRANSPOSE" | "LAYER" | "POSPART" | "ENTRYPOWER":
            wrong, todo = (
                f"{shown} stands behind nothing that it belongs to",
                "write a letter first",
            )
            if last.type == "RBRACE" and token.type in ("SUP", "SUB"):
                wrong, todo = "two scripts in one place", "put braces around the first: {x^a}^b"
        case "REL":
            wrong, todo = f"{shown} does not fit here", "write one equation in a line"
        case "COND" | "ROWEND":
            wrong, todo = "this row of the cases is incomplete", r"write: value & \text{if } u > 0"
            span = span_of(last)
        case "RPAR" | "RBRACE" | "RBAR" | "RNORM" | "RANGLE":
            wrong = f"something is missing between {_shown(last, text)} and {shown}"
            todo = "complete the formula before it"
            if span.stop == span.start:
                span = span_of(last)
        case "TIMES" | "SLASH" | "PLUS" | "MINUS":
            wrong = f"{shown} stands behind {_shown(last, text)}, which is no number"
            todo = "write brackets around a negative factor, or what is missing between the two"
        case "COMMA" | "COLON":
            wrong, todo = f"{shown} does not fit here", "write a formula before it, or remove it"
        case "DOT":
            wrong, todo = "a full stop inside a formula", r"write \cdot for a product"
        case "BIG" | "FUN":
            wrong, todo = f"{shown} does not fit here", "put it into brackets"
        case "NOTIN":
            wrong, todo = "sets are not known", "give a set as 0/1 data"
        case "LPAR" if last.type == "FUN" or last.type == "BIG":
            wrong, todo = f"{shown} does not fit here", "write what it belongs to"
        case _:
            wrong, todo = f"{shown} does not fit here", "complete what stands before it"
    return text.error(span, wrong, todo)


def _first(text: Text, token: Token) -> ProblemError:
    shown = _shown(token, text)
    if token.type == "DOTS":
        return text.error(span_of(token), "dots are not read",
                          r"write a sum, as in \sum_{i=1}^{n} x_i")  # fmt: skip
    return text.error(span_of(token), f"a formula cannot begin with {shown}",
                      "write what belongs before it")  # fmt: skip


def _shown(token: Token, text: Text) -> str:
    return text.at(span_of(token)) or str(token)
