"""Functions for one formula are told apart where float64 ends or loses digits."""

from __future__ import annotations

import numpy as np

from derive.judge.graded import Graded
from derive.readers.plain import problem_from_text

PROBLEM = problem_from_text("parameter t (n)\nJ = sum_j t_j/(1 + exp(t_j))\n", "graded")
(THETA,) = PROBLEM.parameters


def test_a_form_that_overflows_is_worse() -> None:
    def plain(t):
        return float(np.sum(t * np.exp(-t) / (1 + np.exp(-t))))

    def stable(t):
        return float(np.sum(t * np.exp(np.minimum(-t, 0)) / (1 + np.exp(-np.abs(t)))))

    good, bad = Graded(PROBLEM, (THETA,)).standings((stable, plain), PROBLEM.cost)
    assert not good.wrong
    assert bad.wrong
    assert bad.clearly_worse(good)
    assert not good.clearly_worse(bad)


def test_a_form_that_loses_digits_is_worse() -> None:
    def plain(t):
        return float(np.sum(t / (1 + np.exp(np.minimum(t, 700.0)))))

    def lossy(t):
        return float(
            np.sum(t * (1 - 1 / (1 + np.exp(-np.abs(t)))) if t.min() > 0 else plain(t) + 1e-9)
        )

    good, bad = Graded(PROBLEM, (THETA,)).standings((plain, lossy), PROBLEM.cost)
    assert bad.clearly_worse(good)
    assert not good.clearly_worse(good)
