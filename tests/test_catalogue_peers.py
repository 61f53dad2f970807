"""Fits of the catalogue's costs against statsmodels, scikit-learn and SciPy on simulated data."""

import importlib

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import minimize, nnls
from sklearn.linear_model import TweedieRegressor
from statsmodels.discrete.count_model import ZeroInflatedPoisson
from statsmodels.miscmodels.ordinal_model import OrderedModel

rng = np.random.default_rng(7)
M = 300
X = np.column_stack([np.ones(M), rng.normal(size=(M, 2))])
THETA = np.array([0.4, 0.5, -0.3])
Z = X @ THETA
MU = np.exp(Z)
U = rng.uniform(size=M)


def fit(name, *data, **options):
    module = importlib.import_module(f"generated.{name}")
    if hasattr(module.MODEL, "target"):
        options.setdefault("fit_intercept", False)
    result = module.fit(*data, tol=1e-10, **options)
    assert result.converged, result.status
    return result


def weights(result):
    """The fitted vector of a model with one."""
    return result.theta if hasattr(result, "theta") else result["theta"]


def close(ours, theirs, bound=1e-6) -> bool:
    return bool(np.abs(np.subtract(ours, theirs)).max() <= bound * max(1.0, np.abs(theirs).max()))


LINKS = sm.families.links
GAMMA = rng.gamma(2.0, MU / 2)
WALD = rng.wald(MU, 3.0)
COUNTS = rng.negative_binomial(2.0, 2.0 / (2.0 + MU)).astype(float)
GEOMETRIC = rng.geometric(1 / (1 + MU)).astype(float) - 1
LABELS = (1 - np.exp(-np.exp(Z - 0.5)) > U).astype(float)
GLMS = {
    "gamma": ((GAMMA,), sm.families.Gamma(LINKS.Log())),
    "inverse_gaussian": ((WALD,), sm.families.InverseGaussian(LINKS.Log())),
    "negative_binomial_known": ((COUNTS, 2.0), sm.families.NegativeBinomial(alpha=0.5)),
    "geometric": ((GEOMETRIC,), sm.families.NegativeBinomial(alpha=1.0)),
    "complementary_log_log": ((LABELS,), sm.families.Binomial(LINKS.CLogLog())),
    "log_log": ((LABELS,), sm.families.Binomial(LINKS.LogLog())),
    "cauchit": ((LABELS,), sm.families.Binomial(LINKS.Cauchy())),
}


@pytest.mark.parametrize("name", GLMS)
def test_generalised_linear_models(name) -> None:
    data, family = GLMS[name]
    peer = sm.GLM(data[0], X, family=family).fit(tol=1e-14, maxiter=300)
    assert close(weights(fit(name, X, *data)), peer.params)


def test_tweedie_is_scikit_learns() -> None:
    peer = TweedieRegressor(power=1.5, alpha=0.0, link="log", fit_intercept=False, tol=1e-10,
                            max_iter=5000).fit(X, COUNTS)  # fmt: skip
    assert close(fit("tweedie", X, COUNTS, 1.5)["theta"], peer.coef_, 1e-4)


def test_offsets_trials_and_weights() -> None:
    exposure, trials = rng.uniform(0.5, 3.0, size=M), rng.integers(1, 9, size=M).astype(float)
    y = rng.poisson(exposure * MU).astype(float)
    peer = sm.GLM(y, X, family=sm.families.Poisson(), offset=np.log(exposure)).fit(tol=1e-14)
    ours = fit("poisson_offset", X, y, np.log(exposure))
    module = importlib.import_module("generated.poisson_offset")
    assert close(weights(ours), peer.params)
    assert close(module.predict(ours, X, np.log(exposure)), peer.fittedvalues)
    k = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-Z))).astype(float)
    peer = sm.GLM(np.column_stack([k, trials - k]), X, family=sm.families.Binomial()).fit(tol=1e-14)
    assert close(weights(fit("binomial", X, k, trials)), peer.params)
    y = Z + rng.normal(size=M) / np.sqrt(exposure)
    assert close(weights(fit("weighted_least_squares", X, y, exposure)),
                 sm.WLS(y, X, weights=exposure).fit().params)  # fmt: skip
    A = rng.normal(size=(M, M)) / np.sqrt(M)
    precision = A @ A.T + np.eye(M)
    peer = sm.GLS(y, X, sigma=np.linalg.inv(precision)).fit()
    assert close(fit("generalised_least_squares", X, y, precision)["theta"], peer.params)


