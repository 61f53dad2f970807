"""The full record of a proof as JSON: every rule application, readable by people and programs.

Formulas stand once in a table, as plain text, as a tree that can be read back and, where they are
a line of the proof, as LaTeX; steps refer to them by number. Trees refer to nodes by number, and
every node stands once. Nodes name tensors and functions, which have tables too, and write an index
as "letter:axis" (shifted "j+1:n-1"). No number in the record depends on the machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never, cast

from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from derive.notation.functions import SLOT, Elementwise
from derive.notation.interval import Interval
from derive.notation.problem import Definition
from derive.notation.text import mat_text, text
from derive.notation.tree import Place
from derive.publish.certificate_json import certificate_record
from derive.publish.hypotheses import hypotheses, supposed_functions
from derive.publish.json_nodes import Json, laid_out, numbered
from derive.publish.latex import latex, latex_mat
from derive.publish.nodes import Formula, Matrix
from derive.publish.verdict_json import verdict_record
from derive.record import Condition, Derivation, Proof, Step
from derive.verdicts import Verdict


@dataclass
class Tables:
    """The tables that grow while the proof is written down."""

    formulas: dict[ex.Expr, int] = field(default_factory=dict)
    written: list[dict[str, Json]] = field(default_factory=list)
    nodes: dict[str, int] = field(default_factory=dict)
    known: dict[ex.Expr | mx.Mat, Json] = field(default_factory=dict)
    tensors: dict[ex.Tensor, str] = field(default_factory=dict)
    axes: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Elementwise] = field(default_factory=dict)

    def formula(self, e: ex.Expr, *, line: bool = True) -> int:
        """The number of a formula in the table; a `line` of the proof is there as LaTeX too."""
        if e not in self.formulas:
            self.formulas[e] = len(self.formulas)
            self.written.append({"text": text(e), "tree": numbered_node(e, self)})
        number = self.formulas[e]
        if line and "latex" not in self.written[number]:
            self.written[number] = {"latex": latex(e), **self.written[number]}
        return number

    def tensor(self, tensor: ex.Tensor) -> str:
        """The name of a tensor; another tensor of the same name gets a prime."""
        if tensor not in self.tensors:
            name = tensor.name
            while name in self.tensors.values():
                name += "'"
            self.tensors[tensor] = name
            for axis in tensor.axes:
                self.axis(axis)
        return self.tensors[tensor]

    def axis(self, axis: ex.Axis) -> str:
        """The letter of an axis."""
        self.axes[axis.root.letter] = self.axes.get(axis.root.letter) or axis.root.meaning
        return axis.letter

    def index(self, index: ex.Index) -> str:
        """An index as "letter:axis", shifted "j+1:n-1"; a position as "1:n"."""
        return f"{index.label}:{self.axis(index.axis)}"

    def function(self, function: Elementwise) -> str:
        """The name of a scalar function."""
        self.functions[function.name] = function
        return function.name


def proof_record(proof: Proof, verdict: Verdict) -> str:
    """The record as text; the same proof gives the same bytes."""
    problem, tables = proof.problem, Tables()
    for tensor in (*problem.data, *problem.parameters, *(d.tensor for d in problem.definitions)):
        tables.tensor(tensor)
    definitions = [_definition(d, tables) for d in problem.all_definitions]
    derivations: list[Json] = [_derivation(part, proof, tables) for part in proof.parts]
    certificate = certificate_record(proof, tables.formula)
    functions: dict[str, Json] = {
        f.name: _function(f, tables) for f in tuple(tables.functions.values())
    }
    record: dict[str, Json] = {
        "name": problem.name,
        "title": problem.title,
        "summary": problem.summary,
        "sources": list(problem.sources),
        "cost": tables.formula(problem.cost),
        "data": [tables.tensor(tensor) for tensor in problem.data],
        "parameters": [tables.tensor(tensor) for tensor in problem.parameters],
        "definitions": cast(Json, definitions),
        **({"note": proof.note} if proof.note else {}),
        "derivations": derivations,
        **({} if certificate is None else {"certificate": cast(Json, certificate)}),
        "verdict": verdict_record(verdict),
        "functions": functions,
        "tensors": {name: _tensor(tensor) for tensor, name in tables.tensors.items()},
        "axes": cast(Json, tables.axes),
    }
    formulas = [json.dumps(row, ensure_ascii=False) for row in tables.written]
    return laid_out(record, {"formulas": formulas, "nodes": tuple(tables.nodes)})


def _definition(definition: Definition, tables: Tables) -> Json:
    left = ex.Entry(definition.tensor, definition.indices)
    return {"left": tables.formula(left), "right": tables.formula(definition.body)}


def _function(function: Elementwise, tables: Tables) -> Json:
    """A function with its definition; a generic one with its hypothesis instead."""
    own = None if function.definition is None else tables.formula(function.definition(SLOT))
    if function.hypothesis:
        let = f"Let {function.hypothesis}."
        return {"latex": function.latex, "hypothesis": let, "judged with": own}
    return {"latex": function.latex, "definition": own}


def _tensor(tensor: ex.Tensor) -> Json:
    return {
        "axes": [axis.letter for axis in tensor.axes],
        "role": tensor.role,
        "latex": tensor.latex,
        "domain": _interval(tensor.domain),
        "facts": cast(Json, sorted(tensor.facts)),
        "meaning": tensor.meaning,
    }


def _interval(interval: Interval) -> Json:
    if interval.members:
        return f"{{{', '.join(map(str, interval.members))}}}"
    left, right = "(" if interval.low_open else "[", ")" if interval.high_open else "]"
    whole = " integers" if interval.integer else ""
    return f"{left}{interval.low}, {interval.high}{right}{whole}"


def _derivation(part: Derivation, proof: Proof, tables: Tables) -> Json:
    record: dict[str, Json] = {
        "label": part.label,
        "kind": part.kind,
        "title": part.title,
        "goal": tables.formula(part.goal),
        "steps": [_step(step, tables) for step in part.steps],
        "last": tables.formula(part.last),
    }
    if part.of:
        record["of"] = part.of
    if part.sign != "=":
        record["sign"] = part.sign
    if part.given:
        # The narrowed letter is another tensor of that name: its row says where it lies.
        record["given"] = [tables.tensor(tensor) for tensor in part.given]
    if supposed := hypotheses(part, proof):
        record["hypotheses"] = [_condition(condition, tables) for condition in supposed]
    if functions := supposed_functions(part, proof):
        record["generic functions"] = [tables.function(function) for function in functions]
    if part.text:
        record["in words" if part.kind == "result" else "text"] = part.text
    if part.matrix is not None:
        record["matrix"] = {"latex": latex_mat(part.matrix), "text": mat_text(part.matrix)}
    return record


def _step(step: Step, tables: Tables, *, line: bool = True) -> Json:
    """A step; parts that are empty are left out. What is no `line` is a step inside of one."""
    record: dict[str, Json] = {
        "rule": step.rule,
        "reason": step.reason,
        "level": step.level,
        "before": tables.formula(step.before, line=line),
        "after": tables.formula(step.after, line=line),
        "where": _place(step.where),
        "became": _place(step.became),
        "conditions": [_condition(condition, tables) for condition in step.conditions],
        "cites": list(step.cites),
        "substeps": [_step(substep, tables, line=False) for substep in step.substeps],
    }
    if step.sign != "=":
        record["sign"] = step.sign
    return {key: value for key, value in record.items() if value != []}


def _place(place: Place) -> Json:
    """A place as text: "0.2" a path, "0.2:1-3" the arguments 1 and 2 of the node there."""
    path = ".".join(str(k) for k in place.path)
    return path if place.span is None else f"{path}:{place.span[0]}-{place.span[1]}"


def _condition(condition: Condition, tables: Tables) -> Json:
    formula = tables.formula(condition.expr)
    return {"formula": formula, "relation": condition.relation, "by": condition.by or "assumed"}


def numbered_node(node: ex.Expr | mx.Mat, tables: Tables) -> Json:
    """The number of a formula in the table of nodes; each is written out once."""
    known = tables.known.get(node)
    if known is None:
        own = tree(node, tables) if isinstance(node, ex.Expr) else mat_tree(node, tables)
        known = tables.known[node] = numbered(own, tables.nodes)
    return known


def tree(e: ex.Expr, tables: Tables) -> Json:
    """A formula as an object that names its node; its parts are numbers."""
    node = cast(Formula, e)
    kind = type(node).__name__
    match node:
        case ex.Num(value):
            return {"node": kind, "value": str(value)}
        case ex.Constant():
            return {"node": kind, "name": node.name}
        case ex.Axis():
            return {"node": kind, "axis": tables.axis(node)}
        case ex.Entry(tensor, indices):
            letters: list[Json] = [tables.index(k) for k in indices]
            return {"node": kind, "tensor": tables.tensor(tensor), "indices": letters}
        case ex.Add(args) | ex.Mul(args):
            return {"node": kind, "args": [numbered_node(arg, tables) for arg in args]}
        case ex.Pow(base, exponent):
            return {
                "node": kind,
                "base": numbered_node(base, tables),
                "exponent": numbered_node(exponent, tables),
            }
        case ex.Apply(function, arg):
            name = tables.function(function)
            return {"node": kind, "function": name, "arg": numbered_node(arg, tables)}
        case ex.Sum() | ex.Product():
            limits: dict[str, Json] = {"index": tables.index(node.index), "lower": node.lower}
            upper = tables.axis(node.upper)
            return {
                "node": kind,
                **limits,
                "upper": upper,
                "body": numbered_node(node.body, tables),
            }
        case ex.Cases(branches, otherwise):
            tests: list[Json] = [_branch(test, value, tables) for test, value in branches]
            return {"node": kind, "branches": tests, "otherwise": numbered_node(otherwise, tables)}
        case ex.Delta(left, right):
            return {"node": kind, "left": tables.index(left), "right": tables.index(right)}
        case ex.Indicator(index, lower):
            return {"node": kind, "index": tables.index(index), "lower": lower}
        case ex.Diff(body, wrt, held):
            own: dict[str, Json] = {
                "body": numbered_node(body, tables),
                "wrt": numbered_node(wrt, tables),
            }
            if held:
                own["held"] = [tables.tensor(tensor) for tensor in held]
            return {"node": kind, **own}
        case ex.Element(mat, indices):
            letters = [tables.index(k) for k in indices]
            return {"node": kind, "mat": numbered_node(mat, tables), "indices": letters}
        case _:
            assert_never(node)


def _branch(test: ex.When, value: ex.Expr, tables: Tables) -> Json:
    return {
        "left": numbered_node(test.left, tables),
        "relation": test.relation,
        "right": numbered_node(test.right, tables),
        "value": numbered_node(value, tables),
    }


def mat_tree(mat: mx.Mat, tables: Tables) -> Json:
    """A matrix formula as such an object."""
    node = cast(Matrix, mat)
    own: dict[str, Json]
    match node:
        case mx.Sym(tensor):
            own = {"tensor": tables.tensor(tensor)}
        case mx.Scalar(e):
            own = {"expr": numbered_node(e, tables)}
        case mx.MPow(base, exponent):
            own = {"base": numbered_node(base, tables), "exponent": numbered_node(exponent, tables)}
        case mx.Choice(relations, parts):
            own = {"relations": list(relations), "parts": _mats(parts, tables)}
        case mx.MApply(function, arg):
            own = {"function": tables.function(function), "arg": numbered_node(arg, tables)}
        case mx.Identity(axis) | mx.Ones(axis):
            own = {"axis": tables.axis(axis)}
        case mx.Zero(over):
            own = {"axes": [tables.axis(axis) for axis in over]}
        case mx.Kron(_, _, crossed):
            own = {"args": _mats(mx.operands(node), tables), "crossed": crossed}
        case mx.Mask(axis, lower):
            own = {"axis": tables.axis(axis), "lower": lower}
        case Unit(axis, place):
            own = {"axis": tables.axis(axis), "position": place}
        case Band(rows, columns, bands):
            entries: list[Json] = [[shift, str(value)] for shift, value in bands]
            own = {"rows": tables.axis(rows), "columns": tables.axis(columns), "bands": entries}
        case mx.Einsum(operands, letters, output):
            own = {
                "operands": _mats([operand for operand, _ in operands], tables),
                "letters": [list(carried) for _, carried in operands],
                "axes": {letter: tables.axis(axis) for letter, axis in letters},
                "output": list(output),
            }
        case (
            mx.MAdd() | mx.MMul() | mx.MPower() | mx.Transpose() | mx.MatMul() | mx.Dot()
            | mx.Outer() | mx.Diag() | mx.RowProduct() | mx.DiagPart() | mx.Trace()
            | mx.ScaleRows() | mx.ScaleCols()
            | mx.Inverse() | mx.LogDet() | mx.Det() | mx.KronRows()
        ):  # fmt: skip
            own = {"args": _mats(mx.operands(node), tables)}
        case _:
            assert_never(node)
    return {"node": type(node).__name__, **own}


def _mats(mats: Sequence[mx.Mat], tables: Tables) -> Json:
    return [numbered_node(mat, tables) for mat in mats]
