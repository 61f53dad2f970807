"""Recognise a linear model: the mean over samples of a loss of one linear score."""

from __future__ import annotations

from derive.certify.bounds import supremum
from derive.certify.signs import jumps
from derive.certify.structure import LinearPredictor, SampleLoss
from derive.notation.domain import range_of
from derive.notation.expression import Entry, Mul, Sum, Tensor
from derive.notation.problem import Definition, Problem
from derive.notation.tree import tensors_in


def linear_predictor(problem: Problem, found: SampleLoss | None) -> LinearPredictor | None:
    """The structure of a linear model, or None where the cost has another.

    It asks for one vector parameter that enters through one score z_i = sum_j X_ij theta_j, for
    the mean over the samples, and for data that belong to the samples or are numbers.
    """
    if found is None or found.penalty is not None or len(found.indices) != 1:
        return None
    matrix, sample = _matrix(problem, found.score), found.indices[0]
    if matrix is None or found.scale != 1 / sample.axis:
        return None
    others = tuple(t for t in problem.data if t != matrix)
    if any(t.axes not in ((sample.axis,), ()) for t in others):
        return None
    # The score is the only way in which anything sees the parameter and X.
    bodies = [d.body for d in problem.definitions if d != found.score]
    if any({matrix, *problem.parameters} & set(tensors_in(body)) for body in bodies):
        return None
    loss, slope, curvature = (part.last for part in (found.loss, found.slope, found.curvature))
    definitions, z = problem.definitions, found.score.tensor
    convex = range_of(curvature, definitions).nonnegative and not any(
        jumps(f, definitions, z) for f in (loss, slope)
    )
    bound = supremum(curvature, definitions) if convex else None
    own = vars(found) | {"others": others}
    return LinearPredictor(
        **own, matrix=matrix, parameter=problem.parameters[0], convex=convex, bound=bound
    )


def _matrix(problem: Problem, score: Definition) -> Tensor | None:
    """X where the score is z_i = sum_j X_ij theta_j for the only parameter, a vector."""
    if len(problem.parameters) != 1 or len(problem.parameters[0].axes) != 1:
        return None
    theta = problem.parameters[0]
    match score.body:
        case Sum(Mul((Entry(a, ia), Entry(b, ib)))) as total if total.lower == 1:
            pair = {a: ia, b: ib}
            matrix = next((t for t in pair if t != theta), None)
            if theta not in pair or matrix is None or matrix.role != "data":
                return None
            wanted = (*score.indices, total.index)
            return matrix if pair[matrix] == wanted and pair[theta] == (total.index,) else None
    return None
