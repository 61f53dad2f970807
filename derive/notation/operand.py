"""Arrays combine by operators, as in matrix algebra: X @ theta, y - X @ theta, 2 * A, A.T.

What an operator means needs sums and entries, which are made of tensors; it is said in
`algebra.py`. A tensor and a definition know only that an operator makes arrays of them.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

OPEN = "?"
"""The first character of an index letter that matrix notation needs and nobody has named yet."""


@singledispatch
def array(value: object) -> Any:
    """The array of a tensor or a definition; a scalar is a formula."""
    raise TypeError(f"{value!r} ({type(value).__name__}) is no array")


@singledispatch
def entry_by_entry(value: Any, function: Any) -> Any:
    """The function of every entry; of a scalar its value."""
    return function(value)


class Operand:
    """What can stand beside an operator of matrix algebra."""

    __slots__ = ()

    @property
    def T(self) -> Any:  # noqa: N802  # the transpose is written so
        """The transpose of a matrix; a vector stays as it is."""
        return array(self).T

    def __matmul__(self, other: object) -> Any:
        return array(self) @ other

    def __add__(self, other: object) -> Any:
        return array(self) + other

    def __radd__(self, other: object) -> Any:
        return other + array(self)

    def __sub__(self, other: object) -> Any:
        return array(self) - other

    def __rsub__(self, other: object) -> Any:
        return other - array(self)

    def __mul__(self, other: object) -> Any:
        return array(self) * other

    def __rmul__(self, other: object) -> Any:
        return other * array(self)

    def __truediv__(self, other: object) -> Any:
        return array(self) / other

    def __rtruediv__(self, other: object) -> Any:
        return other / array(self)

    def __pow__(self, other: object) -> Any:
        return array(self) ** other

    def __neg__(self) -> Any:
        return -array(self)
