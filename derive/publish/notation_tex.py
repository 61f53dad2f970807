"""The table of notation at the head of a proof, as ready strings."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.notation.bands import Band, Unit, last_row
from derive.notation.expression import Apply, Entry, Expr, Tensor
from derive.notation.functions import SLOT, Elementwise, absolute, relu
from derive.notation.interval import REAL
from derive.notation.matrix import Diag, Kron, KronRows, MMul, MPow, Outer, operands
from derive.notation.matrix_parts import entrywise_quotient, walk
from derive.notation.problem import Definition, Problem
from derive.notation.tree import subterms, tensors_in
from derive.publish import latex_tensor, width
from derive.publish.environment import Notation, tex
from derive.publish.indices_tex import latex_size
from derive.publish.latex import latex, latex_mat
from derive.publish.relations import latex_member
from derive.publish.words import listed
from derive.record import Derivation, Proof

UNBROKEN = 24.0
"""The width in em up to which a definition is kept in one line."""


def notation(proof: Proof) -> tuple[Notation, ...]:
    """Axes, data, parameters, functions, definitions with their matrix forms, the cost."""
    problem = proof.problem
    tensors = (*problem.data, *problem.parameters)
    axes = dict.fromkeys(axis.root for tensor in tensors for axis in tensor.axes)
    letters = ", ".join(map(latex_size, axes))
    return (
        Notation(f"${letters}$", _sizes([tex(axis.meaning or axis.letter) for axis in axes])),
        *(_tensor_row(tensor) for tensor in tensors),
        *(_function_row(function) for function in _functions(proof)),
        *(_definition_row(d, proof) for d in problem.definitions if not _kind(d)),
        *_derivative_rows(proof),
        *_matrix_rows(proof),
        *_line_rows(problem),
        Notation(f"${cost_symbol(problem)}$", f"$= {latex(problem.cost)}$; the cost"),
        *_entrywise(proof),
        *_four_axes(proof),
    )


def _sizes(counted: list[str]) -> str:
    """number of samples; numbers of samples, features and classes."""
    return f"number{'s' * (len(counted) > 1)} of {listed(counted or [''])}"


def _matrix_rows(proof: Proof) -> tuple[Notation, ...]:
    """What the symbols mean of matrices that take entries of a vector or their differences."""
    found: dict[Band | Unit, None] = {}
    pending = [part.matrix for part in proof.parts if part.matrix is not None]
    while pending:
        mat = pending.pop(0)
        if isinstance(mat, Band | Unit):
            found[mat] = None
        pending[:0] = operands(mat)
    return tuple(Notation(f"${latex_mat(mat)}$", _matrix_words(mat)) for mat in found)


def _matrix_words(mat: Band | Unit) -> str:
    if isinstance(mat, Unit):
        return "unit vector: $1$ at this position, $0$ elsewhere"
    v = r"\boldsymbol{v}"
    if mat.order is not None:
        terms = [f"{_sign(value)}v_{_plus('r', shift)}" for shift, value in mat.bands[::-1]]
        entry = "".join(terms).removeprefix("+")
        what = "differences" if mat.order == 1 else f"differences of order {mat.order}"
        return f"matrix of {what}: $({latex_mat(mat)}\\,{v})_r = {entry}$"
    if mat.taken is not None:
        return f"rows {mat.taken + 1} to ${latex_size(last_row(mat))}$ of the identity"
    below = r"r,\,r+s"
    return f"entry $a$ at row and column ${below}$ for every pair $s:a$, else $0$"


def _sign(value: Fraction) -> str:
    size = "" if abs(value) == 1 else str(abs(value))
    return ("-" if value < 0 else "+") + size


def _plus(letter: str, shift: int) -> str:
    return f"{{{letter}+{shift}}}" if shift else letter


def _entrywise(proof: Proof) -> Iterator[Notation]:
    """How products, quotients and powers of vectors are meant, said once, where they occur."""
    nodes = {node for part in proof.parts if part.matrix for node in walk(part.matrix)}
    wide = [node for node in nodes if node.axes]
    kinds = {
        r"\boldsymbol{u} \odot \boldsymbol{v}": any(
            isinstance(node, MMul) and sum(bool(arg.axes) for arg in node.args) > 1 for node in wide
        ),
        r"\frac{\boldsymbol{u}}{\boldsymbol{v}}": any(
            isinstance(node, MPow) and bool(entrywise_quotient((node,))[1]) for node in wide
        ),
        r"\boldsymbol{u}^{\odot 2}": any(
            isinstance(node, MPow) and not entrywise_quotient((node,))[1] for node in wide
        ),
    }
    shown = [symbol for symbol, occurs in kinds.items() if occurs]
    if shown:
        words = "entry by entry, of vectors and of matrices"
        yield Notation("$" + r",\ ".join(shown) + "$", words)


def _four_axes(proof: Proof) -> Iterator[Notation]:
    """What a Kronecker product means here, said once, where one occurs."""
    nodes = [node for part in proof.parts if part.matrix for node in walk(part.matrix)]
    wide = [node for node in nodes if len(node.axes) == 4]
    if any(isinstance(node, Kron | KronRows | Outer | Diag) for node in wide):
        yield Notation(
            r"$\operatorname{vec}(V)$",
            r"the entries of $V$ row by row; $(A \otimes B)\operatorname{vec}(V) = "
            r"\operatorname{vec}(A V B^{\mathsf T})$: at $k, l, p, q$ it is $A_{kp} B_{lq}$",
        )
    if any(isinstance(node, Kron) and node.crossed for node in wide):
        yield Notation(
            r"$\mathcal{K}$",
            r"takes the transpose: $\mathcal{K}\operatorname{vec}(V) = "
            r"\operatorname{vec}(V^{\mathsf T})$",
        )
    if any(isinstance(node, KronRows) for node in wide):
        yield Notation(
            r"$\boldsymbol{x}_i$",
            r"row $i$ of the matrix $X$, as a column; likewise for other letters, "
            r"and $\boldsymbol{e}_i$ is the unit vector",
        )


def _tensor_row(tensor: Tensor) -> Notation:
    shape = r"\times ".join(map(latex_size, tensor.axes))
    space = rf"\mathbb{{R}}^{{{shape}}}" if shape else r"\mathbb{R}"
    entry = latex(
        tensor[tuple(axis.index(s) for axis, s in zip(tensor.axes, "ijkl", strict=False))]
    )
    role = ("parameters" if shape else "parameter") if tensor.role == "parameter" else ""
    words = [tex(word) for word in (tensor.meaning, role) if word] or ["data"]
    if tensor.domain != REAL:
        words.append(f"${latex_member(entry, tensor.domain)}$")
    return Notation(
        rf"${latex_tensor(tensor)} \in {space}$",
        "; ".join([*words, *map(tex, sorted(tensor.facts))]),
    )


def _functions(proof: Proof) -> tuple[Elementwise, ...]:
    """The functions that are themselves defined by others, in order of appearance.

    A rewriting for the computer may need some that the cost does not; max(0, t) and |t| explain
    themselves there.
    """
    bodies = [d.body for d in proof.problem.all_definitions]
    used = dict.fromkeys(_applied(bodies))
    stable = [step.after for p in proof.parts if p.kind == "stable" for step in p.steps]
    used |= dict.fromkeys(f for f in _applied(stable) if f not in (relu, absolute))
    return tuple(function for function in used if function.definition is not None)


def _applied(formulas: list[Expr]) -> list[Elementwise]:
    nodes = [e for formula in formulas for _, e in subterms(formula)]
    return [e.function for e in nodes if isinstance(e, Apply)]


def _function_row(function: Elementwise) -> Notation:
    if function.hypothesis:
        words = "a function of which nothing is used but what the theorems suppose"
        return Notation(f"${latex(function(SLOT))}$", words)
    body = function.definition(SLOT) if function.definition else SLOT
    bounds = f"; ${latex_member(latex(function(SLOT)), function.range)}$"
    known = bounds if function.range != REAL else ""
    return Notation(f"${latex(function(SLOT))}$", f"$= {latex(body, slashes=True)}${known}")


def _definition_row(definition: Definition, proof: Proof) -> Notation:
    entry = Entry(definition.tensor, definition.indices)
    words = [f"$= {latex(definition.body)}$"]
    if definition.tensor.meaning:
        words.append(tex(definition.tensor.meaning))
    for part in proof.parts:
        if part.kind == "definition" and part.goal == entry:
            form, whole = part.matrix, latex_tensor(definition.tensor)
            matrix = (
                f"${whole} = {latex_mat(form)}$ " if form and definition.indices else "definition "
            )
            words.append(f"{matrix}({part.label})")
    return Notation(f"${latex(entry)}$", "; ".join(words))


def _kind(definition: Definition) -> str:
    """adjoint or tangent for a derivative that the proof itself has named, else nothing."""
    word = definition.tensor.meaning.partition(" of ")[0]
    return word if word in ("adjoint", "tangent") else ""


def _derivative_rows(proof: Proof) -> Iterator[Notation]:
    """One row for all adjoints and one for all tangents: there is one for nearly every quantity."""
    parts = {
        part.goal.tensor: part
        for part in proof.parts
        if part.kind == "definition" and isinstance(part.goal, Entry) and part.matrix is not None
    }
    for kind in ("adjoint", "tangent"):
        found = [d.tensor for d in proof.problem.definitions if _kind(d) == kind]
        shown = [_unbroken(parts[tensor]) for tensor in found if tensor in parts]
        if shown:
            yield Notation(f"{kind}s", "; ".join(shown))


def _unbroken(part: Derivation) -> str:
    """A definition in matrix form with its label, in one line if it is short."""
    if part.matrix is None or not isinstance(part.goal, Entry):
        raise TypeError(f"{part.label} is no definition with a matrix form")
    formula = f"{latex_tensor(part.goal.tensor)} = {latex_mat(part.matrix)}"
    text = f"${formula}$~({part.label})"
    return rf"\mbox{{{text}}}" if width(formula) < UNBROKEN else text


def _line_rows(problem: Problem) -> tuple[Notation, ...]:
    """The variable of the line along which the parameters move, where the proof has one."""
    if not problem.paths:
        return ()
    t = next(x for x in tensors_in(problem.paths[0].body) if x.role == "constant")
    moves = ", ".join(
        f"{latex_tensor(path.tensor)} + {latex_tensor(t)}\\,{latex_tensor(v)}"
        for path in problem.paths
        for v in tensors_in(path.body)
        if v.role == "direction"
    )
    words = rf"moves the parameters along the line ${moves}$; derivatives by it are taken at $0$"
    return (Notation(f"${latex_tensor(t)}$", words),)


def cost_symbol(problem: Problem) -> str:
    """J(theta): the letter of the cost with its parameters."""
    letters = ", ".join(latex_tensor(tensor) for tensor in problem.parameters)
    return f"{latex_tensor(problem.cost_definition.tensor)}({letters})"
