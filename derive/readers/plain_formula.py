"""A formula in plain text as a tree; what can be read in two ways is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken

from derive.errors import ProblemError
from derive.readers.complaint import Text, joined
from derive.readers.plain_indices import below, index, limits
from derive.readers.plain_lexer import latin, words
from derive.readers.surface import (
    LONGEST_NUMBER,
    Big,
    Binary,
    Branches,
    Call,
    Equation,
    Indexed,
    Minus,
    Name,
    Number,
    Span,
    Surface,
    Test,
    Transposed,
)

GRAMMAR = Path(__file__).with_name("plain.lark")
NORMS = {"": "bars", "1": "norm1", "2": "norm", "F": "normF"}


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic")


def equation(text: Text, start: int, stop: int, declared: frozenset[str]) -> Equation:
    """The equation between two places of the text; a formula alone is the cost J."""
    tree = _parsed(text, start, stop, declared)
    maker = _Maker(text, declared)
    parts = [maker.made(part) for part in tree.children if isinstance(part, Tree)]
    span = Span(start, stop)
    if tree.data == "formula":
        return Equation(Name("J", parts[0].span), parts[0], span)
    relation = next(part for part in tree.children if isinstance(part, Token))
    if relation != "=":
        wrong = f"{relation} is no equation, and constraints are not known"
        raise text.error(_span(relation), wrong, "write letter = formula")
    return Equation(parts[0], parts[1], span)


def _parsed(text: Text, start: int, stop: int, declared: frozenset[str]) -> Tree[Token]:
    parser = _parser().parse_interactive("")
    before: Token | None = None
    last: Token | None = None
    try:
        for token in words(text, start, stop, declared):
            before, last = last, token
            parser.feed_token(token)
        before = last
        end = Token("$END", "", start_pos=stop, end_pos=stop)
        tree: Tree[Token] = parser.feed_token(Token.new_borrow_pos("$END", "", last or end))
    except UnexpectedInput as error:
        raise _unexpected(error, text, stop, before) from None
    return tree


def _unexpected(
    error: UnexpectedInput, text: Text, stop: int, before: Token | None
) -> ProblemError:
    token = error.token if isinstance(error, UnexpectedToken) else None
    if before is not None and before.type == "FUNC":
        return text.error(_span(before), f"{before} has no argument", f"write {before}(...)")
    if token is None or token.type == "$END":
        return text.error(Span(max(stop - 1, 0), stop), "the formula ends too early",
                          "write what is missing at its end")  # fmt: skip
    span = _span(token)
    match token.type:
        case "JUXT":
            return text.error(Span(span.stop, span.stop + 1), "this cannot stand here",
                              "write the operation, or use brackets")  # fmt: skip
        case "NUMBER":
            return text.error(span, "a number stands behind a factor", "write * before it")
        case "RELATION":
            return text.error(
                span, f"a second {token} in one equation", "write one equation a line"
            )
        case "POWER":
            return text.error(span, "a power of a power, or of nothing", "write brackets: (a^b)^c")
        case "BIG":
            return text.error(span, "a sum stands here without brackets", "write (sum_i ...)")
        case "FUNC":
            return text.error(span, f"{token} has an argument without brackets here",
                              f"write {token}(...)")  # fmt: skip
        case _:
            return text.error(span, f"{token} cannot stand here", "complete what stands before it")


def _span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)


@dataclass
class _Maker:
    """Makes the tree that readers share; remembers what was written without brackets."""

    text: Text
    declared: frozenset[str]
    quotients: set[Span] = field(default_factory=set)
    bare: set[Span] = field(default_factory=set)

    def made(self, tree: Tree[Token] | Token) -> Surface:
        if isinstance(tree, Token):
            raise TypeError(f"{tree} is no formula")
        parts = tree.children
        match str(tree.data):
            case "number":
                (token,) = _tokens(tree)
                if len(token) > LONGEST_NUMBER:
                    raise self.text.error(_span(token), "a number has too many digits", "round it")
                return Number(Fraction(token), _span(token))
            case "name":
                (token,) = _tokens(tree)
                return self.name(token)
            case "ones":
                (token,) = _tokens(tree)
                letter = token[2:].strip("{}")
                place = Span((token.end_pos or 0) - len(token[2:]), token.end_pos or 0)
                return Call("ones", (Name(latin(letter), place),), _span(token))
            case "colon":
                (token,) = _tokens(tree)
                return Name(":", _span(token))
            case "subname":
                (token,) = _tokens(tree)
                return self.subname(token)
            case "minus":
                arg = self.made(parts[1])
                return Minus(arg, joined(_span(_tokens(tree)[0]), arg.span))
            case "binary":
                (operator,) = _tokens(tree)
                return self.binary(self.made(parts[0]), operator, self.made(parts[2]))
            case "transposed":
                arg = self.made(parts[0])
                return Transposed(arg, joined(arg.span, _span(_tokens(tree)[-1])))
            case "indexed":
                base = self.made(parts[0])
                indices = tuple(self.made(k) for k in _subtrees(_subtrees(tree)[1]))
                return Indexed(base, indices, joined(base.span, _span(_tokens(tree)[-1])))
            case "subscripted":
                base, token = self.made(parts[0]), _tokens(tree)[0]
                letters = below(self.text, token.removeprefix("_"), (token.start_pos or 0) + 1)
                return Indexed(base, letters, joined(base.span, _span(token)))
            case "closed":
                first, last = _tokens(tree)
                return replace(self.made(parts[1]), span=joined(_span(first), _span(last)))
            case "bars":
                return self.bars(tree)
            case "call":
                first, last = _tokens(tree)
                args = tuple(self.made(k) for t in _subtrees(tree) for k in _subtrees(t))
                return Call(latin(first[:-1]), args, joined(_span(first), _span(last)))
            case "bare":
                (function,) = _tokens(tree)
                arg = self.made(parts[1])
                call = Call(latin(function), (arg,), joined(_span(function), arg.span))
                self.bare.add(call.span)
                return call
            case "bare_power":
                raise self.power_of_bare(tree)
            case "big" | "big_minus":
                return self.big(tree)
            case "cases":
                return self.cases(tree)
            case "iverson":
                first, relation, last = _tokens(tree)
                left, right = (self.made(part) for part in _subtrees(tree))
                span = joined(_span(first), _span(last))
                one, zero = Number(Fraction(1), span), Number(Fraction(0), span)
                test = Test(left, str(relation), right)  # type: ignore[arg-type]
                return Branches(((test, one),), zero, span)
            case other:
                raise TypeError(f"the grammar has no {other}")

    def name(self, token: Token) -> Surface:
        """A name, or X_ij: a name with letters below it, where that is no name of its own."""
        name, span = latin(token.removesuffix("()")), _span(token)
        base, _, below = token.partition("_")
        if name in self.declared or not below:
            return Name(name, span)
        start = span.start + len(base)
        letters = tuple(
            index(letter, Span(start + k + 1, start + k + 2)) for k, letter in enumerate(below)
        )
        return Indexed(Name(latin(base), Span(span.start, start)), letters, span)

    def subname(self, token: Token) -> Surface:
        """X_{i,j}, X_{ij} and theta_{j+1}."""
        base, _, _ = token.partition("_{")
        start = token.start_pos or 0
        name = Name(latin(base), Span(start, start + len(base)))
        letters = below(self.text, token[len(base) + 1 :], start + len(base) + 1)
        return Indexed(name, letters, _span(token))

    def binary(self, left: Surface, operator: Token, right: Surface) -> Surface:
        span = joined(left.span, right.span)
        sign = " " if operator.type == "JUXT" else str(operator)
        if sign not in ("+", "-"):
            self.refuse_bare(left, sign, right, operator)
        if sign == " " and left.span in self.quotients and isinstance(left, Binary):
            self.refuse_quotient(left, right, glued=operator == "")
        made = Binary(sign, left, right, span)  # type: ignore[arg-type]
        if sign in ("/", "./"):
            self.quotients.add(span)
        return made

    def refuse_bare(self, left: Surface, sign: str, right: Surface, operator: Token) -> None:
        """log a b: (log a) b or log(a b)?"""
        last = left
        while isinstance(last, Binary) and last.span not in self.bare and last.operator == " ":
            last = last.right
        if not isinstance(last, Call) or last.span not in self.bare:
            return
        f, a, b = last.name, self.text.at(last.args[0].span), self.text.at(right.span)
        between = " " if sign == " " else f" {operator} "
        raise self.text.error(
            joined(last.span, right.span),
            f"{f} without brackets has two readings here",
            f"write {f}({a}){between}{b} or {f}({a}{between}{b})",
        )

    def power_of_bare(self, tree: Tree[Token]) -> ProblemError:
        function, sign = _tokens(tree)[:2]
        arg, exponent = (self.made(part) for part in _subtrees(tree))
        a, p = self.text.at(arg.span), self.text.at(exponent.span)
        span = joined(_span(function), exponent.span)
        wrong = f"{function} without brackets has two readings here"
        return self.text.error(
            span, wrong, f"write {function}({a}{sign}{p}) or {function}({a}){sign}{p}"
        )

    def refuse_quotient(self, left: Binary, right: Surface, *, glued: bool) -> None:
        """a/b c: (a/b) c or a/(b c)? A denominator in brackets or a number ends where it ends."""
        under = left.right
        bracketed = self.text.source[under.span.start] == "("
        if bracketed or (not glued and (isinstance(under, Number) or isinstance(right, Big))):
            return
        a, b, c = (self.text.at(part.span) for part in (left.left, under, right))
        raise self.text.error(
            joined(left.span, right.span),
            "a factor behind a quotient has two readings",
            f"write ({a}/{b}) {c} or {a}/({b} {c})",
        )

    def bars(self, tree: Tree[Token]) -> Surface:
        first, last = _tokens(tree)
        below = last.partition("_")[2].strip("{}")
        span = joined(_span(first), _span(last))
        if below not in NORMS:
            raise self.text.error(span, f"there is no norm {below} here", "take 1, 2 or F")
        kind = "norm" if not below and first != "|" else NORMS[below]
        return Call(kind, (self.made(_subtrees(tree)[0]),), span)

    def big(self, tree: Tree[Token]) -> Surface:
        token = _tokens(tree)[0]
        body = self.made(_subtrees(tree)[0])
        if str(tree.data) == "big_minus":
            body = Minus(body, joined(_span(_tokens(tree)[1]), body.span))
        kind = "sum" if token.startswith(("sum", "∑")) else "prod"
        bounds = tuple(limits(self.text, token))
        return Big(kind, bounds, body, joined(_span(token), body.span))  # type: ignore[arg-type]

    def cases(self, tree: Tree[Token]) -> Surface:
        first, *_, last = _tokens(tree)
        many, otherwise = _subtrees(tree)
        branches: list[tuple[Test, Surface]] = []
        for branch in _flat(many):
            value, left, right = (self.made(part) for part in _subtrees(branch))
            relation = str(_tokens(branch)[1])
            branches.append((Test(left, relation, right), value))  # type: ignore[arg-type]
        span = joined(_span(first), _span(last))
        return Branches(tuple(branches), self.made(otherwise), span)


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [part for part in tree.children if isinstance(part, Token)]


def _subtrees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [part for part in tree.children if isinstance(part, Tree)]


def _flat(branches: Tree[Token]) -> Iterator[Tree[Token]]:
    """The branches of cases, in order."""
    for part in _subtrees(branches):
        if part.data == "branches":
            yield from _flat(part)
        else:
            yield part
