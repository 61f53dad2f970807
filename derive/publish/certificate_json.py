"""The certificate of convexity in the record of a proof."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.notation.expression import Expr, Tensor
from derive.publish.certificates import LATEX, PLAIN, label, sentence
from derive.record import Argument, Proof, Witness

Number = Callable[[Expr], int]
"""A formula's number in the record's table."""


def certificate_record(proof: Proof, number: Number) -> dict[str, Any] | None:
    """What is proved, the sentences of the argument, and the witness; None for a story."""
    certificate = proof.certificate
    if certificate is None:
        return None
    record: dict[str, Any] = {
        "label": label(proof),
        "convexity": certificate.convexity,
        "arguments": [_argument(argument, number) for argument in certificate.arguments],
    }
    if certificate.modulus is not None:
        record["modulus"] = number(certificate.modulus)
    if certificate.bound is not None:
        record["curvature bound"] = str(certificate.bound)
    if certificate.witness is not None:
        record["witness"] = _witness(certificate.witness)
    return record


def _argument(argument: Argument, number: Number) -> dict[str, Any]:
    return {
        "in": [p.name for p in argument.parameters],
        "told": "in words",
        "reasons": [
            {
                "rule": reason.rule,
                "text": sentence(reason, PLAIN),
                "latex": sentence(reason, LATEX),
                "formulas": [number(formula) for formula in reason.formulas],
                "assumes": [tensor.name for tensor in reason.assumes],
            }
            for reason in argument.reasons
        ],
    }


def _witness(witness: Witness) -> dict[str, Any]:
    """Exact numbers; the parameters run along start + t direction."""
    count = len(witness.direction)
    given, starts = witness.values[:-count], witness.values[-count:]
    return {
        "sizes": {axis.letter: size for axis, size in witness.sizes},
        "data": dict(map(_entries, given)),
        "start": {PLAIN.symbol(t): _entries((t, xs))[1] for t, xs in starts},
        "direction": {
            PLAIN.symbol(start): _entries(way)[1]
            for (start, _), way in zip(starts, witness.direction, strict=True)
        },
        "second derivative": f"{witness.approximately:.3g}",
    }


def _entries(pair: tuple[Tensor, tuple[Fraction, ...]]) -> tuple[str, list[str]]:
    tensor, entries = pair
    return tensor.name, [str(x) for x in entries]
