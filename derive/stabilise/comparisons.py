"""Comparisons of doubles with a number that is none, such as 1.345: the test that says the same."""

from __future__ import annotations

from fractions import Fraction

BELOW = {"<": "<", "<=": "<", ">": ">=", ">=": ">="}
"""For a number below the double nearest to it: x <= c for a double x is x < fl(c)."""
ABOVE = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}
"""For a number above it: x >= c is x > fl(c)."""


def on_doubles(relation: str, bound: Fraction) -> str:
    """The relation to the double nearest to `bound` that doubles have where they have this to it.

    At a corner or a jump, -1.345 <= x, so the score that is the nearest double lies on the right
    side of it.
    """
    nearest = Fraction(float(bound))
    if nearest == bound:
        return relation
    return (BELOW if bound < nearest else ABOVE).get(relation, relation)
