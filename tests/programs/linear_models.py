"""The problems of the catalogue that are linear models."""

from pathlib import Path

from derive.readers.file import catalogue

GENERATED = Path(__file__).parents[2] / "generated"
LINEAR = [
    problem
    for problem in catalogue()
    if hasattr(problem, "cost")
    and "\ndef fused(" in (GENERATED / f"{problem.name}.py").read_text(encoding="utf-8")
]
