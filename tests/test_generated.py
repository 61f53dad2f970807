"""What lies in generated/ is what the sources give today, and it needs NumPy alone."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from derive.__main__ import main
from derive.readers.file import catalogue_files

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "generated"
MODULES = [name for name, file in catalogue_files().items() if "/problems/" in file]

ALONE = """
import importlib.util, sys
import numpy as np

for name in ("derive", "sympy", "mpmath", "jinja2", "scipy", "sklearn"):
    assert importlib.util.find_spec(name) is None, name + " is visible"

module = importlib.import_module("generated." + sys.argv[1])
rng = np.random.default_rng(0)
sizes = {"m": 40, "n": 2, "K": 3}
targets = [-1.0, 1.0], [0.25, 0.75], [0.0, 1.0], [1.0, 2.0]


def values(target, shape):
    # Labels that no plane separates: both values at the same places.
    pair = next(v for v in targets if target.contains(np.array(v)).all())
    drawn = rng.choice(pair, size=shape)
    return drawn if len(shape) < 2 else drawn / drawn.sum(axis=1, keepdims=True)


if hasattr(module.MODEL, "target"):
    X = rng.normal(size=(40, 2))
    data = (X, values(module.MODEL.target, (40,)))
else:
    unbounded = [v.target.low == -np.inf for v in module.MODEL.data]
    shapes = [tuple(sizes[a] for a in v.axes) for v in module.MODEL.data]
    data = tuple(
        rng.normal(size=shape) if free else (values(v.target, shape) if shape else 0.1)
        for v, shape, free in zip(module.MODEL.data, shapes, unbounded, strict=True)
    )
    X = data[0]
result = module.fit(*data, l2=0.1)
assert result.converged, result.status
assert np.isfinite(result.cost) and result.gradient_norm <= 1e-8
assert len(module.predict(result, X)) == 40
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing but NumPy and a package built just now can be imported."""
    folder = tmp_path_factory.mktemp("alone")
    assert main(["build", "-o", str(folder / "generated")]) == 0
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


def test_generated_files_are_up_to_date(fresh: Path) -> None:
    old, new = files(GENERATED), files(fresh / "generated")
    assert [name for name in new if old.get(name) != new[name]] == [], "run `make derive`"
    assert main(["check"]) == 0


@pytest.mark.parametrize("name", MODULES)
def test_generated_modules_fit_with_numpy_alone(fresh: Path, name: str) -> None:
    # -I -S: neither the environment, nor site-packages, nor the current folder are looked at.
    code = f"import sys; sys.path.insert(0, {str(fresh)!r})\n{ALONE}"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", code, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
