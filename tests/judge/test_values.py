"""What every node means, against NumPy and closed forms."""

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest

from derive.judge import FloatArithmetic, best_arithmetic
from derive.judge.arithmetic import MalformedError
from derive.notation import (
    Axis,
    Cases,
    Elementwise,
    Num,
    Product,
    Sum,
    Tensor,
    When,
    atan,
    cos,
    exp,
    log,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
)
from derive.notation.bands import Band, Unit
from derive.notation.expression import (
    PI,
    ZERO,
    Constant,
    Delta,
    Element,
    Expr,
    Index,
    Indicator,
    Pow,
)
from derive.notation.functions import Phi, absolute, erf, erfc, relu, sign, step
from derive.notation.matrix import (
    Choice,
    Det,
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Identity,
    Inverse,
    Kron,
    KronRows,
    LogDet,
    MAdd,
    MApply,
    Mask,
    Mat,
    MatMul,
    MMul,
    MPow,
    MPower,
    Ones,
    Outer,
    RowProduct,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Trace,
    Transpose,
    Zero,
)
from derive.notation.problem import Definition
from tests.judge.cases import S, X, drawn, h, i, i2, j, k, l, m, n, rate, theta, w, y, z

SLOTS = range(6)
ARITHMETICS = [best_arithmetic(), FloatArithmetic(200)]


def s(u: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-u))


