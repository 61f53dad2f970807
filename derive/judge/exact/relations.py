"""Linear relations with rational coefficients among vectors of residues: Gauss's elimination."""

from __future__ import annotations

from fractions import Fraction

HEIGHT = 1 << 12
"""Numerators and denominators of coefficients stay below this."""

SPARE = 8
"""So many more draws than independent vectors are kept, or there must be more draws."""


class CrowdedError(ArithmeticError):
    """Too few draws for so many independent arguments."""


class Echelon:
    """Vectors over the field of `modulus` elements, brought to echelon form as they arrive."""

    def __init__(self, modulus: int) -> None:
        self._modulus = modulus
        self._rows: list[tuple[int, list[int], dict[int, int]]] = []

    def relation(self, vector: list[int], name: int) -> dict[int, int] | None:
        """The coefficients by which the vector is a sum of the known ones, by their names.

        None where it is independent of them; then it is kept under `name`.
        """
        p = self._modulus
        rest = list(vector)
        used: dict[int, int] = {}
        for pivot, row, shares in self._rows:
            factor = rest[pivot] if pivot < len(rest) else 0
            if not factor:
                continue
            if len(row) > len(rest):
                rest += [0] * (len(row) - len(rest))
            minus = p - factor
            width = len(row)
            rest = [(x + minus * y) % p for x, y in zip(rest, row, strict=False)] + rest[width:]
            for key, share in shares.items():
                used[key] = (used.get(key, 0) + factor * share) % p
        pivot = next((k for k, x in enumerate(rest) if x), -1)
        if pivot < 0:
            return {key: share for key, share in used.items() if share}
        if len(self._rows) + SPARE > len(rest):
            raise CrowdedError
        scale = pow(rest[pivot], -1, p)
        shares = {key: (p - share) * scale % p for key, share in used.items() if share}
        shares[name] = scale
        self._rows.append((pivot, [x * scale % p for x in rest], shares))
        return None


def fraction(residue: int, modulus: int, height: int) -> Fraction | None:
    """The fraction with numerator and denominator up to `height` that is this residue, if any."""
    a, b, x, y = modulus, residue, 0, 1
    while b > height:
        quotient = a // b
        a, b, x, y = b, a - quotient * b, y, x - quotient * y
    if y == 0 or abs(y) > height:
        return None
    return Fraction(b, y)
