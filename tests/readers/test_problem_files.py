import importlib
from pathlib import Path

import numpy as np
import pytest

from derive.errors import ProblemError
from derive.notation.problem import Problem
from derive.notation.validate import validate
from derive.problems import logistic
from derive.readers.file import (
    catalogue,
    catalogue_files,
    catalogue_subject,
    problem_from_file,
    subjects_from_file,
)

LOGISTIC = Path(logistic.__file__)


def test_a_file_anywhere_on_disk_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "numpy.py"  # a name that must not hide the real module
    path.write_text(LOGISTIC.read_text(encoding="utf-8"), encoding="utf-8")
    assert problem_from_file(path) == logistic.PROBLEM
    monkeypatch.chdir(tmp_path)
    assert problem_from_file("numpy.py") == logistic.PROBLEM
    assert importlib.import_module("numpy").__name__ == np.__name__


def test_a_file_may_hold_dataclasses(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "from derive.problems.logistic import PROBLEM\n@dataclass\nclass A:\n    x: int\n",
        encoding="utf-8",
    )
    assert problem_from_file(path) == logistic.PROBLEM


def test_a_file_may_hold_several_problems(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from derive.problems.logistic import PROBLEM as A\n"
        "from derive.problems.poisson import PROBLEM as B\nPROBLEMS = (A, B)\n",
        encoding="utf-8",
    )
    assert [problem.name for problem in subjects_from_file(path)] == ["logistic", "poisson"]
    with pytest.raises(ProblemError, match="2 problems: logistic, poisson"):
        problem_from_file(path)


def test_the_catalogue_is_sorted_and_named_like_its_files() -> None:
    assert [subject.name for subject in catalogue()] == list(catalogue_files())
    assert list(catalogue_files()) == sorted(catalogue_files())
    assert catalogue_subject("logistic") == logistic.PROBLEM


@pytest.mark.parametrize("name", catalogue_files())
def test_every_problem_of_the_catalogue_is_valid(name: str) -> None:
    subject = catalogue_subject(name)
    if isinstance(subject, Problem):
        validate(subject)
    else:
        validate(subject.problem, coded=False)
