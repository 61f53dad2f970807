"""The wheel, built from the sdist, works from any folder with its templates inside."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("distributions")
    # Without isolation the build uses the hatchling installed here and needs no network. It runs
    # outside of the checkout because a folder called build/ there would hide the build package.
    run("-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("derive_solvers-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    run("-m", "pip", "install", *options, "--target", target, wheel, cwd=target.parent)
    return target


def template_names(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix() for path in paths if "__pycache__" not in path.parts
    }


def test_wheel_adds_only_our_names_to_site_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"derive", "generated"}


def test_sdist_holds_the_sources_and_nothing_private(distributions: Path) -> None:
    (path,) = distributions.glob("derive_solvers-*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"derive", "generated", "templates", "pyproject.toml", "LICENSE"} <= inside
    assert not inside & {"tests", ".venv", ".ci", ".build"}


def test_installed_templates_are_those_of_the_repository(installed: Path, tmp_path: Path) -> None:
    where = "from importlib.resources import files; print(files('derive') / 'templates')"
    found = Path(run("-c", where, cwd=tmp_path, PYTHONPATH=str(installed)).strip())
    assert found == installed / "derive" / "templates"
    assert template_names(found) == template_names(ROOT / "templates")
    assert template_names(found)


def test_installed_command_lists_the_problems(installed: Path, tmp_path: Path) -> None:
    listing = run("-m", "derive", "list", cwd=tmp_path, PYTHONPATH=str(installed))
    assert any("logistic" in line for line in listing.splitlines())
