"""Functions in the field: fresh elements for fresh arguments, closed under the functions' laws.

exp turns sums into products, and log is its inverse: both are one list of pairs (b, e^b). A new
exponent a is searched for relations a = sum_k c_k b_k with rational c_k; then e^a is the product
of the (e^b_k)^c_k, else e^a is a fresh element and (a, e^a) a new pair. A new argument f of a log
or of a root is searched for relations f = c prod_k (e^b_k)^c_k in the same way. A relation is only
used when it holds at all draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.exact.blocks import Block, Degree
from derive.judge.exact.elements import (
    ORDER,
    UnsupportedError,
    constant,
    logarithms,
    rational,
    vector,
)
from derive.judge.exact.elements import key as key_of
from derive.judge.exact.elements import rows as rows_of
from derive.judge.exact.field import P, Residues, drawn, is_square, power, residue
from derive.judge.exact.relations import HEIGHT, CrowdedError, Echelon, fraction

ROOTS = 12
"""Fresh elements are powers with this exponent, so that they have roots."""

FIRST_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)


ODD = frozenset(("atan", "erf"))
"""Functions with f(-t) = -f(t)."""


class SingularMatrixError(ArithmeticError):
    """A matrix that Gauss's elimination finds singular at these sizes."""


@dataclass(eq=False)
class Pair:
    """b and e^b at all draws; `root` to the power of ROOTS is e^b, where one is known."""

    b: Residues
    e: Residues
    root: Residues | None
    b_degree: Degree = 1
    e_degree: tuple[Degree, Degree] = (ROOTS, 0)


@dataclass(frozen=True, eq=False)
class Value:
    """One element at all draws, with the degrees of numerator and denominator."""

    data: Residues
    top: Degree = 1
    bottom: Degree = 0


