"""The functions of a generated module, from the proof and the certificates."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.certify.sample_mean import sample_axis
from derive.certify.structure import LinearPredictor, SampleLoss, SumOfSquares
from derive.notation.expression import Diff, Element, Entry, Expr, Tensor
from derive.notation.functions import Elementwise
from derive.notation.matrix import Mat, Sym
from derive.notation.problem import Definition, Problem
from derive.notation.tree import tensors_in
from derive.programs.fits import by_scores, sparse_data
from derive.programs.fuse import Fused, fuse
from derive.programs.kernel import Kernel, Result, kernel, kernel_of
from derive.programs.rounded import evenly_rounded
from derive.record import Derivation, Proof
from derive.stabilise.shifts import Shift, shifts

TOGETHER = "cost_and_gradient"


@dataclass(frozen=True)
class Judged:
    """A kernel with the last line that it must agree with; one for each of its results."""

    kernel: Kernel
    last: Expr
    others: tuple[Expr, ...] = ()

    @property
    def lasts(self) -> tuple[Expr, ...]:
        """The last lines of all results, in order."""
        return (self.last, *self.others)


@dataclass(frozen=True)
class Program:
    """What a generated module computes.

    Attributes:
        problem: The problem.
        kernels: cost, gradient and hvp (with one result per parameter), hessian (one function
            per pair of parameters), cost and gradient together, and prediction.
        samplewise: loss, slope and curvature by the scores, where the cost adds up such losses.
        sample: The structure behind them.
        functions: The scalar functions that the module must define.
        fused: For a linear model loss, slope and curvature in one pass, and fewer of them.
        squares: The structure behind a fit by residuals, where the cost is a sum of squares.
    """

    problem: Problem
    kernels: tuple[Judged, ...]
    samplewise: tuple[Judged, ...]
    sample: SampleLoss | None
    functions: tuple[Elementwise, ...]
    fused: tuple[Fused, ...] = ()
    squares: SumOfSquares | None = None

    @property
    def linear(self) -> LinearPredictor | None:
        """The structure of a linear model, where the cost is one."""
        return self.sample if isinstance(self.sample, LinearPredictor) else None

    @property
    def by_scores(self) -> LinearPredictor | None:
        """The structure behind a fit by the scores of samples; None where it is by costs."""
        return by_scores(self.linear, self.problem, [j.kernel for j in self.kernels])

    @property
    def sparse_data(self) -> tuple[Tensor, ...]:
        """The data that may be a sparse matrix of SciPy."""
        return sparse_data(self.problem, [j.kernel for j in self.kernels])

    @property
    def everything(self) -> tuple[Judged, ...]:
        """All kernels."""
        return self.kernels + self.samplewise


def program(
    proof: Proof, sample: SampleLoss | None, squares: SumOfSquares | None = None
) -> Program:
    """The kernels print the proof's last lines, the stable ones where there are such."""
    problem = proof.problem
    linear = sample if isinstance(sample, LinearPredictor) else None
    stable = {p.of: p for p in proof.parts if p.kind == "stable"}
    choices = shifts(problem)
    definitions: dict[Tensor, Derivation] = {
        p.goal.tensor: _computed(p, stable)
        for p in proof.parts
        if isinstance(p.goal, Entry) and p.kind == "definition"
    }
    groups: dict[str, list[Derivation]] = {}
    for part in proof.parts:
        if part.kind == "theorem":
            groups.setdefault(_name(part, problem), []).append(part)
    kernels = [
        _theorems(name, parts, problem, stable, definitions, choices)
        for name, parts in groups.items()
    ]
    predictions = []
    if problem.prediction is not None:
        predictions.append(_prediction(problem, problem.prediction, linear, definitions, choices))
    made = [j.kernel for j in (*kernels, *predictions)]
    if by_scores(linear, problem, made) is None:
        kernels.append(_together(groups, problem, stable, definitions, choices))
    else:
        squares = None  # a linear model is fitted by its scores
    if squares is not None:
        kernels += _by_residuals(squares, problem, definitions)
    kernels += predictions
    samples = tuple(_samplewise(sample, definitions, choices)) if sample is not None else ()
    found = [f for j in (*kernels, *samples) for f in j.kernel.functions]
    functions = tuple(sorted(dict.fromkeys(found), key=lambda f: f.name))
    fused = _fused(samples, functions) if linear is not None else ()
    return Program(problem, tuple(kernels), samples, sample, functions, fused, squares)


