"""Layered costs: the structure chooses the way, which grows linearly; every step is judged."""

from dataclasses import replace
from functools import cache

import pytest

from derive.calculus import differentiate as ways
from derive.calculus.backward import accented
from derive.calculus.polynomial import difference_is_zero
from derive.calculus.structure import between, layered
from derive.judge import judge
from derive.notation import Axis, Problem, Sum, data, define, parameter, relu, sigmoid, tanh
from derive.notation.expression import Diff
from derive.notation.matrix import Einsum, Mat, operands
from derive.notation.text import text
from derive.notation.tree import children, mat_size, rebuild, replace_tensor, size, subterms
from derive.publish.module import Source, module_text
from derive.readers.file import catalogue
from derive.record import Derivation, Proof
from tests.calculus.corruption import corrupted
from tests.fuzz.whole import made, mistakes

m, q = Axis("m", "samples"), Axis("o", "outputs")
i, c = m.index("i"), q.index("c")
LAYERED = {"two_layer_network", "deep_network", "autoencoder"}


def network(depth: int, unit=tanh) -> Problem:
    """`depth` hidden layers with biases, each of a size of its own, and a linear output."""
    sizes = [Axis(f"d{number}") for number in range(depth + 1)]
    letters = [axis.index(letter) for axis, letter in zip(sizes, "jabefghkl", strict=False)]
    X, Y = data("X", m, sizes[0]), data("Y", m, q)
    below, definitions, parameters = X, [], []
    for number in range(1, depth + 1):
        inner, own = letters[number - 1], letters[number]
        W, b = parameter(f"W{number}", inner.axis, own.axis), parameter(f"b{number}", own.axis)
        A = define(f"A{number}", i, own, Sum(below[i, inner] * W[inner, own], inner) + b[own])
        Z = define(f"Z{number}", i, own, unit(A[i, own]))
        parameters += [W, b]
        definitions += [A, Z]
        below = Z
    V = parameter("V", sizes[-1], q)
    P = define("P", i, c, Sum(below[i, letters[-1]] * V[letters[-1], c], letters[-1]))
    cost = 1 / (2 * m) * Sum(Sum((P[i, c] - Y[i, c]) ** 2, c), i)
    return Problem(
        f"net{depth}", f"net {depth}", (X, Y), (*parameters, V), cost, (*definitions, P), P
    )


@cache
def whole(depth: int, unit=tanh):
    return made(network(depth, unit))


def einsums(mat: Mat) -> int:
    return isinstance(mat, Einsum) + sum(einsums(operand) for operand in operands(mat))


def test_the_structure_alone_chooses_the_way() -> None:
    problems = [subject for subject in catalogue() if isinstance(subject, Problem)]
    found = {p.name for p in problems if layered(p)}
    assert found >= LAYERED
    assert not found & {"softmax", "logistic", "gaussian_mixture", "least_squares", "probit"}


def test_scores_that_weigh_each_other_over_samples_are_no_layers() -> None:
    n = Axis("n")
    j = n.index("j")
    X, y = data("X", m, n), data("y", m)
    theta, phi = parameter("theta", n), parameter("phi", n)
    z = define("z", i, Sum(X[i, j] * theta[j], j))
    s = define("s", i, Sum(X[i, j] * phi[j], j))
    cost = Sum(z[i] * s[i] - y[i] * z[i], i)
    problem = Problem("pair", "pair", (X, y), (theta, phi), cost, (z, s))
    assert not layered(problem)
    assert layered(replace(problem, cost=Sum(Sum(z[i] * theta[j], i) ** 2, j) + Sum(s[i], i))) is (
        False
    )


