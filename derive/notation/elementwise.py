"""A row of the table of scalar functions, read by every consumer.

Calculus reads `derivative`, the judge reads `definition` or `exact`, the code printer reads
`numpy`, LaTeX reads `latex`. A row of a user's own file works like these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from derive.notation.expression import Apply, Expr, Number, Tensor, expr
from derive.notation.interval import (
    NONNEGATIVE,
    REAL,
    Interval,
)
from derive.notation.operand import Operand, array, entry_by_entry

SLOT_TENSOR = Tensor("t", role="constant")
SLOT = SLOT_TENSOR()
"""The argument t in which the rows below are written."""


@dataclass(frozen=True)
class Identity:
    """An identity of a function of t, used from left to right: left = right for every t."""

    left: Expr
    right: Expr
    reason: str


Bend = tuple[Literal["convex", "concave"], Interval]
"""How a function bends, and on which interval."""

CONVEX: tuple[Bend, ...] = (("convex", REAL),)
S_SHAPED: tuple[Bend, ...] = (("convex", Interval(high=0)), ("concave", NONNEGATIVE))
"""Convex on the left of 0, concave on the right: the sigmoid and its like."""


@dataclass(frozen=True)
class Elementwise:
    r"""A scalar function of one real variable t. Two rows are equal when their names are.

    Attributes:
        name: Its name in problems and in code.
        latex: Its LaTeX command, as r"\\exp".
        derivative: t -> f'(t), as a formula.
        numpy: Stable NumPy text; `{t}` is the argument's place. It must be finite and free of
            floating-point warnings wherever f(t) is representable. What NumPy lacks stands in
            templates/solvers/special/ and is called special.name({t}); empty where there is none.
        definition: t -> f(t) by other rows, or None for a primitive; where it is given, the
            derivative is proved from it as a lemma, unless `lemma` says otherwise.
        exact: For a primitive, its name in python-flint's `arb` and in mpmath.
        kinks: Where f has no derivative; away from them it has the one that is stated.
        primitive: Whether calculus takes the derivative as known although there is a definition.
        domain: Where f is defined. `range`: where its values lie. The judge proves this and what
            follows over the whole line; what it cannot prove is an assumption of the proof, what
            is false is refused (derive/judge/rows.py).
        monotone: "increasing", "decreasing" or None.
        bends: Where f is convex and where it is concave, if its second derivative does not show
            it: because of kinks, or because its sign is no matter of ranges.
        identities: t -> identities that avoid overflow or cancellation.
        overflows: Whether f(t) is beyond all float64 numbers for some t that is one: e^t, log 0.
        moderate: A shorter NumPy text for numbers whose square is one, "" where there is none.
        hypothesis: For a function of which only this is supposed, as it goes on after "Let"
            ("$A$ be differentiable with $A' = \\mu$"): calculus uses nothing else, and `definition`
            is one function of the kind, by which the judge evaluates; it is not printed. A theorem
            is judged with several of them.
        instances: Functions of the kind by name, t -> f(t), to which a theorem may be applied.
        reason: What a lecturer says when the derivative is used.
        end: Whether no derivative is known, so that a formula with one is refused.
        coq: Its name in Coq (Coquelicot), "" where there is none.
    """

    name: str
    latex: str = field(compare=False)
    derivative: Callable[[Expr], Expr] = field(compare=False, repr=False)
    numpy: str = field(compare=False, repr=False)
    definition: Callable[[Expr], Expr] | None = field(default=None, compare=False, repr=False)
    exact: str = field(default="", compare=False, repr=False)
    kinks: tuple[Fraction, ...] = field(default=(), compare=False, repr=False)
    primitive: bool = field(default=False, compare=False, repr=False)
    domain: Interval = field(default=REAL, compare=False, repr=False)
    range: Interval = field(default=REAL, compare=False, repr=False)
    monotone: Literal["increasing", "decreasing"] | None = field(
        default=None, compare=False, repr=False
    )
    bends: tuple[Bend, ...] = field(default=(), compare=False, repr=False)
    identities: Callable[[Expr], tuple[Identity, ...]] = field(
        default=lambda t: (), compare=False, repr=False
    )
    overflows: bool = field(default=False, compare=False, repr=False)
    moderate: str = field(default="", compare=False, repr=False)
    hypothesis: str = field(default="", compare=False, repr=False)
    instances: tuple[tuple[str, Callable[[Expr], Expr]], ...] = field(
        default=(), compare=False, repr=False
    )
    reason: str = field(default="", compare=False, repr=False)
    coq: str = field(default="", compare=False, repr=False)
    end: bool = field(default=False, compare=False, repr=False)

    def __call__(self, arg: Expr | Number) -> Apply:
        if isinstance(arg, Operand):
            return entry_by_entry(array(arg), self)
        return Apply(self, expr(arg))

    @property
    def lemma(self) -> bool:
        """Whether the derivative is proved from the definition.

        The proof compares rational functions, so a definition by cases is for the judge alone.
        """
        known = self.kinks or self.primitive or self.hypothesis
        return self.definition is not None and not known
