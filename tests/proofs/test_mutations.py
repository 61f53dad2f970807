"""Nothing wrong gets through: corrupted rules, steps, matrix forms and generated lines."""

import importlib
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from derive.calculus import algebra, derivatives, differentiate, lemmas
from derive.calculus.differentiate import differentiate as derived
from derive.errors import DeriveError
from derive.judge import judge, judge_kernel
from derive.matrices import form, recognise
from derive.matrices.prove import prove
from derive.notation.expression import Element
from derive.notation.functions import Elementwise
from derive.notation.tree import free_indices
from derive.pipeline import outputs
from derive.publish.module import Source, module_text
from derive.record import Proof
from derive.stabilise import identities
from derive.stabilise.proof import with_stable_forms
from tests.calculus.corruption import corrupted
from tests.fuzz.dual_numbers import seeded
from tests.fuzz.literal import Literal
from tests.fuzz.whole import drawn, executed, made

NAMES = ("least_squares", "logistic", "poisson", "sigmoid_squares")


def problem_of(name):
    return importlib.import_module(f"derive.problems.{name}").PROBLEM


@cache
def whole(name):
    return made(problem_of(name))


def caught(name) -> bool:
    """Whether a derivation with a corrupted rule is refused or refuted."""
    problem = problem_of(name)
    try:
        proof = with_stable_forms(prove(derived(problem)))
    except (DeriveError, TypeError, AssertionError, IndexError):
        return True
    return not judge(proof).passed


WRONG = {
    "negative": lambda new: -new,
    "doubled": lambda new: 2 * new,
    "one more": lambda new: new + 1,
}
# Where the engine looks a rule up: the module, the name of a rule or of a table, and a problem
# in whose derivation the rule is used.
PLACES = [
    (lemmas, "DERIVATIVES", "power-rule", "least_squares"),
    (lemmas, "DERIVATIVES", "sum-rule", "poisson"),
    (lemmas, "DERIVATIVES", "constant-factor", "logistic"),
    (lemmas, "DERIVATIVES", "variable", "least_squares"),
    (lemmas, "LINEARITY", "sum-derivative", "logistic"),
    (lemmas, "LINEARITY", "constant-factor", "poisson"),
    (lemmas, "COMMON_FACTOR", "", "logistic"),
    (lemmas, "SIMPLIFY", "", "sigmoid_squares"),
    (lemmas, "CLEAR_DENOMINATORS", "", "logistic"),
    (lemmas, "SUM_DELTA", "", "least_squares"),
    (lemmas, "ABSORB_SIGN", "", "logistic"),
    (form, "CONTRACT", "", "poisson"),
    (form, "SPLIT_SUM", "", "logistic"),
]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("module", "name", "rule", "problem"), PLACES)
def test_a_corrupted_rule_of_the_engine(module, name, rule, problem, wrong, monkeypatch) -> None:
    calls = []

    def corrupt(old):
        def rewrite(e, scope):
            new = old.rewrite(e, scope)
            if new is None or len(calls) >= 3:  # a few mistakes, so that the line still ends
                return new
            calls.append(e)
            return WRONG[wrong](new)

        return replace(old, rewrite=rewrite)

    table = getattr(module, name)
    if isinstance(table, tuple):
        assert any(old.id == rule for old in table)
        monkeypatch.setattr(module, name, tuple(corrupt(r) if r.id == rule else r for r in table))
    else:
        line_tables = {key: value for key, value in vars(module).items() if hasattr(value, "rules")}
        bad = corrupt(table)
        monkeypatch.setattr(module, name, bad)
        for key, line in line_tables.items():
            rules = tuple(bad if r is table else r for r in line.rules)
            monkeypatch.setattr(module, key, replace(line, rules=rules))
    result = caught(problem)
    assert calls, "the corrupted rule was never used"
    assert result


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("function", ["sigmoid", "exp", "log"])
def test_a_corrupted_row_of_the_function_table(function, wrong, monkeypatch) -> None:
    """A wrong derivative in a row is found by the lemma or by the judge."""
    row = next(f for f in derivatives.FUNCTIONS if f.name == function)
    right = row.derivative
    monkeypatch.setitem(row.__dict__, "derivative", lambda t: WRONG[wrong](right(t)))
    assert caught("poisson" if function == "exp" else "logistic")


def steps_of(proof):
    """The places of all steps and substeps of a proof."""
    for number, part in enumerate(proof.parts):
        for position, step in enumerate(part.steps):
            yield number, position, None, step
            for inner, substep in enumerate(step.substeps):
                yield number, position, inner, substep


def with_step(proof: Proof, number, position, inner, step) -> Proof:
    """The one derivation of the proof, with another step."""
    part = proof.parts[number]
    if inner is not None:
        outer = part.steps[position]
        subs = (*outer.substeps[:inner], step, *outer.substeps[inner + 1 :])
        step = replace(outer, substeps=subs)
    steps = (*part.steps[:position], step, *part.steps[position + 1 :])
    return Proof(proof.problem, (replace(part, steps=steps),))


