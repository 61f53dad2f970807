"""The commands: what they print, their exit codes, and what they leave on disk."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from derive import __main__ as cli
from derive import pipeline
from derive.errors import ProblemError
from derive.readers import asked
from derive.readers.file import catalogue_files
from tests.sample import COSTS, STORIES

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = """
from derive.notation import Axis, Problem, Sum, data, define, parameter

m, n = Axis("m"), Axis("n")
i, j = m.index("i"), n.index("j")
X, y, theta = data("X", m, n), data("y", m), parameter("theta", n)
z = define("z", i, Sum(X[i, j] * theta[j], j))
PROBLEM = Problem(
    name="mine",
    title="Mine",
    data=(X, y),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / m * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
)
"""
TWO = OWN.replace("PROBLEM =", "ONE =") + (
    "from dataclasses import replace\nPROBLEMS = (ONE, replace(ONE, name='other'))\n"
)


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mine(here: Path) -> Path:
    (here / "mine.py").write_text(OWN, encoding="utf-8")
    return here


def fail_at(name: str, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pipeline.build

    def build(problem: Any, source: Any, **kept: Any) -> Any:
        if problem.name == name:
            raise error
        return whole(problem, source, **kept)

    monkeypatch.setattr(pipeline, "build", build)


def test_list_shows_every_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    named = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(named) == list(catalogue_files())


@pytest.mark.parametrize("arguments", [["list"], ["--help"], ["build", "--help"]])
def test_help_and_list_import_nothing_slow(arguments: list[str], tmp_path: Path) -> None:
    code = f"""
import sys
from derive.__main__ import main
try:
    main({arguments})
except SystemExit as end:
    assert end.code == 0
