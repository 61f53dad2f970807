"""The choice of an arithmetic, made when the judge starts."""

from __future__ import annotations

from types import ModuleType

from derive.judge.arithmetic import Arithmetic
from derive.judge.balls import BallArithmetic
from derive.judge.floats import FloatArithmetic

BITS = 200


def best_arithmetic(bits: int = BITS) -> Arithmetic:
    """Ball arithmetic where python-flint is installed, else mpmath."""
    flint = _flint()
    return FloatArithmetic(bits) if flint is None else BallArithmetic(flint, bits)


def _flint() -> ModuleType | None:
    try:
        import flint  # noqa: PLC0415  # optional, and looked for anew by every judge
    except ImportError:
        return None
    module: ModuleType = flint
    return module
