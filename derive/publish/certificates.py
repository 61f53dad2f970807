"""The certificate of convexity in words: for the page of the proof, the terminal and tables."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from derive.judge.wording import domain_text
from derive.notation.domain import range_of
from derive.notation.expression import Entry, Expr, Tensor
from derive.notation.interval import REAL
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.publish import latex_tensor
from derive.publish.environment import Sentences, Told, tex
from derive.publish.latex import latex
from derive.publish.relations import latex_member
from derive.record import Argument, Certificate, Proof, Reason, Witness
from derive.verdicts import TESTED, Verdict


@dataclass(frozen=True)
class Spelling:
    """How formulas and letters are written: as LaTeX or as plain text."""

    math: Callable[[str], str]
    formula: Callable[[Expr], str]
    symbol: Callable[[Tensor], str]
    domain: Callable[[Tensor], str]
    times: Callable[[str], str]
    array: Callable[[tuple[int, ...], tuple[Fraction, ...]], str]

    def said(self, e: Expr) -> str:
        """A formula in the middle of a sentence."""
        return self.math(self.formula(e))

    def letter(self, tensor: Tensor) -> str:
        """A letter in the middle of a sentence."""
        return self.math(self.symbol(tensor))


def label(proof: Proof) -> str:
    """The label of the theorem on convexity: the one after the last theorem's."""
    numbers = [int(p.label[1:]) for p in proof.parts if p.kind == "theorem" and p.label[0] == "T"]
    return f"T{max(numbers, default=0) + 1}"


# ---------------------------------------------------------------- short


def summary(proof: Proof) -> str:
    """A few plain words for a table; "-" where nothing is known."""
    certificate = proof.certificate
    if certificate is None or (certificate.convexity == "not certified" and not _blocks(proof)):
        return "-"
    if not certificate.convex:
        shown = ", ".join(f"in {p.name}" for p in _blocks(proof))
        alone = f"; convex {shown} alone" if shown else ""
        return f"{certificate.convexity}{' (witness)' * (certificate.witness is not None)}{alone}"
    words = "convex"
    if certificate.modulus is not None:
        words = f"strongly convex{_where(certificate.modulus, proof.problem)}"
    bound = certificate.bound
    return words if bound is None else f"{words}; curvature <= {bound}"


def _where(modulus: Expr, problem: Problem) -> str:
    known = range_of(modulus, problem.definitions).positive
    return "" if known else f" where {text(modulus)} > 0"


def _blocks(proof: Proof) -> tuple[Tensor, ...]:
    """The single parameters in which the cost is convex while the others stand still."""
    certificate = proof.certificate
    if certificate is None or certificate.convex:
        return ()
    return tuple(p for argument in certificate.arguments for p in argument.parameters)


# ---------------------------------------------------------------- the theorem


def stated(proof: Proof, spelling: Spelling) -> str:
    """What is claimed, in one or two sentences."""
    certificate, problem = proof.certificate, proof.problem
    cost = spelling.said(problem.cost_definition())
    if certificate is None:
        return ""
    if not certificate.convex:
        first = f"{cost} is not convex."
        if certificate.witness is None:
            first = f"Neither a proof nor a counterexample was found for the convexity of {cost}."
        alone = [spelling.letter(p) for p in _blocks(proof)]
        more = f" It is convex in {_either(alone)} while the others stand still." if alone else ""
        return first + more
    letters = " and ".join(spelling.letter(p) for p in problem.parameters)
    jointly = " jointly" if len(problem.parameters) > 1 else ""
    text_ = f"{cost} is convex in {letters}{jointly}"
    if certificate.modulus is None:
        return f"{text_}."
    weight = spelling.said(certificate.modulus)
    if range_of(certificate.modulus, problem.definitions).positive:
        return f"{text_}, even strongly with modulus {weight}: its minimiser is unique."
    more = f"and where {weight} is positive strongly so with modulus {weight}"
    return f"{text_}, {more}: then its minimiser is unique."


