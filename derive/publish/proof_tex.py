"""The proof as a LaTeX document: a view object of ready strings, laid out by a template."""

from __future__ import annotations

from dataclasses import replace

from derive.notation.expression import Apply, Diff, Entry, Expr, Mul, Sum, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import Place, free_indices, subterms
from derive.notation.words import words
from derive.publish import Colour, latex_tensor, readable, width
from derive.publish.certificates import theorem
from derive.publish.checked import checked, subtitle
from derive.publish.environment import Body, Chain, Document, Row, Section, render, tex
from derive.publish.hypotheses import supposed
from derive.publish.indices_tex import latex_index, latex_size
from derive.publish.latex import latex, latex_lines
from derive.publish.notation_tex import cost_symbol, notation
from derive.publish.reasons import link, reason
from derive.publish.relations import SIGNS, latex_member, step_relation
from derive.record import Derivation, Proof
from derive.verdicts import Verdict

LINE = 39.0
"""The width of a line in em; the page has a little more."""
IN_WORDS = r"\emph{In words:} "
"""What no step stands behind is marked so."""
LEAD = 9.0
"""A wider left-hand side has a line of its own."""


def proof_texts(proof: Proof, verdict: Verdict) -> dict[str, str]:
    """The complete document and the body to include, by file name."""
    name = proof.problem.name
    body = render("proof_body.tex.j2", proof_body(proof, verdict))
    document = proof_document(proof, verdict, body)
    return {f"{name}.tex": render("proof.tex.j2", document), f"{name}-body.tex": body}


def proof_document(proof: Proof, verdict: Verdict, body: str) -> Document:
    """The complete document round a body that is already text."""
    title = proof.problem.title
    plain = tex(words(title).plain.replace("$", ""))
    what = _what(proof)
    shown = rf"{what} of \emph{{{tex(title)}}}" if what else tex(title)
    full = f"{what} of {plain}" if what else plain
    return Document(shown, full, subtitle(proof, verdict), body)


def _what(proof: Proof) -> str:
    """What is derived of the cost; empty for a story, which has a title of its own."""
    theorems = [p for p in proof.parts if p.kind == "theorem" and p.matrix is not None]
    told = any(p.kind == "result" for p in proof.parts)
    if told or not any(p.title.startswith("gradient") and _order(p.goal) == 1 for p in theorems):
        return ""
    if proof.problem.paths:
        return "Gradient and Hessian-vector product"
    return "Gradient and Hessian" if any(_order(p.goal) > 1 for p in theorems) else "Gradient"


def proof_body(proof: Proof, verdict: Verdict) -> Body:
    """Everything that the body shows, as ready strings."""
    shown = [part for part in proof.parts if part.kind != "definition"]
    return Body(
        tex(proof.problem.title),
        f"{proof.problem.name}-body",
        notation(proof),
        tuple(section(part, proof) for part in shown),
        theorem(proof, verdict),
        checked(proof, verdict),
        (f"{tex(proof.note)} " if proof.note else "")
        + r"The part of a line that is about to change is \textcolor{before}{orange}; what it "
        r"became is \textcolor{after}{blue}. The reason stands at the right, with the labels that "
        "it uses "
        "and with side conditions where they are needed. A line may stand for several "
        "applications of single rules; the record of this proof holds every one of them.",
    )


_NAMES = {
    "lemma": "Lemma",
    "theorem": "Theorem",
    "stable": "Rewriting for the computer",
    "result": "Result",
}


def section(part: Derivation, proof: Proof) -> Section:
    """A derivation with its statement and its chain."""
    problem = proof.problem
    wide = width(latex(part.goal)) > LEAD
    free: dict[str, list[str]] = {}
    for index in free_indices(part.goal):
        free.setdefault(latex_size(index.axis), []).append(latex_index(index))
    ranges = (rf"${', '.join(ks)} \in \{{1, \dots, {size}\}}$" for size, ks in free.items())
    of = link(part.of, problem) if part.of else ""
    heading = f"{_NAMES[part.kind]} {part.label}"
    chain = rows(part, problem, wide=wide)
    instead = readable.instead_of_chain(part, proof, len(chain))
    scope = f" Start from Theorem {of} in index notation." if of else ""
    scope += f" Fix {' and '.join(ranges)}." if free else ""
    room = LINE - 0.52 * len(heading + part.title + part.of)
    told = Chain(
        "Proof.",
        f" {instead}" if instead else scope,
        "" if wide else latex(part.goal),
        () if instead else chain,
    )
    return Section(
        heading,
        tex(part.title) + (f", rewrites {of}" if of else ""),
        f"{problem.name}.{part.label}",
        stated(part, proof, room),
        () if _as_it_stands(part) else (told,),
    )


def _as_it_stands(part: Derivation) -> bool:
    """Whether it is a formula of its own that is computed as it is."""
    own = part.kind == "stable" and not part.of
    return own and not any(step.level < 2 for step in part.steps)


def _order(e: Expr) -> int:
    """How often an entry is differentiated: 0 where `e` is something else."""
    match e:
        case Diff(Entry(), _):
            return 1
        case Diff(Diff() as inner, _):
            return _order(inner) + 1 if _order(inner) else 0
        case _:
            return 0


