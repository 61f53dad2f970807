"""How letters are used: with which indices, and which are sizes of axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from derive.notation.problem import GREEK
from derive.readers.latex.rewrite import mapped
from derive.readers.latex.sheet import Draft, left_name
from derive.readers.surface import Big, Binary, Call, Equation, Indexed, Name, Span, Surface
from derive.readers.walk import inside, pieces

SIZES = ("m", "n", "N", "M", "p", "d", "K", "T", "D", "k")


@dataclass(frozen=True)
class Use:
    """How a letter is used: with how many indices, or without, and where first."""

    counts: frozenset[int]
    span: Span


def free(tree: Surface, bound: frozenset[str]) -> Iterator[tuple[str, int, Span]]:
    """Letters that are no index letters, with the number of their indices."""
    match tree:
        case Name(name, span):
            if name not in bound and name != ":":
                yield name, 0, span
        case Indexed(Name(name, span), indices, _, rows):
            given = (*rows, *indices)
            if name not in bound and not (name == "delta" and len(given) == 2) and name != "I":
                yield name, len(given), span
        case Big(_, limits, body, _):
            inner = bound | {limit.letter.name for limit in limits}
            yield from free(body, inner)
        case _:
            for part in inside(tree):
                yield from free(part, bound)


def uses_of(draft: Draft, known: Mapping[str, int]) -> dict[str, Use]:
    """The letters that nothing declares or defines."""
    defined = {left_name(e.left) for e in draft.equations}
    sizes = axes_of(draft)
    out: dict[str, Use] = {}
    order = sorted(draft.equations, key=lambda e: e.span.start)
    for equation in order:
        bound: set[str] = {"I"}
        if isinstance(equation.left, Call) and left_name(equation.left) != draft.cost:
            bound |= {a.name for a in equation.left.args if isinstance(a, Name)}
        if isinstance(equation.left, Indexed):
            given = (*equation.left.rows, *equation.left.indices)
            bound |= {k.name for k in given if isinstance(k, Name)}
        for name, count, span in free(equation.right, frozenset(bound)):
            if name in known or name in defined or name in sizes or name in ("e", "pi"):
                continue
            before = out.get(name, Use(frozenset(), span))
            out[name] = Use(before.counts | {count}, before.span)
    return out


def axes_of(draft: Draft) -> frozenset[str]:
    """Names of axes: declared ones, and upper ends of sums."""
    names = {axis for d in draft.lines.declared for axis in d.axes}
    names |= {d.name for d in draft.lines.declared if d.role == "axis"}
    names |= {r.upper for r in draft.ranges if r.upper.isalpha()}
    known = {d.name for d in draft.lines.declared if d.role != "axis"}
    for equation in draft.equations:
        for piece in pieces(equation.right):
            if isinstance(piece, Big):
                names |= {k.upper.name for k in piece.limits if isinstance(k.upper, Name)}
            if isinstance(piece, Call) and piece.name == "ones":
                names |= {a.name for a in piece.args if isinstance(a, Name)}
    return frozenset(names - known)


def pairs(uses: Mapping[str, Use], known: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """x and X in one text: x_i is row i of X."""
    out: dict[str, tuple[str, str]] = {}
    for name, use in uses.items():
        big = capital(name)
        if big == name or use.counts == {0} or 0 in use.counts:
            continue
        if known.get(big) == 2 or (big in uses and uses[big].counts <= {0, 2}):
            out[name] = (name, big)
    return out


def capital(name: str) -> str:
    """The capital of a small letter: the matrix whose rows it is; other names as they are."""
    big = name[:1].upper() + name[1:]
    return big if name.islower() and (len(name) == 1 or big in GREEK) else name


def with_rows(equation: Equation, rows: Mapping[str, str], columns: Mapping[str, str]) -> Equation:
    """x^{(i)} as row i of X."""
    local: set[str] = set()
    if isinstance(equation.left, Call):
        local = {a.name for a in equation.left.args if isinstance(a, Name)}

    def change(tree: Surface) -> Surface:
        if not (isinstance(tree, Indexed) and isinstance(tree.base, Name)):
            return tree
        name, given = tree.base.name, (*tree.rows, *tree.indices)
        if name in local:
            return tree
        if name in columns:
            base = replace(tree.base, name=columns[name])
            index = (given[1], given[0]) if len(given) > 1 else (Name(":", tree.span), *given)
            return replace(tree, base=base, indices=index, rows=())
        if name in rows:
            base = replace(tree.base, name=rows[name])
            if len(given) == 1:
                return replace(tree, base=base, indices=(), rows=given)
            return replace(tree, base=base)
        return tree

    return replace(equation, right=mapped(equation.right, change))


def likely_sizes(draft: Draft, uses: Mapping[str, Use]) -> dict[str, bool]:
    """Letters that are most likely sizes: m in 1/m where no sum says to which end it runs."""
    named = axes_of(draft)
    lone = [name for name in SIZES if name in uses and like_a_size(draft, name, uses[name])]
    if not named and len(lone) == 1:
        return {lone[0]: True}
    return {}


def like_a_size(draft: Draft, name: str, use: Use) -> bool:
    """Whether a letter has the name and the use of a size: 1/N, n log s."""
    alone = name in SIZES and use.counts == {0}
    found = name in {minimised.name for minimised in draft.minimised}
    return alone and not found and (name.islower() or _divides(draft, name))


def _divides(draft: Draft, name: str) -> bool:
    """Whether one divides by the letter, as in 1/N."""
    return any(
        part == Name(name, part.span)
        for equation in draft.equations
        for piece in pieces(equation.right)
        if isinstance(piece, Binary) and piece.operator == "/"
        for part in pieces(piece.right)
    )
