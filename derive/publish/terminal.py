"""The derivation as text for a terminal: one line for each equals sign, its reason at the right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.judge.wording import condition_text, domain_text
from derive.notation.expression import Apply, Element, Entry, Expr, Tensor
from derive.notation.functions import FUNCTIONS
from derive.notation.piece import spelled
from derive.notation.text import mat_text, spans, text
from derive.notation.tree import Path, Place, subterms
from derive.notation.words import words
from derive.publish.certificates import plain_theorem
from derive.publish.checked import checked
from derive.publish.hypotheses import plain_conditions, supposed_functions
from derive.publish.plain_words import plain
from derive.record import Condition, Derivation, Proof, Step
from derive.verdicts import Verdict

ORANGE, BLUE, BOLD, GREY, RESET = (
    "\x1b[38;5;172m",  # about to change, as on the page of the proof
    "\x1b[38;5;33m",  # has just changed
    "\x1b[1m",
    "\x1b[2m",
    "\x1b[0m",
)
KINDS = {
    "definition": "Definition",
    "lemma": "Lemma",
    "theorem": "Theorem",
    "stable": "Rewriting",
    "result": "Result",
}
LABELS = {"D": "definition", "L": "Lemma", "T": "Theorem", "S": "rewriting"}
NARROWEST = 60
GAP = 2
TIED = "\xa0"
"""A space at which no line is broken."""


@dataclass(frozen=True)
class Look:
    """How the text is to look: its width, whether in colour, whether with the finer steps."""

    width: int = 100
    colour: bool = False
    steps: bool = False

    def dress(self, words: str, code: str) -> str:
        """The words in a colour, where there is colour."""
        return f"{code}{words}{RESET}" if self.colour and words else words


@dataclass(frozen=True)
class _Page:
    """What every line needs to know; `names` are the words for the LaTeX of the problem."""

    look: Look
    names: Mapping[str, str]

    def plain(self, latex: str) -> str:
        return plain(latex, self.names)

    def said(self, text: str) -> str:
        """Somebody's words: text as it stands, formulas as plain text."""
        return words(text).spelled(str, self.plain)


def shown(proof: Proof, verdict: Verdict, look: Look | None = None) -> str:
    """The problem, every definition, lemma and theorem with its chain, and what was checked."""
    look = look or Look()
    look = Look(max(NARROWEST, look.width), look.colour, look.steps)
    page = _Page(look, _names(proof))
    blocks = [_opening(proof, page)]
    blocks += ["\n".join(_part(part, proof, page)) for part in proof.parts]
    if proof.certificate is not None:
        first, *more = plain_theorem(proof, look.width)
        heading = first.partition(" (")[0]
        blocks.append("\n".join((look.dress(heading, BOLD) + first.removeprefix(heading), *more)))
    sentence = page.plain(checked(proof, verdict))
    blocks.append("\n".join(textwrap.wrap(f"What was checked. {sentence}", look.width)))
    return "\n\n".join(blocks) + "\n"


def _opening(proof: Proof, page: _Page) -> str:
    problem, look = proof.problem, page.look
    lines = [look.dress(line, BOLD) for line in textwrap.wrap(page.said(problem.title), look.width)]
    for told in (problem.summary, proof.note):
        lines += textwrap.wrap(page.said(told), look.width)
    rows = [_tensor(tensor, page) for tensor in (*problem.data, *problem.parameters)]
    column = max((len(left) for left, _ in rows), default=0)
    lines.append("")
    for left, right in rows:
        start = f"  {left:<{column}}  "
        broken = textwrap.wrap(right, look.width - len(start)) or [""]
        lines += [(start + broken[0]).rstrip(), *(" " * len(start) + more for more in broken[1:])]
    return "\n".join(lines)


def _tensor(tensor: Tensor, page: _Page) -> tuple[str, str]:
    """`X (m, n)` and what it means."""
    letters = ", ".join(axis.letter for axis in tensor.axes)
    shape = f" ({letters}{',' * (len(tensor.axes) == 1)})" if tensor.axes else ""
    role = "parameters" if tensor.role == "parameter" else ""
    parts = [page.said(tensor.meaning), role, domain_text(tensor)]
    return f"{spelled(tensor.name)}{shape}", "; ".join(part for part in parts if part)


