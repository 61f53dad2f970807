"""Random costs with shifted letters, positions, cases, maxima and products over an index."""

from __future__ import annotations

from random import Random

from derive.notation import Problem, Sum
from derive.notation.expression import Axis, Delta, Index
from derive.notation.tree import free_indices
from tests.fuzz.costs import AXES, DATA, LETTERS, PARAMETERS, Writer, _fitted
from tests.fuzz.dual_numbers import seeded


def candidates(axis: Axis, free: list[Index]) -> list[Index]:
    """Every way to stand on an axis with the letters at hand."""
    out = []
    for k in free:
        if k.axis.root == axis.root and k.axis.cut >= axis.cut:
            out += [k + s for s in range(k.axis.cut - axis.cut + 1)]
    return out


class Shifted(Writer):
    """Writes sums over shorter axes and entries that are shifted or at a fixed position."""

    def leaf(self, free, positive=False):
        rng = self.rng
        fitting = [
            t for t in self.tensors
            if t.axes and (not positive or t.domain.positive)
            and all(candidates(a, free) for a in t.axes)
        ]  # fmt: skip
        if not fitting or rng.random() < 0.25:
            return super().leaf([k for k in free if not k.axis.cut], positive)
        tensor = rng.choices(fitting, [1 + 4 * (t.role != "data") for t in fitting])[0]
        places = [
            rng.choice((1, -1)) if rng.random() < 0.1 else rng.choice(candidates(a, free))
            for a in tensor.axes
        ]
        return tensor[tuple(places)]

    def special(self, free):
        pairs = [
            (a + rng_shift, b) for a in free for b in free
            if a.letter != b.letter and a.axis.root == b.axis.root
            for rng_shift in range(a.axis.cut + 1)
        ]  # fmt: skip
        if pairs and self.rng.random() < 0.8:
            return Delta(*self.rng.choice(pairs))
        return super().special([k for k in free if not k.axis.cut])

    def total(self, free, depth, positive=False):
        rng = self.rng
        root = rng.choice(AXES)
        axis = root.less(rng.choice((0, 0, 1, 1, 2)))
        used = {k.letter for k in free}
        spare = [letter for letter in LETTERS[root] if letter not in used]
        if not spare:
            return self.leaf(free, positive)
        # one letter stands for one axis in the whole problem
        index = axis.index(spare[0] + str(axis.cut or ""))
        if index.letter in used:
            return self.leaf(free, positive)
        for _ in range(20):
            inside = [*free, index]
            body = self.positive(inside, depth - 1) if positive else self.formula(inside, depth - 1)
            if index in free_indices(body):
                lower = 2 if rng.random() < 0.12 and not positive else 1
                return Sum(body, (index, lower, axis))
        return self.leaf(free, positive)


def shifted_problem(seed: int) -> Problem | None:
    """The problem of a seed, or None where the draw makes no sense as a problem."""
    rng: Random = seeded(f"shifted {seed}")
    parameters = rng.choice(PARAMETERS)
    writer = Shifted(rng, [*rng.sample(DATA, 4), *parameters, *parameters, *parameters])
    depth = rng.choice((2, 3, 3, 4))
    for _ in range(30):
        cost = writer.total([], depth)
        if rng.random() < 0.4:
            cost = cost + writer.total([], 2)
        if rng.random() < 0.2:
            cost = 1 / rng.choice(AXES).less(rng.choice((0, 1))) * cost
        problem = _fitted(f"shifted_{seed}", cost, parameters, ())
        if problem is not None:
            return problem
    return None
