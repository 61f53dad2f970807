"""The judge: every equality of a proof, looked at without knowing a single rule."""

from __future__ import annotations

from derive.errors import ProblemError, RefutedError
from derive.judge import evidence
from derive.judge.arithmetic import Arithmetic, MalformedError
from derive.judge.best import best_arithmetic
from derive.judge.claims import Claim, claims
from derive.judge.equality import PRECISIONS, Court, Demand, Equation, Finding
from derive.judge.exact.court import Court as ExactCourt
from derive.judge.formulas import Compiler
from derive.judge.letters import narrowed as with_narrowed
from derive.judge.points import slots
from derive.judge.rows import judged_rows
from derive.judge.wording import condition_text, domain_text, refuted
from derive.notation.expression import Entry, Tensor
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.record import Condition, Proof
from derive.verdicts import Evidence, StepVerdict, Verdict

DETAIL_POINTS = 4
"""Kinds of points for a detail: m > n, m < n, m = 1 and n = 1. Headlines see all."""

CLOSER_POINTS = 2
"""Kinds of points at which a claim that no other court could show is looked at more closely."""

NOTHING_CLAIMED = "it claims nothing, so nothing was checked"


def judge(proof: Proof, *, arithmetic: Arithmetic | None = None, exact: bool = False) -> Verdict:
    """The report on every step, every substep and every derivation as a whole.

    `exact`: equalities are also looked at in a prime field (EXACT.md), which takes longer.
    A refuted step raises nothing here; `require` does.
    """
    arithmetic = arithmetic or best_arithmetic()
    made = claims(proof)
    # Letters that a derivation narrows have other values in it: it gets a court of its own.
    compilers = {
        given: prepared(proof.problem, narrowed=given)
        for given in dict.fromkeys(claim.given for claim in made)
    }
    equations = [_equation(compilers[claim.given], claim) for claim in made]
    known = (*proof.problem.paths, *proof.problem.all_definitions)
    fields = {
        given: evidence.opened(
            proof.problem.name, compiler.indices.axes, with_narrowed(known, given), arithmetic
        )
        for given, compiler in compilers.items()
        if exact
    }
    courts = {
        given: opened(compiler, proof.problem.name, arithmetic)
        for given, compiler in compilers.items()
    }
    steps = tuple(
        _step_verdict(courts[claim.given], fields.get(claim.given), claim, equation)
        for claim, equation in zip(made, equations, strict=True)
    )
    if not steps:
        # A verdict without steps would count as passed.
        steps = (StepVerdict("", (), 0, 0.0, False, NOTHING_CLAIMED),)
    rows = judged_rows(proof.problem)
    assumed = (*_assumptions(proof.problem, made), *(a for row in rows for a in row.assumed))
    return Verdict(steps, (), arithmetic.name, arithmetic.bits, assumed, rows=rows)


def require(verdict: Verdict, proof: Proof) -> None:
    """Raise the first refutation of a verdict as an error that a person can act upon."""
    title = proof.problem.title
    if not proof.parts or not verdict.steps:
        raise RefutedError(
            asked=f"judge the proof of {title}",
            where="the whole proof",
            wrong=NOTHING_CLAIMED,
            todo="please report this: a proof needs at least one derivation",
        )
    for step in verdict.steps:
        if not step.passed:
            raise refuted(step, proof)
    for kernel in verdict.kernels:
        if kernel.unseen:
            raise ProblemError(
                asked=f"compare the generated code of {title} with its proof",
                where=f"the function {kernel.name}",
                wrong=kernel.message,
                todo="measure data or parameters in other units, or scale the cost: float64 "
                "holds numbers from 5e-324 to 1.8e308",
            )
        if not kernel.passed:
            raise RefutedError(
                asked=f"compare the generated code of {title} with its proof",
                where=f"the function {kernel.name}",
                wrong=kernel.message,
                todo="please report this: the generated code does not compute its formula",
            )


