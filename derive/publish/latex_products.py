"""Products of matrices, norms, scalars as one fraction, and Kronecker products, as LaTeX.

The printer of matrix formulas is handed in, so that neither file imports the other in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from derive import publish as tx
from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.facts import flipped
from derive.notation.functions import Elementwise
from derive.notation.matrix_parts import entrywise_quotient
from derive.notation.rows import row
from derive.publish.indices_tex import einsum_names
from derive.publish.numbers_tex import number

Writer = Callable[[mx.Mat], tx.Box]


def kronecker(mat_box: Writer, mat: mx.Kron | mx.KronRows) -> tx.Box:
    """A (x) B, crossed with the transposition after it, or summed over rows."""
    if isinstance(mat, mx.KronRows):
        box = _kron(mat_box, row(mat.left), row(mat.right))
        return tx.Box(rf"\sum_{{i}} {box.text}", tx.PRODUCT, 3, open=True)
    box = _kron(mat_box, mat.left, mat.right)
    if not mat.crossed:
        return box
    return tx.product([tx.at_least(box, tx.ATOM), tx.Box(r"\mathcal{K}")])


def _kron(mat_box: Writer, left: mx.Mat, right: mx.Mat) -> tx.Box:
    boxes = [tx.at_least(mat_box(mat), tx.PRODUCT) for mat in (left, right)]
    text = boxes[0].text + r" \otimes " + boxes[1].text
    return tx.Box(text, tx.ENTRYWISE, max(box.height for box in boxes))


def outer_box(mat_box: Writer, left: mx.Mat, right: mx.Mat) -> tx.Box:
    """u w'; vec(A) vec(B)' of matrices; u (A v)' as u v'A'."""
    if len(left.axes) == 2:
        first, last = (
            tx.call(r"\operatorname{vec}", mat_box(a), bare=False) for a in (left, right)
        )
        return tx.product([first, replace(last, text=last.text + r"^{\mathsf T}")])
    lead = tx.at_least(mat_box(left), tx.PRODUCT)
    if isinstance(right, mx.MatMul) and not isinstance(flipped(right.left), mx.Transpose):
        turned = tx.at_least(mat_box(flipped(right.left)), tx.PRODUCT)
        return tx.product([lead, transposed_box(mat_box, right.right), turned])
    return tx.product([lead, transposed_box(mat_box, right)])


def diagonal_box(mat_box: Writer, arg: mx.Mat) -> tx.Box:
    """diag(u), and diag(vec(A)) of a matrix."""
    inside = mat_box(arg)
    if len(arg.axes) == 2:
        inside = tx.call(r"\operatorname{vec}", inside, bare=False)
    return tx.call(r"\operatorname{diag}", inside, bare=False)


def norm_box(mat_box: Writer, inner: mx.Mat, power: Fraction) -> tx.Box:
    """A norm to a power; of a matrix the Frobenius norm."""
    kind = r"_{\mathrm F}" if len(inner.axes) > 1 else ""
    kind += "" if power == 1 else f"^{tx.script(number(power, replace(tx.PLAIN, script=True)))}"
    inside = tx.bracket(mat_box(inner), 0, (r"\lVert ", r"\rVert"))
    return tx.Box(inside.text + kind, tx.POWER, inside.height)


def root_power(function: Elementwise, power: Fraction) -> bool:
    """Whether a power of a root is written with the exponent 3/2, 5/2, ..."""
    return function.name == "sqrt" and power > 1 and power.numerator % 2 == 1 == power.denominator


def fraction_box(
    mat_box: Writer, above: tuple[mx.Mat, ...], below: tuple[mx.Mat, ...], wide: tuple[mx.Mat, ...]
) -> tx.Box:
    """The scalars as one fraction, then what they scale."""
    minus = bool(above) and above[0] == mx.Scalar(ex.MINUS_ONE)
    above = above[1:] if minus else above
    if not above and len(wide) == 1 and isinstance(wide[0], mx.Sym):
        above, wide = wide, ()  # a vector over a number
    top = mat_box(_times(above)) if above else tx.Box("1")
    if top.minus:
        minus, top = not minus, replace(top, text=top.text.removeprefix("-"))
    box = tx.fraction(top, mat_box(_times(below)))
    if wide:
        box = replace(tx.product([box, tx.at_least(mat_box(_times(wide)), tx.ENTRYWISE)]),
                      level=tx.ENTRYWISE)  # fmt: skip
    return replace(box, text="-" + box.text) if minus else box


def _times(args: tuple[mx.Mat, ...]) -> mx.Mat:
    return args[0] if len(args) == 1 else mx.MMul(args)


