"""Like terms and common factors of sums of matrix formulas."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.matrices.build import hadamard, matmul, total
from derive.matrices.signs import minus, scalars_in_front
from derive.matrices.terms import (
    Term,
    chain,
    factors,
    key,
    like_terms,
    term,
    terms_of,
)
from derive.notation.expression import ONE, ZERO, Expr, Mul, Num
from derive.notation.matrix import (
    Kron,
    KronRows,
    MAdd,
    Mat,
    MMul,
    Ones,
    Scalar,
    Transpose,
    Zero,
)
from derive.notation.matrix_parts import with_operands


def collected(mat: Mat) -> Mat:
    """Like terms are added, common factors are taken out: X'P - X'Y = X'(P - Y)."""
    if not isinstance(mat, MAdd):
        return mat
    terms = like_terms(tuple(t for t in terms_of(mat) if not isinstance(t.core, Zero)))
    if not terms:
        return Zero(mat.axes) if mat.axes else Scalar(ZERO)
    if mat.axes and not any(t.core is not None for t in terms):
        return mat
    lead, terms = _common_scalars(terms)
    if len(terms) > 1 and all(t.negative for t in terms):
        terms = tuple(Term(minus(t.number), t.scalars, t.core) for t in terms)
        lead = Term(minus(lead.number), lead.scalars, None)
    terms = _common_entries(_common_sides(_transposes_last(terms)))
    body = _one_node(terms) or total(tuple(t.mat() for t in terms))
    return hadamard((lead.mat(), body)) if lead.number != ONE or lead.scalars else body


