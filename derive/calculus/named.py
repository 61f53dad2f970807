"""Rules that stand for a definition or a lemma of the problem at hand: unfold, fold, cite."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import prod

from derive.calculus.examples import X, h, i, k, theta, z
from derive.calculus.order import ordered
from derive.notation.expression import (
    Apply,
    Delta,
    Diff,
    Entry,
    Expr,
    Index,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    mul,
)
from derive.notation.facts import SYMMETRIC, has, normal
from derive.notation.functions import Elementwise, sigmoid
from derive.notation.problem import Definition
from derive.notation.remembered import remembered
from derive.notation.tree import (
    canonical,
    children,
    free_indices,
    rebuild,
    reindex,
    subterms,
    tensors_in,
)
from derive.record import Lemma, Rule, Scope


def unfold(definition: Definition, label: str) -> Rule:
    """d_i = body, used from left to right."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Entry(tensor, _) if tensor == definition.tensor:
                return definition.at(e)
        return None

    return Rule(
        f"unfold-{definition.tensor.name}",
        rf"{definition.tensor.latex} = \dots",
        f"definition of ${definition.tensor.latex}$",
        rewrite,
        Entry(definition.tensor, definition.indices),
        Scope((definition,)),
        cites=(label,) if label else (),
    )


@remembered
def _tensor_set(e: Expr) -> frozenset[Tensor]:
    """The tensors that occur in `e`, to be compared with others."""
    return frozenset(tensors_in(e))


def fold(definition: Definition, label: str) -> Rule:
    """body = d_i: a subformula that a definition names is called by its name.

    A body that is a product is found among the factors of a longer one: with p_i = e_i/s_i,
    x_i e_i s_i^-2 = x_i p_i s_i^-1.
    """
    whole = in_order(definition.body)
    kind, needed = type(definition.body), _tensor_set(definition.body)
    # With K = K' a sum over rows is one over columns: K'a is the f = K a that has a name.
    either_way = any(has(t, SYMMETRIC) for t in needed)

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        if type(e) is not kind or not needed <= _tensor_set(e):
            return None
        if isinstance(e, Mul):
            inside = _in_a_sum(e, definition.tensor, lambda part: rewrite(part, scope))
            if inside is not None:
                return inside
        free, tidy = free_indices(e), in_order(e)
        choices = [[k for k in free if k.axis == own.axis] for own in definition.indices]
        for letters in product(*choices):
            body = reindex(whole, dict(zip(definition.indices, letters, strict=True)))
            name = Entry(definition.tensor, letters)
            if canonical(body) == canonical(tidy) or (either_way and normal(body) == normal(tidy)):
                return name
            if isinstance(e, Mul) and isinstance(body, Mul):
                rest = _without(e, body)
                if rest is not None:
                    return mul(name, *rest)
        return None

    return Rule(
        f"fold-{definition.tensor.name}",
        rf"\dots = {definition.tensor.latex}",
        f"definition of ${definition.tensor.latex}$",
        rewrite,
        definition.body,
        Scope((definition,)),
        cites=(label,) if label else (),
    )


@remembered
def in_order(e: Expr) -> Expr:
    """The formula with every product in textbook order, its numbers multiplied into one."""
    parts = children(e)
    if not parts:
        return e
    made = rebuild(e, tuple(in_order(part) for part in parts))
    if not isinstance(made, Mul):
        return made
    numbers = [a.value for a in made.args if isinstance(a, Num)]
    if len(numbers) < 2:
        return mul(*ordered(made.args))
    rest = [a for a in made.args if not isinstance(a, Num)]
    return mul(Num(prod(numbers, start=Fraction(1))), *ordered(tuple(rest)))


def _in_a_sum(e: Mul, tensor: Tensor, folded: Callable[[Expr], Expr | None]) -> Expr | None:
    """c sum_i f_i where c and f_i together hold the body: with p_i = e_i/s it is sum_i p_i g_i.

    The name carries i, so the sum keeps it; derivatives and deltas, which end sums, go first.
    """
    for number, total in enumerate(e.args):
        if not isinstance(total, Sum):
            continue
        outside = (*e.args[:number], *e.args[number + 1 :])
        inner = total.body.args if isinstance(total.body, Mul) else (total.body,)
        if any(total.index in free_indices(a) for a in outside):
            continue
        if any(isinstance(node, Delta | Diff) for _, node in subterms(total.body)):
            continue
        if folded(mul(*inner)) is not None:
            continue  # the sum holds the body alone
        new = folded(mul(*outside, *inner))
        parts = new.args if isinstance(new, Mul) else () if new is None else (new,)
        moving = [a for a in parts if total.index in free_indices(a)]
        if any(isinstance(a, Entry) and a.tensor == tensor for a in moving):
            still = [a for a in parts if total.index not in free_indices(a)]
            return mul(*still, Sum(mul(*moving), (total.index, total.lower, total.upper)))
    return None


def _without(e: Mul, part: Mul) -> tuple[Expr, ...] | None:
    """The factors that are left when those of `part` are taken out of `e`; None where one lacks.

    A power gives up as much as is asked for: s^-2 without s^-1 is s^-1.
    """
    left = list(e.args)
    for factor in part.args:
        base, wanted = _power_of(factor)
        for number, other in enumerate(left):
            found, has = _power_of(other)
            if canonical(found) != canonical(base) or has * wanted <= 0 or abs(has) < abs(wanted):
                continue
            rest = has - wanted
            power = found if rest == 1 else Pow(found, Num(Fraction(rest)))
            left[number : number + 1] = [power] if rest else []
            break
        else:
            return None
    return tuple(left)


def _power_of(e: Expr) -> tuple[Expr, int]:
    """A factor as base and whole exponent."""
    match e:
        case Pow(base, Num(value)) if value.denominator == 1:
            return base, int(value)
    return e, 1


def unfold_function(function: Elementwise) -> Rule:
    """f(u) by its definition, for a row of the function table that has one."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Apply(f, arg) if f == function and function.definition is not None:
                return function.definition(arg)
        return None

    return Rule(
        f"unfold-{function.name}",
        rf"{function.latex}(u) = \dots",
        f"definition of ${function.latex}$",
        rewrite,
        function(z[i]),
    )


def cite(lemma: Lemma) -> Rule:
    """A derivative that a lemma gives, for any values of its indices."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        table = _match(lemma.left, e)
        return None if table is None else reindex(lemma.right, table)

    return Rule(
        f"cite-{lemma.label}",
        rf"\text{{{lemma.label}}}",
        f"{lemma.label}",
        rewrite,
        lemma.left,
        cites=(lemma.label,),
    )


def _match(pattern: Expr, e: Expr) -> dict[Index, Index] | None:
    """The values of the pattern's indices that make it equal to `e`, or None."""
    match pattern, e:
        case Entry(a, letters), Entry(b, values) if a == b:
            return dict(zip(letters, values, strict=True))
        case Diff(body, wrt, held), Diff(other, by, still) if held == still:
            left, right = _match(body, other), _match(wrt, by)
            if left is None or right is None:
                return None
            if any(right.get(letter, value) != value for letter, value in left.items()):
                return None
            return left | right
    return None


NAMED: tuple[Rule, ...] = (
    unfold(h, "D2"),
    fold(h, "D2"),
    unfold_function(sigmoid),
    cite(Lemma("L1", Diff(z[i], theta[k]), X[i, k])),
)
"""Examples of these rules, for the test of the table."""
