"""A cost through the whole pipeline, compared with the literal cost at one point."""

from __future__ import annotations

import types
from dataclasses import dataclass

import numpy as np

from derive.calculus.differentiate import differentiate
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.matrices.prove import prove
from derive.notation import Problem
from derive.notation.expression import Axis, Diff, Element, Entry, Product, Sum
from derive.notation.facts import has
from derive.notation.indices import least_size
from derive.notation.tree import axes_in, mat_tensors, subterms
from derive.programs.program import Program, program
from derive.publish.module import Source, module_text
from derive.publish.solvers import special_functions
from derive.record import Proof
from derive.stabilise.proof import with_stable_forms
from derive.stabilise.samples_proof import with_sample_forms
from tests.fuzz.dual_numbers import Jet, jets, seeded
from tests.fuzz.literal import Literal

TOLERANCE = 1e-9
SIZES = ((2, 3, 4), (3, 2, 4), (4, 3, 2), (1, 3, 2), (3, 1, 2), (2, 3, 1))
LARGEST = 1e5
EDGE = 1e-9


@dataclass(frozen=True)
class Made:
    """Everything that comes out of a problem."""

    proof: Proof
    program: Program
    module: dict


def made(problem: Problem) -> Made:
    """The proof, the program and its functions, executed from their text."""
    calculus = differentiate(problem)
    plain = with_stable_forms(prove(calculus))
    found = sample_loss(problem)
    proof, sample = with_sample_forms(plain, linear_predictor(problem, found) or found)
    functions = program(proof, sample)
    return Made(proof, functions, executed(module_text(proof, functions, Source("a", "b"))))


def executed(module: str) -> dict:
    """The functions of a module's text, without its fit."""
    head = module.split("\nMODEL = ", maxsplit=1)[0]
    lines = [line for line in head.splitlines() if not line.startswith("from .solvers")]
    space = types.ModuleType("module_under_test")
    space.__dict__["special"] = special_functions()
    exec(compile("\n".join(lines), "<module>", "exec"), space.__dict__)  # noqa: S102
    return vars(space)


def axes_of(problem: Problem):
    """All axes, in order of appearance."""
    found = dict.fromkeys(a.root for t in (*problem.data, *problem.parameters) for a in t.axes)
    for d in problem.all_definitions:
        found.update(dict.fromkeys(a.root for a in (*d.tensor.axes, *axes_in(d.body))))
    return tuple(found)


def least_sizes(problem: Problem):
    """The sizes from which on every shorter axis and every position of a problem has a meaning."""
    found: dict = {}
    for tensor in (*problem.data, *problem.parameters):
        for axis in tensor.axes:
            found[axis.root] = max(found.get(axis.root, 1), axis.cut + 1)
    for d in problem.all_definitions:
        for _, node in subterms(d.body):
            axes = [node] if isinstance(node, Axis) else []
            if isinstance(node, Sum | Product):
                axes = [node.upper]
            if isinstance(node, Entry):
                for k, axis in zip(node.indices, node.tensor.axes, strict=True):
                    least = least_size(k, axis)
                    found[axis.root] = max(found.get(axis.root, 1), least)
            for axis in axes:
                found[axis.root] = max(found.get(axis.root, 1), axis.cut + 1)
    return found


def drawn(problem: Problem, seed: int, sizes=None):
    """Sizes and arrays: data, parameters and one direction for each parameter."""
    rng = seeded(f"values {seed}")
    axes = axes_of(problem)
    if sizes is None:
        least = least_sizes(problem)
        numbers = dict(zip("mnK", SIZES[seed % len(SIZES)], strict=True))
        others = [axis.letter for axis in axes if axis.letter not in numbers]
        numbers |= {letter: 2 + number % 4 for number, letter in enumerate(others)}
        sizes = {axis: numbers[axis.letter] + least.get(axis, 1) - 1 for axis in axes}

    def array(tensor):
        shape = [sizes[a.root] - a.cut for a in tensor.axes]
        values = np.array([_number(rng, tensor.domain) for _ in range(int(np.prod(shape)))])
        values = values.reshape(shape)
        if has(tensor, "orthogonal"):
            return np.linalg.qr(values)[0]
        if has(tensor, "diagonal"):
            return np.diag(np.diagonal(values))
        if has(tensor, "positive semidefinite"):
            return values @ values.T + np.eye(len(values)) * has(tensor, "positive definite")
        return (values + values.T) / 2 if has(tensor, "symmetric") else values

    arrays = {t.name: array(t) for t in (*problem.data, *problem.parameters)}
    one = len(problem.parameters) == 1
    for p in problem.parameters:
        arrays["v" if one else f"v_{p.name}"] = array(p) - 0.7
    return sizes, arrays


def _number(rng, domain):
    low, high = float(domain.low), float(domain.high)
    if domain.members:
        return float(rng.choice(domain.members))
    if domain.integer:
        low = low if np.isfinite(low) else min(high, 3) - 5
        return float(rng.randint(int(low), int(min(high, low + 5))))
    if np.isfinite(low) and np.isfinite(high):
        return low + (high - low) * rng.uniform(0.05, 0.95)
    if np.isfinite(low):
        return low + rng.uniform(0.4, 1.6)
    return high - rng.uniform(0.4, 1.6) if np.isfinite(high) else rng.uniform(-1.2, 1.2)