def _fused(samples: tuple[Judged, ...], functions: tuple[Elementwise, ...]) -> tuple[Fused, ...]:
    """All of a sample at once; what a cost with its gradient needs; what a gradient needs."""
    passes = (
        ("fused", ("loss", "slope", "curvature")),
        ("fused_value", ("loss", "slope")),
        ("fused_slope", ("slope",)),
    )
    parts = [(name, [j.kernel for j in samples if j.kernel.name in of]) for name, of in passes]
    made = [fuse(name, part, functions) for name, part in parts if part]
    return tuple(f for f in made if f is not None)


def _computed(part: Derivation, stable: dict[str, Derivation]) -> Derivation:
    """A definition in the form in which the code computes it."""
    form = stable.get(part.label)
    return part if form is None else replace(part, label=f"{part.label}, {form.label}",
                                             steps=form.steps)  # fmt: skip


def _theorems(
    name: str,
    parts: list[Derivation],
    problem: Problem,
    stable: dict[str, Derivation],
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...],
) -> Judged:
    """One function for the theorems of one kind: all gradients from one pass, for example.

    A stable form with open numbers in it is equal to the theorem for all of them.
    """
    directions = tuple(dict.fromkeys(t for part in parts for t in _directions(part)))
    args = (*problem.parameters, *directions, *problem.data)
    rows = sample_axis(problem) if name in ("gradient", "hvp") and choices else None
    results = _results(parts, problem, stable)
    title = parts[0].title
    if len(parts) > 1:
        title = f"{title.partition(' by ')[0]} by {', '.join(result.name for result in results)}"
    made = kernel_of(name, title, results, args, definitions, choices, rows)
    return Judged(made, parts[0].last, tuple(part.last for part in parts[1:]))


def _together(
    groups: dict[str, list[Derivation]],
    problem: Problem,
    stable: dict[str, Derivation],
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...],
) -> Judged:
    """Cost and gradient from one pass, for the solvers: what both need is computed once."""
    parts = [*groups["cost"], *groups["gradient"]]
    results = _results(parts, problem, stable)
    args = (*problem.parameters, *problem.data)
    rows = sample_axis(problem)
    title = "cost and gradient"
    made = kernel_of(TOGETHER, title, results, args, definitions, choices, rows, once=True)
    return Judged(made, parts[0].last, tuple(part.last for part in parts[1:]))


def _by_residuals(
    squares: SumOfSquares, problem: Problem, definitions: dict[Tensor, Derivation]
) -> list[Judged]:
    """The residuals and their Jacobian: one array for each term, and for each parameter of it."""
    args = (*problem.parameters, *problem.data)
    names = [p.name for p in problem.parameters]
    parts = {
        "residuals": [("", block.residuals) for block in squares.blocks],
        "jacobian": [
            pair for block in squares.blocks for pair in zip(names, block.jacobian, strict=True)
        ],
    }
    titles = {
        "residuals": "residuals, half of whose squares add up to the cost",
        "jacobian": f"Jacobian of the residuals by {', '.join(names)}",
    }
    judged = []
    for name, rows in parts.items():
        results = tuple(Result(of, _form(part), "") for of, part in rows)
        made = kernel_of(name, titles[name], results, args, definitions)
        judged.append(Judged(made, rows[0][1].last, tuple(part.last for _, part in rows[1:])))
    return judged


