"""However a build ends, nothing half written stays, no process is left, and the next one works."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from derive import building
from derive.building import in_order
from derive.errors import DeriveError
from derive.readers.asked import targets_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

COST = "parameter t\ndata a\nJ = (t - a)^2\n"
OTHER = "parameter t\ndata a\nJ = (t - a)^2 + t^4\n"

# A build that stops in the middle of its files, says so, and waits to be ended.
# A shell may have told it to ignore some signals: here it does not.
WAITING = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from derive.__main__ import main
write, seen = Path.write_bytes, []
def slow(path, data):
    seen.append(path)
    if len(seen) == 3:
        write(path, data[:7])
        print("writing", flush=True)
        time.sleep(60)
    return write(path, data)
Path.write_bytes = slow
sys.exit(main(sys.argv[1:]))
"""


def started(*words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def built(file: Path, folder: Path) -> subprocess.Popen[str]:
    return started("-m", "derive", "build", file, "-o", folder)


def code(build: subprocess.Popen[str]) -> int:
    """The exit code, when it has ended."""
    build.communicate(timeout=120)
    return build.returncode


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    kept = (path for path in files if "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def half_written(folder: Path) -> list[str]:
    return [name for name in contents(folder) if name.endswith(".tmp")]


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> tuple[Path, Path]:
    """A file with a cost, and the folder of its build."""
    place = tmp_path_factory.mktemp("endings")
    file, folder = place / "bowl.txt", place / "out"
    file.write_text(COST)
    assert code(built(file, folder)) == 0
    return file, folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_the_old_files(number, before) -> None:
    file, folder = before
    old = contents(folder)
    file.write_text(OTHER)
    build = started("-c", WAITING, "build", file, "-o", folder)
    assert build.stdout is not None
    assert "writing\n" in iter(build.stdout.readline, "")
    build.send_signal(number)
    said = build.communicate(timeout=20)[1]
    assert build.returncode not in (0, 3)
    if number == signal.SIGKILL:  # nobody could take them away yet
        assert half_written(folder)
    else:
        assert not half_written(folder)
        assert "Traceback" not in said
    assert {k: v for k, v in contents(folder).items() if not k.endswith(".tmp")} == old
    # The next build finds its way, and removes what a killed one left.
    file.write_text(COST)
    assert code(built(file, folder)) == 0
    assert contents(folder) == old


def test_two_builds_into_one_folder_do_not_disturb_each_other(before, tmp_path) -> None:
    file, folder = before
    file.write_text(COST)
    builds = [built(file, tmp_path) for _ in range(2)]
    assert [code(build) for build in builds] == [0, 0]
    assert contents(tmp_path) == contents(folder)


def test_a_folder_that_cannot_be_written_is_said_in_four_lines(before, tmp_path) -> None:
    file, _ = before
    file.write_text(COST)
    locked = tmp_path / "locked"
    if os.geteuid() == 0:  # who may write everywhere is stopped by a file where a folder must be
        locked.write_text("a file")
    else:
        locked.mkdir(mode=0o500)
    build = built(file, locked / "out")
    said = build.communicate()[1]
    assert build.returncode == 2
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "asked", "where", "wrong", "what to do",
    ]  # fmt: skip


def test_a_process_that_the_system_ends_is_said_in_four_lines(monkeypatch) -> None:
    monkeypatch.setattr(building, "MANY", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    names = ("ridge", "least_squares", "sigmoid_derivative", "logistic", "poisson", "binomial")
    finished = in_order(targets_of(names), from_catalogue=True)
    next(finished)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(DeriveError, match="the system ended it") as caught:
        list(finished)
    assert len(str(caught.value).splitlines()) == 4
    assert not multiprocessing.active_children()
