"""Whatever is given to the tool, it answers: with files that are right, or in four lines."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.hostile.corpus import corpus
from tests.hostile.harness import faults


def _complaints(count: int) -> list[str]:
    out = []
    for case, fault, said, _ in faults(corpus(count)):
        if fault:
            shown = case.content.decode(errors="replace")[-200:] or "\n".join(case.lines)
            out.append(f"{case.family} {case.name!a}: {fault}\n{shown!a}\n{said[-400:]}")
    return out


def test_three_hundred_inputs() -> None:
    complaints = _complaints(300)
    assert not complaints, "\n\n".join(complaints)


@pytest.mark.slow
def test_two_thousand_inputs() -> None:
    complaints = _complaints(2000)
    assert not complaints, "\n\n".join(complaints)


def test_every_family_has_its_share() -> None:
    shares = Counter(case.family.partition(".")[0] for case in corpus(300))
    assert min(shares.values()) >= 5, shares
