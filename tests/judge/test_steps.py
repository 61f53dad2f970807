"""True steps pass and false ones are refuted, by both arithmetics."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.judge import FloatArithmetic, best_arithmetic, judge
from derive.notation import Diff, Num, Sum, exp, log
from derive.notation import tree as tr
from derive.notation.expression import (
    Add,
    Delta,
    Element,
    Entry,
    Expr,
    Indicator,
    Mul,
    Pow,
    expr,
    negative,
)
from derive.notation.matrix import (
    Diag,
    Dot,
    Einsum,
    Identity,
    MAdd,
    MApply,
    Mask,
    MatMul,
    MMul,
    Ones,
    Outer,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Transpose,
)
from derive.notation.problem import Definition
from derive.notation.tree import children, rebuild, subterms
from tests.judge.cases import (
    J,
    S,
    X,
    h,
    i,
    i2,
    j,
    k,
    l,
    m,
    n,
    proof,
    rate,
    refuted,
    step,
    theta,
    w,
    y,
    z,
)

ARITHMETICS = [best_arithmetic(), FloatArithmetic(200)]
x, t, q = Sym(X), Sym(theta), Sym(S)
residual = MAdd((Sym(z.tensor), MMul((Scalar(Num(Fraction(-1))), Sym(y)))))
weighted = MMul((Sym(w), residual))


def el(mat, *indices) -> Element:
    return Element(mat, indices)


TRUE = {
    "gradient": (Diff(J(), theta[k]), 1 / m * Sum((z[i] - y[i]) * X[i, k], i)),
    "matrix gradient": (
        1 / m * Sum((z[i] - y[i]) * X[i, k], i),
        el(MMul((Scalar(1 / m), MatMul(Transpose(x), residual))), k),
    ),
    "hessian": (
        Diff(Diff(J(), theta[k]), theta[l]),
        1 / m * Sum(X[i, k] * X[i, l], i),
    ),
    "curvature": (
        Diff(Sum(y[i] * log(h[i]), i), theta[k]),
        Sum(y[i] * (1 - h[i]) * X[i, k], i),
    ),
    "product rule": (
        Diff(z[i] * h[i], theta[k]),
        Diff(z[i], theta[k]) * h[i] + z[i] * Diff(h[i], theta[k]),
    ),
    "chain rule": (
        Diff(log(w[i] + z[i] ** 2), theta[k]),
        (w[i] + z[i] ** 2) ** -1 * (2 * z[i]) * X[i, k],
    ),
    "delta leaves its range": (Sum(theta[j] * Delta(j, k), (j, 2, n)), theta[k] * Indicator(k, 2)),
    "penalty": (
        Diff(rate() / 2 * Sum(theta[j] ** 2, (j, 2, n)), theta[k]),
        rate() * Indicator(k, 2) * theta[k],
    ),
    "delta picks": (Sum(S[j, l] * Delta(l, k), l), S[j, k]),
    "two letters": (
        Sum(X[i, j] * X[i, k] * w[i], i),
        el(MatMul(Transpose(x), ScaleRows(Sym(w), x)), j, k),
    ),
}

FALSE = {
    "sign": ("gradient", -1 / m * Sum((z[i] - y[i]) * X[i, k], i)),
    "sign inside": ("gradient", 1 / m * Sum((z[i] + y[i]) * X[i, k], i)),
    "swapped difference": ("gradient", 1 / m * Sum((y[i] - z[i]) * X[i, k], i)),
    "no mean": ("gradient", Sum((z[i] - y[i]) * X[i, k], i)),
    "mean over the wrong axis": ("gradient", 1 / n * Sum((z[i] - y[i]) * X[i, k], i)),
    "factor two": ("gradient", 2 / m * Sum((z[i] - y[i]) * X[i, k], i)),
    "inner derivative lost": ("gradient", 1 / m * Sum(z[i] - y[i], i)),
    "sigmoid for the score": ("gradient", 1 / m * Sum((h[i] - y[i]) * X[i, k], i)),
    "sum from 2": ("gradient", 1 / m * Sum((z[i] - y[i]) * X[i, k], (i, 2, m))),
    "summed letter": ("gradient", 1 / m * Sum((z[i] - y[i]) * Sum(X[i, k], k), i)),
    "no transpose": (
        "matrix gradient",
        el(MMul((Scalar(1 / m), MatMul(x, residual))), k),
    ),
    "weights": (
        "matrix gradient",
        el(MMul((Scalar(1 / m), MatMul(Transpose(x), weighted))), k),
    ),
    "ones": ("matrix gradient", el(MMul((Scalar(1 / m), MatMul(Transpose(x), Ones(m)))), k)),
    "scale": ("matrix gradient", el(MatMul(Transpose(x), residual), k)),
    "hessian with one factor": ("hessian", 1 / m * Sum(X[i, k], i)),
    "hessian with equal letters": ("hessian", 1 / m * Sum(X[i, k] * X[i, k], i)),
    "hessian on the diagonal": ("hessian", 1 / m * Delta(k, l) * Sum(X[i, k] * X[i, l], i)),
    "hessian with weights": ("hessian", 1 / m * Sum(X[i, k] * w[i] * X[i, l], i)),
    "complement": ("curvature", Sum(y[i] * h[i] * X[i, k], i)),
    "square": ("curvature", Sum(y[i] * (1 - h[i]) ** 2 * X[i, k], i)),
    "one too many": ("curvature", Sum(y[i] * (2 - h[i]) * X[i, k], i)),
    "first term alone": ("product rule", Diff(z[i], theta[k]) * h[i]),
    "product of derivatives": ("product rule", Diff(z[i], theta[k]) * Diff(h[i], theta[k])),
    "minus": ("product rule", Diff(z[i], theta[k]) * h[i] - z[i] * Diff(h[i], theta[k])),
    "by the wrong letter": (
        "product rule",
        Diff(z[i], theta[k]) * h[i] + z[i] * Diff(h[i], y[i]) * theta[k],
    ),
    "exponent": ("chain rule", (w[i] + z[i] ** 2) ** -2 * (2 * z[i]) * X[i, k]),
    "exponent inside": ("chain rule", (w[i] + z[i] ** 3) ** -1 * (2 * z[i]) * X[i, k]),
    "no inner derivative": ("chain rule", (w[i] + z[i] ** 2) ** -1 * X[i, k]),
    "delta for one": ("delta leaves its range", theta[k]),
    "indicator off by one": ("delta leaves its range", theta[k] * Indicator(k, 3)),
    "indicator of everything": ("penalty", rate() * Indicator(k, 1) * theta[k]),
    "mask off by one": ("penalty", rate() * Indicator(k, 3) * theta[k]),
    "delta for an indicator": ("delta picks", Sum(S[j, l] * Indicator(l, 1) * S[l, k], l)),
    "wrong letter kept": ("delta picks", S[j, j] + 0 * theta[k]),
    "delta dropped": ("delta picks", Sum(S[j, l], l) + 0 * theta[k]),
    "columns for rows": (
        "two letters",
        el(MatMul(Transpose(ScaleCols(x, t)), x), j, k),
    ),
    "gram the other way": ("two letters", el(MatMul(x, ScaleCols(Transpose(x), Sym(w))), i, i2)),
    "weights squared": (
        "two letters",
        el(MatMul(Transpose(ScaleRows(Sym(w), x)), ScaleRows(Sym(w), x)), j, k),
    ),
    "identity": ("two letters", el(Identity(n), j, k)),
    "outer": ("two letters", el(Outer(t, t), j, k)),
}

MATRIX = {
    "dot": (Sum(y[i] * w[i], i), el(Dot(Sym(y), Sym(w)))),
    "squared norm": (Sum(X[i, j] ** 2, i, j), el(Dot(x, x))),
    "outer": (y[i] * theta[j], el(Outer(Sym(y), t), i, j)),
    "transpose": (X[i, j], el(Transpose(x), j, i)),
    "diag": (w[i] * Delta(i, i2), el(Diag(Sym(w)), i, i2)),
    "mask": (Indicator(k, 2) * theta[k], el(MMul((Mask(n, 2), t)), k)),
    "apply": (exp(z[i]), el(MApply(exp, Sym(z.tensor)), i)),
    "quadratic form": (Sum(theta[j] * S[j, k] * theta[k], j, k), el(Dot(t, MatMul(q, t)))),
    "einsum": (
        Sum(X[i, j] * X[i, k] * X[i, l], i),
        el(Einsum(((x, ("a", "b")), (x, ("a", "c")), (x, ("a", "d"))),
                  (("a", m), ("b", n), ("c", n), ("d", n)), ("b", "c", "d")), j, k, l),
    ),
}  # fmt: skip

MATRIX_FALSE = {
    "dot as square": ("dot", el(Dot(Sym(y), Sym(y)))),
    "dot of sums": ("dot", el(MMul((Dot(Sym(y), Ones(m)), Dot(Sym(w), Ones(m)))))),
    "norm of the gram": ("squared norm", el(Dot(MatMul(Transpose(x), x), Identity(n))) * 2),
    "norm unsquared": ("squared norm", Sum(X[i, j], i, j)),
    "outer as sum": ("outer", y[i] + theta[j]),
    "outer with weights": ("outer", el(Outer(Sym(w), t), i, j)),
    "transposed gram": ("transpose", el(Outer(Sym(y), t), i, j)),
    "diag of squares": ("diag", el(Diag(MMul((Sym(w), Sym(w)))), i, i2)),
    "diag as outer": ("diag", el(Outer(Sym(w), Ones(m)), i, i2)),
    "mask from 1": ("mask", el(MMul((Mask(n, 1), t)), k)),
    "mask from 3": ("mask", el(MMul((Mask(n, 3), t)), k)),
    "mask as ones": ("mask", el(MMul((Ones(n), t)), k)),
    "apply to another": ("apply", el(MApply(exp, Sym(h.tensor)), i)),
    "linear form": ("quadratic form", el(Dot(t, t))),
    "half": ("quadratic form", el(MMul((Scalar(expr(Fraction(1, 2))), Dot(t, MatMul(q, t)))))),
    "einsum over the other axis": (
        "einsum",
        el(Einsum(((x, ("a", "b")), (x, ("e", "c")), (x, ("a", "d"))),
                  (("a", m), ("e", m), ("b", n), ("c", n), ("d", n)), ("b", "c", "d")), j, k, l),
    ),
    "einsum with a letter twice": (
        "einsum",
        el(Einsum(((x, ("a", "b")), (x, ("a", "b")), (x, ("a", "d"))),
                  (("a", m), ("b", n), ("d", n)), ("b", "d")), j, l) + 0 * theta[k],
    ),
}  # fmt: skip


def tried(left: Expr, right: Expr, arithmetic):
    return judge(proof(step(left, right)), arithmetic=arithmetic)


@pytest.fixture(params=ARITHMETICS, ids=lambda a: a.name)
def arithmetic(request):
    return request.param


@pytest.mark.parametrize("name", [*TRUE, *MATRIX])
def test_true_steps_pass(name, arithmetic) -> None:
    left, right = {**TRUE, **MATRIX}[name]
    verdict = tried(left, right, arithmetic)
    assert verdict.passed, verdict
    assert all(s.points > 3 and s.gap < 1e-20 for s in verdict.steps)
    assert tried(right, left, arithmetic).passed


@pytest.mark.parametrize("name", [*FALSE, *MATRIX_FALSE])
def test_false_steps_are_refuted(name, arithmetic) -> None:
    true, wrong = {**FALSE, **MATRIX_FALSE}[name]
    left, _ = {**TRUE, **MATRIX}[true]
    assert refuted(tried(left, wrong, arithmetic))
    assert refuted(tried(wrong, left, arithmetic))


def mutants(e: Expr) -> Iterator[Expr]:
    """Small changes at every place of a formula."""
    for path, node in subterms(e):
        for new in changes(node):
            if not (path and isinstance(tr.at(e, path[:-1]), Diff) and path[-1] == 1):
                yield tr.put(e, path, new)


def changes(node: Expr) -> Iterator[Expr]:
    match node:
        case Num(value):
            yield Num(value + 1)
            yield Num(-value)
        case Add(args) | Mul(args):
            for number in range(len(args)):
                yield rebuild(node, args[:number] + args[number + 1 :])
            yield Add(args) if isinstance(node, Mul) else Mul(args)
        case Pow(base, exponent):
            yield base
            yield Pow(base, exponent - 3)
        case Sum():
            yield Sum(node.body, (node.index, node.lower + 1, node.upper))
        case Indicator(index, lower):
            yield Indicator(index, lower + 1)
        case Delta(left, _):
            yield Num(Fraction(1))
            yield Delta(left, left)
        case Entry() if children(node) == ():
            yield node**3
            yield 2 * node
        case _:
            yield negative(node)


MUTANTS = [
    (name, wrong)
    for name in ("gradient", "hessian", "curvature", "product rule", "chain rule",
                 "delta leaves its range", "penalty")
    for wrong in mutants(TRUE[name][1])
]  # fmt: skip


def test_every_small_change_is_refuted() -> None:
    assert len(MUTANTS) > 100
    survivors = [
        (name, tr.size(wrong))
        for name, wrong in MUTANTS
        if tried(TRUE[name][0], wrong, ARITHMETICS[0]).passed
    ]
    assert not survivors


def test_a_false_step_shows_both_values_sizes_and_indices() -> None:
    message = refuted(tried(theta[k] * X[i, k], 2 * theta[k] * X[i, k], ARITHMETICS[0]))
    for part in ("on the left", "on the right", "m = 3", "n = 2", "i = 1", "k = 1"):
        assert part in message
    left, right = (float(message.split()[place]) for place in (0, 4))
    assert right == pytest.approx(2 * left, rel=1e-14)


def test_a_difference_beyond_floats_is_refuted(arithmetic) -> None:
    tiny = Num(Fraction(1, 10**28))
    assert refuted(tried(exp(theta[k]), exp(theta[k]) + tiny, arithmetic))
    assert refuted(tried(tiny * exp(theta[k]), Num(Fraction(0)), arithmetic))


def test_cancellation_asks_for_more_precision() -> None:
    huge = exp(exp(w[i] + 1))
    assert tried(huge + theta[k] - huge, theta[k] + 0 * w[i], best_arithmetic(64)).passed
    refuted(tried(huge + theta[k] - huge, -theta[k] + 0 * w[i], best_arithmetic(64)))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_polynomials_are_equal_only_to_themselves(draw: st.DataObject) -> None:
    number = st.integers(-3, 3).map(lambda value: Num(Fraction(value)))
    atom = st.sampled_from([theta[k], y[i], z[i], X[i, k], rate()]) | number
    formula = st.recursive(
        atom,
        lambda inner: (
            st.tuples(inner, inner).map(lambda p: p[0] + p[1])
            | st.tuples(inner, inner).map(lambda p: p[0] * p[1])
        ),
        max_leaves=6,
    )
    a, b, c = draw.draw(formula), draw.draw(formula), draw.draw(formula)
    verdict = tried((a + b) * (a + c), a**2 + a * c + b * a + b * c, ARITHMETICS[0])
    assert verdict.passed
    assert refuted(tried(a * (b + c), a * b + a * c + 1, ARITHMETICS[0]))


def test_definitions_made_by_hand() -> None:
    named = Definition(h.tensor, (i,), 1 / (1 + exp(-z[i])))
    assert tried(h[i], named.at(h[i]), ARITHMETICS[0]).passed
    assert refuted(tried(h[i], 1 / (1 + exp(z[i])), ARITHMETICS[0]))
