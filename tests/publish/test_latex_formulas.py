"""Formulas look as in a textbook."""

from fractions import Fraction

import pytest

from derive.notation import (
    Axis,
    Cases,
    Diff,
    Num,
    Product,
    Sum,
    When,
    data,
    exp,
    inverse,
    log,
    logdet,
    parameter,
    sigmoid,
    softplus,
    sqrt,
)
from derive.notation import matrix as mx
from derive.notation.expression import (
    PI,
    Delta,
    Element,
    Expr,
    Indicator,
    Pow,
    Tensor,
    mul,
)
from derive.notation.functions import Phi, absolute, relu
from derive.notation.tree import Place
from derive.problems.logistic import PROBLEM, X, h, theta, y, z
from derive.publish.latex import latex, latex_lines, latex_mat

m, n = Axis("m"), Axis("n")
i, i2 = m.index("i"), m.index("i'")
j, k, l = n.index("j"), n.index("k"), n.index("l")
J = PROBLEM.cost_definition()
w1, y_hat, b = data("w1", n), data("y_hat", m), parameter("b")
t = Tensor("t", role="constant")()
SIGMA = parameter("Sigma", n, n)

FORMULAS: list[tuple[Expr, str]] = [
    (
        PROBLEM.cost,
        r"-\frac{1}{m}\sum_{i=1}^{m}\Bigl[y_i\log h_i+(1-y_i)\log(1-h_i)\Bigr]",
    ),
    (Diff(h[i], theta[k]), r"\frac{\partial h_i}{\partial\theta_k}"),
    (Diff(log(h[i]), theta[k]), r"\frac{\partial}{\partial\theta_k}\log h_i"),
    (Diff(h[i] - y[i], theta[k]), r"\frac{\partial}{\partial\theta_k}\bigl[h_i-y_i\bigr]"),
    (
        Diff(Diff(J, theta[k]), theta[l]),
        r"\frac{\partial^2J}{\partial\theta_l\,\partial\theta_k}",
    ),
    (Diff(Diff(J, theta[k]), theta[k]), r"\frac{\partial^2J}{\partial\theta_k^2}"),
    (Diff(J, b()), r"\frac{\partial J}{\partial b}"),
    (Diff(sigmoid(t), t), r"\frac{\mathrm d}{\mathrm d t}\sigma(t)"),
    (y[i] / h[i] - (1 - y[i]) / (1 - h[i]), r"\frac{y_i}{h_i}-\frac{1-y_i}{1-h_i}"),
    (1 / (h[i] * (1 - h[i])), r"\frac{1}{h_i(1-h_i)}"),
    (1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i), r"\frac{1}{2m}\sum_{i=1}^{m}(z_i-y_i)^2"),
    ((h[i] - y[i]) * X[i, k], r"(h_i-y_i)\,X_{ik}"),
    (log(h[i]) * y[i], r"\log(h_i)\,y_i"),
    (y[i] * log(h[i]), r"y_i\log h_i"),
    (log(h[i]) ** 2, r"(\log h_i)^2"),
    (-(1 - y[i]), "-(1-y_i)"),
    (y[i] * Num(-1), r"y_i(-1)"),
    (2 * Num(3) * y[i], r"2\cdot 3y_i"),
    (Num(Fraction(-1, 2)) * y[i], r"-\frac{1}{2}y_i"),
    (1 + exp(-z[i] / 2), r"1+e^{-z_i/2}"),
    (exp(Sum(theta[j], j)), r"\exp\biggl(\sum_{j=1}^{n}\theta_j\biggr)"),
    (Sum(theta[j], (j, 2, n)) * m, r"\biggl(\sum_{j=2}^{n}\theta_j\biggr)\,m"),
    (Sum(-y[i], i), r"\sum_{i=1}^{m}(-y_i)"),
    (inverse(SIGMA)[j, k] * y[i], r"\bigl[\Sigma^{-1}\bigr]_{jk}y_i"),
    (logdet(SIGMA) / 2, r"\frac{\log\det \Sigma}{2}"),
    (
        Element(mx.Transpose(mx.Inverse(mx.Sym(SIGMA))), (j, k)),
        r"\bigl[\Sigma^{-\mathsf T}\bigr]_{jk}",
    ),
    (Delta(j, k) * X[i, j], r"\delta_{jk}X_{ij}"),
    (Indicator(k, 2) * theta[k], r"[k \ge 2]\,\theta_k"),
    (X[i2, j], "X_{i'j}"),
    (w1[j], "w_{1,j}"),
    (y_hat[i], r"y_{\mathrm{hat},i}"),
    (sqrt(2 * h[i]), r"\sqrt{2h_i}"),
    (softplus(z[i]), r"\operatorname{softplus}(z_i)"),
    (Product(h[i] * (1 - h[i]), i), r"\prod_{i=1}^{m} h_i(1-h_i)"),
    (Product(h[i] + 1, (i, 2, m)) * y[i2], r"\biggl(\prod_{i=2}^{m}(h_i+1)\biggr)\,y_{i'}"),
    (
        -Cases(((When(y[i], "=", Num(1)), h[i]),), log(1 - h[i])),
        r"-\begin{cases}h_i & \text{if } y_i = 1 \\ \log(1-h_i) & \text{otherwise}\end{cases}",
    ),
    (
        Cases(((When(t, ">", Num(0)), t),), Num(0)) * t,
        r"\biggl(\begin{cases}t & \text{if } t > 0 \\ 0 & \text{otherwise}\end{cases}\biggr)\,t",
    ),
    (1 / sqrt(2 * PI) * exp(-(t**2) / 2), r"\frac{1}{\sqrt{2\pi}}e^{-t^2/2}"),
    (Phi(z[i] / 2), r"\Phi\Bigl(\frac{z_i}{2}\Bigr)"),
    (relu(z[i]), r"\max(0, z_i)"),
    (absolute(h[i] - y[i]) * X[i, k], r"\lvert h_i-y_i\rvert X_{ik}"),
    (sigmoid(z[i]) * (1 - sigmoid(z[i])), r"\sigma(z_i)\bigl(1-\sigma(z_i)\bigr)"),
]


