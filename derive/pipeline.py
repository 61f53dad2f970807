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
from derive.judge import Kernels, judge, judge_certificate, require
from derive.judge.facts import require_facts
from derive.judge.rounding_bounds import rounding_bound
from derive.matrices.prove import prove
from derive.notation.expression import Expr
from derive.notation.problem import Problem
from derive.notation.story import Story, Subject
from derive.notation.validate import validate
from derive.programs.program import Judged, Program, program
from derive.publish.index import IndexRow, front_page, index_text
from derive.publish.ledger import LedgerEntry, ledger_texts
from derive.publish.module import Source, module_text
from derive.publish.proof_json import proof_record
from derive.publish.proof_tex import proof_texts
from derive.publish.solvers import solver_texts, special_functions
from derive.record import Proof, Verdict
from derive.routes.follow import tell
from derive.stabilise.proof import with_stable_forms
from derive.stabilise.samples_proof import with_sample_forms

Texts = dict[str, str]
"""Paths below the output folder, and what the files hold."""


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
    calculus = differentiate(problem)
    sample = sample_loss(problem)
    certificate, linear = certified(problem, linear_predictor(problem, sample))
    proof = replace(with_stable_forms(prove(calculus)), certificate=certificate)
    proof, sample = with_sample_forms(proof, linear or sample)
    return proof, program(proof, sample)


def build(subject: Subject, source: Source) -> Built:
    """The proof, judged; the module, compared with the proof's last lines; all texts.

    Raises:
        ProblemError: The problem makes no sense as stated, or a definition lacks a declared fact.
        NoRuleError: No rule covers a part of it.
        RefutedError: The judge refuted a step or a generated function.
    """
    if isinstance(subject, Story):
        validate(subject.problem, coded=False)
        proof = tell(subject)
        verdict = judge(proof)
        require(verdict, proof)
        return Built(proof, None, verdict, _proof_files(proof, verdict))
    proof, made = derive(subject)
    require_facts(subject)
    module = module_text(proof, made, source)
    verdict = _judged(proof, made, module)
    require(verdict, proof)
    texts = {f"{subject.name}.py": module, **_proof_files(proof, verdict)}
    return Built(proof, made, verdict, texts)


def _proof_files(proof: Proof, verdict: Verdict) -> Texts:
    texts = {f"proofs/{proof.problem.name}.json": proof_record(proof, verdict)}
    return texts | {f"proofs/{name}": text for name, text in proof_texts(proof, verdict).items()}


def _judged(proof: Proof, made: Program, module: str) -> Verdict:
    """The verdict on the proof, on the certificates' claims and on every generated function."""
    claims = made.sample.claims if made.sample is not None else ()
    verdict = judge(Proof(proof.problem, proof.parts + claims))
    certificate = judge_certificate(proof.certificate) if proof.certificate is not None else ()
    functions = _functions(module)
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


def _functions(module: str) -> Mapping[str, Callable[..., object]]:
    """The functions of a generated module, from its text: what is judged is what is written."""
    # The code is ours; a user's words stand in docstrings only, escaped.
    head, _, _ = module.partition("\nMODEL = ")
    lines = [line for line in head.splitlines() if not line.startswith("from .solvers")]
    space = types.ModuleType("generated_module_under_judgement")
    if "special." in head:
        space.__dict__["special"] = special_functions()
    exec(compile("\n".join(lines), "<generated>", "exec"), space.__dict__)  # noqa: S102
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
