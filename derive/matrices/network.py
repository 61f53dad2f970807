"""A sum of products over letters as products of matrices.

The operands of an einsum are nodes of a graph, joined by the letters that they share. A letter
that is summed and stands at two matrices is their product; at a matrix and a vector, a matrix
times a vector; operands over the same letters multiply entry by entry. What ends with one matrix
over the output is a matrix formula; over four output letters it is a Kronecker product.
"""

from __future__ import annotations

from derive.matrices.assemble import assembled, over_rows_of
from derive.matrices.contraction import contracted
from derive.matrices.pieces import (
    Network,
    distributed,
    einsum_of,
    joined,
    taken_apart,
    without_ones,
)
from derive.notation.matrix import Einsum, Mat


def products(mat: Einsum) -> Mat:
    """The einsum with fewer letters summed, as products of matrices as far as they go."""
    network = taken_apart(Network(mat.operands, mat.output, mat.letters))
    spread = distributed(network)
    if spread is not None:
        return spread
    network = contracted(without_ones(joined(network)))
    return assembled(network) or over_rows_of(network) or einsum_of(network)
