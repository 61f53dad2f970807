"""What is recorded of a derivation: rules, steps, derivations and proofs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from derive.notation.expression import Axis, Element, Expr, Num, Tensor
from derive.notation.matrix import Mat
from derive.notation.problem import Definition, Problem
from derive.notation.tree import Place

Relation = Literal["> 0", ">= 0", "!= 0"]


Sign = Literal["=", "<", "<=", ">", ">="]
"""What stands between two lines of a chain."""


@dataclass(frozen=True)
class Condition:
    """A side condition of a step: `expr` > 0 (or >= 0, != 0).

    `by` says what discharges it ("0 < sigma < 1"); empty means that it is assumed.
    """

    expr: Expr
    relation: Relation
    by: str = ""


@dataclass(frozen=True)
class Lemma:
    """A proved equality that later steps cite: the derivative of a definition, say."""

    label: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Scope:
    """What a rule may look at besides its redex."""

    definitions: tuple[Definition, ...] = ()
    lemmas: tuple[Lemma, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One equality, used from left to right.

    Attributes:
        id: Its name in routes, records and tests.
        statement: The equality, in LaTeX.
        reason: What a lecturer says when using it; may contain $...$.
        rewrite: The redex and the scope to what the redex becomes, or None where it does not fit.
        example: A redex on which the rule fires, for the test of the table.
        scope: The scope of the example.
        source: Where the rule is stated.
        cites: Labels of the definitions and lemmas that the rule stands for.
        conditions: The side conditions of rewriting this redex.
        minor: Whether its reason is said only where nothing better was used.
        sign: "=", or the relation between the redex and what it becomes.
    """

    id: str
    statement: str
    reason: str
    rewrite: Callable[[Expr, Scope], Expr | None] = field(repr=False)
    example: Expr = field(repr=False)
    scope: Scope = field(default=Scope(), repr=False)
    source: str = ""
    cites: tuple[str, ...] = ()
    conditions: Callable[[Expr, Scope], tuple[Condition, ...]] = field(
        default=lambda redex, scope: (), repr=False
    )
    minor: bool = False
    sign: Sign = "="


@dataclass(frozen=True)
class Step:
    """One equals sign: before = after.

    Attributes:
        before, after: The whole formulas.
        rule: The id of the rule, or of the line for a step made of substeps.
        reason: The words at the right of the equals sign; may contain $...$.
        where: The place in `before` that is about to change.
        became: The place in `after` that has just changed.
        conditions: The side conditions and what discharges each.
        cites: Labels of definitions and lemmas that are used (D1, L2).
        substeps: The applications of single rules of which the step consists; they chain from
            `before` to `after`. Empty for the application of a single rule.
        level: 0 headline, 1 textbook line, 2 every detail.
        sign: The relation between `before` and `after`; substeps are equalities.
    """

    before: Expr
    after: Expr
    rule: str
    reason: str
    where: Place = Place()
    became: Place = Place()
    conditions: tuple[Condition, ...] = ()
    cites: tuple[str, ...] = ()
    substeps: tuple[Step, ...] = ()
    level: int = 1
    sign: Sign = "="


@dataclass(frozen=True)
class Derivation:
    """A chain of equalities: goal = first step's after = ... = last.

    Attributes:
        label: D1, L1, T2, S1: the same in proof, record and code.
        kind: "definition", "lemma", "theorem", "stable" (a rewrite for the computer) or "result"
            (a claim of a story, whose labels are the story's own).
        title: For example "gradient".
        goal: The left-hand side, for example the derivative of J by theta_k.
        steps: The chain; each step's `before` is the previous one's `after`, the first's the goal.
        of: For a stable rewrite the label of the theorem that it rewrites.
        given: Letters whose domain is narrower here than in the problem: "for y = 1".
        text: What a reader should take from it, in words; may contain $...$.
    """

    label: str
    kind: Literal["definition", "lemma", "theorem", "stable", "result"]
    title: str
    goal: Expr
    steps: tuple[Step, ...]
    of: str = ""
    given: tuple[Tensor, ...] = ()
    text: str = ""

    @property
    def last(self) -> Expr:
        """The last line."""
        return self.steps[-1].after if self.steps else self.goal

    @property
    def sign(self) -> Sign:
        """The relation between the goal and the last line: all signs of a chain point one way."""
        signs = {step.sign for step in self.steps} - {"="}
        if not signs:
            return "="
        strict: tuple[Sign, Sign] = ("<", ">")
        for sign, weak in zip(strict, ("<=", ">="), strict=True):
            if signs <= {sign, weak}:
                return sign if sign in signs else "<=" if sign == "<" else ">="
        raise ValueError(f"{self.label}: a chain cannot go up and down: {sorted(signs)}")

    @property
    def matrix(self) -> Mat | None:
        """The matrix form, where the last line is an entry of one."""
        return self.last.mat if isinstance(self.last, Element) else None


