"""Letters of a network summed one after the other: two matrices that share one are multiplied."""

from __future__ import annotations

from dataclasses import replace

from derive.matrices.build import (
    dot,
    hadamard,
    matmul,
    scale_rows,
    transpose,
)
from derive.matrices.pieces import Letters, Network, Piece
from derive.notation.expression import Axis
from derive.notation.matrix import (
    Mat,
    MMul,
    MPow,
    Ones,
    Transpose,
)


def _merged(network: Network) -> Network:
    """Vectors and matrices over the same letters multiply entry by entry."""
    found: dict[frozenset[str], tuple[Letters, list[Mat]]] = {}
    rest: list[Piece] = []
    for mat, at in network.pieces:
        if len(at) > 2 or len(set(at)) < len(at) or not at:
            rest.append((mat, at))
            continue
        own, mats = found.setdefault(frozenset(at), (at, []))
        mats.append(mat if own == at else transpose(mat))
    merged = [(_hadamard(mats), at) for at, mats in found.values()]
    return replace(network, pieces=(*merged, *rest))


def _hadamard(mats: list[Mat]) -> Mat:
    """The entrywise product; of the orientations of a matrix the one with fewer transposes."""
    if len(mats) > 1 and len(mats[0].axes) == 2:
        turned = [transpose(m) for m in mats]
        if sum(isinstance(m, Transpose) for m in turned) < sum(
            isinstance(m, Transpose) for m in mats
        ):
            return Transpose(hadamard(tuple(turned)))
    return hadamard(tuple(mats))


def contracted(network: Network) -> Network:
    """Letters summed one after the other, the cheapest first, as long as matrices result."""
    while True:
        network = _merged(network)
        costs = [(cost, k) for k in network.summed if (cost := _cost(k, network)) is not None]
        if not costs:
            return network
        network = _without(min(costs, key=lambda pair: pair[0])[1], network)


def _cost(letter: str, network: Network) -> tuple[int, int] | None:
    """The rank of what results and the transposes that it takes; None where it is no matrix."""
    at = [own for _, own in network.over(letter)]
    matrices = [own for own in at if len(own) == 2]
    if any(len(own) > 2 or len(set(own)) < len(own) for own in at) or len(matrices) > 2:
        return None
    if len(matrices) == 1 and len(at) == 1:
        other = next(k for k in matrices[0] if k != letter)
        # Both letters go: an inner product of matrices.
        if other not in network.output and len(network.over(other)) == 1:
            return (0, 0)
    turned = sum(own[0] == letter for own in matrices)
    return (len(matrices), turned if len(matrices) == 1 else 0)


def _without(letter: str, network: Network) -> Network:
    """One letter summed."""
    carrying = network.over(letter)
    rest = tuple(piece for piece in network.pieces if letter not in piece[1])
    weights = [mat for mat, at in carrying if len(at) == 1]
    mats = [piece for piece in carrying if len(piece[1]) == 2]
    axis = dict(network.axes)[letter]
    if not mats:
        return _less(network, (letter,), (*rest, (_inner(weights, axis), ())))
    if len(mats) == 1:
        mat, at = mats[0]
        other = next(k for k in at if k != letter)
        if not weights and other not in network.output and len(network.over(other)) == 1:
            return _less(network, (letter, other), (*rest, (_total(mat), ())))
        vector = hadamard(tuple(weights)) if weights else Ones(axis)
        left = mat if at[1] == letter else transpose(mat)
        return _less(network, (letter,), (*rest, (matmul(left, vector), (other,))))
    (a, first), (b, second) = sorted(mats, key=lambda piece: _left(piece[1], letter, network))
    left = a if first[1] == letter else transpose(a)
    right = b if second[0] == letter else transpose(b)
    if weights:
        right = scale_rows(hadamard(tuple(weights)), right)
    out = (_other(first, letter), _other(second, letter))
    return _less(network, (letter,), (*rest, (matmul(left, right), out)))


def _other(at: Letters, letter: str) -> str:
    return at[0] if at[1] == letter else at[1]


def _left(at: Letters, letter: str, network: Network) -> tuple[bool, int]:
    """What stands on the left: a matrix with the letter last; then by the output's order."""
    other = _other(at, letter)
    order = [*network.output, *network.summed]
    return (at[0] == letter, order.index(other))


def _less(network: Network, letters: Letters, pieces: tuple[Piece, ...]) -> Network:
    axes = tuple(pair for pair in network.axes if pair[0] not in letters)
    return Network(pieces, network.output, axes)


def _inner(vectors: list[Mat], axis: Axis) -> Mat:
    """The sum of an entrywise product: u'v, |u|^2, 1'u."""
    factors: list[Mat] = []
    for vector in vectors:
        factors += vector.args if isinstance(vector, MMul) else (vector,)
    if len(factors) == 1 and isinstance(factors[0], MPow) and _is_square(factors[0]):
        return dot(factors[0].base, factors[0].base)
    if len(factors) == 1:
        return dot(Ones(axis), factors[0])
    return dot(factors[0], hadamard(tuple(factors[1:])))


def _total(mat: Mat) -> Mat:
    """The sum of all entries of a matrix: tr(A'B) of an entrywise product, |A|^2 of a square."""
    if isinstance(mat, Transpose):
        mat = mat.arg
    factors = mat.args if isinstance(mat, MMul) else (mat,)
    if len(factors) == 1 and isinstance(factors[0], MPow) and _is_square(factors[0]):
        return dot(factors[0].base, factors[0].base)
    if len(factors) == 2:
        return dot(factors[0], factors[1])
    return dot(Ones(mat.axes[0]), matmul(mat, Ones(mat.axes[1])))


def _is_square(mat: MPow) -> bool:
    return getattr(mat.exponent, "value", None) == 2