@pytest.mark.parametrize(("formula", "printed"), FORMULAS, ids=[text for _, text in FORMULAS])
def test_formula(formula: Expr, printed: str) -> None:
    assert latex(formula) == printed


hv, yv, tv, Xm = mx.Sym(h.tensor), mx.Sym(y), mx.Sym(theta), mx.Sym(X)


def minus(mat: mx.Mat) -> mx.Mat:
    return mx.MMul((mx.Scalar(Num(-1)), mat))


def one_minus(mat: mx.Mat) -> mx.Mat:
    return mx.MAdd((mx.Scalar(Num(1)), minus(mat)))


residual = mx.MAdd((mx.MatMul(Xm, tv), minus(yv)))
gradient = mx.MMul((mx.Scalar(1 / m), mx.MatMul(mx.Transpose(Xm), mx.MAdd((hv, minus(yv))))))
triple = mx.Einsum(
    ((Xm, ("i", "j")), (yv, ("i",)), (Xm, ("i", "l"))), (("i", m), ("j", n), ("l", n)), ("j", "l")
)
MATRICES: list[tuple[mx.Mat, str]] = [
    (gradient, r"\frac{1}{m}X^{\mathsf T}(\boldsymbol{h}-\boldsymbol{y})"),
    (
        mx.MatMul(mx.Transpose(Xm), mx.ScaleRows(mx.MMul((hv, one_minus(hv))), Xm)),
        r"X^{\mathsf T}\operatorname{diag}\bigl(\boldsymbol{h} \odot (1-\boldsymbol{h})\bigr)\,X",
    ),
    (mx.Dot(residual, residual), r"\lVert X\boldsymbol{\theta}-\boldsymbol{y}\rVert^2"),
    (mx.Dot(mx.Ones(m), yv), r"\boldsymbol{1}^{\mathsf T}\boldsymbol{y}"),
    (mx.Dot(Xm, mx.MPow(Xm, Num(2))), r"\operatorname{tr}(X^{\mathsf T}X^{\odot 2})"),
    (mx.Dot(Xm, Xm), r"\lVert X\rVert_{\mathrm F}^2"),
    (mx.MApply(sigmoid, mx.Sym(z.tensor)), r"\sigma(\boldsymbol{z})"),
    (mx.MApply(log, hv), r"\log \boldsymbol{h}"),
    (mx.MPow(yv, Num(2)), r"\boldsymbol{y}^{\odot 2}"),
    (mx.Outer(yv, tv), r"\boldsymbol{y}\boldsymbol{\theta}^{\mathsf T}"),
    (mx.MatMul(yv, Xm), r"X^{\mathsf T}\boldsymbol{y}"),
    (minus(yv), r"-\boldsymbol{y}"),
    (mx.ScaleCols(Xm, tv), r"X\operatorname{diag}(\boldsymbol{\theta})"),
    (mx.Trace(mx.Identity(n)), r"\operatorname{tr}(I_{n})"),
    (
        mx.DiagPart(mx.Diag(yv)),
        r"\operatorname{diagonal}\bigl(\operatorname{diag}(\boldsymbol{y})\bigr)",
    ),
    (mx.MMul((yv, mx.MPow(one_minus(hv), Num(-1)))), r"\frac{\boldsymbol{y}}{1-\boldsymbol{h}}"),
    (
        mx.MMul((mx.Scalar(Num(-2)), yv, hv, mx.MPow(mx.MPow(one_minus(hv), Num(2)), Num(-1)))),
        r"-\frac{2\boldsymbol{y} \odot \boldsymbol{h}}{(1-\boldsymbol{h})^{\odot 2}}",
    ),
    (
        mx.MMul((mx.Scalar(1 / m), mx.MMul((mx.MApply(sqrt, hv), mx.MPow(yv, Num(-2)))))),
        r"\frac{1}{m}\cdot \frac{\sqrt{\boldsymbol{h}}}{\boldsymbol{y}^{\odot 2}}",
    ),
    (mx.MPow(mx.MApply(sqrt, hv), Num(-3)), r"\frac{1}{\boldsymbol{h}^{\odot 3/2}}"),
    (mx.MMul((mx.Scalar(1 / m), yv)), r"\frac{\boldsymbol{y}}{m}"),
    (mx.Mask(n, 2), r"\boldsymbol{1}_{\ge 2}"),
    (triple, r"\biggl[\sum_{i} X_{ij}y_iX_{il}\biggr]"),
]


