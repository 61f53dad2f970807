"""Whether a formula is convex in the parameters, by rules of composition: proved, never guessed.

The rules are those of disciplined convex programming (M. Grant, S. Boyd and Y. Ye, 2006), with
definitions unfolded, and one that is stronger: a formula that sees the parameters through one
affine score is convex if its second derivative by the score is nowhere negative.
"""

from __future__ import annotations

from derive.certify.bounds import supremum
from derive.certify.choices import chosen
from derive.certify.claims import claims
from derive.certify.context import Context, Recurse
from derive.certify.definite import element
from derive.certify.edges import split_by_sign
from derive.certify.logarithms import equal, logarithm, spelled
from derive.certify.means import geometric_mean, power_mean, power_over
from derive.certify.norms import norm, over_linear, quadratic
from derive.certify.one_score import Bending, Scores
from derive.certify.perspective import perspective
from derive.certify.several_scores import Hessian, bent_hessian
from derive.certify.shapes import (
    AFFINE,
    CONSTANT,
    SUM_OF_CONCAVE,
    SUM_OF_CONVEX,
    UNKNOWN,
    Shape,
    added,
    composed,
    function_outers,
    power_outer,
    scaled,
)
from derive.certify.signs import jumps, nonnegative, nonpositive, smooth
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Cases,
    Element,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
    mul,
)
from derive.notation.functions import SLOT, exp, log, sqrt
from derive.notation.problem import Definition, Problem, definition_of
from derive.notation.tree import canonical
from derive.record import Derivation, Reason

HALF = Num(ONE.value / 2)


