"""The proof as a LaTeX document: a view object of ready strings, laid out by a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from derive.notation.expression import (
    MINUS_ONE, ONE, Add, Apply, Diff, Element, Entry, Expr, Mul, Tensor,
)  # fmt: skip
from derive.notation.functions import SLOT, Elementwise
from derive.notation.interval import REAL, Interval
from derive.notation.problem import Definition, Problem
from derive.notation.tree import Place, free_indices, same, subterms
from derive.publish import Colour, latex_index, latex_tensor, width
from derive.publish.environment import render, tex
from derive.publish.latex import latex, latex_lines, latex_mat
from derive.record import Condition, Derivation, Proof, Step, Verdict

LINE = 39.0
"""The width of a line in em; the page has a little more."""
LEAD = 9.0
"""A wider left-hand side has a line of its own."""
INLINE = 24.0
"""A wider statement is displayed."""


@dataclass(frozen=True)
class Notation:
    """A row of the table of notation."""

    symbol: str
    meaning: str


@dataclass(frozen=True)
class Row:
    """A line of a chain; the parts that a line does not have are empty."""

    lead: str
    relation: str
    formula: str
    reason: str


@dataclass(frozen=True)
class Section:
    """A lemma, theorem or rewriting with its chain. `lead` is what the equals signs align after."""

    heading: str
    title: str
    anchor: str
    statement: str
    opening: str
    scope: str
    lead: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Body:
    """What the includable part shows."""

    title: str
    file: str
    notation: tuple[Notation, ...]
    sections: tuple[Section, ...]
    checked: str
    reading: str


@dataclass(frozen=True)
class Document:
    """What the complete document shows around the body."""

    title: str
    pdf_title: str
    subtitle: str
    body: str


def proof_texts(proof: Proof, verdict: Verdict) -> dict[str, str]:
    """The complete document and the body to include, by file name."""
    name = proof.problem.name
    body = render("proof_body.tex.j2", proof_body(proof, verdict))
    document = proof_document(proof, verdict, body)
    return {f"{name}.tex": render("proof.tex.j2", document), f"{name}-body.tex": body}


def proof_document(proof: Proof, verdict: Verdict, body: str) -> Document:
    """The complete document round a body that is already text."""
    title = proof.problem.title
    what = "Gradient and Hessian" if any(_order(p.goal) > 1 for p in proof.parts) else "Gradient"
    plain = tex(title.replace("$", "").replace("\\", ""))
    return Document(
        rf"{what} of \emph{{{tex(title)}}}", f"{what} of {plain}", subtitle(verdict), body
    )


def proof_body(proof: Proof, verdict: Verdict) -> Body:
    """Everything that the body shows, as ready strings."""
    shown = [part for part in proof.parts if part.kind != "definition"]
    return Body(
        tex(proof.problem.title),
        f"{proof.problem.name}-body",
        notation(proof),
        tuple(section(part, proof.problem) for part in shown),
        checked(verdict),
        r"The part of a line that is about to change is \textcolor{before}{orange}; what it became "
        r"is \textcolor{after}{blue}. The reason stands at the right, with the labels that it uses "
        "and with side conditions where they are needed. A line may stand for several "
        "applications of single rules; the record of this proof holds every one of them.",
    )


# ---------------------------------------------------------------- the verdict in words


def subtitle(verdict: Verdict) -> str:
    """What was checked and how, in one sentence."""
    refuted = sum(not step.passed for step in verdict.steps)
    if not verdict.steps:
        return "derivation recorded step by step; its equalities have not been checked"
    if refuted:
        return f"{refuted} of {_count(len(verdict.steps))} equalities were refuted"
    return (
        "derivation recorded step by step; every equality evaluated at random points "
        f"in {_arithmetic(verdict)}, none refuted"
    )


def _arithmetic(verdict: Verdict) -> str:
    return tex(f"{verdict.bits}-bit {verdict.arithmetic}")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", r"\,")


def checked(verdict: Verdict) -> str:
    """The closing paragraph: what was compared, how often, under which assumptions."""
    if not verdict.steps:
        return "Nothing: this text was made without the judge."
    points = sum(step.points for step in verdict.steps)
    refuted = sum(not step.passed for step in verdict.steps)
    result = "the two sides agreed each time" if not refuted else f"{refuted} were refuted"
    sentences = [
        f"{_count(len(verdict.steps))} equalities (every equals sign above, the finer steps behind "
        f"it, and each chain as a whole) were evaluated in {_arithmetic(verdict)} at random points, "
        f"for several sizes and for every free index: {_count(points)} evaluations; {result}."
    ]
    if verdict.kernels:
        names = ", ".join(rf"\texttt{{{tex(kernel.name)}}}" for kernel in verdict.kernels)
        wrong = [kernel.name for kernel in verdict.kernels if not kernel.passed]
        outcome = f"; these disagreed: {tex(', '.join(wrong))}" if wrong else " and agreed"
        count = _count(sum(kernel.points for kernel in verdict.kernels))
        sentences.append(
            f"The generated functions {names} were compared with the last lines at {count} "
            f"points{outcome}."
        )
    if verdict.assumptions:
        sentences.append(f"Assumed: {'; '.join(tex(text) for text in verdict.assumptions)}.")
    sentences.append(
        "Agreement at random points is evidence, and it refutes mistakes; it is not a proof."
    )
    return " ".join(sentences)


# ---------------------------------------------------------------- the table of notation


def notation(proof: Proof) -> tuple[Notation, ...]:
    """Axes, data, parameters, functions, definitions with their matrix forms, the cost."""
    problem = proof.problem
    tensors = (*problem.data, *problem.parameters)
    axes = dict.fromkeys(axis for tensor in tensors for axis in tensor.axes)
    sizes = [Notation(f"${a.letter}$", tex(f"number of {a.meaning}")) for a in axes if a.meaning]
    return (
        *sizes,
        *(_tensor_row(tensor) for tensor in tensors),
        *(_function_row(function) for function in _functions(problem)),
        *(_definition_row(d, proof) for d in problem.definitions),
        Notation(f"${_cost(problem)}$", f"$= {latex(problem.cost)}$, the cost"),
    )


def _tensor_row(tensor: Tensor) -> Notation:
    shape = r"\times ".join(axis.letter for axis in tensor.axes)
    space = rf"\mathbb{{R}}^{{{shape}}}" if shape else r"\mathbb{R}"
    entry = latex(tensor[tuple(axis.index(s) for axis, s in zip(tensor.axes, "ijkl", strict=False))])
    words = [tex(tensor.meaning)] if tensor.meaning else []
    if tensor.role == "parameter":
        words.append("the parameter" if not words else "the parameters" if shape else "a parameter")
    if tensor.domain != REAL:
        words.append(f"${_member(entry, tensor.domain)}$")
    return Notation(
        rf"${latex_tensor(tensor)} \in {space}$", ", ".join([*words, *map(tex, sorted(tensor.facts))])
    )


def _member(entry: str, domain: Interval) -> str:
    """`entry` lies in the domain, as a formula."""
    ends = ["-\\infty" if domain.low == -REAL.high else str(domain.low)]
    ends.append("\\infty" if domain.high == REAL.high else str(domain.high))
    if domain.integer and domain.low == 0:
        return rf"{entry} \in \{{0, 1{'' if domain.high == 1 else r', 2, \dots'}\}}"
    if domain.high == REAL.high:
        return f"{entry} {'>' if domain.low_open else r'\ge'} {ends[0]}" 
    left, right = "(" if domain.low_open else "[", ")" if domain.high_open else "]"
    return rf"{entry} \in {left}{ends[0]}, {ends[1]}{right}" + (r" \cap \mathbb{Z}" if domain.integer else "")
