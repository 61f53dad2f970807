"""Drivers that fit a cost of the form mean_i loss(z_i, y_i) + l2/2 |theta|^2, z = X theta + b.

`fit` is the way in; `LinearModel` is what a generated module hands to it; `Result` is what
comes back.  NumPy alone is needed.
"""

from .fit import fit
from .model import LinearModel, Target
from .result import Record, Result

__all__ = ["LinearModel", "Record", "Result", "Target", "fit"]
