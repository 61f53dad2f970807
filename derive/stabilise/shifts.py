r"""Sums of exponentials that cannot overflow: every exponent is lowered by the same number.

log sum_c e^{u_ic} = a_i + log sum_c e^{u_ic - a_i} and e^{u_ik} / sum_c e^{u_ic} =
e^{u_ik - a_i} / sum_c e^{u_ic - a_i} hold for all numbers a_i. The code takes the largest u_ic of
each row, so that no exponential exceeds 1 and one of them is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.examples import X, c, i, j
from derive.matrices.entrywise import as_mat
from derive.notation.expression import (
    MINUS_ONE,
    Apply,
    Entry,
    Expr,
    Index,
    Mul,
    Pow,
    Sum,
    Tensor,
    mul,
)
from derive.notation.functions import exp, log
from derive.notation.matrix import Mat
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
            if isinstance(node, Sum) and new and _exponent(node) is not None:
                found.append(node)
    letters = [letter for letter in LETTERS if letter not in taken]
    made = (_shift(total, letter) for total, letter in zip(found, letters, strict=False))
    return tuple(shift for shift in made if shift is not None)


def _exponent(total: Sum) -> Expr | None:
    """u where the sum is sum_c e^{u}, from the first position on."""
    match total.body:
        case Apply(f, u) if f == exp and total.lower == 1 and total.index in free_indices(u):
            return u
    return None


def _shift(total: Sum, letter: str) -> Shift | None:
    u, own = _exponent(total), free_indices(total)
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
    """For every sum the rule of its quotients and that of its logarithm."""
    return tuple(rule for shift in made for rule in (_quotient_rule(shift), _log_rule(shift)))


def _lowered(shift: Shift, total: Expr) -> tuple[Entry, Expr] | None:
    """a_i for the indices of `total`, and the sum with its exponents lowered."""
    if not isinstance(total, Sum) or not _alike(total, shift.total):
        return None
    u, entry = _exponent(total), Entry(shift.tensor, free_indices(total))
    if u is None:
        return None
    return entry, Sum(exp(u - entry), (total.index, total.lower, total.upper))


def _log_rule(shift: Shift) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Apply(f, total) if f == log:
                found = _lowered(shift, total)
                return None if found is None else found[0] + log(found[1])
        return None

    return Rule(
        f"shift-log-{shift.tensor.name}",
        r"\log\sum_c e^{u_c} = a + \log\sum_c e^{u_c - a}",
        r"$\log\sum_c e^{u_c} = a + \log\sum_c e^{u_c - a}$",
        rewrite,
        log(shift.total),
    )


def _quotient_rule(shift: Shift) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        if not isinstance(e, Mul):
            return None
        for number, below in enumerate(e.args):
            match below:
                case Pow(total, exponent) if exponent == MINUS_ONE:
                    found = _lowered(shift, total)
                case _:
                    found = None
            if found is None:
                continue
            args = list(e.args)
            for place, above in enumerate(args):
                if isinstance(above, Apply) and above.function == exp:
                    args[place] = exp(above.arg - found[0])
                    args[number] = Pow(found[1], MINUS_ONE)
                    return mul(*args)
        return None

    return Rule(
        f"shift-quotient-{shift.tensor.name}",
        r"\frac{e^{u}}{\sum_c e^{u_c}} = \frac{e^{u - a}}{\sum_c e^{u_c - a}}",
        "divide above and below by $e^a$",
        rewrite,
        exp(c()) / shift.total,
    )


_total = Sum(exp(X[i, j]), j)
_example = _shift(_total, "a")

SHIFTS: tuple[Rule, ...] = () if _example is None else shift_rules((_example,))
"""Examples of these rules, for the test of the table."""
