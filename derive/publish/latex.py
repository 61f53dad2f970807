"""Formulas as LaTeX, as a textbook sets them: stored order, minus signs, fractions, brackets.

One small function per kind of node gives a box. Places of a formula can be coloured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import assert_never, cast

from derive import publish as tx
from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.tree import Place, children, tensors_in
from derive.publish import relations
from derive.publish.nodes import Formula, Matrix


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
            return tx.number(value, spot)
        case ex.Axis(letter, _):
            return tx.Box(tx.word(letter))
        case ex.Constant(name):
            return tx.Box(f"\\{name}")
        case ex.Entry(tensor, indices):
            letters = [tx.latex_index(k) for k in indices]
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
            return tx.Box(rf"\delta_{{{tx.latex_index(left)}{tx.latex_index(right)}}}")
        case ex.Indicator(index, lower):
            return tx.Box(rf"[{tx.latex_index(index)} \ge {lower}]")
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
        while above and (not below or any(printed[k].height > 1 for k in above)):
            boxes.append(printed[above[0]])
            colours.append(tints[above.pop(0)])
        if below:
            if len(above) == 1:
                printed[above[0]] = _plain(terms[above[0]], spot.down(above[0]))
            run = {tints[k] for k in above + below}
            inner = [None if len(run) == 1 else tints[k] for k in above + below]
            under = [cast(tx.Box, _below(terms[k], spot.down(k))) for k in below]
            under = under if len(under) == 1 else [tx.at_least(box, tx.PRODUCT) for box in under]
            over = [printed[k] for k in above] or [tx.Box("1")]
            top = tx.product(over, inner[: len(above)])
            bottom = tx.product(under, inner[len(above) :])
            boxes.append(tx.slash(top, bottom) if spot.script else tx.fraction(top, bottom))
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
    if name == r"\sqrt":
        return tx.Box(rf"\sqrt{{{tx.finish(arg.text)}}}", tx.ATOM, max(arg.height, 1))
    bare = bare and isinstance(e.arg, ex.Entry)
    return relations.shaped(name, arg) or tx.call(name, arg, bare=bare)


def _sum(e: ex.Sum | ex.Product, spot: tx.Spot) -> tx.Box:
    body = _box(e.body, spot.down(0))
    if body.level == tx.SUM or body.minus:
        body = tx.bracket(body, 2, "[]") if body.height else tx.bracket(body)
    low = f"{tx.latex_index(e.index)}={e.lower}"
    operator = r"\sum" if isinstance(e, ex.Sum) else r"\prod"
    text = rf"{operator}_{{{low}}}^{{{tx.word(e.upper.letter)}}}"
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
        if isinstance(core, ex.Diff) and (not _of_entry(core) or Place(spot.path) in spot.colours):
            break
    degree = f"^{len(below)}" if len(below) > 1 else ""
    parts = [tx.differential(d, letter) for letter in below]
    bottom = parts[0] + degree if len(set(below)) == 1 else r"\,".join(parts)
    body = _box(core, spot)
    if isinstance(core, ex.Entry):
        return tx.fraction(tx.Box(tx.differential(d + degree, body.text)), tx.Box(bottom))
    if isinstance(core, ex.Add | ex.Mul) or body.minus:
        body = tx.bracket(body, 2 if body.height else 1, "[]")
    operator = tx.fraction(tx.Box(d + degree), tx.Box(bottom)).text
    return tx.Box(operator + body.text, tx.PRODUCT, max(2, body.height), open=body.text[-1] != "]")


def _of_entry(e: ex.Expr) -> bool:
    return isinstance(e, ex.Entry) or (isinstance(e, ex.Diff) and _of_entry(e.body))


def _element(mat: mx.Mat, indices: tuple[ex.Index, ...]) -> tx.Box:
    """[A]_kl with the scalars in front of the brackets; a sum over letters takes k and l itself."""
    letters = [tx.latex_index(k) for k in indices]
    if isinstance(mat, mx.Einsum):
        return _einsum(mat, letters)
    if not indices:
        return _mat(mat)
    lead, rest = _coefficient(mat)
    inside = tx.bracket(_mat(rest), 1, "[]")
    return _scaled(lead, replace(inside, text=inside.text + f"_{{{''.join(letters)}}}"))


def _mat(mat: mx.Mat) -> tx.Box:
    node = cast(Matrix, mat)
    match node:
        case mx.Sym(tensor):
            return tx.Box(tx.latex_tensor(tensor))
        case mx.Scalar(e):
            return _plain(e, tx.PLAIN)
        case mx.MAdd(args):
            return tx.total_of([_mat(arg) for arg in args], [None] * len(args))
        case mx.MMul():
            lead, rest = _coefficient(node)
            return _scaled(lead, _mat(rest)) if lead else _hadamard(node.args)
        case mx.MPow(base, exponent):
            power = tx.finish(_box(exponent, tx.Spot({}, script=True)).text)
            root = tx.at_least(_mat(base), tx.ATOM)
            circle = r"\odot " if mat.axes else ""
            return tx.Box(f"{root.text}^{{{circle}{power}}}", tx.POWER, root.height)
        case mx.MApply(function, arg):
            name, box, bare = function.latex, _mat(arg), isinstance(arg, mx.Sym)
            return relations.shaped(name, box) or tx.call(name, box, bare=bare)
        case mx.Transpose(arg):
            return _transposed(arg)
        case mx.MatMul(left, right):
            return _matmul(left, right)
        case mx.Dot(left, right):
            return _dot(left, right)
        case mx.Outer(left, right):
            return tx.product([tx.at_least(_mat(left), tx.PRODUCT), _transposed(right)])
        case mx.Diag(arg):
            return tx.call(r"\operatorname{diag}", _mat(arg), bare=False)
        case mx.DiagPart(arg):
            return tx.call(r"\operatorname{diagonal}", _mat(arg), bare=False)
        case mx.Trace(arg):
            return tx.call(r"\operatorname{tr}", _mat(arg), bare=False)
        case mx.ScaleRows(weights, arg):
            return tx.product([_mat(mx.Diag(weights)), tx.at_least(_mat(arg), tx.PRODUCT)])
        case mx.ScaleCols(arg, weights):
            return tx.product([tx.at_least(_mat(arg), tx.PRODUCT), _mat(mx.Diag(weights))])
        case mx.Identity(axis):
            return tx.Box(f"I_{{{axis.letter}}}")
        case mx.Ones(_):
            return tx.Box(r"\boldsymbol{1}")
        case mx.Mask(_, lower):
            return tx.Box(rf"\boldsymbol{{1}}_{{\ge {lower}}}")
        case mx.Einsum(_, _, output):
            return replace(tx.bracket(_einsum(node, output), 2, "[]"), level=tx.ATOM)
        case _:
            assert_never(node)


def _coefficient(mat: mx.Mat) -> tuple[tuple[ex.Expr, ...], mx.Mat]:
    """The scalars in front of a product, and what they scale."""
    if not isinstance(mat, mx.MMul):
        return (), mat
    front = takewhile(lambda arg: isinstance(arg, mx.Scalar), mat.args)
    lead = tuple(arg.expr for arg in front if isinstance(arg, mx.Scalar))
    rest = mat.args[len(lead) :]
    if not rest:
        return (), mx.Scalar(ex.mul(*lead))
    return lead, rest[0] if len(rest) == 1 else mx.MMul(rest)


def _scaled(lead: tuple[ex.Expr, ...], box: tx.Box) -> tx.Box:
    """Scalars, then what they scale."""
    if not lead:
        return box
    box = tx.at_least(box, tx.ENTRYWISE)
    if lead == (ex.MINUS_ONE,):
        return replace(box, text="-" + box.text)
    scalar = _plain(ex.mul(*lead), tx.PLAIN)
    if scalar.open or (scalar.level == tx.SUM and not isinstance(ex.mul(*lead), ex.Num)):
        scalar = tx.bracket(scalar)
    return replace(tx.product([scalar, box]), level=tx.ENTRYWISE)


def _hadamard(args: tuple[mx.Mat, ...]) -> tx.Box:
    """Entrywise factors; scalars among them only scale."""
    boxes = [tx.at_least(_mat(arg), tx.POWER if arg.axes else tx.PRODUCT) for arg in args]
    text = boxes[0].text
    for k, box in enumerate(boxes[1:], start=1):
        scalar = "" if box.text.startswith(r"\operatorname") else r"\,"
        text += (r" \odot " if args[k - 1].axes and args[k].axes else scalar) + box.text
    return tx.Box(text, tx.ENTRYWISE, max(box.height for box in boxes))


def _transposed(mat: mx.Mat) -> tx.Box:
    box = tx.at_least(_mat(mat), tx.ATOM)
    return replace(box, text=box.text + r"^{\mathsf T}", level=tx.POWER)


def _matmul(left: mx.Mat, right: mx.Mat) -> tx.Box:
    """A B; a vector on the left is a row, so u A is written A'u."""
    if len(left.axes) == 1 and len(right.axes) == 2:
        return _matmul(mx.Transpose(right), left)
    row = _transposed(left) if len(left.axes) == 1 else tx.at_least(_mat(left), tx.PRODUCT)
    return tx.product([row, tx.at_least(_mat(right), tx.PRODUCT)])


