"""Products of matrices in code: @ where there is one, sums, slices, solutions, einsum last.

What writes the operands is handed in, so that neither file imports the other.
"""

from __future__ import annotations

from derive.matrices.build import transpose
from derive.notation.bands import Unit
from derive.notation.matrix import Einsum, Mat, MatMul, Ones, Transpose
from derive.programs.bands_text import applied, band_in, place_code
from derive.programs.factors import solved_with
from derive.programs.overflow import guarded, guarded_text, weighted, weighted_text
from derive.programs.pieces import ATOM, PRODUCT, UNARY, Names, Text, Writer, hugged
from derive.programs.systems import chain_text, factors_of, solution_text, solves


def matmul_text(write: Writer, left: Mat, right: Mat, names: Names) -> Text:
    """A product with @, as a solution, a slice or a sum along an axis where it is one."""
    whole = MatMul(left, right)
    if solves(whole, names):
        return chain_text(write, factors_of(whole, names), names)
    banded = _banded(write, left, right, names)
    if banded is not None:
        return banded
    if isinstance(right, Ones) and right not in names:
        if isinstance(left, Transpose):
            return Text(f"np.sum({write(left.arg, names).code}, axis=0)", ATOM)
        return Text(f"np.sum({write(left, names).code}, axis=1)", ATOM)
    # (A B) v is cheaper as A (B v), and the two are equal.
    if isinstance(left, MatMul) and len(right.axes) == 1 and left not in names:
        return matmul_text(write, left.left, MatMul(left.right, right), names)
    first = write(left, names)
    # @ and * stand on one level of precedence and go from left to right.
    code = first.within(PRODUCT if isinstance(left, MatMul) else UNARY)
    return Text(f"{code} @ {write(right, names).within(UNARY)}", PRODUCT)


def _banded(write: Writer, left: Mat, right: Mat, names: Names) -> Text | None:
    """A product with a matrix that slices or pads, or with a unit vector that takes one column."""
    if isinstance(right, Unit) and right not in names:
        place = place_code(right.position)
        if isinstance(left, Transpose):
            return Text(f"{write(left.arg, names).within(ATOM)}[{place}]", ATOM)
        return Text(f"{write(left, names).within(ATOM)}[:, {place}]", ATOM)
    first, second = band_in(left), band_in(right)
    if first is not None:
        return applied(*first, write(right, names), len(right.axes), 0)
    if second is not None:
        band, turned = second
        return applied(band, not turned, write(left, names), 2, 1)
    return None


def dot_text(write: Writer, left: Mat, right: Mat, names: Names) -> Text:
    """An inner product: of vectors, or of matrices as the sum of their products."""
    if isinstance(left, Ones):
        return Text(f"np.sum({write(right, names).code})", ATOM)
    if isinstance(right, Ones):
        return Text(f"np.sum({write(left, names).code})", ATOM)
    if len(left.axes) == 2:
        for one, other in ((left, right), (right, left)):
            matrix = solved_with(one) if one not in names else None
            if matrix is not None:  # tr((A^-1)'B)
                code = solution_text(write, transpose(matrix), write(other, names).code, names)
                return Text(f"np.trace({code})", ATOM)
    if isinstance(right, Unit) and right not in names:
        return Text(f"{write(left, names).within(ATOM)}[{place_code(right.position)}]", ATOM)
    together = weighted((left, right), names)
    if together is not None:
        return Text(f"np.sum({weighted_text(write, *together, names).code})", ATOM)
    kept = guarded((left, right), names)
    if kept is not None:
        return Text(f"np.sum({guarded_text(write, *kept, names).code})", ATOM)
    first, second = write(left, names), write(right, names)
    if len(left.axes) == 1:
        return Text(f"{first.within(UNARY)} @ {second.within(UNARY)}", PRODUCT)
    if left == right:
        return Text(f"np.sum({hugged(first)}2)", ATOM)
    return Text(f"np.sum({first.within(UNARY)} * {second.within(UNARY)})", ATOM)


def einsum_text(write: Writer, mat: Einsum, names: Names) -> Text:
    """An explicit sum over letters."""
    # Letters of a formula may carry primes; einsum takes plain letters only.
    plain = {letter: chr(ord("a") + n) for n, (letter, _) in enumerate(mat.letters)}
    left = ",".join("".join(plain[k] for k in own) for _, own in mat.operands)
    right = "".join(plain[k] for k in mat.output)
    codes = ", ".join(write(operand, names).code for operand, _ in mat.operands)
    # Pairwise contraction: the plain loop over all letters at once is slower by a power of m.
    order = ", optimize=True" if len(mat.operands) > 2 else ""
    return Text(f'np.einsum("{left}->{right}", {codes}{order})', ATOM)
