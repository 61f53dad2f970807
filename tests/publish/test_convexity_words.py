"""The sentences on convexity, with formulas in them."""

from __future__ import annotations

from fractions import Fraction

from derive.notation.expression import Entry, Num, Tensor, mul
from derive.publish import certificates
from derive.record import Reason


def test_a_formulas_own_braces_are_no_places_to_be_filled() -> None:
    half = mul(Num(Fraction(1, 2)), Entry(Tensor("a"), ()))
    reason = Reason("one-score", "{0}, then {1}, then {2}.", (half, half, half))
    one = certificates.LATEX.said(half)
    assert "{2}" in one
    assert certificates.sentence(reason, certificates.LATEX) == f"{one}, then {one}, then {one}."
