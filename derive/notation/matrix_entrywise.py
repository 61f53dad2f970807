"""Matrix formulas that are letters, or that work entry by entry: see `matrix`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derive.notation.elementwise import Elementwise
from derive.notation.expression import Axis, Expr, Tensor
from derive.notation.remembered import HashedOnce

Axes = tuple[Axis, ...]


class Mat(HashedOnce):
    """A matrix formula."""

    __slots__ = ()

    @property
    def axes(self) -> Axes:
        """The named axes, in order; their number is the rank."""
        raise NotImplementedError


@dataclass(frozen=True)
class Sym(Mat):
    """A letter: X, y, theta, or a named definition such as h."""

    tensor: Tensor

    @cached_property
    def axes(self) -> Axes:
        return self.tensor.axes


@dataclass(frozen=True)
class Scalar(Mat):
    """A formula without free indices: 1/m, 2, a scalar parameter."""

    expr: Expr

    @cached_property
    def axes(self) -> Axes:
        return ()


def _common_axes(args: tuple[Mat, ...]) -> Axes:
    return max((arg.axes for arg in args), key=len)


@dataclass(frozen=True)
class MAdd(Mat):
    """Entrywise sum; scalars broadcast."""

    args: tuple[Mat, ...]

    @cached_property
    def axes(self) -> Axes:
        return _common_axes(self.args)


@dataclass(frozen=True)
class MMul(Mat):
    """Entrywise (Hadamard) product; scalars scale."""

    args: tuple[Mat, ...]

    @cached_property
    def axes(self) -> Axes:
        return _common_axes(self.args)


@dataclass(frozen=True)
class MPow(Mat):
    """Entrywise power; the exponent is a scalar formula."""

    base: Mat
    exponent: Expr

    @cached_property
    def axes(self) -> Axes:
        return self.base.axes


@dataclass(frozen=True)
class MPower(Mat):
    """Entrywise power whose exponents are entries too: h^y."""

    base: Mat
    exponent: Mat

    @cached_property
    def axes(self) -> Axes:
        return _common_axes((self.base, self.exponent))


@dataclass(frozen=True)
class MApply(Mat):
    """A scalar function applied to every entry."""

    function: Elementwise
    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class Choice(Mat):
    """Cases entry by entry: `parts` are left, right and value of each test, then the rest.

    `total`: every value exists everywhere, also where it is not taken.
    """

    relations: tuple[Literal["=", "<", "<=", ">", ">="], ...]
    parts: tuple[Mat, ...]
    total: bool = field(default=False, compare=False)

    @cached_property
    def axes(self) -> Axes:
        return _common_axes(self.parts)
