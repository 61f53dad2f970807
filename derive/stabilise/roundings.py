r"""What rounding takes from an exponent or from a margin, put back.

In float64 a sum or a product of two numbers is exact but for a rest that is a number itself: it is
found by a few operations (T. J. Dekker 1971, A floating-point technique for extending the available
precision). An exponential makes a relative error of its exponent u one that is |u| times as large;
with e^{u + d} = e^u (1 + d) + O(d^2) for the rest d of u that is undone. For real numbers d is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Apply,
    Cases,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    When,
    add,
    expr,
    mul,
)
from derive.notation.functions import absolute, bell, exp, expm1, relu, rest, sign, step
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children, rebuild, replace_tensor, subterms
from derive.stabilise.boxes import boxes_apart
from derive.stabilise.exponentials import contains
from derive.stabilise.letters import moves
from derive.stabilise.products import over, together

FALLEN = Fraction(1000)
"""e^-|u| has reached 0 where |u| is larger."""
GROWN = Fraction(7097827, 10000)
"""e^u is a number up to there."""


def put_back(e: Expr, usual: Expr, problem: Problem, score: Tensor) -> tuple[tuple[Expr, str], ...]:
    """`e` with the rests of exponents, of differences, of squares: forms and their reasons.

    Far away, where no rest matters, it is the usual form, which is equal to `e`. Near a root, where
    a form has another branch, the exponents are small.
    """
    match e, usual:
        case Cases(branches, far, True), Cases(others, usual_far, True) if (
            branches == others and all(_close(test) for test, _ in branches)
        ):
            found = put_back(far, usual_far, problem, score)
            return tuple((Cases(branches, made, total=True), words) for made, words in found)
    makers = ((_exponents, EXPONENTS), (_differences, DIFFERENCES), (_squares, SQUARES))
    made = ((maker(e, problem, score), words) for maker, words in makers)
    return tuple((_within(*found, usual), words) for found, words in made if found is not None)


def _close(test: When) -> bool:
    """|u| <= c for a small number c."""
    return test.relation == "<=" and isinstance(test.right, Num) and test.right.value <= SMALL


SMALL = 4

EXPONENTS = (
    r"what rounding takes from $u$ is put back, $e^{u} = e^{u}(1 + \operatorname{rest}(u))$, "
    r"as $\operatorname{rest}(u) = 0$ for real numbers"
)
DIFFERENCES = (
    r"what rounding takes from $t$ is put back, $t = t + \operatorname{rest}(t)$, "
    r"as $\operatorname{rest}(t) = 0$ for real numbers; $[0 < t < 1] = [t > 0]\,[1 - t > 0]$"
)
SQUARES = (
    r"what rounding takes from $t^2$ is put back, $t^2 = t^2 + \operatorname{rest}(t^2)$, "
    r"as $\operatorname{rest}(t^2) = 0$ for real numbers"
)


def _within(tests: tuple[When, ...], close: Expr, usual: Expr) -> Expr:
    """The close form where all tests hold."""
    for test in reversed(tests):
        close = Cases(((test, close),), usual, total=True)
    return close


Branch = tuple[tuple[When, ...], Expr]


def _exponents(e: Expr, problem: Problem, score: Tensor) -> Branch | None:
    """With e^u (1 + d) for the exponentials e^u of the score whose relative error counts.

    One test, of the first exponent, keeps apart scores so large that d is no small number, and what
    a pass over many samples leaves out. In expm1(u) + e^u d both parts may be infinite.
    """
    tests: dict[When, None] = {}
    products: dict[When, None] = {}

    def written(part: Expr) -> Expr:
        if _settled(part):
            return part
        inside = children(part)
        made = rebuild(part, tuple(map(written, inside))) if inside else part
        match part:
            case Apply(function, t) if function in (exp, expm1, bell):
                u = -(t**2) if function == bell else t
                lost = rest_of(u, problem) if _moving(u, problem, score) else ZERO
                if lost is None or lost == ZERO:
                    return made
                if function == expm1:
                    tests[_test(u)] = None
                    return add(made, _scaled(exp(u), lost))
                if part == e:  # by itself as a sum, which is rounded once less; else shorter
                    tests[_test(u)] = None
                    return add(made, _scaled(made, lost))
                products[_moderate(u)] = None
                return mul(made, add(ONE, lost))
            case Mul(args):
                return add(made, *(_scaled(w, lost) for w, lost in _beside(args, problem, score)))
        return made

    made = written(e)
    kept = tuple(tests) or tuple(products)[:1]
    return (kept, made) if kept else None


def _beside(args: tuple[Expr, ...], problem: Problem, score: Tensor) -> Iterator[tuple[Expr, Expr]]:
    """w and what rounding takes from t, for a factor t = z + o of a product w t with data w."""
    for place, t in enumerate(args):
        others = args[:place] + args[place + 1 :]
        if isinstance(t, Add) and not any(_moving(w, problem, score) for w in others):
            lost = rest_of(t, problem) if _moving(t, problem, score) else ZERO
            if lost is not None and lost != ZERO:
                yield mul(*others), lost


def _test(u: Expr) -> When:
    """That the exponential is a number, and that it is not 0 for long where it only falls."""
    return When(u, "<=", expr(GROWN)) if range_of(u).high > 0 else _moderate(u)


def _moderate(u: Expr) -> When:
    """That the exponential is neither 0 nor infinite for long."""
    core = _core(u)
    return When(core if range_of(core).nonnegative else absolute(core), "<=", expr(FALLEN))


def _settled(e: Expr) -> bool:
    """1 + T and the like for 0 < T <= 1: |u| e^-|u| is small, and so is its part of the error."""
    numbers = [part for part in e.args if isinstance(part, Num)] if isinstance(e, Add) else []
    return (
        any(abs(n.value) >= 1 for n in numbers)
        and all(
            range_of(node).high <= 1
            for _, node in subterms(e)
            if isinstance(node, Apply) and node.function in (exp, expm1)
        )
        and not any(isinstance(n, Apply) and n.function == expm1 for _, n in subterms(e))
    )


def _differences(e: Expr, problem: Problem, score: Tensor) -> Branch | None:
    """With s + d for a letter s that is a difference of a rounded product: 1 - y z."""
    e = boxes_apart(e, problem)
    found = [
        node
        for _, node in subterms(e)
        if isinstance(node, Entry) and node.tensor != score and moves(node.tensor, problem, score)
    ]
    for letter in dict.fromkeys(found):
        lost = rest_of(letter, problem)
        if lost is not None and isinstance(lost, Add):
            made = replace_tensor(e, partial(_raised, letter, lost))
            return (When(absolute(letter), "<=", expr(2)),), made
    return None


def _raised(letter: Entry, lost: Expr, entry: Entry) -> Expr | None:
    """The letter with its rest, in place of itself."""
    return add(letter, lost) if entry == letter else None


def _squares(e: Expr, problem: Problem, score: Tensor) -> Branch | None:
    """With t^2 + d for the square of a rounded residual or quotient in a sum of numbers."""
    found: dict[Expr, Expr] = {}

    def written(part: Expr) -> Expr:
        match part:
            case Add((Num(), Pow(base, Num(power)))) if power == 2 and _plain_letter(base):
                lost = rest_of(part, problem) if _moving(base, problem, score) else None
                if lost is not None:
                    found[base] = part
                    return add(part, _at_once(lost))
        inside = children(part)
        made = rebuild(part, tuple(map(written, inside))) if inside else part
        match part:
            case Pow(base, Num(power)) if power == 2 and _moving(base, problem, score):
                lost = rest_of(part, problem)
                if lost is not None and lost != ZERO and _plain_letter(base):
                    found[base] = part
                    return add(made, _at_once(lost))
        return made

    made = written(e)
    if not found:
        return None
    size = absolute(next(iter(found)))
    return (When(size, "<=", expr(2) ** MODERATE_BITS),), made


def _at_once(lost: Expr) -> Expr:
    """A sum of small terms as -(-a - b): taken together before they are added to a large one."""
    if not isinstance(lost, Add):
        return lost
    minus = expr(-1)
    return mul(minus, add(*(_scaled(minus, term) for term in lost.args)))


MODERATE_BITS = 100
"""Numbers up to 2^100 have squares and halves that are numbers."""


def _plain_letter(e: Expr) -> bool:
    """A letter, or one over data: r/s."""
    parts = e.args if isinstance(e, Mul) else (e,)
    return all(isinstance(p, Entry) or (isinstance(p, Pow) and isinstance(p.base, Entry))
               for p in parts)  # fmt: skip


def _moving(u: Expr, problem: Problem, score: Tensor) -> bool:
    return any(
        isinstance(node, Entry) and moves(node.tensor, problem, score) for _, node in subterms(u)
    )


def _core(u: Expr) -> Expr:
    """v for an exponent that is v, |v| or max(v, 0) times a number."""
    match u:
        case Mul((Num(), *others)):
            return _core(mul(*others))
        case Apply(function, v) if function in (absolute, relu):
            return _core(v)
    return u


def rest_of(u: Expr, problem: Problem) -> Expr | None:
    """What rounding takes from `u`, to first order; None where it is not known."""
    match u:
        case Num(value):
            return ZERO if _exact(value) else None
        case Entry(tensor, _):
            definition = definition_of(tensor, problem.definitions)
            if definition is None or contains(definition.body, tensor):
                return ZERO
            body = definition.at(u)
            return rest_of(body, problem) if _plain(body) else ZERO
        case Apply(function, v) if function == absolute:
            return _product(sign(v), rest_of(v, problem))
        case Apply(function, v) if function == relu:
            return _product(step(v), rest_of(v, problem))
        case Add((left, right)):
            return _sum(rest(u), rest_of(left, problem), rest_of(right, problem))
        case Mul((Num(value), *others)) if abs(value) == 1 or _power_of_two(value):
            return _product(Num(value), rest_of(mul(*others), problem))
        case Mul((left, Pow(right, Num(power)))) | Mul((Pow(right, Num(power)), left)) if (
            power == -1
        ):
            lost, below = rest_of(left, problem), rest_of(right, problem)
            if lost is None or below != ZERO:
                return None
            return _sum(rest(u), ZERO if lost == ZERO else over(lost, right))
        case Mul((left, right)):
            return _sum(
                rest(u),
                _product(right, rest_of(left, problem)),
                _product(left, rest_of(right, problem)),
            )
        case Pow(base, Num(power)) if power == 2:
            twice = _product(mul(expr(2), base), rest_of(base, problem))
            return _sum(rest(u), twice)
    return None


def _plain(body: Expr) -> bool:
    """Whether a definition's body is of this kind, not a score itself: a sum over features."""
    return not any(isinstance(node, Sum) for _, node in subterms(body))


def _product(factor: Expr, lost: Expr | None) -> Expr | None:
    """A factor times a rest; where there is none, or none is known, nothing."""
    return lost if lost is None or lost == ZERO else _scaled(factor, lost)


def _scaled(factor: Expr, lost: Expr) -> Expr:
    """The product with one number, in front."""
    return together(mul(factor, lost))


def _sum(*parts: Expr | None) -> Expr | None:
    known = [part for part in parts if part is not None]
    return None if len(known) < len(parts) else add(*(part for part in known if part != ZERO))


def _exact(value: Fraction) -> bool:
    return Fraction(float(value)) == value


def _power_of_two(value: Fraction) -> bool:
    top, bottom = abs(value.numerator), value.denominator
    return value != 0 and top & (top - 1) == 0 and bottom & (bottom - 1) == 0
