"""Products over samples: their derivatives and np.prod, against the literal product."""

import pytest

from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation import (
    POSITIVE,
    Problem,
    Product,
    Sum,
    define,
    digamma,
    exp,
    log,
    log_gamma,
    parameter,
    sigmoid,
    sin,
)
from derive.notation.tree import tensors_in
from derive.notation.validate import validate
from tests.fuzz.costs import DATA, m, n
from tests.fuzz.whole import made, mistakes

TENSORS = {t.name: t for t in DATA}
X, y, omega = TENSORS["X"], TENSORS["y"], TENSORS["omega"]
i, j = m.index("i"), n.index("j")
theta, tau = parameter("theta", n), parameter("tau", domain=POSITIVE)
z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
CASES = {
    "a likelihood": -Product(h[i] ** y[i] * (1 - h[i]) ** (1 - y[i]), i),
    "its logarithm": log(Product(exp(-(z[i] ** 2)) + 1, i)) / m,
    "of every row": Sum(Product(1 + X[i, j] * theta[j] ** 2, j), i),
    "from the second": Product(2 + sin(theta[j]), (j, 2, n)) + theta[1],
    "the gamma function": Sum(log_gamma(omega[i] + tau()) - log_gamma(tau()) * z[i] ** 2, i),
}  # fmt: skip


def problem(cost) -> Problem:
    used = set(tensors_in(cost))
    for d in (h, z):
        used |= set(tensors_in(d.body)) if d.tensor in used else set()
    subject = Problem(
        "p", "p", tuple(t for t in (X, y, omega) if t in used),
        tuple(p for p in (theta, tau) if p in used), cost,
        tuple(d for d in (z, h) if d.tensor in used),
    )  # fmt: skip
    validate(subject)
    return subject


@pytest.mark.parametrize("name", CASES)
def test_values_of_every_form_and_function(name) -> None:
    subject = problem(CASES[name])
    whole = made(subject)
    for seed in range(6):
        found = mistakes(subject, seed, whole)
        assert not found, found
    assert all(s.passed for s in judge(whole.proof).steps)


def test_a_third_derivative_of_the_gamma_function_is_refused() -> None:
    with pytest.raises(NoRuleError, match="no rule carries out this derivative"):
        made(problem(digamma(tau()) * Sum(theta[j] ** 2, j)))
