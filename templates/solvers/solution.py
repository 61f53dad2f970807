"""What a minimisation over several parameters returns."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from .model import Array
from .result import Record, figures, listed


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """A fitted model.

    parameters: each parameter's array by its name, in its own shape (() for a number);
    result["w"] and result.w are short for result.parameters["w"].  cost (penalty included) and
    gradient_norm (largest absolute entry over all parameters) belong to exactly this point.
    curvature: the smallest curvature v'Hv / v'v that was seen at this point; NaN where it was
    not looked for (the gradient is above tol) or overflows; for a convex mean over many rows it is
    that of the mean over some of them.
    history[k] is iterate k; the returned point may be an earlier one where rounding stopped all
    progress.  status: one sentence that says what happened and, if not converged, what to do.
    """

    parameters: Mapping[str, Array]
    cost: float
    gradient_norm: float
    curvature: float
    iterations: int
    history: tuple[Record, ...]
    converged: bool
    status: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """A mapping that nobody can change cannot be stored: what it holds can."""
        values = [getattr(self, field.name) for field in fields(self)]
        return Solution, (dict(self.parameters), *values[1:])

    def __getitem__(self, name: str) -> Array:
        return self.parameters[name]

    def __getattr__(self, name: str) -> Array:
        # Asked for what is no field; a copy that is being made has no fields yet.
        parameters = self.__dict__.get("parameters", {})
        if name in parameters:
            return np.asarray(parameters[name])
        raise AttributeError(f"a Solution has no {name!r}; its parameters: {', '.join(parameters)}")

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in self.parameters.items())
        return (
            f"Solution(converged={self.converged}, cost={self.cost:.9g}, "
            f"gradient_norm={self.gradient_norm:.2g}, iterations={self.iterations}, {shapes})"
        )

    def __str__(self) -> str:
        values = (f"{name:<13} {listed(np.ravel(v))}" for name, v in self.parameters.items())
        lines = figures(self.cost, self.gradient_norm, self.iterations)
        return "\n".join((self.status, *lines, *values))