def test_thresholds_of_ordered_classes() -> None:
    edges = np.array([-0.5, 0.3, 1.6])
    classes = np.searchsorted(edges, X[:, 1:] @ THETA[1:] + rng.logistic(size=M))
    peer = OrderedModel(classes, X[:, 1:], distr="logit").fit(
        method="bfgs", disp=0, maxiter=2000, gtol=1e-6
    )
    gaps = np.arange(2)
    upper = (gaps[None, :] < classes[:, None]).astype(float)
    upper[classes == 3] = 0.0
    lower = (gaps[None, :] < classes[:, None] - 1).astype(float)
    own = ((classes[:, None] == gaps + 1) & (classes[:, None] < 3)).astype(float)
    ours = fit("cumulative_logit", X[:, 1:], upper, lower, (classes < 3) * 1.0,
               (classes > 0) * 1.0, own)  # fmt: skip
    ours = np.concatenate([ours["theta"], [ours["b"]], ours["g"]])
    assert close(ours, peer.params, 1e-4)
    above = (classes[:, None] > np.arange(3)).astype(float)
    thresholds = fit("ordinal_all_threshold", X[:, 1:], above)["b"]
    assert np.all(np.diff(thresholds) > 0)


def test_zero_inflated_counts() -> None:
    extra = rng.uniform(size=M) < 0.3
    y = np.where(extra, 0.0, rng.poisson(2 * MU))
    ours = fit("zero_inflated_poisson", X, np.ones((M, 1)), y, (y == 0) * 1.0)
    peer = ZeroInflatedPoisson(y, X).fit(method="bfgs", disp=0, maxiter=2000, gtol=1e-9)
    assert close(np.r_[ours["gamma"], ours["beta"]], peer.params, 1e-4)


def test_mean_and_variance_together() -> None:
    y = Z + np.exp(0.5 * X[:, 1] - 0.2) * rng.normal(size=M)
    ours = fit("heteroscedastic", X, X, y)

    def likelihood(t):
        return -stats.norm.logpdf(y, X @ t[:3], np.exp(X @ t[3:] / 2)).mean()

    found = minimize(likelihood, np.zeros(6), method="BFGS", options={"gtol": 1e-7})
    assert close(np.r_[ours["beta"], ours["alpha"]], found.x, 1e-4)


DISTRIBUTIONS = {
    "weibull_aft": stats.gumbel_l, "log_logistic_aft": stats.logistic,
    "log_normal_aft": stats.norm,
}  # fmt: skip


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_censored_survival_times(name) -> None:
    law = DISTRIBUTIONS[name]
    times = Z + 0.7 * law.ppf(U)
    ends = rng.uniform(-1.0, 3.0, size=M)
    u, d = np.minimum(times, ends), (times <= ends) * 1.0
    ours = fit(name, X, u, d)

    def likelihood(t):
        w = (u - X @ t[:3]) * np.exp(-t[3])
        return -(d * (law.logpdf(w) - t[3]) + (1 - d) * law.logsf(w)).mean()

    found = minimize(likelihood, np.zeros(4), method="BFGS", options={"gtol": 1e-7})
    assert close(np.r_[ours["theta"], ours["s"]], found.x, 1e-4)
    assert abs(ours["s"] - np.log(0.7)) < 0.2