print(sorted({{"sympy", "numpy", "jinja2", "mpmath", "flint"}} & set(sys.modules)))
"""
    done = run("-c", code, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_module_runs_from_any_folder(tmp_path: Path) -> None:
    done = run("-m", "derive", "list", cwd=tmp_path)
    assert done.returncode == 0
    assert "logistic" in done.stdout


def test_build_writes_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    first = capsys.readouterr().out.splitlines()
    assert first[0].startswith("least_squares: ")
    assert " steps judged in " in first[0]
    written = files(here / "out")
    assert {"__init__.py", "least_squares.py", "proofs/least_squares.tex"} <= set(written)
    times = {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*")}
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    assert f"out: 0 files written, {len(written)} unchanged" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*")} == times


def test_two_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    names = (*COSTS, *STORIES)
    for seed in ("0", "12345"):
        done = run("-m", "derive", "build", *names, "-o", seed, cwd=tmp_path, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    assert files(tmp_path / "0") == files(tmp_path / "12345")
    proofs = {f"proofs/{name}.tex" for name in names}
    assert proofs | {"logistic.py"} <= set(files(tmp_path / "0"))


def test_the_default_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def folder(*names: str) -> Path:
        return cli._folder(cli._parser().parse_args(["build", *names]))

    assert folder() == folder("logistic") == ROOT / "generated"
    assert folder("mine.py") == Path("generated")
    monkeypatch.setattr(cli, "CHECKOUT", False)  # as it is in somebody's site-packages
    assert folder() == folder("logistic") == Path("generated")


def test_a_file_of_ones_own(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "mine.py"]) == 0
    out = capsys.readouterr().out
    assert out.endswith(
        "\nfrom generated import mine\n\n"
        "result = mine.fit(X, y, l2=0.01)\nprint(result.status)\nmine.predict(result, X)\n"
    )
    head = (mine / "generated" / "mine.py").read_text(encoding="utf-8").splitlines()[:2]
    assert head == [
        "# Generated by derive from mine.py; do not edit.",
        "# Regenerate: derive build mine.py",
    ]


def test_a_file_with_two_problems_in_a_folder_elsewhere(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "two.py").write_text(TWO, encoding="utf-8")
    (here / "below").mkdir()
    os.chdir(here / "below")
    assert cli.main(["build", "../two.py", "-o", "../out"]) == 0
    out = capsys.readouterr().out
    assert f"sys.path.insert(0, {str(here)!r})\nfrom out import mine" in out
    assert "from out import other" in out
    assert {"mine.py", "other.py"} <= set(files(here / "out"))


def test_a_folder_that_cannot_be_imported_is_said_so(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["build", "mine.py", "-o", "my-out"]) == 0
    assert (mine / "my-out" / "mine.py").exists()
    assert "my-out cannot be imported" in capsys.readouterr().out


def test_an_error_in_the_middle_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ProblemError(asked="a", where="b", wrong="c", todo="d")
    fail_at("logistic", error, monkeypatch)
    assert cli.main(["build", "least_squares", "logistic", "-o", "out"]) == 2
    assert capsys.readouterr().err == f"{error}\n"
    assert files(here) == {}


@pytest.mark.parametrize("method", ["replace", "write_bytes"])
def test_a_disk_that_refuses_leaves_nothing_half_written(
    method: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = getattr(Path, method)

    def refuse(path: Path, argument: Any) -> Any:
        if "least_squares.json" in path.name:
            raise PermissionError(13, "Permission denied", str(path))
        return true(path, argument)

    monkeypatch.setattr(Path, method, refuse)
    assert cli.main(["build", "least_squares", "-o", "out"]) == 2
    assert "wrong:      permission denied" in capsys.readouterr().err
    left = files(here)
    assert [name for name in left if name.endswith(".tmp")] == []
    assert (left == {}) == (method == "write_bytes")
    monkeypatch.undo()
    os.chdir(here)
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0


@pytest.mark.parametrize("name", ["mine.py", "__init__.py", "proofs/mine.tex", "proofs/mine.json"])
def test_a_foreign_file_is_not_overwritten(
    name: str, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = mine / "generated" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("{}  # mine, not yours\n", encoding="utf-8")
    assert cli.main(["build", "mine.py"]) == 2
    error = capsys.readouterr().err
    assert f"where:      generated/{name}\n" in error
    assert "wrong:      this file was not generated by derive, so it is not overwritten" in error
    assert set(files(mine / "generated")) == {name}
    assert foreign.read_text(encoding="utf-8") == "{}  # mine, not yours\n"


def test_a_module_of_another_source_is_not_overwritten(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["build", "least_squares", "-o", "generated"]) == 0
    before = files(mine / "generated")
    (mine / "mine.py").write_text(OWN.replace('"mine"', '"least_squares"'), encoding="utf-8")
    assert cli.main(["build", "mine.py"]) == 2
    assert "generated from derive/problems/least_squares.py" in capsys.readouterr().err
    assert files(mine / "generated") == before


def test_left_over_files_go_in_the_full_build_only(
    mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: f"derive/problems/{name}.py" for name in ("least_squares", "poisson")}
    monkeypatch.setattr(asked, "catalogue_files", lambda: few)
    assert cli.main(["build", "-o", "out"]) == 0
    assert cli.main(["build", "mine.py", "-o", "out"]) == 0
    out, header = mine / "out", "Generated by derive from derive/problems/gone.py; do not edit."
    record = (out / "proofs" / "poisson.json").read_bytes()
    (out / "gone.py").write_text(f"# {header}\n", encoding="utf-8")
    (out / "proofs" / "gone-body.tex").write_text(
        "% Gone\n% Generated by derive; do not edit.\n", encoding="utf-8"
    )
    (out / "proofs" / "gone.json").write_bytes(record)
    (out / "solvers" / "gone.py").write_text(f"# {header}\n", encoding="utf-8")
    (out / "notes.py").write_text("# by hand\n", encoding="utf-8")
    gone = ("gone.py", "proofs/gone-body.tex", "proofs/gone.json", "solvers/gone.py")
    kept = set(files(out)) - set(gone)
    assert {"mine.py", "proofs/mine.tex", "proofs/mine.json", "notes.py"} <= kept

    assert cli.main(["build", "poisson", "-o", "out"]) == 0
    assert cli.main(["check", "poisson", "-o", "out"]) == 0
    assert set(files(out)) == kept | set(gone)
    capsys.readouterr()
    assert cli.main(["check", "-o", "out"]) == 1
    told = capsys.readouterr().out
    assert [name for name in gone if f"left over: out/{name}" not in told] == []
    assert cli.main(["build", "-o", "out"]) == 0
    assert "4 removed" in capsys.readouterr().out
    assert set(files(out)) == kept
    assert cli.main(["check", "-o", "out"]) == 0


def test_one_byte_is_seen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    assert cli.main(["check", "least_squares", "-o", "out"]) == 0
    assert "out is fresh" in capsys.readouterr().out
    module = here / "out" / "least_squares.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("X.T @", "X.T *", 1), encoding="utf-8")
    assert cli.main(["check", "least_squares", "-o", "out"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [
        "--- out/least_squares.py (on disk)",
        "+++ out/least_squares.py (as derived now)",
    ]
    assert [line for line in told if line.startswith("-") and "X.T *" in line]
    assert [line for line in told if line.startswith("+") and "X.T @" in line]
    assert told[-1] == "mend it with: derive build least_squares -o out"
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    assert module.read_text(encoding="utf-8") == text


def test_the_first_byte_is_seen_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    module = here / "out" / "least_squares.py"
    module.write_bytes(b"!" + module.read_bytes()[1:])
    capsys.readouterr()
    assert cli.main(["check", "least_squares", "-o", "out"]) == 1
    told = capsys.readouterr().out
    assert "move out/least_squares.py away: this file was not generated by derive" in told


def test_a_long_difference_is_cut(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "least_squares", "-o", "out"]) == 0
    (here / "out" / "least_squares.py").unlink()
    record = here / "out" / "proofs" / "least_squares.json"
    record.write_bytes(record.read_bytes().replace(b'"', b"'"))
    page = here / "out" / "proofs" / "least_squares.tex"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    capsys.readouterr()
    assert cli.main(["check", "least_squares", "-o", "out"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "missing: out/least_squares.py"
    assert told[1] == "out/proofs/least_squares.tex: only the ends of lines differ"
    assert len(told) < cli.DIFF_LINES + 10
    assert [line for line in told if line.startswith("... cut: ") and "more lines" in line]


def test_a_bad_formula_is_told_in_four_lines(mine: Path) -> None:
    (mine / "mine.py").write_text(OWN.replace("z[i] - y[i]", "z[i] - y[j]"), encoding="utf-8")
    done = run("-m", "derive", "build", "mine.py", cwd=mine)
    assert done.returncode == 2
    assert done.stdout == ""
    starts = [line.split(":")[0] for line in done.stderr.splitlines() if line[:1] != " "]
    assert starts == ["asked", "where", "wrong", "what to do"]
    assert not (mine / "generated").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "logistc"], "did you mean logistic"),
        (["build", "nothing-like-it"], "choose: "),
        (["build", "missing.py"], "there is no such file"),
        (["check", "./missing"], "there is no such file"),
        (["build", "."], "this is a folder"),
        (["build", "mine.py", "copy.py"], "two problems have the name 'mine'"),
        (["build", "mine.py", "-o", "mine.py"], "this is a file, not a folder"),
        (["check", "mine.py", "-o", "mine.py/below"], "what to do: "),
        (["build", "mine.py", "-o", "mine.py/below"], "what to do: "),
        (["build", "solvers.py"], "solvers/ is a folder of the generated files"),
    ],
)
def test_errors(
    arguments: list[str], told: str, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mine / "copy.py").write_text(OWN, encoding="utf-8")
    (mine / "solvers.py").write_text(OWN.replace('"mine"', '"solvers"'), encoding="utf-8")
    before = files(mine)
    assert cli.main(arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.startswith("asked:      ")
    assert {name: text for name, text in files(mine).items() if "__pycache__" not in name} == before


def test_the_same_file_twice_is_one_problem(mine: Path) -> None:
    assert cli.main(["build", "mine.py", "./mine.py", str(mine / "mine.py")]) == 0


def test_a_bug_is_told_apart(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_at("logistic", ZeroDivisionError("division by zero"), monkeypatch)
    assert cli.main(["build", "logistic", "-o", "out"]) == 3
    error = capsys.readouterr().err
    assert "a bug in derive, not in your problem (it appeared while deriving logistic)" in error
    assert "ZeroDivisionError: division by zero" in error
    assert "Traceback" not in error
    for arguments in (["--debug", "build", "logistic"], ["build", "--debug", "logistic"]):
        assert cli.main([*arguments, "-o", "out"]) == 3
        assert "Traceback" in capsys.readouterr().err
    assert files(here) == {}


def test_an_interruption(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_at("logistic", KeyboardInterrupt(), monkeypatch)
    assert cli.main(["build", "logistic", "-o", "out"]) == 130
    assert "Traceback" not in capsys.readouterr().err
    assert files(here) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no broken pipes there")
def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "derive", "show", "least_squares"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_wrong_command_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["biuld"])
    assert end.value.code == 2
    assert "build" in capsys.readouterr().err


RIDGE = """title: Ridge regression
data X (m, n): features
data y (m)
data lambda > 0
parameter theta (n)
z = X theta
J = 1/(2m) |z - y|^2 + lambda/2 |theta|^2
prediction: z
"""


def test_a_text_is_built_like_a_python_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "ridge.txt").write_text(RIDGE, encoding="utf-8")
    assert cli.main(["build", "ridge.txt"]) == 0
    module = (here / "generated/ridge.py").read_text(encoding="utf-8")
    assert module.startswith(
        "# Generated by derive from ridge.txt; do not edit.\n# Regenerate: derive build ridge.txt\n"
    )
    assert "gradient = (1/m) X'(z - y) + lambda theta" in module
    assert cli.main(["check", "ridge.txt"]) == 0
    assert "is fresh" in capsys.readouterr().out


def test_read_prints_what_was_understood_and_it_can_be_read_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "ridge.derive").write_text(RIDGE, encoding="utf-8")
    assert cli.main(["read", "ridge.derive"]) == 0
    said = capsys.readouterr().out
    assert (
        said
        == """title: Ridge regression

