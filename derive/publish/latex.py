"""Formulas as LaTeX, as a textbook sets them: stored order, minus signs, fractions, brackets.

One small function per kind of node gives a box. Places of a formula can be coloured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never, cast

from derive import publish as tx
from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation import matrix_parts as parts_of
from derive.notation.bands import Band, Unit
from derive.notation.tree import Place, children, tensors_in
from derive.publish import differentials, relations
from derive.publish.indices_tex import (
    band_symbol,
    latex_delta,
    latex_index,
    latex_size,
)
from derive.publish.latex_products import (
    diagonal_box,
    dot_box,
    einsum_box,
    fraction_box,
    hadamard_box,
    kronecker,
    matmul_box,
    norm_box,
    number_above,
    outer_box,
    raised_box,
    root_power,
    transposed_box,
)
from derive.publish.nodes import Formula, Matrix, coefficient, of_entry
from derive.publish.numbers_tex import number, parts_of_number


def latex(e: ex.Expr, colours: tx.Colours | None = None, *, slashes: bool = False) -> str:
    """A formula as LaTeX; the subterms at the given places are coloured."""
    return tx.finish(_box(e, tx.Spot(colours or {}, script=slashes)).text)


def latex_mat(mat: mx.Mat) -> str:
    """A matrix formula as LaTeX: vectors bold, matrices italic."""
    return tx.finish(_mat(mat).text)


def latex_lines(
    e: ex.Expr | mx.Mat, limit: float, colours: tx.Colours | None = None
) -> tuple[str, ...]:
    """A formula as LaTeX in lines of at most `limit` em, broken before a term where possible."""
    box = _mat(e) if isinstance(e, mx.Mat) else _box(e, tx.Spot(colours or {}))
    return tx.lines(box.text, limit)


def _box(e: ex.Expr, spot: tx.Spot) -> tx.Box:
    """A formula, painted if its place has a colour."""
    box = _plain(e, spot)
    return replace(box, text=tx.paint(box.text, spot.colours.get(Place(spot.path))))


def _plain(e: ex.Expr, spot: tx.Spot) -> tx.Box:
    node = cast(Formula, e)
    match node:
        case ex.Num(value):
            return number(value, spot)
        case ex.Axis():
            return tx.Box(latex_size(node), tx.SUM if node.cut else tx.ATOM)
        case ex.Constant(name):
            return tx.Box(f"\\{name}")
        case ex.Entry(tensor, indices):
            letters = [latex_index(k) for k in indices]
            return tx.Box(tx.subscript(tx.symbol(tensor), letters))
        case ex.Add(args):
            boxes = [_plain(arg, spot.down(k)) for k, arg in enumerate(args)]
            return tx.total_of(boxes, spot.tints(len(args)))
        case ex.Mul(args):
            return _mul(args, spot)
        case ex.Pow(base, exponent):
            return _pow(base, exponent, spot)
        case ex.Apply():
            return _apply(node, spot)
        case ex.Sum() | ex.Product():
            return _sum(node, spot)
        case ex.Cases(branches, _):
            parts = [_box(child, spot.down(k)) for k, child in enumerate(children(node))]
            return relations.cases([test.relation for test, _ in branches], parts)
        case ex.Delta(left, right):
            return tx.Box(latex_delta(left, right))
        case ex.Indicator(index, lower):
            return tx.Box(rf"[{latex_index(index)} \ge {lower}]")
        case ex.Diff():
            return _diff(node, spot)
        case ex.Element(mat, indices):
            return _element(mat, indices)
        case _:
            assert_never(node)


def _below(e: ex.Expr, spot: tx.Spot) -> tx.Box | None:
    """b**k where e = b**(-k): what goes below a fraction bar."""
    match e:
        case ex.Pow(base, ex.Num(value)) if value == -1:
            return _box(base, spot.down(0))
        case ex.Pow(base, ex.Num(value)) if value < 0:
            return _pow(base, ex.Num(-value), spot)
        case _:
            return None


def _runs(args: Sequence[tuple[int, ex.Expr]]) -> list[tuple[list[int], list[int]]]:
    """Factors in runs: some above the bar, then those with negative powers below it."""
    runs: list[tuple[list[int], list[int]]] = [([], [])]
    for k, arg in args:
        under = _below(arg, tx.PLAIN) is not None
        if runs[-1][1] and not under:
            runs.append(([], []))
        runs[-1][1 if under else 0].append(k)
    return runs


def _mul(args: tuple[ex.Expr, ...], spot: tx.Spot) -> tx.Box:
    """A sign, then the factors in stored order; each run `a b c**-1 d**-1` is one fraction."""
    tints = spot.tints(len(args))
    todo = list(enumerate(args))
    minus = ""
    if isinstance(args[0], ex.Num) and args[0].value < 0:
        minus = "-"
        todo[:1] = [] if args[0] == ex.MINUS_ONE else [(0, ex.Num(-args[0].value))]
    boxes: list[tx.Box] = []
    colours: list[tx.Colour | None] = []
    terms = dict(todo)
    for above, below in _runs(todo):
        printed = {k: _factor(terms[k], spot.down(k), last=k == len(args) - 1) for k in above}
        alone = below and len(above) == 1 and not spot.script
        split = parts_of_number(terms[above[0]]) if alone else None
        if split:  # 1/2 * 1/m is 1/(2m)
            printed[above[0]] = split[0]
        while above and (not below or any(printed[k].height > 1 for k in above)):
            boxes.append(printed[above[0]])
            colours.append(tints[above.pop(0)])
        if below:
            if len(above) == 1 and not split:
                printed[above[0]] = _plain(terms[above[0]], spot.down(above[0]))
            run = {tints[k] for k in above + below}
            inner = [None if len(run) == 1 else tints[k] for k in above + below]
            under = [cast(tx.Box, _below(terms[k], spot.down(k))) for k in below]
            if split:
                under.insert(0, split[1])
                inner.insert(1, inner[0])
            under = under if len(under) == 1 else [tx.at_least(box, tx.PRODUCT) for box in under]
            over = [printed[k] for k in above] or [tx.Box("1")]
            top = tx.product(over, inner[: len(above)])
            bottom = tx.product(under, inner[len(above) :])
            whole = tx.slash(top, bottom) if spot.script else tx.fraction(top, bottom)
            boxes.append(tx.bracket(whole) if whole.open and below[-1] != todo[-1][0] else whole)
            colours.append(run.pop() if len(run) == 1 else None)
    return tx.product(boxes, colours, (minus, tints[0]))


def _factor(e: ex.Expr, spot: tx.Spot, *, last: bool) -> tx.Box:
    """A factor; one that would swallow what follows gets brackets unless it is the last."""
    if isinstance(e, ex.Apply) and not last:
        return _apply(e, spot, bare=False)
    box = _plain(e, spot)
    return tx.bracket(box) if box.open and not last else tx.at_least(box, tx.PRODUCT)


def _pow(base: ex.Expr, exponent: ex.Expr, spot: tx.Spot) -> tx.Box:
    below = _below(ex.Pow(base, exponent), spot)
    if below is not None:
        one = tx.Box("1")
        return tx.slash(one, below) if spot.script else tx.fraction(one, below)
    match base, exponent:
        case ex.Apply(function, arg), ex.Num(value) if root_power(function, value):
            root = tx.at_least(_box(arg, spot.down(0, 0)), tx.ATOM)
            return tx.Box(f"{root.text}^{{{value.numerator}/2}}", tx.POWER, root.height)
    root = _box(base, spot.down(0))
    raised = isinstance(base, ex.Entry) and bool(set("^'") & set(root.text))
    root = tx.bracket(root) if raised else tx.at_least(root, tx.ATOM)
    power = tx.script(_box(exponent, spot.down(1, script=True)))
    return tx.Box(f"{root.text}^{power}", tx.POWER, root.height)


def _apply(e: ex.Apply, spot: tx.Spot, *, bare: bool = True) -> tx.Box:
    name = e.function.latex
    if name == r"\exp":
        power = _box(e.arg, spot.down(0, script=True))
        if power.height < 2:
            return tx.Box(f"e^{tx.script(power)}", tx.POWER, 1)
    arg = _box(e.arg, spot.down(0))
    bare = bare and isinstance(e.arg, ex.Entry)
    return relations.shaped(name, arg) or tx.call(name, arg, bare=bare)


def _sum(e: ex.Sum | ex.Product, spot: tx.Spot) -> tx.Box:
    body = _box(e.body, spot.down(0))
    if body.level == tx.SUM or body.minus:
        body = tx.bracket(body, 2, "[]") if body.height else tx.bracket(body)
    low = f"{latex_index(e.index)}={e.lower}"
    operator = r"\sum" if isinstance(e, ex.Sum) else r"\prod"
    text = rf"{operator}_{{{low}}}^{{{latex_size(e.upper)}}}"
    space = " " if body.text[0].isalpha() else ""
    return tx.Box(text + space + body.text, tx.PRODUCT, max(3, body.height), open=True)


def _diff(e: ex.Diff, spot: tx.Spot) -> tx.Box:
    """A quotient of differentials for one entry, else the operator and what it acts on."""
    below: list[str] = []
    core: ex.Expr = e
    d = r"\partial" if set(tensors_in(e)) != {e.wrt.tensor} or e.wrt.indices else r"\mathrm d"
    while isinstance(core, ex.Diff):
        below.append(_box(core.wrt, spot.down(1)).text)
        core, spot = core.body, spot.down(0)
        alone = e.held or not of_entry(core) or Place(spot.path) in spot.colours
        if isinstance(core, ex.Diff) and (alone or core.held):
            break
    degree = f"^{len(below)}" if len(below) > 1 else ""
    parts = [tx.differential(d, letter) for letter in below]
    bottom = parts[0] + degree if len(set(below)) == 1 else r"\,".join(parts)
    body = _box(core, spot)
    if e.held:
        return differentials.held(e, d, bottom, body)
    if isinstance(core, ex.Entry):
        return tx.fraction(tx.Box(tx.differential(d + degree, body.text)), tx.Box(bottom))
    if isinstance(core, ex.Add | ex.Mul) or body.minus:
        body = tx.bracket(body, 2 if body.height else 1, "[]")
    operator = tx.fraction(tx.Box(d + degree), tx.Box(bottom)).text
    return tx.Box(operator + body.text, tx.PRODUCT, max(2, body.height), open=body.text[-1] != "]")


def _element(mat: mx.Mat, indices: tuple[ex.Index, ...]) -> tx.Box:
    """[A]_kl with the scalars in front of the brackets; a sum over letters takes k and l itself."""
    letters = [latex_index(k) for k in indices]
    if isinstance(mat, mx.Einsum):
        return einsum_box(_mat, mat, letters)
    if not indices:
        return _mat(mat)
    lead, rest = coefficient(mat)
    inside = tx.bracket(_mat(rest), 1, "[]")
    return _scaled(lead, replace(inside, text=f"{inside.text}_{{{tx.side_by_side(letters)}}}"))


def _mat(mat: mx.Mat) -> tx.Box:
    node = cast(Matrix, mat)
    norm = parts_of.norm_power(mat)
    if norm is not None and norm[1] > 0:
        return norm_box(_mat, *norm)
    match node:
        case mx.Sym(tensor):
            return tx.Box(tx.latex_tensor(tensor))
        case mx.Scalar(e):
            return _plain(e, tx.PLAIN)
        case mx.MAdd(args):
            return tx.total_of([_mat(arg) for arg in args], [None] * len(args))
        case mx.MMul(args) if parts_of.quotient(args)[1]:
            return fraction_box(_mat, *parts_of.quotient(args))
        case mx.MMul():
            lead, rest = coefficient(node)
            if lead and not number_above(node.args):
                return _scaled(lead, _mat(rest), rest)
            return hadamard_box(_mat, node.args)
        case mx.MPow() if parts_of.entrywise_quotient((node,))[1]:
            return hadamard_box(_mat, (node,))
        case mx.MPow(mx.MApply(function, arg), ex.Num(value)) if root_power(function, value):
            root = tx.at_least(_mat(arg), tx.ATOM)
            circle = r"\odot " if mat.axes else ""
            return tx.Box(f"{root.text}^{{{circle}{value.numerator}/2}}", tx.POWER, root.height)
        case mx.MPow(base, exponent):
            power = tx.finish(_box(exponent, tx.Spot({}, script=True)).text)
            root = tx.at_least(_mat(base), tx.ATOM)
            circle = r"\odot " if mat.axes else ""
            return tx.Box(f"{root.text}^{{{circle}{power}}}", tx.POWER, root.height)
        case mx.MPower(base, power):
            root = tx.at_least(_mat(base), tx.ATOM)
            return tx.Box(
                rf"{root.text}^{{\odot {tx.at_least(_mat(power), tx.ATOM).text}}}", tx.POWER, 1
            )
        case mx.MApply(function, arg):
            name, box, bare = function.latex, _mat(arg), isinstance(arg, mx.Sym)
            return relations.shaped(name, box) or tx.call(name, box, bare=bare)
        case mx.Choice(signs, parts):
            return replace(relations.cases(signs, [_mat(part) for part in parts]), open=False)
        case mx.Transpose(arg):
            return transposed_box(_mat, arg)
        case mx.MatMul(left, right):
            return matmul_box(_mat, left, right)
        case mx.Dot(left, right):
            return dot_box(_mat, left, right)
        case mx.Outer(left, right):
            return outer_box(_mat, left, right)
        case mx.Diag(arg):
            return diagonal_box(_mat, arg)
        case mx.DiagPart(arg):
            return tx.call(r"\operatorname{diagonal}", _mat(arg), bare=False)
        case mx.Trace(arg):
            return tx.call(r"\operatorname{tr}", _mat(arg), bare=False)
        case mx.Inverse(arg):
            return raised_box(_mat, arg, "-1")
        case mx.LogDet(arg):
            return tx.call(r"\log\det", _mat(arg), bare=isinstance(arg, mx.Sym))
        case mx.Det(arg):
            return tx.call(r"\det", _mat(arg), bare=isinstance(arg, mx.Sym))
        case mx.RowProduct(arg):
            return tx.call(r"\operatorname{prod}", _mat(arg), bare=False)
        case mx.ScaleRows(weights, arg):
            return tx.product([_mat(mx.Diag(weights)), tx.at_least(_mat(arg), tx.PRODUCT)])
        case mx.ScaleCols(arg, weights):
            return tx.product([tx.at_least(_mat(arg), tx.PRODUCT), _mat(mx.Diag(weights))])
        case mx.Identity(axis):
            return tx.Box(f"I_{{{latex_size(axis)}}}")
        case mx.Zero():
            return tx.Box("0")
        case mx.Kron() | mx.KronRows():
            return kronecker(_mat, node)
        case mx.Ones(_):
            return tx.Box(r"\boldsymbol{1}")
        case mx.Mask(_, lower):
            return tx.Box(rf"\boldsymbol{{1}}_{{\ge {lower}}}")
        case Unit(axis, place):
            return tx.Box(rf"\boldsymbol{{e}}_{{{latex_index(ex.Index('', axis, place))}}}")
        case Band():
            symbol = band_symbol(node)
            return tx.Box(symbol, tx.POWER if "^" in symbol else tx.ATOM)
        case mx.Einsum(_, _, output):
            return replace(tx.bracket(einsum_box(_mat, node, output), 2, "[]"), level=tx.ATOM)
        case _:
            assert_never(node)


def _scaled(lead: tuple[ex.Expr, ...], box: tx.Box, rest: mx.Mat | None = None) -> tx.Box:
    """Scalars, then what they scale; a letter is put over a single divisor."""
    if not lead:
        return box
    box = tx.at_least(box, tx.ENTRYWISE)
    if lead == (ex.MINUS_ONE,):
        return replace(box, text="-" + box.text)
    match lead:
        case (ex.Pow(divisor, ex.Num(value)),) if value == -1 and isinstance(rest, mx.Sym):
            return tx.fraction(box, _plain(divisor, tx.PLAIN))
    scalar = _plain(ex.mul(*lead), tx.PLAIN)
    if scalar.open or (scalar.level == tx.SUM and not isinstance(ex.mul(*lead), ex.Num)):
        scalar = tx.bracket(scalar)
    return replace(tx.product([scalar, box]), level=tx.ENTRYWISE)
