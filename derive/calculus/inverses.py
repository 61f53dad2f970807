"""The rules of inverses and determinants: functions of a whole matrix, whose entries all move.

The entries of a matrix count as independent when one differentiates, also where the matrix is
known to be symmetric: the derivatives are those in the space of all square matrices. Symmetry is
used afterwards, in matrix form; along symmetric directions the two agree.
"""

from __future__ import annotations

from derive.calculus.dependence import moves
from derive.calculus.examples import MATRICES, B, S, j, k, l, theta
from derive.notation.expression import MINUS_ONE, Diff, Element, Expr, Index, Sum, Tensor, mul
from derive.notation.facts import invertible
from derive.notation.matrix import Det, Inverse, LogDet, Sym
from derive.notation.tree import fresh, letters_in
from derive.record import Condition, Rule, Scope


def inverse_derivative(e: Expr, scope: Scope) -> Expr | None:
    """d [A^-1]_ij = - sum_pq [A^-1]_ip (d A_pq) [A^-1]_qj, from d(A A^-1) = 0."""
    match e:
        case Diff(Element(Inverse(Sym(a)) as inv, (i, j))) as d if moves(d.body, d, scope):
            p, q = _between(a, e)
            factors = (Element(inv, (i, p)), d.of(a[p, q]), Element(inv, (q, j)))
            return mul(MINUS_ONE, Sum(Sum(mul(*factors), q), p))
    return None


def log_det_derivative(e: Expr, scope: Scope) -> Expr | None:
    """d log det A = sum_pq [A^-1]_qp d A_pq: Jacobi's formula over det A."""
    match e:
        case Diff(Element(LogDet(Sym(a)), ())) as d if moves(d.body, d, scope):
            p, q = _between(a, e)
            return Sum(Sum(mul(Element(Inverse(Sym(a)), (q, p)), d.of(a[p, q])), q), p)
    return None


def _between(a: Tensor, e: Expr) -> tuple[Index, Index]:
    """Two letters over the axis of A that mean nothing in `e` yet."""
    taken = letters_in(e) | {a.axes[0].letter}
    p = fresh(Index("p", a.axes[0]), taken)
    return p, fresh(Index("q", a.axes[0]), taken | {p.letter})


def _regular(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    """A has an inverse, and where its logarithm is taken a positive determinant."""
    match redex:
        case Diff(Element(Inverse(Sym(a)), _)):
            return (Condition(Element(Det(Sym(a)), ()), "!= 0", _reason(a)),)
        case Diff(Element(LogDet(Sym(a)), _)):
            fact = _reason(a) if "definite" in invertible(a) else ""
            return (Condition(Element(Det(Sym(a)), ()), "> 0", fact),)
    return ()


def _reason(a: Tensor) -> str:
    fact = invertible(a)
    return f"${a.latex}$ is {fact}" if fact else ""


INVERSE = Rule(
    "inverse-derivative",
    r"\mathrm{d}A^{-1} = -A^{-1}\,(\mathrm{d}A)\,A^{-1}",
    r"$\mathrm{d}A^{-1} = -A^{-1}\,(\mathrm{d}A)\,A^{-1}$",
    inverse_derivative,
    Diff(Element(Inverse(Sym(B.tensor)), (j, k)), theta[l]),
    MATRICES,
    source="Magnus and Neudecker (2019), Matrix Differential Calculus, section 8.4",
    conditions=_regular,
)
LOG_DET = Rule(
    "log-det-derivative",
    r"\mathrm{d}\log\det A = \operatorname{tr}(A^{-1}\,\mathrm{d}A)",
    r"$\mathrm{d}\log\det A = \operatorname{tr}(A^{-1}\,\mathrm{d}A)$",
    log_det_derivative,
    Diff(Element(LogDet(Sym(S)), ()), S[j, k]),
    source="Magnus and Neudecker (2019), Matrix Differential Calculus, section 8.3",
    conditions=_regular,
)

INVERSES: tuple[Rule, ...] = (INVERSE, LOG_DET)
"""Every rule of this file: a part of the line of differentiation, and of the test of the table."""
