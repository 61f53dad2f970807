"""The one Jinja environment, and plain text made safe for LaTeX.

A template decides nothing: it lays out the ready strings of a view object. An undefined name is
an error, and a name that ends in `.tex.j2` is read with delimiters that LaTeX never uses.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "\n": " ",
    }
)


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
    """Plain text for LaTeX: special characters are escaped outside of $...$.

    A text with an odd number of dollar signs means money, so all of them are escaped.
    """
    pieces = text.split("$")
    if len(pieces) % 2 == 0:
        return text.translate(_SPECIAL)
    return "".join(
        f"${piece}$" if k % 2 else piece.translate(_SPECIAL) for k, piece in enumerate(pieces)
    )
