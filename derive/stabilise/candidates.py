"""The forms among which the stable one of a score's formula is chosen, the plainest first."""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.lemmas import functions_of
from derive.calculus.quotients import terms_of
from derive.notation.expression import Entry, Expr, Tensor
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import replace_tensor, size, tensors_in
from derive.record import Scope
from derive.stabilise.algebraic_forms import (
    algebraic_forms,
    algebraic_parts,
    spread,
    squares_in_logs,
)
from derive.stabilise.cells import merged
from derive.stabilise.distributions import at_the_root
from derive.stabilise.exponential_forms import exponential_forms
from derive.stabilise.exponentials import contains, exponentials
from derive.stabilise.factorwise import common_exponential, factorwise, powers_written
from derive.stabilise.halves import halved
from derive.stabilise.identities import stable_steps
from derive.stabilise.letters import moves
from derive.stabilise.positive import REASON as CORNERS
from derive.stabilise.positive import in_corners
from derive.stabilise.roots import roots_apart, scales_out
from derive.stabilise.tails import REASON as TAIL
from derive.stabilise.tails import tail_apart
from derive.stabilise.tangents import at_double_root


@dataclass(frozen=True)
class Candidate:
    """A formula equal to the one that is looked at, and the reason; "" for that one itself."""

    formula: Expr
    reason: str


IN_T = (
    r"with $T = e^{-|u|}$ for the exponent $u$: $\log(1+e^{u}) = \max(u, 0) + \log(1 + T)$; "
    r"collected"
)
BALANCED = (
    r"for the exponent $u$: $e^{u} = e^{\min(u, 0)}/e^{-\max(u, 0)}$, cancelled; where a "
    r"difference may vanish, by $e^{t} = 1 + \operatorname{expm1}(t)$"
)
LIMITED = r"for the residual $r$: $r = \operatorname{clamp}(r) \max(|r|, 1)$, cancelled"
SCALES = r"$\sqrt{1 + (v/s)^2} = \sqrt{s^2 + v^2}/s$"
ROOTS = r"$\sqrt{x}^3 = x\sqrt{x}$"
FACTORS = (
    r"factor by factor with $T = e^{-|u|}$ for the exponent $u$; "
    r"$\sigma(u)^g = e^{-g\log(1+e^{-u})}$"
)
COMMON = r"near its root with the common factor: $ae^{u} + be^{v} = e^{v}(ae^{u-v} + b)$"
TANGENT = r"about its double root $u = 1$: $e^{u} = e + e\operatorname{expm1}(u-1)$"
CENTRED = r"about $F(0)$: $(\log F)' = F'/F$, $-(\log(1-F))' = F'/(1-F)$ over $F(1-F)$"
SQUARES = r"$1 + ct^2 = 1 + (\sqrt c\, t)^2$"
LARGEST = 250
"""Nodes of a formula beyond which no other forms are sought: SymPy's factors would take long."""

HALVED = r"; $ce^{t} = e^{t/2}\,c\,e^{t/2}$, $ct^2 = ct \cdot t$"


