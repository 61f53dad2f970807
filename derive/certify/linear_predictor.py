"""Recognise a mean over samples of a loss of one linear score, from the formulas alone."""

from __future__ import annotations

from derive.calculus.algebra import ABSORB_SIGN, ARITHMETIC, FACTOR_ORDER, SIMPLIFY
from derive.calculus.dependence import depends
from derive.calculus.differentiate import Calculus
from derive.calculus.polynomial import shortest
from derive.calculus.rewrite import Line, run
from derive.certify.bounds import supremum
from derive.certify.signs import jumps
from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    Axis,
    Delta,
    Diff,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Product,
    Sum,
    Tensor,
    mul,
)
from derive.notation.problem import Definition, Problem, definition_of
from derive.notation.tree import free_indices, reindex, subterms, tensors_in
from derive.record import Derivation, LinearPredictor, Scope, Step

TIDY = Line("tidy", (ABSORB_SIGN, SIMPLIFY), quiet=(ARITHMETIC, FACTOR_ORDER))


def linear_predictor(problem: Problem, calculus: Calculus) -> LinearPredictor | None:
    """The structure of a linear model, or None where the cost has another.

    It asks for one vector parameter that enters through one score z_i = sum_j X_ij theta_j, and
    a cost that is a multiple of 1/m times one sum over the samples of data and of definitions
    of that sample.
    """
    score = _score(problem)
    if score is None or not calculus.hessians:
        return None
    matrix, definition = score
    theta, sample = problem.parameters[0], definition.indices[0]
    # The score is the only way in which the cost sees the parameter and X.
    others = tuple(t for t in problem.data if t != matrix)
    if any(t.axes not in ((sample.axis,), ()) for t in others):
        return None
    if not _only_through(problem, definition):
        return None
    loss = _mean_of(problem.cost, sample)
    slope = _mean_of(calculus.gradients[0].last, sample, (matrix,))
    curvature = _mean_of(calculus.hessians[0].last, sample, (matrix, matrix))
    if loss is None or slope is None or curvature is None:
        return None
    scope = Scope(problem.definitions)
    z = Entry(definition.tensor, (sample,))
    loss, slope, curvature = (_tidy(e, scope) for e in (loss, slope, curvature))
    if not all(_of_one_sample(e, definition, problem) for e in (loss, slope, curvature)):
        return None
    said = tuple(
        Derivation(label, "definition", title, goal, (_said(goal, value),))
        for label, title, goal, value in (
            ("loss", "loss of one sample", loss, loss),
            ("slope", "its derivative by the score", Diff(loss, z), slope),
            ("curvature", "its second derivative by the score", Diff(slope, z), curvature),
        )
    )
    mean = 1 / sample.axis * Sum(loss, sample)
    claims = (
        Derivation("P1", "theorem", "the cost is the mean of the losses", problem.cost,
                   (_said(problem.cost, mean),)),
        *said[1:],
    )  # fmt: skip
    curved = range_of(curvature, problem.definitions).nonnegative
    convex = curved and not any(
        jumps(f, problem.definitions, definition.tensor) for f in (loss, slope)
    )
    bound = supremum(curvature, problem.definitions) if convex else None
    return LinearPredictor(
        matrix, theta, definition, sample, others, said[0], said[1], said[2], claims, convex, bound
    )


def _said(before: Expr, after: Expr) -> Step:
    """An equality that is read off, for the judge to check."""
    return Step(before, after, "read-off", "read off the formula")


def _tidy(e: Expr, scope: Scope) -> Expr:
    steps = run(e, (TIDY,), scope)
    return steps[-1].after if steps else e


def _score(problem: Problem) -> tuple[Tensor, Definition] | None:
    """The data matrix and the definition of z_i = sum_j X_ij theta_j."""
    if len(problem.parameters) != 1 or len(problem.parameters[0].axes) != 1:
        return None
    theta = problem.parameters[0]
    for definition in problem.definitions:
        match definition.body:
            case Sum(Mul((Entry(a, ia), Entry(b, ib)))) as total if total.lower == 1:
                pair = {a: ia, b: ib}
                matrix = next((t for t in pair if t != theta), None)
                if theta not in pair or matrix is None or matrix.role != "data":
                    continue
                wanted = (*definition.indices, total.index)
                if pair[matrix] == wanted and pair[theta] == (total.index,):
                    return matrix, definition
    return None


def _only_through(problem: Problem, score: Definition) -> bool:
    """Whether no other formula names the parameter or the matrix."""
    hidden = {problem.parameters[0], *(t for t in tensors_in(score.body))}
    bodies = [d.body for d in problem.definitions if d != score] + [problem.cost]
    one_sample = all(
        len(d.indices) == 1 and free_indices(d.body) in (d.indices, ())
        for d in problem.definitions
        if depends(d.body, problem.parameters[0], problem.definitions)
    )
    return one_sample and not any(hidden & set(tensors_in(body)) for body in bodies)


def _of_one_sample(e: Expr, score: Definition, problem: Problem) -> bool:
    """Whether a value belongs to its sample alone: no size, no sum, no position, nor behind it.

    A loss that knows the number of rows would change with the rows that it is given beside its
    own, and weights would no longer be repetitions.
    """
    for _, node in subterms(e):
        if isinstance(node, Axis | Sum | Product | Delta | Indicator):
            return False
        if isinstance(node, Entry) and any(k.shift for k in node.indices):
            return False
        if isinstance(node, Entry) and node.tensor != score.tensor:
            definition = definition_of(node.tensor, problem.definitions)
            if definition is not None and not _of_one_sample(definition.body, score, problem):
                return False
    return True


def _mean_of(e: Expr, sample: Index, matrices: tuple[Tensor, ...] = ()) -> Expr | None:
    """f where e = (1/m) sum_i f_i X_ik X_il, with the entries of `matrices` taken away."""
    factors = e.args if isinstance(e, Mul) else (e,)
    sums = [f for f in factors if isinstance(f, Sum)]
    outer = [f for f in factors if not isinstance(f, Sum)]
    if len(sums) != 1 or sums[0].index.axis != sample.axis or sums[0].lower != 1:
        return None
    body = sums[0].body
    inner = list(body.args if isinstance(body, Mul) else (body,))
    for matrix in matrices:
        entry = next((f for f in inner if isinstance(f, Entry) and f.tensor == matrix), None)
        if entry is None:
            return None
        inner.remove(entry)
    number = shortest(mul(sample.axis, *outer))
    if free_indices(number) or any(isinstance(node, Sum) for f in inner for _, node in subterms(f)):
        return None
    if any(set(free_indices(f)) - {sums[0].index} for f in inner):
        return None
    rest = mul(*([] if number == ONE else [number]), *inner)
    return reindex(rest, {sums[0].index: sample})
