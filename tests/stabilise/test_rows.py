"""Losses of rows of scores: softmax to the last digits, for labels and for probabilities."""

import mpmath
import numpy as np
import pytest

from generated import softmax
from generated.solvers import special

RNG = np.random.default_rng(2718)


def shares(z: np.ndarray):
    """Exponentials over the largest, and their sum, in digits that tell all scores apart."""
    scores = [mpmath.mpf(float(v)) for v in z]
    found = [mpmath.exp(v - max(scores)) for v in scores]
    return scores, found, mpmath.fsum(found)


def places():
    """Rows of three and four scores of all sizes, with labels and with probabilities near them."""
    for size in (1e-300, 1e-12, 1e-5, 0.3, 3.0, 40.0, 300.0):
        for k in range(12):
            z = RNG.normal(0, size, 3 + k % 2) + RNG.normal(0, 5) * (k % 3 == 0)
            if k % 4 == 1:
                z[1] = z[0]
            p = np.exp(z - z.max())
            p /= p.sum()
            yield z, np.eye(len(z))[k % len(z)]
            yield z, np.full(len(z), 1 / len(z))
            yield z, np.clip(p * (1 + RNG.normal(0, 10.0 ** -(k + 1), len(z))), 0, 1)


def ulps(found: float, true) -> float:
    return float(abs(mpmath.mpf(float(found)) - true) / mpmath.mpf(float(np.spacing(float(true)))))


@pytest.fixture(scope="module")
def worst() -> dict[str, float]:
    """The largest errors in ulp; of a difference from a probability over 1 + its condition."""
    out = {"label": 0.0, "probability": 0.0, "curvature": 0.0}
    for z, y in places():
        with mpmath.workprec(4000):
            scores, terms, total = shares(z)
            others = [mpmath.fsum(terms[:k] + terms[k + 1 :]) for k in range(len(z))]
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                slope = softmax.slope(z[None], y[None])[0]
                curvature = softmax.curvature(z[None], y[None])[0]
            whole = set(y) == {0.0, 1.0}
            for k, term in enumerate(terms):
                true = term / total - mpmath.mpf(float(y[k]))
                if whole and y[k]:
                    true = -others[k] / total
                moved = mpmath.fsum(
                    abs(scores[c]) * term * (others[k] if c == k else terms[c]) / total**2
                    for c in range(len(z))
                )
                condition = 0 if whole or not true else moved / abs(true)
                kind = "label" if whole else "probability"
                out[kind] = max(out[kind], ulps(slope[k], true) / float(1 + condition))
                spread = term * others[k] / total**2
                out["curvature"] = max(out["curvature"], ulps(curvature[k], spread))
    return out


@pytest.mark.parametrize("kind", ["label", "probability", "curvature"])
def test_softmax_is_accurate(worst, kind) -> None:
    assert worst[kind] < 4


def test_equal_scores_leave_only_the_difference_of_the_labels() -> None:
    third = np.full((1, 3), 1 / 3)
    found = softmax.slope(np.zeros((1, 3)), third)[0]
    with mpmath.workdps(50):
        true = float(mpmath.mpf(1) / 3 - mpmath.mpf(1 / 3))
    assert found.tolist() == [true] * 3
    assert true != 0


def test_a_loss_beyond_the_difference_of_its_scores() -> None:
    Z = np.array([[1e308, -1e308, 0.0], [-1.7e308, 1.7e308, 1.7e308]])
    Y = np.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = softmax.loss(Z, Y)
    np.testing.assert_allclose(found, [1.25e308, 1.7e308], rtol=1e-15)


def test_rests_of_lowered_exponents() -> None:
    U, a = np.array([[-39.9, 0.2, 37.7]]), np.array([37.7])
    for function, exact in (
        (special.exp_lowered, mpmath.exp),
        (special.excess_lowered, lambda t: mpmath.exp(t) - (t > mpmath.mpf(-0.5))),
    ):
        found = function(U, a)[0]
        with mpmath.workdps(50):
            true = [exact(mpmath.mpf(float(u)) - mpmath.mpf(37.7)) for u in U[0]]
        assert all(ulps(f, t) < 1.5 for f, t in zip(found, true, strict=True) if t)
