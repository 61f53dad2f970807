"""The verdict in words: what was compared, how often, under which assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.publish.certificates import LATEX
from derive.publish.environment import tex
from derive.publish.hypotheses import generic as generic_functions
from derive.publish.hypotheses import latex_conditions, requirements, undischarged
from derive.publish.words import listed
from derive.record import Proof, Step
from derive.verdicts import TESTED, RoundingBound, Verdict


def subtitle(proof: Proof, verdict: Verdict) -> str:
    """What was checked and how, in one sentence."""
    refuted, missing = _refuted(verdict), _unchecked(proof, verdict)
    ordered = _ordered(proof)
    if refuted:
        return f"{refuted} of {_count(len(verdict.steps))} {_CLAIMS[ordered][0]} were refuted"
    if missing:
        claims = _CLAIMS[ordered][0]
        return f"derivation recorded step by step; {missing} {claims} have not been checked"
    return (
        f"derivation recorded step by step; every {_CLAIMS[ordered][1]} evaluated at random points "
        f"in {_arithmetic(verdict)}, none refuted"
    )


_CLAIMS = (
    ("equalities", "equality", "equals sign", "the two sides agreed each time"),
    ("relations", "relation", "sign between two lines", "they held each time"),
)
"""How what was checked is called where there are only equalities, and where there are others."""


def _ordered(proof: Proof) -> bool:
    return any(step.sign != "=" for part in proof.parts for step in part.steps)


def _refuted(verdict: Verdict) -> int:
    return sum(not step.passed for step in verdict.steps)


def _unchecked(proof: Proof, verdict: Verdict) -> int:
    """How many equals signs of the proof, finer steps included, the verdict does not cover."""
    seen = {(step.label, step.path) for step in verdict.steps if step.points}
    return sum((p.label, path) not in seen for p in proof.parts for path in _paths(p.steps))


def _paths(steps: Sequence[Step], path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    for k, step in enumerate(steps):
        yield (*path, k)
        yield from _paths(step.substeps, (*path, k))


def _arithmetic(verdict: Verdict) -> str:
    return tex(f"{verdict.bits}-bit {verdict.arithmetic}")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", r"\,")


def checked(proof: Proof, verdict: Verdict) -> str:
    """The closing paragraph: what was compared, how often, under which assumptions."""
    if not verdict.steps:
        return "Nothing: this text was made without the judge."
    compared = [step for step in verdict.steps if step.label not in TESTED]
    points = _count(sum(step.points for step in compared))
    refuted, missing = _refuted(verdict), _unchecked(proof, verdict)
    claims, _, sign, agreed = _CLAIMS[_ordered(proof)]
    among = f"all but {missing} of the {claims}" if missing else f"every {sign}"
    result = f"{refuted} {claims} were refuted" if refuted else agreed
    first = (
        f"{_count(len(compared))} {claims}, among them {among} above and of the finer steps "
        f"behind them, were evaluated in {_arithmetic(verdict)} at random points, for several "
        f"sizes and values of the free indices: {points} evaluations; {result}."
    )
    sentences = [first]
    if verdict.kernels:
        # One function may return several results, each compared on its own.
        functions = dict.fromkeys(kernel.name.partition(":")[0] for kernel in verdict.kernels)
        names = ", ".join(rf"\texttt{{{tex(name)}}}" for name in functions)
        wrong = [kernel.name for kernel in verdict.kernels if not kernel.passed]
        outcome = f"; these disagreed: {tex(', '.join(wrong))}" if wrong else " and agreed"
        count = _count(sum(kernel.points for kernel in verdict.kernels))
        sentences.append(
            f"The generated functions {names} were compared with the last lines at {count} "
            f"points{outcome}."
        )
    if verdict.rounding:
        sentences.append(rounding(verdict.rounding))
    supposed = _assumed(proof, verdict)
    if supposed:
        sentences.append(f"Assumed: {'; '.join(supposed)}.")
    generic = {f.latex: None for part in proof.parts for f in generic_functions(part)}
    if generic:
        names = listed([f"${name}$" for name in generic])
        sentences.append(f"In the place of {names} the judge put one example of each.")
    sentences.append(_rests(verdict))
    return " ".join(sentences)


def _assumed(proof: Proof, verdict: Verdict) -> list[str]:
    """Declared domains and facts, what theorems suppose, and what rows say without a proof."""
    problem = proof.problem
    found = [LATEX.domain(tensor) for tensor in (*problem.data, *problem.parameters)]
    found += [f"{LATEX.domain(t)} in {p.label}" for p in proof.parts for t in p.given]
    conditions = [c for part in proof.parts for c in undischarged(part)]
    found.append(latex_conditions(requirements(conditions)))
    found += [tex(words) for row in verdict.rows for words in row.assumed]
    return [words for words in dict.fromkeys(found) if words]


def _rests(verdict: Verdict) -> str:
    """What the claims rest on, in one sentence: no grade is said to be more than it is."""
    if not any(step.evidence.why or step.evidence.bits for step in verdict.steps):
        return "Agreement at random points is evidence, and it refutes mistakes; it is not a proof."
    count = {"exact": 0, "expanded": 0, "enclosed": 0, "sampled": 0}
    for step in verdict.steps:
        count[step.evidence.grade] += 1
    bits = min((s.evidence.bits for s in verdict.steps if s.evidence.grade == "exact"), default=0)
    said = {
        "exact": rf"are identities over the field of $2^{{61}}-1$ elements at a few sizes of "
        rf"the axes, where a false one would pass with a chance below $2^{{-{bits}}}$",
        "expanded": "were multiplied out",
        "enclosed": "are inequalities that intervals show",
        "sampled": "rest on random points alone, which is evidence and is not a proof",
    }
    parts = [f"{_count(count[grade])} {words}" for grade, words in said.items() if count[grade]]
    return f"Of these claims {listed(parts)}."


def rounding(bounds: Sequence[RoundingBound]) -> str:
    """What is proved of the rounding errors, with what that rests on."""
    names = listed([rf"\texttt{{{tex(bound.name)}}}" for bound in bounds])
    units = listed([f"{bound.units:g}" for bound in bounds])
    labels = dict.fromkeys(label for bound in bounds for label in bound.labels)
    given = f" for {listed([tex(label) for label in labels])}" if labels else ""
    return (
        f"Rounding: {names} as generated err by at most {units} units in the last place"
        f"{given}, at every score where the true value has a size from $10^{{-300}}$ to "
        "$10^{300}$, if the machine rounds to nearest and its exp, log1p and expm1 err by at most "
        "one unit; for that the functions were run on intervals that cover all scores."
    )
