"""One row of a matrix formula, for printing: x_i of X, diag(p_i) of the matrices diag(p_i).

A formula over (i, k) or (i, k, p) at a fixed i is again a vector or a matrix. Its letters are
symbols that are made for printing: x_i is row i of X, as a column.
"""

from __future__ import annotations

from derive.notation import matrix as mx
from derive.notation import matrix_parts as parts_of
from derive.notation.expression import ONE, Tensor
from derive.notation.facts import flipped


def row(mat: mx.Mat, letter: str = "i") -> mx.Mat:
    """The formula at position `letter` of its first axis."""
    match mat:
        case mx.Sym(tensor):
            return mx.Sym(_row_symbol(tensor, letter))
        case mx.Identity(axis):
            return mx.Sym(Tensor(f"e_{letter}", (axis,), latex=f"e_{{{letter}}}"))
        case mx.Ones():
            return mx.Scalar(ONE)
        case mx.MAdd() | mx.MMul() | mx.MPow() | mx.MApply():
            parts = tuple(row(a, letter) if a.axes else a for a in mx.operands(mat))
            return parts_of.with_operands(mat, parts)
        case mx.MatMul(left, right):
            inner = row(left, letter)
            if isinstance(right, mx.Ones) and isinstance(inner, mx.MMul) and len(inner.args) == 2:
                return mx.Dot(*inner.args)
            if len(right.axes) == 1:
                return mx.Dot(inner, right)
            return mx.MatMul(right.arg if isinstance(right, mx.Transpose) else
                             mx.Transpose(right), inner)  # fmt: skip
        case mx.ScaleRows(weights, arg):
            return mx.MMul((row(weights, letter), row(arg, letter)))
        case mx.ScaleCols(arg, weights):
            return mx.MMul((row(arg, letter), weights))
        case mx.Outer(left, right) if len(left.axes) == len(right.axes) == 1:
            return mx.MMul((row(left, letter), right))
        case mx.Einsum(pairs, _, output):
            found = _product(pairs, output, letter)
            return found if found is not None else _cut(mat, letter)
    return _cut(mat, letter)


def _row_symbol(tensor: Tensor, letter: str) -> Tensor:
    """x_i for the rows of X, y_i for the entries of y."""
    name = tensor.name.rstrip("_")
    latex = tensor.latex or name
    lone = len(name) == 1 and name.isupper() and latex == name and len(tensor.axes) == 2
    name, latex = (name.lower(), latex.lower()) if lone else (name, latex)
    return Tensor(f"{name}_{letter}", tensor.axes[1:], latex=f"{latex}_{{{letter}}}")


def _product(
    pairs: tuple[tuple[mx.Mat, tuple[str, ...]], ...], output: tuple[str, ...], letter: str
) -> mx.Mat | None:
    """u_i w_i', diag(u_i) or A' diag(w_i) B from operands that carry the first letter."""
    if len(output) != 3:
        return None
    first, k, p = output
    scalars: list[mx.Mat] = []
    fixed: dict[tuple[str, ...], list[mx.Mat]] = {}
    for mat, letters in pairs:
        if first not in letters:
            fixed.setdefault(letters, []).append(mat)
        elif letters == (first,):
            scalars.append(row(mat, letter))
        elif len(letters) == 2:
            turned = mat if letters[0] == first else flipped(mat)
            other = letters[1] if letters[0] == first else letters[0]
            fixed.setdefault((other,), []).append(row(turned, letter))
        else:
            return None
    core = _core(fixed, k, p)
    return core if core is None or not scalars else mx.MMul((*scalars, core))


def _core(fixed: dict[tuple[str, ...], list[mx.Mat]], k: str, p: str) -> mx.Mat | None:
    """The matrix over (k, p) from vectors and matrices, at most one letter summed."""
    inner = sorted({a for letters in fixed for a in letters} - {k, p})
    eye = fixed.pop((k, p), None) or fixed.pop((p, k), None)
    if not inner:
        if eye is not None and all(isinstance(mat, mx.Identity) for mat in eye):
            diagonal = [*fixed.get((k,), []), *fixed.get((p,), [])]
            return mx.Diag(_one(diagonal)) if diagonal else eye[0]
        if eye is None and (k,) in fixed and (p,) in fixed:
            return mx.Outer(_one(fixed[(k,)]), _one(fixed[(p,)]))
        return None
    if len(inner) > 1 or eye is not None:
        return None
    (j,) = inner
    left = [*fixed.pop((k, j), []), *(flipped(a) for a in fixed.pop((j, k), []))]
    right = [*fixed.pop((j, p), []), *(flipped(a) for a in fixed.pop((p, j), []))]
    weights = fixed.pop((j,), [])
    if fixed or not left or not right:
        return None
    last = _one(right)
    return mx.MatMul(_one(left), mx.ScaleRows(_one(weights), last) if weights else last)


def _one(parts: list[mx.Mat]) -> mx.Mat:
    return parts[0] if len(parts) == 1 else mx.MMul(tuple(parts))


def _cut(mat: mx.Mat, letter: str) -> mx.Mat:
    """Row i of M as M'e_i; of what has three axes there is no shorter word than its row."""
    axis, *rest = mat.axes
    unit = mx.Sym(Tensor(f"e_{letter}", (axis,), latex=f"e_{{{letter}}}"))
    if len(rest) == 1:
        return mx.MatMul(flipped(mat), unit)
    if not rest:
        return mx.Dot(mat, unit)
    letters = ("i", "k", "p")
    named = tuple(zip(letters, mat.axes, strict=True))
    return mx.Einsum(((mat, letters), (unit, ("i",))), named, ("k", "p"))
