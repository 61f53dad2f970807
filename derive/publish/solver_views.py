"""What a generated module tells the solvers of its cost: view objects of ready strings."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.certify.sample_mean import sample_axis
from derive.notation.expression import Expr, Num, Tensor
from derive.notation.facts import SPARSE
from derive.notation.interval import End, Interval
from derive.programs.kernel import Kernel
from derive.programs.lines import shape_of
from derive.programs.program import Program
from derive.publish.words import WIDTH, escaped, plain_words, wrapped

BY_RESIDUALS = "levenberg_marquardt"
METHODS = ("auto", "newton_cg", "lbfgs", BY_RESIDUALS)
"""The ways in which a general model is fitted; one is for sums of squares alone."""

FIT_NAMES = frozenset(
    {"l2", "penalise", "start", "method", "tol", "max_iter", "sizes", "result", "minimise"}
)


@dataclass(frozen=True)
class LinearModelView:
    """The model and its fit, laid out by templates/linear_model.py.j2."""

    name: str
    prediction: str
    target: tuple[str, ...]
    convex: str
    bound: str
    quadratic: tuple[str, ...]
    domain: str
    fused: tuple[str, ...]
    rows: str


@dataclass(frozen=True)
class PredictView:
    """The function that predicts: its arguments, and what it passes on."""

    args: tuple[str, ...]
    result: str
    doc: tuple[str, ...]
    passed: tuple[str, ...]


@dataclass(frozen=True)
class GeneralModelView:
    """A model of any form and its fit, laid out by templates/general_model.py.j2.

    `predictions` holds one view where the problem says what is predicted, else none; `squares` a
    line where the cost is a sum of squares.
    """

    name: str
    parameters: str
    data: str
    convex: str
    rows: str
    squares: tuple[str, ...]
    methods: tuple[str, ...]
    args: tuple[str, ...]
    names: tuple[str, ...]
    about: tuple[str, ...]
    predictions: tuple[PredictView, ...]


def linear_model(program: Program) -> LinearModelView | None:
    """The view of a model that `solvers.fit` takes: one target besides X."""
    linear = program.by_scores
    if linear is None:
        return None
    (target,) = linear.others
    domain = _domain_words(target)
    prediction = program.problem.prediction
    return LinearModelView(
        program.problem.name,
        "scores" if prediction is None else _said(prediction.tensor),
        (*_interval_code(target.domain), f"text={json.dumps(domain)}"),
        str(linear.convex),
        "None" if linear.bound is None else _number(linear.bound),
        ("quadratic=True,",) if _constant(linear.curvature.last) else (),
        domain,
        tuple(f"{f.name}={f.name}," for f in program.fused),
        str(max((f.rows for f in program.fused), default=3)),
    )


def _constant(bend: Expr) -> bool:
    """Whether the curvature is one positive number: the cost is quadratic."""
    return isinstance(bend, Num) and bend.value > 0


def general_model(program: Program, *, convex: bool = False) -> GeneralModelView:
    """The view of a model that `solvers.minimise` takes: any cost at all.

    The solver moves every entry on its own, so convexity among symmetric matrices is not enough.
    """
    problem = program.problem
    sparse = program.sparse_data
    about = [line for t in problem.data for line in wrapped(_about(t, sparse=t in sparse))]
    return GeneralModelView(
        problem.name,
        _tuple_code("parameters", [_variable_code(t) for t in problem.parameters]),
        _tuple_code("data", [_variable_code(_known(t, program)) for t in problem.data]),
        str(convex and not any(p.facts for p in problem.parameters)),
        "None" if (rows := sample_axis(problem)) is None else f'"{rows.letter}"',
        _squares_code(program),
        tuple(f'"{name}"' for name in METHODS if program.squares or name != BY_RESIDUALS),
        tuple(_typed(t) for t in problem.data),
        tuple(_argument(t) for t in problem.data),
        tuple(escaped(line) for line in about),
        tuple(
            _predict_view(program, j.kernel)
            for j in program.kernels
            if j.kernel.name == "prediction"
        ),
    )


def _said(tensor: Tensor) -> str:
    """What a tensor means, in a docstring."""
    return escaped(plain_words(tensor.meaning)) or tensor.name


def _squares_code(program: Program) -> tuple[str, ...]:
    """squares=Squares(residuals, jacobian, linear=("a",)), for a sum of squares."""
    if program.squares is None:
        return ()
    names = [f'"{p.name}"' for p in program.squares.linear]
    linear = f", linear={_tuple_of(names)}" if names else ""
    return (f"squares=Squares(residuals, jacobian{linear}),",)


def _known(tensor: Tensor, program: Program) -> Tensor:
    """The tensor with the facts that the solver checks or uses."""
    if SPARSE not in tensor.facts or tensor in program.sparse_data:
        return tensor
    return replace(tensor, facts=tensor.facts - {SPARSE})


def _predict_view(program: Program, kernel: Kernel) -> PredictView:
    """Parameters are taken from the result, the scores of a linear model computed."""
    problem, linear = program.problem, program.linear
    values = {t: f'result["{t.name}"]' for t in problem.parameters}
    values |= {t: f"np.asarray({_argument(t)}, dtype=np.float64)" for t in problem.data}
    values |= {t: f"float({code})" for t, code in values.items() if not t.axes}
    values |= {t: f"special.matrix({_argument(t)})" for t in program.sparse_data}
    needed = [t for t in kernel.args if t in problem.data]
    if linear is not None:
        values[linear.score.tensor] = f"{values[linear.matrix]} @ {values[linear.parameter]}"
        needed = [linear.matrix, *needed]
    made = problem.prediction.tensor if problem.prediction is not None else kernel.args[0]
    what = plain_words(made.meaning) or made.name
    doc = f"The {what}, by a fitted result; shape {shape_of(kernel.axes)}."
    return PredictView(
        ("result: Solution", *(_typed(t) for t in needed)),
        "Array" if kernel.axes else "float",
        tuple(escaped(line) for line in wrapped(doc)),
        tuple(values[t] for t in kernel.args),
    )


def _about(tensor: Tensor, *, sparse: bool) -> str:
    """What an array is, its shape and where its entries lie."""
    bounded = tensor.domain.low != -math.inf or tensor.domain.high != math.inf
    words = [
        plain_words(tensor.meaning),
        _domain_words(tensor) if bounded or not tensor.meaning else "",
        "an array or a sparse matrix of SciPy" if sparse else "",
    ]
    return f"{_argument(tensor)} {shape_of(tensor.axes)}: {'; '.join(w for w in words if w)}."


def _argument(tensor: Tensor) -> str:
    """The name of an array as an argument of `fit`, which has names of its own."""
    return f"{tensor.name}_" if tensor.name in FIT_NAMES else tensor.name


def _typed(tensor: Tensor) -> str:
    return f"{_argument(tensor)}: {'ArrayLike' if tensor.axes else 'float'}"


def _variable_code(tensor: Tensor) -> str:
    """Variable("y", ("m",), Target(0.0, 1.0, text="y in [0, 1]"))."""
    code = [f'"{tensor.name}"', _tuple_of([f'"{a.letter}"' for a in tensor.axes])]
    if tensor.domain.low != -math.inf or tensor.domain.high != math.inf:
        domain = [*_interval_code(tensor.domain), f"text={json.dumps(_domain_words(tensor))}"]
        code.append(f"Target({', '.join(domain)})")
    if tensor.facts:
        code.append(f"facts={_tuple_of([json.dumps(fact) for fact in sorted(tensor.facts)])}")
    line = f"Variable({', '.join(code)})"
    return line if len(line) < WIDTH - 8 else _broken("Variable(", code, ")", 8)


def _tuple_of(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _tuple_code(name: str, items: list[str]) -> str:
    """name=(items), on one line if that is short."""
    line = f"{name}={_tuple_of(items)},"
    return line if len(line) < WIDTH else _broken(f"{name}=(", items, "),", 4)


def _broken(head: str, items: list[str], tail: str, indent: int) -> str:
    """Brackets with one item on each line."""
    space = " " * indent
    return "\n".join((head, *(f"{space}    {item}," for item in items), f"{space}{tail}"))


def _interval_code(domain: Interval) -> list[str]:
    code = [_end(domain.low), _end(domain.high)]
    if domain.low_open and domain.low != -math.inf:
        code.append("low_open=True")
    if domain.high_open and domain.high != math.inf:
        code.append("high_open=True")
    return code


def _end(end: End) -> str:
    return _number(end) if isinstance(end, Fraction) else ("np.inf" if end > 0 else "-np.inf")


def _number(value: Fraction) -> str:
    return repr(value.numerator / value.denominator)


def _domain_words(tensor: Tensor) -> str:
    low, high = tensor.domain.low, tensor.domain.high
    if low == -math.inf and high == math.inf:
        return f"{tensor.name} any real number"
    if high == math.inf:
        return f"{tensor.name} {'>' if tensor.domain.low_open else '>='} {low}"
    left, right = "(" if tensor.domain.low_open else "[", ")" if tensor.domain.high_open else "]"
    return f"{tensor.name} in {left}{low}, {high}{right}"