def prepared(
    problem: Problem, given: tuple[Tensor, ...] = (), *, narrowed: tuple[Tensor, ...] = ()
) -> Compiler:
    """A compiler that knows the problem's letters, its axes in the order of data and parameters.

    A definition among the `given` tensors is not unfolded: its values are drawn like data. The
    `narrowed` ones stand in for the problem's letters of the same name.
    """
    known = (*problem.paths, *problem.ties, *problem.all_definitions)
    kept = tuple(d for d in known if d.tensor not in given)
    compiler = Compiler(with_narrowed(kept, narrowed), frozenset((*given, *narrowed)))
    own = {tensor.name: tensor for tensor in narrowed}
    for tensor in (*problem.data, *problem.parameters):
        compiler.letter(own.get(tensor.name, tensor))
    # Everything judged of a problem is looked at where its cost has a meaning: theta[3] asks for
    # three entries also where a definition or a derivative holds two of them alone.
    compiler.formula(problem.cost)
    return compiler


def opened(compiler: Compiler, name: str, arithmetic: Arithmetic) -> Court:
    """A court over all axes that were compiled."""
    precisions = [arithmetic]
    for _ in range(PRECISIONS - 1):
        precisions.append(precisions[-1].finer())
    return Court(
        name,
        slots(compiler.indices.axes, least=compiler.indices.least),
        tuple(precisions),
    )


def _equation(compiler: Compiler, claim: Claim) -> Equation | str:
    """The claim compiled, or why it cannot be."""
    try:
        left, right = compiler.formula(claim.before), compiler.formula(claim.after)
        demands = tuple(_demand(compiler, condition) for condition in claim.conditions)
    except MalformedError as error:
        return f"the formula has no meaning: {error}"
    free = compiler.indices.named((*left.free, *right.free))
    return Equation(left, right, free, demands, claim.sign)


def _demand(compiler: Compiler, condition: Condition) -> Demand:
    formula = compiler.formula(condition.expr)
    free = compiler.indices.named(formula.free)
    said = condition_text(condition)
    return Demand(formula, free, condition.relation, not condition.by, said)


def _step_verdict(
    court: Court, field: ExactCourt | str | None, claim: Claim, equation: Equation | str
) -> StepVerdict:
    """Both courts on one claim: the balls see domains and conditions, the field every digit."""
    shown, differs = Evidence(), False
    if isinstance(equation, str):
        found = Finding("differ", message=equation)
    else:
        if field is not None:
            shown, differs = evidence.evidence(field, claim)
        try:
            found = court.examine(equation, None if claim.headline else DETAIL_POINTS)
            if (
                field is not None
                and found.outcome == "agree"
                and claim.sign == "="
                and shown.grade == "sampled"
            ):
                found = _closer(court, equation, found, differs)
        except MalformedError as error:
            found = Finding("differ", message=f"the formula has no meaning: {error}")
    passed = found.outcome == "agree" and found.points > 0 and not claim.fault
    message = "; ".join(part for part in (claim.fault, found.message) if part)
    return StepVerdict(claim.label, claim.path, found.points, found.gap, passed, message, shown)


def _closer(court: Court, equation: Equation, found: Finding, differs: bool) -> Finding:
    """What was not shown is looked at again with so many digits that 10^-300 is seen."""
    closer = court.closer().examine(equation, CLOSER_POINTS)
    if closer.outcome != "differ":
        return found
    where = "the field and the balls both say" if differs else "many digits say"
    return closer._replace(message=f"{where} so: {closer.message}")


def _assumptions(problem: Problem, made: tuple[Claim, ...]) -> tuple[str, ...]:
    """What the draws took for granted: declared domains, and conditions without a reason."""
    domains = [domain_text(tensor) for tensor in (*problem.data, *problem.parameters)]
    domains += [f"{domain_text(t)} in {c.label}" for c in made for t in c.given if not c.path]
    domains += [f"{text(Entry(d.tensor, d.indices))} = {text(d.body)}" for d in problem.ties]
    assumed = [condition_text(c) for claim in made for c in claim.conditions if not c.by]
    return tuple(dict.fromkeys(said for said in domains + assumed if said))