def test_censoring_at_zero_and_exponential_times() -> None:
    y = np.maximum(Z + rng.normal(size=M), 0.0)
    d = (y > 0) * 1.0
    ours = fit("tobit", X, y, d)

    def likelihood(t):
        scale = np.exp(t[3])
        seen, hidden = stats.norm.logpdf(y, X @ t[:3], scale), stats.norm.logcdf(-X @ t[:3] / scale)
        return -np.where(d > 0, seen, hidden).mean()

    found = minimize(likelihood, np.zeros(4), method="BFGS", options={"gtol": 1e-7})
    assert close(np.r_[ours["theta"], ours["s"]], found.x, 1e-4)
    # Exponential times are Poisson counts of events with the times as exposures.
    t, events = rng.exponential(1 / MU), (U < 0.7) * 1.0
    peer = sm.GLM(events, X, family=sm.families.Poisson(), offset=np.log(t)).fit(tol=1e-14)
    assert close(weights(fit("exponential_survival", X, t, events)), peer.params)


ERRORS = rng.standard_t(3, size=M)
TARGETS = Z + 0.3 * ERRORS
ROBUST = {
    "student_t": ((3.0, 0.3), lambda r: -stats.t.logpdf(r, 3.0, 0, 0.3)),
    "pseudo_huber": ((0.5,), lambda r: 0.25 * (np.hypot(1, r / 0.5) - 1)),
    "cauchy": ((0.5,), lambda r: 0.125 * np.log(1 + (r / 0.5) ** 2)),
    "welsch": ((2.0,), lambda r: 2 * (1 - np.exp(-((r / 2) ** 2)))),
    "geman_mcclure": ((), lambda r: r**2 / (1 + r**2) / 2),
    "log_cosh_loss": ((), lambda r: np.log(np.cosh(r))),
    "expectile": ((0.8,), lambda r: np.where(r > 0, 0.8, 0.2) * r**2 / 2),
}


@pytest.mark.parametrize("name", ROBUST)
def test_robust_losses_find_the_weights(name) -> None:
    more, loss = ROBUST[name]
    start = np.linalg.lstsq(X, TARGETS, rcond=None)[0]
    ours = weights(fit(name, X, TARGETS, *more, start=start))
    found = minimize(lambda t: loss(TARGETS - X @ t).mean(), start, method="BFGS",
                     options={"gtol": 1e-8})  # fmt: skip
    assert close(ours, found.x, 1e-4)
    if name != "expectile":
        assert close(ours, THETA, 0.15)


def test_positive_weights_and_divergences() -> None:
    profiles = rng.uniform(size=(M, 3))
    y = profiles @ [1.0, 2.0, 0.5] + 0.1 * rng.normal(size=M)
    ours = fit("nonnegative_least_squares", profiles, y)
    assert close(np.exp(ours["a"]), nnls(profiles, y)[0], 1e-5)
    counts = rng.poisson(profiles @ [1.0, 2.0, 0.5]).astype(float)
    ours = fit("kullback_leibler", profiles, counts)
    # The ratios' means are 1 at the minimum: Shepp and Vardi's fixed point.
    ratios = counts / (profiles @ np.exp(ours["a"]))
    assert close(profiles.T @ ratios, profiles.sum(axis=0))


CURVES = {
    "exponential_decay": (lambda t, a, k: a * np.exp(-k * t), (2.0, 0.7)),
    "michaelis_menten": (lambda t, v, k: v * t / (np.exp(k) + t), (2.0, 0.7)),
    "logistic_growth": (lambda t, a, r, c: a / (1 + np.exp(c - r * t)), (2.0, 1.2, 2.5)),
}


@pytest.mark.parametrize("name", CURVES)
def test_curves_that_made_the_data_are_found(name) -> None:
    curve, right = CURVES[name]
    t = np.linspace(0.1, 5.0, 40)
    module = importlib.import_module(f"generated.{name}")
    names = [v.name for v in module.MODEL.parameters]
    start = {key: value * 0.8 for key, value in zip(names, right, strict=True)}
    ours = fit(name, t, curve(t, *right), start=start)
    assert close([ours[key] for key in names], right, 1e-5)


