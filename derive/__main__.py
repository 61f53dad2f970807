"""The command line: list, build, check and show. The only place that writes to disk."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from derive.budget import BUDGET, net
from derive.ending import ended_in_order
from derive.errors import DeriveError, visible
from derive.notation.problem import Problem
from derive.notation.story import Story
from derive.readers.asked import Target, asked_about, is_file, targets_of
from derive.readers.file import HOME, catalogue

# SymPy and Jinja2 take most of a second to import, so `--help` and `list` do without: the
# commands that need them import the pipeline themselves.
if TYPE_CHECKING:
    from derive.building import Finished
    from derive.pipeline import Texts
    from derive.publish.disk import Plan

FRESH, STALE, ERROR, BUG, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
DIFF_LINES = 120
ROOT = HOME.parent
CHECKOUT = (ROOT / "templates").is_dir() and (ROOT / "pyproject.toml").is_file()
"""Whether this runs from a checkout or an editable install, whose generated/ is ours to write."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit code."""
    # A terminal that lacks a letter gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        with ended_in_order():
            code: int = arguments.run(arguments)
        sys.stdout.flush()
    except DeriveError as error:
        print(error, file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone, as after `| head`. Python would complain once more when it closes
        # the stream at exit, so that goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001  # whatever it is, it is our bug
        _tell_bug(error, debug=arguments.debug)
        return BUG
    return code


def _tell_bug(error: Exception, *, debug: bool) -> None:
    if debug:
        traceback.print_exception(error)
    problem = next((note for note in getattr(error, "__notes__", ())), "")
    print(
        f"This is a bug in derive, not in your problem{problem and f' ({problem})'}:\n"
        f"  {type(error).__name__}: {error}\n"
        "Please report it where you got derive from, with the problem file"
        + ("." if debug else " and\nwhat the same command prints with --debug."),
        file=sys.stderr,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="derive",
        description="Derives gradients and Hessians of cost functions in judged steps and writes "
        "NumPy solvers and proofs.",
    )
    parser.add_argument("--debug", action="store_true", help="print the traceback of a bug")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: object, about: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=about, description=f"{about}.")
        found.set_defaults(run=run)
        # Not False here: that would undo a --debug that stands before the command.
        found.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        return found

    which = (
        "a problem of the catalogue, or the path of a file: Python that sets PROBLEM, "
        "or plain text (.txt, .derive)"
    )
    folder = (
        "the folder of the generated files (default: the checkout's generated/, or ./generated "
        "for a file of your own and for an installed derive)"
    )
    command("list", _list, "List the problems of the catalogue")
    for name, run, about in (
        ("build", _build, "Derive problems and write their modules and proofs"),
        ("check", _check, "Compare the generated files with what the sources give today"),
    ):
        made = command(name, run, about)
        made.add_argument("names", nargs="*", metavar="NAME|FILE", help=f"{which}; default: all")
        made.add_argument("-o", dest="folder", type=Path, metavar="DIR", help=folder)
        made.add_argument(
            "--exact",
            action="store_true",
            help="judge every equality in a prime field too, and write LEDGER.md (takes longer)",
        )
    made = command("pictures", _pictures, "Draw the pictures of the generated modules beside them")
    made.set_defaults(names=())
    made.add_argument("-o", dest="folder", type=Path, metavar="DIR", help=folder)
    show = command("show", _show, "Show the derivation of a problem, every step with its reason")
    show.add_argument("--steps", action="store_true", help="also every application of a rule")
    read = command("read", _read, "Print how a problem was understood, in the plain-text notation")
    for made in (show, read):
        made.add_argument("names", nargs="*", metavar="NAME|FILE", help=which)
        made.add_argument(
            "-e",
            dest="lines",
            action="append",
            default=[],
            metavar="LINE",
            help="a line of a problem in plain text instead of a file; may be repeated, as in "
            "-e 'data x (m)' -e 'parameter mu' -e 'J = sum_i (x_i - mu)^2'",
        )
    return parser


