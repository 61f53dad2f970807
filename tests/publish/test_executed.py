"""What of a module is run to be judged: all that our printers write, and nothing else."""

from __future__ import annotations

import pytest

from derive.errors import RefutedError
from derive.pipeline import build
from derive.publish.executed import arithmetic
from derive.publish.module import Source
from derive.readers.plain import problem_from_text

PRINTED = {
    "a choice that is put off": (
        "parameter t (n)\nJ = sum_i {1/t_i if t_i > 1; 1/(2 - t_i) if t_i < 1; 1 otherwise}\n",
        "lambda:",
    ),
    "a choice by data": (
        "data q (m) in {0, 1, 2}\nparameter x (m)\nJ = sum_i {1 if q_i = 0; exp(x_i) otherwise}\n",
        "lambda:",
    ),
    "a choice between numbers": (
        "parameter x\nJ = {0 if x < 0; x^2 if x < 1; 2 x - 1 otherwise}\n",
        " else ",
    ),
    "a shift": (
        "parameter x (T)\nJ = sum_{s=1}^{T-3} (x[s] - 3 x[s+1] + 3 x[s+2] - x[s+3])^2\n",
        "np.",
    ),
    "an entry": ("parameter t (n)\nJ = (1 - t[1])^2 + 100 (t[2] - t[1]^2)^2\n", "[0]"),
    "three axes": (
        "data A (a, b, c)\nparameter x (a)\ndata z (c)\nJ = sum_{i,j,k} A_ijk x_i^2 z_k\n",
        "einsum",
    ),
    "a system": (
        "data v (n)\nparameter X (n, n) positive definite\nJ = v' inv(X) v - logdet(X)\n",
        "special.",
    ),
}


@pytest.mark.parametrize("kind", PRINTED)
def test_what_is_printed_is_arithmetic(kind) -> None:
    text, written = PRINTED[kind]
    built = build(problem_from_text(text, "printed"), Source("printed", "derive build"))
    assert written in built.texts["printed.py"]


@pytest.mark.parametrize(
    "value",
    [
        "open('injected', 'w')", "__import__('os')", "(lambda x: x)(1)", "lambda x=open: x",
        "lambda: open('injected')", "lambda *a: a", "lambda: (lambda: x)()", "x.__class__",
        "[y for y in x]", "f'{x}'", "eval('x')", "np.__dict__", "lambda: x.__class__", "lambda: 0",
        "special.choose([x], [lambda a: a])", "special.choose([x], [lambda: open])()",
        "special.choose([x], [lambda: open(1)])", "np.where(x, lambda: 0, 1)",
    ],
)  # fmt: skip
def test_nothing_else_is(value) -> None:
    text = f'def cost(x):\n    """The cost."""\n    return {value}\n'
    with pytest.raises(RefutedError):
        arithmetic(text, "printed")
