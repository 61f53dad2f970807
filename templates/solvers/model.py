"""What a generated module tells the drivers about its cost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[Any]
"""Of float64 or of float32."""
Blocks: TypeAlias = Array | float | tuple[Array | float, ...]
Mask: TypeAlias = NDArray[np.bool_]
EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)
MANY = 100_000  # rows from which on what is held beside X must be a small part of it
EXACT = 1e-3  # the relative error of a gradient in single precision that does no harm
TRUSTED = 30  # times that error: smaller gradients are not followed in single precision


@dataclass(frozen=True)
class Target:
    """The admissible values of y: an interval, closed at an end unless that end is open.

    Infinite ends are never attained.  `text` names the set in messages, e.g. "y in [0, 1]".
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False
    text: str = ""

    def contains(self, y: Array) -> Mask:
        """Shape (m,): which entries of y (m,) are admissible; NaN is not."""
        above: Mask = y > self.low if self.low_open else y >= self.low
        below: Mask = y < self.high if self.high_open else y <= self.high
        return above & below

    @property
    def bounded(self) -> bool:
        """Whether a number may lie outside."""
        return self.low > -np.inf or self.high < np.inf

    def __str__(self) -> str:
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return self.text or f"y in {left}{self.low:g}, {self.high:g}{right}"


REALS = Target(-np.inf, np.inf, text="any real number")


@dataclass(frozen=True)
class LinearModel:
    """A cost that is the mean over samples of loss(z_i, y_i) with z = X theta.

    loss, slope = d loss/dz and curvature = d2 loss/dz2 act elementwise on z (m,) and y (m,)
    and return (m,).  They may overflow to inf for large |z|, never to a wrong finite number.

    convex: a proved certificate that curvature >= 0 for every z and admissible y.
    curvature_bound: the supremum of the curvature where one is proved, else None.
    quadratic: a proved certificate that the curvature is one positive number for all z and y.
    fused(z, y, out) computes all three at once into out[0], out[1] and out[2], fused_value(z, y,
    out) loss and slope into out[0] and out[1], fused_slope(z, y, out) the slope alone into
    out[0]; out is (rows, k), its other rows are scratch.  None: the functions are called one by
    one.
    """

    name: str
    loss: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    curvature: Callable[[Array, Array], Array]
    target: Target
    convex: bool
    curvature_bound: float | None
    fused: Callable[[Array, Array, Array], None] | None = None
    fused_value: Callable[[Array, Array, Array], None] | None = None
    fused_slope: Callable[[Array, Array, Array], None] | None = None
    rows: int = 3
    quadratic: bool = False

    def evaluate(self, z: Array, y: Array, out: Array) -> None:
        """Loss, slope and curvature at z (k,) into the first rows of out (rows, k)."""
        if self.fused is not None:
            self.fused(z, y, out)
        else:
            out[0], out[1], out[2] = self.loss(z, y), self.slope(z, y), self.curvature(z, y)

    def evaluate_value(self, z: Array, y: Array, out: Array) -> None:
        """Loss and slope at z (k,) into the first rows of out (rows, k)."""
        if self.fused_value is not None:
            self.fused_value(z, y, out)
        else:
            out[0], out[1] = self.loss(z, y), self.slope(z, y)

    def evaluate_slope(self, z: Array, y: Array, out: Array) -> None:
        """The slope at z (k,) into the first row of out (rows, k)."""
        if self.fused_slope is not None:
            self.fused_slope(z, y, out)
        else:
            out[0] = self.slope(z, y)


@dataclass(frozen=True)
class Variable:
    """An array that a cost takes: its name, the letters of its axes, where its entries lie.

    A letter stands for one size wherever it occurs.  facts of matrices are checked of the data
    and of a start: "symmetric", "positive semidefinite", "positive definite", "diagonal",
    "orthogonal".  The iterates of a parameter stay symmetric or positive definite.
    """

    name: str
    axes: tuple[str, ...] = ()
    target: Target = REALS
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Squares:
    """What a cost that is half the squared length of its residuals has besides: J = |r|^2 / 2.

    residuals(*parameters, *data) is an array or a tuple of arrays.  jacobian(*parameters, *data)
    holds, for each of these in turn, the derivative by every parameter, with the parameter's axes
    last; a single one is the array alone.
    linear: the names of parameters in which the residuals are affine, taken together.
    """

    residuals: Callable[..., Blocks]
    jacobian: Callable[..., Blocks]
    linear: tuple[str, ...] = ()


@dataclass(frozen=True)
class GeneralModel:
    """A cost of any form, with its gradient and its Hessian-vector product.

    cost(*parameters, *data) is a number.  gradient(*parameters, *data) is a tuple with one array
    of its shape for each parameter, and so is hvp(*parameters, *directions, *data), the Hessian
    times the directions, one for each parameter.  Of a single parameter both may be the array
    alone.  Values may overflow to inf or NaN, never to a wrong finite number.

    cost_and_gradient(*parameters, *data) is the cost, then the gradients, from one pass.  None:
    they are computed one by one.
    convex: a proved certificate that the cost is convex in all parameters together.
    rows: an axis of which the cost is the mean of a function of one row of the data each, plus a
    function of the parameters; the first axis of the data that have it.  So the cost and its
    derivatives are means of those of blocks of rows.
    squares: its residuals, where the cost is a sum of squares.
    """

    name: str
    cost: Callable[..., float]
    gradient: Callable[..., Blocks]
    hvp: Callable[..., Blocks]
    parameters: tuple[Variable, ...]
    data: tuple[Variable, ...]
    convex: bool
    rows: str | None = None
    cost_and_gradient: Callable[..., tuple[Any, ...]] | None = None
    squares: Squares | None = None

    def evaluate(self, *arguments: Any) -> tuple[Array | float, ...]:
        """The cost, then a gradient for each parameter."""
        if self.cost_and_gradient is not None:
            return self.cost_and_gradient(*arguments)
        gradients = self.gradient(*arguments)
        several = gradients if isinstance(gradients, tuple) else (gradients,)
        return (self.cost(*arguments), *several)
