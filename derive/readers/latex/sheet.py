r"""A LaTeX source as a sheet: its declarations, its definitions in order, its cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lark import Token

from derive.readers.complaint import Text
from derive.readers.latex.build import Maker
from derive.readers.latex.declared import Lines, read_line
from derive.readers.latex.lexer import Lexer
from derive.readers.latex.parse import parsed
from derive.readers.latex.prescan import (
    braced,
    function_letter,
    index_letters,
    own_names,
    upper_ends,
    vectors,
)
from derive.readers.latex.rewrite import mapped
from derive.readers.latex.scan import Piece
from derive.readers.latex.slips import refuse_slips
from derive.readers.latex.source import (
    Range,
    Statement,
    declarations,
    formulas,
    statements,
)
from derive.readers.latex.tokens import span_of
from derive.readers.latex.trees import subtrees
from derive.readers.surface import Binary, Call, Equation, Indexed, Name, Span, Surface
from derive.readers.walk import pieces as parts_of

COST = "J"


@dataclass
class Draft:
    """What a LaTeX source says, before anything is inferred.

    Attributes:
        text: The source.
        lines: Its declarations.
        equations: Definitions and the cost, in the order of use.
        cost: The name of the cost.
        minimised: What the cost is minimised over: the arguments of J(theta), or below min.
        ranges: The axes of index letters that stand behind an equation: i = 1, ..., m.
    """

    text: Text
    lines: Lines
    equations: list[Equation] = field(default_factory=list)
    cost: str = COST
    minimised: tuple[Name, ...] = ()
    ranges: list[Range] = field(default_factory=list)


def draft_of(source: str, name: str) -> Draft:
    """Everything that the source says."""
    text = Text(source, name)
    refuse_slips(text)
    lines = Lines()
    for span in declarations(source):
        read_line(text, span, lines)
    found: list[tuple[Statement, bool]] = []
    ranges: list[Range] = []
    for span in lines.formulas:
        made, more = statements(text, span, lines=False)
        found += [(statement, False) for statement in made]
        ranges += more
    for span, rows in formulas(source):
        made, more = statements(text, span, lines=rows)
        found += [(statement, True) for statement in made]
        ranges += more
    if not found:
        raise text.error(Span(0, max(len(source), 1)), "there is no formula",
                         r"write the cost, as in J(\theta) = ...")  # fmt: skip
    draft = Draft(text, lines, ranges=ranges)
    _read(draft, found)
    return draft


def _read(draft: Draft, found: Sequence[tuple[Statement, bool]]) -> None:
    text = draft.text
    declared = frozenset(d.name for d in draft.lines.declared)
    functions: set[str] = set()
    lefts: list[list[Token]] = []
    for statement, _ in found:
        tokens = Lexer(text, declared=declared, left=True).tokens(statement.left)
        lefts.append(tokens)
        if (base := function_letter(tokens)) and base not in declared:
            functions.add(base)
    names = declared | {str(t[0]) for t in lefts if t and t[0].type == "NAME"}
    bodies = [
        Lexer(text, frozenset(functions), declared).tokens(statement.right)
        for statement, _ in found
    ]
    if "T" in upper_ends(bodies):
        bodies = [
            Lexer(text, frozenset(functions), declared | {"T"}).tokens(statement.right)
            for statement, _ in found
        ]
    letters = frozenset(index_letters(lefts, bodies)) - declared
    letters |= {r.letter for r in draft.ranges}
    own = frozenset(own_names(lefts, bodies))
    maker = Maker(text, names - functions, letters, vectors=vectors((*lefts, *bodies)), own=own)
    left_trees: list[Surface | None] = []
    for (statement, _), tokens in zip(found, lefts, strict=True):
        if tokens:
            tokens = Lexer(text, frozenset(functions), declared, left=True).tokens(statement.left)
            tree = parsed(text, tokens, _span(statement.left))
            left_trees.append(maker.made(tree))
        else:
            left_trees.append(None)
    maker = replace(
        maker, functions=frozenset(t.name for t in left_trees if isinstance(t, Call)), bound=[]
    )
    made: list[tuple[Equation, bool]] = []
    minimised: list[Name] = []
    chosen = ""
    for (statement, main), left, tokens in zip(found, left_trees, bodies, strict=True):
        body, over = _minimum(draft, tokens, maker)
        tree = parsed(text, body, _span(statement.right))
        right = maker.made(tree)
        if over is not None or left is None:
            left = Name(COST, right.span) if left is None or over is not None else left
            if chosen:
                raise text.error(statement.span, "a second cost", "write one formula to minimise")
            chosen = COST
            minimised += over or ()
        made.append((_with_parameters(Equation(left, right, statement.span)), main))
    draft.cost = _cost(draft, made, chosen)
    ordered = _in_order([equation for equation, _ in made])
    draft.equations = ordered
    for equation in ordered:
        if isinstance(equation.left, Call) and equation.left.name == draft.cost:
            minimised += _parameters(text, equation.left, declared)
    draft.minimised = tuple(minimised)


def _parameters(text: Text, left: Call, declared: frozenset[str]) -> list[Name]:
    r"""The arguments of J(w, b; X, y) before the semicolon, or before \mid.

    Raises where one is a power of an undeclared letter: J(\sigma^2) may be differentiated by
    \sigma or by its square.
    """
    out: list[Name] = []
    here = left.span.start
    for number, arg in enumerate(left.args):
        between = text.source[here : arg.span.start]
        if number and (";" in between or "|" in between or r"\mid" in between):
            break
        if isinstance(arg, Name):
            out.append(arg)
        elif (
            isinstance(arg, Binary)
            and arg.operator == "^"
            and isinstance(arg.left, Name)
            and arg.left.name not in declared
        ):
            base = text.source[arg.left.span.start : arg.left.span.stop]
            raise text.error(
                arg.span, f"this has two readings: by {base}, or by its power as one number",
                f"(1) write {base} here; (2) write a new letter, as v, for the whole power",
            )  # fmt: skip
        here = arg.span.stop
    return out


def _span(pieces: Sequence[Piece]) -> Span:
    return Span(pieces[0].start, pieces[-1].stop) if pieces else Span(0, 0)


def _minimum(
    draft: Draft, tokens: list[Token], maker: Maker
) -> tuple[list[Token], list[Name] | None]:
    r"""The formula behind \min_\theta, and the letters below it."""
    if not tokens or tokens[0].type != "FUN" or str(tokens[0]) not in ("min", "max", "argmax"):
        return tokens, None
    if len(tokens) > 1 and tokens[1].type == "LPAR":
        return tokens, None
    if str(tokens[0]) != "min":
        raise draft.text.error(
            span_of(tokens[0]),
            "a cost is minimised here, not maximised",
            r"write \min and the formula with a minus sign in front",
        )
    if len(tokens) > 1 and tokens[1].type == "SUB":
        inside = braced(tokens, 2)
        items = parsed(draft.text, [*_as_items(inside)], span_of(tokens[1]))
        names = maker.items(subtrees(subtrees(items)[0])[0])
        over = [name for name in names if isinstance(name, Name)]
        if len(over) != len(names):
            raise draft.text.error(span_of(tokens[1]), "what is minimised over are letters",
                                   r"write \min_{w, b}")  # fmt: skip
        return tokens[len(inside) + 4 :], over
    return tokens[1:], []


def _as_items(tokens: Sequence[Token]) -> Iterable[Token]:
    r"""What stands below \min as one pair of brackets, for the grammar."""
    first, last = tokens[0], tokens[-1]
    yield Token("LPAR", "(", start_pos=first.start_pos, end_pos=first.start_pos)
    for k, token in enumerate(tokens):
        if token.type == "IN":  # w \in R^n
            break
        yield token
        if k == len(tokens) - 1:
            break
    yield Token("RPAR", ")", start_pos=last.end_pos, end_pos=last.end_pos)


def _with_parameters(equation: Equation) -> Equation:
    """A definition h(x^{(i)}) = ... is one for every x."""
    left, right = equation.left, equation.right
    if not isinstance(left, Call):
        return equation
    args: list[Surface] = []
    for arg in left.args:
        if isinstance(arg, Indexed) and isinstance(arg.base, Name):
            new = Name(arg.base.name, arg.span)
            right = substituted(right, arg, new)
            args.append(new)
        else:
            args.append(arg)
    return replace(equation, left=replace(left, args=tuple(args)), right=right)


def substituted(tree: Surface, old: Indexed, new: Name) -> Surface:
    """A tree with an entry or row replaced wherever it stands."""
    key = _key(old)
    return mapped(tree, lambda t: replace(new, span=t.span) if _key(t) == key else t)


def _key(tree: Surface) -> object:
    """A tree without its places."""
    match tree:
        case Name(name):
            return name
        case Indexed(base, indices, _, rows):
            return (_key(base), tuple(map(_key, indices)), tuple(map(_key, rows)))
        case _:
            return id(tree)


def left_name(left: Surface) -> str:
    """The name that an equation defines."""
    match left:
        case Name(name) | Call(name):
            return name
        case Indexed(base):
            return left_name(base)
        case _:
            return ""


def _used(tree: Surface) -> set[str]:
    return {p.name for p in parts_of(tree) if isinstance(p, Name | Call)}


def _cost(draft: Draft, made: Sequence[tuple[Equation, bool]], chosen: str) -> str:
    """The equation of the cost: the one that is minimised, or the last one that no other uses."""
    wished = dict(reversed(draft.lines.settings)).get("cost", "")
    if wished:
        return wished
    if chosen:
        return chosen
    used = set().union(*(_used(equation.right) for equation, _ in made))
    loose = [left_name(e.left) for e, main in made if main and left_name(e.left) not in used] or [
        left_name(made[-1][0].left)
    ]
    return COST if COST in loose else loose[-1]


def _in_order(equations: list[Equation]) -> list[Equation]:
    """Definitions before what uses them; otherwise in the order written."""
    out: list[Equation] = []
    rest = list(equations)
    while rest:
        names = {left_name(e.left) for e in rest}
        ready = next(
            (e for e in rest if not (_used(e.right) - {left_name(e.left)}) & names), rest[0]
        )
        out.append(ready)
        rest.remove(ready)
    return out
