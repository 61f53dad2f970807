"""The one Jinja environment, what the templates of a proof are shown, and text safe for LaTeX.

A template decides nothing: it lays out the ready strings of a view object. An undefined name is
an error, and a name that ends in `.tex.j2` is read with delimiters that LaTeX never uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from derive.notation.words import words


def templates_folder() -> Path:
    """Where the templates lie: inside the installed package, else beside it in the repository."""
    installed = Path(str(files("derive"))) / "templates"
    return installed if installed.is_dir() else installed.parent.parent / "templates"


@cache
def environment(name: str) -> Environment:
    """The environment that reads the template `name`."""
    shared = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    if not name.endswith(".tex.j2"):
        return shared
    return shared.overlay(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )


def render(name: str, view: object) -> str:
    """The text of the template `name` for a view object, which the template calls `view`."""
    return environment(name).get_template(name).render(view=view)


def tex(text: str) -> str:
    """Words for the text of a LaTeX document; what they may hold stands in notation/words.py."""
    return words(text).tex


# ---------------------------------------------------------------- what templates are shown


@dataclass(frozen=True)
class Notation:
    """A row of the table of notation."""

    symbol: str
    meaning: str


@dataclass(frozen=True)
class Row:
    """A line of a chain; the parts that a line does not have are empty.

    `tie` keeps the line on one page with the next.
    """

    tie: str
    lead: str
    relation: str
    formula: str
    reason: str


@dataclass(frozen=True)
class Chain:
    """Lines with an equals sign each. `lead` is what the signs align after."""

    opening: str
    scope: str
    lead: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A lemma, theorem or rewriting with its proof: one chain, or none where nothing is proved."""

    heading: str
    title: str
    anchor: str
    statement: str
    proofs: tuple[Chain, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All lines of its proof."""
        return tuple(row for proof in self.proofs for row in proof.rows)


@dataclass(frozen=True)
class Sentences:
    """An argument that is told in numbered sentences."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A theorem whose proof is told in sentences; the parts that it does not have are empty."""

    heading: str
    title: str
    anchor: str
    statement: str
    witness: str
    arguments: tuple[Sentences, ...]
    compared: str
    end: str


@dataclass(frozen=True)
class Body:
    """What the includable part shows."""

    title: str
    file: str
    notation: tuple[Notation, ...]
    sections: tuple[Section, ...]
    told: tuple[Told, ...]
    checked: str
    reading: str


@dataclass(frozen=True)
class Document:
    """What the complete document shows around the body."""

    title: str
    pdf_title: str
    subtitle: str
    body: str
