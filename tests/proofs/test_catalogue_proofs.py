"""Every problem of the catalogue: its proof is complete, right and in the words of a textbook."""

import importlib
import pkgutil
import re
from functools import cache

import pytest

import derive.problems
from derive.calculus.dependence import pending
from derive.judge import judge
from derive.notation.expression import Element, Sum
from derive.notation.text import mat_text, text
from derive.notation.tree import subterms
from tests.fuzz.whole import Made, made, mistakes
from tests.publish.hypotheses import check_hypotheses

NAMES = tuple(sorted(info.name for info in pkgutil.iter_modules(derive.problems.__path__)))

# cost, gradient, Hessian, Hessian-vector product as a textbook has them.
FORMS = {
    "least_squares": (
        "(1/(2m)) |z - y|^2", "(1/m) X'(z - y)", "(1/m) X'X", "(1/m) X'X v",
    ),
    "logistic": (
        "-(1/m) (y' log(h) + (1 - y)' log(1 - h))", "(1/m) X'(h - y)",
        "(1/m) X' diag(h*(1 - h)) X", "(1/m) X'(h*(1 - h)*(X v))",
    ),
    "poisson": (
        "(1/m) (1'mu - y'z)", "(1/m) X'(mu - y)", "(1/m) X' diag(mu) X", "(1/m) X'(mu*(X v))",
    ),
    "sigmoid_squares": (
        "(1/(2m)) |h - y|^2", "(1/m) X'((h - y)*h*(1 - h))",
        "(1/m) X' diag((2h + 2 h*y - y - 3 h^2)*h*(1 - h)) X",
        "(1/m) X'((2h + 2 h*y - y - 3 h^2)*h*(1 - h)*(X v))",
    ),
}  # fmt: skip
INDEXED = {
    "least_squares": ("(1/m) sum_i (z_i - y_i) X_ik", "(1/m) sum_i X_ik X_il"),
    "logistic": ("(1/m) sum_i (h_i - y_i) X_ik", "(1/m) sum_i h_i (1 - h_i) X_ik X_il"),
    "poisson": ("(1/m) sum_i (mu_i - y_i) X_ik", "(1/m) sum_i mu_i X_ik X_il"),
    "sigmoid_squares": (
        "(1/m) sum_i (h_i - y_i) h_i (1 - h_i) X_ik",
        "(1/m) sum_i (2 h_i + 2 h_i y_i - y_i - 3 h_i^2) h_i (1 - h_i) X_ik X_il",
    ),
}
ASSUMPTIONS = {
    "least_squares": (), "logistic": ("y in [0, 1]",), "poisson": ("y in [0, inf)",),
    "sigmoid_squares": ("y in [0, 1]",),
}  # fmt: skip
TITLES = ("cost", "gradient", "Hessian", "Hessian-vector product")


def problem_of(name):
    return importlib.import_module(f"derive.problems.{name}").PROBLEM


@cache
def whole(name) -> Made:
    return made(problem_of(name))


def theorem(name, title):
    return next(p for p in whole(name).proof.parts if p.kind == "theorem" and p.title == title)


def chain(step):
    yield step
    for inner in step.substeps:
        yield from chain(inner)


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_passes_with_the_expected_assumptions(name) -> None:
    verdict = judge(whole(name).proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:3]
    assert all(s.points > 0 for s in verdict.steps)
    if name in ASSUMPTIONS:
        assert verdict.assumptions == ASSUMPTIONS[name]


@pytest.mark.parametrize("name", NAMES)
def test_undischarged_conditions_are_hypotheses_of_all_that_rests_on_them(name) -> None:
    check_hypotheses(whole(name).proof)


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_and_function_is_right(name) -> None:
    found = [mistakes(problem_of(name), seed, whole(name)) for seed in range(6)]
    # Some points are no good: a risk set may be empty, X'X singular where m < n.
    assert all(wrong in ([], ["skipped"]) for wrong in found), found
    assert found.count([]) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_chains_hold_and_end_in_a_matrix_form(name) -> None:
    for part in whole(name).proof.parts:
        now = part.goal
        for step in part.steps:
            assert step.before == now
            now = step.after
            if step.substeps:
                assert step.substeps[0].before == step.before
                assert step.substeps[-1].after == step.after
            for a, b in zip(step.substeps, step.substeps[1:], strict=False):
                assert a.after == b.before
            assert all(s.reason for s in chain(step))
        assert part.last == now
        assert not pending(part.last)
        if part.kind != "lemma":
            assert isinstance(part.last, Element), part.label
            assert not any(isinstance(node, Sum) for _, node in subterms(part.last))


@pytest.mark.parametrize("name", FORMS)
def test_textbook_forms(name) -> None:
    assert tuple(mat_text(theorem(name, t).matrix) for t in TITLES) == FORMS[name]
    lines = [
        next(s.before for s in reversed(theorem(name, t).steps) if isinstance(s.after, Element))
        for t in TITLES[1:3]
    ]
    assert tuple(map(text, lines)) == INDEXED[name]


LONGER = {"gaussian_process_evidence": 9}
"""Its covariances are made of two named matrices, each with a line of its own."""


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_is_at_most_eight_lines(name) -> None:
    gradients = [
        p for p in whole(name).proof.parts
        if p.kind == "theorem" and p.title.startswith("gradient")
    ]  # fmt: skip
    assert len(gradients) == len(problem_of(name).parameters)
    most = LONGER.get(name, 8)
    assert all(sum(s.level <= 1 for s in p.steps) <= most for p in gradients)


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_unique_and_cited_labels_exist(name) -> None:
    parts = whole(name).proof.parts
    labels = [p.label for p in parts]
    assert len(set(labels)) == len(labels)
    for number, part in enumerate(parts):
        for step in part.steps:
            for cited in (label for s in chain(step) for label in s.cites):
                assert cited in labels
                if not cited.startswith("D"):  # nothing is proved by what comes later
                    assert labels.index(cited) < number
        assert part.of == "" or part.of in labels


@pytest.mark.parametrize("name", NAMES)
def test_labels_in_the_proof_are_those_in_the_code(name) -> None:
    made_ = whole(name)
    labels = {p.label: p for p in made_.proof.parts}
    for judged in made_.program.kernels:
        results = [line for line in judged.kernel.lines if not line.name]
        for result, last in zip(results, judged.lasts, strict=True):
            cited = re.findall(r"[A-Z]\d+", result.label)
            assert cited
            assert all(label in labels for label in cited)
            if judged.kernel.name != "prediction":
                assert last in [labels[label].last for label in cited]
        for line in judged.kernel.lines[: -len(results)]:
            if line.label:
                named = re.findall(r"[A-Z]\d+", line.label)
                assert labels[named[0]].goal.tensor.name == line.name
                assert all(labels[label].of == named[0] for label in named[1:])
    printed = {
        label for j in made_.program.everything for label in re.findall(r"[A-Z]\d+", j.kernel.label)
    }
    assert printed >= {
        label for label, part in labels.items() if part.kind in ("theorem", "stable")
    }
