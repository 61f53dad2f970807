"""Random points: sizes, domains, facts, and the same draw every time."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.judge.arithmetic import MalformedError
from derive.judge.points import draw, point, slots
from derive.notation import (
    BINARY,
    COUNTS,
    NONNEGATIVE,
    OPEN_UNIT,
    POSITIVE,
    REAL,
    UNIT,
    Axis,
    Interval,
    Tensor,
)
from derive.notation.interval import SIGNS

AXES = tuple(Axis(letter) for letter in "abcd")
DOMAINS = [
    REAL, POSITIVE, NONNEGATIVE, UNIT, OPEN_UNIT, BINARY, COUNTS, SIGNS,
    Interval(high=Fraction(-1), high_open=True), Interval(Fraction(1, 3), Fraction(2, 3)),
    Interval(Fraction(1, 2), Fraction(9, 2), True, True, True),
    Interval(0, 3, True, True, True), Interval(high=4, integer=True), Interval(integer=True),
    Interval(2, 2),
]  # fmt: skip


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
@given(number=st.integers(0, 2**64 - 1), ends=st.booleans())
def test_draws_lie_in_their_domain_and_are_floats(domain, number, ends) -> None:
    value = draw(domain, number, ends=ends)
    assert value in domain
    assert Fraction(float(value)) == value
    assert not domain.integer or value.denominator == 1


def test_closed_ends_are_drawn_sometimes_and_only_when_wanted() -> None:
    values = [draw(UNIT, number, ends=True) for number in range(1000)]
    assert {0, 1} < set(values)
    assert 200 < sum(value in (0, 1) for value in values) < 500
    assert not {0, 1} & {draw(UNIT, number, ends=False) for number in range(1000)}
    assert 0 not in {draw(REAL, number, ends=True) for number in range(1000)}


def test_an_empty_domain_is_refused() -> None:
    with pytest.raises(MalformedError):
        draw(Interval(Fraction(1, 4), Fraction(3, 4), integer=True), 5, ends=False)


@pytest.mark.parametrize("count", range(5))
def test_sizes_differ_and_are_telling(count) -> None:
    kinds = slots(AXES[:count])
    for slot in kinds:
        sizes = [size for _, size in slot.sizes]
        assert len(set(sizes)) == count
        assert all(1 <= size <= count + 2 for size in sizes)
    assert not kinds[0].thin
    for axis in AXES[:count]:
        assert any((axis, 1) in slot.sizes for slot in kinds)
    if count == 2:
        assert [dict(slot.sizes)[AXES[0]] - dict(slot.sizes)[AXES[1]] for slot in kinds[:2]] == [
            1,
            -1,
        ]


def test_values_are_the_same_every_time_and_differ_between_draws() -> None:
    theta = Tensor("theta", AXES[:1], "parameter")
    slot = slots(AXES[:1])[0]
    assert point("name", slot, 0).value(theta, (2,)) == Fraction(21, 64)
    others = {point("name", slot, attempt).value(theta, (2,)) for attempt in range(40)}
    assert len(others) > 20


def test_facts_hold() -> None:
    axis = AXES[0]
    for slot in slots((axis,)):
        place = point("facts", slot, 0)
        size = place.sizes[axis]
        for facts in (("symmetric",), ("positive definite",)):
            S = Tensor("S", (axis, axis), facts=frozenset(facts))
            values = np.array(
                [[float(place.value(S, (p + 1, q + 1))) for q in range(size)] for p in range(size)]
            )
            np.testing.assert_array_equal(values, values.T)
            if facts == ("positive definite",):
                assert np.linalg.eigvalsh(values).min() >= 1 - 1e-12
    with pytest.raises(MalformedError):
        place.value(Tensor("v", (axis,), facts=frozenset(("positive definite",))), (1,))