def _dot(left: mx.Mat, right: mx.Mat) -> tx.Box:
    """A squared norm, u'v, or tr(A'B)."""
    rank = len(left.axes)
    if left == right and rank:
        box = _mat(left)
        kind = r"_{\mathrm F}^2" if rank > 1 else "^2"
        inside = tx.bracket(box, 0, (r"\lVert ", r"\rVert"))
        return tx.Box(inside.text + kind, tx.POWER, inside.height)
    factor = _transposed(left) if rank else tx.at_least(_mat(left), tx.PRODUCT)
    inner = tx.product([factor, tx.at_least(_mat(right), tx.PRODUCT)])
    return inner if rank < 2 else tx.call(r"\operatorname{tr}", inner, bare=False)


def _einsum(mat: mx.Einsum, output: Sequence[str]) -> tx.Box:
    """An explicit sum over the letters that the result does not carry."""
    names = dict(zip(mat.output, output, strict=True))
    for letter, _ in mat.letters:
        name = letter
        while letter not in names and name in names.values():
            name += "'"
        names.setdefault(letter, name)
    factors = []
    for operand, letters in mat.operands:
        box = tx.at_least(_mat(operand), tx.PRODUCT)
        carried = [names[letter] for letter in letters]
        if isinstance(operand, mx.Sym):
            box = tx.Box(tx.subscript(tx.symbol(operand.tensor), carried))
        elif carried:
            box = tx.Box(f"{tx.bracket(box, 1, '[]').text}_{{{''.join(carried)}}}")
        factors.append(box)
    inner = [names[letter] for letter, _ in mat.letters if letter not in mat.output]
    over = rf"\sum_{{{', '.join(inner)}}} " if inner else ""
    body = tx.product(factors)
    return tx.Box(over + body.text, tx.PRODUCT, 3 if over else 1, open=bool(over))
