"""What a page writes out of second derivatives: what can be read; the record holds everything.

An expanded Hessian may fill many lines, and the chain behind it pages. What is left out is
chosen by the printed size alone.
"""

from __future__ import annotations

from derive.notation.expression import Diff, Expr, Tensor
from derive.notation.tree import tensors_in
from derive.publish import width
from derive.publish.latex import latex, latex_mat
from derive.publish.reasons import link
from derive.record import Derivation, Proof

LONGEST = 78.0
"""The width of a formula in em beyond which it is not written out: two lines of a page."""
MOST_LINES = 20
"""The printed lines of a chain beyond which it is not written out: half a page."""


def too_long(part: Derivation, proof: Proof) -> bool:
    """Whether a second derivative in matrix form is too long to be read."""
    return (
        _second_order(part, proof)
        and part.matrix is not None
        and width(latex_mat(part.matrix)) > LONGEST
    )


def instead_of_formula(part: Derivation) -> str:
    """What stands in the place of a formula that is too long."""
    count = round(width(latex_mat(part.matrix)) / LONGEST * 2) if part.matrix is not None else 0
    rest = "stands in the record of this proof, and the generated module computes it."
    if any(t.role == "direction" for t in tensors_in(part.goal)) and not part.of:
        sums = r"$\displaystyle " + latex(part.goal) + "$"
        return f"It is {sums}. Written out, it fills about {count} lines; this form {rest}"
    return f"The formula fills about {count} lines; it {rest}"


def instead_of_chain(part: Derivation, proof: Proof, lines: int) -> str:
    """Why the chain behind a second derivative is left to the record; empty where it is not."""
    if not _second_order(part, proof):
        return ""
    steps = sum(step.level < 2 for step in part.steps)
    twin = _mirrored(part, proof)
    if twin is not None:
        of = link(twin.label, proof.problem)
        return f"The chain mirrors that of Theorem {of}; it stands in the record of this proof."
    if lines > MOST_LINES or too_long(part, proof):
        return f"The {steps} steps stand in the record of this proof, each with its reason."
    return ""


def _second_order(part: Derivation, proof: Proof) -> bool:
    """Whether it is a block of a Hessian, a product with a direction, or a rewriting of one."""
    if part.kind not in ("theorem", "stable"):
        return False
    goal = proof.part(part.of).goal if part.of else part.goal
    return _wrts(goal) is not None or any(t.role == "direction" for t in tensors_in(goal))


def _wrts(goal: Expr) -> tuple[Tensor, Tensor] | None:
    match goal:
        case Diff(Diff(_, row), column):
            return row.tensor, column.tensor
    return None


def _mirrored(part: Derivation, proof: Proof) -> Derivation | None:
    """The block with the two parameters exchanged, if it stands before this one."""
    own = _wrts(part.goal)
    if part.kind != "theorem" or own is None or own[0] == own[1]:
        return None
    earlier = proof.parts[: proof.parts.index(part)]
    twins = (p for p in earlier if p.kind == "theorem" and _wrts(p.goal) == own[::-1])
    return next(twins, None)
