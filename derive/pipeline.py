"""The whole way: from a cost function to a checked proof and a solver.

`build` is the program: validate, differentiate, put in matrix form, judge, write.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derive.calculus.differentiate import differentiate
from derive.certify.certificate import certified
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.certify.sum_of_squares import sum_of_squares
from derive.judge import Kernels, judge, judge_certificate, judge_stated, require, require_rows
from derive.judge.existence import require_value
from derive.judge.facts import require_facts
from derive.judge.graded import Graded
from derive.judge.rounding_bounds import rounding_bound
from derive.matrices.prove import prove
from derive.notation.expression import Expr, Tensor
from derive.notation.problem import Problem
from derive.notation.said import check_told
from derive.notation.story import Story, Subject
from derive.notation.validate import validate
from derive.programs.program import TOGETHER, Judged, Program, program
from derive.publish.executed import arithmetic
from derive.publish.index import IndexRow, front_page, index_text
from derive.publish.ledger import LedgerEntry, ledger_texts
from derive.publish.module import Source, module_text
from derive.publish.proof_json import proof_record
from derive.publish.proof_tex import proof_texts
from derive.publish.solvers import solver_texts, special_functions
from derive.record import Derivation, Proof
from derive.routes.follow import tell
from derive.stabilise.proof import with_stable_forms
from derive.stabilise.samples_proof import with_sample_forms
from derive.stabilise.squares_proof import with_stable_squares
from derive.verdicts import StepVerdict, Verdict

Texts = dict[str, str]
"""Paths below the output folder, and what the files hold."""

Functions = Mapping[str, Callable[..., object]]
"""The functions of a generated module, by name."""


FRONT = "../README.md"
"""The project's own README, beside the output folder of a checkout."""


@dataclass(frozen=True)
class Built:
    """Everything that comes out of one problem, or of one story (which has no program)."""

    proof: Proof
    program: Program | None
    verdict: Verdict
    texts: Texts


def derive(problem: Problem) -> tuple[Proof, Program]:
    """The derivation alone: every theorem with its matrix form, and the functions to print."""
    validate(problem)
    require_value(problem)
    calculus = differentiate(problem)
    sample = sample_loss(problem)
    certificate, linear = certified(problem, linear_predictor(problem, sample))
    proof = replace(with_stable_forms(prove(calculus)), certificate=certificate)
    proof, sample = with_sample_forms(proof, linear or sample)
    squares = with_stable_squares(sum_of_squares(problem), problem)
    return proof, program(proof, sample, squares)


def build(subject: Subject, source: Source, *, exact: bool = False) -> Built:
    """The proof, judged; the module, compared with the proof's last lines; all texts.

    Raises:
        ProblemError: The problem makes no sense as stated, a definition lacks a declared fact, or a
            row says what is false of its function.
        NoRuleError: No rule covers a part of it.
        RefutedError: The judge refuted a step or a generated function.
    """
    if isinstance(subject, Story):
        validate(subject.problem, coded=False)
        require_rows(subject.problem)
        check_told(subject)
        proof = tell(subject)
        verdict = judge(proof, exact=exact)
        require(verdict, proof)
        return Built(proof, None, verdict, _proof_files(proof, verdict))
    validate(subject)
    require_rows(subject)
    proof, made = derive(subject)
    require_facts(subject)
    module = module_text(proof, made, source)
    functions = _functions(module, subject.name)
    worse = _worse_forms(proof, made, functions, source)
    if worse:
        proof = replace(proof, parts=tuple(p for p in proof.parts if p not in worse))
        made = program(proof, made.sample, made.squares)
        module = module_text(proof, made, source)
        functions = _functions(module, subject.name)
    verdict = _judged(subject, proof, made, functions, exact=exact)
    require(verdict, proof)
    texts = {f"{subject.name}.py": module, **_proof_files(proof, verdict)}
    return Built(proof, made, verdict, texts)


def _proof_files(proof: Proof, verdict: Verdict) -> Texts:
    texts = {f"proofs/{proof.problem.name}.json": proof_record(proof, verdict)}
    return texts | {f"proofs/{name}": text for name, text in proof_texts(proof, verdict).items()}


