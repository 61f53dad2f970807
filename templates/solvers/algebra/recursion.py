"""The recursion with two loops of the limited-memory secant methods.

Source: Nocedal and Wright (2006), algorithm 7.4.
"""

from collections.abc import Callable, Sequence

from ..model import Array

Pair = tuple[Array, Array]
"""A step and the change of the gradient along it, (k,) each."""


def inverse_times(pairs: Sequence[Pair], g: Array, initial: Callable[[Array], Array]) -> Array:
    """The inverse Hessian that the pairs make of the initial one, times g, (k,)."""
    q, weights = g, []
    for s, y in reversed(pairs):
        weight = float(s @ q) / float(s @ y)
        q = q - weight * y
        weights.append(weight)
    q = initial(q)
    for (s, y), weight in zip(pairs, reversed(weights), strict=True):
        q = q + (weight - float(y @ q) / float(s @ y)) * s
    return q
