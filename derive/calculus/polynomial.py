"""Rational normal forms over opaque atoms, by SymPy's sparse polynomials.

SymPy is an oracle here: it proposes a form, and the judge checks every step that uses one.
An atom is anything that is no sum, product, integer power or number: h_i, X_ij, log(..), a sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import QQ
from sympy.polys.fields import FracField

from derive.calculus.factors import irreducible_factors
from derive.calculus.opposed import opposed
from derive.calculus.order import is_negative, ordered, positive_first
from derive.calculus.plans import Plan, Powers, evaluated, terms_apart, terms_over_one
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Apply,
    Expr,
    Mul,
    Num,
    Pow,
    add,
    mul,
    negative,
)
from derive.notation.functions import exp, sqrt
from derive.notation.tree import canonical, length, subterms

TERM_LIMIT = 300
"""Terms of a polynomial beyond which no factors are sought; the unfactored form stays correct."""

DEGREE_LIMIT = 200
"""The highest power that is taken apart."""
FRACTION_LIMIT = 300
"""Terms that a formula may have over one denominator; beyond, each term keeps its own."""
POWER_LIMIT = 1000
"""Terms that a power of a sum may have, multiplied out; beyond, it stays an atom."""


@dataclass
class Atoms:
    """The atoms of a formula, in order of first appearance, equal up to bound letters."""

    found: list[Expr] = field(default_factory=list)
    numbers: dict[Expr, int] = field(default_factory=dict)

    def add(self, e: Expr) -> int:
        number = self.numbers.setdefault(canonical(e), len(self.found))
        if number == len(self.found):
            self.found.append(e)
        return number

    def field(self) -> Any:
        """The rational functions of the atoms found so far."""
        return FracField([f"a{n}" for n in range(max(len(self.found), 1))], QQ)


def split_exponent(arg: Expr) -> tuple[int, Expr]:
    """exp(p/q u) as the power p of exp(u/q), so that exp(-u) is 1/exp(u).

    The exponent is brought to its normal form first: -(t^2)/2 and -(1/2) t^2 are one atom.
    """
    if isinstance(arg, Add | Mul | Pow):
        arg = next(forms_of(arg), arg)
    match arg:
        case Mul((Num(value), *rest)) if value != 0:
            share = [] if value.denominator == 1 else [Num(Fraction(1, value.denominator))]
            return value.numerator, mul(*share, *rest)
    return 1, arg


def collect(e: Expr, atoms: Atoms, *, apart: bool = False) -> Plan:
    """A nested plan of `e` over atom numbers; built before the field, whose size it decides.

    `apart`: every sum that is a factor stays an atom, so that nothing is multiplied out.
    """
    match e:
        case Num(value):
            return ("num", value)
        case Add(args):
            return ("add", tuple(collect(a, atoms, apart=apart) for a in args))
        case Mul(args):
            return ("mul", tuple(_factor(a, atoms, apart) for a in args))
        case Pow(base, Num(value)) if value.denominator == 1 and (
            apart or not _too_long(base, abs(value))
        ):
            return ("pow", _factor(base, atoms, apart), int(value))
        case Apply(function, arg) if function == exp:
            count, inner = split_exponent(arg)
            return ("pow", ("atom", atoms.add(exp(inner))), count)
        case Pow(base, Add(args)) if len(set(map(_is_whole, args))) == 2:
            # u^(g - 2) is u^g u^-2: u is positive, or the power would have no meaning.
            symbol = Pow(base, add(*(a for a in args if not _is_whole(a))))
            whole = sum(int(a.value) for a in args if isinstance(a, Num) and _is_whole(a))
            number = ("atom", atoms.add(symbol))
            return ("mul", (number, ("pow", _factor(base, atoms, apart), whole)))
    return ("atom", atoms.add(e))


def _factor(e: Expr, atoms: Atoms, apart: bool) -> Plan:
    if apart and isinstance(e, Add):
        return ("atom", atoms.add(e))
    return collect(e, atoms, apart=apart)


def _too_long(base: Expr, exponent: Fraction) -> bool:
    """Whether a power is so high, or has so many terms, that it had better stay one letter."""
    sums = base.args if isinstance(base, Mul) else (base,)
    terms = math.prod(len(part.args) for part in sums if isinstance(part, Add))
    if exponent > DEGREE_LIMIT:
        return True
    count = int(exponent)
    return math.comb(terms - 1 + count, count) > POWER_LIMIT


def _is_whole(e: Expr) -> bool:
    return isinstance(e, Num) and e.value.denominator == 1


def fraction(plan: Plan, atoms: Atoms) -> Any | None:
    """The plan as one fraction in lowest terms; None where it is too long or divides by 0."""
    if terms_over_one(plan) > FRACTION_LIMIT:
        return None
    try:
        return evaluated(plan, atoms.field())
    except ZeroDivisionError:
        return None


def _power(base: Expr, exponent: int) -> Expr:
    return base if exponent == 1 else Pow(base, Num(Fraction(exponent)))


def expanded(poly: Any, atoms: Sequence[Expr]) -> Expr:
    """A polynomial as a sum of monomials: positive terms first, else as the atoms appeared."""
    terms = []
    for monomial, coefficient in poly.terms():
        value = Fraction(int(coefficient.numerator), int(coefficient.denominator))
        factors = [_power(atoms[n], k) for n, k in enumerate(monomial) if k]
        number = [] if value == 1 and factors else [Num(value)]
        degree = sum(monomial)
        first = next((n for n, k in enumerate(monomial) if k), len(atoms))
        terms.append((degree, first, mul(*number, *ordered(tuple(factors)))))
    terms.sort(key=lambda term: term[:2])
    return add(*positive_first(tuple(term for _, _, term in terms)))


def factored(poly: Any, atoms: Sequence[Expr]) -> Expr:
    """A polynomial as a product of irreducible factors, each with a positive term first."""
    if len(poly) > TERM_LIMIT:
        return expanded(poly, atoms)
    content, factors = irreducible_factors(poly)
    value = Fraction(int(content.numerator), int(content.denominator))
    out: list[Expr] = []
    for factor, exponent in factors:
        part = expanded(factor, atoms)
        if isinstance(part, Add) and (all(map(is_negative, part.args)) or _wants_flip(part)):
            part = expanded(-factor, atoms)
            value *= (-1) ** exponent
        out.append(_power(part, exponent))
    number = [] if value == 1 and out else [Num(value)]
    return mul(*number, *ordered(tuple(out)))


def _wants_flip(total: Add) -> bool:
    """h - 1 reads better as 1 - h."""
    numbers = [a for a in total.args if isinstance(a, Num)]
    return len(numbers) == 1 and numbers[0].value < 0


def normal_forms(e: Expr) -> tuple[Expr, ...]:
    """Equal forms of `e`: cancelled and expanded, cancelled and factored, roots squared."""
    return tuple(dict.fromkeys(forms_of(e)))


def forms_of(e: Expr) -> Iterator[Expr]:
    """The normal forms of `e`, each made when it is asked for; some may be equal."""
    atoms = Atoms()
    plan = collect(e, atoms)
    if terms_over_one(plan) > FRACTION_LIMIT:
        yield from _apart(e)
        return
    roots = [
        (number, collect(atom.arg, atoms))
        for number, atom in enumerate(tuple(atoms.found))
        if isinstance(atom, Apply) and atom.function == sqrt
    ]
    found, domain = atoms.found, atoms.field()
    if not found:
        yield _number(evaluated(plan, domain))
        return
    try:
        quotient = evaluated(plan, domain)
        squares = [(number, evaluated(u, domain)) for number, u in roots]
    except ZeroDivisionError:
        return
    yield from _shapes(quotient, found)
    if any(m[number] > 1 for number, _ in squares for m in quotient.numer.monoms()):
        yield from _shapes(_roots_squared(quotient, squares, domain), found)


def _apart(e: Expr) -> Iterator[Expr]:
    """Like terms added and common factors outside; every term keeps its own denominators."""
    atoms = Atoms()
    plan = collect(e, atoms, apart=True)
    try:
        shared, total = terms_apart(plan)
    except ZeroDivisionError:
        return
    terms = [_written(powers, value, atoms.found) for powers, value in total.items()]
    bracket = add(*positive_first(tuple(terms))) if terms else ZERO
    if not shared:
        yield bracket
        return
    outside = _written(shared, Fraction(1), atoms.found)
    yield mul(*ordered((*_factors(outside), *_factors(bracket))))


def _written(powers: Powers, value: Fraction, found: Sequence[Expr]) -> Expr:
    above = {found[number] for number, k in powers if k > 0}
    factors = [
        _power(found[number], k) if k > 0 else _reciprocal(_power(found[number], -k), above)
        for number, k in powers
    ]
    number = [] if value == 1 and factors else [Num(value)]
    return mul(*number, *ordered(tuple(factors)))


def _reciprocal(e: Expr, above: Set[Expr]) -> Expr:
    """1/e, for a power of an exponential e^u as e^-u: a small number instead of a large one.

    Not where e^u stands above as well: there e^u e^-2u would be infinity times 0 for large u.
    """
    base, power = (e.base, e.exponent) if isinstance(e, Pow) else (e, ONE)
    match base, power:
        case Apply(function, arg), Num(value) if function == exp and base not in above:
            return exp(negative(arg) if value == 1 else mul(Num(-value), arg))
    return Pow(e, MINUS_ONE)


def _roots_squared(quotient: Any, roots: Sequence[tuple[int, Any]], domain: Any) -> Any:
    """The quotient with sqrt(u)^2 above replaced by u, for the atoms sqrt(u) and their u."""
    for number, square in roots:
        total = domain.zero
        for monomial, coefficient in quotient.numer.terms():
            pairs, odd = divmod(monomial[number], 2)
            rest = (*monomial[:number], odd, *monomial[number + 1 :])
            term = domain.ring.from_dict({rest: coefficient})
            total = total + domain.field_new(term) * square**pairs
        quotient = total / domain.field_new(quotient.denom)
    return quotient


def _shapes(quotient: Any, found: Sequence[Expr]) -> Iterator[Expr]:
    """A rational function expanded and in factors above; below always in factors."""
    numerator, denominator = quotient.numer, quotient.denom
    if not numerator:
        yield ZERO
        return
    below: tuple[Expr, ...] = ()
    if denominator.is_ground:
        numerator = numerator.quo_ground(denominator.LC)
    else:
        below = _factors(factored(denominator, found))
    for shape in (expanded, factored):
        top = shape(numerator, found)
        if not below:
            yield top
        else:
            above = {node for _, node in subterms(top)}
            bottom = [_reciprocal(part, above) for part in below]
            yield mul(*ordered((*_factors(top), *bottom)))


def _factors(e: Expr) -> tuple[Expr, ...]:
    if isinstance(e, Mul):
        return e.args
    return () if e == ONE else (e,)


def _number(value: Any) -> Expr:
    number = value.numer.LC / value.denom.LC if value else QQ(0)
    return Num(Fraction(int(number.numerator), int(number.denominator)))


@lru_cache(maxsize=4096)
def shortest(e: Expr) -> Expr:
    """The shortest of the normal forms of `e`, or `e` itself where none is shorter."""
    best = e
    for form in () if isinstance(e, Mul) and _is_monomial(e) else forms_of(e):
        if length(form) < length(best) and not (opposed(form) and not opposed(e)):
            best = form
    return best


def _is_monomial(e: Mul) -> bool:
    """Whether `e` is a product of powers of different atoms: no form of it is shorter."""
    factors = e.args[1:] if isinstance(e.args[0], Num) else e.args
    bases = [a.base if isinstance(a, Pow) and isinstance(a.exponent, Num) else a for a in factors]
    if any(
        isinstance(base, Num | Add | Mul | Pow)
        or (isinstance(base, Apply) and base.function in (exp, sqrt))
        for base in bases
    ):
        return False
    return len(set(map(canonical, bases))) == len(bases)


def difference_is_zero(a: Expr, b: Expr) -> bool:
    """Whether a - b cancels to 0 as a rational function of the atoms."""
    return ZERO in normal_forms(a - b)


def atoms_of(e: Expr) -> tuple[Expr, ...]:
    """What the polynomial normal form of `e` takes as letters, in order of appearance."""
    atoms = Atoms()
    collect(e, atoms)
    return tuple(atoms.found)


def as_polynomial(e: Expr, variable: Expr) -> tuple[Fraction, ...] | None:
    """The coefficients of `e` as a polynomial in `variable` alone, the highest first, or None."""
    atoms = Atoms()
    plan = collect(e, atoms)
    quotient = fraction(plan, atoms) if atoms.found == [variable] else None
    if quotient is None or not quotient.denom.is_ground:
        return None
    polynomial = quotient.numer.quo_ground(quotient.denom.LC)
    terms = {monomial[0]: value for monomial, value in polynomial.terms()}
    return tuple(
        Fraction(int(terms[k].numerator), int(terms[k].denominator)) if k in terms else Fraction(0)
        for k in range(max(terms, default=0), -1, -1)
    )
