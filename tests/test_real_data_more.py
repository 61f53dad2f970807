"""What the brief asks and the committed tests/test_real_data.py does not (yet) look at."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import approx_fprime, minimize
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from generated import (
    exponential_loss,
    least_squares,
    logistic,
    logistic_l2,
    logistic_signs,
    logistic_wb,
    poisson,
    probit,
    sigmoid_squares,
    softmax,
    squared_hinge,
)

RAW, LABELS = load_breast_cancer(return_X_y=True)
SCALED = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)
SIGNS = 2.0 * LABELS - 1
L2 = 1e-3
M = len(LABELS)


def close(ours, theirs, bound: float = 1e-8) -> bool:
    return bool(np.abs(np.subtract(ours, theirs)).max() <= bound * np.abs(theirs).max())


@pytest.mark.parametrize("X", [SCALED, RAW], ids=["standardised", "raw"])
def test_separable_data_have_no_minimiser_in_any_units(X) -> None:
    for module, y in ((logistic, LABELS), (logistic_signs, SIGNS), (exponential_loss, SIGNS)):
        ours = module.fit(X, y)
        assert not ours.converged
        assert ours.status.startswith("No minimiser exists"), (module.__name__, ours.status)
        assert np.isfinite(ours.theta).all()


def test_least_squares_intercept_and_ending() -> None:
    X, y = load_diabetes(return_X_y=True)
    for l2, peer in (
        (0.0, LinearRegression()),
        (0.1, Ridge(alpha=0.1 * len(y), solver="cholesky")),
        (1e-3, Ridge(alpha=1e-3 * len(y), solver="cholesky")),
    ):
        ours = least_squares.fit(X, y, l2=l2, tol=1e-10)
        peer.fit(X, y)
        assert ours.converged, ours.status
        assert ours.gradient_norm <= 1e-10
        assert close(ours.theta, peer.coef_)
        assert abs(ours.intercept - peer.intercept_) <= 1e-8 * abs(peer.intercept_)
        assert close(least_squares.predict(ours, X), peer.predict(X))


def test_poisson_converges_and_predicts_the_means() -> None:
    counts = sm.datasets.randhie.load_pandas()
    X, y = counts.exog.to_numpy(), counts.endog.to_numpy()
    ours = poisson.fit(X, y, tol=1e-10)
    peer = sm.GLM(y, sm.add_constant(X), family=sm.families.Poisson()).fit(tol=1e-14, maxiter=100)
    assert ours.converged, ours.status
    assert close(poisson.predict(ours, X), peer.fittedvalues)


def test_softmax_coefficients_are_scikit_learns() -> None:
    X, y = load_iris(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    for l2 in (1e-1, 1e-2):
        ours = softmax.fit(X, np.eye(3)[y], l2=l2, tol=1e-9)
        peer = LogisticRegression(
            C=1 / (l2 * len(y)), fit_intercept=False, solver="newton-cg", tol=1e-10, max_iter=5000
        ).fit(X, y)
        assert ours.converged, ours.status
        assert ours["Theta"].shape == (4, 3)
        assert close(ours["Theta"], peer.coef_.T, 1e-6)


def test_logistic_l2_is_logistic_with_a_column_of_ones_first() -> None:
    for X in (SCALED, SCALED[:, :5]):
        ours = logistic.fit(X, LABELS, l2=L2, tol=1e-10)
        ones = np.column_stack([np.ones(M), X])
        inside = logistic_l2.fit(ones, LABELS, L2, tol=1e-10)
        assert inside.converged, inside.status
        assert close(inside["theta"], np.r_[ours.intercept, ours.theta], 1e-6)
        assert close(logistic_l2.predict(inside, ones), logistic.predict(ours, X), 1e-6)
        w = np.r_[ours.intercept, ours.theta]
        assert np.isclose(logistic_l2.cost(w, ones, LABELS, L2), ours.cost, rtol=1e-12)


def test_signs_and_bias_apart_are_the_same_cost() -> None:
    rng = np.random.default_rng(0)
    w, v = rng.normal(size=(2, 30))
    one, two = (w, SCALED, LABELS), (w, SCALED, SIGNS)
    assert np.isclose(logistic.cost(*one), logistic_signs.cost(*two), rtol=1e-12)
    assert close(logistic_signs.gradient(*two), logistic.gradient(*one), 1e-12)
    assert close(logistic_signs.hessian(*two), logistic.hessian(*one), 1e-12)
    assert close(logistic_signs.hvp(w, v, SCALED, SIGNS), logistic.hvp(w, v, SCALED, LABELS), 1e-12)
    ours = logistic.fit(SCALED, LABELS, l2=L2, tol=1e-10)
    signs = logistic_signs.fit(SCALED, SIGNS, l2=L2, tol=1e-10)
    apart = logistic_wb.fit(SCALED, LABELS, l2=L2, penalise=("w",), tol=1e-10)
    assert signs.converged, signs.status
    assert apart.converged, apart.status
    assert close(np.r_[signs.intercept, signs.theta], np.r_[ours.intercept, ours.theta])
    assert close(np.r_[apart["b"], apart["w"]], np.r_[ours.intercept, ours.theta], 1e-6)


@pytest.mark.parametrize("l2", [1e-1, 1e-2, 1e-3])
def test_squared_hinge_is_linear_svcs(l2) -> None:
    # liblinear: 1/2 |w|^2 + C sum relu(1 - y z)^2; ours times m / (l2 m): C = 1 / (2 l2 m).
    ours = squared_hinge.fit(SCALED, SIGNS, l2=l2, fit_intercept=False, tol=1e-10)
    peer = LinearSVC(
        loss="squared_hinge", dual=False, fit_intercept=False, C=1 / (2 * l2 * M),
        tol=1e-10, max_iter=100_000,
    ).fit(SCALED, SIGNS)  # fmt: skip
    assert ours.converged, ours.status
    assert close(ours.theta, peer.coef_[0], 1e-4)


def test_exponential_loss_is_what_bfgs_finds() -> None:
    X = SCALED[:, :4]
    ours = exponential_loss.fit(X, SIGNS, fit_intercept=False, tol=1e-10)
    found = minimize(
        exponential_loss.cost, np.zeros(4), (X, SIGNS), "trust-exact",
        exponential_loss.gradient, exponential_loss.hessian, options={"gtol": 1e-10},
    )  # fmt: skip
    assert ours.converged, ours.status
    assert close(ours.theta, found.x, 1e-8)


def test_probit_to_1e6_on_two_subsets() -> None:
    for columns in ([0, 1, 4], [1, 5, 8]):
        X = SCALED[:, columns]
        ours = probit.fit(X, LABELS, tol=1e-10)
        peer = sm.Probit(LABELS, sm.add_constant(X)).fit(disp=0, tol=1e-14, maxiter=100)
        assert ours.converged, ours.status
        assert close(np.r_[ours.intercept, ours.theta], peer.params, 1e-6)


@pytest.mark.parametrize("l2", [0.0, 1e-3, 1e-1])
@pytest.mark.parametrize("method", ["newton", "gradient_descent"])
@pytest.mark.parametrize("X", [SCALED, RAW[:, :3]], ids=["standardised", "raw"])
def test_no_global_claim_without_convexity(X, method, l2) -> None:
    ours = sigmoid_squares.fit(X, LABELS, l2=l2, method=method, max_iter=300)
    assert "global" not in ours.status
    assert "No minimiser" not in ours.status


LINEAR = {
    "logistic": (logistic, LABELS),
    "logistic_signs": (logistic_signs, SIGNS),
    "least_squares": (least_squares, LABELS),
    "poisson": (poisson, LABELS),
    "sigmoid_squares": (sigmoid_squares, LABELS),
    "squared_hinge": (squared_hinge, SIGNS),
    "exponential_loss": (exponential_loss, SIGNS),
    "probit": (probit, LABELS),
}


@pytest.mark.parametrize("name", LINEAR)
def test_kernels_hand_over_to_scipy(name) -> None:
    module, y = LINEAR[name]
    X = np.column_stack([np.ones(M), SCALED[:, [0, 1, 4]]])
    found = minimize(
        module.cost, np.zeros(4), (X, y), "trust-ncg", module.gradient, hessp=module.hvp,
        options={"gtol": 1e-7},
    )  # fmt: skip
    ours = module.fit(X, y, fit_intercept=False)
    assert ours.converged, ours.status
    assert close(ours.theta, found.x, 1e-5)


def test_matrix_kernels_hand_over_to_scipy() -> None:
    X, y = load_iris(return_X_y=True)
    Y, shape = np.eye(3)[y], (4, 3)
    l2 = 1e-2
    found = minimize(
        lambda t: softmax.cost(t.reshape(shape), X, Y) + l2 / 2 * t @ t,
        np.zeros(12),
        jac=lambda t: softmax.gradient(t.reshape(shape), X, Y).ravel() + l2 * t,
        hessp=lambda t, v: softmax.hvp(t.reshape(shape), v.reshape(shape), X, Y).ravel() + l2 * v,
        method="trust-ncg",
        options={"gtol": 1e-8},
    )
    assert close(softmax.fit(X, Y, l2=l2)["Theta"].ravel(), found.x, 1e-5)
    slope = approx_fprime(found.x, lambda t: softmax.cost(t.reshape(shape), X, Y), 1e-7)
    assert np.abs(slope + l2 * found.x).max() < 1e-5
