r"""Letters with what stands below and above them: which part of it is the name, which an index."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derive.notation.problem import GREEK
from derive.readers.complaint import joined
from derive.readers.latex.conditions import Conditions
from derive.readers.latex.trees import (
    Node,
    apart,
    leaves,
    place,
    subtrees,
    tokens_of,
    word_of,
)
from derive.readers.surface import (
    Binary,
    Call,
    Indexed,
    Name,
    Number,
    Span,
    Surface,
    Transposed,
)

NORMS = {"": "norm", "2": "norm", "F": "normF", "1": "norm1"}


class Below(Conditions):
    """Makes trees of letters and scripts."""

    def scripted(self, tree: Node) -> Surface:
        """A letter, brackets or a norm with what stands below and above."""
        scripts: list[Node] = []
        base = tree
        while base.data == "scripted":
            base, script = subtrees(base)
            scripts.insert(0, script)
        if base.data == "name":
            token = tokens_of(base)[0]
            self.refuse_order(scripts)
            name, indices, rest = self.lettered(str(token), scripts)
            rows = tuple(k for s in rest if s.data == "rows" for k in self.indices(s))
            rest = [s for s in rest if s.data != "rows"]
            below = [place(s) for s in scripts if s.data in ("sub", "rows", "layer")]
            span = joined(place(base), below[-1]) if below else place(base)
            if not indices and not rows:
                return self.raised(Name(name, span), rest)
            return self.raised(Indexed(Name(name, place(base)), indices, span, rows), rest)
        if base.data == "call":
            return self.call(base, scripts)
        if base.data == "norm":
            return self.norm(base, scripts)
        if base.data == "ones":
            subs = [s for s in scripts if s.data == "sub"]
            if len(subs) == 1:
                rest = [s for s in scripts if s.data != "sub"]
                sizes = self.indices(subs[0])
                return self.raised(Call("ones", sizes, joined(place(base), place(subs[0]))), rest)
        return self.raised(self.made(base), scripts)

    def refuse_order(self, scripts: Sequence[Node]) -> None:
        """X^T_{ij}: an entry of the transpose, or the transpose of an entry?"""
        kinds = [script.data for script in scripts]
        if "transpose" in kinds and "sub" in kinds[kinds.index("transpose") :]:
            sub = next(s for s in scripts if s.data == "sub")
            if len(self.indices(sub)) > 1:
                raise self.error(place(sub), "indices behind a transpose have two readings",
                                 r"write (X^\top)_{ij}, or X_{ji}")  # fmt: skip

    def norm(self, base: Node, scripts: Sequence[Node]) -> Surface:
        subs = [script for script in scripts if script.data == "sub"]
        kind = "".join(str(t) for s in subs for t in leaves(s) if t.type in ("NAME", "NUMBER"))
        if kind not in NORMS:
            raise self.error(place(subs[0]), f"the norm with {kind or 'this'} below is not known",
                             "take 1, 2 or F, or write the norm out")  # fmt: skip
        span = joined(place(base), place(subs[-1])) if subs else place(base)
        out = Call(NORMS[kind], (self.made(subtrees(base)[0]),), span)
        return self.raised(out, [s for s in scripts if s.data != "sub"])

    def raised(self, out: Surface, scripts: Sequence[Node]) -> Surface:
        """What transposes, powers and indices behind brackets make of a tree."""
        for kind in ("sup", "sub"):
            twice = [script for script in scripts if script.data == kind]
            if len(twice) > 1:
                raise self.error(
                    place(twice[1]),
                    "two scripts in one place",
                    "put braces around the first: {x^a}^b, or both into one: x_{ij}",
                )
        # Inverting before transposing is the same, and leaves a letter to invert.
        order = {"sub": 0, "rows": 0, "transpose": 2}
        inverted = {id(s): 1 for s in scripts if s.data == "sup" and subtrees(s)[0].data == "minus"}
        for script in sorted(scripts, key=lambda s: inverted.get(id(s), order.get(str(s.data), 3))):
            span = joined(out.span, place(script))
            match str(script.data):
                case "sub":
                    out = Indexed(out, self.indices(script), span)
                case "rows":
                    out = Indexed(out, (), span, self.indices(script))
                case "transpose":
                    out = Transposed(out, span)
                case "sup":
                    out = Binary("^", out, self.made(subtrees(script)[0]), span)
                case "entrypower":
                    out = Binary(".^", out, self.made(subtrees(script)[0]), span)
                case "pospart":
                    out = Call("max", (Number(Fraction(0), span), out), span)
                case _:
                    raise self.error(place(script), "this stands above something without layers",
                                     "write it above a letter, as in W^{[1]}")  # fmt: skip
        return out

    def indices(self, script: Node) -> tuple[Surface, ...]:
        """The indices in a script: ij, i,j and j+1."""
        out: list[Surface] = []
        for item in subtrees(subtrees(script)[0]):
            if item.data == "separator":
                continue
            if item.data != "expression":
                raise self.error(place(item), "a condition stands where an index should",
                                 "write letters, as in X_{ij}")  # fmt: skip
            out.extend(apart(self.made(item)))
        return tuple(out)

    def lettered(
        self, name: str, scripts: Sequence[Node]
    ) -> tuple[str, tuple[Surface, ...], list[Node]]:
        """The whole name of a letter, its indices, and the scripts that are left."""
        rest: list[Node] = []
        indices: list[Surface] = []
        for script in scripts:
            if script.data == "layer":
                name = f"{name}_{tokens_of(script)[0]}"
            elif script.data == "sub":
                given = self.indices(script)
                name, count = self.whole_name(name, given, place(script))
                indices.extend(given[count:])
            else:
                rest.append(script)
        return name, tuple(indices), rest

    def whole_name(self, name: str, given: Sequence[Surface], where: Span) -> tuple[str, int]:
        """The name with what is below it and part of it, and how much that is; indices follow."""
        known = self.declared | self.functions | self.own
        for count in range(len(given), 0, -1):
            words = [word_of(k) for k in given[:count]]
            wholes = (f"{name}_{'_'.join(words)}", f"{name}_{''.join(words)}")
            for whole in (*wholes, f"{name}{''.join(words)}"):
                if all(words) and whole in known and not set(words) <= self.letters:
                    return whole, count
        words = [word_of(k) for k in given]
        digits = all(word.isdigit() for word in words)
        if not all(words):
            return name, 0
        if digits and "0" in words and name in self.vectors | self.declared:
            shown = (f"\\{name}" if name in GREEK else name) + f"_{''.join(words)}"
            raise self.error(
                where, f"{shown} is no entry of {shown[:-2]}, since positions count from 1",
                f"declare it where it is a letter of its own: % derive: parameter {shown}",
            )  # fmt: skip
        if digits:
            entry = name in self.vectors | self.declared
            return (name, 0) if entry else (f"{name}_{''.join(words)}", len(words))
        index = any(
            word in self.letters or word in self.bound or word == ":" or word.isdigit()
            or (len(word) == 1 and word.islower() and word not in self.declared)
            for word in words
        )  # fmt: skip
        return (name, 0) if index else (f"{name}_{'_'.join(words)}", len(words))