# ---------------------------------------------------------------- the commands


def _list(_: argparse.Namespace) -> int:
    subjects = catalogue()
    names = max(len(subject.name) for subject in subjects)
    titles = max(len(subject.title) for subject in subjects)
    for kind, heading in ((Problem, "Costs"), (Story, "What is proved about them")):
        print(f"{heading}:")
        for subject in subjects:
            if isinstance(subject, kind):
                about = textwrap.shorten(subject.summary, 72, placeholder=" ...")
                print(f"  {subject.name:<{names}}  {subject.title:<{titles}}  {about}".rstrip())
    return FRESH


def _build(arguments: argparse.Namespace) -> int:
    from derive.building import all_files, in_order  # noqa: PLC0415  # start-up stays fast
    from derive.publish.disk import require_ours, said, usage  # noqa: PLC0415  # start-up stays fast

    targets = _targets(arguments)
    folder = _folder(arguments)
    whole, front = not arguments.names, _ours(arguments)
    made: list[Finished] = []
    for one in in_order(targets, from_catalogue=whole):
        made.append(one)
        print(f"{one.name}: {one.steps} steps judged in {one.seconds:.1f} s", flush=True)
    texts = all_files(made, whole=whole, front=_front(front))
    with _disk(folder):
        plan = _compared(folder, texts, arguments)
        require_ours(plan)
        _write(plan)
    written = sum(change.new is not None for change in plan.changes)
    removed = len(plan.changes) - written
    print(
        f"{visible(said(folder, Path.cwd()))}: {written} files written, {plan.unchanged} unchanged"
        + (f", {removed} removed" if removed else "")
    )
    for target, one in zip(targets, made, strict=True):
        if target.command != "make derive" and isinstance(target.subject, Problem):
            print("", *map(visible, usage(target.subject, one.texts, folder, Path.cwd())), sep="\n")
    return FRESH


def _check(arguments: argparse.Namespace) -> int:
    from derive.building import all_files, in_order  # noqa: PLC0415  # start-up stays fast
    from derive.publish.disk import difference, mending, said  # noqa: PLC0415  # start-up stays fast
    from derive.publish.exact import require_their_arithmetic  # noqa: PLC0415  # start-up stays fast
    from derive.publish.pictures import drawn_to_compare  # noqa: PLC0415  # start-up stays fast

    targets = _targets(arguments)
    folder = _folder(arguments)
    with _disk(folder):
        require_their_arithmetic(folder, [target.subject.name for target in targets])
    whole, ours = not arguments.names, _ours(arguments)
    made = tuple(in_order(targets, from_catalogue=whole))
    texts = all_files(made, whole=whole, front=_front(ours))
    with _disk(folder):
        plan = _compared(folder, texts, arguments)
        if not arguments.names:
            drawn, why_not = drawn_to_compare(folder, plan, required=ours)
            plan = _compared(folder, texts | drawn, arguments) if drawn else plan
            print(why_not, end="\n" * bool(why_not))
    name = visible(said(folder, Path.cwd()))
    if not plan.changes:
        print(f"{name} is fresh: {plan.unchanged} files compared")
        return FRESH
    print(*difference(plan, DIFF_LINES), sep="\n")
    print(f"{name} is stale: {len(plan.changes)} of its files are not what they should be")
    for change in plan.changes:
        if change.foreign:
            print(f"move {visible(said(folder / change.path, Path.cwd()))} away: {change.foreign}")
    print(f"mend it with: {mending(plan, arguments.names, arguments.folder, ours=ours)}")
    return STALE


