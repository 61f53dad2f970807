r"""Sums of exponentials that cannot overflow: every exponent is lowered by the same number.

log sum_c e^{u_ic} = a_i + log sum_c e^{u_ic - a_i} and e^{u_ik} / sum_c e^{u_ic} =
e^{u_ik - a_i} / sum_c e^{u_ic - a_i} hold for all numbers a_i. The code takes the largest u_ic of
each row, so that no exponential exceeds 1 and one of them is 1. A weighted sum of the exponents
beside such a logarithm is lowered with it: a_i - sum_c y_ic u_ic would lose the digits of a small
difference of large numbers, a_i (1 - sum_c y_ic) - sum_c y_ic (u_ic - a_i) does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.examples import X, c, i, j
from derive.matrices.build import dot, matmul
from derive.matrices.entrywise import as_mat
from derive.notation.expression import (
    MINUS_ONE,
    Add,
    Apply,
    Element,
    Entry,
    Expr,
    Index,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    add,
    mul,
)
from derive.notation.functions import exp, log
from derive.notation.matrix import Mat, Ones
from derive.notation.problem import Problem
from derive.notation.tree import (
    axes_in,
    free_indices,
    letters_in,
    reindex,
    same,
    subterms,
    tensors_in,
)
from derive.record import Rule, Scope

LETTERS = ("a", "b", "s", "t", "q", "g")


@dataclass(frozen=True)
class Shift:
    """The numbers by which the exponents of one sum of exponentials are lowered.

    Attributes:
        tensor: a, over the free indices of the sum.
        indices: Those indices.
        total: The sum: sum_c e^{u_ic}.
        scores: u as a matrix formula, its last axis that of the sum.
    """

    tensor: Tensor
    indices: tuple[Index, ...]
    total: Sum
    scores: Mat

    @property
    def entry(self) -> Entry:
        """a_i."""
        return Entry(self.tensor, self.indices)


def shifts(problem: Problem) -> tuple[Shift, ...]:
    """The sums of exponentials of a problem, each with a letter of its own."""
    found: list[Sum] = []
    taken: set[str] = set()
    for definition in problem.all_definitions:
        taken |= letters_in(definition.body) | {t.name for t in tensors_in(definition.body)}
        taken |= {axis.letter for axis in axes_in(definition.body)} | {definition.tensor.name}
        for _, node in subterms(definition.body):
            new = isinstance(node, Sum) and not any(_alike(node, other) for other in found)
            if isinstance(node, Sum) and new and exponent(node) is not None:
                found.append(node)
    letters = [letter for letter in LETTERS if letter not in taken]
    made = (shift_of(total, letter) for total, letter in zip(found, letters, strict=False))
    return tuple(shift for shift in made if shift is not None)


def exponent(total: Sum) -> Expr | None:
    """u where the sum is sum_c e^{u}, from the first position on."""
    match total.body:
        case Apply(f, u) if f == exp and total.lower == 1 and total.index in free_indices(u):
            return u
    return None


def shift_of(total: Sum, letter: str) -> Shift | None:
    """The shift of one sum of exponentials, None where it has no matrix formula."""
    u, own = exponent(total), free_indices(total)
    scores = None if u is None or len(own) > 1 else as_mat(u, (*own, total.index))
    if scores is None:
        return None
    words = "any number" if not own else "any numbers, one per row"
    tensor = Tensor(letter, tuple(k.axis for k in own), "constant", letter, meaning=words)
    return Shift(tensor, own, total, scores)


def _alike(a: Sum, b: Sum) -> bool:
    """Whether the sums are the same for some renaming of their free letters."""
    mine, other = free_indices(a), free_indices(b)
    if tuple(k.axis for k in mine) != tuple(k.axis for k in other):
        return False
    return same(reindex(a, dict(zip(mine, other, strict=True))), b)


def shift_rules(made: tuple[Shift, ...]) -> tuple[Rule, ...]:
    """For every sum the rules of its quotients, of its logarithm and of what is beside that."""
    rules = (_quotient_rule, _log_rule, _beside_rule)
    return tuple(rule(shift) for shift in made for rule in rules)


def lowered_sum(shift: Shift, total: Expr) -> tuple[Entry, Sum] | None:
    """a_i for the indices of `total`, and the sum with its exponents lowered."""
    if not isinstance(total, Sum) or not _alike(total, shift.total):
        return None
    u, entry = exponent(total), Entry(shift.tensor, free_indices(total))
    if u is None:
        return None
    return entry, Sum(exp(u - entry), (total.index, total.lower, total.upper))


def _log_rule(shift: Shift) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Apply(f, total) if f == log:
                found = lowered_sum(shift, total)
                return None if found is None else found[0] + log(found[1])
        return None

    return Rule(
        f"shift-log-{shift.tensor.name}",
        r"\log\sum_c e^{u_c} = a + \log\sum_c e^{u_c - a}",
        r"$\log\sum_c e^{u_c} = a + \log\sum_c e^{u_c - a}$",
        rewrite,
        log(shift.total),
    )


def _beside_rule(shift: Shift) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        if not isinstance(e, Add):
            return None
        own = [arg for arg in e.args if isinstance(arg, Entry) and arg.tensor == shift.tensor]
        for arg in e.args:
            found = _weighted(arg)
            if len(own) != 1 or found is None:
                continue
            weight, power, total = found
            over = Sum(exp(power), (total.index, total.lower, total.upper))
            if total.lower != 1 or not _alike(over, shift.total):
                continue
            if own[0].indices != free_indices(over):
                continue
            lowered = as_mat(mul(weight, power - own[0]), (*own[0].indices, total.index))
            if lowered is None:
                continue
            # As an entry of a matrix formula: term by term the sum would be the old one again.
            ones = Ones(total.index.axis)
            sums = matmul(lowered, ones) if own[0].indices else dot(lowered, ones)
            kept = mul(own[0], 1 - Sum(weight, (total.index, total.lower, total.upper)))
            rest = (a for a in e.args if a not in (own[0], arg))
            return add(kept, *rest, mul(MINUS_ONE, Element(sums, own[0].indices)))
        return None

    u = exponent(shift.total)
    weights = Entry(Tensor("w", (*shift.tensor.axes, shift.total.index.axis), "data"),
                    (*shift.indices, shift.total.index))  # fmt: skip
    return Rule(
        f"shift-beside-{shift.tensor.name}",
        r"a - \sum_c w_c u_c = a \left(1 - \sum_c w_c\right) - \sum_c w_c (u_c - a)",
        "the exponents beside the logarithm are lowered too",
        rewrite,
        shift.entry - Sum(mul(weights, weights if u is None else u), shift.total.index),
    )


def _weighted(e: Expr) -> tuple[Expr, Expr, Sum] | None:
    """w, u and the sum where the term is - sum_c w_c u_c, with data w."""
    match e:
        case Mul((Num(value), Sum(Mul((Entry(tensor) as weight, u))) as total)):
            if value == -1 and tensor.role == "data":
                return weight, u, total
    return None


def _quotient_rule(shift: Shift) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        if not isinstance(e, Mul):
            return None
        for number, below in enumerate(e.args):
            match below:
                case Pow(total, Num(power)) if power < 0 and power.denominator == 1:
                    found = lowered_sum(shift, total)
                case _:
                    found = None
            if found is None:
                continue
            entry, lowered = found
            # As many exponentials above as there are sums below.
            divided = [(place, _divided(above, entry)) for place, above in enumerate(e.args)]
            parts = [(place, part) for place, part in divided if part is not None]
            if len(parts) < -power:
                continue
            new = dict(parts[: int(-power)]) | {number: Pow(lowered, Num(power))}
            return mul(*(new.get(place, arg) for place, arg in enumerate(e.args)))
        return None

    return Rule(
        f"shift-quotient-{shift.tensor.name}",
        r"\frac{e^{u}}{\sum_c e^{u_c}} = \frac{e^{u - a}}{\sum_c e^{u_c - a}}",
        "divide above and below by $e^a$",
        rewrite,
        exp(c()) / shift.total,
    )


def _divided(e: Expr, entry: Entry) -> Expr | None:
    """e^{u - a} for e^u, and sum_k w_k e^{u_k - a} for sum_k w_k e^{u_k}; else None."""
    match e:
        case Apply(f, u) if f == exp:
            return exp(u - entry)
        case Sum(body) if e.index not in entry.indices:
            factors = body.args if isinstance(body, Mul) else (body,)
            for place, factor in enumerate(factors):
                part = _divided(factor, entry)
                if part is not None:
                    others = (*factors[:place], part, *factors[place + 1 :])
                    return Sum(mul(*others), (e.index, e.lower, e.upper))
    return None


_total = Sum(exp(X[i, j]), j)
_example = shift_of(_total, "a")

SHIFTS: tuple[Rule, ...] = () if _example is None else shift_rules((_example,))
"""Examples of these rules, for the test of the table."""
