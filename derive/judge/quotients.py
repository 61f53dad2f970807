"""Functions of one variable t as quotients of polynomials in t and in functions of t.

e^t, erfc(t), log w, ... are letters of their own, so that what cancels, cancels exactly, and the
derivative is again such a quotient: (e^w)' = e^w w', erfc(w)' = -2/sqrt(pi) e^{-w^2} w', ...
The judge knows these derivatives by itself and not from the table of functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

Monomial = tuple[tuple["Letter", int], ...]
Terms = dict[Monomial, Fraction]


SHORT = 40
"""Only polynomials with so few terms are divided by others to see whether that works out."""
LONGEST = 4000
"""So many products of two terms are formed at once."""
HIGHEST = 64
"""The highest power that is multiplied out."""


class UnknownError(Exception):
    """Nothing is known of a function that was asked for, or its formula grows too long."""


@dataclass(frozen=True, order=True)
class Letter:
    """t, a constant, or a function of t; `power` is the exponent where the name is "power"."""

    key: str
    name: str = field(compare=False)
    arg: Quotient | None = field(default=None, compare=False)
    power: Fraction = field(default=Fraction(1), compare=False)

    @property
    def constant(self) -> bool:
        """Whether it does not depend on t."""
        return self.name != "t" and (self.arg is None or self.arg.constant)


@dataclass(frozen=True)
class Poly:
    """A polynomial in letters with rational coefficients."""

    terms: tuple[tuple[Monomial, Fraction], ...] = ()

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The letters that occur, in order."""
        return tuple(sorted({letter for monomial, _ in self.terms for letter, _ in monomial}))

    @property
    def constant(self) -> bool:
        """Whether it does not depend on t."""
        return all(letter.constant for letter in self.letters)

    def __str__(self) -> str:
        return " + ".join(
            "*".join([str(c), *(f"{letter.key}^{k}" for letter, k in monomial)])
            for monomial, c in self.terms
        )


ZERO = Poly()
ONE = Poly((((), Fraction(1)),))


@dataclass(frozen=True)
class Quotient:
    """A polynomial divided by a product of powers of polynomials."""

    top: Poly = ZERO
    below: tuple[tuple[Poly, int], ...] = ()

    @property
    def constant(self) -> bool:
        """Whether it does not depend on t."""
        return self.top.constant and all(part.constant for part, _ in self.below)

    def __str__(self) -> str:
        return f"({self.top})" + "".join(f"/({part})^{k}" for part, k in self.below)

    def __add__(self, other: Quotient) -> Quotient:
        mine, theirs = dict(self.below), dict(other.below)
        common = {p: max(mine.get(p, 0), theirs.get(p, 0)) for p in (*mine, *theirs)}
        left = times(self.top, *_missing(common, mine))
        right = times(other.top, *_missing(common, theirs))
        return quotient(plus(left, right), common)

    def __neg__(self) -> Quotient:
        return Quotient(scaled(self.top, Fraction(-1)), self.below)

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:
        below = dict(self.below)
        for part, k in other.below:
            below[part] = below.get(part, 0) + k
        return quotient(times(self.top, other.top), below)

    def inverse(self) -> Quotient:
        """1 over it; it must not be zero."""
        if self.top == ZERO:
            raise ZeroDivisionError
        return quotient(times(*(p for p, k in self.below for _ in range(k))), {self.top: 1})


def poly(terms: Terms) -> Poly:
    """Without zeros, in order."""
    return Poly(tuple(sorted((m, c) for m, c in terms.items() if c)))


def plus(*parts: Poly) -> Poly:
    """The sum."""
    out: Terms = {}
    for part in parts:
        for monomial, c in part.terms:
            out[monomial] = out.get(monomial, Fraction(0)) + c
    return poly(out)


def scaled(p: Poly, factor: Fraction) -> Poly:
    """The product with a number."""
    return Poly(tuple((m, c * factor) for m, c in p.terms)) if factor else ZERO


