"""One form for every error that a user meets: four lines."""

from __future__ import annotations

from collections.abc import Callable


def visible(text: str) -> str:
    """A text with every sign that a terminal would hide or obey spelled by its number."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text
    )


class DeriveError(Exception):
    """An error with what was asked, where, what is wrong and what to do.

    `where` may span two lines: a formula and a caret under the term.
    """

    def __init__(self, *, asked: str, where: str, wrong: str, todo: str) -> None:
        self.asked, self.where, self.wrong, self.todo = asked, where, wrong, todo
        super().__init__(asked, where, wrong, todo)

    def __reduce__(
        self,
    ) -> tuple[Callable[..., DeriveError], tuple[type[DeriveError], str, str, str, str]]:
        """So that it can come from another process."""
        return _remade, (type(self), self.asked, self.where, self.wrong, self.todo)

    def __str__(self) -> str:
        indented = self.where.replace("\n", "\n            ")
        return visible(
            f"asked:      {self.asked}\n"
            f"where:      {indented}\n"
            f"wrong:      {self.wrong}\n"
            f"what to do: {self.todo}"
        )


def _remade(kind: type[DeriveError], asked: str, where: str, wrong: str, todo: str) -> DeriveError:
    return kind(asked=asked, where=where, wrong=wrong, todo=todo)


class ProblemError(DeriveError):
    """The problem as stated makes no sense: an unbound index, axes that disagree, ..."""


class NoRuleError(DeriveError):
    """The formula is sensible, but no rule of ours covers it."""


class GrowthError(NoRuleError):
    """The rules cover the formula, but what they make of it is longer than anyone would read."""


class BudgetError(DeriveError):
    """The input is larger than what is worked on: a count, the time or the memory is used up."""


class RefutedError(DeriveError):
    """The judge refuted a step: our bug, not the user's."""
