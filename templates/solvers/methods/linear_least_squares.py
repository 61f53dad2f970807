"""Linear least squares by a factorisation of X, for losses whose curvature is one number.

Such a loss is (c/2) (z - t)^2 plus what does not depend on z, with t = -slope(0, y)/c.  So the
minimiser solves

    min_phi sum_i s_i (a_i phi - t_i)^2 + (l2/c) |theta|^2,

where a_i is a row of the centred and scaled columns, with a one for the intercept.  The Gram matrix
is never formed: it has twice the exponents of X, and so half of its digits.  Instead

    Q [R, q] = [s^(1/2) [A, t]; (l2/c)^(1/2) [D, 0]],   by blocks of rows,
    R = U S V' E,   E the lengths of R's columns,

tells the rank and solves R phi = q; the equations R' R d = A' s (t - A phi), with the right-hand
side in extended precision, then gain in every round the digits that the condition of R leaves.
Where the columns are linearly dependent, of all minimisers that with the least |theta| is taken.

Sources: Golub and Van Loan (2013), sections 5.2 and 5.5; Bjorck (1996), sections 2.4 and 6.6.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.blocks import BLOCK
from ..model import EPS, Array, Numbers
from ..objective.scores import Objective
from ..objective.start import Start
from ..objective.values import Stop
from ..result import Record
from ..verdict.outcome import Outcome
from ..verdict.stopping import Rule

Extended = NDArray[np.longdouble]

WAY = "a factorisation of X"
CHEAP = 1 << 22  # m k^2, up to which this costs about as much as other ways
ROUNDS = 4  # of refinement,
WELL = 1e3  # not for columns of a smaller condition, which lose no digits
FEW = 1 << 13  # entries of X, unless they are so few that it costs nothing
RANK = 8  # units of rounding per column, below which a singular value is one of zero
GAINED = 0.5  # of the last correction: one that is not shorter is rounding


def cheap(objective: Objective) -> bool:
    """Whether the factorisation is so quick that nothing else need be tried."""
    k = objective.k
    return objective.model.quadratic and (len(objective.data.y) + k) * k * k <= CHEAP


def minimise(start: Start, tol: float, before: tuple[Record, ...] = ()) -> Outcome | None:
    """The minimiser, after a history that led to nothing; None where numbers overflow."""
    objective, first = start.objective, start.point
    problem = _problem(objective)
    if problem is None or (factors := _factors(problem)) is None:
        return None
    phi = factors.solution.astype(np.longdouble)
    last = float(np.abs(phi).max(initial=0.0))
    well = factors.condition <= WELL and objective.data.X.size > FEW
    for _ in range(0 if well else ROUNDS):
        step = factors.solve(problem.descent(phi))
        size = float(np.abs(step).max(initial=0.0))
        if not size < GAINED * last:
            break
        phi, last = phi + step, size
    w = problem.outward(factors.shortest(phi, problem.unit))
    point = objective.at(w)
    if not point.finite():
        return None
    inward = objective.inward_gradient(w, point.gradient)
    decrement = float(np.square(factors.across(inward)).sum()) / problem.bend
    near = Rule(tol, objective).met(point, decrement)
    history = before or (Record(0, first.cost, first.norm, 0.0),)
    history = (*history, Record(len(history), point.cost, point.norm, 1.0))
    stop = Stop.TOLERANCE if near else Stop.ROUNDING
    return Outcome(point, history, stop, deficient=factors.deficient, way=WAY)


@dataclass(frozen=True)
class _Problem:
    """min sum s (A phi - t)^2 + penalty |unit phi|^2; bend: the curvature c of a loss."""

    objective: Objective
    t: Array
    bend: float
    penalty: float

    @property
    def unit(self) -> Array:
        """theta = unit phi, (n,)."""
        return self.objective.coordinates.unit

    def rows(self, size: int, dtype: type) -> Iterator[tuple[slice, Numbers]]:
        """A, (rows, k), so many rows at a time."""
        o = self.objective
        c, m = o.coordinates, len(self.t)
        factor: Numbers = c.factor.astype(dtype)
        shift: Numbers = c.shift.astype(dtype)
        for first in range(0, m, size):
            rows = slice(first, min(first + size, m))
            A: Numbers = np.ones((rows.stop - first, o.k), dtype)
            np.multiply(o.data.X[rows], factor, out=A[:, : o.n])
            A[:, : o.n] -= shift
            yield rows, A

    def descent(self, phi: Extended) -> Array:
        """Minus half the gradient at phi, (k,)."""
        n = self.objective.n
        total = np.zeros(self.objective.k, np.longdouble)
        for rows, A in self.rows(max(1, BLOCK // (len(phi) + 1)), np.longdouble):
            total += (self.objective.data.s[rows] * (self.t[rows] - A @ phi)) @ A
        total[:n] -= self.penalty * self.unit * (self.unit * phi[:n])
        return total.astype(np.float64)

    def outward(self, phi: Extended) -> Array:
        """The parameters (k,) in the user's units, rounded once."""
        o = self.objective
        w = phi.copy()
        w[: o.n] *= self.unit
        if o.intercept:
            w[-1] -= o.coordinates.centre @ w[:-1]
        return w.astype(np.float64)