def number_above(args: tuple[mx.Mat, ...]) -> bool:
    """Whether a whole number stands above the bar of an entrywise fraction: 2u/v, not 2 (u/v)."""
    match args:
        case (mx.Scalar(ex.Num(value)), *rest) if value.denominator == 1 and value != -1:
            vectors = all(arg.axes for arg in rest)
            return vectors and bool(entrywise_quotient(tuple(rest))[1])
    return False


def hadamard_box(mat_box: Writer, args: tuple[mx.Mat, ...]) -> tx.Box:
    """Entrywise factors, as one entrywise fraction where some are reciprocals.

    Scalars among them only scale.
    """
    above, below = entrywise_quotient(args)
    if not below:
        return _factors_box(mat_box, args)
    # A fraction in the numerator of another is hard to read: it stands in front.
    tall = tuple(arg for arg in above if mat_box(arg).height > 1)
    top = tuple(arg for arg in above if arg not in tall)
    minus = False
    match top:
        case (mx.Scalar(ex.Num(value)), *_) if value < 0:
            minus, top = True, (mx.Scalar(ex.Num(-value)), *top[1:])
    over = _factors_box(mat_box, top) if top else tx.Box("1")
    minus, over = minus != over.minus, replace(over, text=over.text.removeprefix("-"))
    box = tx.fraction(over, _factors_box(mat_box, below))
    if tall:
        front = _factors_box(mat_box, tall)
        sign = r" \odot " if any(arg.axes for arg in tall) else r"\,"
        box = tx.Box(front.text + sign + box.text, tx.ENTRYWISE, max(front.height, box.height))
    return replace(box, text="-" + box.text) if minus else box


def _factors_box(mat_box: Writer, args: tuple[mx.Mat, ...]) -> tx.Box:
    """Entrywise factors side by side; a single one as it is."""
    if len(args) == 1:
        return mat_box(args[0])
    boxes = [tx.at_least(mat_box(arg), tx.POWER if arg.axes else tx.PRODUCT) for arg in args]
    text = boxes[0].text
    for k, box in enumerate(boxes[1:], start=1):
        tight = box.text.startswith(r"\operatorname") or text.isdigit()
        scalar = "" if tight else r"\,"
        text += (r" \odot " if args[k - 1].axes and args[k].axes else scalar) + box.text
    return tx.Box(text, tx.ENTRYWISE, max(box.height for box in boxes))


def transposed_box(mat_box: Writer, mat: mx.Mat) -> tx.Box:
    """A', and one exponent for the transpose of an inverse."""
    if isinstance(mat, mx.Inverse):
        return raised_box(mat_box, mat.arg, r"-\mathsf T")
    return raised_box(mat_box, mat, r"\mathsf T")


def raised_box(mat_box: Writer, mat: mx.Mat, exponent: str) -> tx.Box:
    """A formula with an exponent that is no power of its entries."""
    box = tx.at_least(mat_box(mat), tx.ATOM)
    return replace(box, text=f"{box.text}^{{{exponent}}}", level=tx.POWER)


def matmul_box(mat_box: Writer, left: mx.Mat, right: mx.Mat) -> tx.Box:
    """A B; a vector on the left is a row, so u A is written A'u."""
    if len(left.axes) == 1 and len(right.axes) == 2:
        return matmul_box(mat_box, mx.Transpose(right), left)
    row = (
        transposed_box(mat_box, left)
        if len(left.axes) == 1
        else tx.at_least(mat_box(left), tx.PRODUCT)
    )
    return tx.product([row, tx.at_least(mat_box(right), tx.PRODUCT)])


def dot_box(mat_box: Writer, left: mx.Mat, right: mx.Mat) -> tx.Box:
    """A squared norm, u'v, or tr(A'B)."""
    rank = len(left.axes)
    factor = transposed_box(mat_box, left) if rank == 1 else tx.at_least(mat_box(left), tx.PRODUCT)
    if rank == 2:
        factor = tx.at_least(mat_box(flipped(left)), tx.PRODUCT)
    inner = tx.product([factor, tx.at_least(mat_box(right), tx.PRODUCT)])
    return inner if rank < 2 else tx.call(r"\operatorname{tr}", inner, bare=False)


def einsum_box(mat_box: Writer, mat: mx.Einsum, output: Sequence[str]) -> tx.Box:
    """An explicit sum over the letters that the result does not carry."""
    names = einsum_names(mat, output)
    factors = []
    for operand, letters in mat.operands:
        box = tx.at_least(mat_box(operand), tx.PRODUCT)
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