def candidates(e: Expr, problem: Problem, score: Tensor) -> tuple[Candidate, ...]:
    """Formulas equal to `e`, the plainest first."""
    steps = stable_steps(e, functions_of(problem), Scope(problem.definitions))
    plain = steps[-1].after if steps else e
    found = [Candidate(e, ""), *(Candidate(plain, step.reason) for step in steps[-1:])]
    letter, written = in_one_letter(e, problem, score)
    whole = _data_unfolded(written, problem, letter)
    if size(whole) > LARGEST:
        return tuple(found)
    for form in dict.fromkeys((written, whole)):
        for in_powers in exponentials(form, letter):
            found += [Candidate(f, IN_T) for f in merged(in_powers)]
            found += [Candidate(f, BALANCED) for f in exponential_forms(in_powers)]
            for usual in (plain, form):
                double = at_double_root(in_powers, letter, usual)
                found += [] if double is None else [Candidate(double, TANGENT)]
    for form in dict.fromkeys((written, whole, in_one_letter(plain, problem, score)[1])):
        made = (*algebraic_forms(form, letter), algebraic_parts(form, letter))
        found += [Candidate(spread(f), LIMITED) for f in made if f != form]
    for form in dict.fromkeys((written, whole, in_one_letter(plain, problem, score)[1])):
        apart = powers_written(factorwise(form, letter))
        found += [Candidate(apart, FACTORS)] if apart != form else []
        shared = common_exponential(form, letter)
        found += [] if shared is None else [Candidate(shared, COMMON)]
    for form in dict.fromkeys((e, plain)):
        found += [Candidate(f, CENTRED) for f in at_the_root(form, letter)]
    found += [Candidate(squares_in_logs(c.formula), c.reason or SQUARES) for c in found]
    found += [Candidate(scales_out(c.formula), c.reason or SCALES) for c in found]
    found += [Candidate(roots_apart(c.formula), c.reason or ROOTS) for c in found]
    found.append(Candidate(written, "the definitions written out"))
    found += [
        Candidate(f, f"{c.reason}; {CORNERS}".removeprefix("; "))
        for c in found
        if (f := in_corners(c.formula)) != c.formula
    ]
    tails = [(tail_apart(c.formula), c.reason) for c in found]
    found += [Candidate(halved(c.formula), (c.reason + HALVED).removeprefix("; ")) for c in found]
    found += [
        Candidate(f, f"{why}; {TAIL}".removeprefix("; ")) for f, why in tails if f is not None
    ]
    first: dict[Expr, Candidate] = {}
    for c in found:
        first.setdefault(c.formula, c)
    return tuple(first.values())


def in_one_letter(e: Expr, problem: Problem, score: Tensor) -> tuple[Tensor, Expr]:
    """`e` in the score, or in a definition that is linear in the score: residuals, margins."""
    kept = unfolded(e, problem, score, keep_linear=True)
    moving = [t for t in tensors_in(kept) if moves(t, problem, score)]
    if len(moving) == 1:
        return moving[0], kept
    return score, unfolded(e, problem, score)


def unfolded(e: Expr, problem: Problem, score: Tensor, *, keep_linear: bool = False) -> Expr:
    """The formula with definitions through which the score enters written out, but not its own."""

    def body(entry: Entry) -> Expr | None:
        definition = definition_of(entry.tensor, problem.definitions)
        if definition is None or entry.tensor == score or not moves(entry.tensor, problem, score):
            return None
        inside = unfolded(definition.at(entry), problem, score, keep_linear=keep_linear)
        if keep_linear and _linear(inside, score):
            return None
        return inside

    return replace_tensor(e, body)


def _data_unfolded(e: Expr, problem: Problem, letter: Tensor) -> Expr:
    """The formula with definitions of data alone written out too."""

    def body(entry: Entry) -> Expr | None:
        definition = definition_of(entry.tensor, problem.definitions)
        if definition is None or entry.tensor == letter or moves(entry.tensor, problem, letter):
            return None
        return _data_unfolded(definition.at(entry), problem, letter)

    return replace_tensor(e, body)


def _linear(e: Expr, score: Tensor) -> bool:
    """Whether the formula is a + b z for a and b without z."""
    entries = [n for n in tensors_in(e) if n == score]
    if not entries:
        return False
    letter = next(node for node in _entries(e) if node.tensor == score)
    found = terms_of(e, (letter,))
    return found is not None and all(k <= 1 for (k,) in found) and not any(
        contains(c, score) for c in found.values()
    )  # fmt: skip


def _entries(e: Expr) -> list[Entry]:
    found: list[Entry] = []

    def note(entry: Entry) -> None:
        found.append(entry)

    replace_tensor(e, note)
    return found
