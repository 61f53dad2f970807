"""Targets on several cores give the same files, in the same order, and the same errors."""

import multiprocessing
import os
import pickle
import signal

import pytest

from derive import building
from derive.building import all_files, finished_from_catalogue, in_order
from derive.errors import DeriveError, NoRuleError, ProblemError
from derive.readers.asked import targets_of

NAMES = ("ridge", "least_squares", "sigmoid_derivative")


def test_other_processes_give_the_same_files_in_the_same_order(monkeypatch) -> None:
    targets = targets_of(NAMES)
    alone = list(in_order(targets, from_catalogue=False))
    monkeypatch.setattr(building, "MANY", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    together = list(in_order(targets, from_catalogue=True))
    assert [one.name for one in together] == list(NAMES)
    assert [one.row for one in together] == [one.row for one in alone]
    assert all_files(together, whole=True, front="") == all_files(alone, whole=True, front="")


def test_a_request_to_end_ends_the_other_processes_too(monkeypatch) -> None:
    monkeypatch.setattr(building, "MANY", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before = signal.getsignal(signal.SIGTERM)
    finished = in_order(targets_of(NAMES), from_catalogue=True)
    assert next(finished).name == NAMES[0]
    assert multiprocessing.active_children()
    with pytest.raises(SystemExit) as ended:
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    finished.close()
    assert not multiprocessing.active_children()
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_story_has_no_row_on_the_front_page() -> None:
    cost, story = (
        finished_from_catalogue(name, f"derive/{shelf}/{name}.py", "make derive")
        for name, shelf in (("least_squares", "problems"), ("sigmoid_derivative", "stories"))
    )
    assert cost.row.short is not None
    assert story.row.short is None


@pytest.mark.parametrize("kind", [DeriveError, ProblemError, NoRuleError])
def test_errors_come_back_from_other_processes(kind) -> None:
    error = kind(asked="a", where="b", wrong="c", todo="d")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(again) is kind
    assert str(again) == str(error)
