"""Which costs are means over samples plus a function of the parameters: blocks give the whole."""

import numpy as np
import pytest

from derive.certify.sample_mean import sample_axis
from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, exp, log, parameter
from derive.notation.expression import Indicator
from generated import (
    autoencoder,
    cumulative_logit,
    elastic_net_smoothed,
    softmax_l2,
    two_layer_network,
)

m, n = Axis("m"), Axis("n")
i, r, j = m.index("i"), m.index("r"), n.index("j")
X, y, lam = data("X", m, n), data("y", m), data("lambda_", domain=POSITIVE)
R, S = data("R", m, m), data("S", n, m)
theta, phi = parameter("theta", n), parameter("phi", m)
z = define("z", i, Sum(X[i, j] * theta[j], j))
total = define("total", Sum(exp(z[i]), i))
size = define("size", Sum(theta[j] ** 2, j))
penalty = lam() / 2 * Sum(theta[j] ** 2, j)


def problem(cost, *definitions, given=(X, y, lam), parameters=(theta,)) -> Problem:
    return Problem(name="p", title="p", data=given, parameters=parameters,
                   definitions=definitions, cost=cost, summary="s", sources=("s",))  # fmt: skip


@pytest.mark.parametrize(
    "cost",
    [
        1 / m * Sum((z[i] - y[i]) ** 2, i),
        1 / m * Sum((z[i] - y[i]) ** 2, i) + penalty,
        -1 / (2 * m) * Sum(y[i] * z[i], i) - lam() * size(),
        1 / m * Sum(size() * exp(z[i]), i),
        lam() / m * Sum(exp(z[i]), i) + 1 / m * Sum(z[i], i),
    ],
)
def test_means_are_recognised(cost) -> None:
    assert sample_axis(problem(cost, z, size)) == m


@pytest.mark.parametrize(
    "cost",
    [
        Sum((z[i] - y[i]) ** 2, i),  # a sum
        1 / m**2 * Sum(z[i], i),
        log(1 / m * Sum(exp(z[i]), i)),  # a function of a mean
        1 / m * Sum(z[i] / total(), i),  # each row sees all
        1 / m * Sum(z[i] * Sum(z[r], r), i),
        1 / m * Sum(z[i], i) * 1 / m * Sum(y[i], i),
        1 / m * Sum(m * z[i], i),
        1 / m * Sum(z[i], i) + 1 / m * penalty,  # the penalty knows how many rows there are
        1 / m * Sum(Indicator(i, 2) * z[i], i),  # a row knows its number
        penalty,  # no rows at all
    ],
)
def test_others_are_not(cost) -> None:
    assert sample_axis(problem(cost, z, total)) is None


def test_rows_must_be_the_first_axis_of_data_and_none_of_a_parameter() -> None:
    mean = 1 / m * Sum(R[i, i] * z[i], i)
    assert sample_axis(problem(mean, z, given=(X, R))) is None
    mean = 1 / m * Sum(S[1, i] * z[i], i)
    assert sample_axis(problem(mean, z, given=(X, S))) is None
    mean = 1 / m * Sum(phi[i] * z[i], i)
    assert sample_axis(problem(mean, z, parameters=(theta, phi))) is None


@pytest.mark.parametrize(
    "module",
    [autoencoder, cumulative_logit, elastic_net_smoothed, softmax_l2, two_layer_network],
    ids=lambda module: module.MODEL.name,
)
def test_the_cost_of_the_whole_is_the_weighted_mean_of_the_parts(module) -> None:
    model = module.MODEL
    rng = np.random.default_rng(1)
    sizes = dict.fromkeys(
        {a for v in (*model.data, *model.parameters) for a in v.axes}, 3
    ) | {"m": 10}  # fmt: skip
    for axis in list(sizes):
        whole, _, less = axis.rpartition("-")
        if whole:
            sizes[axis] = sizes[whole] - int(less)
    drawn = [rng.uniform(0.1, 0.9, [sizes[a] for a in v.axes]) for v in model.parameters]
    values = [np.sort(a) if a.ndim else a[()] for a in drawn]  # thresholds rise
    given = [rng.uniform(0.1, 0.9, [sizes[a] for a in v.axes])[()] for v in model.data]

    def cost(rows):
        part = [a[rows] if "m" in v.axes else a for v, a in zip(model.data, given, strict=True)]
        return model.cost(*values, *part)

    assert model.rows == "m"
    parts = 0.3 * cost(slice(0, 3)) + 0.7 * cost(slice(3, 10))
    np.testing.assert_allclose(parts, cost(slice(0, 10)), rtol=1e-14)
