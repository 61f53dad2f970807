"""What a case is, and the lists from which cases are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


def listed(name: str) -> tuple[str, ...]:
    """The entries of a list, one a line; what cannot be seen is spelled as in Python."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.encode().decode("unicode_escape") for line in text.splitlines())


def seeds(ending: str) -> tuple[str, ...]:
    """Valid problems of many kinds, from which mutations are made."""
    files = sorted(DATA.glob(f"seed*.{ending}"))
    return tuple(file.read_text(encoding="utf-8") for file in files)


@dataclass(frozen=True)
class Case:
    """One input: a file's name and bytes, or lines of the command line.

    `title` is what the module's docstring must begin with, where the input is accepted.
    """

    family: str
    name: str
    content: bytes = b""
    lines: tuple[str, ...] = ()
    command: str = "build"
    title: str | None = None


def as_bytes(text: str) -> bytes:
    """A text as a file has it, halves of signs included."""
    return text.encode("utf-8", "surrogatepass")