# ---------------------------------------------------------------- a derivation


def _part(part: Derivation, proof: Proof, page: _Page) -> Iterator[str]:
    """The heading with the statement, the goal, and the chain."""
    heading = f"{KINDS[part.kind]} {part.label}"
    given = " and ".join(domain_text(tensor) for tensor in part.given)
    statement = _statement(part, page) + (f" for {given}" if given else "")
    conditions = plain_conditions(part, proof)
    yield from _heading(heading, statement + (f", where {conditions}" if conditions else ""), page)
    for function in supposed_functions(part, proof):
        yield from textwrap.wrap(f"Let {page.plain(function.hypothesis)}.", page.look.width)
    if part.text:
        mark = "In words: " if part.kind == "result" else ""
        yield from textwrap.wrap(mark + page.said(part.text), page.look.width)
    yield ""
    steps = part.steps
    goal = steps[0].before if steps else part.goal
    colours = ((steps[0].where, ORANGE),) if steps else ()
    yield from _formula(" " * 9, goal, colours, "", page)
    yield from _chain(steps, (), page)


def _statement(part: Derivation, page: _Page) -> str:
    """What is shown: in matrix form where there is one."""
    title = page.said(part.title)
    if part.matrix is None or part.kind == "lemma":
        return f"({title}): {text(part.goal)} {part.sign} {_text(part.last)}"
    form = mat_text(part.matrix)
    if part.kind == "definition":
        name = part.goal.tensor.name if isinstance(part.goal, Entry) else text(part.goal)
        return f"({title}): {spelled(name)} = {form}"
    return f"{f' of {part.of}' if part.of else ''}: {title} = {form}"


def _heading(heading: str, statement: str, page: _Page) -> Iterator[str]:
    glue = " " if statement.startswith("(") else ""
    first, *more = textwrap.wrap(
        heading + glue + statement, page.look.width, subsequent_indent=" " * 9
    )
    yield page.look.dress(heading, BOLD) + first.removeprefix(heading)
    yield from more


def _chain(steps: Sequence[Step], above: tuple[int, ...], page: _Page) -> Iterator[str]:
    """A line for each step; below it, where they are wanted, the steps of which it consists."""
    for k, step in enumerate(steps):
        number = (*above, k + 1)
        name = ".".join(map(str, number))
        lead = f"{name if above else f'({name})':>{6 + 2 * len(above)}} {step.sign} "
        following = steps[k + 1] if k + 1 < len(steps) else None
        colours = [(step.became, BLUE)]
        if following and following.before == step.after and following.where != step.became:
            colours.append((following.where, ORANGE))
        # A step that is a single application of a rule is not said twice.
        single = len(step.substeps) <= 1
        reason = _reason(step, page)
        if page.look.steps and single:
            reason += f" [{step.substeps[0].rule if step.substeps else step.rule}]"
        yield from _formula(lead, step.after, tuple(colours), reason, page)
        if page.look.steps and not single:
            yield from _chain(step.substeps, number, page)


# ---------------------------------------------------------------- a line


def _formula(
    lead: str, e: Expr, places: tuple[tuple[Place, str], ...], reason: str, page: _Page
) -> Iterator[str]:
    """The formula, broken at spaces where it is too wide, and the reason at the right of its end.

    The reason stands in its own column, or at the right margin, or else below.
    """
    look = page.look
    column = look.width * 9 // 16
    line, marks = _marked(e)
    colours = _colours(line, marks, places) if look.colour else [""] * len(line)
    pieces = list(_broken(line, look.width - len(lead)))
    out: list[tuple[int, str]] = []  # visible length and text
    for k, (start, stop) in enumerate(pieces):
        head = lead if k == 0 else " " * len(lead)
        out.append((len(head) + stop - start, head + _painted(line, colours, start, stop)))
    *before, (length, last) = out
    yield from (piece for _, piece in before)
    room = look.width - length - GAP
    lines = textwrap.wrap(reason, look.width - column, break_on_hyphens=False)
    # What is tied together may be longer than the line, and then is broken all the same.
    beside = [words.replace(TIED, " ").strip() for words in lines]
    if not reason:
        yield last
    elif length + GAP > column and len(reason) <= room:
        space = " " * (look.width - length - len(reason))
        yield last + space + look.dress(reason.replace(TIED, " "), GREY)
    else:
        if length + GAP > column:
            yield last
        else:
            first, *beside = beside
            yield last + " " * (column - length) + look.dress(first, GREY)
        yield from (" " * column + look.dress(words, GREY) for words in beside)


