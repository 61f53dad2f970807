"""What an article about a cost claims, as data: chains to be derived, not prose.

A story belongs to a problem, whose letters and definitions it uses. Each claim is a chain from
a goal along a route; the engine follows the route and records every step, the judge checks it.

A move of a route is
    a name               rules or lines by their names ("quotient-rule", "linearity"): they are
                         applied until none of them fits;
    a tuple of names     the same in one line;
    To(target, reason)   the formula brought to a stated form by algebra, or, with a sign, bounded
                         by it: To(0, ">") where everything in the line is positive;
    Rewrite(names, words)  names with words of one's own at the right;
    ByCases(labels, target)  what earlier claims say case by case.

An inequality is a move whose sign is not "=": To with a sign, or a rule that is an inequality.
All signs of a chain point one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from derive.notation.expression import Expr, Tensor
from derive.notation.interval import Interval
from derive.notation.problem import Problem


@dataclass(frozen=True)
class To:
    """Bring the line to `target` ("="), or bound it by `target` ("<=", "<", ">=", ">")."""

    target: Expr
    reason: str
    sign: Literal["=", "<", "<=", ">", ">="] = "="


@dataclass(frozen=True)
class Rewrite:
    """Apply the named rules until none fits, with these words at the right.

    `once` stops after one application.
    """

    names: tuple[str, ...]
    reason: str
    once: bool = False


@dataclass(frozen=True)
class ByCases:
    """Conclude from earlier claims of this story that cover every value of one letter.

    Each claim named has this claim's goal, ends at `target` and is made for a part of the
    letter's domain (its `given`); together the parts must cover the domain.
    """

    labels: tuple[str, ...]
    target: Expr
    sign: Literal["=", "<", "<=", ">", ">="] = "="


Move = str | tuple[str, ...] | To | Rewrite | ByCases


@dataclass(frozen=True)
class Claim:
    """One chain of a story.

    Attributes:
        label: R1, R2, ...: later claims cite it by "cite-R1".
        title: What is shown, in a few words.
        goal: The left-hand side.
        route: The moves.
        ends: Where the chain must end, when that is promised (in index notation, also where a
            matrix form follows); None leaves it to the route.
        given: Letters with a narrower domain: ((y, point(1)),) reads "for y = 1".
        text: What a reader should take from it, in words; may contain $...$.
    """

    label: str
    title: str
    goal: Expr
    route: tuple[Move, ...]
    ends: Expr | None = None
    given: tuple[tuple[Tensor, Interval], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Story:
    """An article: a title, what it is about, and its claims in order.

    `problem` supplies the letters, the definitions and (as J) the cost. Its own derivation is not
    repeated; a story that wants it makes claims about it.
    """

    name: str
    title: str
    problem: Problem
    claims: tuple[Claim, ...]
    summary: str = ""
    sources: tuple[str, ...] = ()


Subject = Problem | Story
"""What can be derived: a cost, or a story about one."""
