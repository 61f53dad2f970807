"""The structures of a cost that the solvers know how to use."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derive.notation.expression import Entry, Expr, Index, Tensor
from derive.notation.problem import Definition
from derive.record import Derivation


@dataclass(frozen=True)
class SampleLoss:
    """A cost that adds up a loss of its scores: J = c sum_i loss_i, perhaps beside a penalty.

    The loss of a sample is one of a single score, z_i or Z_ik, or of all the scores of its row,
    Z_i1, ..., Z_iK. `slope` and `curvature` are its first and second derivative by each score.

    Attributes:
        score: The definition of the scores. `indices`: the letters of one score.
        others: The data behind the loss: y.
        scale: c. `penalty`: the terms of the cost that do not know the scores, if there are any.
        loss: Over `indices`, or without the last of them where a row of scores has one loss.
        slope: Over `indices`, and `curvature` too.
        claims: The equalities that say so, for the judge.
        computed: Loss, slope and curvature in the forms that the code computes.
    """

    score: Definition
    indices: tuple[Index, ...]
    others: tuple[Tensor, ...]
    scale: Expr
    penalty: Expr | None
    loss: Derivation
    slope: Derivation
    curvature: Derivation
    claims: tuple[Derivation, ...]
    computed: tuple[Derivation, ...] = field(default=(), kw_only=True)

    @property
    def entry(self) -> Entry:
        """One score."""
        return Entry(self.score.tensor, self.indices)


@dataclass(frozen=True)
class LinearPredictor(SampleLoss):
    """A cost that is the mean over samples of a loss of one linear score.

    J = (1/m) sum_i loss_i with z_i = sum_j X_ij theta_j.

    Attributes:
        matrix: X. `parameter`: theta.
        convex: Whether the loss is convex in the score.
        bound: sup of the curvature where it was proved, else None.
    """

    matrix: Tensor
    parameter: Tensor
    convex: bool
    bound: Fraction | None

    @property
    def sample(self) -> Index:
        """The index i of the samples."""
        return self.indices[0]


@dataclass(frozen=True)
class Block:
    """The residuals of one term of a sum of squares, with their derivatives.

    Attributes:
        indices: The letters of a residual: r_i or R_ik.
        residuals: In terms of the definitions.
        jacobian: The derivative of the residuals by every parameter.
        letters: Those of the parameter's entry in each of these; the derivative has them last.
    """

    indices: tuple[Index, ...]
    residuals: Derivation
    jacobian: tuple[Derivation, ...]
    letters: tuple[tuple[Index, ...], ...]


@dataclass(frozen=True)
class SumOfSquares:
    """A cost that is half the squared length of its residuals: J = 1/2 sum_b |r_b|^2.

    Attributes:
        blocks: One for every term of the cost.
        linear: The parameters in which the residuals are affine, taken together.
        claim: The equality of the cost and the squares, for the judge.
    """

    blocks: tuple[Block, ...]
    linear: tuple[Tensor, ...]
    claim: Derivation

    @property
    def claims(self) -> tuple[Derivation, ...]:
        """All equalities that the structure rests on."""
        parts = (part for b in self.blocks for part in (b.residuals, *b.jacobian))
        return (self.claim, *parts)