INDEX = [
    (Num(Fraction(3, 7)), (), lambda a: 3 / 7),
    (m + 10 * n, (), lambda a: a["m"] + 10 * a["n"]),
    (X[i, j] - y[i], (i, j), lambda a: a["X"] - a["y"][:, None]),
    (X[i, j], (j, i), lambda a: a["X"].T),
    (S[j, j], (j,), lambda a: np.diag(a["S"])),
    (rate() * theta[j], (j,), lambda a: a["rate"] * a["theta"]),
    (theta[j] ** 3, (j,), lambda a: a["theta"] ** 3),
    (theta[j] ** -2, (j,), lambda a: a["theta"] ** -2.0),
    (theta[j] ** 0, (j,), lambda a: a["theta"] ** 0),
    (w[i] ** Fraction(1, 2), (i,), lambda a: np.sqrt(a["w"])),
    (w[i] ** (-1 / m), (i,), lambda a: a["w"] ** (-1 / a["m"])),
    (w[i] ** z[i], (i,), lambda a: a["w"] ** (a["X"] @ a["theta"])),
    (2 / w[i], (i,), lambda a: 2 / a["w"]),
    (Sum(X[i, j] * theta[j], j), (i,), lambda a: a["X"] @ a["theta"]),
    (Sum(theta[j], (j, 2, n)), (), lambda a: a["theta"][1:].sum()),
    (Sum(theta[j], (j, 3, n)), (), lambda a: a["theta"][2:].sum()),
    (Sum(X[i, j] * y[i], j, i), (), lambda a: a["y"] @ a["X"].sum(axis=1)),
    (Sum(Num(Fraction(1)), i), (), lambda a: a["m"]),
    (Sum(theta[j] * Sum(theta[j], j), j), (), lambda a: a["theta"].sum() ** 2),
    (Product(theta[j] + 2, j), (), lambda a: (a["theta"] + 2).prod()),
    (Product(X[i, j], (j, 2, n)), (i,), lambda a: a["X"][:, 1:].prod(axis=1)),
    (Product(X[i, j] + y[i], i, j), (), lambda a: (a["X"] + a["y"][:, None]).prod()),
    (
        Cases(((When(theta[j], ">", ZERO), X[i, j]), (When(y[i], "<=", X[i, j]), y[i])), -X[i, j]),
        (i, j),
        lambda a: np.where(
            a["theta"] > 0,
            a["X"],
            np.where(a["y"][:, None] <= a["X"], a["y"][:, None], -a["X"]),
        ),
    ),
    (
        # A branch that is not taken need not have a value.
        Cases(((When(theta[j], "<", ZERO), log(-theta[j])),), log(theta[j])),
        (j,),
        lambda a: np.log(np.abs(a["theta"])),
    ),
    (Cases(((When(m, "=", n), m),), n - m), (), lambda a: a["n"] - a["m"]),
    (PI, (), lambda a: np.pi),
    (2 * sqrt(PI) * theta[j], (j,), lambda a: 2 * np.sqrt(np.pi) * a["theta"]),
    (Delta(j, k), (j, k), lambda a: np.eye(a["n"])),
    (Delta(j, j), (j,), lambda a: np.ones(a["n"])),
    (
        Delta(n.less(1).index("g") + 1, j),
        (n.less(1).index("g"), j),
        lambda a: np.eye(a["n"] - 1, a["n"], 1),
    ),
    (
        theta[n.less(1).index("g") + 1] / n.less(1),
        (n.less(1).index("g"),),
        lambda a: a["theta"][1:] / (a["n"] - 1),
    ),
    (X[i, n.less(2).index("g") + 1], (i, n.less(2).index("g")), lambda a: a["X"][:, 1:-1]),
    (theta[1] - theta[-1], (), lambda a: a["theta"][0] - a["theta"][-1]),
    (Sum(theta[n.less(1).index("g")], n.less(1).index("g")), (), lambda a: a["theta"][:-1].sum()),
    (Indicator(j, 2), (j,), lambda a: np.arange(1, a["n"] + 1) >= 2),
    (h[i], (i,), lambda a: s(a["X"] @ a["theta"])),
    (h[i] - h[i2], (i, i2), lambda a: np.subtract.outer(*[s(a["X"] @ a["theta"])] * 2)),
    (exp(theta[j]), (j,), lambda a: np.exp(a["theta"])),
    (log(w[i]), (i,), lambda a: np.log(a["w"])),
    (sqrt(w[i]), (i,), lambda a: np.sqrt(a["w"])),
    (sin(theta[j]), (j,), lambda a: np.sin(a["theta"])),
    (cos(theta[j]), (j,), lambda a: np.cos(a["theta"])),
    (atan(theta[j]), (j,), lambda a: np.arctan(a["theta"])),
    (sigmoid(theta[j]), (j,), lambda a: s(a["theta"])),
    (softplus(theta[j]), (j,), lambda a: np.log1p(np.exp(a["theta"]))),
    (tanh(2 * theta[j]), (j,), lambda a: np.tanh(2 * a["theta"])),
    (relu(theta[j]), (j,), lambda a: np.maximum(a["theta"], 0)),
    (step(theta[j]), (j,), lambda a: np.heaviside(a["theta"], 0.0)),
    (absolute(theta[j]), (j,), lambda a: np.abs(a["theta"])),
    (sign(theta[j]), (j,), lambda a: np.sign(a["theta"])),
    (sign(theta[j] - theta[j]), (j,), lambda a: 0 * a["theta"]),
    (erf(theta[j]), (j,), lambda a: np.vectorize(math.erf)(a["theta"])),
    (erfc(theta[j]), (j,), lambda a: np.vectorize(math.erfc)(a["theta"])),
    (Phi(theta[j]), (j,), lambda a: np.vectorize(NormalDist().cdf)(a["theta"])),
]

short = n.less(1)
g, MINUS = short.index("g"), Fraction(-1)
x, t, v, u = Sym(X), Sym(theta), Sym(y), Sym(w)
q = Sym(S)
G = MAdd((Identity(n), MatMul(Transpose(x), x)))


def gram(a):
    return np.eye(a["n"]) + a["X"].T @ a["X"]


