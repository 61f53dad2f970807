"""What lies in generated/ is what the sources give today, and it needs NumPy alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from derive.__main__ import main
from derive.readers.file import catalogue_files
from tests.sample import COSTS, STORIES

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "generated"
MODULES = [name for name, file in catalogue_files().items() if "/problems/" in file]

ALONE = """
import importlib.util, inspect, sys
import numpy as np

for name in ("derive", "sympy", "mpmath", "jinja2", "scipy", "sklearn"):
    assert importlib.util.find_spec(name) is None, name + " is visible"

module = importlib.import_module("generated." + sys.argv[1])
rng = np.random.default_rng(0)
sizes = {"m": 40, "n": 2, "K": 3}
pairs = [-1.0, 1.0], [0.25, 0.75], [0.0, 1.0], [1.0, 2.0], [1.25, 1.75]


def values(target, shape):
    # Bounded values are two at the same places: labels that no plane separates.
    if target.low == -np.inf:
        return rng.normal(size=shape)
    pair = next(v for v in pairs if target.contains(np.array(v)).all())
    drawn = rng.choice(pair, size=shape)
    return drawn / drawn.sum(axis=1, keepdims=True) if len(shape) == 2 else drawn


def array(variable):
    shape = tuple(sizes.setdefault(axis, 2) for axis in variable.axes)
    if not shape:
        return 0.5 if variable.target.contains(np.array(0.5)) else 1.5
    drawn = values(variable.target, shape)
    if any(fact.startswith("positive") for fact in variable.facts):
        return drawn @ drawn.T + np.eye(len(drawn))
    return drawn + drawn.T if "symmetric" in variable.facts else drawn


if hasattr(module.MODEL, "target"):
    data = {"X": rng.normal(size=(40, 2)), "y": values(module.MODEL.target, (40,))}
else:
    data = {v.name: array(v) for v in module.MODEL.data}
options = {}
if hasattr(module.MODEL, "parameters"):
    letters = {axis for v in module.MODEL.parameters for axis in v.axes}
    known = {axis for v in module.MODEL.data for axis in v.axes}
    options["sizes"] = {letter: 2 for letter in sorted(letters - known) if "-" not in letter}
result = module.fit(*data.values(), l2=0.1, **options)
# A cost that is not convex need not have a minimum; then the status says what happened.
assert result.converged or not module.MODEL.convex, result.status
assert result.status and np.isfinite(result.cost)
# tol is relative: to the gradient's own size where that is large.
large = max(1.0, result.history[0].gradient_norm)
assert not result.converged or result.gradient_norm <= 1e-8 * large
if hasattr(module, "predict"):
    _, *asked = inspect.signature(module.predict).parameters
    predicted = module.predict(result, *(data[name.rstrip("_")] for name in asked))
    assert np.isfinite(predicted).all() or not result.converged
    assert len(predicted) == 40
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing but NumPy and the generated package can be imported."""
    folder = tmp_path_factory.mktemp("alone")
    leave = shutil.ignore_patterns("proofs", "pictures", "__pycache__")
    shutil.copytree(GENERATED, folder / "generated", ignore=leave)
    packages = Path(np.__file__).parent.parent
    for name in ("numpy", "numpy.libs"):  # the second holds its libraries where pip installed it
        if (packages / name).exists():
            (folder / name).symlink_to(packages / name, target_is_directory=True)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if "__pycache__" not in path.parts
    }


def test_generated_files_are_up_to_date(tmp_path: Path) -> None:
    """A sample; `make stale` compares all of them."""
    assert main(["build", *COSTS, *STORIES, "-o", str(tmp_path)]) == 0
    old, new = files(GENERATED), files(tmp_path)
    assert [name for name in new if old.get(name) != new[name]] == [], "run `make derive`"
    assert main(["check", "least_squares"]) == 0


@pytest.mark.parametrize("name", MODULES)
def test_generated_modules_fit_with_numpy_alone(fresh: Path, name: str) -> None:
    # -I -S: neither the environment, nor site-packages, nor the current folder are looked at.
    code = f"import sys; sys.path.insert(0, {str(fresh)!r})\n{ALONE}"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", code, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
