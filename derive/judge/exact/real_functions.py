"""The primitive functions at real numbers, in double precision: they decide signs alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from derive.judge.exact.blocks import Block
from derive.judge.exact.reals import Reals

PRIMITIVES: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "atan": np.arctan,
    "erf": np.vectorize(math.erf, otypes=[float]),
    "erfc": np.vectorize(math.erfc, otypes=[float]),
    "lgamma": np.vectorize(lambda x: float(mpmath.loggamma(x)), otypes=[float]),
    "digamma": np.vectorize(lambda x: float(mpmath.digamma(x)), otypes=[float]),
    "trigamma": np.vectorize(lambda x: float(mpmath.psi(1, x)), otypes=[float]),
}


class RealLaws:
    """The interface of `Laws`."""

    def apply(self, name: str, block: Block, share: Fraction = Fraction(1)) -> Block:
        """A function of a block; for "power", to the exponent `share`."""
        values = block.data.re
        found = values ** float(share) if name == "power" else PRIMITIVES[name](values)
        return Block(block.dims, Reals(found), block.bad)