r = n.index("r")
ROWS = Einsum(
    ((x, ("a", "b")), (x, ("a", "c"))), (("a", m), ("b", n), ("c", n)), ("a", "b", "c")
)  # fmt: skip
MATRIX = [
    (x, (i, j), lambda a: a["X"]),
    (Sym(z.tensor), (i,), lambda a: a["X"] @ a["theta"]),
    (Scalar(1 / m), (), lambda a: 1 / a["m"]),
    (MAdd((Scalar(Num(Fraction(1))), v, u)), (i,), lambda a: 1 + a["y"] + a["w"]),
    (MMul((v, Scalar(2 / m), u)), (i,), lambda a: a["y"] * 2 / a["m"] * a["w"]),
    (MPow(x, Num(Fraction(2))), (i, j), lambda a: a["X"] ** 2),
    (MPow(u, Num(Fraction(-1, 2))), (i,), lambda a: a["w"] ** -0.5),
    (MApply(sigmoid, x), (i, j), lambda a: s(a["X"])),
    (Choice(("<", ">="), (x, Scalar(ZERO), Scalar(Num(Fraction(2))), x, x, MMul((x, x)), x)),
     (i, j), lambda a: np.where(a["X"] < 0, 2, a["X"] ** 2)),
    (MPower(u, v), (i,), lambda a: a["w"] ** a["y"]),
    (RowProduct(x), (i,), lambda a: a["X"].prod(axis=1)),
    (RowProduct(u), (), lambda a: a["w"].prod()),
    (Transpose(x), (j, i), lambda a: a["X"].T),
    (MatMul(x, t), (i,), lambda a: a["X"] @ a["theta"]),
    (MatMul(Transpose(x), x), (j, k), lambda a: a["X"].T @ a["X"]),
    (MatMul(MatMul(x, q), Transpose(x)), (i, i2), lambda a: a["X"] @ a["S"] @ a["X"].T),
    (Dot(v, u), (), lambda a: a["y"] @ a["w"]),
    (Dot(x, x), (), lambda a: (a["X"] ** 2).sum()),
    (Outer(v, t), (i, j), lambda a: np.outer(a["y"], a["theta"])),
    (Outer(x, q), (i, j, k, l), lambda a: np.multiply.outer(a["X"], a["S"])),
    (
        Diag(x), (i, j, i2, k),
        lambda a: np.einsum("ij,ia,jb->ijab", a["X"], np.eye(a["m"]), np.eye(a["n"])),
    ),
    (Zero((m, n)), (i, j), lambda a: np.zeros((a["m"], a["n"]))),
    (Kron(x, q), (i, j, k, l), lambda a: np.einsum("kp,lq->klpq", a["X"], a["S"])),
    (Kron(x, q, crossed=True), (i, j, k, l),
     lambda a: np.einsum("kq,lp->klpq", a["X"], a["S"])),
    (KronRows(ROWS, ROWS), (j, k, l, r),
     lambda a: np.einsum("ik,ip,il,iq->klpq", a["X"], a["X"], a["X"], a["X"])),
    (Diag(u), (i, i2), lambda a: np.diag(a["w"])),
    (DiagPart(q), (j,), lambda a: np.diag(a["S"])),
    (Trace(q), (), lambda a: np.trace(a["S"])),
    (Trace(MatMul(x, Transpose(x))), (), lambda a: (a["X"] ** 2).sum()),
    (ScaleRows(u, x), (i, j), lambda a: np.diag(a["w"]) @ a["X"]),
    (ScaleCols(x, t), (i, j), lambda a: a["X"] @ np.diag(a["theta"])),
    (Inverse(q), (j, k), lambda a: np.linalg.inv(a["S"])),
    (Inverse(MatMul(G, q)), (j, k), lambda a: np.linalg.inv(gram(a) @ a["S"])),
    (LogDet(G), (), lambda a: np.log(np.linalg.det(gram(a)))),
    (LogDet(MatMul(q, q)), (), lambda a: 2 * np.log(np.abs(np.linalg.det(a["S"])))),
    (Det(q), (), lambda a: np.linalg.det(a["S"])),
    (Identity(n), (j, k), lambda a: np.eye(a["n"])),
    (Ones(m), (i,), lambda a: np.ones(a["m"])),
    (Unit(n, 1), (j,), lambda a: np.eye(a["n"])[0]),
    (Unit(n, -1), (j,), lambda a: np.eye(a["n"])[-1]),
    (Band(short, n, ((0, MINUS), (1, -MINUS))), (g, j), lambda a: np.diff(np.eye(a["n"]), axis=0)),
    (MatMul(Band(short, n, ((1, -MINUS),)), t), (g,), lambda a: a["theta"][1:]),
    (Band(n, n, ((-1, -MINUS), (3, MINUS))), (j, k),
     lambda a: np.eye(a["n"], k=-1) - np.eye(a["n"], k=3)),
    (Mask(n, 2), (j,), lambda a: np.r_[0.0, np.ones(a["n"] - 1)]),
    (
        Einsum(((x, ("a", "b")), (u, ("a",)), (x, ("a", "c"))),
               (("a", m), ("b", n), ("c", n)), ("c", "b")),
        (j, k), lambda a: np.einsum("ab,a,ac->cb", a["X"], a["w"], a["X"]),
    ),
    (
        Einsum(((q, ("b", "b")), (x, ("a", "b"))), (("a", m), ("b", n)), ("b", "a")),
        (j, i), lambda a: np.einsum("bb,ab->ba", a["S"], a["X"]),
    ),
    (Einsum(((x, ("a", "b")),), (("a", m), ("b", n)), ()), (), lambda a: a["X"].sum()),
]  # fmt: skip


