r"""Forms of a rational function of a letter r, and of roots of such, for every size of r.

With up = clamp(r), which is r between -1 and 1, and down = 1/max(|r|, 1), r = up/down: squares of
up and down never overflow, however large r is.
"""

from __future__ import annotations

import math
from fractions import Fraction

from derive.calculus.polynomial import shortest
from derive.calculus.quotients import quotient
from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Cases,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    add,
    mul,
)
from derive.notation.functions import clamp, log, log1p, log1p_square, outer, sqrt
from derive.notation.tree import children, rebuild, replace_tensor, subterms
from derive.stabilise.balanced import DOWN, UP, Scale, assembled, balanced, in_letter
from derive.stabilise.exponentials import contains
from derive.stabilise.products import fraction, over, powers, raised, times


def algebraic_forms(e: Expr, score: Tensor) -> tuple[Expr, ...]:
    """The balanced product in the letter r, and in r/s where r is measured by a scale s.

    None where the formula has powers of the letter only linearly.
    """
    letter = _letter(e, score)
    if letter is None or not _curved(e, letter):
        return ()
    found = (_form(e, letter, factor) for factor in dict.fromkeys((_factor(e, letter), ONE)))
    return tuple(form for form in found if form is not None)


def algebraic_parts(e: Expr, score: Tensor) -> Expr:
    """`e` with its rational parts in this form, and other functions of the letter as they are."""
    letter = _letter(e, score)
    return e if letter is None else _part(e, letter)


def _part(e: Expr, letter: Entry) -> Expr:
    if not contains(e, letter.tensor):
        return e
    if not any(isinstance(n, Apply) and contains(n, letter.tensor) for _, n in subterms(e)):
        made = _form(e, letter, ONE) if _curved(e, letter) else None
        return e if made is None else made
    if isinstance(e, Mul):
        plain = [p for p in e.args if not any(isinstance(n, Apply) for _, n in subterms(p))]
        rest = [_part(p, letter) for p in e.args if p not in plain]
        together = mul(*plain)
        return mul(_part(together, letter), *rest) if plain else mul(*rest)
    if isinstance(e, Apply | Cases):
        return e
    parts = children(e)
    return rebuild(e, tuple(_part(part, letter) for part in parts))


def squares_in_logs(e: Expr) -> Expr:
    r"""`e` with log(1 + c v^2) as that of one square: of sqrt(c) v, for c > 0."""
    parts = children(e)
    inside = rebuild(e, tuple(squares_in_logs(part) for part in parts)) if parts else e
    match inside:
        case Apply(function, Add((Num(one), Mul(args)))) if function == log and one == 1:
            found = _square(args)
        case Apply(function, Mul(args)) if function == log1p:
            found = _square(args)
        case _:
            found = None
    return inside if found is None else log1p_square(found)


def _square(args: tuple[Expr, ...]) -> Expr | None:
    """sqrt(c) v for the factors of c v^2."""
    squares = [p for p in args if isinstance(p, Pow) and p.exponent == Num(Fraction(2))]
    scale = mul(*(p for p in args if p not in squares[-1:]))
    if not squares or not range_of(scale).positive:
        return None
    above, below = fraction(scale)
    root = () if above == ONE else (sqrt(above),)
    # The root of what is below stays there: v/sqrt(c) is one quotient.
    return over(mul(*root, squares[-1].base), ONE if below == ONE else sqrt(below))


def spread(e: Expr) -> Expr:
    """`e` with every power of max(|r|, 1) as factors one after the other, at the end."""
    parts = children(e)
    inside = rebuild(e, tuple(spread(part) for part in parts)) if parts else e
    if not isinstance(inside, Mul):
        return inside
    grown = [p for p in inside.args if _grows(p)]
    factors = [factor for p in grown for factor in _one_by_one(p)]
    return mul(*(p for p in inside.args if p not in grown), *factors)


def _one_by_one(e: Expr) -> tuple[Expr, ...]:
    match e:
        case Pow(base, Num(power)):
            return (base,) * int(power)
    return (e,)


def _grows(e: Expr) -> bool:
    match e:
        case Pow(base, Num(power)):
            return power > 0 and power.denominator == 1 and _grows(base)
    return isinstance(e, Apply) and e.function == outer


