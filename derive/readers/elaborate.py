"""From a text's declarations and equations to a problem.

The axes of arrays are declared; those of index letters and of what is defined follow from use.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derive.errors import ProblemError
from derive.notation import algebra
from derive.notation.algebra import Array
from derive.notation.expression import Axis, Expr, Index, Tensor
from derive.notation.operand import OPEN
from derive.notation.problem import Definition, Problem, data, define, parameter
from derive.notation.tree import tensors_in
from derive.readers import values as v
from derive.readers.complaint import Text
from derive.readers.meaning import meaning
from derive.readers.surface import Call, Declared, Equation, Indexed, Name, Sheet, Span, Surface
from derive.readers.walk import pieces
from derive.readers.words import SQUARE, domain_and_facts
from derive.readers.world import Macro, World, habits, index_axis, longest_shift

SETTINGS = ("name", "title", "summary", "source", "prediction", "cost")
COST = "J"


@dataclass
class _Draft:
    """A problem while its equations are read."""

    text: Text
    axes: Mapping[str, Axis]
    data: tuple[Tensor, ...]
    parameters: tuple[Tensor, ...]
    macros: dict[str, Macro] = field(default_factory=dict)
    made: list[Definition] = field(default_factory=list)
    ties: list[Definition] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    habits: Mapping[str, Axis] = field(default_factory=dict)

    def world(self) -> World:
        tensors = {_spelled(t.name): t for t in (*self.data, *self.parameters)}
        tensors |= {_spelled(d.tensor.name): d.tensor for d in self.made}
        return World(
            self.text, tensors, self.axes, macros=self.macros, habits=self.habits, made=self.made
        )


def problem_from_sheet(sheet: Sheet, name: str) -> Problem:
    """The problem that a text states; `name` is used unless the text has one."""
    settings = dict(reversed(sheet.settings))
    name = settings.get("name", name)
    text = Text(sheet.source, name)
    _settled(sheet, text)
    draft = _declared(sheet.declared, text)
    if not sheet.equations:
        raise _whole(text, "there is no equation", "end the text with the cost, as in J = ...")
    trees = [tree for e in sheet.equations for tree in (e.left, e.right)]
    draft.habits = habits(trees, draft.world().tensors)
    cost = _cost_of(sheet.equations, settings.get("cost", ""), text, draft)
    for equation in sheet.equations:
        if equation is not cost:
            _define(equation, draft)
    letter, body = _cost(cost, draft)
    prediction = _prediction(settings.get("prediction", ""), draft)
    _all_used(sheet, draft, body, prediction)
    return Problem(
        name=name,
        title=settings.get("title", name.replace("_", " ").capitalize()),
        data=draft.data,
        parameters=draft.parameters,
        definitions=tuple(draft.made),
        cost=body,
        prediction=prediction,
        summary=settings.get("summary", ""),
        sources=tuple(value for key, value in sheet.settings if key == "source"),
        letter=letter,
        ties=tuple(draft.ties),
    )


def _settled(sheet: Sheet, text: Text) -> None:
    """Every setting says something, and once; there may be several sources."""
    seen: set[str] = set()
    for key, value in sheet.settings:
        if not value:
            wrong, todo = f"nothing stands behind {key}:", "write it there, or remove the line"
        elif key in seen and key != "source":
            wrong, todo = f"{key}: stands here twice", "keep one of them"
        else:
            seen.add(key)
            continue
        lines = re.finditer(
            rf"^[ \t%]*(?:derive[ \t]*:)?[ \t]*({key}s?[ \t]*:.*)$", text.source, re.MULTILINE
        )
        found = [line for line in lines if value or not line[1].partition(":")[2].strip()]
        if found:
            raise text.error(Span(*found[-1].span(1)), wrong, todo)
        raise _whole(text, wrong, todo)


def _whole(text: Text, wrong: str, todo: str) -> ProblemError:
    lines = [line for line in text.source.splitlines() if line.strip()]
    where = lines[-1].strip() if lines else "(an empty text)"
    return ProblemError(
        asked=f"read the problem {text.name!r}", where=where, wrong=wrong, todo=todo
    )


def _spelled(name: str) -> str:
    return name.rstrip("_") or name


def _python(name: str) -> str:
    """lambda is a keyword of Python; lambda_ is how a problem file spells the letter."""
    return f"{name}_" if keyword.iskeyword(name) else name


# ---------------------------------------------------------------- declarations


def _declared(declared: Iterable[Declared], text: Text) -> _Draft:
    axes: dict[str, Axis] = {}
    for d in declared:
        if d.role == "axis":
            axes[d.name] = Axis(d.name, d.meaning)
    groups: dict[str, list[Tensor]] = {"data": [], "parameter": []}
    seen: dict[str, str] = {}
    for d in declared:
        if d.name in seen:
            raise text.error(d.span, f"{d.name} is already declared", "rename one of them")
        seen[d.name] = "an axis" if d.role == "axis" else d.role
        if d.role == "axis":
            continue
        over = tuple(_axis(letter, axes) for letter in d.axes)
        domain, facts = domain_and_facts(d, text)
        for fact in SQUARE:
            if fact in facts and (len(over) != 2 or over[0] != over[1]):
                raise text.error(d.span, f"only a square matrix is {fact}", "declare it over one "
                                 f"axis twice, as in {d.role} {d.name} (n, n) {fact}")  # fmt: skip
        make = data if d.role == "data" else parameter
        groups[d.role].append(
            make(_python(d.name), *over, domain=domain, facts=facts, meaning=d.meaning)
        )
    for letter in axes:
        if seen.get(letter, "an axis") != "an axis":
            span = next(d.span for d in declared if d.name == letter)
            raise text.error(span, f"{letter} is the letter of an axis, hence of its size",
                             "rename the axis or this")  # fmt: skip
    return _Draft(text, axes, tuple(groups["data"]), tuple(groups["parameter"]), seen=seen)


def _axis(letter: str, axes: dict[str, Axis]) -> Axis:
    """The axis n, or n - 1 with one position fewer."""
    root, _, cut = letter.replace(" ", "").partition("-")
    return axes.setdefault(root, Axis(root)).less(int(cut or 0))


# ---------------------------------------------------------------- equations


def _left_name(left: Surface, draft: _Draft) -> str:
    match left:
        case Name(name):
            return name
        case Indexed(base, _, _, _):
            return _left_name(base, draft)
        case Call(name, _, _, _):
            return name
        case _:
            raise draft.text.error(
                left.span, "an equation defines a letter, and its left-hand side is none",
                "write z = ..., z[i] = ... or h(x) = ...",
            )  # fmt: skip


def _cost_of(equations: tuple[Equation, ...], wished: str, text: Text, draft: _Draft) -> Equation:
    """The equation of the cost: the one that is named so, the one of J, or the last one."""
    names = [_left_name(equation.left, draft) for equation in equations]
    letter = wished or COST
    found = [e for e, name in zip(equations, names, strict=True) if name == letter]
    bare = [e for e in found if e.left.span == e.right.span]
    if len(found) > 1 and bare:
        raise text.error(
            bare[0].span, f"a line without = is read as the cost, but {letter} is defined as well",
            "write a colon after a keyword (title: ...), or z = ... for a definition",
        )  # fmt: skip
    if len(found) > 1:
        raise text.error(found[1].span, f"{letter} is defined twice", "rename one of them")
    if wished and not found:
        raise _whole(text, f"no equation defines the cost {wished}", f"write {wished} = ...")
    return found[0] if found else equations[-1]


def _value(equation: Equation, world: World) -> v.Value:
    value = meaning(equation.right, world)
    if value.unit:
        raise world.error(equation.right.span, "the identity matrix has no size here",
                          "write eye(n)")  # fmt: skip
    if value.kind == "row":
        raise world.error(equation.right.span, f"{v.told(value, world.text)}; a name stands for "
                          "a column", "transpose it")  # fmt: skip
    return value


def _is_function(left: Surface, draft: _Draft) -> bool:
    """Whether h(x) = ... defines a function: x stands for an argument, not for what it is."""
    if not isinstance(left, Call):
        return False
    known = draft.world().tensors
    return not all(isinstance(arg, Name) and arg.name in known for arg in left.args)


def _define(equation: Equation, draft: _Draft) -> None:
    """A definition, a function, or an error about the left-hand side."""
    left, text = equation.left, draft.text
    name = _left_name(left, draft)
    if draft.seen.get(name) == "data" and _tied(equation, name, draft):
        return
    if name in draft.seen or name in draft.macros or name in draft.axes:
        what = draft.seen.get(name, "an axis" if name in draft.axes else "defined")
        raise text.error(left.span, f"{name} is already {what}", "choose another name")
    if isinstance(left, Call) and _is_function(left, draft):
        params = [arg.name for arg in left.args if isinstance(arg, Name)]
        if len(params) != len(left.args) or len(set(params)) != len(params):
            raise text.error(left.span, "the arguments of a function are different letters",
                             f"write {name}(x) = ...")  # fmt: skip
        draft.macros[name] = Macro(tuple(params), equation.right)
        return
    world = draft.world()
    letters = _left_letters(left, equation, world) if isinstance(left, Indexed) else ()
    for piece in pieces(equation.right):
        if isinstance(piece, Name) and piece.name == name and name not in world.tensors:
            raise text.error(piece.span, f"{name} is defined by itself", "take another letter here")
    value = _value(equation, world.bind(letters))
    if draft.made and _spelled(draft.made[-1].tensor.name) == name:
        raise text.error(left.span, f"{name} is already defined", "choose another name")
    rest = tuple(axis.index(f"{OPEN}{k}") for k, axis in enumerate(value.axes))
    body = algebra.at(value.what, rest)
    draft.made.append(define(_python(name), *letters, *rest, body))
    draft.seen[name] = "defined"


def _tied(equation: Equation, name: str, draft: _Draft) -> bool:
    """Whether an equation says how data follow from other data: o_i = {1 if y_i = 0; 0 otherwise}.

    Such data are data all the same: the equation is what is assumed of them.
    """
    left, world = equation.left, draft.world()
    if any(t.tensor.name == _python(name) for t in draft.ties):
        return False
    letters = _left_letters(left, equation, world) if isinstance(left, Indexed) else ()
    value = _value(equation, world.bind(letters))
    rest = tuple(axis.index(f"{OPEN}{k}") for k, axis in enumerate(value.axes))
    tensor = next(t for t in draft.data if t.name == _python(name))
    body, own = algebra.at(value.what, rest), (*letters, *rest)
    fits = tuple(k.axis for k in own) == tensor.axes
    if not fits or any(t.role != "data" or t == tensor for t in tensors_in(body)):
        return False
    draft.ties.append(Definition(tensor, own, body))
    return True


def _left_letters(left: Indexed, equation: Equation, world: World) -> tuple[Index, ...]:
    """The indices of z[i] = ...: the axis of each follows from its use at the right."""
    out: list[Index] = []
    for index in (*left.rows, *left.indices):
        if not isinstance(index, Name):
            raise world.error(index.span, "the indices of what is defined are letters",
                              "define it for every value of a letter")  # fmt: skip
        if index.name in (k.letter for k in out):
            raise world.error(index.span, f"{index.name} occurs twice", "take two letters")
        if index.name in world.tensors or index.name in world.axes:
            raise world.error(index.span, f"{index.name} is declared, and no free letter",
                              "take another letter for the index")  # fmt: skip
        axis = index_axis(index, (equation.right,), world)
        if axis is None:
            wrong = f"the right-hand side has no index {index.name}"
            raise world.error(index.span, wrong, f"use {index.name} there, or leave it out here")
        # d_j = theta_{j+1} - theta_j is defined for j = 1, ..., n - 1.
        shorter = axis.less(longest_shift(index.name, equation.right))
        out.append(Index(index.name, shorter))
    return tuple(out)


def _cost(equation: Equation, draft: _Draft) -> tuple[str, Expr]:
    left = equation.left
    name = _left_name(left, draft)
    if isinstance(left, Indexed):
        raise draft.text.error(left.span, "the cost is a number and has no index",
                               "sum over it")  # fmt: skip
    if name in draft.seen:
        what = draft.seen[name]
        raise draft.text.error(left.span, f"{name} is already {what}", "choose another name")
    value = _value(equation, draft.world())
    if isinstance(value.what, Array):
        over = algebra.shape(value.axes)
        wrong = f"the cost is an array over {over}, and only a number has a minimum"
        raise draft.text.error(equation.right.span, wrong, "sum over its entries, or take a norm")
    return _python(name), value.what


def _prediction(name: str, draft: _Draft) -> Definition | None:
    if not name:
        return None
    found = [d for d in draft.made if _spelled(d.tensor.name) == name]
    if not found:
        raise _whole(
            draft.text, f"the prediction {name} is not defined", f"define it: {name} = ..."
        )
    return found[0]


# ---------------------------------------------------------------- what is declared and not used


def _all_used(sheet: Sheet, draft: _Draft, cost: Expr, prediction: Definition | None) -> None:
    """What is declared, defined and never used: an error at its line."""
    bodies = {d.tensor: d.body for d in draft.made}
    pending = [*tensors_in(cost), *((prediction.tensor,) if prediction else ())]
    used: set[Tensor] = set()
    while pending:
        tensor = pending.pop()
        if tensor not in used:
            used.add(tensor)
            pending += tensors_in(bodies[tensor]) if tensor in bodies else ()
    for d in sheet.declared:
        tensors = [t for t in (*draft.data, *draft.parameters) if t.name == _python(d.name)]
        if tensors and tensors[0] not in used:
            raise draft.text.error(d.span, f"the cost does not use {d.name}",
                                   "use it or remove this line")  # fmt: skip
    for definition in draft.made:
        if definition.tensor not in used:
            name = _spelled(definition.tensor.name)
            span = next(
                (e.span for e in sheet.equations if _left_name(e.left, draft) == name),
                Span(0, len(sheet.source)),
            )
            raise draft.text.error(span, f"neither the cost nor the prediction uses {name}",
                                   "use it or remove this line")  # fmt: skip
