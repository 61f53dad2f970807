"""Loss, slope and curvature of one sample in the forms that the code computes: S1, S2, ..."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.rewrite import difference
from derive.matrices.entrywise import as_mat
from derive.matrices.form import spread
from derive.notation.expression import Element, Expr
from derive.notation.problem import Problem
from derive.record import Derivation, LinearPredictor, Proof, Step
from derive.stabilise.choose import Form, best


def with_sample_forms(
    proof: Proof, linear: LinearPredictor | None
) -> tuple[Proof, LinearPredictor | None]:
    """The proof with a rewriting of each of the three, and the structure that names them."""
    if linear is None:
        return proof, None
    number = sum(part.kind == "stable" for part in proof.parts)
    made = tuple(
        _rewritten(part, f"S{number + k}", linear, proof.problem)
        for k, part in enumerate((linear.loss, linear.slope, linear.curvature), start=1)
    )
    return replace(proof, parts=proof.parts + made), replace(linear, computed=made)


def _rewritten(
    part: Derivation, label: str, linear: LinearPredictor, problem: Problem
) -> Derivation:
    found = best(part.last, problem, linear.score.tensor[linear.sample])
    formula = part.last if found is None else found.formula
    steps: list[Step] = []
    if found is not None and formula != part.last:
        where, became = difference(part.last, formula)
        steps.append(Step(part.last, formula, "stable-form", found.reason, where, became))
    mat = as_mat(formula, (linear.sample,))
    if mat is None:
        raise TypeError(f"{part.label}: a formula of one sample has no entrywise form")
    entry: Expr = Element(spread(mat, (linear.sample,)), (linear.sample,))
    if entry != formula:
        where, became = difference(formula, entry)
        steps.append(Step(formula, entry, "matrix-form", "entry by entry", where, became, level=2))
    words = "" if found is None else accuracy(found)
    return Derivation(label, "stable", part.title, part.last, tuple(steps), text=words)


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
    power = len(str(int(value))) - 1
    return rf"${value / 10**power:.0f} \cdot 10^{{{power}}}$"
