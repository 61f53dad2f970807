"""The page that lists everything derived, with its status: generated/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from derive.publish.environment import environment
from derive.publish.latex import latex_mat
from derive.record import Derivation, Proof, Verdict


@dataclass(frozen=True)
class IndexRow:
    """One entry of the page: what was derived, what the judge said, from which source."""

    proof: Proof
    verdict: Verdict
    file: str


@dataclass(frozen=True)
class CostRow:
    """A cost with its matrix forms, as ready strings."""

    name: str
    title: str
    gradient: str
    hessian: str
    status: str


@dataclass(frozen=True)
class StoryRow:
    """A story with its claims, as ready strings."""

    name: str
    title: str
    claims: str
    status: str


@dataclass(frozen=True)
class IndexView:
    """The page, laid out by templates/index.md.j2."""

    costs: tuple[CostRow, ...]
    stories: tuple[StoryRow, ...]


def index_text(rows: Sequence[IndexRow]) -> str:
    """The page; costs and stories in the order given."""
    costs = tuple(_cost(row) for row in rows if row.file.startswith("derive/problems/"))
    stories = tuple(_story(row) for row in rows if not row.file.startswith("derive/problems/"))
    template = environment("index.md.j2").get_template("index.md.j2")
    return template.render(**asdict(IndexView(costs, stories)))


def _cost(row: IndexRow) -> CostRow:
    problem = row.proof.problem
    return CostRow(
        problem.name,
        problem.title,
        _forms(row.proof, "gradient"),
        _forms(row.proof, "Hessian"),
        _status(row),
    )


def _forms(proof: Proof, word: str) -> str:
    """The matrix forms of the theorems with this title, one after the other."""
    found = [p for p in proof.parts if p.kind == "theorem" and p.title.split(" by ")[0] == word]
    return ", ".join(_math(p) for p in found)


def _math(part: Derivation) -> str:
    # A bar would end the cell of the table.
    return "" if part.matrix is None else f"${latex_mat(part.matrix)}$".replace("|", r"\vert ")


def _story(row: IndexRow) -> StoryRow:
    claims = [p for p in row.proof.parts if p.kind == "result"]
    listed = "; ".join(f"{p.label} {p.title}" for p in claims)
    return StoryRow(row.proof.problem.name, row.proof.problem.title, listed, _status(row))


def _status(row: IndexRow) -> str:
    """The judge's word on every step and function."""
    refuted = sum(not s.passed for s in row.verdict.steps)
    refuted += sum(not k.passed for k in row.verdict.kernels)
    return f"{refuted} refuted" if refuted else "every step judged"