def agrees(e: Expr, order: tuple[Index, ...], numpy, slot: int, arithmetic) -> None:
    found = drawn(e, *order, slot=slot, arithmetic=arithmetic)
    arrays = {tensor.name: found.array(tensor) for tensor in (X, y, w, S, theta, rate)}
    sizes = {axis.letter: size for axis, size in found.sizes.items()}
    want = np.broadcast_to(numpy({**arrays, **sizes}), found.values.shape)
    np.testing.assert_allclose(found.values, want, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("arithmetic", ARITHMETICS, ids=lambda a: a.name)
@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(("e", "order", "numpy"), INDEX, ids=lambda x: "")
def test_index_formula(e, order, numpy, slot, arithmetic) -> None:
    agrees(e, order, numpy, slot, arithmetic)


@pytest.mark.parametrize("arithmetic", ARITHMETICS, ids=lambda a: a.name)
@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(("mat", "order", "numpy"), MATRIX, ids=lambda x: "")
def test_matrix_formula(mat, order, numpy, slot, arithmetic) -> None:
    agrees(Element(mat, order), order, numpy, slot, arithmetic)


def kinds(family: type) -> set[type]:
    """The node types of a family: the classes below it that have none below themselves."""
    below = family.__subclasses__()
    return set().union(*map(kinds, below)) if below else {family}


def test_every_kind_of_node_is_tested() -> None:
    tested_matrices = {type(mat) for mat, _, _ in MATRIX}
    assert set(Mat.__subclasses__()) - tested_matrices <= {Inverse, LogDet}
    tested = {type(e) for e, _, _ in INDEX}
    missing = {kind.__name__ for kind in kinds(Expr)} - {t.__name__ for t in tested}
    # A cell is the exact court's own: no formula of a problem or a proof holds one.
    assert missing <= {"Add", "Mul", "Diff", "Element", "Axis", "Cell"}


def test_numbers_are_exact_beyond_floats() -> None:
    third = (Num(Fraction(1, 3)) + Num(Fraction(10**40))) - Num(Fraction(10**40))
    assert abs(drawn(third).values - 1 / 3) < 1e-15


p = Axis("p")
WRONG = [
    Sum(X[i, j], (j, 1, m)),
    Sum(theta[j], (j, 0, n)),
    Product(X[i, j], (j, 1, m)),
    Product(theta[j], (j, 0, n)),
    Cases(((When(theta[j], "!=", ZERO), theta[j]),), theta[j]),
    Cases(((When(theta[i], ">", ZERO), y[i]),), y[i]),
    Constant("tau"),
    X[j, i],
    theta[i],
    Delta(i, j),
    Element(x, (j, i)),
    Element(x, (i,)),
    Element(MatMul(x, x), (i, j)),
    Element(MatMul(t, x), (j,)),
    Element(MAdd((x, v)), (i, j)),
    Element(MAdd((v, t)), (i,)),
    Element(Transpose(v), (i,)),
    Element(Dot(v, t), ()),
    Element(Outer(x, t), (i, j, k)),
    Element(Diag(Sym(rate)), ()),
    Element(Kron(x, u), (i, j, k)),
    Element(KronRows(x, x), (j, k)),
    Element(DiagPart(x), (i,)),
    Element(Trace(x), ()),
    Element(Inverse(x), (i, j)),
    Element(LogDet(v), ()),
    Element(Det(x), ()),
    Element(ScaleRows(t, x), (i, j)),
    Element(ScaleCols(x, v), (i, j)),
    Element(Scalar(theta[j]), ()),
    Element(MPow(v, theta[j]), (i,)),
    Element(Einsum(((x, ("a", "b")),), (("a", n), ("b", m)), ("a",)), (j,)),
    Element(Einsum(((x, ("a", "b")),), (("a", m), ("b", n), ("c", p)), ("a",)), (i,)),
    Element(Einsum(((x, ("a", "b")),), (("a", m), ("b", n)), ("a", "a")), (i, i2)),
    Element(Einsum(((v, ("a",)),), (("a", m),), ("b",)), (j,)),
    Tensor("lost", (m,), "defined")[i],
    Expr(),
]


@pytest.mark.parametrize("e", WRONG, ids=lambda e: type(e).__name__)
def test_formulas_without_a_meaning_are_refused(e: Expr) -> None:
    with pytest.raises(MalformedError):
        drawn(e)


def test_a_definition_that_uses_itself_is_refused() -> None:
    a, b = Tensor("a", (), "defined"), Tensor("b", (), "defined")
    circle = (Definition(a, (), b() + 1), Definition(b, (), a() + 1))
    for _ in range(2):
        with pytest.raises(MalformedError, match="uses itself"):
            drawn(a(), definitions=circle)


def test_a_users_row_works_like_ours_and_rows_of_one_name_are_told_apart() -> None:
    double = Elementwise("own", "", lambda t: Num(Fraction(2)), "", definition=lambda t: 2 * t)
    triple = Elementwise("own", "", lambda t: Num(Fraction(3)), "", definition=lambda t: 3 * t)
    row = Elementwise("own_erf", "", lambda t: exp(-(t**2)), "", exact="erf")
    assert double == triple
    assert drawn(triple(rate()) - double(rate()) - rate()).values == 0
    one = Num(Fraction(1))
    for arithmetic in ARITHMETICS:
        assert drawn(row(one), arithmetic=arithmetic).values == pytest.approx(0.842700792949715)


def test_a_function_that_no_arithmetic_knows_is_refused() -> None:
    for exact in ("", "nonsense"):
        row = Elementwise("strange", "", lambda t: t, "", exact=exact)
        for arithmetic in ARITHMETICS:
            with pytest.raises(MalformedError):
                drawn(row(rate()), arithmetic=arithmetic)
    with pytest.raises(MalformedError, match="t alone"):
        drawn(Elementwise("odd", "", lambda t: t, "", definition=lambda t: t * rate())(rate()))


def test_pow_of_nodes_written_directly() -> None:
    tower = Pow(rate(), Pow(rate(), Num(Fraction(1, 2))))
    agrees(tower, (), lambda a: a["rate"] ** a["rate"] ** 0.5, 0, best_arithmetic())
