"""What the judge reports of a proof: verdicts on steps, functions and rows, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["exact", "expanded", "enclosed", "sampled"]
"""How an equality or an inequality was judged, from the strongest to the weakest of a kind:

expanded: as an identity of polynomials, multiplied out; exact: as an identity over a prime field,
where a false one passes with a chance below 2^-bits; enclosed: an inequality by intervals; sampled:
at random points alone.
"""


@dataclass(frozen=True)
class Evidence:
    """What an equality or an inequality rests on.

    Attributes:
        grade: The kind of evidence.
        bits: For "exact", a false equality would pass with a chance below 2^-bits.
        sizes: The sizes of the axes at which it was shown: "m = 3, n = 4".
        patterns: In how many patterns of signs and labels, where there are cases.
        why: For "sampled", why there is nothing better.
    """

    grade: Grade = "sampled"
    bits: int = 0
    sizes: str = ""
    patterns: int = 1
    why: str = ""


@dataclass(frozen=True)
class StepVerdict:
    """How one equality fared.

    `label` is the derivation's, `path` the number of the step and of its substeps, from 0.
    `points` is the number of evaluations (each a random point, a set of sizes and a value of
    every free index), `gap` the largest relative distance or radius found. `evidence` says what it
    rests on besides these points.
    """

    label: str
    path: tuple[int, ...]
    points: int
    gap: float
    passed: bool
    message: str = ""
    evidence: Evidence = Evidence()


TESTED = ("convexity", "strong convexity", "bound")
"""The labels of verdicts on what a certificate states, tried without its argument."""


@dataclass(frozen=True)
class KernelVerdict:
    """How a generated function compared with the proof's last line.

    `unseen`: nothing could be compared, because float64 holds no value at any point tried.
    """

    name: str
    points: int
    gap: float
    passed: bool
    message: str = ""
    unseen: bool = False


@dataclass(frozen=True)
class RowFact:
    """One thing that a row of the table says of its function: which property, and how it fared."""

    property: str
    words: str
    outcome: Literal["proved", "refuted", "open"]
    message: str = ""


@dataclass(frozen=True)
class RowVerdict:
    """The judge's report on a row of the table; what a story's hypothesis says is no claim."""

    name: str
    facts: tuple[RowFact, ...]

    @property
    def assumed(self) -> tuple[str, ...]:
        """What could be neither proved nor refuted."""
        return tuple(fact.words for fact in self.facts if fact.outcome == "open")


@dataclass(frozen=True)
class RoundingBound:
    """That a generated function errs by at most so many units in the last place.

    `labels` says for which data: "y in {0, 1}".
    """

    name: str
    units: float
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """The judge's report on a proof.

    `arithmetic` names the arithmetic ("ball arithmetic" or "mpmath"), `bits` its precision.
    `rounding` holds what is proved of the rounding errors of generated functions, `rows` what
    the functions of the problem are by the table.
    """

    steps: tuple[StepVerdict, ...]
    kernels: tuple[KernelVerdict, ...]
    arithmetic: str
    bits: int
    assumptions: tuple[str, ...] = ()
    rounding: tuple[RoundingBound, ...] = ()
    rows: tuple[RowVerdict, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was refuted."""
        return all(s.passed for s in self.steps) and all(k.passed for k in self.kernels)
