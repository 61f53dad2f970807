r"""Declarations that a LaTeX source leaves out, inferred from how its letters are used.

Every letter may be a number, a vector or a matrix; the shapes under which all equations make sense
and the cost is a number are found by trying. Where exactly one way is left, it is certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derive.errors import ProblemError
from derive.readers.latex import words as w
from derive.readers.latex.rewrite import mapped
from derive.readers.latex.search import Found, checker_of, columns_too, search
from derive.readers.latex.shapes import Checker
from derive.readers.latex.sheet import Draft, left_name
from derive.readers.latex.uses import (
    Use,
    capital,
    like_a_size,
    likely_sizes,
    pairs,
    uses_of,
    with_rows,
)
from derive.readers.surface import (
    Big,
    Binary,
    Call,
    Declared,
    Equation,
    Indexed,
    Minus,
    Name,
    Number,
    Span,
    Surface,
)
from derive.readers.walk import pieces

POOL = ("n", "p", "d", "q", "r", "s", "K", "D", "P", "R")
PARAMETERS = (
    "theta",
    "beta",
    "w",
    "W",
    "b",
    "Theta",
    "Beta",
    "omega",
    "alpha",
    "mu",
    "Sigma",
    "U",
    "V",
    "B",
)


@dataclass(frozen=True)
class Inferred:
    """What was found.

    Attributes:
        declared: The missing declarations.
        rows: Letters that are rows of a matrix, x of X.
        doubts: For each declaration why it is not certain; empty where all are.
        ranks: The ranks of all letters.
        dots: Where a product sign stands between two vectors.
        quotients: Where vectors are divided by entry by entry.
    """

    declared: tuple[Declared, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    ranks: tuple[tuple[str, int], ...] = ()
    dots: frozenset[Span] = frozenset()
    quotients: frozenset[Span] = frozenset()

    def lines(self) -> tuple[str, ...]:
        """The declarations as they are written in LaTeX."""
        out = [_line(d) for d in self.declared]
        return (*out, *(f"rows {_latex(x)}^{{(i)}} = {_latex(X)}" for x, X in self.rows))

    def said(self) -> str:
        """The same in plain words, for the problem's summary."""
        out = [_line(d, plain=True) for d in self.declared]
        return "; ".join((*out, *(f"{x} with an index is a row of {X}" for x, X in self.rows)))


def inferred(draft: Draft) -> Inferred:
    """The declarations that are missing, and what is not certain about them."""
    known = {d.name: len(d.axes) for d in draft.lines.declared}
    rows = {**draft.lines.rows}
    uses = uses_of(draft, known)
    for x, (_, big) in pairs(uses, known).items():
        if x not in draft.lines.columns:
            rows.setdefault(x, big)
    before = list(draft.equations)
    draft.equations[:] = [with_rows(e, rows, draft.lines.columns) for e in before]
    uses = uses_of(draft, known)
    sizes = likely_sizes(draft, uses)
    unknown = {name: use for name, use in uses.items() if name not in sizes}
    found = search(draft, unknown, sizes)
    guessed = {x: big for x, big in rows.items() if x not in draft.lines.rows}
    return _told(draft, unknown, sizes, found, guessed, columns_too(draft, before, sizes, guessed))


