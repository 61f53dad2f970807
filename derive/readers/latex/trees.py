"""The trees of the grammar, and what all who make trees of the readers from them share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lark import Token, Tree

from derive.errors import ProblemError
from derive.readers.complaint import Text, joined
from derive.readers.latex.tokens import span_of
from derive.readers.surface import Big, Binary, Indexed, Name, Number, Span, Surface
from derive.readers.walk import inside, letters_of

Node = Tree[Token]


def tokens_of(tree: Node) -> list[Token]:
    """The tokens directly in a tree."""
    return [part for part in tree.children if isinstance(part, Token)]


def subtrees(tree: Node) -> list[Node]:
    """The trees directly in a tree."""
    return [part for part in tree.children if isinstance(part, Tree)]


def place(tree: Node | Token) -> Span:
    """Where a tree stands."""
    if isinstance(tree, Token):
        return span_of(tree)
    spans = [place(part) for part in tree.children]
    return joined(spans[0], spans[-1]) if spans else Span(0, 0)


def core(tree: Node) -> Node:
    """What scripts stand at."""
    while tree.data == "scripted":
        tree = subtrees(tree)[0]
    return tree


def leaves(tree: Node | Token) -> Iterator[Token]:
    """All tokens of a tree, in order."""
    if isinstance(tree, Token):
        yield tree
    else:
        for part in tree.children:
            yield from leaves(part)


def word_of(index: Surface) -> str:
    """A name or number as part of a name; empty for a longer formula."""
    if isinstance(index, Name):
        return index.name
    if isinstance(index, Number) and index.value.denominator == 1:
        return str(index.value)
    return ""


def apart(tree: Surface) -> Iterator[Surface]:
    """Letters side by side are indices one by one: ij is i and j."""
    if isinstance(tree, Binary) and tree.operator == " ":
        yield from apart(tree.left)
        yield from apart(tree.right)
    else:
        yield tree


def uses(tree: Surface, letter: str) -> bool:
    """Whether a letter occurs free in a tree."""
    if isinstance(tree, Big) and any(limit.letter.name == letter for limit in tree.limits):
        return False
    if isinstance(tree, Indexed):
        return any(letter in letters_of(k) for k in (*tree.rows, *tree.indices)) or uses(
            tree.base, letter
        )
    return any(uses(part, letter) for part in inside(tree))


def is_one(tree: Surface) -> bool:
    """Whether a tree is the number 1."""
    return isinstance(tree, Number) and tree.value == 1


@dataclass
class Making:
    """Makes the trees of one text.

    Attributes:
        text: The source.
        declared: Names that are declared or defined.
        letters: Letters that some sum runs over, or that index what is defined.
        functions: The whole names of the functions that the text defines, as h_theta.
        vectors: Letters that also stand alone or with an index letter: their theta_1 is an entry.
        own: Names with a number that are letters of their own, as beta_0 in J(beta_0, beta).
    """

    text: Text
    declared: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    bound: list[str] = field(default_factory=list)

    def error(self, span: Span, wrong: str, todo: str) -> ProblemError:
        return self.text.error(span, wrong, todo)

    def made(self, tree: Node) -> Surface:
        """The tree of a formula."""
        raise NotImplementedError

    def items(self, items: Node, count: int = 0) -> tuple[Surface, ...]:
        """The formulas between commas."""
        raise NotImplementedError

    def call(self, tree: Node, after: Sequence[Node]) -> Surface:
        """A function that the text defines, or one of the table."""
        raise NotImplementedError
