"""What tokens tell before they are understood: functions, index letters, names with numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lark import Token


def function_letter(tokens: Sequence[Token]) -> str:
    """The letter of f(x) at the left of an equation; empty where it is anything else."""
    if len(tokens) < 4 or tokens[0].type not in ("NAME", "FNAME"):
        return ""
    here = 1
    while here < len(tokens) and tokens[here].type in ("SUB", "SUP", "LAYER"):
        here += 1
        if here < len(tokens) and tokens[here].type == "LBRACE":
            depth = 0
            while here < len(tokens):
                depth += (tokens[here].type == "LBRACE") - (tokens[here].type == "RBRACE")
                here += 1
                if depth == 0:
                    break
    if here >= len(tokens) or tokens[here].type != "LPAR":
        return ""
    depth = 0
    for number, token in enumerate(tokens[here:], start=here):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if depth == 0:
            following = [t.type for t in tokens[number + 1 :]]
            return str(tokens[0]) if not following or following[0] == "SUB" else ""
    return ""


def index_letters(
    lefts: Sequence[Sequence[Token]], bodies: Sequence[Sequence[Token]]
) -> Iterable[str]:
    """Letters that some sum runs over, that stand above in brackets, or below at the left."""
    for tokens in (*lefts, *bodies):
        for number, token in enumerate(tokens):
            if token.type == "ROWS":
                yield from _names_in(braced(tokens, number + 1))
            elif token.type == "BIG":
                here = number + 1
                while here < len(tokens) and tokens[here].type in ("SUB", "SUP"):
                    inside = braced(tokens, here + 1)
                    if tokens[here].type == "SUB":
                        yield from _summed(inside)
                    here += len(inside) + 3
    for tokens in lefts:
        for number, token in enumerate(tokens):
            if token.type == "SUB" and (number == 1 or tokens[number - 1].type != "NAME"
                                        or number > 0):  # fmt: skip
                for name in _names_in(braced(tokens, number + 1)):
                    if (
                        len(name) == 1
                        and name.isascii()
                        and name.islower()
                        and not function_letter(tokens)
                    ):
                        yield name


def upper_ends(bodies: Sequence[Sequence[Token]]) -> set[str]:
    """The upper ends of sums that are letters."""
    found: set[str] = set()
    for tokens in bodies:
        for number, token in enumerate(tokens):
            if token.type == "BIG":
                here = number + 1
                while here < len(tokens) and tokens[here].type in ("SUB", "SUP"):
                    inside = braced(tokens, here + 1)
                    if tokens[here].type == "SUP":
                        found |= {str(t) for t in inside if t.type == "NAME"}
                    here += len(inside) + 3
    return found


def _numbered(tokens: Sequence[Token], number: int) -> str:
    """theta_1 of the letter at this place, where only digits stand below it."""
    if number + 1 >= len(tokens) or tokens[number + 1].type != "SUB":
        return ""
    inside = braced(tokens, number + 2)
    digits = all(t.type == "NUMBER" and str(t).isdigit() for t in inside)
    return f"{tokens[number]}_{''.join(map(str, inside))}" if inside and digits else ""


def vectors(lists: Sequence[Sequence[Token]]) -> frozenset[str]:
    """Letters that stand somewhere without a number below them."""
    return frozenset(
        str(token)
        for tokens in lists
        for number, token in enumerate(tokens)
        if token.type == "NAME" and not _numbered(tokens, number)
    )


def own_names(lefts: Sequence[Sequence[Token]], bodies: Sequence[Sequence[Token]]) -> Iterable[str]:
    """Names with a number among the arguments at a left side, or below a minimum."""
    for tokens in lefts:
        for number, token in enumerate(tokens):
            if token.type == "NAME" and (name := _numbered(tokens, number)):
                yield name
    for tokens in bodies:
        if len(tokens) > 1 and tokens[0].type == "FUN" and tokens[1].type == "SUB":
            inside = braced(tokens, 2)
            for number, token in enumerate(inside):
                if token.type == "NAME" and (name := _numbered(inside, number)):
                    yield name


def braced(tokens: Sequence[Token], opening: int) -> list[Token]:
    """The tokens between the braces at `opening`."""
    depth, out = 0, []
    for token in tokens[opening:]:
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if depth == 0:
            break
        out.append(token)
    return out[1:]


def _names_in(tokens: Iterable[Token]) -> Iterable[str]:
    return [str(token) for token in tokens if token.type == "NAME"]


def _summed(inside: Sequence[Token]) -> Iterable[str]:
    """The letters below a sum: before =, <, in; not the set and not the last end of a chain."""
    signs = [k for k, t in enumerate(inside) if t.type in ("REL", "IN")]
    stop = next((k for k, t in enumerate(inside) if t.type == "COLON"), len(inside))
    chain = [k for k in signs if k < stop and str(inside[k]) in ("<", "<=")]
    depth = 0
    for number, token in enumerate(inside[:stop]):
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if token.type != "NAME" or depth or str(token) == ":":
            continue
        before = [k for k in signs if k < number]
        last = before[-1] if before else None
        after_comma = any(t.type == "COMMA" for t in inside[(last or 0) : number])
        if (
            last is None
            or after_comma
            or (str(inside[last]) in ("<", "<=", "!=") and (len(chain) < 2 or last != chain[-1]))
        ):
            yield str(token)
