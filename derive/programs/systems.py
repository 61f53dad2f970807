"""Inverses in code: an inverse that multiplies is a system of equations to be solved."""

from __future__ import annotations

from derive.matrices.build import transpose
from derive.notation.matrix import Det, Mat, MatMul, Sym, Transpose
from derive.programs.factors import Factor, solved_with
from derive.programs.pieces import ATOM, PRODUCT, UNARY, Names, Text, Writer


def _factor(mat: Mat, names: Names) -> str:
    """The name of the Cholesky factor of a matrix, where the function computes one."""
    return names.get(Factor(mat.tensor), "") if isinstance(mat, Sym) else ""


def inverse_text(write: Writer, mat: Mat, names: Names) -> Text:
    """An inverse that is needed itself."""
    factor = _factor(mat, names)
    if factor:
        return Text(f"special.inverse_cholesky({factor})", ATOM)
    return Text(f"special.inverse({write(mat, names).code})", ATOM)


def determinant_text(write: Writer, mat: Mat, arg: Mat, names: Names) -> Text:
    """The determinant of `arg` or its logarithm, the latter from a factor where there is one."""
    if isinstance(mat, Det):
        return Text(f"np.linalg.det({write(arg, names).code})", ATOM)
    factor = _factor(arg, names)
    if factor:
        return Text(f"2 * np.sum(np.log(np.diagonal({factor})))", PRODUCT)
    return Text(f"special.log_det({write(arg, names).code})", ATOM)


def solution_text(write: Writer, matrix: Mat, right: str, names: Names) -> str:
    """A^-1 times what `right` computes, without the inverse."""
    symmetric = matrix.arg if isinstance(matrix, Transpose) else matrix
    factor = _factor(symmetric, names)
    if factor:
        return f"special.solve_cholesky({factor}, {right})"
    return f"special.solve({write(matrix, names).code}, {right})"


def chain_text(write: Writer, parts: tuple[Mat, ...], names: Names) -> Text:
    """A product with inverses in it, from the right: each inverse is a system to be solved."""
    *rest, last = parts
    matrix = solved_with(last) if last not in names else None
    if matrix is not None and rest:
        # B A^-1 = (A'^-1 B')'
        first = chain_text(write, tuple(rest), names).within(ATOM)
        right = first[:-2] if first.endswith(".T") else f"{first}.T"
        return Text(f"{solution_text(write, transpose(matrix), right, names)}.T", ATOM)
    code = write(last, names)
    for part in reversed(rest):
        matrix = solved_with(part) if part not in names else None
        if matrix is not None:
            code = Text(solution_text(write, matrix, code.code, names), ATOM)
        else:
            code = Text(f"{write(part, names).within(UNARY)} @ {code.within(UNARY)}", PRODUCT)
    return code


def factors_of(mat: Mat, names: Names) -> tuple[Mat, ...]:
    """The factors of a product; a product that has a name is one factor."""
    if mat in names or not isinstance(mat, MatMul):
        return (mat,)
    return (*factors_of(mat.left, names), *factors_of(mat.right, names))


def solves(mat: Mat, names: Names) -> bool:
    """Whether the product is computed by solving systems: an inverse in it has no name."""
    parts = factors_of(mat, names)
    return len(parts) > 1 and any(p not in names and solved_with(p) is not None for p in parts)