def test_closed_forms() -> None:
    lam, y = 0.3, TARGETS
    ridge = np.linalg.solve(X.T @ X / M + lam * np.eye(3), X.T @ y / M)
    assert close(fit("ridge", X, y, lam)["theta"], ridge)
    L = np.diff(np.eye(3), axis=0)
    smooth = np.linalg.solve(X.T @ X + lam * L.T @ L, X.T @ y)
    assert close(fit("tikhonov", X, y, L, lam)["x"], smooth)
    sigma, mu = X.T @ X / M, np.array([0.1, 0.2, -0.1])
    assert close(fit("portfolio", mu, sigma, 2.0)["w"], np.linalg.solve(sigma, mu) / 2)


def test_maximum_entropy_meets_its_means() -> None:
    F = rng.normal(size=(30, 3))
    weight = rng.dirichlet(np.ones(30))
    ours = fit("maximum_entropy", F, F.T @ weight)
    p = importlib.import_module("generated.maximum_entropy").predict(ours, F)
    assert np.isclose(p.sum(), 1)
    assert close(F.T @ p, F.T @ weight)


def test_transport_has_the_masses_and_is_sinkhorns() -> None:
    C, a, b, eps = rng.uniform(size=(4, 5)), np.full(4, 0.25), np.full(5, 0.2), 0.2
    ours = fit("optimal_transport", C, a, b, eps)
    plan = importlib.import_module("generated.optimal_transport").predict(ours, C, eps)
    K, u, v = np.exp(-C / eps), np.ones(4), np.ones(5)
    for _ in range(2000):
        u = a / (K @ v)
        v = b / (K.T @ u)
    assert close(plan, u[:, None] * K * v)


def test_special_cases_of_logistic_regression() -> None:
    labels, signs = (1 / (1 + np.exp(-Z)) > U) * 1.0, np.where(1 / (1 + np.exp(-Z)) > U, 1.0, -1.0)
    plain = fit("logistic", X, labels).theta
    assert close(fit("focal", X, signs, 0.0)["theta"], plain)
    assert close(fit("label_smoothing", X, labels, 0.0)["theta"], plain)
    assert close(fit("label_smoothing", X, labels, 0.2)["theta"],
                 fit("logistic", X, 0.8 * labels + 0.1).theta)  # fmt: skip
    both = fit("multilabel_logistic", X, np.column_stack([labels, 1 - labels]))["Theta"]
    assert close(both, np.column_stack([plain, -plain]))
    # A random effect for each of the weights with variance s is an l2 penalty of 1/(m s).
    mixed = fit("logistic_mixed", X[:, :1], X[:, 1:], labels, 0.5)
    apart = fit("logistic", X[:, 1:], labels, l2=1 / (0.5 * M), fit_intercept=True)
    assert close(np.r_[mixed["beta"], mixed["b"]], np.r_[apart.intercept, apart.theta])


def test_softmax_with_offsets_and_penalty() -> None:
    classes = rng.integers(0, 3, size=M)
    Y = np.eye(3)[classes]
    penalised = fit("softmax_l2", X, Y, 0.1)["Theta"]
    assert close(penalised, fit("softmax", X, Y, l2=0.1)["Theta"])
    O = np.tile([0.0, 0.5, -1.0], (M, 1))
    shifted = fit("softmax_offset", X, Y, O)["Theta"]
    plain = fit("softmax", X, Y)["Theta"]
    moved = shifted.copy()
    moved[0] += O[0]  # the intercept takes what the offset gave
    assert close(
        moved - moved.mean(axis=1, keepdims=True), plain - plain.mean(axis=1, keepdims=True)
    )


@pytest.mark.parametrize("name", ["modified_huber", "savage", "tangent"])
def test_margin_losses_separate_most_labels(name) -> None:
    signs = np.where(Z + 0.3 * rng.normal(size=M) > 0, 1.0, -1.0)
    ours = fit(name, X, signs, l2=1e-2)
    assert ((X @ ours.theta > 0) == (signs > 0)).mean() > 0.8


def test_a_smoothed_elastic_net_sets_small_weights_to_nearly_zero() -> None:
    y = X @ [1.0, 0.0, 0.5] + 0.1 * rng.normal(size=M)
    ours = fit("elastic_net_smoothed", X, y, 0.1, 0.01, 1e-2)["theta"]
    assert abs(ours[1]) < 0.02
    assert ours[0] > 0.7
