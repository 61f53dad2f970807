"""What was asked for on the command line: names of the catalogue, files, lines of a text."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from derive.errors import DeriveError, visible
from derive.notation.story import Subject
from derive.notation.words import require_words
from derive.readers.file import (
    TEXTS,
    catalogue_files,
    catalogue_subject,
    problem_from_lines,
    subjects_from_file,
)


@dataclass(frozen=True)
class Target:
    """What was asked for, and what the header of its files says of its source.

    `exact`: its equalities are also judged in a prime field.
    """

    subject: Subject
    file: str
    command: str
    exact: bool = False


def targets_of(names: Sequence[str]) -> tuple[Target, ...]:
    """What the names and files stand for, each once; all of the catalogue for none."""
    found: dict[str, tuple[Target, str]] = {}
    files = catalogue_files()
    for name in dict.fromkeys(names or files):
        own = is_file(name)
        if own:
            require_words(Path(name).name, "file", f"derive {visible(name)[:100]}")
        subjects = subjects_from_file(name) if own else (catalogue_subject(name),)
        origin = str(Path(name).resolve()) if own else f"the catalogue ({name})"
        file = Path(name).name
        for subject in subjects:
            target = (
                Target(subject, file, f"derive build {shlex.quote(file)}")
                if own
                else Target(subject, files[name], "make derive")
            )
            other = found.setdefault(subject.name, (target, origin))[1]
            if other != origin:
                raise DeriveError(
                    asked=f"derive {', '.join(names)}",
                    where=f"{other}\n{origin}",
                    wrong=f"two problems have the name {subject.name!r}",
                    todo="give one of them another name, or build them into different folders",
                )
    return tuple(target for target, _ in found.values())


def asked_about(names: Sequence[str], lines: Sequence[str]) -> tuple[Target, ...]:
    """What one name stands for, or one file, or the lines of a text."""
    if lines and not names:
        problem = problem_from_lines("\n".join(lines), "my_cost")
        return (Target(problem, "the command line", "derive build"),)
    if len(names) != 1 or lines:
        raise DeriveError(
            asked=f"derive {shlex.join(names)}".strip(),
            where=", ".join(names) or "the arguments",
            wrong="this command is about one name, one file or the lines of one problem",
            todo="give a name or a file, or lines with -e",
        )
    return targets_of(names)


def is_file(name: str) -> bool:
    """Whether a path is meant, not a name of the catalogue."""
    return name.endswith((".py", *TEXTS)) or name in (".", "..") or "/" in name or os.sep in name
