"""Honest small costs of odd kinds: each is built and right, or answered in four true lines."""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import DeriveError, RefutedError
from derive.pipeline import build
from derive.publish.module import Source
from derive.readers.plain import problem_from_text
from tests.fuzz.honest import singular, texts
from tests.fuzz.whole import Made, executed, mistakes

TEXTS = texts()
QUICK = [name for k, name in enumerate(TEXTS) if k % 3 == 0]

ANSWERED = (
    "a number is written like", "takes 2 arguments, not 3", "is never closed", "does not use",
    "a number stands behind a factor", "a determinant alone is not known", "have more than one",
    "the steps of a solver do not keep", "take two letters", "is no domain", "float64 holds",
)  # fmt: skip
"""What the reader, the declarations and float64 have to say of some of them."""


def _built(name: str, text: str):
    problem = problem_from_text(text, name)
    return problem, build(problem, Source(name, "derive build"))


def _checked(name: str, text: str) -> None:
    answer: DeriveError | None = None
    try:
        problem, made = _built(name, text)
    except DeriveError as error:
        answer = error
    if answer is not None:
        assert not isinstance(answer, RefutedError), f"{text}\n{answer}"
        assert len(str(answer).splitlines()) <= 5
        assert any(words in str(answer) for words in ANSWERED), f"{text}\n{answer}"
        return
    functions = Made(made.proof, made.program, executed(made.texts[f"{name}.py"]))
    for seed in range(2):
        assert mistakes(problem, seed, functions) in ([], ["skipped"]), text


@pytest.mark.parametrize("name", QUICK)
def test_a_cost_is_built_or_answered(name) -> None:
    _checked(name, TEXTS[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in TEXTS if name not in QUICK])
def test_every_cost_is_built_or_answered(name) -> None:
    _checked(name, TEXTS[name])


@pytest.mark.parametrize("text", singular())
def test_a_term_without_a_value_is_the_users(text) -> None:
    with pytest.raises(DeriveError) as raised:
        _built("singular", text)
    assert not isinstance(raised.value, RefutedError)
    assert "report" not in str(raised.value)
    assert "^" in raised.value.where


PRODUCTS = (
    ("data p (n)\nparameter t (n)\nJ = prod_j (t_j - p_j)\n", lambda t, p: t - p),
    ("data p (n)\nparameter t (n)\nJ = prod_j (t_j^2 - p_j^2)\n", lambda t, p: t**2 - p**2),
)


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
@pytest.mark.parametrize(("text", "factors"), PRODUCTS)
def test_a_product_with_factors_zero(text, factors, zeros) -> None:
    _, made = _built("product", text)
    functions = executed(made.texts["product.py"])
    t = np.array([1.25, -0.5, 2.0, 0.75])
    p = np.array([0.5, 1.5, -1.0, 0.25])
    p[:zeros] = t[:zeros]
    step = 2.0**-20

    def cost(at):
        return float(np.prod(factors(at, p)))

    unit = np.eye(4) * step
    slope = np.array([(cost(t + e) - cost(t - e)) / (2 * step) for e in unit])
    assert np.allclose(functions["gradient"](t, p), slope, atol=1e-9)
    hessian = functions["hessian"](t, p)
    bent = np.array(
        [(functions["gradient"](t + e, p) - functions["gradient"](t - e, p)) / (2 * step)
         for e in unit]
    )  # fmt: skip
    assert np.allclose(hessian, bent, atol=1e-9)
    v = np.array([0.5, -1.0, 0.25, 2.0])
    assert np.allclose(functions["hvp"](t, v, p), hessian @ v, atol=1e-12)


FAR = (0.0, 1e-300, 1e-9, 0.5, 3.0, 26.5, 40.0, 300.0, 709.0, 720.0, 1e5, 1e70)


@pytest.mark.parametrize(
    "cost", ["erfc(t) t^2", "erf(t) t^3", "t/(1 + exp(t))", "t^2 exp(t)/(1 + exp(t))^2",
             "exp(-t^2) t^2", "log(1 + exp(t))^2"],
)  # fmt: skip
def test_no_number_is_lost_over_the_binades(cost) -> None:
    _, made = _built("far", f"parameter t\nJ = {cost}\n")
    functions = executed(made.texts["far.py"])
    with np.errstate(all="ignore"):
        for size in FAR:
            for t in (np.float64(size), np.float64(-size)):
                value = functions["cost"](t)
                if np.isfinite(value) and abs(value) < 1e200:
                    made_ = [functions["gradient"](t), functions["hessian"](t)]
                    made_.append(functions["hvp"](t, np.float64(1.0)))
                    assert np.isfinite(made_).all(), (cost, t, made_)
