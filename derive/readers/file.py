"""Problems from files: the user's own, and the catalogue that comes with the tool.

problem_from_file("my_cost.py")     the PROBLEM of a file anywhere on disk
subjects_from_file("my_costs.py")   its PROBLEMS = (..., ...), its PROBLEM, its STORY
catalogue()                         everything in derive/problems and derive/stories, by name
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import linecache
import pkgutil
import re
import sys
import traceback
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from derive import notation
from derive.budget import BUDGET
from derive.errors import DeriveError, ProblemError
from derive.notation.algebra import ShapeError
from derive.notation.problem import Problem
from derive.notation.story import Subject
from derive.readers.limits import require_short, text_within

# Paths, not imports: problems and readers do not know each other. A new file there is found.
HOME = Path(__file__).parent.parent
PLAIN = ("derive.readers.plain", "problem_from_text")
LATEX = ("derive.readers.latex", "read_latex")
TEXTS = {".txt": PLAIN, ".derive": PLAIN, ".tex": LATEX}
"""The notations by the ending of a file's name: a module and its function of a text and a name."""
WORDS = re.compile(
    r"^\s*(?:(?:title|summary|sources?)\s*:|(?:data|parameters?|axis)\b[^:\n]*:).*$", re.MULTILINE
)
"""Words for people on a line of plain text, in which a backslash is one."""
_ENDINGS = ", ".join((".py", *TEXTS))
SHELVES = ("problems", "stories")
"""The folders of the catalogue: costs, and what articles say about them."""


def problem_from_file(path: str | Path) -> Problem:
    """The problem of a Python file that holds exactly one."""
    problems = [s for s in subjects_from_file(path) if isinstance(s, Problem)]
    if len(problems) != 1:
        names = ", ".join(problem.name for problem in problems)
        raise _error(
            path,
            f"the file has {len(problems)} problems: {names}" if names else "the file has none",
            "name the one that is meant",
        )
    return problems[0]


def subjects_from_file(path: str | Path) -> tuple[Subject, ...]:
    """The problems and stories of a Python file, in its own order; the problem of a text."""
    path = Path(path)
    if path.suffix in TEXTS and not path.is_dir():
        return (_problem_of_text(path),)
    return _subjects_of(_module(path), path)


def _problem_of_text(path: Path) -> Problem:
    """The problem of a file in one of the notations of `TEXTS`."""
    # The grammar is loaded for a text only, so that `derive list` starts at once.
    module, function = TEXTS[path.suffix]
    reader = getattr(importlib.import_module(module), function)
    try:
        source = text_within(path, BUDGET)
    except FileNotFoundError:
        raise _error(path, "there is no such file", "give the path of a text") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _error(path, f"it cannot be read: {error}", "save it as text in UTF-8") from None
    problem: Problem = reader(source, name_of(path))
    return problem


def problem_from_lines(text: str, name: str) -> Problem:
    """The problem of a text without a file: LaTeX where a formula has a backslash, else plain."""
    require_short(text, "the command line", BUDGET)
    module, function = LATEX if "\\" in WORDS.sub("", text) else PLAIN
    problem: Problem = getattr(importlib.import_module(module), function)(text, name)
    return problem


def name_of(path: Path) -> str:
    """The name of the problem in a file of this name: a name of Python."""
    name = re.sub(r"\W+", "_", path.stem, flags=re.ASCII).strip("_").lower()
    return name if name and not name[0].isdigit() else f"cost_{name}"


def catalogue_files() -> dict[str, str]:
    """The names of what comes with the tool, sorted, and the file of each; nothing is imported."""
    found = {
        module.name: f"derive/{shelf}/{module.name}.py"
        for shelf in SHELVES
        for module in pkgutil.iter_modules([str(HOME / shelf)])
        if not module.name.startswith("_")
    }
    return dict(sorted(found.items()))


def catalogue() -> tuple[Subject, ...]:
    """The problems and stories that come with the tool, sorted by name."""
    return tuple(catalogue_subject(name) for name in catalogue_files())


def catalogue_subject(name: str) -> Subject:
    """The problem or story of the catalogue with this name."""
    files = catalogue_files()
    if name not in files:
        close = difflib.get_close_matches(name, files, n=3)
        todo = f"did you mean {' or '.join(close)}?" if close else f"choose: {', '.join(files)}."
        raise ProblemError(
            asked=f"the problem {name!r}",
            where="the catalogue",
            wrong=f"there is no problem of the name {name!r}",
            todo=f"{todo} A file of your own is given by its path, as in ./{name}.py",
        )
    path = Path(files[name])
    module = importlib.import_module(".".join(path.with_suffix("").parts))
    (subject,) = _subjects_of(module, HOME.parent / path)
    return subject


