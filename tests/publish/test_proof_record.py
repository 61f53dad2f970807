"""The record holds everything, can be read back, and is the same on every machine."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from test_proof_handmade import PARTS, PROOF, VERDICT, h, hessian, k, l

from derive.notation import FUNCTIONS
from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.interval import point
from derive.publish.latex import latex
from derive.publish.proof_json import Tables, mat_tree, numbered_node, proof_record
from derive.record import Step

RECORD: Any = json.loads(proof_record(PROOF, VERDICT))
TABLES = Tables()
TRIPLE = mx.Einsum(
    ((mx.Sym(h.tensor), ("i",)), (hessian, ("k", "l"))),
    (("i", h.tensor.axes[0]), ("k", k.axis), ("l", l.axis)),
    ("k",),
)


def nested(node: Any, nodes: list[Any]) -> Any:
    """A node of the record with its parts put in: what is no formula keeps its number."""
    plain = ("lower", "position", "crossed", "bands")
    if isinstance(node, int):
        return nested(nodes[node], nodes)
    if isinstance(node, list):
        return [nested(part, nodes) for part in node]
    if isinstance(node, dict):
        return {k: v if k in plain else nested(v, nodes) for k, v in node.items()}
    return node


def whole(e: ex.Expr, tables: Tables) -> Any:
    """The formula as the table of nodes has it, with all its parts put in."""
    number = numbered_node(e, tables)
    return nested(number, [json.loads(node) for node in tables.nodes])


class Reader:
    """Reads trees back, given what the tables name."""

    def __init__(self, tables: Tables) -> None:
        self.tensors = {name: tensor for tensor, name in tables.tensors.items()}
        self.functions = {f.name: f for f in FUNCTIONS}

    def index(self, text: str) -> ex.Index:
        letter, axis = text.split(":")
        return ex.Index(letter, ex.Axis(axis))

    def formula(self, node: Any) -> ex.Expr:
        match node:
            case {"node": "Num", "value": value}:
                return ex.Num(Fraction(value))
            case {"node": "Axis", "axis": axis}:
                return ex.Axis(axis)
            case {"node": "Entry", "tensor": tensor, "indices": indices}:
                return ex.Entry(self.tensors[tensor], tuple(map(self.index, indices)))
            case {"node": "Add", "args": args}:
                return ex.Add(tuple(map(self.formula, args)))
            case {"node": "Mul", "args": args}:
                return ex.Mul(tuple(map(self.formula, args)))
            case {"node": "Pow", "base": base, "exponent": exponent}:
                return ex.Pow(self.formula(base), self.formula(exponent))
            case {"node": "Apply", "function": name, "arg": arg}:
                return ex.Apply(self.functions[name], self.formula(arg))
            case {"node": "Sum", "index": index, "lower": low, "upper": upper, "body": body}:
                return ex.Sum(self.formula(body), (self.index(index), low, ex.Axis(upper)))
            case {"node": "Product", "index": index, "lower": low, "upper": upper, "body": body}:
                return ex.Product(self.formula(body), (self.index(index), low, ex.Axis(upper)))
            case {"node": "Constant", "name": name}:
                return ex.Constant(name)
            case {"node": "Cases", "branches": branches, "otherwise": otherwise}:
                return ex.Cases(tuple(map(self.branch, branches)), self.formula(otherwise))
            case {"node": "Diff", "body": body, "wrt": wrt}:
                entry = self.formula(wrt)
                assert isinstance(entry, ex.Entry)
                return ex.Diff(self.formula(body), entry)
            case {"node": "Element", "mat": mat, "indices": indices}:
                return ex.Element(self.mat(mat), tuple(map(self.index, indices)))
        raise AssertionError(node)

    def branch(self, node: Any) -> tuple[ex.When, ex.Expr]:
        left, right = self.formula(node["left"]), self.formula(node["right"])
        return ex.When(left, node["relation"], right), self.formula(node["value"])

    def mat(self, node: Any) -> mx.Mat:
        match node:
            case {"node": "Sym", "tensor": tensor}:
                return mx.Sym(self.tensors[tensor])
            case {"node": "Scalar", "expr": inner}:
                return mx.Scalar(self.formula(inner))
            case {"node": "MApply", "function": name, "arg": arg}:
                return mx.MApply(self.functions[name], self.mat(arg))
            case {"node": "MAdd" | "MMul" as name, "args": args}:
                return getattr(mx, name)(tuple(map(self.mat, args)))  # type: ignore[no-any-return]
            case {"node": name, "args": args}:
                return getattr(mx, name)(*map(self.mat, args))  # type: ignore[no-any-return]
        raise AssertionError(node)


def all_steps(steps: tuple[Step, ...]) -> list[Step]:
    return [found for step in steps for found in (step, *all_steps(step.substeps))]


def test_every_formula_of_the_proof_reads_back() -> None:
    for part in PARTS:
        for step in all_steps(part.steps):
            for e in (step.before, step.after, *(c.expr for c in step.conditions)):
                written = whole(e, TABLES)
                assert Reader(TABLES).formula(written) == e


def test_the_whole_record_reads_back_from_its_tables() -> None:
    tables = Tables()
    for part in PARTS:
        for step in all_steps(part.steps):
            number = tables.formula(step.after)
            nodes = [json.loads(node) for node in tables.nodes]
            found = nested(tables.written[number]["tree"], nodes)
            assert found == whole(step.after, tables)
            assert Reader(tables).formula(found) == step.after
    assert len(set(tables.nodes)) == len(tables.nodes)
    lines = {row[key] for d in RECORD["derivations"] for row in d["steps"] for key in ("after",)}
    assert all("latex" in RECORD["formulas"][number] for number in lines)


def test_products_cases_and_constants_read_back() -> None:
    n = k.axis
    theta = ex.Tensor("theta", (n,), "parameter")
    tables = Tables()
    test = ex.When(theta[k], ">=", ex.PI)
    e = ex.Product(ex.Cases(((test, theta[k]), (test, ex.ONE)), -theta[k]), (k, 2, n))
    written = whole(e, tables)
    assert Reader(tables).formula(written) == e


def test_the_record_says_what_is_given_and_where_a_chain_is_no_equality() -> None:
    (part,) = (p for p in PARTS if p.label == "L2")
    t = ex.Tensor("c", (), "data", domain=point(1))
    steps = (*part.steps, Step(part.last, part.last + 1, "to", "1 > 0", sign="<"))
    changed = replace(part, steps=steps, given=(t,), text="It grows.")
    record = json.loads(proof_record(replace(PROOF, parts=(changed,)), VERDICT))
    (found,) = record["derivations"]
    assert (found["sign"], found["text"], found["given"]) == ("<", "It grows.", ["c"])
    assert record["tensors"]["c"]["domain"] == "[1, 1]"
    assert [step.get("sign") for step in found["steps"]] == [None, "<"]


def test_steps_refer_to_formulas_by_number() -> None:
    for part, written in zip(PARTS, RECORD["derivations"], strict=True):
        assert (written["label"], written["kind"]) == (part.label, part.kind)
        for step, line in zip(part.steps, written["steps"], strict=True):
            assert RECORD["formulas"][line["before"]]["latex"] == latex(step.before)
            assert RECORD["formulas"][line["after"]]["latex"] == latex(step.after)
            assert line["rule"] == step.rule
            assert len(line.get("substeps", [])) == len(step.substeps)


def test_every_named_tensor_function_and_axis_has_a_row() -> None:
    text = json.dumps(RECORD["nodes"])
    for name in ("X", "y", "theta", "J", "t"):
        assert f'"tensor": "{name}"' in text
        assert name in RECORD["tensors"]
    assert RECORD["functions"]["sigmoid"]["definition"] is not None
    assert RECORD["axes"] == {"m": "samples", "n": "features"}


def test_a_condition_says_what_discharges_it() -> None:
    steps = next(d for d in RECORD["derivations"] if d["label"] == "T2")["steps"]
    assert [c["by"] for c in steps[1]["conditions"]] == ["range", "range"]
    assert steps[3]["conditions"][0]["by"] == "assumed"
    assert steps[2]["became"] == "2.0:1-4"


def test_the_record_has_no_number_of_the_machine() -> None:
    other = replace(VERDICT, steps=tuple(replace(s, gap=0.1) for s in VERDICT.steps))
    assert proof_record(PROOF, VERDICT) == proof_record(PROOF, other)
    assert proof_record(PROOF, VERDICT).endswith("}\n")


def test_tensors_of_one_name_are_kept_apart() -> None:
    tables = Tables()
    tensors = [ex.Tensor("t", role="data"), ex.Tensor("t", role="constant")]
    assert [tables.tensor(tensor) for tensor in tensors] == ["t", "t'"]


def test_einsum_is_written_with_its_letters() -> None:
    written: Any = mat_tree(TRIPLE, Tables())
    assert written["letters"] == [["i"], ["k", "l"]]
    assert written["axes"] == {"i": "m", "k": "n", "l": "n"}
    assert written["output"] == ["k"]
