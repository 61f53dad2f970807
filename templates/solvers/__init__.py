"""Drivers that minimise a cost: of one linear score, or of any form.

    mean_i loss(z_i, y_i) + l2/2 |theta|^2, z = X theta + b:  `fit`, `LinearModel`, `Result`
    cost(parameters, data) + l2/2 |parameters|^2:             `minimise`, `GeneralModel`, `Solution`

A generated module hands its model to `fit` or `minimise`; a Result or a Solution comes back.
NumPy alone is needed.
"""

from .fit import fit
from .minimise import minimise
from .model import REALS, GeneralModel, LinearModel, Squares, Target, Variable
from .result import Record, Result
from .solution import Solution

__all__ = [
    "REALS",
    "GeneralModel",
    "LinearModel",
    "Record",
    "Result",
    "Solution",
    "Squares",
    "Target",
    "Variable",
    "fit",
    "minimise",
]
