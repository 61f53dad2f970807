r"""The tree that readers share, from the tree of the grammar; two readings are an error.

The rules of textbooks that are followed, each with its limit:
- a sum takes all factors behind it, up to the next + or - outside of brackets;
- \log, \exp, \operatorname{tr} and their like take the brackets behind them, or without brackets
  the next factor; another factor beside that one is refused, since it might belong to either;
- a/b c is refused unless b is in brackets; f(a)^2 is refused for a function written as a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from derive.readers.latex.factors import Factors
from derive.readers.latex.tokens import span_of
from derive.readers.latex.trees import (
    Node,
    place,
    subtrees,
    tokens_of,
)
from derive.readers.surface import (
    LONGEST_NUMBER,
    Binary,
    Call,
    Minus,
    Number,
    Surface,
)


class Maker(Factors):
    """Makes the trees of one text."""

    def made(self, tree: Node) -> Surface:
        """The tree of a formula."""
        parts = subtrees(tree)
        span = place(tree)
        match str(tree.data):
            case "start" | "expression":
                return self.made(parts[0])
            case "braces":
                return self.made(parts[0])
            case "number":
                digits = str(tokens_of(tree)[0])
                if len(digits) > LONGEST_NUMBER:
                    raise self.error(span, "a number has too many digits", "round it")
                return Number(Fraction(digits), span)
            case "name" | "scripted":
                return self.scripted(tree)
            case "ones":
                raise self.error(
                    span,
                    "how long is this vector of ones?",
                    r"write the letter of its axis below it: \mathbf{1}_m",
                )
            case "group":
                return self.group(tree)
            case "call":
                return self.call(tree, ())
            case "indicator":
                tests = (
                    [self.test(item) for item in subtrees(parts[-1]) if item.data != "separator"]
                    if parts[-1].data == "items"
                    else self.tests(parts[-1])
                )
                return self.conditioned(tests, Number(Fraction(1), span), span)
            case "frac":
                return Binary("/", self.made(parts[0]), self.made(parts[1]), span)
            case "sqrt":
                return Call("sqrt", (self.made(parts[0]),), span)
            case "bars":
                return Call("bars", (self.made(parts[0]),), span)
            case "norm":
                return Call("norm", (self.made(parts[0]),), span)
            case "inner":
                return Call("dot", self.items(parts[0], 2), span)
            case "cases":
                return self.cases(tree)
            case "minus":
                return Minus(self.made(parts[0]), span)
            case "plus":
                return self.made(parts[0])
            case "binary":
                return self.sum_of(self.made(parts[0]), tokens_of(tree)[0], self.made(parts[1]))
            case "term":
                return self.term(tree)
            case "fun" | "openfun":
                return self.function(tree)
            case "big" | "bigminus":
                return self.big(tree)
            case other:
                raise TypeError(f"the grammar has no {other}")

    def group(self, tree: Node) -> Surface:
        """Brackets; a condition in square ones is 1 where it holds, else 0."""
        (items,) = subtrees(tree)
        parts = [item for item in subtrees(items) if item.data != "separator"]
        if len(parts) > 1:
            raise self.error(place(subtrees(items)[1]), "a comma stands between two formulas here",
                             "write one formula in the brackets")  # fmt: skip
        if parts[0].data == "expression":
            return replace(self.made(parts[0]), span=place(tree))
        if tokens_of(tree)[0] != "[":
            raise self.error(
                place(tree),
                "a condition stands where a number should",
                r"write \mathbb{1}\{...\} for 1 where it holds and 0 elsewhere",
            )
        return self.conditioned(self.tests(tree), Number(Fraction(1), place(tree)), place(tree))

    def items(self, items: Node, count: int = 0) -> tuple[Surface, ...]:
        """The formulas between commas."""
        parts = [item for item in subtrees(items) if item.data != "separator"]
        for item in parts:
            if item.data != "expression":
                raise self.error(place(item), "a condition stands where a formula should",
                                 "write a formula")  # fmt: skip
        if count and len(parts) != count:
            raise self.error(place(items), f"{len(parts)} formulas stand here instead of {count}",
                             "separate them by a comma")  # fmt: skip
        return tuple(self.made(item) for item in parts)

    def call(self, tree: Node, after: Sequence[Node]) -> Surface:
        """h_theta(x): a function that the text defines, or one of the table."""
        token = tokens_of(tree)[0]
        *scripts, group = subtrees(tree)
        args = self.items(subtrees(group)[0])
        name, indices, rest = self.lettered(str(token), scripts)
        if name not in self.functions:
            base = [f for f in sorted(self.functions) if f.split("_")[0] == str(token)]
            if str(token) in self.functions:
                name = str(token)
            elif len(base) == 1:
                name = base[0]
        out: Surface = Call(name, args, place(tree), indices)
        return self.raised(out, [*rest, *after])

    def function(self, tree: Node) -> Surface:
        r"""\log u, \log(u), \max(0, u), \log^2 u, \log_2 u."""
        token = tokens_of(tree)[0]
        name, shown = str(token), self.text.at(span_of(token))
        *scripts, arg = subtrees(tree)
        after: list[Node] = []
        core = arg
        while core.data == "scripted":
            core, script = subtrees(core)
            after.insert(0, script)
        if core.data == "group" and name in ("max", "min", "dot"):
            args = self.items(subtrees(core)[0])
            if any(script.data == "sub" for script in scripts):
                raise self.error(place(scripts[0]), f"{shown} over an index is not known",
                                 f"write {shown}(a, b) of two numbers")  # fmt: skip
            return self.raised(Call(name, args, place(tree)), after)
        if name in ("max", "min"):
            raise self.error(place(tree), f"{shown} needs its arguments in brackets",
                             f"write {shown}(0, ...)")  # fmt: skip
        if core.data == "group" and after:
            f, a = shown, self.text.at(place(core))
            power = self.text.at(place(after[0]))
            raise self.error(
                place(tree), f"a script behind {shown}(...) has two readings",
                f"write {f}{power}{a} or {f}\\left({a}{power}\\right)" if after[0].data == "sup"
                else f"write \\left({f}{a}\\right){power} or {f}\\left({a}{power}\\right)",
            )  # fmt: skip
        args = self.items(subtrees(arg)[0]) if arg.data == "group" else (self.made(arg),)
        out: Surface = Call(name, args, place(tree))
        for script in scripts:
            out = self.scripted_function(out, script, name, shown)
        return out

    def scripted_function(self, call: Surface, script: Node, name: str, shown: str) -> Surface:
        content = subtrees(script)
        inner = self.made(content[0]) if script.data == "sup" else None
        if isinstance(inner, Number) and inner.value > 0:
            return Binary("^", call, inner, call.span)
        if script.data == "sub" and name == "log":
            (base,) = self.items(content[0], 1)
            return Binary("/", call, Call("log", (base,), base.span), call.span)
        raise self.error(place(script), f"this script of {shown} is not known",
                         f"write what it means, as in {shown}(u) or 1/{shown}(u)")  # fmt: skip
