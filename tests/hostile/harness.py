"""Runs cases of the corpus in processes of their own, with limits, and says what went wrong."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import pickle
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from derive.__main__ import BUG, main
from derive.notation.words_math import COMMANDS, SIZES, WORDING
from tests.hostile.cases import Case

SECONDS, MEMORY = 20, 2**30
"""Of processor time, and of memory above what the imports take, for one case."""
STUCK = 120
"""Seconds on the clock without a word from a process."""
ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"(?<!\\)(?:\\\\)*\\([A-Za-z]+)")
SOURCES = ("__init__.py", "proofs", "solvers")


class TimeLimitError(BaseException):
    """A case took too long; no handler of ours may catch it."""


# ---------------------------------------------------------------- in the process of the cases


def serve(shard: Path) -> None:
    """Run the cases of a pickled list, one line of JSON for each."""
    import numpy  # noqa: F401, ICN001, PLC0415  # what a case takes is counted above the imports
    import sympy  # noqa: F401, PLC0415

    import derive.building  # noqa: F401, PLC0415
    from derive.readers import latex, plain  # noqa: F401, PLC0415

    cases: list[tuple[int, Case]] = pickle.loads(shard.read_bytes())  # noqa: S301  # our own
    report = os.fdopen(os.dup(1), "w")
    signal.signal(signal.SIGPROF, _too_long)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for number, case in cases:
        print(json.dumps([number, *checked(case)]), file=report, flush=True)


def _too_long(*_: object) -> None:
    raise TimeLimitError


def checked(case: Case) -> tuple[str, str, float]:
    """What is wrong with the tool's answer to a case ("" for nothing), its words, its seconds."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return _checked(case, Path(folder))
        finally:
            os.chdir(here)


