"""Where the errors are measured: stratified scores and data, the same in every run.

The seed and the grids are this tool's own; whatever chooses a form must use others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from derive.notation.expression import Expr, Num, Tensor
from derive.notation.interval import Interval
from derive.notation.problem import Problem
from derive.notation.tree import children

SEED = 20_777_213

EDGES = (
    1.0, math.log(2), math.pi, 8.0, 16.0, 18.5, 36.04, 36.74, 37.0, 37.5, 38.57, 40.0, 87.3, 88.72,
    103.97, 354.9, 372.6, 708.39, 709.78, 710.5, 744.44, 745.13, 746.0, 1e4, 1e8, 94906265.62,
    1.3e154, 1.8e308 / 2,
)  # fmt: skip
"""Where exp, log1p, a square or an addition to 1 change their behaviour in float64 or float32."""

DATA: tuple[tuple[float, ...], ...] = (
    (0.0, 1.0, 3.0, 1000.0, 1e6),
    (-1.0, 0.5, 1e-10, 1 - 2.0**-53, 0.2847, 0.7391, -0.6183, 2.75),
)
"""Values of the data: hard ones first, then soft ones; each counts where its domain allows it."""

Setting = tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """How many settings of the data, and how many scores of each kind a setting gets.

    dense: in the active range; middle: as far as exp goes; binades: sizes from the smallest number
    to the largest; around: neighbours of every special score.
    """

    settings: int
    dense: int
    middle: int
    binades: int
    around: int


SMALL = Plan(settings=6, dense=40, middle=8, binades=10, around=0)
QUICK = Plan(settings=14, dense=60, middle=16, binades=24, around=0)
NORMAL = Plan(settings=14, dense=700, middle=200, binades=300, around=3)
FULL = Plan(settings=14, dense=6000, middle=1500, binades=2098, around=4)


def settings(tensors: Sequence[Tensor], most: int) -> tuple[Setting, ...]:
    """Values of all data of a sample but its features, by their declared domains.

    Of several data each goes through all its values, beside values of the others in turn.
    """
    choices = [admissible(t.domain) for t in tensors]
    found: dict[Setting, None] = {}
    for shift in range(3):
        length = max((len(c) for c in choices), default=1)
        for k in range(length):
            found[tuple(c[(k + shift * p) % len(c)] for p, c in enumerate(choices))] = None
    every = tuple(found)
    return tuple(every[k * len(every) // most] for k in range(most)) if most < len(every) else every


def admissible(domain: Interval) -> tuple[float, ...]:
    """The values within a domain, of both kinds."""
    values = [v for kind in DATA for v in kind]
    inside = [v for v in values if Fraction(v) in domain]
    if not inside and domain.low > -math.inf and domain.high < math.inf:
        low, high = float(domain.low), float(domain.high)
        inside = [low + share * (high - low) for share in (0.5, 0.2847, 0.7391)]
    return tuple(v for v in inside if not domain.integer or v == int(v))


def numbers(problem: Problem) -> tuple[float, ...]:
    """The numbers that stand in the cost and its definitions: where cases may meet."""
    found: set[float] = set()
    pending: list[Expr] = [problem.cost, *(d.body for d in problem.definitions)]
    while pending:
        node = pending.pop()
        if isinstance(node, Num):
            found.add(abs(float(node.value)))
        pending += children(node)
    return tuple(sorted(found - {0.0}))


def scores(plan: Plan, name: str, setting: Setting, special: Sequence[float]) -> np.ndarray:
    """Scores for one setting, sorted, each once; +0.0 stands for both zeros."""
    rng = np.random.default_rng([SEED, *name.encode(), *np.array(setting).view(np.uint64)])
    centres = sorted({c for v in (*setting, *special) for c in centres_of(v)} | set(EDGES))
    near = [w for c in centres for s in (c, -c) for w in neighbours(s, plan.around)]
    exponents = np.linspace(-1074, 1023, plan.binades).round()
    tails = np.ldexp(1 + rng.random(plan.binades), exponents.astype(int))
    parts = [
        rng.uniform(-40, 40, plan.dense),
        rng.normal(0, 2, plan.dense // 2),
        rng.uniform(-800, 800, plan.middle),
        tails, -tails,
        near, [0.0],
    ]  # fmt: skip
    every = np.concatenate([np.asarray(p, dtype=float) for p in parts])
    return np.unique(every[np.isfinite(every)])


def centres_of(value: float) -> tuple[float, ...]:
    """A value and the scores whose links it is: log(y), logit(y), log(-log(1 - y)) and 1/y."""
    found = [value]
    if value > 0:
        found += [math.log(value), 1 / value]
    if 0 < value < 1:
        found += [math.log(value / (1 - value)), math.log(-math.log1p(-value))]
    return tuple(found)


def neighbours(value: float, count: int) -> list[float]:
    """A number, the next ones on both sides, and some at relative distances down to 1e-15."""
    found = [value]
    for direction in (-math.inf, math.inf):
        x = value
        for _ in range(count):
            x = math.nextafter(x, direction)
            found.append(x)
    for k, sign in itertools.product(range(1, 2 * count + 1), (-1, 1)):
        found.append(value * (1 + sign * 10.0 ** (-16 * k / (2 * count + 1))))
    return found


def roots(slopes: Mapping[float, float]) -> list[tuple[float, float]]:
    """Neighbouring scores between which a true value changes its sign."""
    known = sorted((z, v) for z, v in slopes.items() if v and not math.isnan(v))
    return [(a, b) for (a, u), (b, v) in itertools.pairwise(known) if (u < 0) != (v < 0)]
