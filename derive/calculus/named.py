"""Rules that stand for a definition or a lemma of the problem at hand: unfold, fold, cite."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from derive.calculus.examples import X, h, i, k, theta, z
from derive.notation.expression import Apply, Diff, Entry, Expr, Index, Mul, Num, Pow, mul
from derive.notation.functions import Elementwise, sigmoid
from derive.notation.problem import Definition
from derive.notation.tree import canonical, free_indices, reindex
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


def fold(definition: Definition, label: str) -> Rule:
    """body = d_i: a subformula that a definition names is called by its name.

    A body that is a product is found among the factors of a longer one: with p_i = e_i/s_i,
    x_i e_i s_i^-2 = x_i p_i s_i^-1.
    """

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        if type(e) is not type(definition.body):
            return None
        free = free_indices(e)
        choices = [[k for k in free if k.axis == own.axis] for own in definition.indices]
        for letters in product(*choices):
            body = reindex(definition.body, dict(zip(definition.indices, letters, strict=True)))
            name = Entry(definition.tensor, letters)
            if canonical(body) == canonical(e):
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
        case Diff(body, wrt), Diff(other, by):
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
