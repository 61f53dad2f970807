"""Pieces of code and how tightly they bind; what a function has computed already, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from derive.notation.matrix import Mat
from derive.programs.factors import Factor

SUM, PRODUCT, UNARY, POWER, ATOM = 1, 2, 3, 4, 5
"""Python's precedence: + and -, then * / @, then unary minus, then **, then names and calls."""


@dataclass(frozen=True)
class Text:
    """A piece of code and how tightly its outermost operator binds."""

    code: str
    level: int

    def within(self, level: int) -> str:
        """The code, in brackets where it binds less tightly than `level`."""
        return self.code if self.level >= level else f"({self.code})"


def hugged(base: Text) -> str:
    """A base and the operator of its power; names and numbers hug it, as the formatter has it."""
    code = base.within(ATOM)
    return f"{code}**" if code.isidentifier() or code.isdigit() else f"{code} ** "


def raised(base: Text, exponent: Text) -> Text:
    """A power; two plain names hug the operator, as the formatter has it."""
    power = exponent.within(ATOM)
    operator = hugged(base) if power.isidentifier() else f"{base.within(ATOM)} ** "
    return Text(f"{operator}{power}", POWER)


Names = Mapping[Mat | Factor, str]

Writer = Callable[[Mat, Names], Text]
"""What writes a formula: handed on, so that two files need not import each other."""
