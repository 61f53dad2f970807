"""Formulas as plain text, for error messages and the terminal.

Index formulas: a product is written by juxtaposition (`y_i log(h_i)`, with ` * ` only before a
digit), a factor of exponent -1 as a quotient, a negative coefficient as a minus sign. A sum
reaches to the end of its product: `y_i sum_j X_ij theta_j`. Its body stands in square brackets
where it is itself a sum of terms, and where further terms follow: `sum_i [a_i] + b`. A name with
an underscore that could be a subscript is called as in a problem file: `w_i()` is a scalar of
that name, `w_i` an entry of w. Letters of indices longer than one are bracketed: `X[row,k]`.
An index may be shifted or a position: `theta[j+1]`, `theta[1]`, `theta[n]`.
A product over an index reads like a sum, `prod_i h_i`; cases stand in braces:
`{t if t > 0; 0 otherwise}`. The number pi is `pi`, a scalar of that name `pi()`.

Matrix formulas: juxtaposition is the matrix product or a factor that is a scalar; `*`, `/`,
`^` and functions work entry by entry, as in NumPy (`.^` on matrices, for no power of a matrix
is meant, but for the inverse `A^-1`; `logdet(A)` is the logarithm of its determinant). `X'` is
the transpose, `|u|^2` the squared norm, `1'u` a sum, `1_n` the vector of ones, `1_{2..n}` the
0/1 vector with ones from position 2 on, `e_1` a unit vector. `I_{2..n}` are the rows 2 to n of the
identity, so that I_{2..n} v is v from its second entry on; `D_n` takes differences, `D_n^(2)`
differences of differences. Over four axes, with vec taking a matrix row by row: `A (x) B` is the
Kronecker product, (A (x) B) vec(V) = vec(A V B'); `swap` takes the transpose first,
swap vec(V) = vec(V'); in `sum_i x_i x_i' (x) B_i` x_i is row i of X.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from derive.notation.expression import (
    PI,
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
)
from derive.notation.matrix import Det, LogDet, Mat
from derive.notation.matrix_text import written
from derive.notation.piece import (
    ATOM,
    OPERATOR,
    POWER,
    PREFIX,
    PRODUCT,
    SIMPLE_LETTER,
    SUBSCRIPTED,
    SUM,
    Piece,
    bracketed,
    gap,
    join,
    spelled,
    subscript,
    underlined,
)
from derive.notation.remembered import remembered
from derive.notation.tree import Path, Place, at, children, is_number

Factor = tuple[Path | None, Expr]
"""A factor with its path."""


@remembered
def text(e: Expr) -> str:
    """The formula as plain text."""
    return _write(e, None).text


def spans(e: Expr) -> tuple[str, dict[Path, tuple[int, int]]]:
    """The text and where in it every subterm stands: path -> (start, stop).

    The exponent of a denominator stands where the slash does, or with the denominator where
    several share a slash.
    """
    piece = _write(e, ())
    return piece.text, {path: (start, stop) for path, start, stop in piece.marks}


def place_span(e: Expr, place: Place) -> tuple[int, int]:
    """Where the subterm at a place stands in the text of `e`."""
    _, table = spans(e)
    if place.span is None:
        return table[place.path]
    count = len(children(at(e, place.path)))
    found = [table[(*place.path, k)] for k in range(count)[slice(*place.span)]]
    return min(start for start, _ in found), max(stop for _, stop in found)


def caret(e: Expr, place: Place) -> str:
    """Two lines: the formula and carets under the subterm; a long formula is cut around it."""
    return underlined(text(e), *place_span(e, place))


def mat_text(mat: Mat) -> str:
    """The matrix formula as plain text."""
    return written(lambda scalar: _write(scalar, None, closed=True), mat).text


def _entry(e: Entry) -> str:
    name, below = spelled(e.tensor.name), subscript(e.indices)
    if not e.indices:
        return f"{name}()" if SUBSCRIPTED.fullmatch(name) or name == PI.name else name
    delta = name == "delta" and len(e.indices) == 2  # delta_jk is Kronecker's
    if below is None or "_" in name or delta:
        return name + bracketed(e.indices)
    return f"{name}_{below}"


def _write(e: Expr, path: Path | None, closed: bool = False) -> Piece:
    """The text of `e`; `closed` asks for brackets around the body of a sum at its end.

    Without `path` no subterm is marked, and what was written of a node is remembered: the lines of
    a proof share most of their subterms.
    """
    if path is None:
        return _closed(e) if closed else _open(e)
    return _written(e, path, closed)


@remembered
def _open(e: Expr) -> Piece:
    return _written(e, None, closed=False)


@remembered
def _closed(e: Expr) -> Piece:
    return _written(e, None, closed=True)


def _below(path: Path | None, k: int) -> Path | None:
    return None if path is None else (*path, k)


def _written(e: Expr, path: Path | None, closed: bool) -> Piece:
    match e:
        case Num() | Mul():
            return _term(e, path, closed, "", "-")
        case Axis(name):
            piece = Piece(f"{e.root.letter} - {e.cut}", SUM) if e.cut else Piece(name, ATOM)
        case Constant(name):
            piece = Piece(name, ATOM)
        case Entry():
            piece = Piece(_entry(e), ATOM)
        case Add(args):
            piece = _add(args, path, closed)
        case Pow(base, exponent):
            if is_number(exponent, -1):
                return _product(((None, e),), path, closed)
            power = _write(exponent, _below(path, 1)).held(ATOM)
            piece = join(POWER, _write(base, _below(path, 0)).held(ATOM), "^", power)
        case Apply(function, arg):
            piece = join(ATOM, f"{function.name}(", _write(arg, _below(path, 0)), ")")
        case Sum() | Product():
            piece = _sum(e, path, closed)
        case Cases():
            piece = _cases(e, path)
        case Delta(left, right):
            below = subscript((left, right))
            iverson = f"[{left.label} = {right.label}]"
            piece = Piece(iverson if below is None else f"delta_{below}", ATOM)
        case Indicator(index, lower):
            piece = Piece(f"[{index.label} >= {lower}]", ATOM)
        case Diff(body, wrt, held):
            by = _write(wrt, _below(path, 1))
            fixed = f" at fixed {', '.join(spelled(t.name) for t in held)}" if held else ""
            piece = join(OPERATOR, "d/d", by, fixed, " [", _write(body, _below(path, 0)), "]")
        case Element(LogDet() | Det() as mat, ()):
            piece = Piece(mat_text(mat), ATOM)
        case Element(mat, indices):
            below = subscript(indices)
            letters = bracketed(indices) if below is None else f"_{below}"
            piece = Piece(f"[{mat_text(mat)}]{letters}", ATOM)
        case _:
            raise TypeError(f"{type(e).__name__} is no formula")
    return piece.marked(path)


def _add(args: tuple[Expr, ...], path: Path | None, closed: bool) -> Piece:
    parts: list[str | Piece] = []
    for k, arg in enumerate(args):
        last = k == len(args) - 1
        signs = ("+ ", "- ") if k else ("", "-")
        parts += [" "] * (k > 0) + [_term(arg, _below(path, k), closed or not last, *signs)]
    return join(SUM, *parts)


def _term(e: Expr, path: Path | None, closed: bool, plus: str, minus: str) -> Piece:
    """A term of a sum with its sign; a negative coefficient becomes the sign."""
    match e:
        case Num(value):
            level = SUM if value < 0 else ATOM if value.denominator == 1 else PRODUCT
            if value >= 0:
                return join(level, plus, Piece(str(value), level).marked(path))
            return Piece(f"{minus}{-value}", level).marked(path)
        case Mul((Num(value), *rest)) if value < 0 and rest:
            items = tuple(enumerate(rest, 1))
            sign = Piece(minus, SUM).marked(_below(path, 0), 1)
            if value != -1:
                sign, items = Piece(minus, SUM), ((0, Num(-value)), *items)
            body = _product(items, path, closed)
            # the mark of the whole term takes in its sign
            inner = replace(body, marks=tuple(mark for mark in body.marks if mark[0] != path))
            return join(SUM, sign, inner).marked(path)
        case Mul(args):
            body = _product(tuple(enumerate(args)), path, closed)
            return join(body.level, plus, body)
        case _:
            piece = _write(e, path, closed)
            if plus or minus != "-":
                piece = piece.held(PRODUCT)
            return join(piece.level, plus, piece)


def _product(items: tuple[tuple[int | None, Expr], ...], path: Path | None, closed: bool) -> Piece:
    """Factors in order; each run of factors of exponent -1 divides what stands before it.

    An item is a factor and its number below `path`, None where it stands at `path` itself.
    """
    below = [(path if k is None else _below(path, k), factor) for k, factor in items]
    segments: list[tuple[list[Factor], list[Factor]]] = []
    for item in below:
        inverse = isinstance(item[1], Pow) and is_number(item[1].exponent, -1)
        if not segments or (segments[-1][1] and not inverse):
            segments.append(([], []))
        segments[-1][inverse].append(item)
    parts: list[str | Piece] = []
    for number, (above, under) in enumerate(segments):
        piece = (
            _quotient(above, under)
            if under
            else _factors(above, closed, open_end=number == len(segments) - 1)
        )
        if under and len(segments) > 1:
            piece = piece.held(ATOM)
        parts += [gap("", piece.text)] * (number > 0) + [piece]
    if len(below) == 1 and not segments[0][1]:
        return parts[0].marked(path) if isinstance(parts[0], Piece) else Piece("", ATOM)
    return join(PRODUCT, *parts).marked(path)


def _factors(items: list[Factor], closed: bool, open_end: bool) -> Piece:
    """Factors side by side; at an open end a sum needs no parentheses."""
    parts: list[str | Piece] = []
    left = ""
    for k, (path, factor) in enumerate(items):
        last = open_end and k == len(items) - 1
        need = PREFIX if last else OPERATOR
        # a lone factor behind a minus sign or a plus sign may be a fraction: - 1/2
        if isinstance(factor, Num) and len(items) == 1 and open_end and factor.value > 0:
            need = PRODUCT
        piece = _write(factor, path, closed and last).held(need)
        parts += [gap(left, piece.text)] * (k > 0) + [piece]
        left = piece.text
    only = parts[0] if len(parts) == 1 else None
    return only if isinstance(only, Piece) else join(PRODUCT, *parts)


def _quotient(above: list[Factor], under: list[Factor]) -> Piece:
    numerator = [_write(factor, path).held(POWER) for path, factor in above] or [Piece("1", ATOM)]
    parts: list[str | Piece] = [numerator[0]]
    for left, right in pairwise(numerator):
        parts += [gap(left.text, right.text), right]
    if len(under) == 1:
        ((path, _),) = under
        slash = Piece("/", ATOM).marked(_below(path, 1))
        below = join(POWER, slash, _denominator(under[0], POWER)).marked(path)
        return join(PRODUCT, *parts, below)
    inner: list[str | Piece] = []
    for k, item in enumerate(under):
        piece = _denominator(item, OPERATOR).marked(_below(item[0], 1)).marked(item[0])
        inner += [gap("", piece.text)] * (k > 0) + [piece]
    return join(PRODUCT, *parts, "/(", *inner, ")")


def _denominator(item: Factor, level: int) -> Piece:
    path, power = item
    return _write(children(power)[0], _below(path, 0)).held(level)


def _cases(e: Cases, path: Path | None) -> Piece:
    """A branch with its test, then the next; every child is marked where it stands."""
    parts = [_write(child, _below(path, k)) for k, child in enumerate(children(e))]
    inside: list[str | Piece] = []
    for k, (test, _) in enumerate(e.branches):
        left, right, value = parts[3 * k : 3 * k + 3]
        inside += [value, " if ", left, f" {test.relation} ", right, "; "]
    return join(ATOM, "{", *inside, parts[-1], " otherwise}")


def _sum(e: Sum | Product, path: Path | None, closed: bool) -> Piece:
    letter, name = e.index.letter, "sum" if isinstance(e, Sum) else "prod"
    head = f"{name}_{letter} " if SIMPLE_LETTER.fullmatch(letter) else f"{name}_{{{letter}}} "
    if e.lower != 1 or e.upper != e.index.axis or e.upper.cut:
        upper = f"{{{e.upper.letter}}}" if e.upper.cut else e.upper.letter
        head = f"{name}_{{{letter}={e.lower}}}^{upper} "
    body = _write(e.body, _below(path, 0))
    if closed or body.level == SUM:
        return join(PREFIX, head, "[", body, "]")
    return join(PREFIX, head, body)
