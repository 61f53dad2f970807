"""Every form among which the stabiliser chooses is equal to the formula that it replaces."""

import pytest

from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge import judge
from derive.notation import Axis, Problem, Sum, data, define, exp, log, parameter, sigmoid, softplus
from derive.notation.expression import Diff, Entry
from derive.notation.functions import FUNCTIONS, sqrt, tanh
from derive.notation.interval import POSITIVE, UNIT
from derive.notation.text import text
from derive.record import Derivation, Proof, Step
from derive.stabilise.candidates import candidates
from tests.programs.linear_models import LINEAR

m, n = Axis("m"), Axis("n")
i, j = m.index("i"), n.index("j")
X, theta = data("X", m, n), parameter("theta", n)
y, c = data("y", m, domain=UNIT), data("c", m, domain=POSITIVE)
z = define("z", i, Sum(X[i, j] * theta[j], j))
r = define("r", i, c[i] - z[i])
FORMULAS = {
    "difference": sigmoid(z[i]) - y[i],
    "square of a difference": (sigmoid(z[i]) - y[i]) ** 2,
    "two roots": (sigmoid(z[i]) - y[i]) * (sigmoid(2 * z[i]) - y[i]),
    "polynomial": 3 * exp(2 * z[i]) - c[i] * exp(z[i]),
    "negative powers": c[i] * exp(-3 * z[i]) - exp(-z[i]),
    "logarithms": y[i] * softplus(-z[i]) + c[i] * log(1 + exp(z[i])) - z[i] * y[i],
    "scaled exponent": c[i] * softplus(z[i] / c[i]) - y[i] * z[i],
    "logarithm in the exponent": sigmoid(z[i] - log(c[i])) * c[i] - y[i],
    "hyperbolic": 1 - tanh(z[i]) ** 2,
    "residual": r[i] ** 3 / (1 + r[i] ** 2) ** 2,
    "root": c[i] * (sqrt(1 + (r[i] / c[i]) ** 2) - 1),
    "odd power of a root": 1 / sqrt(1 + r[i] ** 2) ** 3,
    "no symmetry": exp(z[i]) / (2 + 3 * exp(z[i])) ** 2,
}


def problem(formula) -> Problem:
    return Problem(
        name="formula", title="Formula", data=(X, y, c), parameters=(theta,), definitions=(z, r),
        cost=1 / m * Sum(formula, i),
    )  # fmt: skip


def unequal(e, own: Problem, score) -> list[str]:
    """The candidates that the judge refutes."""
    found = candidates(e, own, score)
    assert found[0].formula == e
    chains = tuple(
        Derivation(f"S{k}", "stable", "form", e, (Step(e, form.formula, "form", form.reason),))
        for k, form in enumerate(found)
        if form.formula != e
    )
    if not chains:
        return []
    verdict = judge(Proof(own, chains))
    return [
        f"{text(e)} = {text(chains[int(s.label[1:]) - 1].last)}: {s.message}"
        for s in verdict.steps
        if not s.passed
    ]


@pytest.mark.parametrize("own", LINEAR, ids=lambda p: p.name)
def test_every_candidate_of_the_catalogue_equals_its_formula(own) -> None:
    linear = linear_predictor(own, sample_loss(own))
    for part in (linear.loss, linear.slope, linear.curvature):
        assert not unequal(part.last, own, linear.score.tensor)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_candidate_equals_its_formula(name) -> None:
    own = problem(FORMULAS[name])
    assert not unequal(FORMULAS[name], own, z.tensor)
    assert len(candidates(FORMULAS[name], own, z.tensor)) > 1, "nothing was proposed"


def test_a_wrong_form_is_refuted() -> None:
    e = FORMULAS["difference"]
    own = problem(e)
    good = candidates(e, own, z.tensor)[-1].formula
    wrong = Derivation("S1", "stable", "form", e, (Step(e, good + y[i] / 1000, "form", ""),))
    assert not judge(Proof(own, (wrong,))).passed


def test_no_form_of_an_unknown_function_is_proposed() -> None:
    row = next(f for f in FUNCTIONS if f.name == "log_gamma")
    e = row(2 + z[i] ** 2)
    assert [f.formula for f in candidates(e, problem(e), z.tensor)] == [e]


def test_slopes_of_losses_are_derivatives_of_them() -> None:
    """The samplewise formulas are what the catalogue's claims say (a guard of this file)."""
    for own in LINEAR[:3]:
        linear = linear_predictor(own, sample_loss(own))
        score: Entry = linear.score.tensor[linear.sample]
        claim = Derivation(
            "P", "theorem", "slope", Diff(linear.loss.last, score),
            (Step(Diff(linear.loss.last, score), linear.slope.last, "claim", ""),),
        )  # fmt: skip
        assert judge(Proof(own, (claim,))).passed
