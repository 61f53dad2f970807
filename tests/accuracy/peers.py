"""The same functions in other libraries, where these are installed and have them."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
Function = Callable[..., Any]


@dataclass(frozen=True)
class Peer:
    """Some of loss, slope and curvature of one cost in one library.

    `labels` are all that it takes, where these are few.
    """

    library: str
    cost: str
    functions: dict[str, Function]
    labels: tuple[float, ...] = ()


def peers() -> Iterator[Peer]:
    """All peers that are installed; torch and jax are looked for and may be absent."""
    for library, make in (("scipy", _scipy), ("sklearn", _sklearn), ("statsmodels", _statsmodels),
                          ("torch", _torch), ("jax", _jax)):  # fmt: skip
        if importlib.util.find_spec(library) is not None:
            yield from make()


def _scipy() -> Iterator[Peer]:
    special = importlib.import_module("scipy.special")
    expit, log_expit, log_ndtr = special.expit, special.log_expit, special.log_ndtr

    def hazard(z: Array) -> Array:
        return np.exp(-z * z / 2 - log_ndtr(z)) / np.sqrt(2 * np.pi)

    yield Peer("scipy", "logistic", {
        "loss": lambda z, y: -y * log_expit(z) - (1 - y) * log_expit(-z),
        "slope": lambda z, y: expit(z) - y,
        "curvature": lambda z, y: expit(z) * expit(-z),
    })  # fmt: skip
    yield Peer("scipy", "logistic_signs", {
        "loss": lambda z, y: -log_expit(y * z),
        "slope": lambda z, y: -y * expit(-y * z),
        "curvature": lambda z, y: y * y * expit(y * z) * expit(-y * z),
    })  # fmt: skip
    yield Peer("scipy", "probit", {
        "loss": lambda z, y: -y * log_ndtr(z) - (1 - y) * log_ndtr(-z),
        "slope": lambda z, y: (1 - y) * hazard(-z) - y * hazard(z),
        "curvature": lambda z, y: y * hazard(z) * (hazard(z) + z)
        + (1 - y) * hazard(-z) * (hazard(-z) - z),
    })  # fmt: skip
    yield Peer("scipy", "poisson", {
        "loss": lambda z, y: np.exp(z) - y * z,
        "slope": lambda z, y: special.expm1(z) + (1 - y),
    })  # fmt: skip
    yield Peer("scipy", "huber", {"loss": lambda z, y: special.huber(1.345, z - y)})


SKLEARN = (
    ("logistic", "HalfBinomialLoss"),
    ("poisson", "HalfPoissonLoss"),
    ("gamma", "HalfGammaLoss"),
    ("least_squares", "HalfSquaredError"),
)


def _sklearn() -> Iterator[Peer]:
    losses = importlib.import_module("sklearn._loss.loss")
    for cost, name in SKLEARN:
        yield Peer("sklearn", cost, _compiled(getattr(losses, name)(), lambda y: y))
    half = _compiled(losses.ExponentialLoss(), lambda y: (y + 1) / 2)
    yield Peer("sklearn", "exponential_loss", half, (-1.0, 1.0))


def _compiled(loss: Any, label: Function) -> dict[str, Function]:
    def given(z: Array, y: Array) -> tuple[Array, Array]:
        return (np.ascontiguousarray(label(y).astype(float)),
                np.ascontiguousarray(z.astype(float)))  # fmt: skip

    return {
        "loss": lambda z, y: loss.loss(*given(z, y)),
        "slope": lambda z, y: loss.gradient(*given(z, y)),
        "curvature": lambda z, y: loss.gradient_hessian(*given(z, y))[1],
    }


def _statsmodels() -> Iterator[Peer]:
    sm = importlib.import_module("statsmodels.api")
    families, links = sm.families, sm.families.links
    rows: tuple[tuple[str, Any, bool], ...] = (
        ("logistic", families.Binomial(links.Logit()), True),
        ("probit", families.Binomial(links.Probit()), True),
        ("complementary_log_log", families.Binomial(links.CLogLog()), True),
        ("log_log", families.Binomial(links.LogLog()), True),
        ("cauchit", families.Binomial(links.Cauchy()), True),
        ("poisson", families.Poisson(links.Log()), False),
        ("gamma", families.Gamma(links.Log()), False),
        ("inverse_gaussian", families.InverseGaussian(links.Log()), False),
    )
    for cost, family, with_loss in rows:
        yield Peer("statsmodels", cost, _linear(sm.GLM, family))
        if with_loss:  # for other labels it adds a binomial coefficient
            yield Peer("statsmodels", cost, {"loss": _likelihood(family)}, (0.0, 1.0))


def _likelihood(family: Any) -> Function:
    return lambda z, y: -family.loglike_obs(y, family.link.inverse(z))


def _linear(glm: Any, family: Any) -> dict[str, Function]:
    """A generalised linear model whose only feature is the score, at the weight 1."""

    def model(z: Array, y: Array) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return glm(y, z[:, None], family=family)

    return {
        "slope": lambda z, y: -model(z, y).score_factor(np.ones(1), scale=1.0),
        "curvature": lambda z, y: model(z, y).hessian_factor(np.ones(1), scale=1.0),
    }


def _torch() -> Iterator[Peer]:
    torch = importlib.import_module("torch")
    f = torch.nn.functional

    def of(loss: Function) -> dict[str, Function]:
        def all_three(z: Array, y: Array) -> tuple[Any, Any, Any]:
            score = torch.tensor(z, requires_grad=True)
            value = loss(score, torch.tensor(y))
            (slope,) = torch.autograd.grad(value.sum(), score, create_graph=True)
            (curvature,) = torch.autograd.grad(slope.sum(), score)
            return tuple(v.detach().numpy() for v in (value, slope, curvature))

        return {n: lambda z, y, k=k: all_three(z, y)[k]
                for k, n in enumerate(("loss", "slope", "curvature"))}  # fmt: skip

    rows = (
        ("logistic", lambda z, y: f.binary_cross_entropy_with_logits(z, y, reduction="none")),
        ("poisson", lambda z, y: f.poisson_nll_loss(z, y, reduction="none")),
        ("probit", lambda z, y: -y * torch.special.log_ndtr(z)
         - (1 - y) * torch.special.log_ndtr(-z)),
    )  # fmt: skip
    for cost, loss in rows:
        yield Peer("torch", cost, of(loss))


def _jax() -> Iterator[Peer]:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = importlib.import_module("jax.numpy")
    log_ndtr = importlib.import_module("jax.scipy.special").log_ndtr
    rows = (
        ("logistic", lambda z, y: y * jax.nn.softplus(-z) + (1 - y) * jax.nn.softplus(z)),
        ("poisson", lambda z, y: jnp.exp(z) - y * z),
        ("probit", lambda z, y: -y * log_ndtr(z) - (1 - y) * log_ndtr(-z)),
    )
    for cost, loss in rows:
        slope = jax.grad(loss)
        made = zip(("loss", "slope", "curvature"), (loss, slope, jax.grad(slope)), strict=True)
        yield Peer("jax", cost, {n: _vectorised(jax, g) for n, g in made})


def _vectorised(jax: Any, function: Function) -> Function:
    compiled = jax.jit(jax.vmap(function))
    return lambda z, y: np.asarray(compiled(z, y))