def _form(e: Expr, letter: Entry, factor: Expr) -> Expr | None:
    """The balanced product in t, which is the factor times the letter."""
    if factor != ONE:
        e = _put(e, letter, over(SCALED, factor))
    own = letter if factor == ONE else SCALED
    roots: dict[Entry, tuple[Expr, int]] = {}
    written = _roots_named(e, own, roots)
    if written is None:
        return None
    found = balanced(in_letter(written, own), {root: k for root, (_, k) in roots.items()})
    if found is None:
        return None
    scale = _scale(times(factor, letter))
    made = assembled(found, scale)
    for root, (inside, _) in roots.items():
        made = _put(made, root, sqrt(_letters(inside, scale)))
    return _put(made, SCALED, times(factor, letter))


SCALED = Tensor("t", role="constant")()
"""The letter times a factor."""


def _factor(e: Expr, letter: Entry) -> Expr:
    """k of the first product k r whose factor k is data: 1/s in (r/s)^2."""
    for _, node in subterms(e):
        if isinstance(node, Pow) and isinstance(node.base, Mul) and letter in node.base.args:
            rest = [p for p in node.base.args if p != letter]
            if not any(contains(p, letter.tensor) or isinstance(p, Num) for p in rest):
                return mul(*rest)
    return ONE


def _letter(e: Expr, score: Tensor) -> Entry | None:
    """The one entry through which the score enters."""
    found = {n for _, n in subterms(e) if isinstance(n, Entry) and n.tensor == score}
    return found.pop() if len(found) == 1 else None


def _curved(e: Expr, letter: Entry) -> bool:
    """Whether a power of the letter, or a division by it, can overflow."""
    if isinstance(e, Pow) or (isinstance(e, Apply) and e.function == sqrt):
        return any(node == letter for _, node in subterms(e))
    return not isinstance(e, Apply | Cases) and any(_curved(p, letter) for p in children(e))


def _roots_named(e: Expr, letter: Entry, roots: dict[Entry, tuple[Expr, int]]) -> Expr | None:
    """The square roots that contain the letter as letters of their own, divided by down^k.

    sqrt(P(r)) for a polynomial P of degree 2k is sqrt(P(up, down))/down^k, with P homogeneous.
    """
    match e:
        case Apply(function, inside) if function == sqrt and contains(e, letter.tensor):
            return _root(inside, letter, roots)
        case Pow(inside, Num(power)) if power.denominator == 2 and contains(e, letter.tensor):
            root = _root(inside, letter, roots)
            return None if root is None else raised(root, power.numerator)
        case Apply() if contains(e, letter.tensor):
            return e if _bounded(e) else None
        case Cases() if contains(e, letter.tensor):
            return None
    parts = [_roots_named(part, letter, roots) for part in children(e)]
    whole = tuple(p for p in parts if p is not None)
    if len(whole) < len(parts):
        return None
    return rebuild(e, whole) if whole else e


def _bounded(e: Apply) -> bool:
    """A function that stays between two numbers is a letter like any other."""
    values = e.function.range
    return -math.inf < values.low and values.high < math.inf


def _root(inside: Expr, letter: Entry, roots: dict[Entry, tuple[Expr, int]]) -> Expr | None:
    found = quotient(inside, letter)
    if found is None or set(found.below) != {0} or max(found.above) % 2:
        return None
    degree = max(found.above)
    below = found.below[0]
    balanced_inside = add(
        *(
            times(shortest(c / below), *powers(UP, k), *powers(DOWN, degree - k))
            for k, c in found.above.items()
        )
    )
    root = Tensor(f"root{len(roots)}", role="constant")()
    roots[root] = (balanced_inside, degree // 2)
    return mul(root, *powers(DOWN, -(degree // 2)))


def _scale(letter: Expr) -> Scale:
    up, down = clamp(letter), 1 / outer(letter)

    def written(rise: int, fall: int) -> tuple[Expr, ...]:
        shrunk, grown = powers(down, max(fall, 0)), powers(outer(letter), max(-fall, 0))
        return (*powers(up, rise), *shrunk, *grown)

    return Scale(up, down, None, written)


def _letters(e: Expr, scale: Scale) -> Expr:
    return replace_tensor(e, lambda entry: {UP: scale.up, DOWN: scale.down}.get(entry))


def _put(e: Expr, letter: Entry, value: Expr) -> Expr:
    return replace_tensor(e, lambda entry: value if entry == letter else None)