@pytest.mark.parametrize("unit", [tanh, sigmoid, relu], ids=lambda f: f.name)
def test_growth_is_linear(unit) -> None:
    """Two more layers add the same number of names, lemmas, steps and nodes each time."""

    def counts(depth):
        proof = whole(depth, unit).proof
        parts = [p for p in proof.parts if p.kind in ("definition", "lemma")]
        named = [size(d.body) for d in proof.problem.definitions]
        forms = [mat_size(p.matrix) for p in proof.parts if p.matrix is not None]
        applied = sum(len(step.substeps) for part in parts for step in part.steps)
        return len(parts), sum(named), sum(forms), applied, len(proof.parts)

    at = {depth: counts(depth) for depth in (2, 4, 6)}
    first = [b - a for a, b in zip(at[2], at[4], strict=True)]
    assert first == [b - a for a, b in zip(at[4], at[6], strict=True)]
    assert all(number > 0 for number in first)


@pytest.mark.parametrize("depth", [1, 3])
def test_networks_are_right_and_made_of_matrix_products(depth) -> None:
    made_ = whole(depth)
    assert not mistakes(network(depth), 1, made_)
    assert not mistakes(network(depth), 2, made_)
    assert all(einsums(p.matrix) == 0 for p in made_.proof.parts if p.matrix is not None)
    assert "einsum" not in module_text(made_.proof, made_.program, Source("a", "b"))


def test_a_network_reads_like_back_propagation() -> None:
    proof = whole(2).proof
    bodies = {d.tensor.name: text(d.body) for d in proof.problem.definitions}
    assert bodies["P_bar"] == "(1/m) (P_ic - Y_ic)"
    assert bodies["A2_bar"] == "(1 - Z2_ib^2) Z2_bar[i,b]"
    assert bodies["Z1_bar"] == "sum_b W2_ab A2_bar[i,b]"
    assert bodies["A2_dot"].startswith("sum_a [W2_ab Z1_dot[i,a] + v_W2[a,b] Z1_ia]")
    names = [j.kernel.name for j in whole(2).program.kernels]
    assert not any(name.startswith("hessian") for name in names)
    assert names == ["cost", "gradient", "hvp", "cost_and_gradient", "prediction"]
    assert "Hessian is not written out" in " ".join(
        module_text(proof, whole(2).program, Source("a", "b")).split()
    )


def test_every_step_of_a_network_is_judged() -> None:
    verdict = judge(whole(1).proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:2]


def adjoint_of_z(proof) -> Derivation:
    return next(p for p in proof.parts if p.kind == "lemma" and p.title == "adjoint of $Z$")


def shortcut() -> Problem:
    """R uses Z directly and by way of H: what is held fixed matters."""
    n = Axis("n")
    j, k, l = n.index("j"), n.index("k"), n.index("l")
    X = data("X", m, n)
    W, V = parameter("W", n, n), parameter("V", n, n)
    Z = define("Z", i, k, tanh(Sum(X[i, j] * W[j, k], j)))
    H = define("H", i, l, sigmoid(Sum(Z[i, k] * V[k, l], k)))
    R = define("R", i, k, Z[i, k] * H[i, k] + Z[i, k])
    cost = Sum(Sum(R[i, k] ** 2 + Z[i, k], k), i)
    return Problem("shortcut", "shortcut", (X,), (W, V), cost, (Z, H, R))


def test_a_shortcut_counts_every_path_once() -> None:
    problem = shortcut()
    made_ = made(problem)
    assert not mistakes(problem, 3, made_)
    lemma = adjoint_of_z(made_.proof)
    assert judge(Proof(made_.proof.problem, (lemma,))).passed
    held = [e.held for s in lemma.steps for _, e in subterms(s.after) if isinstance(e, Diff)]
    H, R = (d.tensor for d in problem.definitions[1:])
    assert (H,) in held  # dR/dZ at fixed H
    assert (R,) in held  # dJ/dZ at fixed R


def test_forgetting_what_is_held_is_refuted() -> None:
    proof = made(shortcut()).proof
    lemma = adjoint_of_z(proof)
    step = lemma.steps[0]
    wrong = _without_held(step.after)
    assert wrong != step.after
    steps = (replace(step, after=wrong, substeps=()),)
    bad = Derivation("L9", "lemma", "wrong", lemma.goal, steps)
    assert judge(Proof(proof.problem, (replace(bad, steps=(step,)),))).passed
    assert not judge(Proof(proof.problem, (bad,))).passed


