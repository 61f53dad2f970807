"""Loss, slope and curvature of one sample in the forms that the code computes: S1, S2, ..."""

from __future__ import annotations

import math
from dataclasses import replace

from derive.calculus.lemmas import functions_of
from derive.calculus.rewrite import difference
from derive.certify.structure import SampleLoss
from derive.matrices.entrywise import as_mat
from derive.matrices.form import matrix_form, spread
from derive.notation.expression import Element, Expr
from derive.notation.problem import Problem
from derive.notation.tree import free_indices
from derive.record import Derivation, Proof, Scope, Step
from derive.stabilise.choose import Form, best
from derive.stabilise.proof import described, stable_form
from derive.stabilise.shares import SHARES, share_rules
from derive.stabilise.shifts import shift_rules, shifts

Structure = SampleLoss | None


def with_sample_forms(proof: Proof, sample: Structure) -> tuple[Proof, Structure]:
    """The proof with a rewriting of each of the three, and the structure that names them."""
    if sample is None:
        return proof, None
    number = sum(part.kind == "stable" for part in proof.parts)
    # A row of scores has one loss: then there is no formula of a single score to measure.
    whole = set(sample.indices) <= set(free_indices(sample.loss.last))
    rewritten = _of_a_score if whole else _of_a_row
    made = tuple(
        rewritten(part, f"S{number + k}", sample, proof.problem)
        for k, part in enumerate((sample.loss, sample.slope, sample.curvature), start=1)
    )
    return replace(proof, parts=proof.parts + made), replace(sample, computed=made)


def _of_a_score(part: Derivation, label: str, sample: SampleLoss, problem: Problem) -> Derivation:
    found = best(part.last, problem, sample.entry)
    formula = part.last if found is None else found.formula
    steps: list[Step] = []
    if found is not None and formula != part.last:
        where, became = difference(part.last, formula)
        steps.append(Step(part.last, formula, "stable-form", found.reason, where, became))
    mat = as_mat(formula, sample.indices)
    if mat is None:
        raise TypeError(f"{part.label}: a formula of one score has no entrywise form")
    entry: Expr = Element(spread(mat, sample.indices), sample.indices)
    if entry != formula:
        where, became = difference(formula, entry)
        steps.append(Step(formula, entry, "matrix-form", "entry by entry", where, became, level=2))
    words = "" if found is None else accuracy(found)
    return Derivation(label, "stable", part.title, part.last, tuple(steps), text=words)


def _of_a_row(part: Derivation, label: str, sample: SampleLoss, problem: Problem) -> Derivation:
    """A row's loss has the letters of the row alone; its derivatives have those of a score."""
    order = sample.indices[:-1] if part is sample.loss else sample.indices
    made, scope = shifts(problem), Scope(problem.definitions)
    rules = (*share_rules(made), *shift_rules(made))
    steps = stable_form(part.last, order, functions_of(problem), scope, rules)
    words = described(steps, tuple(rule for rule in rules if rule not in SHARES))
    words += EXACTLY if words else ""
    steps = steps or matrix_form(part.last, order, scope)
    return Derivation(label, "stable", part.title, part.last, steps, text=words)


EXACTLY = " What rounding takes from a lowered exponent is put back."


def accuracy(form: Form) -> str:
    """The figure of a form, in words."""
    found = form.error
    if found.wrong:
        return (
            f"At {found.wrong} of the samples tried the value is not to be trusted; elsewhere "
            f"the largest error is {_digits(found.worst)} units in the last place."
        )
    return (
        f"The largest error over the samples tried is {_digits(found.worst)} units in the last "
        "place of a double, where every function is rounded correctly."
    )


def _digits(value: float) -> str:
    if value < 100:
        return f"{value:.1f}"
    if value == math.inf:  # units of the last place of the smallest numbers
        return r"above $10^{308}$"
    power = len(str(int(value))) - 1
    return rf"${value / 10**power:.0f} \cdot 10^{{{power}}}$"