data X (m, n): features
data y (m)
data lambda > 0
parameter theta (n)

# index letters: i = 1..m, j = 1..n
z_i = sum_j X_ij theta_j  # z is (m)
J = (1/(2m)) sum_i [(z_i - y_i)^2] + (lambda/2) sum_j theta_j^2
prediction: z
"""
    )
    (here / "again.txt").write_text(said, encoding="utf-8")
    assert cli.main(["read", "again.txt"]) == 0
    assert capsys.readouterr().out == said


def test_lines_are_given_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["-e", "data x (m)", "-e", "parameter mu", "-e", "J = sum_i (x_i - mu)^2"]
    assert cli.main(["show", *lines]) == 0
    assert "Hessian = 2m" in capsys.readouterr().out
    assert cli.main(["read", "-e", "J = sum_i (x_i - mu)^2"]) == 2
    assert "declare it: data x (m)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["show"], ["show", "logistic", "softmax"], ["show", "logistic", "-e", "J = 1"]]
)
def test_show_is_about_one_name_or_text(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert "one name" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["no.txt", "folder.txt", "latin.txt"])
def test_a_text_that_cannot_be_read(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "folder.txt").mkdir()
    (here / "latin.txt").write_bytes(b"\xe4")
    assert cli.main(["read", name]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 4
    assert name in told


def test_without_flint_nothing_is_called_stale_that_was_judged_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["least_squares", "-o", str(tmp_path)]
    assert cli.main(["build", *arguments]) == 0
    monkeypatch.setitem(sys.modules, "flint", None)
    capsys.readouterr()
    assert cli.main(["check", *arguments]) == 2
    error = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in error] == ["asked", "where", "wrong", "what to do"]
    assert error[1].endswith("least_squares.json")
    assert error[2].endswith("python-flint is not installed")
    assert error[3].endswith("pip install 'derive-solvers[exact]'")
    # What was built without it is compared as ever.
    assert cli.main(["build", *arguments]) == 0
    assert cli.main(["check", *arguments]) == 0