class Laws:
    """The functions of one reading, with all arguments met so far."""

    def __init__(self, seed: str, draws: int, *, eager: bool) -> None:
        self._seed, self.draws = seed, draws
        self._eager = eager
        self._fresh = 0
        self._pairs: list[Pair] = []
        self._sums, self._products = Echelon(P), Echelon(ORDER)
        self._turns = Echelon(P)
        self._rotations: list[Residues] = []
        self._known: dict[tuple[str, bytes], Value] = {}
        self._roots: dict[bytes, Residues] = {}
        self._primes: dict[int, int] = {}
        self._halves: dict[bytes, Residues] = {}
        self.relations = 0
        self.largest: Degree = 1

    @property
    def square_roots(self) -> int:
        """How many square roots of composite elements were adjoined."""
        return len(self._halves)

    @property
    def arguments(self) -> int:
        """How many different arguments were met."""
        return len(self._known)

    @property
    def rank(self) -> int:
        """How many pairs there are."""
        return len(self._pairs) + len(self._rotations)

    def element(self, name: str) -> Residues:
        """A fresh element that is a power with exponent ROOTS; the root is remembered."""
        root = drawn(f"{self._seed}|{name}", self.draws)
        value = Residues(power(root, ROOTS))
        self._roots[key_of(value)] = Residues(root)
        return value

    def entry(self, name: str, *, positive: bool, paired: bool | None = None) -> Any:
        """An entry of the data, or a weight; one that is never negative has a root.

        `paired`: it is one of the pairs from the start, so that what is made of it later is found
        to be; without it, only where the reading is an eager one.
        """
        if positive:
            value = self.element(name)
            if self._eager if paired is None else paired:
                self._factorised(value, Block((), value, top=ROOTS))
            return value.re
        return drawn(f"{self._seed}|{name}", self.draws)

    def apply(self, name: str, block: Block, share: Fraction = Fraction(1)) -> Block:
        """A function of a block at all draws; for "power", to the exponent `share`."""
        law: Callable[[Residues, Block], Value] = {
            "exp": self._exp,
            "log": self._log,
            "power": lambda row, around: self._power(row, share, around),
            "cos": lambda row, around: self._turn(row, sine=False),
            "sin": lambda row, around: self._turn(row, sine=True),
        }.get(name, lambda row, around: (self._odd if name in ODD else self._any)(name, row))
        label = f"{name}{share}"
        nowhere = block.data.nowhere() if name in ("log", "power") else np.False_
        if nowhere.any():
            bad = nowhere if block.bad is None else block.bad | nowhere
            block = replace(block, data=block.data.without(nowhere), bad=bad)
        shape = np.broadcast_shapes(block.data.re.shape, (self.draws, *(1 for _ in block.dims)))
        rows = list(rows_of(block.data, shape))
        self.largest = max(self.largest, block.top, block.bottom)
        found = []
        for row in rows:
            key = (label, key_of(row))
            value = self._known.get(key)
            if value is None:
                value = self._known[key] = law(row, block)
            found.append(value)
        re = np.stack([value.data.re for value in found], axis=-1).reshape(shape)
        im = None
        if any(value.data.im is not None for value in found):
            zero = np.zeros(self.draws, dtype=np.uint64)
            ims = [zero if value.data.im is None else value.data.im for value in found]
            im = np.stack(ims, axis=-1).reshape(shape)
        top, bottom = max(v.top for v in found), max(v.bottom for v in found)
        return Block(block.dims, Residues(re, im), block.bad, top, bottom)

    def _new(self, name: str) -> Residues:
        self._fresh += 1
        return Residues(drawn(f"{self._seed}|{name}|{self._fresh}", self.draws))

    def _pair(self, pair: Pair) -> None:
        """Note a pair on both sides; where one side is known already, nothing is lost."""
        number = len(self._pairs)
        self._pairs.append(pair)
        self._sums.relation(vector(pair.b), number)
        self._products.relation(logarithms(pair.e), number)

    def _exp(self, row: Residues, around: Block) -> Value:
        shares = self._sum_of(row, self._sums)
        if shares is None:
            self._fresh += 1
            e = self.element(f"exp|{self._fresh}")
            self._pairs.append(Pair(row, e, self._roots[key_of(e)], around.top + around.bottom))
            self._products.relation(logarithms(e), len(self._pairs) - 1)
            return Value(e, ROOTS, 0)
        return self._product(shares, Fraction(1), Fraction(1))

    def _sum_of(self, row: Residues, among: Echelon) -> dict[int, Fraction] | None:
        """The row as a sum of known exponents, or None where it was independent and is now one."""
        number = len(self._pairs) if among is self._sums else len(self._rotations)
        found = among.relation(vector(row), number)
        if found is None:
            return None
        self.relations += 1
        out = {}
        for key, share in found.items():
            exact = fraction(share, P, HEIGHT)
            if exact is None:
                raise UnsupportedError("exponents that differ by a factor of many digits")
            out[key] = exact
        return out

    def _product(self, shares: dict[int, Fraction], exponent: Fraction, number: Fraction) -> Value:
        """(number prod_k (e^b_k)^share_k)^exponent."""
        out = Residues(np.ones(self.draws, dtype=np.uint64))
        top: Degree = 0
        bottom: Degree = 0
        for key, share in (*shares.items(), *self._factors(number)):
            own = share * exponent
            pair = self._pairs[key]
            out = out * self._to(pair, own)
            up, down = pair.e_degree if own > 0 else pair.e_degree[::-1]
            top, bottom = top + abs(own) * up, bottom + abs(own) * down
        if number < 0:
            if exponent.denominator != 1:
                raise UnsupportedError("a root of a negative number")
            out = -out if exponent.numerator % 2 else out
        return Value(out, float(top), float(bottom))

    def _to(self, pair: Pair, share: Fraction) -> Residues:
        """(e^b)^share."""
        if share.denominator == 1:
            return pair.e.power(share.numerator)
        if pair.root is not None and ROOTS % share.denominator == 0:
            return pair.root.power(int(ROOTS * share))
        base, left = pair.e, share.denominator
        while left % 2 == 0:
            base, left = self._half(base), left // 2
        if left != 1:
            raise UnsupportedError(f"a root of degree {share.denominator} of a formula")
        return base.power(share.numerator)

    def _half(self, base: Residues) -> Residues:
        """A square root: of a, or of -a times i; each draw has a sign of its own."""
        key = key_of(base)
        found = self._halves.get(key)
        if found is not None:
            return found
        if base.im is None or not base.im.any():
            squares = is_square(base.re)
            if squares.all() and not constant(base):
                raise UnsupportedError("a root of a square")
            root = power(base.re, (P + 1) // 4)
            signs = drawn(f"{self._seed}|sign|{len(self._halves)}", self.draws) % np.uint64(2)
            root = np.where(signs == 0, root, np.uint64(P) - root) % np.uint64(P)
            zero = np.uint64(0)
            out = Residues(np.where(squares, root, zero), np.where(squares, zero, root))
        else:
            raise UnsupportedError("a root of a formula with roots")
        self._halves[key] = out
        return out

    def _log(self, row: Residues, around: Block) -> Value:
        shares, number = self._factorised(row, around)
        out = Residues(np.zeros(self.draws, dtype=np.uint64))
        if number < 0:
            raise UnsupportedError("a logarithm of a negative number")
        degree: Degree = 0
        for key, share in (*shares.items(), *self._factors(number)):
            pair = self._pairs[key]
            out = out + pair.b * Residues(np.full(1, residue(share), dtype=np.uint64))
            degree += pair.b_degree
        return Value(out, degree, degree)

    def _power(self, row: Residues, exponent: Fraction, around: Block) -> Value:
        shares, number = self._factorised(row, around)
        return self._product(shares, exponent, number)

    def _factorised(self, row: Residues, around: Block) -> tuple[dict[int, Fraction], Fraction]:
        """c, c_k with f = c prod_k (e^b_k)^c_k; where there are none, (fresh, f) is a new pair."""
        if constant(row):
            return {}, rational(row)
        number = len(self._pairs)
        found = self._products.relation(logarithms(row), number)
        if found is None:
            self._note(row, around)
            return {number: Fraction(1)}, Fraction(1)
        shares = {key: fraction(share, ORDER, 24) for key, share in found.items()}
        exact = {key: share for key, share in shares.items() if share is not None}
        if len(exact) == len(shares):
            product = self._product(exact, Fraction(1), Fraction(1)).data
            rest = row * product.inverse()
            if constant(rest):
                self.relations += 1
                return exact, rational(rest)
            if any(share.denominator > 1 for share in exact.values()):
                raise UnsupportedError("a root whose sign is not known")
        raise CrowdedError

    def _note(self, row: Residues, around: Block) -> None:
        """(log f, f) becomes a pair with a fresh logarithm; the products know it already."""
        root = self._roots.get(key_of(row))
        pair = Pair(self._new("log"), row, root, 1, (around.top, around.bottom))
        self._pairs.append(pair)
        self._sums.relation(vector(pair.b), len(self._pairs) - 1)

    def _factors(self, number: Fraction) -> Iterator[tuple[int, Fraction]]:
        """The prime factors of a rational number, each with its exponent."""
        for part, sign in ((abs(number.numerator), 1), (number.denominator, -1)):
            for prime in FIRST_PRIMES:
                count = 0
                while part % prime == 0:
                    part, count = part // prime, count + 1
                if count:
                    yield self._prime(prime), Fraction(sign * count)
            if part != 1:
                yield self._prime(part), Fraction(sign)

    def _prime(self, prime: int) -> int:
        if prime not in self._primes:
            value = Residues(np.full(self.draws, residue(prime), dtype=np.uint64))
            self._primes[prime] = len(self._pairs)
            self._pairs.append(Pair(self._new("log"), value, None, 1, (0, 0)))
            self._sums.relation(vector(self._pairs[-1].b), len(self._pairs) - 1)
        return self._primes[prime]

    def _turn(self, row: Residues, *, sine: bool) -> Value:
        """Cos a + i sin a turns sums into products, as e^a does; its norm is 1."""
        shares = self._sum_of(row, self._turns)
        if shares is None:
            u = Residues(self._new("turn").re, self._new("turn").re)
            self._rotations.append(u * Residues(u.re, (-u).im).inverse())
            shares = {len(self._rotations) - 1: Fraction(1)}
        out = Residues(np.ones(self.draws, dtype=np.uint64))
        degree = 0
        for key, share in shares.items():
            if ROOTS % share.denominator:
                raise UnsupportedError("a small part of an angle")
            out = out * self._rotations[key].power(int(ROOTS * share))
            degree += 2 * abs(int(ROOTS * share))
        part = out.im if sine else out.re
        if part is None:
            part = np.zeros(self.draws, dtype=np.uint64)
        return Value(Residues(part), degree, degree)

    def _odd(self, name: str, row: Residues) -> Value:
        """f(-a) = -f(a): of a and -a the one whose first residue is smaller gets the element."""
        if not row.nowhere().any() and int(row.re[0]) > P // 2:
            value = self._any(name, -row)
            return Value(-value.data, value.top, value.bottom)
        return self._any(name, row)

    def _any(self, name: str, row: Residues) -> Value:
        """A function of which only this is known: equal arguments have equal values."""
        key = (name, key_of(row))
        if key not in self._known:
            if constant(row) and name in ODD and not row.re.any():
                self._known[key] = Value(row, 0)
            else:
                self._known[key] = Value(self._new(name))
        return self._known[key]