def _either(letters: list[str]) -> str:
    return letters[0] if len(letters) == 1 else f"{', '.join(letters[:-1])} or {letters[-1]}"


def argued(argument: Argument, spelling: Spelling) -> tuple[str, ...]:
    """The sentences of an argument, with the domains on which they rely."""
    return tuple(sentence(reason, spelling) for reason in argument.reasons)


def sentence(reason: Reason, spelling: Spelling) -> str:
    """One reason in words."""
    # All at once: a formula's own braces, as in \frac{1}{2}, are no places to be filled.
    shown = [spelling.said(formula) for formula in reason.formulas]
    words = re.sub(r"\{(\d+)\}", lambda place: shown[int(place[1])], reason.words)
    assumed = ", ".join(found for t in reason.assumes if (found := spelling.domain(t)))
    return f"{words[:-1]} ({assumed})." if assumed else words


def strongly(certificate: Certificate, spelling: Spelling) -> tuple[str, ...]:
    """Why the convexity is strong."""
    if certificate.modulus is None:
        return ()
    weight = spelling.said(certificate.modulus)
    words = f"Half of {weight} times the squared length of the parameters is a term of the cost"
    return (f"{words}, and the other terms are convex.",)


def counterexample(witness: Witness, spelling: Spelling) -> str:
    """The numbers, and what they show."""
    sizes, math = dict(witness.sizes), spelling.math
    count = len(witness.direction)
    given, starts = witness.values[:-count], witness.values[-count:]

    def spelled(tensor: Tensor, entries: tuple[Fraction, ...]) -> str:
        return spelling.array(tuple(sizes[a] for a in tensor.axes), entries)

    values = [math(f"{axis.letter} = {size}") for axis, size in witness.sizes]
    values += [math(f"{spelling.symbol(t)} = {spelled(t, xs)}") for t, xs in given]
    line = ", ".join(
        math(f"{spelling.symbol(t)} = {spelled(t, xs)} + {spelling.times(spelled(v, ways))}")
        for (t, xs), (v, ways) in zip(starts, witness.direction, strict=True)
    )
    bent = math(f"{format(Decimal(f'{witness.approximately:.3g}'), 'f')} < 0")
    where = f"for {', '.join(values)}, " if values else ""
    return (
        f"A witness: {where}on the line {line} the second derivative of the cost at "
        f"{math('t = 0')} is {bent}."
    )


# ---------------------------------------------------------------- LaTeX and plain text


def _plain_array(shape: tuple[int, ...], entries: tuple[Fraction, ...]) -> str:
    if not shape or len(entries) == 1:
        return str(entries[0])
    if len(shape) == 1:
        return f"[{', '.join(map(str, entries))}]"
    step = len(entries) // shape[0]
    rows = [entries[k : k + step] for k in range(0, len(entries), step)]
    return f"[{', '.join(_plain_array(shape[1:], row) for row in rows)}]"


def _latex_array(shape: tuple[int, ...], entries: tuple[Fraction, ...]) -> str:
    texts = [_latex_number(x) for x in entries]
    if len(texts) == 1:
        return texts[0]
    columns = shape[-1] if len(shape) > 1 else 1
    rows = (" & ".join(texts[k : k + columns]) for k in range(0, len(texts), columns))
    inside = r" \\ ".join(rows)
    return rf"\left(\begin{{smallmatrix}}{inside}\end{{smallmatrix}}\right)"


def _latex_number(x: Fraction) -> str:
    sign = "-" if x < 0 else ""
    if x.denominator == 1:
        return f"{sign}{abs(x.numerator)}"
    return rf"{sign}\tfrac{{{abs(x.numerator)}}}{{{x.denominator}}}"


