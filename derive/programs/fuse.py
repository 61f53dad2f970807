"""Several elementwise functions of the same arguments as one pass of ufuncs into given buffers.

Loss, slope and curvature of a sample share most of their work: one exponential serves all three.
Their NumPy texts (and those of the function rows that they call) are read as graphs in which equal
parts are one node; every node becomes one call with `out=`, so that nothing is allocated. Only
identities that are exact in floating point are used: |-x| = |x|, -(-x) = x, (-a) b = -(a b) and
the like, so the values are those of the separate functions, bit for bit.

Two things are left out. The refined form of a difference that nearly vanishes: what a fit adds up
over the samples needs such a difference to be right absolutely, and so it is. And what is done for
numbers beyond 1e150, where a step that leads there is taken back. The separate functions have both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derive.notation.array_text import Node, UnreadableError, tree
from derive.notation.expression import Tensor
from derive.notation.functions import Elementwise
from derive.programs.kernel import Kernel

TOGETHER: dict[str, tuple[str, ...]] = {
    "special.log_normal_cdf_and_hazards": (
        "special.log_normal_cdf",
        "special.hazard",
        "special.hazard_slope",
    ),
}
"""Functions whose values another one gives all at once, bit for bit the same, in less time."""


@dataclass(frozen=True)
class Fused:
    """A fused function: its arguments, what it computes, its scratch buffers and its lines."""

    name: str
    args: tuple[Tensor, ...]
    outputs: tuple[str, ...]
    buffers: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many arrays it is given: the outputs, then the scratch buffers."""
        return len(self.outputs) + len(self.buffers)


def fuse(name: str, kernels: Sequence[Kernel], functions: Sequence[Elementwise]) -> Fused | None:
    """The kernels as one pass; None where a part of one is no elementwise text."""
    rows = {f.name: f.moderate or f.numpy for f in functions}
    args = kernels[0].args
    try:
        roots = [_root(kernel, rows) for kernel in kernels]
    except UnreadableError:
        return None
    lines, buffers = _emitted(roots)
    return Fused(name, args, tuple(k.name for k in kernels), buffers, lines)


def _root(kernel: Kernel, rows: Mapping[str, str]) -> Node:
    """The graph of a kernel's last line, its other lines put in where they are named."""
    known = {t.name: Node("argument", t.name) for t in kernel.args}
    *named, last = kernel.lines
    for line in named:
        if not line.text.endswith(".shape[0]"):  # a size: only ones(m) needs it, which is 1 here
            known[line.name] = tree(line.text, known, rows, _ufunc)
    return tree(last.text, known, rows, _ufunc)


def _ufunc(name: str, *parts: Node) -> Node:
    """A ufunc's node; signs are moved where that is exact, so that more parts are equal."""
    if all(p.kind == "constant" for p in parts):
        return Node("constant", _constant(name, *(p.name for p in parts)))
    name = {"abs": "absolute"}.get(name, name)
    match name, parts:
        case ("negative" | "absolute", (Node("ufunc", "negative", (inner,)),)):
            return inner if name == "negative" else _ufunc("absolute", inner)
        case "maximum", (Node("ufunc", "negative", (inner,)), Node("constant", "0")):
            return _ufunc("negative", _ufunc("minimum", inner, parts[1]))
        case "minimum", (Node("ufunc", "negative", (inner,)), Node("constant", "0")):
            return _ufunc("negative", _ufunc("maximum", inner, parts[1]))
        case "add", (left, Node("ufunc", "negative", (inner,))):
            return _ufunc("subtract", left, inner)
        case "add", (Node("ufunc", "negative", (inner,)), right):
            return _ufunc("subtract", right, inner)
        case "subtract", (left, Node("ufunc", "negative", (inner,))):
            return _ufunc("add", left, inner)
        case (("multiply" | "divide"), (Node("ufunc", "negative", (inner,)), right)):
            return _ufunc("negative", _ufunc(name, inner, right))
        case "multiply", (left, Node("ufunc", "negative", (inner,))):
            return _ufunc("negative", _ufunc("multiply", left, inner))
        case "exp", (Node("ufunc", "minimum", (inner, Node("constant", "0"))),):
            return _half_exponential(inner, "greater_equal")
        case "exp", (
            Node("ufunc", "negative", (Node("ufunc", "maximum", (inner, Node("constant", "0"))),)),
        ):
            return _half_exponential(inner, "less_equal")
        case "power", (base, Node("constant", "2")):
            return Node("ufunc", "square", (base,))
        case "power", (base, Node("constant", "1")):
            return base
        case (("add" | "multiply" | "maximum" | "minimum"), (left, right)) if repr(right) < repr(
            left
        ):
            return Node("ufunc", name, (right, left))  # a + b and b + a are one node
    return Node("ufunc", name, parts)