def reference(problem: Problem, sizes, arrays):
    """Value, gradient and Hessian of the literal cost by jets.

    Raises:
        ZeroDivisionError: The point is on an edge between cases, or a factor of a product is 0.
    """
    names = [p.name for p in problem.parameters]
    moving = jets({name: arrays[name] for name in names})
    literal = Literal(sizes, arrays | moving, problem.definitions)
    result = literal.value(problem.cost)
    count = sum(arrays[name].size for name in names)
    if not isinstance(result, Jet):
        result = Jet(float(result), np.zeros(count), np.zeros((count, count)))
    if literal.nearest < EDGE:
        raise ZeroDivisionError("the cost is not differentiated here")
    return result


def expected(problem: Problem, jet, arrays) -> dict:
    """The exact arrays by the goal of each theorem: cost, gradients, Hessians, products."""
    out, start, cuts = {"cost": np.array(jet.v)}, 0, {}
    for p in problem.parameters:
        cuts[p.name] = slice(start, start + arrays[p.name].size)
        start += arrays[p.name].size
    one = len(problem.parameters) == 1
    ray = np.concatenate(
        [arrays["v" if one else f"v_{p.name}"].ravel() for p in problem.parameters]
    )
    product = jet.h @ ray
    for p in problem.parameters:
        shape = arrays[p.name].shape
        out["gradient", p.name] = jet.g[cuts[p.name]].reshape(shape)
        out["hvp", p.name] = product[cuts[p.name]].reshape(shape)
        for q in problem.parameters:
            block = jet.h[cuts[p.name], cuts[q.name]]
            out["hessian", p.name, q.name] = block.reshape(shape + arrays[q.name].shape)
    return out


def key(part, problem: Problem):
    """Which of the expected arrays a theorem is about."""
    match part.goal:
        case Entry():
            return "cost"
        case Diff(Diff(_, row), column):
            return "hessian", row.tensor.name, column.tensor.name
        case Diff(_, wrt):
            return "gradient", wrt.tensor.name
    one = len(problem.parameters) == 1
    rows = [p for p in problem.parameters if one or part.title.endswith(f"${p.latex}$")]
    assert len(rows) == 1
    return "hvp", rows[0].name


def function_name(what, problem: Problem) -> str:
    """The generated function that computes it, for all parameters or for a pair of them."""
    if what == "cost":
        return what
    pair = what[0] == "hessian" and len(problem.parameters) > 1
    return "_".join(what) if pair else what[0]


def value_of(what, problem: Problem, result):
    """What a generated function returns of it: one of several results, or the only one."""
    if not isinstance(result, tuple):
        return np.asarray(result)
    return np.asarray(result[[p.name for p in problem.parameters].index(what[1])])


def mistakes(problem: Problem, seed: int, made_: Made | None = None, sizes=None) -> list[str]:
    """Everything that the pipeline gets wrong about a cost; None where the point is no good."""
    made_ = made_ or made(problem)
    sizes, arrays = drawn(problem, seed, sizes)
    with np.errstate(all="ignore"):
        try:
            jet = reference(problem, sizes, arrays)
        except (OverflowError, ZeroDivisionError, ValueError):  # no value there
            return ["skipped"]
    scale = max(1.0, abs(jet.v), float(np.abs(jet.g).max()), float(np.abs(jet.h).max()))
    if not (np.isfinite(scale) and scale < LARGEST):
        return ["skipped"]
    right = expected(problem, jet, arrays)
    out: list[str] = []
    theorems = [p for p in made_.proof.parts if p.kind == "theorem"]
    stable = {p.of: p for p in made_.proof.parts if p.kind == "stable"}
    given = {k: v if v.shape else float(v) for k, v in arrays.items()}
    # A stable form may leave a number open: it is right for any.
    rng = np.random.default_rng(seed)
    open_ = {
        t for form in stable.values() for t in mat_tensors(form.matrix) if t.role == "constant"
    }
    free = {t.name: rng.normal(size=[sizes[a.root] - a.cut for a in t.axes]) for t in open_}
    # The proof may name more quantities than the problem does.
    literal = Literal(sizes, arrays | free, made_.proof.problem.definitions)
    for part in theorems:
        what = key(part, problem)
        for form in (part, *((stable[part.label],) if part.label in stable else ())):
            try:
                assert isinstance(form.last, Element)
                values = literal.array(form.matrix).astype(float)
                out += _compared(f"matrix form {form.label}", values, right[what], scale)
            except AssertionError as error:
                out.append(f"matrix form {form.label}: malformed ({error!r})")
        name = function_name(what, problem)
        judged = next(j for j in made_.program.kernels if j.kernel.name == name)
        args = [given[t.name] for t in judged.kernel.args]
        try:
            with np.errstate(under="ignore"):
                values = value_of(what, problem, made_.module[name](*args))
            out += _compared(f"function {name}", values, right[what], scale)
        except Exception as error:  # noqa: BLE001
            out.append(f"function {name}: raised {error!r}")
    return out


def _compared(name, values, right, scale) -> list[str]:
    if values.shape != right.shape:
        return [f"{name}: shape {values.shape} instead of {right.shape}"]
    gap = float(np.abs(values - right).max()) if right.size else 0.0
    return [] if gap <= TOLERANCE * scale else [f"{name}: {values} instead of {right}"]