@dataclass(frozen=True)
class Reason:
    """One sentence of an argument about convexity.

    Attributes:
        rule: The id of the rule that it uses.
        words: The sentence; {0}, {1}, ... stand for `formulas`.
        formulas: What it speaks of.
        assumes: The letters on whose declared domain it relies.
    """

    rule: str
    words: str
    formulas: tuple[Expr, ...] = ()
    assumes: tuple[Tensor, ...] = ()


@dataclass(frozen=True)
class Witness:
    """Where the cost bends down: exact numbers at which its second derivative is negative.

    Attributes:
        problem: The cost along a line: the parameters are definitions of t, which is 0.
        curvature: Its second derivative by t.
        sizes: The length of every axis.
        values: The entries of data and of the parameters at t = 0, row by row.
        direction: One tensor for each parameter, like `values`: the line that is followed.
        approximately: The second derivative there, rounded.
    """

    problem: Problem
    curvature: Expr
    sizes: tuple[tuple[Axis, int], ...]
    values: tuple[tuple[Tensor, tuple[Fraction, ...]], ...]
    direction: tuple[tuple[Tensor, tuple[Fraction, ...]], ...]
    approximately: float


@dataclass(frozen=True)
class Argument:
    """That the cost is convex in some of its parameters, and why.

    Attributes:
        parameters: In which parameters, all together; the others stand still.
        reasons: The sentences, in order.
        claims: What of it can be compared with numbers, with the problem in which it is said.
    """

    parameters: tuple[Tensor, ...]
    reasons: tuple[Reason, ...]
    claims: tuple[tuple[Problem, tuple[Derivation, ...]], ...] = ()


@dataclass(frozen=True)
class Certificate:
    """What is known of a cost's convexity, by which argument.

    Attributes:
        convexity: In all parameters together.
        arguments: One for all parameters together where the cost is convex; else one for each
            parameter in which it is convex while the others stand still.
        modulus: Half of it times the squared length of all parameters is a part of the cost, whose
            other parts are convex: so it is strongly convex where this number is positive.
        bounded: That the curvature of the loss of one sample by its score, whatever the score is,
            is nowhere above a number; None where no such number is known.
        witness: Numbers that show that it is not convex.
    """

    convexity: Literal["convex", "not convex", "not certified"]
    arguments: tuple[Argument, ...] = ()
    modulus: Expr | None = None
    bounded: Derivation | None = None
    witness: Witness | None = None

    @property
    def convex(self) -> bool:
        """Whether it is proved that the cost is convex in all parameters together."""
        return self.convexity == "convex"

    @property
    def bound(self) -> Fraction | None:
        """The number below which the curvature of a sample stays."""
        last = self.bounded.last if self.bounded is not None else None
        return last.value if isinstance(last, Num) else None


@dataclass(frozen=True)
class Proof:
    """All derivations of a problem, in the order in which they are read.

    `note` says what a reader should know of the whole; it may contain $...$.
    """

    problem: Problem
    parts: tuple[Derivation, ...]
    certificate: Certificate | None = None
    note: str = ""

    def part(self, label: str) -> Derivation:
        """The derivation with this label."""
        return next(part for part in self.parts if part.label == label)
