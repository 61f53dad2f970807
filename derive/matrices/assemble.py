"""What is left of a network as one formula: a matrix, or over four axes Kronecker products."""

from __future__ import annotations

from derive.matrices.build import (
    hadamard,
    transpose,
)
from derive.matrices.entrywise import scaled
from derive.matrices.pieces import Letters, Network, Piece, einsum_of, without_ones
from derive.notation.expression import Axis
from derive.notation.matrix import (
    Diag,
    Identity,
    Kron,
    KronRows,
    Mat,
    Outer,
)


def assembled(network: Network) -> Mat | None:
    """The pieces over the output alone, as one formula; None where letters are left to sum."""
    if network.summed or any(len(at) > 2 for _, at in network.pieces):
        return None
    scalars = tuple(mat for mat, at in network.pieces if not at)
    core: Mat | None
    match network.output:
        case ():
            return hadamard(scalars)
        case (k,):
            core = hadamard(tuple(mat for mat, at in network.pieces if at == (k,)))
        case (k, l):
            core = _matrix(network, k, l)
        case (k, l, p, q):
            core = _four(network, (k, l, p, q))
        case _:
            return None
    return None if core is None else hadamard((*scalars, core))


def _at(network: Network, *letters: str) -> list[Mat]:
    return [mat for mat, at in network.pieces if at == letters]


def _matrix(network: Network, k: str, l: str) -> Mat:
    """What stands over one pair of letters: diag(u) A diag(v), or u v'."""
    order = (network.index(k), network.index(l))
    full = [*_at(network, k, l), *(transpose(mat) for mat in _at(network, l, k))]
    return scaled(_at(network, k), _at(network, l), full, order)


def _four(network: Network, out: Letters) -> Mat | None:
    """A (x) B, crossed or not, vec(A) vec(B)' or diag(vec(A))."""
    k, l, p, q = out
    pairs = {frozenset(at): mat for mat, at in network.pieces if len(at) == 2}
    for one, two, kind in (
        ((k, p), (l, q), "kron"), ((k, q), (l, p), "crossed"), ((k, l), (p, q), "outer"),
    ):  # fmt: skip
        if not set(pairs) <= {frozenset(one), frozenset(two)}:
            continue
        if kind == "crossed" and not pairs:
            continue
        left, right = _matrix(network, *one), _matrix(network, *two)
        return Outer(left, right) if kind == "outer" else Kron(left, right, kind == "crossed")
    eyes = {frozenset(at) for mat, at in network.pieces if isinstance(mat, Identity)}
    if {frozenset((k, p)), frozenset((l, q))} <= eyes and set(pairs) - eyes == {frozenset((k, l))}:
        return Diag(_matrix(network, k, l))
    return None


def over_rows_of(network: Network) -> Mat | None:
    """sum_i A_i (x) B_i, where the pieces fall apart into two groups that share one letter."""
    if len(network.output) != 4:
        return None
    for letter in network.summed:
        found = _over_rows(network, letter)
        if found is not None:
            return found
    return _blocks(network)


def _blocks(network: Network) -> Mat | None:
    """A block for every k, delta_kp B_klq: with unit vectors it is sum_i e_i e_i' (x) B_i."""
    k, l, p, q = network.output
    axes = dict(network.axes)
    letter = next(a for a in ("i", "j", "s", "t", "u", "w", "i'") if a not in axes)
    for one, two in ((k, p), (l, q)):
        eyes = [x for x in network.pieces if isinstance(x[0], Identity) and x[1] == (one, two)]
        rest = [x for x in network.pieces if x not in eyes]
        if not eyes or not any(one in at for _, at in rest):
            continue
        moved = [(mat, tuple(letter if x == one else x for x in at)) for mat, at in rest]
        unit = Identity(axes[one])
        pieces = (*moved, (unit, (letter, one)), (unit, (letter, two)))
        wider = Network(pieces, network.output, (*network.axes, (letter, axes[one])))
        return _over_rows(wider, letter)
    return None


def _over_rows(network: Network, letter: str) -> Mat | None:
    k, l, p, q = network.output
    groups = _halves(network.pieces, letter, (k, p), (l, q))
    if groups is None:
        return None
    scalars, left, right = groups
    axes = dict(network.axes)
    a, b = _half(left, (letter, k, p), axes), _half(right, (letter, l, q), axes)
    return hadamard((*scalars, KronRows(a, b)))


def _half(pieces: list[Piece], output: Letters, axes: dict[str, Axis]) -> Mat:
    used = {k for _, at in pieces for k in at} | set(output)
    own = Network(tuple(pieces), output, tuple((k, a) for k, a in axes.items() if k in used))
    return einsum_of(without_ones(own))


def _halves(
    pieces: tuple[Piece, ...], letter: str, one: Letters, two: Letters
) -> tuple[list[Mat], list[Piece], list[Piece]] | None:
    """The pieces joined to the first pair and those joined to the second, the letter apart."""
    scalars = [mat for mat, at in pieces if not at]
    rest = [piece for piece in pieces if piece[1]]
    reach = set(one)
    left: list[Piece] = []
    while True:
        more = [x for x in rest if (set(x[1]) - {letter}) & reach]
        if not more:
            break
        left += more
        rest = [x for x in rest if x not in more]
        reach |= {k for _, at in more for k in at} - {letter}
    if reach & set(two) or not any(letter in at for _, at in left):
        return None
    return scalars, left, rest