@dataclass(frozen=True)
class _Factors:
    """R = U diag(S) V' diag(lengths); V (k, r) and S (r,) of the rank r, N (k, k - r) the rest.

    solution: of R phi = q, (k,).
    """

    lengths: Array
    S: Array
    V: Array
    N: Array
    solution: Array

    @property
    def deficient(self) -> bool:
        """Whether the columns are linearly dependent to working precision."""
        return self.N.shape[1] > 0

    @property
    def condition(self) -> float:
        """Of the columns in length one, those that depend on others left out."""
        return float(self.S[0] / self.S[-1]) if self.S.size else 1.0

    def across(self, g: Array) -> Array:
        """Of (R'R)^+ = B B', the product B'g, (r,)."""
        return np.asarray((self.V.T @ (g / self.lengths)) / self.S)

    def solve(self, g: Array) -> Array:
        """(R'R)^+ g, (k,)."""
        return np.asarray(self.V @ (self.across(g) / self.S) / self.lengths)

    def shortest(self, phi: Extended, unit: Array) -> Extended:
        """phi plus what changes no score, such that theta = unit phi is shortest."""
        if not self.deficient:
            return phi
        kernel = self.N / self.lengths[:, None]
        T = unit[:, None] * kernel[: unit.size]
        for _ in range(2):  # the second time takes what rounding left
            theta = (unit * phi[: unit.size]).astype(np.float64)
            phi = phi - kernel @ np.linalg.lstsq(T, theta, rcond=None)[0]
        return phi


def _problem(objective: Objective) -> _Problem | None:
    """The problem, or None where the curvature or the targets overflow."""
    model, y = objective.model, objective.data.y
    bend = float(model.curvature(np.zeros(1), y[:1])[0])
    if not 0 < bend < np.inf:
        return None
    t = -model.slope(np.zeros(len(y)), y) / bend
    penalty = float(objective.l2) / bend
    return _Problem(objective, t, bend, penalty) if np.isfinite(t).all() else None


def _factors(problem: _Problem) -> _Factors | None:
    """The factors of R, which takes in the rows block by block; None where they overflow."""
    o, k = problem.objective, problem.objective.k
    level = np.ldexp(1.0, np.frexp(np.abs(problem.t).max())[1])  # t in this unit is about one
    penalised = o.n if problem.penalty > 0 else 0
    R = np.zeros((penalised, k + 1))
    np.fill_diagonal(R, np.sqrt(problem.penalty) * problem.unit)
    for rows, A in problem.rows(max(BLOCK // (k + 1), 2 * k), np.float64):
        block = np.column_stack([A, problem.t[rows] / level])
        block *= np.sqrt(o.data.s[rows])[:, None]
        R = np.asarray(np.linalg.qr(np.concatenate([R, block]), mode="r"))
    R, q = R[:k, :k], R[:k, k]
    lengths = np.sqrt(np.square(R).sum(axis=0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    if not (np.isfinite(lengths).all() and np.isfinite(q).all()):
        return None
    U, S, Vt = np.linalg.svd(R / lengths, full_matrices=True)
    # Entries are known to EPS of a column's largest one, which is about one, not of its spread.
    rounding = EPS * max(1.0, 1.0 / float(lengths.min(initial=1.0)))
    rank = np.count_nonzero(RANK * k * rounding * S.max(initial=0.0) < S)
    S, V, N = S[:rank], Vt[:rank].T, Vt[rank:].T
    solution = V @ ((U[:, :rank].T @ q) / S) / lengths * level
    return _Factors(lengths, S, V, N, solution)