class Composer(Context):
    """The shapes of a problem's formulas when some of its parameters move."""

    def __init__(self, problem: Problem, moving: tuple[Tensor, ...]) -> None:
        super().__init__(problem, moving)
        self._scores = Scores(problem, self.still, lambda e: self._plain(e).kind == "affine")
        self._simple: dict[Expr, Shape] = {}
        self._shapes: dict[Expr, Shape] = {}
        self.bendings: dict[Reason, Bending] = {}
        self.hessians: dict[Reason, Hessian] = {}

    def shape(self, e: Expr) -> Shape:
        """How `e` bends: by composition alone, else by one score, else by composition of both."""
        key = canonical(e)
        found = self._shapes.get(key)
        if found is None:
            self._shapes[key] = UNKNOWN
            found = self._plain(e)
            if not found.known:
                found = self._by_one_score(e)
            if not found.known:
                found = self._by_rules(e, self.shape)
            if not found.known:
                found = self._spelled(e)
            if not found.known:
                found = self._by_several_scores(e)
            self._shapes[key] = found
        return found

    def composed(self, e: Expr) -> Shape:
        """How `e` bends by composition alone, which takes little time."""
        return self._plain(e)

    @property
    def named(self) -> tuple[Definition, ...]:
        """The scores that the problem does not name."""
        return tuple(self._scores.named.values())

    @property
    def directions(self) -> tuple[Tensor, ...]:
        """The letters along which second derivatives by several scores are claimed."""
        return tuple(dict.fromkeys(v for h in self.hessians.values() for v in h.directions))

    def claims(self, reasons: tuple[Reason, ...], label: str) -> tuple[Derivation, ...]:
        """What of the reasons the judge can look at: second derivatives by scores, and signs."""
        definitions = self.definitions + self.named
        return claims(reasons, self.bendings, self.hessians, definitions, label)

    def _plain(self, e: Expr) -> Shape:
        key = canonical(e)
        found = self._simple.get(key)
        if found is None:
            self._simple[key] = UNKNOWN  # what is rewritten may come back to itself
            found = self._simple[key] = self._by_rules(e, self._plain)
        return found

    # ------------------------------------------------------------ one score

    def _by_one_score(self, e: Expr) -> Shape:
        bending = self._scores.bending(e)
        if bending is None:
            return UNKNOWN
        definitions = self.definitions + self.named
        broken = any(
            jumps(f, definitions, bending.score.tensor) for f in (bending.formula, bending.slope)
        )
        if broken or not smooth(bending.formula, definitions):
            return UNKNOWN
        if nonnegative(bending.curvature, definitions):
            return self._bent("convex", "negative", e, bending)
        if nonpositive(bending.curvature, definitions):
            return self._bent("concave", "positive", e, bending)
        return UNKNOWN

    def _bent(self, kind: str, never: str, e: Expr, bending: Bending) -> Shape:
        formulas = [e, bending.score, bending.curvature]
        words = (
            f"As a function of {{1}} alone, {{0}} has the second derivative {{2}}, never {never}"
        )
        bound = supremum(bending.curvature, self.definitions) if kind == "convex" else None
        if bound is not None and not isinstance(bending.curvature, Num):
            words += " and at most {3}"
            formulas.append(Num(bound))
        words += f"; so it is {kind} in {{1}}."
        assumes = self.assumed(bending.formula)
        reason = Reason("one-score", words, tuple(formulas), assumes)
        self.bendings[reason] = bending
        linear = Reason("affine", "{0} is affine in the parameters.", (bending.score,))
        return Shape("convex" if kind == "convex" else "concave").because(linear, reason)

    def _spelled(self, e: Expr) -> Shape:
        match e:
            case Apply(function, _) if function == log:
                other: Expr = spelled(self, e)
                found = UNKNOWN if other == e else self._plain(other)
            case Cases():
                other = split_by_sign(e, self.definitions)
                found = UNKNOWN if other == e else self._by_one_score(other)
            case _:
                return UNKNOWN
        return found if found.flat or not found.known else found.because(equal(e, other))

    def _by_several_scores(self, e: Expr) -> Shape:
        hessian = bent_hessian(self._scores, e, self.definitions + self.named)
        if hessian is None:
            return UNKNOWN
        definitions = self.definitions + self.named
        broken = any(jumps(f, definitions) for f in (hessian.formula, *hessian.slopes))
        if broken or not smooth(hessian.formula, definitions):
            return UNKNOWN
        reason = hessian.reason(e, self.assumed(hessian.formula))
        self.hessians[reason] = hessian
        linear = tuple(
            Reason("affine", "{0} is affine in the parameters.", (s,))
            for s in hessian.scores
            if s.tensor not in self.moving
        )
        return Shape("convex" if hessian.convex else "concave").because(*linear, reason)

    # ------------------------------------------------------------ composition

    def _by_rules(self, e: Expr, shape: Recurse) -> Shape:
        if self.still(e):
            return CONSTANT
        match e:
            case Entry(tensor, _):
                return self._entry(e, tensor, shape)
            case Add(args):
                found = added(map(shape, args))
                terms = sum(not self.still(a) for a in args)
                return _summed(found) if terms > 1 else found
            case Mul():
                found = self._product(e, shape)
                if not found.known:
                    found = geometric_mean(self, e, shape)
                return found if found.known else perspective(self, e, self._without)
            case Product():
                return geometric_mean(self, e, shape)
            case Sum():
                form = quadratic(self, e, shape)
                if form.known:
                    return form
                return _summed(shape(e.body))
            case Pow(base, exponent):
                found = self._power(e, base, exponent, shape)
                return found if found.known else self._mean(e, base, exponent, shape)
            case Apply(function, arg) if function == sqrt:
                length = norm(self, e, arg, shape)
                found = length if length.known else self._applied(e, shape)
                return found if found.known else self._mean(e, arg, HALF, shape)
            case Apply(function, arg) if function == exp:
                found = self._applied(e, shape)
                return found if found.known else geometric_mean(self, e, shape)
            case Apply(function, arg) if function == log:
                found = self._applied(e, shape)
                return found if found.known else logarithm(self, e, arg, shape)
            case Apply():
                return self._applied(e, shape)
            case Element():
                return element(self, e, shape)
            case Cases():
                return chosen(self, e, shape)
            case _:
                return UNKNOWN

    def _entry(self, e: Entry, tensor: Tensor, shape: Recurse) -> Shape:
        if tensor in self.moving:
            return AFFINE
        definition = definition_of(tensor, self.definitions)
        if definition is None:
            return UNKNOWN
        found = shape(definition.at(e))
        if found.kind == "affine":
            return found.because(Reason("affine", "{0} is affine in the parameters.", (e,)))
        return found

    def _product(self, e: Mul, shape: Recurse) -> Shape:
        still = mul(*(a for a in e.args if self.still(a)))
        moving = tuple(a for a in e.args if not self.still(a))
        values = self.range(still)
        inner = self._square(moving, shape) if len(moving) > 1 else shape(moving[0])
        found = scaled(inner, values)
        assumed = self.assumed(still)
        if found.known and not found.flat and assumed:
            sign = "negative" if values.nonnegative else "positive"
            weight = Reason("weight", f"{{0}} is never {sign}.", (still,), assumed)
            return Shape(found.kind, (weight, *found.reasons)).because()
        return found

    def _square(self, factors: tuple[Expr, ...], shape: Recurse) -> Shape:
        """f * f, and x' A x written without sums over what is multiplied."""
        first = canonical(factors[0])
        if any(canonical(f) != first for f in factors[1:]):
            divided = over_linear(self, factors, shape) if len(factors) == 2 else UNKNOWN
            if not divided.known and len(factors) == 2:
                divided = power_over(self, factors, shape)
            return divided if divided.known else quadratic(self, mul(*factors), shape)
        return shape(Pow(factors[0], Num(ONE.value * len(factors))))

    def _power(self, e: Expr, base: Expr, exponent: Expr, shape: Recurse) -> Shape:
        if not self.still(exponent):
            return self._exponential(base, exponent, shape)
        if exponent == HALF:
            length = norm(self, e, base, shape)
            if length.known:
                return length
        values = self.range(base)
        outer = power_outer(values, exponent, self.range(exponent))
        if outer is None:
            return UNKNOWN
        inner = shape(base)
        found = composed(outer, inner)
        if not found.known or found.flat:
            return found
        what = "an affine function" if inner.flat else f"a {inner.kind} function"
        name = "The square" if exponent == Num(ONE.value * 2) else "This power"
        return found.because(
            Reason("power", f"{name} of {what}, {{0}}, is {found.kind}.", (e,), self.assumed(base))
        )

    def _without(self, tensor: Tensor) -> Recurse:
        """How formulas bend by composition while one more parameter stands still."""
        others = tuple(p for p in self.moving if p != tensor)
        return Composer(self.problem, others).composed

    def _mean(self, e: Expr, base: Expr, exponent: Expr, shape: Recurse) -> Shape:
        found = power_mean(self, e, base, exponent, shape)
        return found if found.known else geometric_mean(self, e, shape)

    def _exponential(self, base: Expr, exponent: Expr, shape: Recurse) -> Shape:
        """a^u with a > 0 for affine u: e^(u log a)."""
        inner = shape(exponent)
        if not self.still(base) or not self.range(base).positive:
            return UNKNOWN
        return Shape("convex", inner.reasons) if inner.kind == "affine" else UNKNOWN

    def _applied(self, e: Apply, shape: Recurse) -> Shape:
        function, arg = e.function, e.arg
        values = self.range(arg)
        for outer in function_outers(function, values):
            inner = shape(arg)
            found = composed(outer, inner)
            if found.known:
                what = "affine" if inner.flat else inner.kind
                way = "" if inner.flat else f" and {outer.way}"
                where = "" if len(function.bends) == 1 else " there"
                words = (
                    f"{{0}} is {outer.bend}{way}{where} and its argument {what}, so {{1}} is "
                    f"{found.kind}."
                )
                return found.because(Reason("composition", words, (function(SLOT), e)))
        return UNKNOWN


def _summed(found: Shape) -> Shape:
    """A sum, with the sentence that sums keep convexity."""
    if found.kind == "convex":
        return found.because(SUM_OF_CONVEX)
    return found.because(SUM_OF_CONCAVE) if found.kind == "concave" else found
