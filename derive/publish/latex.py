"""Formulas as LaTeX, as a textbook sets them: stored order, minus signs, fractions, brackets.

One small function per kind of node gives a `Box`. Places of a formula can be coloured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import assert_never, cast

from derive.notation import matrix as mx
from derive.notation.expression import (
    MINUS_ONE, Add, Apply, Axis, Delta, Diff, Element, Entry, Expr, Index, Indicator, Mul, Num,
    Pow, Sum, mul,
)  # fmt: skip
from derive.notation.tree import Place, tensors_in
from derive.publish import (
    ATOM, ENTRYWISE, PLAIN, POWER, PRODUCT, SUM, Box, Colour, Colours, Spot, at_least, bracket,
    call, differential, finish, fraction, latex_index, latex_tensor, lines, number, paint, product, slash,
    subscript, symbol, total_of, word,
)  # fmt: skip

Formula = Num | Axis | Entry | Add | Mul | Pow | Apply | Sum | Delta | Indicator | Diff | Element
Matrix = (
    mx.Sym | mx.Scalar | mx.MAdd | mx.MMul | mx.MPow | mx.MApply | mx.Transpose | mx.MatMul
    | mx.Dot | mx.Outer | mx.Diag | mx.DiagPart | mx.Trace | mx.ScaleRows | mx.ScaleCols
    | mx.Identity | mx.Ones | mx.Mask | mx.Einsum
)  # fmt: skip

_TRANSPOSED = r"^{\mathsf T}"


def latex(e: Expr, colours: Colours | None = None) -> str:
    """A formula as LaTeX; the subterms at the given places are coloured."""
    return finish(_box(e, Spot(colours or {})).text)


def latex_mat(mat: mx.Mat) -> str:
    """A matrix formula as LaTeX: vectors bold, matrices italic."""
    return finish(_mat(mat).text)


def latex_lines(e: Expr | mx.Mat, limit: float, colours: Colours | None = None) -> tuple[str, ...]:
    """A formula as LaTeX in lines of at most `limit` em, broken before a term where possible."""
    box = _mat(e) if isinstance(e, mx.Mat) else _box(e, Spot(colours or {}))
    return lines(box.text, limit)


def _box(e: Expr, spot: Spot) -> Box:
    """A formula, painted if its place has a colour."""
    box = _plain(e, spot)
    return replace(box, text=paint(box.text, spot.colours.get(Place(spot.path))))


def _plain(e: Expr, spot: Spot) -> Box:
    node = cast(Formula, e)
    match node:
        case Num(value):
            return number(value, spot)
        case Axis(letter, _):
            return Box(word(letter))
        case Entry(tensor, indices):
            letters = [latex_index(k) for k in indices]
            return Box(subscript(symbol(tensor), letters))
        case Add(args):
            boxes = [_plain(arg, spot.down(k)) for k, arg in enumerate(args)]
            return total_of(boxes, spot.tints(len(args)))
        case Mul(args):
            return _mul(args, spot)
        case Pow(base, exponent):
            return _pow(base, exponent, spot)
        case Apply():
            return _apply(node, spot)
        case Sum():
            return _sum(node, spot)
        case Delta(left, right):
            return Box(rf"\delta_{{{latex_index(left)}{latex_index(right)}}}")
        case Indicator(index, lower):
            return Box(rf"[{latex_index(index)} \ge {lower}]")
        case Diff():
            return _diff(node, spot)
        case Element(mat, indices):
            return _element(mat, indices)
        case _:
            assert_never(node)


def _below(e: Expr, spot: Spot) -> Box | None:
    """b**k where e = b**(-k): what goes below a fraction bar."""
    match e:
        case Pow(base, Num(value)) if value == -1:
            return _box(base, spot.down(0))
        case Pow(base, Num(value)) if value < 0:
            return _pow(base, Num(-value), spot)
        case _:
            return None


def _runs(args: Sequence[tuple[int, Expr]]) -> list[tuple[list[int], list[int]]]:
    """Factors in runs: some above the bar, then those with negative powers below it."""
    runs: list[tuple[list[int], list[int]]] = [([], [])]
    for k, arg in args:
        under = _below(arg, PLAIN) is not None
        if runs[-1][1] and not under:
            runs.append(([], []))
        runs[-1][1 if under else 0].append(k)
    return runs


def _mul(args: tuple[Expr, ...], spot: Spot) -> Box:
    """A sign, then the factors in stored order; each run `a b c**-1 d**-1` is one fraction."""
    tints = spot.tints(len(args))
    todo = list(enumerate(args))
    minus = ""
    if isinstance(args[0], Num) and args[0].value < 0:
        minus = "-"
        todo[:1] = [] if args[0] == MINUS_ONE else [(0, Num(-args[0].value))]
    boxes: list[Box] = []
    colours: list[Colour | None] = []
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
            under = [cast(Box, _below(terms[k], spot.down(k))) for k in below]
            under = under if len(under) == 1 else [at_least(box, PRODUCT) for box in under]
            top = product([printed[k] for k in above], inner[: len(above)]) if above else Box("1")
            bottom = product(under, inner[len(above) :])
            boxes.append(slash(top, bottom) if spot.script else fraction(top, bottom))
            colours.append(run.pop() if len(run) == 1 else None)
    return product(boxes, colours, (minus, tints[0]))


def _factor(e: Expr, spot: Spot, *, last: bool) -> Box:
    """A factor; one that would swallow what follows gets brackets unless it is the last."""
    if isinstance(e, Apply) and not last:
        return _apply(e, spot, bare=False)
    box = _plain(e, spot)
    return bracket(box) if box.open and not last else at_least(box, PRODUCT)


def _pow(base: Expr, exponent: Expr, spot: Spot) -> Box:
    below = _below(Pow(base, exponent), spot)
    if below is not None:
        one = Box("1")
        return slash(one, below) if spot.script else fraction(one, below)
    root = _box(base, spot.down(0))
    if root.level < ATOM or root.open or (isinstance(base, Entry) and set("^'") & set(root.text)):
        root = bracket(root)
    power = finish(_box(exponent, spot.down(1, script=True)).text)
    return Box(f"{root.text}^{power if len(power) == 1 else f'{{{power}}}'}", POWER, root.height)


def _apply(e: Apply, spot: Spot, *, bare: bool = True) -> Box:
    name = e.function.latex
    if name == r"\exp":
        power = _box(e.arg, spot.down(0, script=True))
        if power.height < 2:
            text = finish(power.text)
            return Box(f"e^{text if len(text) == 1 else f'{{{text}}}'}", POWER, 1)
    arg = _box(e.arg, spot.down(0))
    if name == r"\sqrt":
        return Box(rf"\sqrt{{{finish(arg.text)}}}", ATOM, max(arg.height, 1))
    return call(name, arg, bare=bare and isinstance(e.arg, Entry))


def _sum(e: Sum, spot: Spot) -> Box:
    body = _box(e.body, spot.down(0))
    if body.level == SUM or body.minus:
        body = bracket(body, 2, "[]") if body.height else bracket(body)
    low = f"{latex_index(e.index)}={e.lower}"
    text = rf"\sum_{{{low}}}^{{{word(e.upper.letter)}}}"
    space = " " if body.text[0].isalpha() else ""
    return Box(text + space + body.text, PRODUCT, max(3, body.height), open=True)


def _diff(e: Diff, spot: Spot) -> Box:
    """A quotient of differentials for one entry, else the operator and what it acts on."""
    below: list[str] = []
    core: Expr = e
    d = r"\partial" if set(tensors_in(e)) != {e.wrt.tensor} or e.wrt.indices else r"\mathrm d"
    while isinstance(core, Diff):
        below.append(_box(core.wrt, spot.down(1)).text)
        core, spot = core.body, spot.down(0)
        if isinstance(core, Diff) and (not _of_entry(core) or Place(spot.path) in spot.colours):
            break
    degree = f"^{len(below)}" if len(below) > 1 else ""
    same = len(below) > 1 and len(set(below)) == 1
    bottom = differential(d, below[0]) + degree if same else r"\,".join(differential(d, letter) for letter in below)
    body = _box(core, spot)
    if isinstance(core, Entry):
        return fraction(Box(differential(d + degree, body.text)), Box(bottom))
    if isinstance(core, Add | Mul) or body.minus:
        body = bracket(body, 2 if body.height else 1, "[]")
    operator = fraction(Box(d + degree), Box(bottom)).text
    return Box(operator + body.text, PRODUCT, max(2, body.height), open=body.text[-1] != "]")


def _of_entry(e: Expr) -> bool:
    return isinstance(e, Entry) or (isinstance(e, Diff) and _of_entry(e.body))


def _element(mat: mx.Mat, indices: tuple[Index, ...]) -> Box:
    """[A]_kl with the scalars in front of the brackets; a sum over letters takes k and l itself."""
    letters = [latex_index(k) for k in indices]
    if isinstance(mat, mx.Einsum):
        return _einsum(mat, letters)
    if not indices:
        return _mat(mat)
    lead, rest = _coefficient(mat)
    inside = bracket(_mat(rest), 1, "[]")
    return _scaled(lead, replace(inside, text=inside.text + f"_{{{''.join(letters)}}}"))



def _mat(mat: mx.Mat) -> Box:
    node = cast(Matrix, mat)
    match node:
        case mx.Sym(tensor):
            return Box(latex_tensor(tensor))
        case mx.Scalar(e):
            return _plain(e, PLAIN)
        case mx.MAdd(args):
            return total_of([_mat(arg) for arg in args], [None] * len(args))
        case mx.MMul():
            lead, rest = _coefficient(node)
            return _scaled(lead, _mat(rest)) if lead else _hadamard(node.args)
        case mx.MPow(base, exponent):
            power = finish(_box(exponent, Spot({}, script=True)).text)
            root = at_least(_mat(base), ATOM)
            circle = r"\odot " if mat.axes else ""
            return Box(f"{root.text}^{{{circle}{power}}}", POWER, root.height)
        case mx.MApply(function, arg):
            return call(function.latex, _mat(arg), bare=isinstance(arg, mx.Sym))
        case mx.Transpose(arg):
            return _transposed(arg)
        case mx.MatMul(left, right):
            return _matmul(left, right)
        case mx.Dot(left, right):
            return _dot(left, right)
        case mx.Outer(left, right):
            return product([at_least(_mat(left), PRODUCT), _transposed(right)])
        case mx.Diag(arg):
            return call(r"\operatorname{diag}", _mat(arg), bare=False)
        case mx.DiagPart(arg):
            return call(r"\operatorname{diagonal}", _mat(arg), bare=False)
        case mx.Trace(arg):
            return call(r"\operatorname{tr}", _mat(arg), bare=False)
        case mx.ScaleRows(weights, arg):
            return product([_mat(mx.Diag(weights)), at_least(_mat(arg), PRODUCT)])
        case mx.ScaleCols(arg, weights):
            return product([at_least(_mat(arg), PRODUCT), _mat(mx.Diag(weights))])
        case mx.Identity(axis):
            return Box(f"I_{{{axis.letter}}}")
        case mx.Ones(_):
            return Box(r"\boldsymbol{1}")
        case mx.Mask(_, lower):
            return Box(rf"\boldsymbol{{1}}_{{\ge {lower}}}")
        case mx.Einsum(_, _, output):
            return replace(bracket(_einsum(node, output), 2, "[]"), level=ATOM)
        case _:
            assert_never(node)


def _coefficient(mat: mx.Mat) -> tuple[tuple[Expr, ...], mx.Mat]:
    """The scalars in front of a product, and what they scale."""
    if not isinstance(mat, mx.MMul):
        return (), mat
    lead = tuple(a.expr for a in takewhile(lambda arg: isinstance(arg, mx.Scalar), mat.args))
    rest = mat.args[len(lead) :]
    if not rest:
        return (), mx.Scalar(mul(*lead))
    return lead, rest[0] if len(rest) == 1 else mx.MMul(rest)


def _scaled(lead: tuple[Expr, ...], box: Box) -> Box:
    """Scalars, then what they scale."""
    if lead in ((), (MINUS_ONE,)):
        return replace(box, text="-" + at_least(box, ENTRYWISE).text, level=PRODUCT) if lead else box
    scalar = _plain(mul(*lead), PLAIN)
    if scalar.open or scalar.level == SUM and not isinstance(mul(*lead), Num):
        scalar = bracket(scalar)
    return replace(product([scalar, at_least(box, ENTRYWISE)]), level=ENTRYWISE)


def _hadamard(args: tuple[mx.Mat, ...]) -> Box:
    """Entrywise factors; scalars among them only scale."""
    boxes = [at_least(_mat(arg), POWER if arg.axes else PRODUCT) for arg in args]
    text = boxes[0].text
    for k, box in enumerate(boxes[1:], start=1):
        text += (r" \odot " if args[k - 1].axes and args[k].axes else r"\,") + box.text
    return Box(text, ENTRYWISE, max(box.height for box in boxes))


def _transposed(mat: mx.Mat) -> Box:
    box = at_least(_mat(mat), ATOM)
    return replace(box, text=box.text + r"^{\mathsf T}", level=POWER)


def _matmul(left: mx.Mat, right: mx.Mat) -> Box:
    """A B; a vector on the left is a row, so u A is written A'u."""
    if len(left.axes) == 1 and len(right.axes) == 2:
        return _matmul(mx.Transpose(right), left)
    row = _transposed(left) if len(left.axes) == 1 else at_least(_mat(left), PRODUCT)
    return product([row, at_least(_mat(right), PRODUCT)])


