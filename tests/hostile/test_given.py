"""Inputs that once crashed, ran code, lost a number or got a false certificate: each as it was."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive.__main__ import main
from derive.pipeline import build
from derive.publish.module import Source
from derive.readers.plain import problem_from_text
from tests.fuzz.whole import Made, drawn, executed, mistakes, reference

GIVEN = Path(__file__).parent / "given"
FILES = sorted(GIVEN.iterdir())
WORDS = [path for path in FILES if path.stem == "title_rce"]
COSTS = [path.stem for path in FILES if path not in WORDS]


@cache
def built(name: str):
    problem = problem_from_text((GIVEN / f"{name}.txt").read_text(encoding="utf-8"), name)
    made = build(problem, Source(name, "derive build"))
    return problem, made, Made(made.proof, made.program, executed(made.texts[f"{name}.py"]))


@pytest.mark.parametrize("name", COSTS)
def test_the_values_are_right(name) -> None:
    problem, _, functions = built(name)
    for seed in range(3):
        assert mistakes(problem, seed, functions) in ([], ["skipped"])


@pytest.mark.parametrize("name", COSTS)
def test_the_certificate_is_true(name) -> None:
    problem, made, _ = built(name)
    certificate = made.proof.certificate
    for seed in range(6 if certificate.convex else 0):
        sizes, arrays = drawn(problem, seed)
        try:
            bent = reference(problem, sizes, arrays).h
        except (OverflowError, ZeroDivisionError, ValueError):  # no value there
            continue
        least = np.linalg.eigvalsh((bent + bent.T) / 2)[0]
        assert least >= -1e-9 * np.abs(bent).max()
        if certificate.modulus is not None:
            assert least > 0


def test_an_unpenalised_coefficient_is_not_strongly_convex() -> None:
    certificate = built("false_strong")[1].proof.certificate
    assert certificate.convex
    assert certificate.modulus is None


@pytest.mark.parametrize("t", [40.0, -40.0, 27.0, -27.0, 0.0])
def test_a_product_with_a_tail_stays_finite(t) -> None:
    functions = built("erfc_hvp_nan")[2].module
    phi, v = np.array([t, 0.5]), np.ones(2)
    assert np.isfinite(functions["gradient"](phi)).all()
    assert np.isfinite(functions["hvp"](phi, v)).all()


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.name)
def test_words_are_words(path, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["build", str(path), "-o", "out"])
    assert code == 0, capsys.readouterr().err
    assert not list(tmp_path.rglob("injected"))
    module = next(p for p in (tmp_path / "out").glob("*.py") if p.name != "__init__.py")
    compile(module.read_bytes(), str(module), "exec")
