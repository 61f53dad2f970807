"""What is known of a cost's convexity: a proof, a proof for single parameters, or a witness."""

from __future__ import annotations

from dataclasses import replace

from derive.certify.bounds import supremum
from derive.certify.convexity import Composer
from derive.certify.line import along_a_line
from derive.certify.shapes import Shape
from derive.certify.strong import modulus
from derive.certify.structure import LinearPredictor
from derive.certify.witness import find_witness
from derive.notation.expression import ZERO, Diff, Num, Tensor
from derive.notation.interval import REAL
from derive.notation.problem import Problem
from derive.notation.tree import tensors_in
from derive.record import Argument, Certificate, Derivation, Reason, Step

CONVEX = ("convex", "affine", "constant")
"""The shapes that are convex."""

QUICK = 2
"""So many searches for a witness come before the longer attempts at a proof."""


def certified(
    problem: Problem, linear: LinearPredictor | None = None
) -> tuple[Certificate, LinearPredictor | None]:
    """The certificate, and the linear predictor with what the certificate says of it.

    A cost that is the mean of a loss of one score is convex, whatever the samples are, exactly
    if the loss is convex in the score: so the two certificates are one.
    """
    certificate = _certificate(problem, linear)
    if linear is None:
        return certificate, None
    bound = linear.bound
    if certificate.convex and not linear.convex:
        bound = supremum(linear.curvature.last, problem.definitions)
    linear = replace(linear, convex=certificate.convex, bound=bound)
    return replace(certificate, bounded=_bounded(linear)), linear


def _bounded(linear: LinearPredictor) -> Derivation | None:
    """That the curvature of a sample stays below its bound, for every score and all labels."""
    if linear.bound is None:
        return None
    curvature, z = linear.curvature.last, linear.entry
    goal = Diff(Diff(linear.loss.last, z), z)
    steps = (
        Step(goal, curvature, "curvature", "the second derivative"),
        Step(curvature, Num(linear.bound), "bound", "by ranges", sign="<="),
    )
    return Derivation("C2", "theorem", "largest curvature", goal, steps, given=(z.tensor,))


def _certificate(problem: Problem, linear: LinearPredictor | None) -> Certificate:
    moving = problem.parameters
    composer = Composer(problem, moving)
    by_score = _by_linear(linear)
    found = Shape("convex", by_score) if by_score else composer.composed(problem.cost)
    if found.kind not in CONVEX:
        line = along_a_line(problem, moving)
        witness = find_witness(problem, line, stop=QUICK)
        if witness is None and not found.known:
            found = composer.shape(problem.cost)
        if witness is None and found.kind not in CONVEX:
            witness = find_witness(problem, line, start=QUICK)
        if witness is not None:
            return Certificate("not convex", _blocks(problem), witness=witness)
    if found.kind in CONVEX:
        argument = _argument(problem, moving, found, composer, "C1")
        return Certificate("convex", (argument,), modulus(problem, composer))
    return Certificate("not certified", _blocks(problem))


def _by_linear(linear: LinearPredictor | None) -> tuple[Reason, ...]:
    """The argument by the curvature of one sample, whose equalities are judged already."""
    if linear is None or not linear.convex:
        return ()
    z = linear.score.tensor[linear.sample]
    words = "As a function of {1} alone, the loss {0} has the second derivative {2}, never negative"
    used = tensors_in(linear.curvature.last)
    assumes = tuple(t for t in linear.others if t in used and t.domain != REAL)
    formulas = [linear.loss.last, z, linear.curvature.last]
    return (
        Reason("affine", "{0} is affine in the parameters.", (z,)),
        Reason("one-score", f"{words}; so it is convex in {{1}}.", tuple(formulas), assumes),
        Reason("mean", "A mean of convex functions of affine functions is convex."),
    )


def _blocks(problem: Problem) -> tuple[Argument, ...]:
    """The parameters in which the cost is convex while the others stand still."""
    if len(problem.parameters) < 2:
        return ()
    found = []
    for number, p in enumerate(problem.parameters, start=1):
        composer = Composer(problem, (p,))
        shape = composer.composed(problem.cost)
        if not shape.known:
            witness = find_witness(problem, along_a_line(problem, (p,)), stop=QUICK)
            shape = shape if witness is not None else composer.shape(problem.cost)
        if shape.kind in CONVEX:
            found.append(_argument(problem, (p,), shape, composer, f"C{number}"))
    return tuple(found)


def _argument(
    problem: Problem, moving: tuple[Tensor, ...], shape: Shape, composer: Composer, label: str
) -> Argument:
    """The reasons, and the claims that can be compared with numbers."""
    line = along_a_line(problem, moving)
    step = Step(line.curvature, ZERO, "convexity", "by the argument", sign=">=")
    claim = Derivation(label, "theorem", "convex along every line", line.curvature, (step,))
    scores = composer.claims(shape.reasons, label)
    claims: list[tuple[Problem, tuple[Derivation, ...]]] = [(line.problem, (claim,))]
    if scores:
        named = replace(
            problem,
            data=(*problem.data, *composer.directions),
            definitions=(*problem.definitions, *composer.named),
        )
        claims.append((named, scores))
    return Argument(moving, shape.reasons, tuple(claims))
