"""The judge: independent of all rules, it looks at every step in exact arithmetic."""

from derive.judge.arithmetic import Arithmetic
from derive.judge.balls import BallArithmetic
from derive.judge.best import best_arithmetic
from derive.judge.curvature import judge_stated
from derive.judge.floats import FloatArithmetic
from derive.judge.kernels import Kernels, judge_kernel
from derive.judge.rows import require_rows
from derive.judge.verdict import judge, require
from derive.judge.witness import judge_certificate

__all__ = [
    "Arithmetic",
    "BallArithmetic",
    "FloatArithmetic",
    "Kernels",
    "best_arithmetic",
    "judge",
    "judge_certificate",
    "judge_kernel",
    "judge_stated",
    "require",
    "require_rows",
]
