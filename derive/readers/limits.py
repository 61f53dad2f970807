"""What a text may hold before anybody reads it: how long it is, in how many statements."""

from __future__ import annotations

from pathlib import Path

from derive.budget import Budget
from derive.errors import BudgetError


def text_within(path: Path, budget: Budget) -> str:
    """The text of a file, of which no more is read than the budget allows.

    Raises:
        BudgetError: It is longer.
    """
    # Some editors begin with a mark; a pipe or a device may have no end.
    with path.open(encoding="utf-8-sig") as file:
        text = file.read(budget.characters + 1)
    require_short(text, str(path), budget)
    return text


def require_short(text: str, where: str, budget: Budget) -> None:
    """Refuse a text that is longer than any cost function."""
    if len(text) > budget.characters:
        wrong = f"the text is longer than {budget.characters} characters"
    elif (count := _statements(text)) > budget.statements:
        wrong = f"{count} lines say something, and at most {budget.statements} are read"
    else:
        return
    raise BudgetError(
        asked="read a problem",
        where=where,
        wrong=wrong,
        todo="state the cost with sums over an index and with arrays, and keep data out of it",
    )


def _statements(text: str) -> int:
    lines = (line.strip() for line in text.splitlines())
    return sum(bool(line) and line[0] not in "#%" for line in lines)