def _judged(
    problem: Problem, proof: Proof, made: Program, functions: Functions, *, exact: bool
) -> Verdict:
    """The verdict on the proof, on the certificates of the problem and on generated functions."""
    claims = made.sample.claims if made.sample is not None else ()
    claims += made.squares.claims if made.squares is not None else ()
    verdict = judge(Proof(proof.problem, proof.parts + claims), exact=exact)
    certificate: tuple[StepVerdict, ...] = ()
    if proof.certificate is not None:
        certificate = judge_certificate(proof.certificate)
        certificate += judge_stated(proof.certificate, problem)
    # Functions of the same arguments are compared at the same points, and share all values there.
    by_arguments = {
        args: Kernels(proof.problem, args)
        for args in dict.fromkeys(judged.kernel.args for judged in made.everything)
    }
    kernels = tuple(
        by_arguments[judged.kernel.args].judge(name, function, last)
        for judged in made.everything
        for name, function, last in outputs(judged, functions[judged.kernel.name])
    )
    lasts = {j.kernel.name: j for j in made.samplewise}
    passes = tuple(
        by_arguments[lasts[name].kernel.args].judge(
            f"{fused.name}: {name}",
            _output(functions[fused.name], fused.rows, number),
            lasts[name].last,
        )
        for fused in made.fused
        for number, name in enumerate(fused.outputs)
    )
    others = made.sample.others if made.sample is not None else ()
    bounds = (rounding_bound(j.kernel.name, functions, others) for j in made.samplewise)
    return replace(
        verdict,
        steps=verdict.steps + certificate,
        kernels=kernels + passes,
        rounding=tuple(bound for bound in bounds if bound is not None),
    )


def _worse_forms(
    proof: Proof, made: Program, functions: Functions, source: Source
) -> tuple[Derivation, ...]:
    """The stable forms of theorems that lose more than the theorems' own last lines.

    The functions are run in both forms, at points near 0 and far out.
    """
    theorems = {p.label for p in proof.parts if p.kind == "theorem"}
    stable = {p.label: p for p in proof.parts if p.kind == "stable" and p.of in theorems}
    if not stable:
        return ()
    literal = replace(proof, parts=tuple(p for p in proof.parts if p.label not in stable))
    other = program(literal, made.sample, made.squares)
    theirs = _functions(module_text(literal, other, source), proof.problem.name)
    found: list[Derivation] = []
    by_arguments: dict[tuple[Tensor, ...], Graded] = {}
    for judged in made.kernels:
        name, args = judged.kernel.name, judged.kernel.args
        both = zip(outputs(judged, functions[name]), outputs(judged, theirs[name]), strict=True)
        for result, (one, two) in zip(judged.kernel.results, both, strict=True):
            form = stable.get(result.label.partition(", ")[2])
            if form is None or form in found or name == TOGETHER:
                continue
            graded = by_arguments.setdefault(args, Graded(proof.problem, args))
            mine, plain = graded.standings((one[1], two[1]), one[2])
            if mine.clearly_worse(plain):
                found.append(form)
    return tuple(found)


def outputs(
    judged: Judged, function: Callable[..., object]
) -> Iterator[tuple[str, Callable[..., object], Expr]]:
    """Each result of a function: its name, a function for it alone, the line it must agree with."""
    if len(judged.lasts) == 1:
        yield judged.kernel.name, function, judged.last
        return
    for number, (result, last) in enumerate(zip(judged.kernel.results, judged.lasts, strict=True)):

        def one(*args: object, number: int = number) -> object:
            made = function(*args)
            return made[number] if isinstance(made, tuple) else made

        yield f"{judged.kernel.name}: {result.name}", one, last


def _output(function: Callable[..., object], rows: int, number: int) -> Callable[..., object]:
    """One output of a fused function, in the form of the others."""

    def one(z: np.ndarray[Any, Any], *others: object) -> object:
        out = np.full((rows, len(z)), np.nan)
        function(z, *others, out)
        return out[number].copy()

    return one


def _functions(module: str, name: str) -> Functions:
    """The functions of a generated module, from its text: what is judged is what is written."""
    space = types.ModuleType("generated_module_under_judgement")
    space.__dict__["np"] = np
    if "special." in module:
        space.__dict__["special"] = special_functions()
    exec(arithmetic(module, name), space.__dict__)  # noqa: S102  # checked node by node
    return vars(space)


def support() -> Texts:
    """The files that every generated module shares: the solvers and the package's docstring."""
    return solver_texts()


def ledger(entries: Sequence[LedgerEntry]) -> Texts:
    """What every claim rests on, cost by cost and story by story."""
    return ledger_texts(entries)


def index(rows: Sequence[IndexRow], front: str = "") -> Texts:
    """The page that lists everything that was derived, with its status.

    `front` is the text of the project's own README, in which the table of the catalogue stands.
    """
    pages = {"README.md": index_text(rows)}
    return pages | {FRONT: front_page(front, rows)} if front else pages
