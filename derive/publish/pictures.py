"""Pictures of the catalogue, drawn from its generated modules: from a folder to SVG texts.

matplotlib is an optional extra, so it is imported only here inside, when somebody draws. What is
drawn is computed in `pictures_series`; `pictures_figures` lays it out with `pictures_parts`, and
`pictures_svg` makes texts of the figures that are the same on every machine.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from derive.errors import DeriveError
from derive.publish.disk import DRAWN, Plan

INSTALL = "pip install 'derive-solvers[pictures]'"
MODULES = (
    "exponential_loss",
    "least_squares",
    "logistic",
    "sigmoid_squares",
    "smoothed_hinge",
    "squared_hinge",
)
"""What the pictures are drawn from."""

_PACKAGE = "_generated_to_be_drawn"


def pictures(modules: Mapping[str, ModuleType]) -> dict[str, str]:
    """Every picture as SVG, by its path below the output folder."""
    from derive.publish.pictures_figures import FIGURES  # noqa: PLC0415  # matplotlib is optional
    from derive.publish.pictures_svg import style, svg  # noqa: PLC0415  # matplotlib is optional

    with style():
        return {
            f"{DRAWN}/{name}.svg": svg(picture.draw(modules), picture.caption)
            for name, picture in sorted(FIGURES.items())
        }


def drawn(folder: Path) -> dict[str, str]:
    """The pictures of the modules that lie in a folder of generated files."""
    if not can_draw():
        raise _refusal(folder, "matplotlib is not installed", INSTALL)
    missing = [name for name in MODULES if not (folder / f"{name}.py").is_file()]
    if missing:
        wrong = f"there is no {missing[0]}.py, from which they are drawn"
        raise _refusal(folder, wrong, f"build it first: make derive, or derive build -o {folder}")
    with _imported(folder) as modules:
        return pictures(modules)


def drawn_to_compare(folder: Path, plan: Plan, *, required: bool) -> tuple[dict[str, str], str]:
    """The pictures that should lie in the folder beside the files of the plan; else why not.

    required: also where none has been drawn yet.
    """
    if not required and not (folder / DRAWN).is_dir():
        return {}, ""
    if not can_draw():
        return {}, f"the pictures were not compared: they need matplotlib ({INSTALL})"
    stale = {change.path for change in plan.changes if change.path.endswith(".py")}
    if stale or any(not (folder / f"{name}.py").is_file() for name in MODULES):
        return {}, "the pictures were not compared: the modules that they show come first"
    return drawn(folder), ""


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    try:
        return importlib.util.find_spec("matplotlib") is not None
    except ValueError:  # what stands under its name was not imported from anywhere
        return False


@contextmanager
def _imported(folder: Path) -> Iterator[Mapping[str, ModuleType]]:
    """The generated modules of a folder, whatever its name, imported under a name of our own."""
    start, found = folder.resolve() / "__init__.py", [str(folder.resolve())]
    spec = importlib.util.spec_from_file_location(_PACKAGE, start, submodule_search_locations=found)
    if spec is None or spec.loader is None:
        raise _refusal(start, "this is not a package of Python", "make derive")
    _forget()
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        sys.modules[_PACKAGE] = package = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(package)
        yield {name: importlib.import_module(f"{_PACKAGE}.{name}") for name in MODULES}
    except (ImportError, SyntaxError, OSError) as error:
        raise _refusal(folder, f"it cannot be imported: {error}", "make derive") from error
    finally:
        sys.dont_write_bytecode = before
        _forget()


def _forget() -> None:
    """Let the next import read the files again, perhaps those of another folder."""
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]


def _refusal(where: Path, wrong: str, todo: str) -> DeriveError:
    return DeriveError(asked="draw the pictures", where=str(where), wrong=wrong, todo=todo)