def _latex_domain(tensor: Tensor) -> str:
    own = tuple(axis.index(s) for axis, s in zip(tensor.axes, "ijkl", strict=False))
    inside = "" if tensor.domain == REAL else f"${latex_member(latex(tensor[own]), tensor.domain)}$"
    facts = " and ".join(sorted(tensor.facts))
    return inside or (f"${latex_tensor(tensor)}$ {tex(facts)}" if facts else "")


LATEX = Spelling(
    lambda words: f"${words}$",
    latex,
    latex_tensor,
    _latex_domain,
    lambda number: rf"t\,({number})" if number.startswith("-") else rf"t\,{number}",
    _latex_array,
)
PLAIN = Spelling(
    str,
    lambda e: e.tensor.name if isinstance(e, Entry) and not e.indices else text(e),
    lambda t: t.name.removesuffix("_0") if t.role == "data" else t.name,
    domain_text,
    lambda number: f"t ({number})",
    _plain_array,
)


def _heading(proof: Proof) -> str:
    """A theorem where something is known, else a remark."""
    certificate = proof.certificate
    open_ = certificate is not None and not certificate.arguments and certificate.witness is None
    return "Remark" if open_ else f"Theorem {label(proof)}"


def theorem(proof: Proof, verdict: Verdict) -> tuple[Told, ...]:
    """The theorem on convexity as the page of the proof shows it; none for a story."""
    certificate = proof.certificate
    if certificate is None:
        return ()
    arguments = []
    for argument in certificate.arguments:
        letters = " and ".join(LATEX.letter(p) for p in argument.parameters)
        heading = "" if certificate.convex else f"In {letters}:"
        told = (*argued(argument, LATEX), *strongly(certificate, LATEX))
        arguments.append(Sentences(heading, told))
    witness = certificate.witness
    said = counterexample(witness, LATEX) if witness is not None else ""
    name = label(proof)
    return (
        Told(
            _heading(proof),
            "convexity",
            f"{proof.problem.name}.{name}",
            stated(proof, LATEX),
            said,
            tuple(arguments),
            compared(certificate, verdict),
            r"\hspace*{\fill}$\square$" if said or arguments else "",
        ),
    )


def plain_theorem(proof: Proof, width: int) -> Iterator[str]:
    """The theorem on convexity as lines of text, with the sentences that prove it."""
    certificate = proof.certificate
    if certificate is None:
        return
    yield from textwrap.wrap(f"{_heading(proof)} (convexity): {stated(proof, PLAIN)}", width)
    if certificate.witness is not None:
        yield from textwrap.wrap(counterexample(certificate.witness, PLAIN), width)
    for argument in certificate.arguments:
        letters = " and ".join(PLAIN.letter(p) for p in argument.parameters)
        yield from [] if certificate.convex else [f"   In {letters}:"]
        told = (*argued(argument, PLAIN), *strongly(certificate, PLAIN))
        for number, words in enumerate(told, start=1):
            lead, space = f"{f'({number})':>6} ", " " * 7
            yield from textwrap.wrap(words, width, initial_indent=lead, subsequent_indent=space)


def compared(certificate: Certificate, verdict: Verdict) -> str:
    """What the judge looked at."""
    points = sum(step.points for step in verdict.steps if step.label[:1] == "C" and not step.path)
    said = []
    if certificate.arguments and points:
        said.append(
            "Along random lines through random points the second derivative was evaluated "
            f"{points} times: it was never negative."
        )
    tried = sum(step.points for step in verdict.steps if step.label in TESTED[:2])
    if certificate.arguments and tried:
        less = " less its quadratic part" if certificate.modulus is not None else ""
        said.append(
            f"The cost{less} was compared with {tried} chords between points near and far, and "
            "along the eigenvectors of Hessians: it lay above no chord and never bent down."
        )
    if certificate.witness is not None:
        said.append(f"The witness was evaluated in {verdict.bits}-bit {verdict.arithmetic}.")
    return " ".join(said)
