"""Rules for case distinctions: a test that is decided, a maximum with 0, the case at hand."""

from __future__ import annotations

from derive.calculus.algebra import arithmetic
from derive.calculus.logarithms import exp_zero, given_value, log_one
from derive.notation.domain import range_of
from derive.notation.expression import ZERO, Apply, Cases, Diff, Expr, Sum, When
from derive.notation.functions import relu
from derive.notation.interval import NONNEGATIVE, POSITIVE, Interval, negate
from derive.notation.problem import Definition, data
from derive.notation.tree import children, rebuild
from derive.record import Condition, Rule, Scope

a, b = data("a", domain=POSITIVE), data("b", domain=NONNEGATIVE)
Definitions = tuple[Definition, ...]


def verdict(test: When, definitions: Definitions) -> bool | None:
    """Whether a test holds, by the range of the difference of its sides; None if it may or not."""
    gap = range_of(test.left - test.right, definitions)
    zero = gap.low == gap.high == 0
    match test.relation:
        case "=":
            return True if zero else False if gap.nonzero else None
        case ">":
            return _decided(gap.positive, negate(gap).nonnegative)
        case ">=":
            return _decided(gap.nonnegative, negate(gap).positive)
        case "<":
            return _decided(negate(gap).positive, gap.nonnegative)
        case "<=":
            return _decided(negate(gap).nonnegative, gap.positive)


def _decided(holds: bool, fails: bool) -> bool | None:
    return True if holds else False if fails else None


def decided_test(e: Expr, scope: Scope) -> Expr | None:
    """The branch whose test holds; before that, branches whose tests fail are left out."""
    match e:
        case Cases(branches, otherwise):
            kept: list[tuple[When, Expr]] = []
            for test, value in branches:
                known = verdict(test, scope.definitions)
                if known:
                    otherwise = value
                    break
                if known is None:
                    kept.append((test, value))
            new = Cases(tuple(kept), otherwise) if kept else otherwise
            return None if new == e else new
    return None


def _decided_conditions(redex: Expr, scope: Scope) -> tuple[Condition, ...]:
    """What decides each test that was decided."""
    if not isinstance(redex, Cases):
        return ()
    found: list[Condition] = []
    for test, _ in redex.branches:
        known = verdict(test, scope.definitions)
        if known is not None:
            found += _sides(test, known)
        if known:
            break
    return tuple(found)


def _sides(test: When, holds: bool) -> tuple[Condition, ...]:
    """A test that holds, or the opposite of one that fails, as a condition."""
    above, below = _minus(test.left, test.right), _minus(test.right, test.left)
    match test.relation, holds:
        case ("=", True):
            return (Condition(above, ">= 0"), Condition(below, ">= 0"))
        case ("=", False):
            return (Condition(above, "!= 0"),)
        case (">", True) | ("<=", False):
            return (Condition(above, "> 0"),)
        case (">=", True) | ("<", False):
            return (Condition(above, ">= 0"),)
        case ("<", True) | (">=", False):
            return (Condition(below, "> 0"),)
    return (Condition(below, ">= 0"),)


def _minus(a: Expr, b: Expr) -> Expr:
    """a - b, where a 0 need not be written."""
    return a if b == ZERO else -b if a == ZERO else a - b


def positive_part(e: Expr, scope: Scope) -> Expr | None:
    """max(0, u) = u where u >= 0."""
    match e:
        case Apply(f, u) if f == relu and range_of(u, scope.definitions).nonnegative:
            return u
    return None


def no_positive_part(e: Expr, scope: Scope) -> Expr | None:
    """max(0, u) = 0 where u <= 0."""
    match e:
        case Apply(f, u) if f == relu and negate(range_of(u, scope.definitions)).nonnegative:
            return ZERO
    return None


def _argument(redex: Expr, scope: Scope) -> tuple[Condition, ...]:
    match redex:
        case Apply(_, u):
            positive = range_of(u, scope.definitions).nonnegative
            return (Condition(u if positive else -u, ">= 0"),)
    return ()


def at_hand(e: Expr, definitions: Definitions) -> Expr:
    """`e` with the values of the case at hand put in and its tests decided.

    An open derivative is left alone: its variable must stay a letter.
    """
    scope = Scope(definitions)
    if isinstance(e, Diff):
        return e
    parts = children(e)
    if parts:
        e = rebuild(e, tuple(at_hand(part, definitions) for part in parts))
    rules = (given_value, decided_test, positive_part, no_positive_part, exp_zero, log_one)
    for rule in rules:
        new = rule(e, scope)
        if new is not None:
            return at_hand(new, definitions)
    simpler = arithmetic(e) if not isinstance(e, Sum) else None
    return e if simpler is None else at_hand(simpler, definitions)


def open_for_derivatives(domain: Interval) -> bool:
    """Whether every value has neighbours on both sides within the domain."""
    return domain.low_open and domain.high_open and not domain.integer


CASES: tuple[Rule, ...] = (
    Rule("decided-test", r"[u > 0] = 1 \text{ for } u > 0", "the case at hand", decided_test,
         Cases(((When(a(), "<=", ZERO), -a()), (When(a() + b(), ">", ZERO), a() * b())), b()),
         conditions=_decided_conditions),
    Rule("positive-part", r"\max(0, u) = u \text{ for } u \ge 0", "the maximum is its argument",
         positive_part, relu(a() + b()), conditions=_argument),
    Rule("no-positive-part", r"\max(0, u) = 0 \text{ for } u \le 0", "the maximum is $0$",
         no_positive_part, relu(-a() - b()), conditions=_argument),
)  # fmt: skip
"""Every rule for cases, for the test of the table."""
