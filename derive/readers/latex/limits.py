r"""What stands below and above a sum: i, i=1, i<j, i \ne j, i \in S, j : t_j \ge t_i."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lark import Token, Tree

from derive.readers.latex.trees import Making, Node, apart, is_one
from derive.readers.surface import Binary, Indexed, Limits, Name, Span, Surface, Test
from derive.readers.walk import letters_of


@dataclass
class Found:
    """The letters of a sum with their ends, and the conditions and 0/1 data that its terms obey."""

    limits: tuple[Limits, ...] = ()
    tests: list[Test] = field(default_factory=list)
    conditions: list[Node] = field(default_factory=list)
    masks: list[Surface] = field(default_factory=list)


@dataclass
class _Reader:
    maker: Making
    span: Span
    upper: Surface | None = None
    found: Found = field(default_factory=Found)
    limits: list[Limits] = field(default_factory=list)

    def letter(
        self, name: Surface, lower: Surface | None = None, upper: Surface | None = None
    ) -> None:
        if not isinstance(name, Name):
            raise self.maker.error(name.span, "this is no letter to sum over",
                                   r"write \sum_i, \sum_{i,j} or \sum_{j=2}^n")  # fmt: skip
        moving = lower is not None and any(True for _ in letters_of(lower))
        if moving and lower is not None:
            # j = i+1, ..., n are the j > i.
            start, sign = lower, ">="
            if isinstance(lower, Binary) and lower.operator == "+" and is_one(lower.right):
                start, sign = lower.left, ">"
            self.found.tests.append(Test(name, sign, start))  # type: ignore[arg-type]
            lower = None
        self.limits.append(Limits(name, lower, upper))

    def known(self, name: str) -> bool:
        return name in self.maker.bound or any(k.letter.name == name for k in self.limits)

    def relation(self, item: Node, *, first: bool) -> None:
        if not first:
            self.found.conditions.append(item)
            return
        signs = [str(part) for part in item.children if isinstance(part, Token)]
        sides = [self.maker.made(part) for part in item.children if isinstance(part, Tree)]
        if signs == ["="] and not (isinstance(sides[0], Name) and self.known(sides[0].name)):
            self.letter(sides[0], sides[1])
            return
        names = [s for s in sides if isinstance(s, Name) and not self.known(s.name)]
        numbers = [s for s in sides if not isinstance(s, Name)]
        if not names and not numbers:
            self.found.conditions.append(item)
            return
        if len(sides) > 2 and all(sign in ("<", "<=") for sign in signs):
            low, *inner, high = sides
            for name in inner:
                self.letter(name, low if signs[0] == "<=" and not is_one(low) else None, high)
            for left, sign, right in zip(inner, signs[1:-1], inner[1:], strict=False):
                self.found.tests.append(Test(left, sign, right))  # type: ignore[arg-type]
            return
        if len(sides) == 2:
            for name in sides:
                if isinstance(name, Name) and not self.known(name.name):
                    self.letter(name)
            self.found.tests.append(Test(sides[0], signs[0], sides[1]))  # type: ignore[arg-type]
            return
        raise self.maker.error(self.span, "this condition below a sum is not understood",
                               r"write \sum_{i<j} or \sum_{1 \le i < j \le n}")  # fmt: skip

    def member(self, item: Node) -> None:
        r"""i \in S: the set is 0/1 data S_i, and S_i may itself depend on letters."""
        element, group = (part for part in item.children if isinstance(part, Tree))
        collection = self.maker.made(group)
        letters: list[Surface]
        if element.data == "group":
            letters = list(self.maker.items(element.children[1]))  # type: ignore[arg-type]
        else:
            letters = [self.maker.made(element)]
        for letter in letters:
            if not isinstance(letter, Name):
                raise self.maker.error(
                    letter.span, "this is no letter to sum over", "write a letter"
                )
            if not self.known(letter.name):
                self.letter(letter)
        if isinstance(collection, Name):
            mask = Indexed(collection, tuple(letters), collection.span)
        elif isinstance(collection, Indexed) and isinstance(collection.base, Name):
            given = (*collection.rows, *collection.indices, *letters)
            mask = Indexed(collection.base, given, collection.span)
        else:
            raise self.maker.error(
                collection.span, "this set is not known",
                r"name it and declare it as 0/1 data: % derive: data S (m) in {0, 1}",
            )  # fmt: skip
        self.found.masks.append(mask)


def limits_of(maker: Making, scripts: Sequence[Node], span: Span) -> Found:
    """What the scripts of a sum say."""
    subs = [script for script in scripts if script.data == "sub"]
    sups = [script for script in scripts if script.data == "sup"]
    if len(subs) != 1 or len(sups) > 1 or len(scripts) != len(subs) + len(sups):
        raise maker.error(span, "the letter of this sum is not to be seen",
                          r"write it below, as in \sum_{i=1}^{m}")  # fmt: skip
    reader = _Reader(maker, span)
    if sups:
        reader.upper = maker.made(next(p for p in sups[0].children if isinstance(p, Tree)))
    items = next(part for part in subs[0].children if isinstance(part, Tree))
    after_colon = False
    for item in items.children:
        if not isinstance(item, Tree):
            continue
        if item.data == "separator":
            after_colon = after_colon or item.children[0].type == "COLON"  # type: ignore[union-attr]
        elif item.data == "member":
            reader.member(item)
        elif item.data == "relation":
            reader.relation(item, first=not after_colon)
        else:
            for name in apart(maker.made(next(p for p in item.children if isinstance(p, Tree)))):
                reader.letter(name)
    lower = next((k.lower for k in reversed(reader.limits) if k.lower is not None), None)
    shared = len(items.children) > 1 and not after_colon
    reader.found.limits = tuple(
        Limits(k.letter, k.lower if k.lower is not None or not shared else lower,
               k.upper if k.upper is not None else reader.upper)
        for k in reader.limits
    )  # fmt: skip
    if not reader.found.limits:
        raise maker.error(span, "the letter of this sum is not to be seen",
                          r"write it below, as in \sum_{i=1}^{m}")  # fmt: skip
    return reader.found
