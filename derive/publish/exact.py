"""Files that were judged in ball arithmetic are compared with nothing that was judged without."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from derive.errors import DeriveError
from derive.judge import best_arithmetic

INSTALL = "pip install 'derive-solvers[exact]'"
MARK = '"arithmetic": "ball arithmetic"'
"""Stands in the record of a proof whose steps were judged with python-flint."""


def require_their_arithmetic(folder: Path, names: Iterable[str]) -> None:
    """Refuse where records in the folder are of ball arithmetic, and there is none here.

    Every proof states the arithmetic of its judge, so without python-flint all of them would
    count as stale.
    """
    if best_arithmetic().name == "ball arithmetic":
        return
    for name in names:
        record = folder / "proofs" / f"{name}.json"
        if record.is_file() and MARK in record.read_text(encoding="utf-8"):
            raise DeriveError(
                asked="compare the generated files with what the sources give today",
                where=str(record),
                wrong="its steps were judged in ball arithmetic, and python-flint is not installed",
                todo=INSTALL,
            )