def _checked(case: Case, folder: Path) -> tuple[str, str, float]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    fault = ""
    try:
        arguments = _arguments(case, folder)
    except (OSError, ValueError):  # no file can have this name, or this system refuses it
        return "", "", 0.0
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--debug", *arguments])
    except SystemExit as end:
        code = end.code
    except TimeLimitError:
        fault = f"more than {SECONDS} s"
    except BaseException as error:  # noqa: BLE001  # that is what is looked for
        fault = f"{type(error).__name__} came through: {error}"
        err.write(traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    said = out.getvalue() + err.getvalue()
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    return fault or _fault(case, folder, code, out.getvalue(), err.getvalue()), said, seconds


def _arguments(case: Case, folder: Path) -> list[str]:
    if case.lines:
        return [case.command, *(part for line in case.lines for part in ("-e", line))]
    path = folder / case.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(case.content)
    return [case.command, f"./{case.name}", *(["-o", "out"] if case.command == "build" else [])]


def _fault(case: Case, folder: Path, code: object, out: str, err: str) -> str:
    if (folder / "injected").exists():
        return "words were run as code"
    if code == BUG or "Traceback" in err:
        return "it is called a bug of ours"
    if code not in (0, 2):
        return f"exit code {code}"
    if code == 2 and not err.startswith("usage:"):
        heads = ("asked: ", "where: ", "wrong: ", "what to do: ")
        if [head for head in heads if f"\n{head}" not in f"\n{err}"]:
            return "the error has not its four lines"
    if hidden := [sign for sign in out + err if not (sign.isprintable() or sign == "\n")]:
        return f"the terminal gets {hidden[0]!a}"
    left = sorted(path.name for path in folder.iterdir() if path.name not in (case.name, "out"))
    if left:
        return f"files beside the folder: {left}"
    built = folder / "out"
    if code != 0:
        return "files were written in spite of the error" if built.exists() else ""
    return _files_fault(case, built) if case.command == "build" else ""


def _files_fault(case: Case, built: Path) -> str:
    files = sorted(path for path in built.rglob("*") if path.is_file())
    if [path for path in files if path.name.endswith(".tmp") or path.is_symlink()]:
        return "a file is half written"
    modules = [path for path in built.glob("*.py") if path.name != "__init__.py"]
    if len(modules) != 1:
        return f"{len(modules)} modules were written"
    (module,) = modules
    pages = [built / "proofs" / f"{module.stem}{end}" for end in (".tex", "-body.tex", ".json")]
    if not all(page.is_file() for page in pages):
        return "a page is missing"
    text = module.read_bytes()
    try:
        compile(text, str(module), "exec", dont_inherit=True)  # as bytes: with its encoding
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return f"the module does not compile: {error}"
    for node in tree.body:
        says = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not says and not isinstance(
            node, ast.Import | ast.ImportFrom | ast.Assign | ast.FunctionDef
        ):
            return f"the module runs {ast.unparse(node)[:60]}"
    if case.title is not None:
        # A long word is broken between two lines.
        first = "".join((ast.get_docstring(tree, clean=False) or "").split())
        if not first.startswith("".join(case.title.split())):
            return f"the title is printed as {first[:60]!a}"
    try:
        json.loads(pages[2].read_text(encoding="utf-8"))
    except ValueError as error:
        return f"the record is no JSON: {error}"
    return next(filter(None, map(_page_fault, pages[:2])), "")


@cache
def _known_commands() -> frozenset[str]:
    """What the pages of the catalogue use, and what a formula in words may have."""
    pages = (ROOT / "generated" / "proofs").glob("*.tex")
    own = {c for page in pages for c in COMMAND.findall(page.read_text(encoding="utf-8"))}
    own |= {
        "textasciitilde",
        "textasciicircum",
        "textless",
        "textgreater",
        "textbar",
        "textbackslash",
    }
    own |= {"dots", "S", "i", "surd", "mathit"}
    return frozenset(own | set(COMMANDS) | set(SIZES) | set(WORDING))


def _page_fault(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("%")]
    body = "\n".join(lines)
    if strange := [c for c in COMMAND.findall(body) if c not in _known_commands()]:
        return f"{page.name} has the command \\{strange[0]}"
    if "^^" in body or re.search(r"[^\x20-\x7e\xc0-\u017f\n]", text.replace("\u00a0", "")):
        return f"{page.name} has a sign that a page must not have"
    if body.count(r"\begin{document}") > 1 or body.count(r"\end{document}") > 1:
        return f"{page.name} ends twice"
    return ""


# ---------------------------------------------------------------- in the process of the test


def faults(cases: Sequence[Case], processes: int = 2) -> Iterator[tuple[Case, str, str, float]]:
    """Every case with what is wrong (or ""), what was said, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        numbered = list(enumerate(cases))
        shards = [numbered[k::processes] for k in range(processes)]
        running = [_Shard(shard, Path(folder) / f"{k}") for k, shard in enumerate(shards) if shard]
        try:
            while running:
                ready, _, _ = select.select([s.out for s in running], [], [], STUCK)
                for shard in list(running):
                    if shard.out in ready or not ready:
                        line = shard.out.readline() if ready else ""
                        if line:
                            number, fault, said, seconds = json.loads(line)
                            yield cases[number], fault, said, seconds
                            shard.rest.pop(0)
                        else:
                            yield from shard.lost(cases, stuck=not ready)
                        if not line and not shard.rest:
                            running.remove(shard)
        finally:
            for shard in running:
                shard.process.kill()


class _Shard:
    """A process with the cases that it has still to do."""

    def __init__(self, rest: list[tuple[int, Case]], file: Path) -> None:
        self.rest, self.file = rest, file
        self._start()

    def _start(self) -> None:
        self.file.write_bytes(pickle.dumps(self.rest))
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.harness", str(self.file)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=self.file.parent,
        )  # fmt: skip
        if self.process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        # Unbuffered, so that `select` sees every line.
        self.out: IO[bytes] = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=0)

    def lost(self, cases: Sequence[Case], *, stuck: bool) -> Iterator[tuple[Case, str, str, float]]:
        """The process has ended, or says nothing: the case that it was at is at fault."""
        if stuck:
            self.process.kill()
        said = self.process.communicate()[1].decode(errors="replace")[-3000:]
        self.out.close()
        if self.rest:
            number, _ = self.rest.pop(0)
            why = "stuck" if stuck else f"the process ended with {self.process.returncode}"
            yield cases[number], why, said, 0.0
        if self.rest:
            self._start()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
    shutil.rmtree("out", ignore_errors=True)