def _results(
    parts: list[Derivation], problem: Problem, stable: dict[str, Derivation]
) -> tuple[Result, ...]:
    """What the theorems state, each in its stable form where there is one."""
    results = []
    for part in parts:
        form = stable.get(part.label, part)
        label = part.label if form is part else f"{part.label}, {form.label}"
        mat = _form(form)
        uneven = _own_block(part) and not evenly_rounded(mat)
        results.append(Result(_row(part, problem), mat, label, uneven))
    return tuple(results)


def _form(form: Derivation) -> Mat:
    if form.matrix is None:
        raise TypeError(f"{form.label} has no matrix form")
    return form.matrix


def _directions(part: Derivation) -> tuple[Tensor, ...]:
    return tuple(t for t in tensors_in(part.goal) if t.role == "direction")


def _name(part: Derivation, problem: Problem) -> str:
    """cost, gradient, hvp, hessian; with several parameters, whose block: hessian_w_b."""
    several = len(problem.parameters) > 1
    match part.goal:
        case Diff(Diff(_, row), column):
            return f"hessian_{row.tensor.name}_{column.tensor.name}" if several else "hessian"
        case Diff():
            return "gradient"
    return "hvp" if _directions(part) else "cost"


def _own_block(part: Derivation) -> bool:
    """Whether it is the second derivative by one vector, a symmetric matrix."""
    match part.goal:
        case Diff(Diff(_, row), column):
            return row.tensor == column.tensor and len(row.tensor.axes) == 1
    return False


def _row(part: Derivation, problem: Problem) -> str:
    """The parameter that a gradient or a Hessian-vector product belongs to."""
    match part.goal:
        case Diff(_, wrt):
            return wrt.tensor.name
    named = (p.name for p in problem.parameters if f"${p.latex}$" in part.title)
    return next(named, "")  # the row of a product is the parameter that the title names


def _prediction(
    problem: Problem,
    prediction: Definition,
    linear: LinearPredictor | None,
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...],
) -> Judged:
    """The predicted values: from scores and data of a linear model, else from parameters and data.

    An offset or an exposure, for example, is needed beside the scores.
    """
    tensor = prediction.tensor
    part = definitions[tensor]
    last = Element(Sym(tensor), prediction.indices)
    title = f"prediction: {tensor.meaning or tensor.name}"
    behind = _behind(tensor, definitions)
    given: tuple[Tensor, ...] = tuple(t for t in problem.data if t in behind)
    if linear is not None:
        args = (linear.score.tensor, *(t for t in given if t != linear.matrix))
        title += " from the scores"
    else:
        args = (*problem.parameters, *given)
    made = kernel("prediction", title, last.mat, part.label, args, definitions, choices)
    return Judged(made, last)


def _behind(tensor: Tensor, definitions: dict[Tensor, Derivation]) -> frozenset[Tensor]:
    """The tensors from which a definition is computed, directly or not."""
    found: set[Tensor] = set()
    for inner in tensors_in(definitions[tensor].steps[0].after):
        found.add(inner)
        if inner in definitions:
            found |= _behind(inner, definitions)
    return frozenset(found)


def _samplewise(
    sample: SampleLoss, definitions: dict[Tensor, Derivation], choices: tuple[Shift, ...]
) -> list[Judged]:
    args = (sample.score.tensor, *sample.others)
    given = (sample.loss, sample.slope, sample.curvature)
    return [
        _sampled(part.label, form, part.last, args, definitions, choices)
        for part, form in zip(given, sample.computed, strict=True)
    ]


def _sampled(
    name: str,
    form: Derivation,
    stated: Expr,
    args: tuple[Tensor, ...],
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...],
) -> Judged:
    """One of the three. A form with open numbers in it is equal to what is stated for all."""
    mat = _form(form)
    made = kernel(name, form.title, mat, form.label, args, definitions, choices, careful=True)
    opened = {choice.tensor for choice in choices} & set(tensors_in(form.last))
    return Judged(made, stated if opened else form.last)
