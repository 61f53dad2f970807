"""A hand-made proof of the logistic problem, on which the other tests of proofs are built."""

from derive.notation import Diff, Num, Sum, exp, log, sigmoid
from derive.notation import matrix as mx
from derive.notation.expression import Element, Expr, Tensor
from derive.notation.tree import Place, at
from derive.problems.logistic import PROBLEM, X, h, i, j, m, n, theta, y, z
from derive.record import Condition, Derivation, Proof, Step
from derive.verdicts import KernelVerdict, StepVerdict, Verdict

k, l = n.index("k"), n.index("l")
J = PROBLEM.cost_definition()
t = Tensor("t", role="constant")()
hv, yv, Xm = mx.Sym(h.tensor), mx.Sym(y), mx.Sym(X)
MINUS = mx.Scalar(Num(-1))
XT = mx.Transpose(Xm)
one_minus_h = mx.MAdd((mx.Scalar(Num(1)), mx.MMul((MINUS, hv))))


def over_m(mat: mx.Mat) -> mx.Mat:
    return mx.MMul((mx.Scalar(1 / m), mat))


gradient = over_m(mx.MatMul(XT, mx.MAdd((hv, mx.MMul((MINUS, yv))))))
hessian = over_m(mx.MatMul(XT, mx.ScaleRows(mx.MMul((hv, one_minus_h)), Xm)))
stable = over_m(
    mx.MatMul(
        XT,
        mx.ScaleRows(mx.MMul((hv, mx.MApply(sigmoid, mx.MMul((MINUS, mx.Sym(z.tensor)))))), Xm),
    )
)

PRIME = [
    Diff(sigmoid(t), t),
    Diff(1 / (1 + exp(-t)), t),
    (1 + exp(-t)) ** -2 * exp(-t),
    sigmoid(t) * (1 - sigmoid(t)),
]
LINES = [
    Diff(J, theta[k]),
    -1 / m * Sum(Diff(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), theta[k]), i),
    -1 / m * Sum((y[i] / h[i] - (1 - y[i]) / (1 - h[i])) * Diff(h[i], theta[k]), i),
    -1 / m * Sum((y[i] / h[i] - (1 - y[i]) / (1 - h[i])) * h[i] * (1 - h[i]) * X[i, k], i),
    1 / m * Sum((h[i] - y[i]) * X[i, k], i),
    Element(gradient, (k,)),
]
CURVES = [
    Diff(LINES[0], theta[l]),
    1 / m * Sum(X[i, k] * Diff(h[i], theta[l]), i),
    1 / m * Sum(h[i] * (1 - h[i]) * X[i, k] * X[i, l], i),
    Element(hessian, (k, l)),
]
BOUNDS = (Condition(h[i], "> 0", "range"), Condition(1 - h[i], "> 0", "range"))
FACTOR = Place((2, 0))

STEPS = (
    Step(LINES[0], LINES[1], "linearity", "definition of $J$; linearity",
         substeps=(Step(LINES[0], LINES[1], "unfold-J", "definition of $J$", level=2),)),
    Step(LINES[1], LINES[2], "derivative", r"chain rule, $\log'(u) = 1/u$", FACTOR, FACTOR, BOUNDS),
    Step(LINES[2], LINES[3], "lemmas", "L2", Place((2, 0, 1)), Place((2, 0), (1, 4)),
         cites=("L2",)),
    Step(LINES[3], LINES[4], "cancel", "cancel", FACTOR, Place((1, 0)),
         (Condition(theta[k], "!= 0"),), cites=("D2",)),
    Step(LINES[4], LINES[5], "matrix-form", "definition of the matrix product"),
)  # fmt: skip


def chain(lines: list[Expr], reasons: list[str]) -> tuple[Step, ...]:
    pairs = zip(lines, lines[1:], reasons, strict=False)
    return tuple(Step(a, b, "rule", reason) for a, b, reason in pairs)


PARTS = (
    Derivation("D2", "definition", "predicted probabilities", h[i],
               chain([h[i], sigmoid(z[i])], ["definition of $h$"])),
    Derivation("L1", "lemma", r"derivative of $\sigma$", PRIME[0],
               chain(PRIME, [r"definition of $\sigma$", "chain rule", "common denominator"])),
    Derivation("L2", "lemma", "derivative of $h$", Diff(h[i], theta[k]),
               chain([Diff(h[i], theta[k]), h[i] * (1 - h[i]) * X[i, k]], ["chain rule"])),
    Derivation("T2", "theorem", "gradient", LINES[0], STEPS),
    Derivation("T3", "theorem", "Hessian", CURVES[0], chain(CURVES, ["T2", "L2", "definition"])),
    Derivation("S2", "stable", "stable Hessian", CURVES[2],
               chain([CURVES[2], Element(stable, (k, l))], [r"$1-\sigma(t) = \sigma(-t)$"]),
               of="T3"),
)  # fmt: skip
PROOF = Proof(PROBLEM, PARTS)
VERDICT = Verdict(
    tuple(
        StepVerdict(part.label, path, 40, 1.5e-60, passed=True)
        for part in PARTS
        for number, step in enumerate(part.steps)
        for path in ((number,), *((number, k) for k in range(len(step.substeps))))
    ),
    (KernelVerdict("gradient", 12, 3e-16, passed=True),),
    "ball arithmetic",
    200,
    ("y in [0, 1]",),
)


def test_the_handmade_chains_hang_together() -> None:
    for part in PARTS:
        assert part.steps[0].before == part.goal
        for step, following in zip(part.steps, part.steps[1:], strict=False):
            assert step.after == following.before
        for step in part.steps:
            at(step.before, step.where)
            at(step.after, step.became)
    assert PROOF.part("D2").goal == h[i]
    assert j.axis == n
