r"""Sums, products and quotients; what can be read in two ways is refused with both."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lark import Token

from derive.readers.complaint import joined
from derive.readers.latex.below import Below
from derive.readers.latex.limits import limits_of
from derive.readers.latex.tokens import span_of
from derive.readers.latex.trees import (
    Node,
    core,
    place,
    subtrees,
    tokens_of,
    uses,
)
from derive.readers.surface import (
    Big,
    Binary,
    Minus,
    Name,
    Number,
    Surface,
)
from derive.readers.walk import last_sums


class Factors(Below):
    """Makes trees of sums and products."""

    def sum_of(self, left: Surface, sign: Token, right: Surface) -> Surface:
        """left + right; a letter of the sum that has just ended may not go on in the next term."""
        span = joined(left.span, right.span)
        for letter, where in last_sums(left):
            if letter not in self.bound and uses(right, letter):
                body, more = self.text.at(where), self.text.at(right.span)
                raise self.error(
                    joined(where, right.span),
                    f"the sum over {letter} has two readings: does it end before the {sign}?",
                    rf"write \sum_{letter} \left[ ... {sign} {more} \right] if this term is summed "
                    rf"as well, or \left( {body} \right) {sign} ... with another letter here",
                )
        return Binary(str(sign), left, right, span)  # type: ignore[arg-type]

    def term(self, tree: Node) -> Surface:
        """Factors side by side, multiplied or divided from left to right."""
        out: Surface | None = None
        last: Node | None = None
        under: Node | None = None
        sign: Token | None = None
        for part in subtrees(tree):
            if part.data == "operator":
                (sign,) = tokens_of(part)
                continue
            if out is None or last is None:
                out, last = self.made(part), part
                continue
            operator = " " if sign is None else str(sign)
            self.refuse_bare(last, sign, part)
            self.refuse_call(last, sign, part)
            if sign is None and under is not None:
                self.refuse_quotient(out, under, part)
            if sign is None and part.data == "number":
                raise self.error(place(part), "a number stands behind a factor",
                                 r"write \cdot before it, or ^ if it is a power")  # fmt: skip
            right = self.made(part)
            out = Binary(operator, out, right, joined(out.span, right.span))  # type: ignore[arg-type]
            under = part if operator == "/" else None
            last, sign = part, None
        if out is None:
            raise TypeError("the grammar has no empty product")
        return out

    def refuse_bare(self, last: Node, sign: Token | None, part: Node) -> None:
        r"""\log a b: (\log a) b or \log(a b)? A multiplication sign or another function ends it."""
        bare = last
        while bare.data == "fun" and subtrees(bare)[-1].data == "fun":
            bare = subtrees(bare)[-1]
        if bare.data != "fun" or subtrees(bare)[-1].data == "group":
            return
        if part.data == "fun" or (sign is not None and sign.type == "TIMES"):
            return
        f = self.text.at(span_of(tokens_of(bare)[0]))
        a, b = self.text.at(place(subtrees(bare)[-1])), self.text.at(place(part))
        between = "/" if sign is not None else " "
        raise self.error(
            joined(place(bare), place(part)),
            f"{f} without brackets has two readings here",
            f"write {f}({a}){between}{b} or {f}({a}{between}{b})",
        )

    def refuse_call(self, last: Node, sign: Token | None, part: Node) -> None:
        """f(x) of a letter that nothing explains: a function or a product?"""
        inner = part
        while inner.data == "scripted":
            inner = subtrees(inner)[0]
        if sign is not None or inner.data != "group" or last.data not in ("name", "scripted"):
            return
        base = self.made(last)
        if not isinstance(base, Name) or base.name in (*self.declared, *self.letters, "e", "pi"):
            return
        items = [item for item in subtrees(subtrees(inner)[0]) if item.data != "separator"]
        one = len(items) == 1 and items[0].data == "expression"
        if one and subtrees(items[0])[0].data in ("binary", "minus"):
            return
        shown, arg = self.text.at(base.span), self.text.at(place(inner))
        raise self.error(
            joined(base.span, place(inner)),
            f"{shown}{arg} has two readings: a function {shown}, or a product",
            f"define the function, as in {shown}(x) = ..., or declare the number: "
            f"% derive: data {base.name}",
        )

    def refuse_quotient(self, left: Surface, under: Node, part: Node) -> None:
        """a/b c: (a/b) c or a/(b c)?"""
        if under.data == "group" or part.data in ("big", "bigminus", "openfun"):
            return
        letter = part.data == "name" or (part.data == "scripted" and core(part).data == "name")
        if under.data == "number" and not letter:
            return
        a = self.text.at(left.left.span) if isinstance(left, Binary) else self.text.at(left.span)
        b, c = self.text.at(place(under)), self.text.at(place(part))
        raise self.error(
            joined(left.span, place(part)),
            "a factor behind a quotient has two readings",
            rf"write \frac{{{a}}}{{{b}}} {c} or \frac{{{a}}}{{{b} {c}}}",
        )

    def big(self, tree: Node) -> Surface:
        """A sum or product over letters, under conditions."""
        token = tokens_of(tree)[0]
        *scripts, body_tree = subtrees(tree)
        kind = "sum" if str(token) == r"\sum" else "prod"
        found = limits_of(self, scripts, span_of(token))
        names = [limit.letter.name for limit in found.limits]
        self.bound.extend(names)
        body = self.made(body_tree)
        tests = [self.test(item) for item in found.conditions]
        del self.bound[len(self.bound) - len(names) :]
        if str(tree.data) == "bigminus":
            body = Minus(body, joined(span_of(tokens_of(tree)[1]), body.span))
        span = joined(span_of(token), body.span)
        if kind == "prod":
            self.refuse_constant_factor(body, names)
        for mask in found.masks:
            body = Binary("*", mask, body, body.span)
        otherwise = Number(Fraction(kind == "prod"), span)
        body = self.conditioned([*found.tests, *tests], body, span, otherwise)
        return Big(kind, found.limits, body, span)  # type: ignore[arg-type]

    def refuse_constant_factor(self, body: Surface, names: Sequence[str]) -> None:
        """prod_i a_i c: (prod_i a_i) c or prod_i (a_i c)?"""
        if isinstance(body, Binary) and body.operator in (" ", "*", "/"):
            if any(uses(body.right, name) for name in names):
                return
            a, b = self.text.at(body.left.span), self.text.at(body.right.span)
            raise self.error(
                body.span, "a factor without the letter of the product has two readings",
                rf"write \left(\prod {a}\right) {b} or \prod \left({a} {b}\right)",
            )  # fmt: skip