def _text(e: Expr) -> str:
    return _marked(e)[0]


def _marked(e: Expr) -> tuple[str, dict[Path, tuple[int, int]]]:
    """The text and where its subterms stand; a scalar matrix formula goes without brackets."""
    if isinstance(e, Element) and not e.indices:
        line = mat_text(e.mat)
        return line, {(): (0, len(line))}
    return spans(e)


def _colours(
    line: str, marks: dict[Path, tuple[int, int]], places: tuple[tuple[Place, str], ...]
) -> list[str]:
    """The colour of every character; the shorter of two places that overlap lies on top."""
    found = []
    for place, code in places:
        paths = [place.path]
        if place.span is not None:
            paths = [(*place.path, k) for k in range(*place.span)]
        ends = [marks[path] for path in paths if path in marks]
        if ends:
            found.append((min(a for a, _ in ends), max(b for _, b in ends), code))
    colours = [""] * len(line)
    for start, stop, code in sorted(found, key=lambda item: item[0] - item[1]):
        colours[start:stop] = [code] * (stop - start)
    return colours


def _painted(line: str, colours: Sequence[str], start: int, stop: int) -> str:
    out, current = "", ""
    for k in range(start, stop):
        if colours[k] != current:
            out += (RESET if current else "") + colours[k]
            current = colours[k]
        out += line[k]
    return out + (RESET if current else "")


def _broken(line: str, room: int) -> Iterator[tuple[int, int]]:
    """Where the pieces of a line start and stop; a break takes the place of a space."""
    start = 0
    while len(line) - start > room:
        cut = line.rfind(" ", start + 1, start + room + 1)
        # A sign stands at the beginning of a line.
        while cut > start and line[cut - 1] in "+-*/=":
            cut = line.rfind(" ", start + 1, cut)
        stop = cut if cut > start else start + room
        yield start, stop
        start = stop + (cut > start)
    yield start, len(line)


# ---------------------------------------------------------------- reasons


def _reason(step: Step, page: _Page) -> str:
    """The words, the labels that are used, the side conditions and what discharges each."""
    said, named = page.said(step.reason).split(), []
    bare = [word.strip(",;.()") for word in said]
    for label in step.cites:
        if label not in bare:
            named.append(label)
        elif label[0] in LABELS:
            k = bare.index(label)
            said[k] = f"{LABELS[label[0]]} {said[k]}"
    reason = " ".join(said) + (f" ({', '.join(named)})" if named else "")
    return "; ".join(part for part in (reason, *_conditions(step.conditions)) if part)


def _conditions(conditions: Sequence[Condition]) -> list[str]:
    grounds: dict[str, list[str]] = {}
    for condition in conditions:
        words = condition_text(condition).replace(" ", TIED)
        found = grounds.setdefault(condition.by, [])
        if words not in found:
            found.append(words)
    return [
        f"{', '.join(found)} ({plain(by)})" if by else f"assuming {', '.join(found)}"
        for by, found in grounds.items()
    ]


def _names(proof: Proof) -> Mapping[str, str]:
    r"""The words for the LaTeX of functions and letters: \sigma is sigmoid, or a letter so named.

    The letters of the problem come last: they mean what the problem says.
    """
    problem = proof.problem
    nodes = [e for d in problem.all_definitions for _, e in subterms(d.body)]
    functions = [e.function for e in nodes if isinstance(e, Apply)]
    defined = [d.tensor for d in problem.definitions]
    letters = (*problem.data, *problem.parameters, *defined)
    names = {f.latex: f.name for f in (*FUNCTIONS, *functions)}
    return names | {t.latex: spelled(t.name) for t in letters}