def _dot(left: mx.Mat, right: mx.Mat) -> Box:
    """A squared norm, u'v, or tr(A'B)."""
    rank = len(left.axes)
    if left == right and rank:
        box = _mat(left)
        size = bracket(box).text.split("(")[0].removesuffix("l")
        sides = (f"{size}l", f"{size}r") if size else ("", "")
        kind = r"_{\mathrm F}" if rank > 1 else ""
        text = rf"{sides[0]}\lVert {box.text}{sides[1]}\rVert{kind}^2"
        return Box(text, POWER, max(box.height, 1))
    if rank == 0:
        return product([at_least(_mat(left), PRODUCT), at_least(_mat(right), PRODUCT)])
    inner = product([_transposed(left), at_least(_mat(right), PRODUCT)])
    return inner if rank == 1 else call(r"\operatorname{tr}", inner, bare=False)


def _einsum(mat: mx.Einsum, output: Sequence[str]) -> Box:
    """An explicit sum over the letters that the result does not carry."""
    names = dict(zip(mat.output, output, strict=True))
    for letter, _ in mat.letters:
        name = letter
        while letter not in names and name in names.values():
            name += "'"
        names.setdefault(letter, name)
    factors = []
    for operand, letters in mat.operands:
        if isinstance(operand, mx.Sym):
            inside = symbol(operand.tensor)
        else:
            inside = bracket(_mat(operand), 1, "[]").text if letters else _mat(operand).text
        factors.append(Box(subscript(inside, [names[letter] for letter in letters])))
    inner = [names[letter] for letter, _ in mat.letters if letter not in mat.output]
    over = rf"\sum_{{{', '.join(inner)}}} " if inner else ""
    body = product([at_least(factor, PRODUCT) for factor in factors])
    return Box(over + body.text, PRODUCT, 3 if over else 1, open=bool(over))
