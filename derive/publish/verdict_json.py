"""The judge's verdict in the record of a proof."""

from __future__ import annotations

from derive.publish.json_nodes import Json
from derive.verdicts import Verdict


def verdict_record(verdict: Verdict) -> Json:
    """The verdict without the gaps, which depend on the machine."""
    return {
        "passed": verdict.passed,
        "arithmetic": verdict.arithmetic,
        "bits": verdict.bits,
        "assumptions": list(verdict.assumptions),
        "functions": {
            row.name: {
                outcome: [fact.words for fact in row.facts if fact.outcome == outcome]
                for outcome in dict.fromkeys(fact.outcome for fact in row.facts)
            }
            for row in verdict.rows
        },
        "steps": [
            {
                "step": ".".join([step.label, *(str(k + 1) for k in step.path)]),
                "points": step.points,
                "passed": step.passed,
            }
            for step in verdict.steps
        ],
        "kernels": [
            {"name": kernel.name, "points": kernel.points, "passed": kernel.passed}
            for kernel in verdict.kernels
        ],
        "rounding": [
            {"name": bound.name, "units": f"{bound.units:g}", "labels": list(bound.labels)}
            for bound in verdict.rounding
        ],
    }