def _told(
    draft: Draft, unknown: Mapping[str, Use], sizes: Mapping[str, bool], found: Found,
    rows: dict[str, str], columns: str,
) -> Inferred:  # fmt: skip
    doubts: list[str] = [columns] if columns else []
    if not found.ranks:
        if not unknown:
            # What is declared does not fit; `elaborate` says where.
            return Inferred(
                rows=tuple(rows.items()),
                ranks=tuple((d.name, len(d.axes)) for d in draft.lines.declared),
            )
        doubts.append("no shapes of these letters make sense of all formulas")
        ranks = {name: max(use.counts) for name, use in unknown.items()}
        checker, axes = checker_of(draft, ranks, sizes)
    else:
        ranks, checker, axes = found.ranks[0], found.checkers[0], found.letters[0]
    if not found.all:
        doubts.append("there are too many letters to try all shapes")
    if checker.transposed:
        shown = draft.text.at(checker.transposed[0])
        raise draft.text.error(
            checker.transposed[0],
            f"{shown} transposes a number, or is a power",
            "write the number alone, or the power with another letter",
        )
    named = _axis_names(draft, checker, axes, sizes)
    if sizes and unknown:
        doubts.append(f"{next(iter(sizes))} is taken for the size of an axis")
    for name in unknown:
        if like_a_size(draft, name, unknown[name]):
            doubts.append(f"{name} may be a number or the size of an axis")
        others = sorted({r[name] for r in found.ranks})
        if len(others) > 1:
            kinds = " or ".join(("a number", "a vector", "a matrix", "an array")[k] for k in others)
            doubts.append(f"{name} may be {kinds}")
    parameters = parameters_of(draft)
    told = bool(parameters) or any(d.role == "parameter" for d in draft.lines.declared)
    if not told and unknown:
        parameters = {
            name
            for name in unknown
            if name.split("_")[0] in PARAMETERS
            or (ranks[name] == 2 and capital(name) in PARAMETERS)
        }
        doubts.append(
            "nothing says what is to be found, as J(\\theta) = ... or \\min_\\theta would"
        )
    declared: list[Declared] = []
    renamed: dict[str, str] = {}
    for name, use in unknown.items():
        letter = name
        if 0 not in use.counts and max(use.counts, default=0) < ranks[name]:
            big = capital(name)
            taken = {*unknown, *(d.name for d in draft.lines.declared), *named.values()}
            taken |= {left_name(e.left) for e in draft.equations}
            if big != name and big not in taken:
                renamed[name] = letter = big
        role = "parameter" if parameters & {name, letter} else "data"
        over = tuple(named[checker.table.root(axis)] for axis in axes[name])
        words, doubt = _words(draft, name, role, ranks[name])
        doubts += [doubt] if doubt else []
        declared.append(Declared(role, letter, over, words, "", use.span))  # type: ignore[arg-type]
    draft.equations[:] = [with_rows(e, renamed, {}) for e in draft.equations]
    present = {d.name for d in (*draft.lines.declared, *declared)}
    for minimised in draft.minimised:
        if minimised.name not in present:
            raise draft.text.error(
                minimised.span,
                f"the cost does not depend on {minimised.name}",
                "use it in the formula, or define the letter that stands for it there, as in "
                r"% derive: \mu_i = \exp(x_i^\top \beta)",
            )
    known = {d.name: len(d.axes) for d in draft.lines.declared}
    known |= {d.name: len(d.axes) for d in declared}
    known |= {k: len(s.axes) for k, s in checker.letters.items() if k not in known}
    return Inferred(
        tuple(sorted(declared, key=lambda d: (d.role != "data", -len(d.axes)))),
        (*rows.items(), *renamed.items()), tuple(dict.fromkeys(doubts)), tuple(known.items()),
        frozenset(checker.dots), frozenset(checker.quotients),
    )  # fmt: skip


def parameters_of(draft: Draft) -> set[str]:
    """The letters that the cost is minimised over."""
    return {n.name for n in draft.minimised}


def _axis_names(
    draft: Draft, checker: Checker, axes: Mapping[str, tuple[int, ...]], sizes: Mapping[str, bool]
) -> dict[int, str]:
    """A letter for every axis; new ones avoid all letters of the text."""
    table = checker.table
    named = {table.root(axis): name for axis, name in table.names.items()}
    taken = set(named.values()) | _all_names(draft)
    pool = [*sizes, *(() if sizes or taken & {"m", "n", "N"} else ("m", "n")), *POOL]
    order = [*checker.summed] if sizes else []
    order += [axis for letter in sorted(axes, key=lambda k: -len(axes[k])) for axis in axes[letter]]
    for axis in order:
        root = table.root(axis)
        if root not in named:
            free = (*pool, *(f"n{k}" for k in range(2, 50)))
            name = next(
                k for k in free if k not in taken or (k in sizes and k not in named.values())
            )
            named[root] = name
            taken.add(name)
    return named


def _all_names(draft: Draft) -> set[str]:
    names: set[str] = set()
    for equation in draft.equations:
        for side in (equation.left, equation.right):
            for piece in pieces(side):
                if isinstance(piece, Name):
                    names.add(piece.name)
                if isinstance(piece, Call):
                    names.add(piece.name)
                if isinstance(piece, Big):
                    names |= {k.letter.name for k in piece.limits}
    return names | {d.name for d in draft.lines.declared}


