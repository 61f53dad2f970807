"""Algebra of matrix formulas: each rule rewrites one matrix formula inside an entry of it.

They end: sums over letters, brackets and transposes become fewer, and nothing brings them back.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.calculus.examples import X, c, i, k, l, v, y
from derive.calculus.rewrite import Line
from derive.matrices.collect import collected
from derive.matrices.network import products
from derive.matrices.orientation import times_vector, traces, turned
from derive.matrices.signs import one_sign, scalars_in_front
from derive.notation.expression import Element, Expr, Num
from derive.notation.functions import exp
from derive.notation.matrix import (
    Dot,
    Einsum,
    MAdd,
    MApply,
    Mat,
    MatMul,
    MMul,
    Scalar,
    ScaleRows,
    Sym,
    Transpose,
    operands,
)
from derive.notation.matrix_parts import with_operands
from derive.notation.remembered import remembered
from derive.record import Rule, Scope

Rewrite = Callable[[Mat], Mat]


def inside(rewrite: Rewrite, *, outer_first: bool = False) -> Callable[[Expr, Scope], Expr | None]:
    """A rewriting of matrix formulas, at every place of the formula whose entry is taken."""

    @remembered
    def sweep(mat: Mat) -> Mat:
        if outer_first and (now := rewrite(mat)) != mat:
            return now
        parts = operands(mat)
        new = tuple(sweep(part) for part in parts)
        return rewrite(mat if new == parts else with_operands(mat, new))

    def apply(e: Expr, _scope: Scope) -> Expr | None:
        if not isinstance(e, Element):
            return None
        new = sweep(e.mat)
        if new == e.mat or new.axes != e.mat.axes:
            return None
        return Element(new, e.indices)

    return apply


def whole(rewrite: Rewrite) -> Callable[[Expr, Scope], Expr | None]:
    """A rewriting of the whole matrix formula."""

    def apply(e: Expr, _scope: Scope) -> Expr | None:
        if not isinstance(e, Element):
            return None
        new = rewrite(e.mat)
        return None if new == e.mat else Element(new, e.indices)

    return apply


SUMS_AS_PRODUCTS = Rule(
    "sums-as-products", r"\sum_i A_{ik} B_{il} = [A^{\mathsf T} B]_{kl}",
    "definition of the matrix product",
    inside(lambda mat: products(mat) if isinstance(mat, Einsum) else mat, outer_first=True),
    Element(Einsum(((Sym(X), ("i", "k")), (Sym(X), ("i", "l")), (Sym(y), ("i",))),
                   (("i", X.axes[0]), ("k", X.axes[1]), ("l", X.axes[1])), ("k", "l")), (k, l)),
)  # fmt: skip
SCALARS = Rule(
    "scalars", r"(a A)(b B) = ab\,(A B)", "scalars in front", inside(scalars_in_front),
    Element(MatMul(Transpose(Sym(X)), MMul((Scalar(c()), Sym(y)))), (k,)),
)  # fmt: skip
TIMES_VECTOR = Rule(
    "times-vector", r"(A + \operatorname{diag}(w) B)\,v = A v + w \odot (B v)",
    "multiply the vector first", inside(times_vector),
    Element(MatMul(MatMul(Transpose(Sym(X)), ScaleRows(Sym(y), Sym(X))), Sym(v)), (k,)),
)  # fmt: skip
ONE_SIGN = Rule(
    "one-sign", r"A (y - h) = -A (h - y)", "one sign for equal brackets", whole(one_sign),
    Element(MMul((MAdd((Sym(y), MMul((Scalar(Num(Fraction(-1))), MApply(exp, Sym(y)))))),
                  MAdd((MApply(exp, Sym(y)), MMul((Scalar(Num(Fraction(-1))), Sym(y))))))), (i,)),
)  # fmt: skip
COLLECTED = Rule(
    "matrix-collect", r"A B + A C = A (B + C)", "take out the common factor", inside(collected),
    Element(MAdd((MatMul(Transpose(Sym(X)), Sym(y)),
                  MatMul(Transpose(Sym(X)), MApply(exp, Sym(y))))), (k,)),
)  # fmt: skip
TURNED = Rule(
    "turned", r"A^{\mathsf T} + B^{\mathsf T} = (A + B)^{\mathsf T}", "transpose", inside(turned),
    Element(MApply(exp, Transpose(Sym(X))), (k, i)),
)  # fmt: skip
TRACES = Rule(
    "traces", r"\operatorname{tr}(A B) = \operatorname{tr}(B A) = \operatorname{tr}(B^{\mathsf T} "
    r"A^{\mathsf T})", "the trace does not see the order", inside(traces),
    Element(Dot(Transpose(Sym(X)), Transpose(Sym(X))), ()),
)  # fmt: skip

MATRIX_ALGEBRA: tuple[Rule, ...] = (
    SUMS_AS_PRODUCTS, SCALARS, TIMES_VECTOR, COLLECTED, TURNED, TRACES, ONE_SIGN,
)  # fmt: skip
"""Every rule of this file, in the order in which they are tried."""

TIDY = Line("tidy", MATRIX_ALGEBRA, once=True)
