"""The page that lists everything derived, with its status: generated/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from derive.errors import DeriveError
from derive.notation.words import words
from derive.publish import width
from derive.publish.certificates import summary
from derive.publish.environment import environment
from derive.publish.hypotheses import conditions_of, supposed_functions
from derive.publish.latex import latex_mat
from derive.record import Derivation, Proof
from derive.verdicts import Verdict


@dataclass(frozen=True)
class CostRow:
    """A cost with its matrix forms, as ready strings."""

    name: str
    title: str
    gradient: str
    hessian: str
    where: str
    certificate: str
    status: str


@dataclass(frozen=True)
class StoryRow:
    """A story with its claims, as ready strings."""

    name: str
    title: str
    claims: str
    words: str
    status: str


@dataclass(frozen=True)
class IndexRow:
    """One entry of the pages, as ready strings: whole, and short for the front page."""

    whole: CostRow | StoryRow
    short: CostRow | None


@dataclass(frozen=True)
class IndexView:
    """The page, laid out by templates/index.md.j2."""

    costs: tuple[CostRow, ...]
    stories: tuple[StoryRow, ...]


MARK, END = "<!-- catalogue -->", "<!-- end -->"
"""Between them stands the table of the catalogue in the project's own README."""

ROOM = 26.0
"""A cell's formulas have so many em; what does not fit stands in the proof."""


def front_page(page: str, rows: Sequence[IndexRow]) -> str:
    """The project's README with the table of the catalogue as it is now.

    Raises:
        DeriveError: The page does not say where the table stands.
    """
    before, mark, rest = page.partition(MARK)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise DeriveError(
            asked="write the table of the catalogue",
            where="README.md",
            wrong=f"it has no lines {MARK} and {END}, between which the table stands",
            todo="put them back",
        )
    costs = tuple(row.short for row in rows if row.short is not None)
    template = environment("catalogue.md.j2").get_template("catalogue.md.j2")
    return f"{before}{mark}\n{template.render(costs=costs)}{end}{after}"


def index_row(proof: Proof, verdict: Verdict, file: str) -> IndexRow:
    """The entry of what was derived, with what the judge said; `file` is its source."""
    if not file.startswith("derive/problems/"):
        return IndexRow(_story(proof, verdict), None)
    cost = _cost(proof, verdict)
    gradient, hessian = (_fitting(proof, word) for word in ("gradient", "Hessian"))
    return IndexRow(cost, replace(cost, gradient=gradient, hessian=hessian))


def _fitting(proof: Proof, word: str) -> str:
    """As many of the forms as fit into a cell."""
    forms: list[str] = []
    room = ROOM
    for part in _titled(proof, word):
        if part.matrix is None or (room := room - width(latex_mat(part.matrix))) < 0:
            return ", ".join([*forms, "..."])
        forms.append(_math(part))
    return ", ".join(forms)


def _certificate(proof: Proof) -> str:
    """The certificate, safe in a cell of a table."""
    return summary(proof).replace("<=", "&le;").replace("_", r"\_").replace(">", "&gt;")


def index_text(rows: Sequence[IndexRow]) -> str:
    """The page; costs and stories in the order given."""
    costs = tuple(row.whole for row in rows if isinstance(row.whole, CostRow))
    stories = tuple(row.whole for row in rows if isinstance(row.whole, StoryRow))
    template = environment("index.md.j2").get_template("index.md.j2")
    return template.render(**asdict(IndexView(costs, stories)))


def _cost(proof: Proof, verdict: Verdict) -> CostRow:
    return CostRow(
        proof.problem.name,
        words(proof.problem.title).markdown,
        _forms(proof, "gradient"),
        _forms(proof, "Hessian") or _products(proof),
        _where(proof),
        _certificate(proof),
        _status(verdict),
    )


def _where(proof: Proof) -> str:
    """What the gradient and the Hessian suppose, with the labels of these theorems."""
    labels: dict[str, list[str]] = {}
    for part in proof.parts:
        conditions = conditions_of(part, proof) if part.kind == "theorem" else ""
        if conditions:
            labels.setdefault(conditions.replace("|", r"\vert "), []).append(part.label)
    return "; ".join(f"{conditions} ({', '.join(names)})" for conditions, names in labels.items())


def _forms(proof: Proof, word: str) -> str:
    """The matrix forms of the theorems with this title, one after the other."""
    return ", ".join(_math(p) for p in _titled(proof, word))


def _titled(proof: Proof, word: str) -> list[Derivation]:
    return [p for p in proof.parts if p.kind == "theorem" and p.title.split(" by ")[0] == word]


def _products(proof: Proof) -> str:
    """The Hessian by its products with a direction, where it is not written out."""
    forms = _forms(proof, "Hessian-vector product")
    return f"times a direction: {forms}" if forms else ""


def _math(part: Derivation) -> str:
    # A bar would end the cell of the table.
    return "" if part.matrix is None else f"${latex_mat(part.matrix)}$".replace("|", r"\vert ")


def _story(proof: Proof, verdict: Verdict) -> StoryRow:
    claims = [p for p in proof.parts if p.kind == "result"]
    listed = "; ".join(_claim(part, proof) for part in claims)
    in_words = ", ".join(part.label for part in claims if part.text)
    return StoryRow(
        proof.problem.name, words(proof.problem.title).markdown, listed, in_words, _status(verdict)
    )


def _claim(part: Derivation, proof: Proof) -> str:
    """A claim with what it supposes."""
    functions = [f"let {f.hypothesis}" for f in supposed_functions(part, proof)]
    conditions = conditions_of(part, proof)
    supposed = "; ".join([*functions, *([f"let {conditions}"] if conditions else [])])
    return f"{part.label} {words(part.title).markdown}" + (f" ({supposed})" if supposed else "")


def _status(verdict: Verdict) -> str:
    """The judge's word on every step and function."""
    refuted = sum(not s.passed for s in verdict.steps)
    refuted += sum(not k.passed for k in verdict.kernels)
    return f"{refuted} refuted" if refuted else "every step judged"
