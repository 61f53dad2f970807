"""What the README says is what happens: its code runs, and its derivation is the real one.

Accept a change of the derivation: DERIVE_ACCEPT=1 pytest tests/test_readme.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
WIDTH = 96
SHOWN = "Theorem T2"


def blocks() -> list[tuple[str, str]]:
    """The fenced blocks, in order: language and text."""
    text = README.read_text(encoding="utf-8")
    found = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(str(language), str(text)) for language, text in found]


def run(*arguments: str, cwd: Path) -> str:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "COLUMNS": str(WIDTH),
        "NO_COLOR": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a newcomer sees who follows the README from top to bottom in a folder of his own."""
    folder = tmp_path_factory.mktemp("newcomer")
    run("-m", "derive", "build", "logistic", "poisson", "softmax", "-o", "generated", cwd=folder)
    out = []
    for number, (language, text) in enumerate(blocks()):
        named = re.match(r"[#%] (\w+\.(?:py|txt|tex))\n", text)
        if named:
            (folder / named[1]).write_text(text, encoding="utf-8")
        elif language == "python":
            script = folder / f"block_{number}.py"
            script.write_text(text, encoding="utf-8")
            out.append(run(script.name, cwd=folder))
        elif language == "sh":
            for line in text.splitlines():
                command, *arguments = line.split()
                if command == "derive":
                    out.append(run("-m", "derive", *arguments, cwd=folder))
    return out


def test_the_code_of_the_readme_runs(followed: list[str]) -> None:
    cancer, optimiser, samples, built, own, understood, forms = followed
    assert cancer.startswith("Converged to a global minimiser")
    correct = re.search(r"correct: (\S+)", cancer)
    assert correct
    assert float(correct[1]) > 0.9
    assert optimiser.startswith("[")
    assert "e-18" in samples  # a sure and right label costs little, but not nothing
    assert "from generated import gamma_regression" in built
    assert own.startswith("Converged to a global minimiser")
    assert "mu_i = exp(sum_j X_ij beta_j)" in understood
    for name in ("quadratic", "ridge_text", "counts"):
        assert f"from generated import {name}" in forms


def test_the_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README.read_text("utf-8")))
    assert named
    assert named <= targets


def test_the_paths_of_the_readme_exist() -> None:
    paths = re.findall(r"`((?:derive|templates|tests)/[\w./]*)`", README.read_text("utf-8"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_derivation_in_the_readme_is_the_real_one() -> None:
    show = run("-m", "derive", "show", "logistic", cwd=ROOT)
    start = show.index(SHOWN)
    text = show[start : show.index("\n\nTheorem", start + 1) + 1]
    (old,) = [block for language, block in blocks() if SHOWN in block and language == "text"]
    if os.environ.get("DERIVE_ACCEPT"):
        README.write_text(README.read_text("utf-8").replace(old, text), encoding="utf-8")
        return
    assert old == text, "accept the change with DERIVE_ACCEPT=1 pytest tests/test_readme.py"
