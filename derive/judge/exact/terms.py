"""Terms by number, with what must be known of each before it is evaluated.

Equal terms have equal numbers, so that a value is computed once for all steps that share it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from derive.judge.exact.shapes import (
    Cell,
    by_cases,
    entries,
    finite,
    most,
    rigid,
    scaled,
    shortened,
    together,
    turned,
    vanishes,
)
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
)
from derive.notation.facts import KNOWN
from derive.notation.problem import Definition


class MalformedTermError(ValueError):
    """A formula that means nothing here."""


@dataclass(frozen=True)
class Term:
    """What is known of a term, with its definitions unfolded.

    Attributes:
        number: Equal terms have equal numbers.
        depends: The tensors on which its value depends.
        cased: Whether a test of a case decides its value, or a label with finitely many values.
        rigid: The axes along which positions are told apart by more than the entries there.
        letters: For every axis, how many letters over it stand in one product at most.
        sizes: For every axis, the degree of its size in the formula at most.
    """

    number: int
    depends: frozenset[Tensor] = frozenset()
    cased: bool = False
    rigid: frozenset[Axis] = frozenset()
    letters: tuple[tuple[Axis, int], ...] = ()
    sizes: tuple[tuple[Axis, int], ...] = ()


class Terms:
    """All terms of a proof over some definitions."""

    def __init__(self, definitions: tuple[Definition, ...]) -> None:
        self.definitions = {d.tensor: d for d in definitions}
        self._seen: dict[int, tuple[Any, Term]] = {}
        self._known: dict[tuple[object, ...], Term] = {}
        self._bodies: dict[Tensor, Term | None] = {}
        self._letters: dict[Index, int] = {}
        self._numbers = itertools.count()
        self._expanded: dict[int, Expr] = {}
        self.least: dict[Axis, int] = {}

    def ask(self, axis: Axis, size: int) -> None:
        """The root of the axis must have this size at least."""
        self.least[axis.root] = max(self.least.get(axis.root, 1), size)

    def letter(self, index: Index) -> int:
        """The number of an index letter."""
        return self._letters.setdefault(index.plain, len(self._letters))

    def expanded(self, e: Expr, made: Callable[[], Expr]) -> Expr:
        """What stands for a formula, made once."""
        number = self.term(e).number
        if number not in self._expanded:
            self._expanded[number] = made()
        return self._expanded[number]

    def term(self, e: Expr) -> Term:
        """What is known of a formula."""
        found = self._seen.get(id(e))
        if found is None:
            found = self._seen[id(e)] = (e, self._made(self._key(e), e))
        return found[1]

    def table(self, mat: mx.Mat) -> Term:
        """What is known of a matrix formula."""
        found = self._seen.get(id(mat))
        if found is None:
            found = self._seen[id(mat)] = (mat, self._table(mat))
        return found[1]

    def _made(self, key: tuple[object, ...], e: Expr) -> Term:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._term(e, next(self._numbers))
        return found

    def _key(self, e: Expr) -> tuple[object, ...]:
        match e:
            case Num() | Constant() | Axis() | Delta() | Indicator():
                return (e,)
            case Entry(tensor, indices):
                return ("entry", tensor, indices)
            case Element(mat, indices):
                return ("element", self.table(mat).number, indices)
            case Cell(mat):
                return ("cell", self.table(mat).number)
            case Apply(function, arg):
                return ("apply", id(function), self.term(arg).number)
            case Sum() | Product():
                own = (type(e).__name__, e.index, e.lower, e.upper)
                return (*own, self.term(e.body).number)
            case Diff(body, wrt, held):
                return ("diff", self.term(body).number, wrt, held)
            case Cases(branches, otherwise):
                parts = (
                    (test.relation, *(self.term(x).number for x in (test.left, test.right, value)))
                    for test, value in branches
                )
                return ("cases", *parts, self.term(otherwise).number)
            case Add(args) | Mul(args):
                return (type(e).__name__, *(self.term(a).number for a in args))
            case Pow(base, exponent):
                return ("pow", self.term(base).number, self.term(exponent).number)
        raise MalformedTermError(f"no formula of kind {type(e).__name__} is known here")

    def _joined(self, number: int, parts: Iterable[Term], **own: Any) -> Term:
        parts = tuple(parts)
        values: dict[str, Any] = {
            "depends": frozenset().union(*(p.depends for p in parts)),
            "cased": any(p.cased for p in parts),
            "rigid": frozenset().union(*(p.rigid for p in parts)),
            "letters": most(p.letters for p in parts),
            "sizes": most(p.sizes for p in parts),
        }
        rigid = own.pop("rigid", frozenset())
        values |= own
        return Term(number, **(values | {"rigid": values["rigid"] | rigid}))

    def body(self, tensor: Tensor) -> Term | None:
        """What is known of a definition; None where the tensor has none."""
        definition = self.definitions.get(tensor)
        if definition is None:
            return None
        if tensor not in self._bodies:
            self._bodies[tensor] = None
            self._bodies[tensor] = self.term(definition.body)
        found = self._bodies[tensor]
        if found is None:
            raise MalformedTermError(f"the definition of {tensor.name} uses itself")
        return found

    def _tensor(self, number: int, tensor: Tensor, indices: tuple[Index, ...]) -> Term:
        for k, axis in zip(indices, tensor.axes, strict=True):
            self.ask(axis, axis.cut + (1 if k.letter else abs(k.shift)))
        cut = frozenset(
            a.root
            for k, a in zip(indices, tensor.axes, strict=True)
            if k.shift or not k.letter or k.axis.cut or a.cut
        )
        body = self.body(tensor)
        if body is not None:
            own = frozenset((tensor,)) | body.depends
            return self._joined(number, (body,), depends=own, rigid=cut)
        if any(fact in KNOWN for fact in tensor.facts):
            cut |= frozenset(axis.root for axis in tensor.axes)
        return Term(number, frozenset((tensor,)), finite(tensor) or turned(tensor), cut)

    def _term(self, e: Expr, number: int) -> Term:
        match e:
            case Num() | Constant():
                return Term(number)
            case Axis():
                return Term(number, sizes=((e.root, 1),), rigid=shortened(e))
            case Delta(left, right):
                return Term(number, rigid=frozenset((left.axis.root, right.axis.root)))
            case Indicator(index, _):
                return Term(number, rigid=frozenset((index.axis.root,)))
            case Entry(tensor, indices):
                return self._tensor(number, tensor, indices)
            case Element(mat, indices):
                table = self.table(mat)
                cut = frozenset(k.axis.root for k in indices if k.shift or not k.letter)
                return self._joined(number, (table,), rigid=cut)
            case Cell(mat):
                return self._joined(number, (self.table(mat),))
            case Mul(args):
                parts = [self.term(a) for a in args]
                return self._joined(
                    number, parts,
                    letters=together(p.letters for p in parts),
                    sizes=together(p.sizes for p in parts),
                )  # fmt: skip
            case Pow(base, Num(value)) if value.denominator == 1 and value:
                part = self.term(base)
                times = abs(int(value))
                return self._joined(
                    number, (part,),
                    letters=scaled(part.letters, times), sizes=scaled(part.sizes, times),
                )  # fmt: skip
            case Sum() | Product():
                return self._over(e, number)
            case Diff(body, wrt, _):
                parts = [self.term(body), self.term(wrt)]
                moved = frozenset(axis.root for axis in wrt.tensor.axes)
                return self._joined(number, parts, rigid=moved)
            case Cases(branches, otherwise):
                every = [x for test, value in branches for x in (test.left, test.right, value)]
                return self._joined(number, (self.term(x) for x in (*every, otherwise)), cased=True)
            case Apply(function, arg):
                part = self.term(arg)
                cased = part.cased or by_cases(function) or function.exact == "sqrt"
                return self._joined(number, (part,), cased=cased)
            case Add(args):
                return self._joined(number, (self.term(a) for a in args))
            case Pow(base, exponent):
                # The root of a square is a size, which has two cases.
                return self._joined(number, (self.term(base), self.term(exponent)), cased=True)
        raise MalformedTermError(f"no formula of kind {type(e).__name__} is known here")

    def _over(self, e: Sum | Product, number: int) -> Term:
        body, axis = self.term(e.body), e.index.axis
        self.ask(axis, axis.cut + e.lower)
        rigid = shortened(axis)
        if isinstance(e, Product) or e.lower != 1:
            rigid |= {axis.root}
        own = () if isinstance(e, Sum) and vanishes(e.body, e.index) else (axis.root,)
        return self._joined(
            number, (body,), rigid=rigid,
            letters=together((body.letters,), (axis.root,)),
            sizes=together((body.sizes,), own),
        )  # fmt: skip

    def _table(self, mat: mx.Mat) -> Term:
        parts = [self.table(operand) for operand in mx.operands(mat)]
        scalars: list[Term] = []
        match mat:
            case mx.Sym(tensor):
                letters = tuple(Index(f"#{k}", axis) for k, axis in enumerate(tensor.axes))
                extra: tuple[object, ...] = (tensor,)
                parts = [self._tensor(-1, tensor, letters)]
            case mx.Scalar(inner):
                scalars, extra = [self.term(inner)], ()
            case mx.MPow(_, exponent):
                scalars, extra = [self.term(exponent)], ()
            case mx.MApply(function, _):
                extra = (id(function),)
            case mx.Choice(relations, _):
                extra = relations
            case mx.Kron(_, _, crossed):
                extra = (crossed,)
            case mx.Einsum(pairs, over, output):
                extra = (tuple(names for _, names in pairs), over, output)
            case mx.Identity() | mx.Ones() | mx.Mask() | mx.Zero() | Unit() | Band():
                extra = (mat,)
            case _:
                extra = ()
        numbers = tuple(p.number for p in (*parts, *scalars))
        key = (type(mat).__name__, *numbers, *extra)
        found = self._known.get(key)
        if found is None:
            found = self._table_term(mat, [*parts, *scalars], next(self._numbers))
            self._known[key] = found
        return found

    def _table_term(self, mat: mx.Mat, parts: list[Term], number: int) -> Term:
        for axis in mat.axes:
            self.ask(axis, axis.cut + (abs(mat.position) if isinstance(mat, Unit) else 1))
        match mat:
            case mx.MMul() | mx.Outer() | mx.ScaleRows() | mx.ScaleCols() | mx.Kron():
                summed: tuple[Axis, ...] = ()
            case mx.MatMul(_, right):
                summed = (right.axes[0],)
            case mx.Dot(left, _) | mx.KronRows(left, _):
                summed = left.axes if isinstance(mat, mx.Dot) else left.axes[:1]
            case mx.Einsum(_, over, output):
                summed = tuple(axis for letter, axis in over if letter not in output)
            case mx.Trace(arg):
                summed = arg.axes[:1]
            case mx.RowProduct(arg):
                summed = arg.axes[-1:]
            case mx.Inverse(arg) | mx.LogDet(arg) | mx.Det(arg):
                summed = arg.axes * 2
            case mx.MPow(base, Num(value)) if value.denominator == 1 and value:
                part, times = self.table(base), abs(int(value))
                return self._joined(
                    number, parts,
                    letters=scaled(part.letters, times), sizes=scaled(part.sizes, times),
                )  # fmt: skip
            case mx.MApply(function, _):
                cased = parts[0].cased or by_cases(function)
                return self._joined(number, parts, cased=cased)
            case mx.Choice():
                return self._joined(number, parts, cased=True)
            case _:
                return self._joined(number, parts, rigid=rigid(mat))
        return self._joined(
            number, parts, rigid=rigid(mat),
            letters=together((p.letters for p in parts), (axis.root for axis in summed)),
            sizes=together(
                (p.sizes for p in parts),
                () if all(map(entries, mx.operands(mat))) else (axis.root for axis in summed),
            ),
        )  # fmt: skip