def _without_held(e):
    if isinstance(e, Diff):
        return Diff(e.body, e.wrt)
    parts = children(e)
    return rebuild(e, tuple(_without_held(part) for part in parts)) if parts else e


def test_corrupted_adjoints_and_tangents_are_refuted() -> None:
    """A wrong formula behind a bar or a dot is wrong for the lemma that gave it its name."""
    proof = whole(1).proof
    problem = proof.problem
    stated = {d.tensor for d in network(1).definitions}
    tried = 0
    for d in problem.definitions:
        if d.tensor in stated:
            continue
        lemma = next(p for p in proof.parts if p.kind == "lemma" and p.last == d[d.indices])
        claim = (replace(lemma.steps[0], after=lemma.last, substeps=()),)
        for name, body in list(corrupted(d.body))[::7]:
            if difference_is_zero(d.body, body):
                continue  # this corruption is none: 1/(-1) of -1
            others = tuple(replace(d, body=body) if o == d else o for o in problem.definitions)
            bad = Proof(replace(problem, definitions=others), (replace(lemma, steps=claim),))
            assert not judge(bad).passed, (d.tensor.name, name)
            tried += 1
    assert tried > 15


def test_a_hessian_too_long_to_read_is_not_written_out(monkeypatch) -> None:
    problem = next(s for s in catalogue() if s.name == "sigmoid_squares")
    assert ways.differentiate(problem).hessians
    monkeypatch.setattr(ways, "READABLE", 10)
    calculus = ways.differentiate(problem)
    assert not calculus.hessians
    assert calculus.note.startswith(ways.TOO_LONG)
    assert not mistakes(problem, 5)
    assert judge(made(problem).proof).passed


def test_one_long_formula_without_names_has_products_all_the_same(monkeypatch) -> None:
    n = Axis("n")
    j = n.index("j")
    X, y, theta = data("X", m, n), data("y", m), parameter("theta", n)
    cost = Sum((tanh(Sum(X[i, j] * theta[j], j)) - y[i]) ** 2, i)
    problem = Problem("long", "long", (X, y), (theta,), cost)
    monkeypatch.setattr(ways, "READABLE", 5)
    assert not between(problem)
    assert not ways.differentiate(problem).hessians
    assert not mistakes(problem, 7)


def test_names_in_the_code_never_collide() -> None:
    """A problem may already use the names and letters that adjoints and tangents would get."""
    problem = shortcut()
    Z = problem.definitions[0].tensor
    other = replace(Z, name="H_bar")

    def renamed(e):
        return replace_tensor(e, lambda x: other[x.indices] if x.tensor == Z else None)

    definitions = tuple(
        replace(d, tensor=other if d.tensor == Z else d.tensor, body=renamed(d.body))
        for d in problem.definitions
    )
    changed = replace(problem, definitions=definitions, cost=renamed(problem.cost))
    made_ = made(changed)
    names = [d.tensor.name for d in made_.proof.problem.definitions]
    assert len(set(names)) == len(names)
    assert not mistakes(changed, 2, made_)


@pytest.mark.parametrize(
    ("latex", "bar", "dot"),
    [
        ("Z", r"\bar{Z}", r"\dot{\bar{Z}}"),
        ("Z1", r"\bar{Z}_{1}", r"\dot{\bar{Z}}_{1}"),
        ("W^{(2)}", r"\bar{W}^{(2)}", r"\dot{\bar{W}}^{(2)}"),
        (r"\theta", r"\bar{\theta}", r"\dot{\bar{\theta}}"),
        ("h_0", r"\bar{h}_0", r"\dot{\bar{h}}_0"),
        ("net", r"\bar{net}", r"\dot{\bar{net}}"),
    ],
)
def test_symbols_get_bars_and_dots(latex, bar, dot) -> None:
    assert accented(latex, "bar") == bar
    assert accented(accented(latex, "bar"), "dot") == dot