def _pictures(arguments: argparse.Namespace) -> int:
    from derive.publish.disk import compare, require_ours, said  # noqa: PLC0415  # start-up stays fast
    from derive.publish.pictures import drawn  # noqa: PLC0415  # start-up stays fast

    folder = _folder(arguments)
    texts = {Path(path).name: text for path, text in drawn(folder).items()}
    with _disk(folder):
        plan = compare(folder / "pictures", texts, whole=True)
        require_ours(plan)
        _write(plan)
    name = visible(said(plan.folder, Path.cwd()))
    print(f"{name}: {len(texts)} pictures, {plan.unchanged} unchanged")
    return FRESH


def _show(arguments: argparse.Namespace) -> int:
    from derive.building import built  # noqa: PLC0415  # start-up stays fast
    from derive.publish.terminal import Look, shown  # noqa: PLC0415  # start-up stays fast

    made = built(_asked(arguments))
    colour = (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    width = min(shutil.get_terminal_size((100, 24)).columns, 140)
    look = Look(width, colour, arguments.steps)
    print("\n\n".join(shown(one.proof, one.verdict, look) for one in made), end="")
    return FRESH


def _read(arguments: argparse.Namespace) -> int:
    from derive.notation.validate import validate  # noqa: PLC0415  # start-up stays fast
    from derive.readers.spoken import spoken  # noqa: PLC0415  # start-up stays fast

    said: list[str] = []
    for target in _asked(arguments):
        subject = target.subject
        problem = subject.problem if isinstance(subject, Story) else subject
        validate(problem, coded=isinstance(subject, Problem))
        said.append(spoken(problem))
    print("\n".join(said), end="")
    return FRESH


# ---------------------------------------------------------------- what was asked for


def _targets(arguments: argparse.Namespace) -> tuple[Target, ...]:
    with net("read the problems", BUDGET):
        targets = targets_of(arguments.names)
    exact = getattr(arguments, "exact", False)
    return tuple(replace(target, exact=exact) for target in targets)


def _asked(arguments: argparse.Namespace) -> tuple[Target, ...]:
    with net("read the problem", BUDGET):
        return asked_about(arguments.names, arguments.lines)


def _folder(arguments: argparse.Namespace) -> Path:
    """Where the files go: never into somebody's site-packages."""
    if arguments.folder is not None:
        return Path(arguments.folder)
    own = any(map(is_file, arguments.names))
    return ROOT / "generated" if CHECKOUT and not own else Path("generated")


def _front(wanted: bool) -> str:
    """The README of the checkout, in which the table of the catalogue stands; or nothing."""
    return (ROOT / "README.md").read_text(encoding="utf-8") if wanted else ""


def _ours(arguments: argparse.Namespace) -> bool:
    """Whether all of the checkout's own folder is meant, beside which its README lies."""
    return CHECKOUT and not arguments.names and arguments.folder is None


# ---------------------------------------------------------------- the disk


def _compared(folder: Path, texts: Texts, arguments: argparse.Namespace) -> Plan:
    from derive.publish.disk import compare  # noqa: PLC0415  # start-up stays fast

    return compare(folder, texts, whole=not arguments.names)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """What the system says about files, as an error in four lines."""
    try:
        yield
    except OSError as error:
        raise DeriveError(
            asked="read and write the generated files",
            where=str(error.filename or folder),
            wrong=(error.strerror or str(error)).lower(),
            todo="make this folder writable, or name another one with -o",
        ) from None


def _write(plan: Plan) -> None:
    """Put all new files beside the old ones, then exchange them, then remove what is left over."""
    from derive.publish.disk import abandoned  # noqa: PLC0415  # start-up stays fast

    for path in abandoned(plan.folder):
        path.unlink(missing_ok=True)
    ready: list[tuple[Path, Path]] = []
    try:
        for change in plan.changes:
            if change.new is None:
                continue
            target = plan.folder / change.path
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
            ready.append((temporary, target))
            temporary.write_bytes(change.new.encode())
            if change.old is not None:
                shutil.copymode(target, temporary)
        for temporary, target in ready:
            temporary.replace(target)
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
    for change in plan.changes:
        if change.new is None:
            # Another build into the same folder may have been faster.
            (plan.folder / change.path).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