def judged_equal(name, before, wrong) -> bool:
    """Whether a corruption changes no value (by the literal evaluator), so that it is none."""
    problem = problem_of(name)
    for seed in (0, 1):
        sizes, arrays = drawn(problem, seed)
        arrays["t"] = np.array(0.3)
        point = Literal(sizes, arrays, problem.all_definitions)
        letters = free_indices(before)
        for cell in np.ndindex(*(sizes[k.axis] for k in letters)):
            at = {k: p + 1 for k, p in zip(letters, cell, strict=True)}
            try:
                gap = abs(point.value(before, at) - point.value(wrong, at))
            except (AssertionError, KeyError, ValueError, TypeError, ZeroDivisionError):
                return False
            if gap > 1e-6:
                return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_corrupted_steps(name) -> None:
    """Of random steps everywhere in the proof, with a corrupted right-hand side."""
    proof, rng, tried = whole(name).proof, seeded(name), 0
    places = list(steps_of(proof))
    rng.shuffle(places)
    for number, position, inner, step in places:
        mutants = list(corrupted(step.after))
        what, wrong = rng.choice(mutants)
        if judged_equal(name, step.after, wrong):
            continue
        verdict = judge(with_step(proof, number, position, inner, replace(step, after=wrong)))
        assert not verdict.passed, (proof.parts[number].label, step.rule, what)
        tried += 1
        if tried == 8:
            return
    raise AssertionError("too few corruptions")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", ["dropped", "doubled", "swapped", "label", "goal"])
def test_corrupted_chains(name, fault) -> None:
    proof = whole(name).proof
    number = next(n for n, p in enumerate(proof.parts) if p.title == "gradient")
    part, parts = proof.parts[number], list(proof.parts)
    first, second, *rest = part.steps
    parts[number] = {
        "dropped": replace(part, steps=(first, *rest)),
        "doubled": replace(part, steps=(first, first, second, *rest)),
        "swapped": replace(part, steps=(second, first, *rest)),
        "label": replace(part, label=proof.parts[0].label),
        "goal": replace(part, goal=proof.parts[number - 1].goal),
    }[fault]
    assert not judge(Proof(proof.problem, tuple(parts))).passed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("title", ["cost", "gradient", "Hessian", "Hessian-vector product"])
def test_corrupted_matrix_forms(name, title) -> None:
    proof, problem = whole(name).proof, problem_of(name)
    number = next(n for n, p in enumerate(proof.parts) if p.kind == "theorem" and p.title == title)
    part = proof.parts[number]
    last = part.steps[-1]
    assert isinstance(last.after, Element)
    tried, mutants = 0, list(corrupted(last.after))
    seeded(name + title).shuffle(mutants)
    for what, wrong in mutants[:8]:
        if not isinstance(wrong, Element) or judged_equal(name, last.after, wrong):
            continue
        step = replace(last, after=wrong, substeps=())
        verdict = judge(with_step(proof, number, len(part.steps) - 1, None, step))
        assert not verdict.passed, what
        tried += 1
    assert tried >= 3
    assert problem.name == name


def edits(line: str):
    """What may go wrong in the text of a generated line."""
    for old, new in (
        (" - ", " + "), (" + ", " - "), (" / m", ""), (" / m", " / X.shape[1]"), (".T", ""),
        (" @ ", " * "), (" * ", " @ "), ("2", "3"), ("-z", "z"), ("softplus(", "sigmoid("),
        ("sigmoid(", "softplus("), ("np.exp(", "np.expm1("), ("[:, None]", ""), ("y", "z"),
        ("z", "y"), ("h", "z"), ("X @ v", "X @ theta"), ("return ", "return -"), ("mu", "z"),
        ("float(", "np.float32("), ("1", "2"),
    ):  # fmt: skip
        for found in re.finditer(re.escape(old), line):
            yield line[: found.start()] + new + line[found.end() :]


@pytest.mark.parametrize("name", [*NAMES, "logistic_wb"])
def test_corrupted_lines_of_generated_functions(name) -> None:
    made_, problem = whole(name), problem_of(name)
    text = module_text(made_.proof, made_.program, Source("a", "b"))
    count = 0
    for judged in made_.program.kernels:
        kernel = judged.kernel
        start = text.index(f"def {kernel.name}(")
        stop = text.find("\ndef ", start + 1)
        block = text[start : stop if stop > 0 else None].split("\nMODEL")[0]
        body = block.split('"""')[-1]
        for number, line in enumerate(body.split("\n")):
            code = line.split("  #")[0]
            for wrong in edits(code):
                lines = body.split("\n")
                lines[number] = line.replace(code, wrong, 1)
                new = text.replace(block, block[: -len(body)] + "\n".join(lines))
                count += 1
                with np.errstate(all="ignore"):
                    try:
                        function = executed(new)[kernel.name]
                        passed = all(
                            judge_kernel(name, one, last, problem, kernel.args).passed
                            for name, one, last in outputs(judged, function)
                        )
                    except SyntaxError:
                        continue
                assert not passed or same(made_, new, kernel), (kernel.name, wrong)
    assert count >= 20


def same(made_, new, kernel) -> bool:
    """An edit that changes no result is no mistake: X.T @ X for X.T * ... cannot be one."""
    problem = made_.proof.problem
    for seed in (0, 1, 2):
        _, arrays = drawn(problem, seed)
        args = [arrays[t.name] for t in kernel.args]
        a, b = made_.module[kernel.name](*args), executed(new)[kernel.name](*args)
        several = (a, b) if isinstance(a, tuple) and isinstance(b, tuple) else ((a,), (b,))
        for one, other in zip(*several, strict=True):
            if type(one) is not type(other) or not np.allclose(one, other, rtol=1e-12, atol=0):
                return False
    return True


def test_the_tables_that_are_patched_are_those_of_the_engine() -> None:
    assert lemmas.DERIVATIVES is derivatives.DERIVATIVES
    assert lemmas.SIMPLIFY is algebra.SIMPLIFY
    assert form.CONTRACT is recognise.CONTRACT
    assert callable(differentiate.differentiate)
    assert all(isinstance(f, Elementwise) for f in derivatives.FUNCTIONS)
    assert identities.IDENTITIES