def _error(path: str | Path, wrong: str, todo: str, line: int | None = None) -> ProblemError:
    """An error in a file; with a line number its text is quoted."""
    where = str(path) if line is None else f"{path}, line {line}"
    quoted = "" if line is None else linecache.getline(str(Path(path).absolute()), line).strip()
    return ProblemError(
        asked=f"read problems from {Path(path).name}",
        where=f"{where}\n{quoted}" if quoted else where,
        wrong=wrong,
        todo=todo,
    )


def _module(path: Path) -> ModuleType:
    """The file, run under a private name, so that it can hide no other module."""
    if not path.is_file():
        wrong = "this is a folder" if path.is_dir() else "there is no such file"
        raise _error(path, wrong, "give the path of a Python file that sets PROBLEM = Problem(...)")
    if path.suffix != ".py":
        raise _error(
            path, "neither a Python file nor a text", f"give a file whose name ends in {_ENDINGS}"
        )
    source = str(path.absolute())  # as it will stand in a traceback
    linecache.checkcache(source)
    private = f"_derive_problem_{sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(private, source)
    if spec is None or spec.loader is None:
        raise _error(path, "Python cannot load this file", "check its name and permissions")
    module = importlib.util.module_from_spec(spec)
    sys.modules[private] = module  # a dataclass looks up the module in which it stands
    try:
        spec.loader.exec_module(module)
    except DeriveError:
        raise
    except SyntaxError as error:
        line = error.lineno if error.filename == source else None
        raise _error(path, f"SyntaxError: {error.msg}", "correct this line", line) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a user's file raises
        raise _error(path, *_told(error), _line_in(source, error)) from None
    return module


def _line_in(source: str, error: BaseException) -> int | None:
    """The last line of the user's own file on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == source]
    return lines[-1] if lines else None


def _told(error: BaseException) -> tuple[str, str]:
    """What went wrong, and advice where the mistake is a frequent one."""
    message = str(error)
    wrong = f"{type(error).__name__}: {message}" if message else type(error).__name__
    match error:
        case ShapeError(wrong=reason, todo=todo):
            wrong = reason
        case NameError(name=str(name)) if name in notation.__all__:
            todo = f"import it: from derive.notation import {name}"
        case TypeError() if message.startswith("must be real number"):
            todo = "functions of formulas come from derive.notation, as in its exp and log"
        case TypeError() if "not supported between" in message:
            todo = "cases are written by Cases and When, or by maximum and minimum"
        case ImportError():
            todo = "a problem file imports from derive.notation, and from what is installed"
        case _:
            todo = "correct this line"
    return wrong, todo


def _subjects_of(module: ModuleType, path: Path) -> tuple[Subject, ...]:
    """PROBLEMS where the module has it, otherwise the one PROBLEM or the one STORY."""
    if hasattr(module, "PROBLEMS"):
        name, value = "PROBLEMS", module.PROBLEMS
        members = value if isinstance(value, tuple | list) else (value,)
        wanted = "a tuple of problems: PROBLEMS = (Problem(...), Problem(...))"
    elif hasattr(module, "STORY"):
        name, value = "STORY", module.STORY
        members, wanted = (value,), "a story: STORY = Story(name=..., problem=..., claims=...)"
    elif hasattr(module, "PROBLEM"):
        name, value = "PROBLEM", module.PROBLEM
        members, wanted = (value,), "a problem: PROBLEM = Problem(name=..., cost=..., ...)"
    else:
        todo = "end the file with PROBLEM = Problem(name=..., cost=..., ...)"
        raise _error(path, "the file sets no PROBLEM", todo)
    for member in members:
        if not isinstance(member, Subject):
            wrong = f"{name} holds something of type {type(member).__name__}"
            raise _error(path, wrong, f"make it {wanted}")
    if not members:
        raise _error(path, f"{name} is empty", f"make it {wanted}")
    names = [subject.name for subject in members]
    for subject_name in names:
        if names.count(subject_name) > 1:
            wrong = f"two problems have the name {subject_name!r}"
            raise _error(path, wrong, "give each problem its own name")
    return tuple(members)
