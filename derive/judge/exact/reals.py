"""Floating-point numbers with the operations of residues: they decide the signs of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Reals:
    """An array of floats."""

    re: Array

    def __add__(self, other: Reals) -> Reals:
        return Reals(self.re + other.re)

    def __neg__(self) -> Reals:
        return Reals(-self.re)

    def __mul__(self, other: Reals) -> Reals:
        return Reals(self.re * other.re)

    def inverse(self) -> Reals:
        """1 / x."""
        return Reals(1 / self.re)

    def power(self, exponent: int) -> Reals:
        """X ** exponent."""
        return Reals(self.re ** float(exponent))

    def shaped(self, change: Callable[[Any], Any]) -> Reals:
        """The same numbers in another order or another shape."""
        return Reals(change(self.re))

    def total(self, axis: int) -> Reals:
        """The sum along an axis."""
        return Reals(self.re.sum(axis=axis))

    def nowhere(self) -> Any:
        """Where the number is 0."""
        return self.re == 0

    def without(self, places: Any) -> Reals:
        """With 1 at some places."""
        return Reals(np.where(places, 1.0, self.re))

    def chosen(self, mask: Any, other: Reals) -> Reals:
        """These numbers where the mask holds, else the others."""
        return Reals(np.where(mask, self.re, other.re))