def times(*parts: Poly) -> Poly:
    """The product; squares of square roots are reduced."""
    out = ONE
    for part in parts:
        terms: Terms = {}
        if len(out.terms) * len(part.terms) > LONGEST:
            raise UnknownError("a product is too long")
        for m, c in out.terms:
            for n, d in part.terms:
                for monomial, factor in _joined(m, n):
                    terms[monomial] = terms.get(monomial, Fraction(0)) + c * d * factor
        out = poly(terms)
    return out


def _joined(a: Monomial, b: Monomial) -> Iterable[tuple[Monomial, Fraction]]:
    """The product of two monomials: sqrt(w)^2 is w again."""
    powers = dict(a)
    for letter, k in b:
        powers[letter] = powers.get(letter, 0) + k
    factor, extra = Fraction(1), []
    for letter, k in tuple(powers.items()):
        if letter.name == "sqrt" and k >= 2 and letter.arg is not None and not letter.arg.below:
            powers[letter] = k % 2
            extra += [letter.arg.top] * (k // 2)
    kept = tuple(sorted((letter, k) for letter, k in powers.items() if k))
    if not extra:
        return ((kept, factor),)
    return times(Poly(((kept, factor),)), *extra).terms


def _missing(common: dict[Poly, int], own: dict[Poly, int]) -> list[Poly]:
    return [p for p, k in common.items() for _ in range(k - own.get(p, 0))]


def quotient(top: Poly, below: dict[Poly, int]) -> Quotient:
    """Single monomials below are split into their letters and cancelled with those above."""
    letters: dict[Letter, int] = {}
    others: dict[Poly, int] = {}
    for part, k in below.items():
        if not k:
            continue
        if len(part.terms) == 1:
            ((monomial, c),) = part.terms
            top = scaled(top, c**-k)
            for letter, power in monomial:
                letters[letter] = letters.get(letter, 0) + k * power
        else:
            # The leading coefficient goes above, so that equal factors look alike.
            lead = part.terms[-1][1]
            top, part = scaled(top, lead**-k), scaled(part, 1 / lead)
            others[part] = others.get(part, 0) + k
    for letter, k in tuple(letters.items()):
        arg = letter.arg
        if letter.name == "sqrt" and arg is not None and not arg.below and not arg.top.letters:
            # One over the root of two is half of that root.
            top = scaled(times(top, *[single(letter).top] * k), arg.top.terms[0][1] ** -k)
            del letters[letter]
    for letter in tuple(letters):
        shared = min([letters[letter], *(dict(m).get(letter, 0) for m, _ in top.terms)])
        if shared:
            letters[letter] -= shared
            top = _without(top, letter, shared)
    for part in tuple(others):
        if len(top.terms) > SHORT:
            break
        while others[part] and top.terms and (divided := exactly(top, part)) is not None:
            top = divided
            others[part] -= 1
    found = {Poly((((((letter, 1),)), Fraction(1)),)): k for letter, k in letters.items()}
    kept = {p: k for p, k in (found | others).items() if k}
    return Quotient(top, tuple(sorted(kept.items(), key=lambda item: str(item[0]))))


def _without(p: Poly, letter: Letter, count: int) -> Poly:
    return poly({
        tuple((a, k - count * (a == letter)) for a, k in m if k - count * (a == letter)): c
        for m, c in p.terms
    })  # fmt: skip


def exactly(p: Poly, divisor: Poly) -> Poly | None:
    """p / divisor where that is a polynomial; found by the leading terms in the order of `lead`."""
    out: list[Poly] = []
    head, c = _lead(divisor)
    for _ in range(4 * len(p.terms) + 4):
        if not p.terms:
            return plus(*out)
        top, d = _lead(p)
        ratio = dict(top)
        for letter, k in head:
            ratio[letter] = ratio.get(letter, 0) - k
        if any(k < 0 for k in ratio.values()):
            return None
        step = Poly(((tuple(sorted((a, k) for a, k in ratio.items() if k)), d / c),))
        out.append(step)
        p = plus(p, scaled(times(step, divisor), Fraction(-1)))
    return None


def _lead(p: Poly) -> tuple[Monomial, Fraction]:
    """The greatest term in the lexicographic order of the exponents."""
    letters = p.letters

    def key(term: tuple[Monomial, Fraction]) -> tuple[int, ...]:
        powers = dict(term[0])
        return tuple(powers.get(letter, 0) for letter in letters)

    return max(p.terms, key=key)


def number(value: Fraction | int) -> Quotient:
    """A rational number."""
    return Quotient(scaled(ONE, Fraction(value)))


def single(letter: Letter) -> Quotient:
    """A letter alone."""
    return Quotient(Poly(((((letter, 1),), Fraction(1)),)))


LARGEST_POWER = 12
"""e^{kt} is the k-th power of e^t up to this k, and a letter of its own beyond it."""

T = Letter("t", "t")
ROOT_PI = Letter("sqrt(pi)", "root of pi")
PI = single(ROOT_PI) * single(ROOT_PI)


def whole_power(base: Quotient, exponent: int) -> Quotient:
    """base^exponent."""
    if abs(exponent) > HIGHEST:
        raise UnknownError("a power is too high")
    if exponent < 0:
        return whole_power(base.inverse(), -exponent)
    out = number(1)
    for _ in range(exponent):
        out = out * base
    return out


def function(name: str, arg: Quotient) -> Quotient:
    """A function of a quotient; the exponential of a sum is a product of exponentials."""
    if name == "exp":
        return _exponential(arg)
    if name == "sqrt":
        return _root(arg)
    return single(Letter(f"{name}({arg})", name, arg))


def power(base: Quotient, exponent: Fraction) -> Quotient:
    """base^exponent for a positive base."""
    if exponent.denominator == 1:
        return whole_power(base, int(exponent))
    whole = exponent.numerator // exponent.denominator
    rest = exponent - whole
    if rest == Fraction(1, 2):
        part = _root(base)
    else:
        part = single(Letter(f"({base})^{rest}", "power", base, rest))
    return part * whole_power(base, whole)


def _exponential(arg: Quotient) -> Quotient:
    if arg.below:
        return single(Letter(f"exp({arg})", "exp", arg))
    out = number(1)
    for monomial, c in arg.top.terms:
        # e^t, e^{2t} and e^{-t} are powers of one letter, and so are those of -t^2, which is small.
        size, sign = abs(c), -1 if _even(monomial) else 1
        unit = Fraction(1) if size.denominator == 1 and size <= LARGEST_POWER else size
        inner = Quotient(Poly(((monomial, sign * unit),)))
        letter = single(Letter(f"exp({inner})", "exp", inner))
        part = whole_power(letter, int(size / unit))
        out = out * (part if c * sign > 0 else part.inverse())
    return out


def _even(monomial: Monomial) -> bool:
    """Whether it is a power of t that is never negative, other than 1."""
    return bool(monomial) and all(letter == T and k % 2 == 0 for letter, k in monomial)


def _root(arg: Quotient) -> Quotient:
    """Squares come out of the root where they are rational; sqrt(pi) is a letter of its own."""
    if not arg.below and len(arg.top.terms) == 1:
        ((monomial, c),) = arg.top.terms
        if c > 0 and all(letter == ROOT_PI and k % 2 == 0 for letter, k in monomial):
            outside = Poly(((tuple((letter, k // 2) for letter, k in monomial), Fraction(1)),))
            front, rest = _square_part(c.numerator * c.denominator)
            inner = single(Letter(f"sqrt({number(rest)})", "sqrt", number(rest)))
            root = number(Fraction(front, c.denominator)) * (number(1) if rest == 1 else inner)
            return Quotient(outside) * root
    return single(Letter(f"sqrt({arg})", "sqrt", arg))


def _square_part(n: int) -> tuple[int, int]:
    """n = front^2 rest, for the squares of small numbers."""
    front = 1
    for k in range(2, 100):
        while n % (k * k) == 0:
            n //= k * k
            front *= k
    return front, n
