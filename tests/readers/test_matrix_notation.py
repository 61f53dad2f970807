"""Matrix notation, in plain text and in Python, against NumPy on random formulas."""

import numpy as np
import pytest

from derive.notation import (
    Axis,
    Problem,
    data,
    diag,
    dot,
    exp,
    eye,
    hadamard,
    norm,
    norm2,
    ones,
    outer,
    parameter,
    tanh,
    total,
    tr,
)
from derive.notation.validate import validate
from derive.readers.plain import problem_from_text
from tests.fuzz.dual_numbers import seeded
from tests.fuzz.literal import Literal

m, n = Axis("m"), Axis("n")
SIZES = {m: 3, n: 2}
ARRAYS = {
    "X": (m, n),
    "Z": (m, n),
    "K": (n, n),
    "M": (m, m),
    "u": (m,),
    "w": (m,),
    "t": (n,),
    "c": (),
    "p": (),
}
TENSORS = {name: data(name, *axes) for name, axes in ARRAYS.items() if name != "p"}
TENSORS["p"] = parameter("p")
HEAD = "\n".join(
    f"{'parameter' if name == 'p' else 'data'} {name}"
    + (f" ({', '.join(axis.letter for axis in axes)})" if axes else "")
    for name, axes in ARRAYS.items()
)


class Writer:
    """A random formula three times: as text, as an array of ours and as numbers."""

    def __init__(self, seed):
        self.rng = seeded(f"matrix {seed}")
        numbers = np.random.default_rng(seed)
        self.numbers = {
            name: np.asarray(numbers.normal(size=[SIZES[a] for a in axes]))
            for name, axes in ARRAYS.items()
        }

    def leaf(self, axes):
        found = [name for name, shape in ARRAYS.items() if shape == axes]
        if len(axes) == 1 and self.rng.random() < 0.1:
            return f"1_{axes[0].letter}", ones(*axes), np.ones(SIZES[axes[0]])
        if not found:  # the transpose of a matrix
            text, array, number = self.leaf(axes[::-1])
            return f"{text}'", array.T, number.T
        name = self.rng.choice(found)
        return name, TENSORS[name], self.numbers[name]

    def write(self, axes, depth):
        if depth == 0:
            return self.leaf(axes)
        kinds = ["plain", "add", "scale", "entrywise", "function"]
        kinds += {
            0: ["norm", "dot", "form", "total"],
            1: ["apply", "apply"],
            2: ["product", "outer", "turn"],
        }[len(axes)]
        kinds += ["trace"] * (not axes) + ["diag"] * (len(axes) == 2 and axes[0] == axes[1])
        kinds += ["identity"] * (len(axes) == 2 and axes[0] == axes[1])
        return getattr(self, self.rng.choice(kinds))(axes, depth - 1)

    def plain(self, axes, _):
        return self.leaf(axes)

    def axis(self):
        return self.rng.choice([m, n])

    def add(self, axes, depth):
        (a, x, u), (b, y, v) = self.write(axes, depth), self.write(axes, depth)
        if self.rng.random() < 0.5:
            return f"({a} + {b})", x + y, u + v
        return f"({a} - {b})", x - y, u - v

    def scale(self, axes, depth):
        (a, x, u), (b, y, v) = self.write((), depth), self.write(axes, depth)
        return (
            (f"({a} {b})", x * y, u * v)
            if self.rng.random() < 0.5
            else (f"({b} * {a})", y * x, u * v)
        )

    def entrywise(self, axes, depth):
        (a, x, u), (b, y, v) = self.write(axes, depth), self.write(axes, depth)
        return f"({a} .* {b})", hadamard(x, y), u * v

    def function(self, axes, depth):
        a, x, u = self.write(axes, depth)
        if len(axes) == 2 and axes[0] == axes[1]:
            return f"({a}).^2", x**2, u**2
        if self.rng.random() < 0.5:
            return f"tanh({a})", tanh(x), np.tanh(u)
        return f"exp(-({a}).^2)" if axes else f"exp(-({a})^2)", exp(-(x**2)), np.exp(-(u**2))

    def norm(self, _, depth):
        a, x, u = self.write((self.axis(),), depth)
        if self.rng.random() < 0.5:
            return f"|{a}|^2", norm2(x), u @ u
        return f"||{a}||_2", norm(x), np.sqrt(u @ u)

    def dot(self, _, depth):
        axes = (self.axis(),)
        (a, x, u), (b, y, v) = self.write(axes, depth), self.write(axes, depth)
        return (
            (f"(({a})' {b})", dot(x, y), u @ v)
            if self.rng.random() < 0.5
            else (f"dot({a}, {b})", dot(y, x), u @ v)
        )

    def form(self, _, depth):
        (a, x, u), (b, y, v) = self.write((m,), depth), self.write((m, n), depth)
        c, z, w = self.write((n,), depth)
        return (
            f"(({a})' ({b}) ({c}))",
            (x @ y) @ z if self.rng.random() < 0.5 else dot(x, y @ z),
            u @ v @ w,
        )

    def total(self, _, depth):
        a, x, u = self.write((m, n), depth)
        return f"sum({a})", total(x), u.sum()

    def trace(self, _, depth):
        a, x, u = self.write((n, n), depth)
        return f"tr({a})", tr(x), np.trace(u)

    def apply(self, axes, depth):
        inner = self.axis()
        (a, x, u), (b, y, v) = self.write((*axes, inner), depth), self.write((inner,), depth)
        return f"(({a}) ({b}))", x @ y, u @ v

    def product(self, axes, depth):
        inner = self.axis()
        a, x, u = self.write((axes[0], inner), depth)
        b, y, v = self.write((inner, axes[1]), depth)
        return f"(({a}) ({b}))", x @ y, u @ v

    def outer(self, axes, depth):
        (a, x, u), (b, y, v) = self.write(axes[:1], depth), self.write(axes[1:], depth)
        return f"({a} ({b})')", outer(x, y), np.outer(u, v)

    def turn(self, axes, depth):
        a, x, u = self.write(axes[::-1], depth)
        return f"({a})'", x.T, u.T

    def diag(self, axes, depth):
        a, x, u = self.write(axes[:1], depth)
        return f"diag({a})", diag(x), np.diag(u)

    def identity(self, axes, depth):
        (a, x, u), (b, y, v) = self.write(axes, depth), self.write((), depth)
        return f"({a} + ({b}) I)", x + y * eye(axes[0]), u + v * np.eye(len(u))


def value(problem, numbers):
    return float(Literal(SIZES, numbers, problem.definitions).value(problem.cost))


@pytest.mark.parametrize("seed", range(80))
def test_a_random_formula_has_the_value_that_numpy_gives_it(seed, monkeypatch):
    monkeypatch.setattr("derive.readers.elaborate._all_used", lambda *_: None)
    writer = Writer(seed)
    text, formula, number = writer.write((), 3)
    read = problem_from_text(f"{HEAD}\nJ = p + {text}")
    total_ = float(number) + float(writer.numbers["p"])
    close = {"rel": 1e-9, "abs": 1e-9}
    assert value(read, writer.numbers) == pytest.approx(total_, **close)
    tensors = tuple(t for t in TENSORS.values() if t.role == "data")
    built = Problem("p", "P", tensors, (TENSORS["p"],), TENSORS["p"] + formula)
    assert value(built, writer.numbers) == pytest.approx(total_, **close)
    # letters: none hides another, none is left open (coded=False: unused data are no matter)
    for problem in (read, built):
        validate(problem, coded=False)