def stated(part: Derivation, proof: Proof, room: float) -> str:
    """The statement with what it supposes, and what a reader should take from it, in words."""
    given = " and ".join(f"${latex_member(_entry_of(t, part), t.domain)}$" for t in part.given)
    let = supposed(part, proof)
    if readable.too_long(part, proof):
        return f"{let} {readable.instead_of_formula(part)}".strip()
    text = statement(part, proof, room - width(let) - (width(given) + 2 if given else 0))
    if given and text.startswith(r"\["):
        text = f"For {given}: {text}"
    elif given:
        text = f"{text.removesuffix('.')} for {given}."
    if let and text:
        text = f"{let} {text}" if text.startswith("For") else f"{let} Then {text}"
    if not part.text:
        return text
    # Of a result the words say more than its chain, and no judge has seen them.
    mark = IN_WORDS if part.kind == "result" else ""
    return f"{text} {mark}{tex(part.text)}"


def _entry_of(tensor: Tensor, part: Derivation) -> str:
    """The entry of a letter as it first occurs in a derivation."""
    nodes = (e for line in (part.goal, part.last) for _, e in subterms(line))
    own = tuple(axis.index(s) for axis, s in zip(tensor.axes, "ijkl", strict=False))
    met = (e.indices for e in nodes if isinstance(e, Entry) and e.tensor == tensor)
    return latex(tensor[next(met, own)])


def statement(part: Derivation, proof: Proof, room: float) -> str:
    """The theorem, in `room` em or displayed: in matrix form if there is one, else goal = last.

    A rewriting of a formula that no theorem states is its own chain, and nothing more is said.
    """
    if _as_it_stands(part):
        return rf"$\displaystyle {latex(part.goal)}$, as it stands."
    if part.kind == "stable" and not part.of:
        return ""
    about = proof.part(part.of).goal if part.of else part.goal
    left, right = _left(about, proof.problem), part.matrix or part.last
    if part.matrix is None or not left:
        left, right = left if not free_indices(part.goal) else "", part.last
    text = left or _goal(about)
    sign, narrow = SIGNS[part.sign], width(text) < LINE / 2
    lines = latex_lines(right, LINE - 2 - (width(text) if narrow else 2))
    if len(lines) == 1 and width(text + lines[0]) + 2 < room:
        return rf"$\displaystyle {text} {sign} {lines[0]}$."
    broken = latex_lines(about, LINE - 2) if not left and width(text) > LINE - 2 else (text,)
    wide, joined = (r" \\ &\quad ".join(parts) for parts in (broken, lines))
    start = f"{text} &{sign} " if narrow else rf"&{wide} \\ &\quad {sign} "
    return rf"\[ \begin{{aligned}} {start}{joined}. \end{{aligned}} \]"


def _goal(goal: Expr) -> str:
    """The left-hand side; the derivative of a function of one variable with a prime."""
    match goal:
        case Diff(Apply(function, Entry(tensor, ()) as entry), wrt) if entry == wrt:
            return f"{function.latex}'({latex_tensor(tensor)})"
        case _:
            return latex(goal)


def _left(goal: Expr, problem: Problem) -> str:
    """The cost, its gradient or its Hessian as a whole; empty where the goal is none of them."""
    core, times = _product(goal, problem)
    wrts: list[Tensor] = []
    while isinstance(core, Diff):
        wrts.insert(0, core.wrt.tensor)
        core = core.body
    if core != problem.cost_definition() or len(wrts) > 2 or not all(t.axes for t in wrts):
        return ""
    several = len(problem.parameters) > 1 and bool(wrts)
    by = ", ".join(latex_tensor(t) for t in dict.fromkeys(wrts))
    nabla = ("", r"\nabla", r"\nabla^2")[len(wrts)] + (f"_{{{by}}}" if several else "")
    return f"{nabla} {cost_symbol(problem)}{times}".strip()


def _product(goal: Expr, problem: Problem) -> tuple[Expr, str]:
    """The derivative in a Hessian-vector product sum_l H_kl v_l, and the vector."""
    match goal:
        case Sum(Mul((Diff() as inner, Entry(tensor, (letter,)))), index) if (
            tensor.role == "direction" and letter == index and len(problem.parameters) == 1
        ):
            return inner, rf"\,{latex_tensor(tensor)}"
        case _:
            return goal, ""


def rows(part: Derivation, problem: Problem, *, wide: bool) -> tuple[Row, ...]:
    """The chain: each line blue where it has just changed, orange where it is about to change."""
    steps = [step for step in part.steps if step.level < 2]
    first: dict[Place, Colour] = {steps[0].where: "before"} if steps else {}
    lead = latex(part.goal, first)
    above = latex_lines(part.goal, LINE - 2, first) if wide else ()
    out = [Row("", "", "", line, "") for line in above]
    room = LINE - (0 if wide else width(lead)) - 3
    for number, step in enumerate(steps, start=1):
        following = steps[number] if number < len(steps) else None
        colours: dict[Place, Colour] = {step.became: "after"}
        if following and following.before == step.after:
            colours.setdefault(following.where, "before")
        lines = latex_lines(step.after, room, colours)
        for k, line in enumerate(lines):
            last = k == len(lines) - 1
            relation = step_relation(step.sign, number) if k == 0 else r"\hphantom{=}\quad "
            end = "." if last and following is None else ""
            left = lead if number == 1 and k == 0 and not wide else ""
            words = reason(step, problem) if last else ""
            out.append(Row("", left, relation, line + end, words))
    # Neither the first line nor the last two stand alone on a page.
    tied = {*range(max(1, len(above))), len(out) - 2, len(out) - 1}
    return tuple(replace(row, tie=r"[\nobreak]") if k in tied else row for k, row in enumerate(out))