@pytest.mark.parametrize(("mat", "printed"), MATRICES, ids=[text for _, text in MATRICES])
def test_matrix_formula(mat: mx.Mat, printed: str) -> None:
    assert latex_mat(mat) == printed


def test_entry_of_a_matrix_formula_has_its_scalars_in_front() -> None:
    printed = r"\frac{1}{m}\bigl[X^{\mathsf T}(\boldsymbol{h}-\boldsymbol{y})\bigr]_{k}"
    assert latex(Element(gradient, (k,))) == printed


def test_entry_of_an_einsum_takes_the_letters_and_captures_none() -> None:
    other = n.index("i")
    assert latex(Element(triple, (k, l))) == r"\sum_{i} X_{ik}y_iX_{il}"
    assert latex(Element(triple, (other, l))) == r"\sum_{i'} X_{i'i}y_{i'}X_{i'l}"


def test_colours_mark_subterms_and_runs() -> None:
    product = y[i] * (1 / h[i]) * h[i] * X[i, k]
    run = {Place((), (1, 3)): "before"}
    assert latex(product, run) == (
        r"\frac{y_i}{\mathcolor{before}{h_i}}\mathcolor{before}{h_i}X_{ik}"
    )
    whole = {Place((), (0, 3)): "before", Place((3,)): "after"}
    assert latex(product, whole) == (
        r"\mathcolor{before}{\frac{y_i}{h_i}h_i}\mathcolor{after}{X_{ik}}"
    )
    total = y[i] + z[i] - h[i]
    assert latex(total, {Place((), (1, 3)): "after"}) == r"y_i+\mathcolor{after}{z_i-h_i}"
    assert latex(total, {Place((2,)): "after"}) == r"y_i+z_i\mathcolor{after}{-h_i}"
    assert latex(log(h[i]), {Place(): "before", Place((0,)): "after"}) == (
        r"\mathcolor{before}{\log \mathcolor{after}{h_i}}"
    )


def test_a_colour_does_not_change_the_formula() -> None:
    places = [Place(path) for path in ((), (0,), (2,), (2, 0), (2, 0, 1), (2, 0, 1, 0))]
    for place in places:
        painted = latex(PROBLEM.cost, {place: "after"})
        assert painted.count(r"\mathcolor{after}{") == 1
        bare = painted.replace(r"\mathcolor{after}{", "", 1)
        assert len(bare) == len(latex(PROBLEM.cost)) + 1


def test_wide_formulas_break_before_terms_and_every_line_is_balanced() -> None:
    terms: Expr = y[i] * h[i] / (1 + h[i])
    for _ in range(9):
        terms = terms + (1 - y[i]) * log(1 - h[i])
    cost = 1 / m * Sum(terms, i)
    assert len(latex_lines(cost, 30)) > 2
    assert "".join(line.removeprefix("{}") for line in latex_lines(cost, 30)) == latex(cost)
    for line in latex_lines(cost, 30, {Place(): "before", Place((1, 0)): "after"}):
        assert line.count("{") == line.count("}")
    assert latex_lines(cost, 1000) == (latex(cost),)


def test_a_root_of_a_matrix_formula() -> None:
    e = mx.Sym(Tensor("e", (m,)))
    assert latex_mat(mx.MApply(sqrt(z[i]).function, e)) == r"\sqrt{\boldsymbol{e}}"


def test_long_exact_fractions_are_decimals() -> None:
    assert latex(Num(Fraction("1.345"))) == "1.345"
    assert latex(Num(Fraction("-1.345"))) == "-1.345"
    assert latex(Num(Fraction(1, 3 * 128))) == r"\frac{1}{384}"
    assert latex(Num(Fraction(3, 4))) == r"\frac{3}{4}"


def test_two_fractions_in_a_row_are_one() -> None:
    half = Num(Fraction(1, 2))
    assert latex(mul(half, Pow(m, Num(Fraction(-1))), z[i])) == r"\frac{1}{2m}z_i"
