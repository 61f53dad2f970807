r"""Conditions: of indicators, below sums, and the rows of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from derive.errors import ProblemError
from derive.readers.complaint import Text, joined
from derive.readers.latex.trees import (
    Making,
    Node,
    is_one,
    place,
    subtrees,
    tokens_of,
)
from derive.readers.surface import (
    Binary,
    Branches,
    Indexed,
    Name,
    Number,
    Span,
    Surface,
    Test,
)

OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "="}


MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


class Conditions(Making):
    """Makes trees of conditions."""

    def tests(self, group: Node) -> list[Test]:
        items = subtrees(group)[0]
        return [self.test(item) for item in subtrees(items) if item.data != "separator"]

    def test(self, item: Node) -> Test:
        """left relation right; a chain a < b < c is not one test."""
        if item.data != "relation" or len(tokens_of(item)) != 1:
            raise self.error(place(item), "this is no condition that can be tested",
                             "write one comparison, as in u > 0")  # fmt: skip
        (sign,) = tokens_of(item)
        left, right = (self.made(part) for part in subtrees(item))
        return Test(left, str(sign), right)  # type: ignore[arg-type]

    def conditioned(
        self, tests: Sequence[Test], value: Surface, span: Span,
        otherwise: Surface | None = None,
    ) -> Surface:  # fmt: skip
        """The value where all tests hold, else 0."""
        other = otherwise or Number(Fraction(0), span)
        for test in reversed(tests):
            if self.of_letters(test):
                value = self.masked(test, value, span, plain=otherwise is None or not is_one(other))
            elif str(test.relation) == "!=":
                value = Branches(((replace(test, relation="="), other),), value, span)
            else:
                value = Branches(((test, value),), other, span)
        return value

    def of_letters(self, test: Test) -> bool:
        """Whether a condition is one on index letters themselves."""
        return any(
            isinstance(side, Name) and side.name in (*self.letters, *self.bound)
            for side in (test.left, test.right)
        )

    def masked(self, test: Test, value: Surface, span: Span, *, plain: bool) -> Surface:
        """The value times 1 where letters are equal, unequal or past a position, else times 0."""
        left, right, sign = test.left, test.right, str(test.relation)
        one = Number(Fraction(1), span)
        known = isinstance(left, Name) and plain and self.of_letters(Test(left, "=", left))
        if known and sign in ("=", "!=") and isinstance(right, Name):
            mask: Surface = Branches(
                ((Test(left, "=", right), one),), Number(Fraction(0), span), span
            )
            mask = Binary("-", one, mask, span) if sign == "!=" else mask
        elif known and sign in (">=", ">") and isinstance(right, Number):
            bound = Number(right.value + (sign == ">"), right.span)
            mask = Branches(((Test(left, ">=", bound), one),), Number(Fraction(0), span), span)
        else:
            raise self.no_mask(test)
        return mask if is_one(value) else Binary("*", mask, value, span)

    def no_mask(self, test: Test) -> ProblemError:
        """A condition on index letters that is not known; 0/1 data say the same."""
        lone = [s for s in (test.left, test.right) if isinstance(s, Name)
                and s.name in (*self.letters, *self.bound)]  # fmt: skip
        where = joined(test.left.span, test.right.span)
        if len(lone) == 2:
            i, j = (self.text.at(side.span) for side in (test.left, test.right))
            todo = (
                rf"write \sum_{{({i},{j}) \in P}} with 0/1 data of the pairs: "
                "% derive: data P (m, m) in {0, 1}"
            )
        else:
            other = test.right if test.left is lone[0] else test.left
            first = ""
            if isinstance(other, Indexed):
                first = "".join(self.text.at(k.span) for k in (*other.rows, *other.indices))
            todo = (
                f"give the condition as 0/1 data, as in Y_{{{first}{lone[0].name}}} with "
                "% derive: data Y (m, K) in {0, 1}"
            )
        return self.error(where, f"this condition on the index {lone[0].name} is not known", todo)

    def cases(self, tree: Node) -> Surface:
        """The rows of a brace; the last one may state the opposite of the one before."""
        span = place(tree)
        rows = subtrees(tree)
        read: list[tuple[Surface, list[Test]]] = []
        for row in rows:
            value, *conditions = subtrees(row)
            tests: list[Test] = []
            for items in conditions:
                for item in subtrees(items):
                    if item.data != "separator":
                        tests.extend(self.chain(item))
            read.append((self.made(value), tests))
        last, tests = read.pop()
        if tests and not (len(read) == 1 and len(read[0][1]) == 1 == len(tests)
                          and _opposite(read[0][1][0], tests[0], self.text)):  # fmt: skip
            raise self.error(place(rows[-1]), "what holds where no condition does?",
                             r"end the cases with a row: ... & \text{otherwise}")  # fmt: skip
        out = last
        for inner, tests in reversed(read):
            if not tests:
                raise self.error(inner.span, "only the last row may be without a condition",
                                 r"write & \text{if } ... in this row")  # fmt: skip
            for test in reversed(tests):
                if str(test.relation) == "!=":
                    inner = Branches(((replace(test, relation="="), out),), inner, span)
                elif isinstance(out, Branches) and len(tests) == 1:
                    inner = Branches(((test, inner), *out.branches), out.otherwise, span)
                else:
                    inner = Branches(((test, inner),), out, span)
            out = inner
        return out

    def chain(self, item: Node) -> list[Test]:
        """The comparisons of 0 < u < 1."""
        if item.data != "relation":
            raise self.error(place(item), "this is no condition that can be tested",
                             "write one comparison, as in u > 0")  # fmt: skip
        sides = [self.made(part) for part in subtrees(item)]
        signs = [str(sign) for sign in tokens_of(item)]
        triples = zip(sides, signs, sides[1:], strict=False)
        return [Test(left, sign, right) for left, sign, right in triples]  # type: ignore[arg-type]


def _opposite(first: Test, last: Test, text: Text) -> bool:
    """Whether the last test of two says the opposite of the first."""
    a, b = text.at(first.left.span), text.at(first.right.span)
    c, d = text.at(last.left.span), text.at(last.right.span)
    relation = str(last.relation)
    if (a, b) == (d, c):
        relation = MIRRORED[relation]
    elif (a, b) != (c, d):
        return False
    return relation.rstrip("=") == OPPOSITE[str(first.relation)].rstrip("=") and relation != "="