def _words(draft: Draft, name: str, role: str, rank: int) -> tuple[tuple[str, ...], str]:
    """Domains and facts that the formula suggests but does not state."""
    for equation in draft.equations:
        logs = any(isinstance(p, Call) and p.name == "log" for p in pieces(equation.right))
        for piece in pieces(equation.right):
            match piece:
                case Binary("-", Number(value), right, _) if (
                    value == 1 and role == "data" and logs and _letter(right) == name
                ):
                    return ("in [0, 1]",), f"{name} looks like labels between 0 and 1"
                case Call("det" | "logdet" | "inv", (Name(inner),)) if inner == name and rank == 2:
                    return ("positive definite",), f"{name} looks like a positive definite matrix"
                case Binary("^", Name(inner), Minus(), _) if inner == name and rank == 2:
                    return ("positive definite",), f"{name} looks like a positive definite matrix"
                case _:
                    pass
    return (), ""


def _letter(tree: Surface) -> str:
    match tree:
        case Name(name) | Indexed(Name(name)):
            return name
        case _:
            return ""


def _line(d: Declared, *, plain: bool = False) -> str:
    over = f" ({', '.join(d.axes)})" if d.axes else ""
    words = f" {', '.join(d.words)}" if d.words else ""
    return f"{d.role} {d.name if plain else _latex(d.name)}{over}{words}"


def _latex(name: str) -> str:
    """A name as LaTeX that is read as this name."""
    head, _, tail = name.partition("_")
    accents = {accent: command for command, accent in reversed(w.ACCENTS.items())}
    if tail in accents:
        return f"{accents[tail]}{{{_latex(head)}}}"
    letter = next((c for c, k in w.LETTERS.items() if k == head), head)
    if letter == head and len(head) > 1:
        letter = rf"\mathrm{{{head}}}"
    if not tail:
        return letter
    parts = [part if len(part) == 1 or part.isdigit() else _latex(part) for part in tail.split("_")]
    return f"{letter}_{{{','.join(parts)}}}"


def missing(draft: Draft, found: Inferred) -> ProblemError:
    """The error that lists the declarations to be pasted."""
    first = found.declared[0].span if found.declared else Span(0, 1)
    lines = "\n            ".join(f"% derive: {line}" for line in found.lines())
    why = "; ".join(found.doubts)
    return draft.text.error(
        first,
        f"the letters are not declared, and not all is certain: {why}",
        f"add these lines, corrected where they are not what you mean:\n            {lines}",
    )


def finished(draft: Draft, found: Inferred) -> list[Equation]:
    """The equations with vectors multiplied as such, and rows of matrices marked."""
    ranks = dict(found.ranks)

    def change(tree: Surface) -> Surface:
        match tree:
            case Binary("*", left, right, span) if span in found.dots:
                return Call("dot", (left, right), span)
            case Binary("/", _, _, span) if span in found.quotients:
                return replace(tree, operator="./")
            case Indexed(Name(name), (only,), _, ()) if ranks.get(name) == 2:
                return replace(tree, indices=(), rows=(only,))
            case _:
                return tree

    own = any(d.name == "e" for d in (*draft.lines.declared, *found.declared))
    out: list[Equation] = []
    for equation in draft.equations:
        local = isinstance(equation.left, Call) and left_name(equation.left) != draft.cost
        right = equation.right if local else mapped(equation.right, change)
        out.append(replace(equation, right=right if own else mapped(right, _sigmoid)))
    return out


def _sigmoid(tree: Surface) -> Surface:
    """1/(1 + e^-u) by its name: results are said in terms of it."""
    match tree:
        case Binary("/", Number(top), Binary("+", first, second), span) if top == 1:
            for one, power in ((first, second), (second, first)):
                match one, power:
                    case Number(value), Binary("^", Name("e"), Minus(arg)) if value == 1:
                        return Call("sigmoid", (arg,), span)
                    case Number(value), Call("exp", (Minus(arg),)) if value == 1:
                        return Call("sigmoid", (arg,), span)
                    case _:
                        pass
    return tree
