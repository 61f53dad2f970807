"""The house keeps its plan: floors, top level, imports of generated code, no evaluation of text."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    "derive",
    "generated",
    "templates",
    "tests",
    "Makefile",
    "pyproject.toml",
    "README.md",
    "LICENSE",
}
LONGEST_FILE = 350
EVALUATES_TEXT = {"eval", "sympify", "parse_expr"}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def top_level_names() -> set[str]:
    """What git has or would take; outside of a checkout (an unpacked archive) what lies there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return {path.name for path in ROOT.iterdir()} - {"PKG-INFO", "build", "dist"}
    paths = [path for path in listing.stdout.split("\0") if path]
    return {path.split("/")[0] for path in paths if (ROOT / path).exists()}


def test_imports_go_down_the_floors() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_top_level_holds_only_what_belongs_there() -> None:
    visible = {name for name in top_level_names() if not name.startswith(".")}
    assert not visible - TOP_LEVEL


def imported_packages(tree: ast.AST) -> Iterator[str]:
    """The top-level packages that a generated module imports.

    `__sklearn_tags__` is left out: only scikit-learn calls it, so scikit-learn is there by then.
    """
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef(name="__sklearn_tags__"):
                continue
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]
            case _:
                yield from imported_packages(node)


@pytest.mark.parametrize("path", sources("generated"), ids=name_of)
def test_generated_code_needs_numpy_alone(path: Path) -> None:
    allowed = {"numpy", "generated"} | sys.stdlib_module_names
    assert not set(imported_packages(parsed(path))) - allowed


def test_import_detection_sees_every_form() -> None:
    code = """
import numpy as np, scipy.sparse
from . import newton
from jax.numpy import exp
def fit():
    if True:
        import torch
class Estimator:
    def __sklearn_tags__(self):
        from sklearn.utils import Tags
"""
    assert set(imported_packages(ast.parse(code))) == {"numpy", "scipy", "jax", "torch"}


def text_evaluations(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EVALUATES_TEXT:
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr=name)) if name in EVALUATES_TEXT:
                yield node.lineno


@pytest.mark.parametrize("path", sources("derive"), ids=name_of)
def test_nothing_evaluates_text(path: Path) -> None:
    assert not list(text_evaluations(parsed(path))), "a formula in text must go through a reader"


def test_evaluation_detection_sees_every_form() -> None:
    code = "eval('1')\nsympy.sympify('x')\nevaluate('1')\nparse_expr('x')\nbuiltins.eval('1')\n"
    assert list(text_evaluations(ast.parse(code))) == [1, 2, 4, 5]


@pytest.mark.parametrize("path", sources("derive"), ids=name_of)
def test_no_file_is_two_rooms(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
