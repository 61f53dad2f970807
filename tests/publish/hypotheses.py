"""That a proof's statements suppose what its steps assume, counted anew from the steps."""

import json

from derive.notation.text import text
from derive.publish.hypotheses import conditions_of, plain_conditions
from derive.publish.proof_json import proof_record
from derive.publish.proof_tex import proof_body
from derive.record import Derivation, Proof, Step
from derive.verdicts import Verdict

NOTHING = Verdict((), (), "ball arithmetic", 200)


def every(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (step, *every(step.substeps))]


def assumed(part: Derivation, proof: Proof) -> set[tuple[str, str]]:
    """What the steps of a derivation assume, with those of all that they cite."""
    steps = every(part.steps)
    own = {(text(c.expr), c.relation) for step in steps for c in step.conditions if not c.by}
    labels = {label for step in steps for label in step.cites} | {part.of}
    for other in proof.parts[: proof.parts.index(part)]:
        if other.label in labels:
            own |= assumed(other, proof)
    return own


def check_hypotheses(proof: Proof) -> None:
    """In the record exactly; on the page as one sentence wherever there are any."""
    record = json.loads(proof_record(proof, NOTHING))
    sections = {s.heading.split()[-1]: s for s in proof_body(proof, NOTHING).sections}
    for part, row in zip(proof.parts, record["derivations"], strict=True):
        expected = assumed(part, proof)
        found = {
            (record["formulas"][c["formula"]]["text"], c["relation"])
            for c in row.get("hypotheses", [])
        }
        assert found == expected, part.label
        said = conditions_of(part, proof)
        assert bool(said) == bool(expected) == bool(plain_conditions(part, proof))
        if said and part.label in sections:
            assert f"Let {said}." in sections[part.label].statement