def _half_exponential(t: Node, relation: str) -> Node:
    """e^min(t, 0) (or e^-max(t, 0)) as the larger of e^-|t| and [t >= 0] (or [t <= 0]).

    Exact, as e^0 is 1: and e^-|t| is what the other parts of such formulas are made of.
    """
    T = _ufunc("exp", _ufunc("negative", _ufunc("absolute", t)))
    return Node("ufunc", "maximum", (T, Node("compare", relation, (t, Node("constant", "0")))))


def _constant(name: str, *texts: str) -> str:
    """A number computed from numbers, as a text in brackets."""
    signs = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}
    if name == "negative":
        return f"(-{texts[0]})"
    if name in signs:
        return f"({f' {signs[name]} '.join(texts)})"
    return f"np.{name}({', '.join(texts)})"


@dataclass(frozen=True)
class Family:
    """Calls with the same arguments that one call of a function serves."""

    name: str
    members: tuple[Node, ...]


def _families(order: Sequence[Node]) -> dict[Node, Family]:
    """To which family a call belongs, where all of its family is called."""
    found = {}
    for node in order:
        for name, functions in TOGETHER.items():
            members = tuple(Node("call", function, node.parts) for function in functions)
            if node in members and all(member in order for member in members):
                found[node] = Family(name, members)
    return found


@dataclass
class _Emission:
    """Lines as they are written, with the buffers that are free and what every node is called."""

    names: dict[Node, str]
    pinned: dict[Node, str]
    uses: dict[Node, int]
    families: dict[Node, Family]
    free: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def buffer(self) -> str:
        if self.free:
            return self.free.pop()
        name = f"t{len(self.made)}"
        self.made.append(name)
        return name

    def release(self, node: Node) -> None:
        """One use of a node is over; after the last its buffer is free."""
        self.uses[node] -= 1
        name = self.names[node]
        if self.uses[node] == 0 and name in self.made and name not in self.free:
            self.free.append(name)


def _emitted(roots: Sequence[Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines in order, and the names of the scratch buffers."""
    order = list(dict.fromkeys(node for root in roots for node in _inner_first(root)))
    uses = dict.fromkeys(order, 0)
    for node in order:
        for part in node.parts:
            uses[part] += 1
    outputs = [f"out[{number}]" for number in range(len(roots))]
    pinned: dict[Node, str] = {}
    copies: list[str] = []
    for root, output in zip(roots, outputs, strict=True):
        if root in pinned or root.kind in ("argument", "constant"):
            copies.append(f"{output}[...] = {pinned.get(root, root.name)}")
        else:
            pinned[root] = output
            uses[root] += 1  # an output is never given away
    state = _Emission({}, pinned, uses, _families(order))
    for node in order:
        _emit(node, state)
    return (*state.lines, *copies), tuple(state.made)


def _emit(node: Node, state: _Emission) -> None:
    if node in state.names:  # with its family
        return
    if node.kind in ("argument", "constant"):
        state.names[node] = node.name
        return
    family = state.families.get(node, Family(node.name, (node,)))
    called = ", ".join(state.names[part] for part in node.parts)
    for member in family.members:
        for part in member.parts:
            state.release(part)
    for member in family.members:
        state.names[member] = state.pinned.get(member) or state.buffer()
    targets = [state.names[member] for member in family.members]
    if node.kind == "call":
        stored = ", ".join(f"{target}[...]" for target in targets)
        state.lines.append(f"{stored} = {family.name}({called})")
    else:
        # A comparison's 1 and 0 are stored as numbers.
        state.lines.append(f"np.{node.name}({called}, out={targets[0]})")


def _inner_first(node: Node) -> Iterator[Node]:
    for part in node.parts:
        yield from _inner_first(part)
    yield node
