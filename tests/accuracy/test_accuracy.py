"""The errors of the generated functions stay within the bounds of the table."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.accuracy.bounds import BOUNDS, Bound
from tests.accuracy.cases import Case, case, letters_of, loaded, problem_of
from tests.accuracy.peers import Peer, peers
from tests.accuracy.points import SMALL
from tests.accuracy.reference import FUNCTIONS, Reference
from tests.accuracy.vectors import cumulative_logit_places, general_errors, softmax_places

pytest.importorskip("flint")

GENERATED = Path(__file__).resolve().parents[2] / "generated"
PEERS = tuple(peers())
COUNTED = {"poisson", "gamma", "inverse_gaussian", "least_squares"}


@cache
def small_case(name: str) -> Case:
    return case(problem_of(name), letters_of(loaded(GENERATED, name).loss), SMALL)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda b: f"{b.cost}-{b.function}")
def test_a_generated_function_stays_within_its_bound(bound: Bound) -> None:
    made = small_case(bound.cost)
    found = made.errors(getattr(loaded(GENERATED, bound.cost), bound.function), bound.function)
    settings = np.unique(np.stack(made.arguments[1:]), axis=1).shape[1]
    assert found.points > 140 * min(settings, 3)
    assert found.wrong == 0, found.wrong_at
    assert found.warnings == 0
    assert bound.whole is None or found.hard <= bound.whole, found.worst
    assert bound.other is None or found.soft <= bound.other, found.worst


@pytest.mark.parametrize(
    ("cost", "places", "bounds"),
    [
        ("softmax", softmax_places(4), (2.0, 2.5, 3.0)),
        ("cumulative_logit", cumulative_logit_places(4)[::8], (2.0, 3.0, 3.5)),
    ],
    ids=["softmax", "cumulative_logit"],
)
def test_costs_of_several_scores_stay_within_their_bounds(cost, places, bounds) -> None:
    whole = [
        v for v in places if all((a == np.round(a)).all() for k, a in v.items() if k in "YulG")
    ]
    found = general_errors(loaded(GENERATED, cost), problem_of(cost), whole)
    for (name, general), bound in zip(found.items(), bounds, strict=True):
        assert general.errors.wrong == 0, (name, general.lines)
        assert general.errors.warnings == 0, name
        assert general.errors.hard <= bound, (name, general.lines)


def test_points_are_the_same_in_every_run() -> None:
    again = case(problem_of("least_squares"), ("y",), SMALL)
    for a, b in zip(again.arguments, small_case("least_squares").arguments, strict=True):
        assert np.array_equal(a, b)


def test_the_roots_of_a_slope_are_among_the_points() -> None:
    z, y = small_case("least_squares").arguments
    assert set(y.tolist()) <= set(z[z == y].tolist())


@pytest.mark.parametrize(
    "peer", PEERS, ids=lambda p: f"{p.library}-{p.cost}-{'-'.join(p.functions)}"
)
def test_peers_compute_the_same_functions(peer: Peer) -> None:
    z = np.array([0.5, -1.25, 0.5, -1.25, 2.0, 0.3])
    y = np.resize(peer.labels or (1.0, 0.25, 3.0 if peer.cost in COUNTED else 0.75), len(z))
    reference = Reference(problem_of(peer.cost))
    true = [reference.at(float(a), {"y": float(b)}) for a, b in zip(z, y, strict=True)]
    for name, function in peer.functions.items():
        expected = [row[FUNCTIONS.index(name)].nearest for row in true]
        assert np.allclose(function(z, y), expected, rtol=1e-9, atol=0), name
