"""A sum of products over letters as a network of small pieces, joined by the letters they share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.matrices.build import (
    einsum,
    hadamard,
)
from derive.notation.expression import Axis, Index
from derive.notation.matrix import (
    Diag,
    DiagPart,
    Einsum,
    Identity,
    Kron,
    MAdd,
    Mat,
    MMul,
    Ones,
    Outer,
    Scalar,
    ScaleCols,
    ScaleRows,
    Transpose,
)

Letters = tuple[str, ...]
Piece = tuple[Mat, Letters]


@dataclass(frozen=True)
class Network:
    """The product of the pieces, summed over every letter that is not in the output."""

    pieces: tuple[Piece, ...]
    output: Letters
    axes: tuple[tuple[str, Axis], ...]

    def index(self, letter: str) -> Index:
        """The letter with its axis."""
        return Index(letter, dict(self.axes)[letter])

    @property
    def summed(self) -> Letters:
        """The letters that are summed, in order."""
        return tuple(letter for letter, _ in self.axes if letter not in self.output)

    def over(self, letter: str) -> tuple[Piece, ...]:
        """The pieces that carry a letter."""
        return tuple(piece for piece in self.pieces if letter in piece[1])


def distributed(network: Network) -> Mat | None:
    """A sum over more than two axes is no matrix: the product is taken term by term."""
    for number, (mat, letters) in enumerate(network.pieces):
        terms = _terms(mat) if len(letters) > 2 else ()
        if len(terms) > 1:
            before, after = network.pieces[:number], network.pieces[number + 1 :]
            parts = [_product((*before, (term, letters), *after), network) for term in terms]
            return MAdd(tuple(parts))
    return None


def _terms(mat: Mat) -> tuple[Mat, ...]:
    match mat:
        case MAdd(args):
            return args if all(a.axes for a in args) else ()
        case MMul(args):
            for number, arg in enumerate(args):
                if isinstance(arg, MAdd) and len(_terms(arg)) > 1:
                    rest = (args[:number], args[number + 1 :])
                    return tuple(hadamard((*rest[0], term, *rest[1])) for term in arg.args)
    return (mat,)


def _product(pieces: tuple[Piece, ...], network: Network) -> Mat:
    return einsum_of(replace(network, pieces=pieces))


def taken_apart(network: Network) -> Network:
    """Pieces as small as can be: u v' as u and v, diag(w) A as w and A, an inner einsum as its own.

    Letters of an inner einsum that it sums are renamed apart.
    """
    done: list[Piece] = []
    axes = dict(network.axes)
    todo = list(network.pieces)
    while todo:
        mat, at = todo.pop(0)
        match mat:
            case MMul(args):
                todo[:0] = [(a, at if a.axes else ()) for a in args]
            case Outer(left, right):
                cut = len(left.axes)
                todo[:0] = [(left, at[:cut]), (right, at[cut:])]
            case Transpose(arg):
                todo.insert(0, (arg, at[::-1]))
            case ScaleRows(weights, arg):
                todo[:0] = [(weights, at[:1]), (arg, at)]
            case ScaleCols(arg, weights):
                todo[:0] = [(arg, at), (weights, at[1:])]
            case Diag(arg) if len(at) == 2:
                todo[:0] = [(arg, at[:1]), (Identity(arg.axes[0]), at)]
            case Kron(left, right, crossed):
                k, l, p, q = at
                p, q = (q, p) if crossed else (p, q)
                todo[:0] = [(left, (k, p)), (right, (l, q))]
            case Einsum(pairs, letters, output):
                names = dict(zip(output, at, strict=True))
                for letter, axis in letters:
                    if letter not in names:
                        fresh = letter
                        while fresh in axes:
                            fresh += "'"
                        names[letter] = fresh
                        axes[fresh] = axis
                todo[:0] = [(part, tuple(names[k] for k in own)) for part, own in pairs]
            case _:
                done.append((mat, at))
    return Network(tuple(done), network.output, tuple(axes.items()))


FIRST = ((0, 2), (1, 3), (0, 1), (2, 3), (0, 3), (1, 2))
"""Which output letters an identity joins, the likeliest first: H_klpq carries kp and lq."""


def joined(network: Network) -> Network:
    """Letters that identities make equal are one letter; between output letters one stays."""
    root = {letter: letter for letter, _ in network.axes}

    def find(letter: str) -> str:
        while root[letter] != letter:
            letter = root[letter]
        return letter

    rest: list[Piece] = []
    eyes: list[tuple[str, str]] = []
    for mat, at in network.pieces:
        if isinstance(mat, Identity):
            eyes.append((at[0], at[1]))
        else:
            rest.append((mat, at))
    for a, b in eyes:
        one, two = find(a), find(b)
        # An output letter stands for its class, the first of them in the output's order.
        rank = {k: n for n, k in enumerate(network.output)}
        one, two = sorted((one, two), key=lambda k: rank.get(k, len(rank)))
        root[two] = one
    kept: list[Piece] = []
    out = network.output
    pairs = FIRST if len(out) == 4 else [(a, b) for a in range(len(out)) for b in range(a)]
    linked = {k: k for k in out}

    def top(letter: str) -> str:
        while linked[letter] != letter:
            letter = linked[letter]
        return letter

    axes = dict(network.axes)
    for first, second in pairs:
        one, two = out[first], out[second]
        if find(one) == find(two) and top(one) != top(two):
            linked[top(two)] = top(one)
            kept.append((Identity(axes[one]), (one, two)))
    pieces = [_cut(mat, tuple(find(k) for k in at)) for mat, at in rest]
    left = {k: axis for k, axis in network.axes if k in out or find(k) == k}
    return Network((*pieces, *kept), out, tuple(left.items()))


def _cut(mat: Mat, at: Letters) -> Piece:
    """A matrix with one letter twice is its diagonal."""
    if len(at) == 2 and at[0] == at[1]:
        return DiagPart(mat), at[:1]
    return mat, at


def without_ones(network: Network) -> Network:
    """Vectors of ones are left out where another piece carries the letter; a lone sum is m."""
    pieces = [p for p in network.pieces if not isinstance(p[0], Ones)]
    axes = []
    for letter, axis in network.axes:
        if any(letter in at for _, at in pieces):
            axes.append((letter, axis))
        elif letter in network.output:
            axes.append((letter, axis))
            pieces.append((Ones(axis), (letter,)))
        else:
            # Summed once and for all: nothing is left over which to sum it again.
            pieces.append((Scalar(axis), ()))
    return replace(network, pieces=tuple(pieces), axes=tuple(axes))


def einsum_of(network: Network) -> Mat:
    """What is left, with the scalars in front."""
    scalars = tuple(mat for mat, at in network.pieces if not at)
    parts = tuple((mat, tuple(network.index(k) for k in at)) for mat, at in network.pieces if at)
    output = tuple(network.index(k) for k in network.output)
    if not parts:
        return hadamard(scalars) if not output else hadamard((*scalars, einsum((), output)))
    return hadamard((*scalars, einsum(parts, output)))
