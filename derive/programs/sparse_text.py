"""Whether a line of code asks of a matrix no more than a sparse matrix can do."""

from __future__ import annotations

import ast


def only_multiplied(name: str, text: str) -> bool:
    """Whether the letter stands in the line as a factor of matrix products alone, or for its shape.

    X @ theta, X.T @ r and X.shape are; X * w and np.sum(X) are not.
    """
    tree = ast.parse(text, mode="eval")
    allowed: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(left, ast.MatMult(), right):
                allowed |= {id(_untransposed(side)) for side in (left, right)}
            case ast.Attribute(ast.Name() as inner, "shape"):
                allowed.add(id(inner))
    return all(
        id(node) in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name
    )


def _untransposed(side: ast.expr) -> ast.expr:
    return side.value if isinstance(side, ast.Attribute) and side.attr == "T" else side
