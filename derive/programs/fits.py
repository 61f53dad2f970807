"""Which solver a generated module calls, and which of its data may be sparse."""

from __future__ import annotations

from collections.abc import Sequence

from derive.certify.structure import LinearPredictor
from derive.notation.expression import Tensor
from derive.notation.facts import SPARSE
from derive.notation.problem import Problem
from derive.programs.kernel import Kernel
from derive.programs.sparse_text import only_multiplied


def by_scores(
    linear: LinearPredictor | None, problem: Problem, kernels: Sequence[Kernel]
) -> LinearPredictor | None:
    """The structure behind a fit by the scores of samples: one target besides X; None if by costs.

    A sparse X is never read row by row into dense blocks.
    """
    if linear is None or len(linear.others) != 1 or not linear.others[0].axes:
        return None
    if linear.matrix in sparse_data(problem, kernels):
        return None
    if any(kernel.name == "prediction" and len(kernel.args) > 1 for kernel in kernels):
        return None
    return linear


def sparse_data(problem: Problem, kernels: Sequence[Kernel]) -> tuple[Tensor, ...]:
    """The data declared sparse that a fit only multiplies by vectors and matrices.

    Such a matrix may be one of SciPy's, which knows products, transposition and rows.
    """
    used = [kernel for kernel in kernels if not kernel.name.startswith("hessian")]
    lines = [line.text for kernel in used for line in kernel.lines]
    return tuple(
        t
        for t in problem.data
        if SPARSE in t.facts and all(only_multiplied(t.name, text) for text in lines)
    )
