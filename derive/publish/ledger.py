"""What everything rests on: generated/LEDGER.md and generated/ledger.json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from derive.record import Proof
from derive.verdicts import Verdict

GRADES = ("exact", "expanded", "enclosed", "sampled", "words")

HEAD = """# The ledger: what every equals sign rests on

Written by `derive build`; do not edit. The argument is in `derive/judge/EXACT.md`.

- **exact**: an identity over the field of 2^61 - 1 elements; a false one passes with a chance below
  2^-100 (the record of each proof states the bound and the sizes of the axes).
- **expanded**: an identity of polynomials, multiplied out.
- **enclosed**: an inequality that intervals show.
- **sampled**: agreement in ball arithmetic at random points alone, with the reason below.
- **words**: a claim made in words.
"""


@dataclass(frozen=True)
class LedgerEntry:
    """One cost or story: how many claims of each grade, and those that are not exact.

    `open` holds (label, step, grade, why); a step is "1.2", or "whole" for goal = last line.
    """

    name: str
    story: bool
    counts: tuple[tuple[str, int], ...]
    open: tuple[tuple[str, str, str, str], ...]


def ledger_entry(proof: Proof, verdict: Verdict, *, story: bool) -> LedgerEntry:
    """The entry of what was judged."""
    found = Counter[str](step.evidence.grade for step in verdict.steps)
    spoken = [part for part in proof.parts if part.text and not part.steps]
    found["words"] = len(spoken)
    left: list[tuple[str, str, str, str]] = [
        (
            step.label,
            ".".join(str(k + 1) for k in step.path) or "whole",
            step.evidence.grade,
            step.evidence.why,
        )
        for step in verdict.steps
        if step.evidence.grade == "sampled"
    ]
    left += [(part.label, "whole", "words", "it has no formula") for part in spoken]
    counts = tuple((grade, found[grade]) for grade in GRADES)
    return LedgerEntry(proof.problem.name, story, counts, tuple(left))


def ledger_texts(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """Both files."""
    return {"ledger.json": _record(entries), "LEDGER.md": _page(entries)}


def _totals(entries: Sequence[LedgerEntry]) -> dict[str, int]:
    return {grade: sum(dict(e.counts)[grade] for e in entries) for grade in GRADES}


def _record(entries: Sequence[LedgerEntry]) -> str:
    def group(story: bool) -> dict[str, object]:
        return {
            e.name: {**dict(e.counts), "open": [list(row) for row in e.open]}
            for e in entries
            if e.story == story
        }

    whole = {"costs": group(False), "stories": group(True), "totals": _totals(entries)}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _page(entries: Sequence[LedgerEntry]) -> str:
    lines = [HEAD]
    for title, story in (("Costs", False), ("Stories", True)):
        own = [e for e in entries if e.story == story]
        lines += [f"## {title}", "", f"| name | {' | '.join(GRADES)} |", "|---" * 6 + "|"]
        rows = [(e.name, dict(e.counts)) for e in own] + [("all", _totals(own))]
        lines += [
            f"| {name} | {' | '.join(str(counts[grade]) for grade in GRADES)} |"
            for name, counts in rows
        ]
        lines.append("")
    lines += ["## What is not exact", ""]
    for e in entries:
        if e.open:
            lines += [f"### {e.name}", ""]
            lines += [f"- {label}, {step}: {grade}; {why}" for label, step, grade, why in e.open]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"
