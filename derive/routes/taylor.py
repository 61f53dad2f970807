"""A function against its tangent: what the sign and the bound of its second derivative give."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from derive.calculus.derivatives import DERIVATIVES, chain_rule
from derive.calculus.lemmas import QUIET, functions_in
from derive.calculus.rewrite import Line, run
from derive.certify.bounds import supremum
from derive.notation.domain import range_of
from derive.notation.expression import Add, Apply, Diff, Entry, Expr, Num, Tensor, add
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise
from derive.notation.interval import REAL
from derive.notation.problem import data
from derive.notation.tree import children, rebuild, subterms
from derive.record import Rule, Scope

SOURCE = "Yu. Nesterov (2004), Introductory Lectures on Convex Optimization, {}"
START, CHANGE = data("a")(), data("b")()


def taylor_rules(functions: tuple[Elementwise, ...]) -> Iterator[Rule]:
    """For functions of the whole line: "tangent-f" where f'' >= 0, "parabola-f" where f'' <= c."""
    ours = {id(function) for function in FUNCTIONS}
    for function in functions:
        # Equal names mean equal functions within one problem only: rows of a user are not kept.
        yield from _kept(function) if id(function) in ours else _rules(function)


def _rules(function: Elementwise) -> tuple[Rule, ...]:
    if function.domain != REAL or function.kinks or function.primitive or function.hypothesis:
        return ()
    second = _second_derivative(function)
    if second is None:
        return ()
    bound = supremum(second, ())
    tangent = (_tangent(function),) if range_of(second).nonnegative else ()
    return tangent if bound is None else (*tangent, _parabola(function, bound))


_kept = cache(_rules)


def _second_derivative(function: Elementwise) -> Expr | None:
    """f''(t), with a letter for every value of a function in it, so that its range is known."""
    slope = function.derivative(SLOT)
    chains = tuple(chain_rule(f) for f in (*FUNCTIONS, *functions_in(slope)))
    line = Line("derivative", (*DERIVATIVES, *chains), quiet=QUIET)
    steps = run(Diff(slope, SLOT), (line,), Scope())
    second = _with_letters(steps[-1].after if steps else slope)
    return None if any(isinstance(node, Diff) for _, node in subterms(second)) else second


def _with_letters(e: Expr) -> Expr:
    match e:
        case Apply(function, arg) if arg == SLOT:
            return Entry(Tensor(function.name, (), "constant", domain=function.range), ())
    parts = tuple(_with_letters(child) for child in children(e))
    return rebuild(e, parts) if parts else e


def _split(e: Expr, function: Elementwise) -> tuple[Expr, Expr] | None:
    """a and b where the formula is f(a + b): the first term, and the others."""
    match e:
        case Apply(f, Add(args)) if f == function:
            return args[0], add(*args[1:])
    return None


def _tangent(function: Elementwise) -> Rule:
    """f(a + b) >= f(a) + f'(a) b."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        found = _split(e, function)
        if found is None:
            return None
        start, change = found
        return function(start) + function.derivative(start) * change

    f = function.latex
    return Rule(
        f"tangent-{function.name}", rf"{f}(a + b) \ge {f}(a) + {f}'(a)\,b",
        f"${f}$ is convex, so it lies above its tangents", rewrite, function(START + CHANGE),
        source=SOURCE.format("Theorem 2.1.2"), sign=">=",
    )  # fmt: skip


def _parabola(function: Elementwise, bound: Fraction) -> Rule:
    """f(a + b) <= f(a) + f'(a) b + (c/2) b^2 where f'' <= c everywhere."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        found = _split(e, function)
        if found is None:
            return None
        start, change = found
        return function(start) + function.derivative(start) * change + Num(bound / 2) * change**2

    f = function.latex
    return Rule(
        f"parabola-{function.name}",
        rf"{f}(a + b) \le {f}(a) + {f}'(a)\,b + \tfrac12 \cdot {bound}\,b^2",
        f"Taylor's formula, ${f}'' \\le {bound}$", rewrite, function(START + CHANGE),
        source=SOURCE.format("Theorem 2.1.5"), sign="<=",
    )  # fmt: skip