def _transposes_last(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """A + A', not A' + A."""
    cores = [t.core for t in terms]
    after = [
        isinstance(c, Transpose)
        and any(
            other.core == c.arg and other.negative == terms[n].negative for other in terms[n + 1 :]
        )
        for n, c in enumerate(cores)
    ]
    return tuple(t for _, t in sorted(zip(after, terms, strict=True), key=lambda pair: pair[0]))


def _common_entries(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """A * B + A * C = A * (B + C), entry by entry, where all terms have the factor A."""
    if len(terms) < 2 or any(t.core is None for t in terms):
        return terms
    if not any(isinstance(t.core, MMul) for t in terms):
        return terms
    lists = [
        list(t.core.args if isinstance(t.core, MMul) else (t.core,))
        for t in terms
        if t.core is not None
    ]
    shared: list[Mat] = []
    for candidate in list(lists[0]):
        places = [[n for n, a in enumerate(own) if key(a) == key(candidate)] for own in lists]
        if all(places) and any(len(own) > 1 for own in lists):
            shared.append(candidate)
            for own, found in zip(lists, places, strict=True):
                own.pop(found[0])
    if not shared:
        return terms
    rest = [
        Term(t.number, t.scalars, hadamard(tuple(own)) if own else None)
        for t, own in zip(terms, lists, strict=True)
    ]
    bracket = collected(total(tuple(t.mat() for t in rest)))
    return (term(scalars_in_front(hadamard((*shared, bracket)))),)


def _common_scalars(terms: tuple[Term, ...]) -> tuple[Term, tuple[Term, ...]]:
    """A number that all terms have up to sign, and the powers of scalars that all of them have."""
    if len(terms) < 2:
        return Term(ONE, (), None), terms
    number = _common_number(terms)
    shared: list[tuple[Mat, Fraction]] = []
    for base, power in terms[0].scalars:
        powers = [dict(t.scalars).get(base, Fraction(0)) for t in terms]
        if all(p * power > 0 for p in powers):
            shared.append((base, min(powers, key=abs)))
    if all(t.core is None and len(t.scalars) == len(shared) for t in terms):
        return Term(ONE, (), None), terms
    if number == ONE and not shared:
        return Term(ONE, (), None), terms
    common = dict(shared)
    left: list[Term] = []
    for t in terms:
        own = _divided(t.number, number)
        scalars = tuple(
            (b, k - common.get(b, Fraction(0))) for b, k in t.scalars if k != common.get(b)
        )
        left.append(Term(own, scalars, t.core))
    return Term(number, tuple(shared), None), tuple(left)


def _common_number(terms: tuple[Term, ...]) -> Expr:
    """What all numbers are up to sign, or the greatest whole number that divides all of them."""
    sizes = {_without_sign(t.number) for t in terms}
    if len(sizes) == 1:
        return sizes.pop()
    values = [t.number.value for t in terms if isinstance(t.number, Num)]
    if len(values) == len(terms) and all(v.denominator == 1 for v in values):
        return Num(Fraction(math.gcd(*(v.numerator for v in values))))
    return ONE


def _divided(number: Expr, by: Expr) -> Expr:
    if isinstance(number, Num) and isinstance(by, Num):
        return Num(number.value / by.value)
    if by == ONE:
        return number
    return ONE if number == by else Num(Fraction(-1))


def _without_sign(number: Expr) -> Expr:
    first = number.args[0] if isinstance(number, Mul) else number
    return minus(number) if isinstance(first, Num) and first.value < 0 else number


def _common_sides(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """L a + L b = L (a + b), where all terms share L or those that do have one number."""
    for last in (False, True):
        for first in range(len(terms)):
            group = _group(terms, first, last=last)
            if len(group) < 2:
                continue
            taken = [terms[n] for n in group]
            whole = len(group) == len(terms)
            head = taken[0]
            plain = all(
                _without_sign(t.number) == _without_sign(head.number) and t.scalars == head.scalars
                for t in taken
            )
            entrywise = all(
                isinstance((_sides(t.core, last=last) or (None, None))[1], MMul) for t in taken
            )
            vectors = head.core is not None and len(head.core.axes) == 1 and not last
            if not (whole or (plain and (vectors or entrywise))):
                continue
            side = _sides(head.core, last=last)
            if side is None:
                continue
            inner = []
            for t in taken:
                rest = _sides(t.core, last=last)
                if rest is None:
                    break
                number = (Num(Fraction(-1)) if t.negative else ONE) if plain else t.number
                inner.append(Term(number, () if plain else t.scalars, rest[1]).mat())
            if len(inner) < len(taken):
                continue
            bracket = collected(total(tuple(inner)))
            core = matmul(bracket, side[0]) if last else chain((side[0], bracket))
            scale = Term(_without_sign(head.number), head.scalars, None) if plain else None
            made = hadamard((scale.mat(), core)) if scale is not None else core
            out = [t for n, t in enumerate(terms) if n not in group]
            out.insert(group[0], term(made))
            return tuple(out)
    return terms


def _group(terms: tuple[Term, ...], first: int, *, last: bool) -> list[int]:
    """The terms with the same outer factor as the first of them."""
    own = _sides(terms[first].core, last=last)
    if own is None:
        return []
    wanted = key(own[0])
    found = []
    for n, t in enumerate(terms):
        side = _sides(t.core, last=last)
        if side is not None and key(side[0]) == wanted:
            found.append(n)
    return found


def _sides(core: Mat | None, *, last: bool) -> tuple[Mat, Mat] | None:
    """The outer factor of a product and the rest; the vector at the end is no outer factor."""
    if core is None:
        return None
    parts = factors(core)
    if len(parts) < 2 or (last and len(core.axes) < 2 and not isinstance(parts[-1], Ones)):
        return None
    return (parts[-1], chain(parts[:-1])) if last else (parts[0], chain(parts[1:]))


def _one_node(terms: tuple[Term, ...]) -> Mat | None:
    """A sum of Kronecker products that share one side, or of diagonal matrices, as one of them."""
    cores = [t.core for t in terms]
    if len(cores) < 2:
        return None
    for kind in (Kron, KronRows):
        for side in ("left", "right"):
            if all(type(core) is kind for core in cores):
                sides = {key(getattr(core, side)) for core in cores}
                crossed = {getattr(core, "crossed", False) for core in cores}
                if len(sides) == len(crossed) == 1:
                    return _joined(terms, side)
    return None


def _joined(terms: tuple[Term, ...], side: str) -> Mat:
    first = terms[0].core
    other = "right" if side == "left" else "left"
    parts = [Term(t.number, t.scalars, getattr(t.core, other)).mat() for t in terms]
    if first is None:
        raise TypeError("a Kronecker product is no scalar")
    rest = collected(total(tuple(parts)))
    whole = (getattr(first, side), rest) if side == "left" else (rest, getattr(first, side))
    return scalars_in_front(with_operands(first, whole))
