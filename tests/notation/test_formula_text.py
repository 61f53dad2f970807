"""The text of a formula has one reading: an independent reader gets the same value back.

Functions, derivatives and powers that are no whole number stand for arbitrary fixed mixtures of
their operands, so that no domain gets in the way.
"""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from derive.notation import (
    FUNCTIONS,
    Axis,
    Cases,
    Diff,
    Num,
    Product,
    Sum,
    When,
    data,
    exp,
    log,
    parameter,
    tanh,
)
from derive.notation import matrix as mx
from derive.notation.expression import (
    ONE,
    PI,
    ZERO,
    Add,
    Apply,
    Constant,
    Delta,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Pow,
    Tensor,
    add,
    divide,
    mul,
    negative,
)
from derive.notation.text import caret, mat_text, place_span, spans, text
from derive.notation.tree import Place, at, subterms
from derive.problems import logistic

m, n = Axis("m"), Axis("n")
i, p, j, k = m.index("i"), m.index("i'"), n.index("j"), n.index("k")
row, col = n.index("row"), n.index("col")
X, y, theta = data("X", m, n), data("y", m), parameter("theta", n)
lam, b, w_i, rate, pi = (data(name) for name in ("lambda_", "b", "w_i", "learning_rate", "pi"))
w, A, u_v = data("w", m), data("delta", n, n), data("u_v", n)
SIZES = {"m": 2, "n": 3}
RELATIONS = ["=", "<", "<=", ">", ">="]
LETTERS = {x.letter: x for x in (i, p, j, k, row, col)}
ASSIGNED = {"i": 1, "i'": 0, "j": 2, "k": 1, "row": 0, "col": 2}
TENSORS = (X, y, theta, lam, b, w_i, rate, w, A, u_v, pi)


def value(tensor: Tensor, places: tuple[int, ...]) -> float:
    return math.sin(
        1 + 7 * TENSORS.index(tensor) + sum(3.7 ** (t + 1) * q for t, q in enumerate(places))
    )


def power(base: float, exponent: float) -> float:
    if exponent == int(exponent) and abs(exponent) < 5:
        assume(abs(base) > 1e-6)
        return float(base ** int(exponent))
    return 1.37 * base + 0.77 * exponent


def function(name: str, arg: float) -> float:
    return math.sin(arg + 2 * len(name) + ord(name[0]))


def cases(branches: list[tuple[float, str, float, float]], otherwise: float) -> float:
    """A mixture in which every part and every relation counts, whether its test holds or not."""
    mixed = sum(
        (q + 2) * (3 * a + RELATIONS.index(r) + 1.7 * b + 0.3 * value)
        for q, (a, r, b, value) in enumerate(branches)
    )
    return mixed - 0.6 * otherwise


def derivative(body: float, wrt: float) -> float:
    return 3 * body + 7 * wrt


def evaluate(e: Expr, at_: dict[str, int]) -> float:
    match e:
        case Num(number):
            return float(number)
        case Axis(letter):
            return SIZES[letter]
        case Entry(tensor, indices):
            return value(tensor, tuple(at_[q.letter] for q in indices))
        case Add(args):
            return sum(evaluate(arg, at_) for arg in args)
        case Mul(args):
            return math.prod(evaluate(arg, at_) for arg in args)
        case Pow(base, exponent):
            return power(evaluate(base, at_), evaluate(exponent, at_))
        case Apply(row_, arg):
            return function(row_.name, evaluate(arg, at_))
        case Sum():
            positions = range(e.lower - 1, SIZES[e.upper.letter])
            return sum(evaluate(e.body, at_ | {e.index.letter: q}) for q in positions)
        case Product():
            positions = range(e.lower - 1, SIZES[e.upper.letter])
            return math.prod(evaluate(e.body, at_ | {e.index.letter: q}) for q in positions)
        case Constant():
            return math.pi
        case Cases(branches, otherwise):
            values = [
                (evaluate(t.left, at_), t.relation, evaluate(t.right, at_), evaluate(v, at_))
                for t, v in branches
            ]
            return cases(values, evaluate(otherwise, at_))
        case Delta(left, right):
            return float(at_[left.letter] == at_[right.letter])
        case Indicator(index, lower):
            return float(at_[index.letter] + 1 >= lower)
        case Diff(body, wrt):
            return derivative(evaluate(body, at_), evaluate(wrt, at_))
        case _:
            raise AssertionError(e)


TOKEN = re.compile(
    r"\s*(?:(?P<sum>(?P<over>sum|prod)_(?:\{(?P<long>\w+)\}|\{(?P<from>[\w']+)=(?P<low>\d+)\}\^(?P<high>\w)"
    r"|(?P<short>[A-Za-z]'*)))|(?P<iverson>\[(?P<l>[\w']+) (?P<op>>=|=) (?P<r>[\w']+)\])"
    r"|(?P<word>if\b|otherwise\b|[<>]=?|[={};])|(?P<d>d/d)|(?P<number>\d+)"
    r"|(?P<name>[A-Za-z][\w']*)(?P<call>\(\))?(?P<at>\[[\w',]+\])?|(?P<sign>[-+*/^()\[\]]))"
)


class Reading:
    """A reader of the text that shares nothing with the printer: the grammar of a textbook."""

    def __init__(self, source: str) -> None:
        self.tokens = []
        place = 0
        while place < len(source):
            found = TOKEN.match(source, place)
            assert found is not None, (source, place)
            self.tokens.append((found, source[found.end() : found.end() + 1]))
            place = found.end()
        self.here = 0

    def sign(self) -> str:
        if self.here == len(self.tokens):
            return ""
        token = self.tokens[self.here][0]
        if token["word"]:
            return "{" if token["word"] == "{" else "word"
        return token["sign"] or "operand"

    def word(self) -> str:
        self.here += 1
        return self.tokens[self.here - 1][0]["word"] or ""

    def take(self, sign: str) -> None:
        assert self.sign() == sign
        self.here += 1

    def total(self, at_: dict[str, int]) -> float:
        minus = self.sign() == "-"
        self.here += minus
        result = -self.product(at_) if minus else self.product(at_)
        while self.sign() in ("+", "-"):
            minus = self.sign() == "-"
            self.here += 1
            result += -self.product(at_) if minus else self.product(at_)
        return result

    def product(self, at_: dict[str, int]) -> float:
        result, divided = self.power(at_), False
        while self.sign() in ("operand", "(", "{", "*", "/"):
            assert not divided, "a/b c and a/b/c have two readings"
            divided = self.sign() == "/"
            if self.sign() in ("*", "/"):
                self.here += 1
            factor = self.power(at_)
            if divided:
                assume(abs(factor) > 1e-6)
            result = result / factor if divided else result * factor
        return result

    def power(self, at_: dict[str, int]) -> float:
        base = self.atom(at_)
        if self.sign() == "^":
            self.here += 1
            base = power(base, self.atom(at_))
        return base

    def inside(self, opening: str, closing: str, at_: dict[str, int]) -> float:
        self.take(opening)
        result = self.total(at_)
        self.take(closing)
        return result

    def atom(self, at_: dict[str, int]) -> float:
        if self.sign() == "(":
            return self.inside("(", ")", at_)
        if self.sign() == "{":
            return self.branches(at_)
        token, following = self.tokens[self.here]
        self.here += 1
        if token["sum"]:
            return self.sum(token, at_)
        if token["iverson"]:
            left = at_[token["l"]]
            equal = token["op"] == "=" and left == at_[token["r"]]
            return float(equal or (token["op"] == ">=" and left + 1 >= int(token["r"])))
        if token["d"]:
            wrt = self.atom(at_)
            return derivative(self.inside("[", "]", at_), wrt)
        if token["number"]:
            return float(token["number"])
        name = token["name"]
        if name in {row_.name for row_ in FUNCTIONS}:
            assert following == "("
            return function(name, self.inside("(", ")", at_))
        assert following != "(", "this looks like a call"
        return self.named(name, token["call"], token["at"], at_)

    def branches(self, at_: dict[str, int]) -> float:
        """{value if left relation right; ...; value otherwise}"""
        assert self.word() == "{"
        found, value = [], self.total(at_)
        while (word := self.word()) == "if":
            left, relation, right = self.total(at_), self.word(), self.total(at_)
            found.append((left, relation, right, value))
            assert self.word() == ";"
            value = self.total(at_)
        assert (word, self.word()) == ("otherwise", "}")
        return cases(found, value)

    def sum(self, token: re.Match[str], at_: dict[str, int]) -> float:
        letter = token["long"] or token["from"] or token["short"]
        low, axis = int(token["low"] or 1), token["high"] or LETTERS[letter].axis.letter
        product = token["over"] == "prod"
        start, result = self.here, float(product)
        # an empty sum has a text as well
        for position in range(min(low, SIZES[axis]) - 1, SIZES[axis]):
            self.here, inner = start, at_ | {letter: position}
            bracket = self.sign() == "["
            term = self.inside("[", "]", inner) if bracket else self.product(inner)
            if position >= low - 1:
                result = result * term if product else result + term
        return result

    def named(self, name: str, call: str | None, index: str | None, at_: dict[str, int]) -> float:
        tensors = {t.name.rstrip("_"): t for t in TENSORS}
        if name in SIZES:
            return SIZES[name]
        if name == "pi" and not call:
            return math.pi
        if index:
            return value(tensors[name], tuple(at_[q] for q in index[1:-1].split(",")))
        if call or (name in tensors and not tensors[name].axes and name != "w_i"):
            return value(tensors[name], ())
        base, _, below = name.rpartition("_")
        letters = re.findall("[A-Za-z]'*", below)
        if base == "delta" and len(letters) == 2:
            return float(at_[letters[0]] == at_[letters[1]])
        return value(tensors[base], tuple(at_[q] for q in letters))


def read(source: str) -> float:
    reading = Reading(source)
    result = reading.total(ASSIGNED)
    assert reading.sign() == "", source
    return result


over_m, over_n = st.sampled_from([i, p]), st.sampled_from([j, k, row, col])
LEAVES = st.one_of(
    st.integers(-3, 12).map(Num),
    st.fractions(-2, 2, max_denominator=3).map(Num),
    st.sampled_from([m, n, PI]),
    st.sampled_from([lam, b, w_i, rate, pi]).map(lambda t: t()),
    st.builds(lambda t, q: t[q], st.sampled_from([y, w]), over_m),
    st.builds(lambda t, q: t[q], st.sampled_from([theta, u_v]), over_n),
    st.builds(lambda q, r: X[q, r], over_m, over_n),
    st.builds(lambda q, r: A[q, r], over_n, over_n),
    st.builds(Delta, over_n, over_n),
    st.builds(Indicator, over_n, st.integers(1, 3)),
)


def summed(e: Expr, index: Index, lower: int) -> Expr:
    return Sum(e, (index, lower, index.axis))


def multiplied(e: Expr, index: Index, lower: int) -> Expr:
    return Product(e, (index, lower, index.axis))


def by_cases(parts: list[tuple[Expr, str, Expr, Expr]], otherwise: Expr) -> Expr:
    return Cases(tuple((When(a, r, c), value) for a, r, c, value in parts), otherwise)


signs = st.sampled_from(RELATIONS)


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    some = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        some.map(lambda args: add(*args)),
        some.map(lambda args: mul(*args)),
        some.map(lambda args: mul(*args)),
        some.map(lambda args: Mul(tuple(args))),
        some.map(lambda args: Add(tuple(args))),
        inner.map(negative),
        st.builds(divide, inner, inner),
        inner.map(lambda e: Pow(e, Num(Fraction(-1)))),
        st.builds(Pow, inner, st.sampled_from([2, 3, -1, -2, Fraction(1, 2)]).map(Num)),
        st.builds(Pow, inner, inner),
        st.builds(Apply, st.sampled_from([exp, log, tanh]), inner),
        st.builds(summed, inner, over_m | over_n, st.integers(1, 3)),
        st.builds(multiplied, inner, over_m | over_n, st.integers(1, 3)),
        st.builds(by_cases, st.lists(st.tuples(inner, signs, inner, inner), max_size=2), inner),
        st.builds(lambda e, q: Diff(e, theta[q]), inner, over_n),
    )


FORMULAS = st.recursive(LEAVES, grown, max_leaves=9)


@given(FORMULAS)
@settings(max_examples=300, deadline=None)
@example(mul(Sum(y[i], i), lam()))
@example(mul(ONE, divide(Num(Fraction(-1, 2)), m)))
def test_an_independent_reader_gets_the_value_back(e: Expr) -> None:
    want = evaluate(e, ASSIGNED)
    assume(math.isfinite(want) and abs(want) < 1e12)
    assert read(text(e)) == pytest.approx(want, rel=1e-7, abs=1e-9), text(e)


@given(FORMULAS)
@settings(max_examples=100, deadline=None)
def test_every_subterm_has_its_place_in_the_text(e: Expr) -> None:
    line, table = spans(e)
    assert line == text(e)
    for path, _ in subterms(e):
        start, stop = table[path]
        assert 0 <= start < stop <= len(line)
        if path:
            outer = table[path[:-1]]
            assert outer[0] <= start
            assert stop <= outer[1]


@given(FORMULAS)
@settings(max_examples=40, deadline=None)
def test_carets_fit_under_the_line(e: Expr) -> None:
    for path, node in subterms(e):
        places = [Place(path)] + [Place(path, (0, 2))] * isinstance(node, Add | Mul)
        for place in places:
            line, carets = caret(e, place).split("\n")
            assert len(carets) <= len(line) <= 96
            assert "^" in carets


def test_a_caret_stands_under_its_term_in_a_long_formula() -> None:
    long = add(*[Diff(logistic.PROBLEM.cost, theta[k])] * 6)
    for number in range(6):
        line, carets = caret(long, Place((number, 0, 2, 0, 1, 1))).split("\n")
        assert line[carets.index("^") : len(carets)] == "log(1 - h_i)"


def test_a_run_of_arguments_is_underlined_as_one() -> None:
    e = logistic.PROBLEM.cost
    start, stop = place_span(e, Place((), (0, 2)))
    assert text(e)[start:stop] == "-(1/m"
    assert text(at(e, Place((), (0, 2)))) == "-1/m"


TEXTS = {
    "-(1/m) sum_i [y_i log(h_i) + (1 - y_i) log(1 - h_i)]": logistic.PROBLEM.cost,
    "d/dtheta_k [theta_j]": Diff(theta[j], theta[k]),
    "(1/(2m)) sum_i (y_i - w_i)^2": 1 / (2 * m) * Sum((y[i] - w[i]) ** 2, i),
    "(lambda/2) sum_{j=2}^n theta_j^2": lam() / 2 * Sum(theta[j] ** 2, (j, 2, n)),
    "sum_i [y_i] + b": Sum(y[i], i) + b(),
    "b + sum_i y_i": b() + Sum(y[i], i),
    "(sum_i y_i) b": Sum(y[i], i) * b(),
    "sum_i sum_j X_ij": Sum(X[i, j], j, i),
    "delta_jk [k >= 2]": Delta(j, k) * Indicator(k, 2),
    "(y_i/w_i) (1 - w_i) X_ij": y[i] / w[i] * (1 - w[i]) * X[i, j],
    "X[i,row]": X[i, row],
    "w_i()": w_i(),
    "y_i - 2 w_i": y[i] - 2 * w[i],
    "theta_j^(-2)": theta[j] ** -2,
    "(-b)^2": (-b()) ** 2,
    "prod_i y_i (1 - w_i)": Product(y[i] * (1 - w[i]), i),
    "prod_{i=2}^m [y_i + 1] + b": Product(y[i] + 1, (i, 2, m)) + b(),
    "{-y_i if w_i = 1; y_i if w_i >= b; 0 otherwise}": Cases(
        ((When(w[i], "=", ONE), -y[i]), (When(w[i], ">=", b()), y[i])), ZERO
    ),
    "2 pi pi()": 2 * PI * pi(),
}


@pytest.mark.parametrize(("line", "e"), TEXTS.items())
def test_the_text_is_that_of_a_textbook(line: str, e: Expr) -> None:
    assert text(e) == line


MAT_X, VEC_Y, VEC_W, VEC_T = mx.Sym(X), mx.Sym(y), mx.Sym(w), mx.Sym(theta)
XT = mx.Transpose(MAT_X)
MINUS = mx.Scalar(Num(Fraction(-1)))
RESIDUAL = mx.MAdd((VEC_W, mx.MMul((MINUS, VEC_Y))))
VARIANCE = mx.MMul((VEC_W, mx.MAdd((mx.Scalar(ONE), mx.MMul((MINUS, VEC_W))))))
MATRICES = {
    "(1/m) X'(w - y)": mx.MMul((mx.Scalar(1 / m), mx.MatMul(XT, RESIDUAL))),
    "X' diag(w*(1 - w)) X": mx.MatMul(XT, mx.ScaleRows(VARIANCE, MAT_X)),
    "-(1/m) X'(w*(X theta))": mx.MMul(
        (mx.Scalar(-1 / m), mx.MatMul(XT, mx.MMul((VEC_W, mx.MatMul(MAT_X, VEC_T)))))
    ),
    "|w - y|^2": mx.Dot(RESIDUAL, RESIDUAL),
    "1'(w - y)": mx.Dot(mx.Ones(m), RESIDUAL),
    "1_m'1_m": mx.Dot(mx.Ones(m), mx.Ones(m)),
    "y'X theta": mx.Dot(VEC_Y, mx.MatMul(MAT_X, VEC_T)),
    "tr(X'X)": mx.Trace(mx.MatMul(XT, MAT_X)),
    "lambda 1_{2..n}*theta": mx.MMul((mx.Sym(lam), mx.Mask(n, 2), VEC_T)),
    "lambda I_n": mx.MMul((mx.Sym(lam), mx.Identity(n))),
    "y w'": mx.Outer(VEC_Y, VEC_W),
    "X.^2": mx.MPow(MAT_X, Num(Fraction(2))),
    "y/w": mx.MMul((VEC_Y, mx.MPow(VEC_W, Num(Fraction(-1))))),
    "(y/w)*exp(w)": mx.MMul((VEC_Y, mx.MPow(VEC_W, Num(Fraction(-1))), mx.MApply(exp, VEC_W))),
    "X diag(theta)": mx.ScaleCols(MAT_X, VEC_T),
    "diagonal(X X')": mx.DiagPart(mx.MatMul(MAT_X, XT)),
    "(X + X)'": mx.Transpose(mx.MAdd((MAT_X, MAT_X))),
    "y - w*y": mx.MAdd((VEC_Y, mx.MMul((MINUS, VEC_W, VEC_Y)))),
    "-(w + y)": mx.MMul((MINUS, mx.MAdd((VEC_W, VEC_Y)))),
    "einsum(ij,j->i: X, theta)": mx.Einsum(
        ((MAT_X, ("i", "j")), (VEC_T, ("j",))), (("i", m), ("j", n)), ("i",)
    ),
}


@pytest.mark.parametrize(("line", "mat"), MATRICES.items())
def test_matrix_formulas_are_those_of_a_textbook(line: str, mat: mx.Mat) -> None:
    assert mat_text(mat) == line


def test_an_entry_of_a_matrix_formula() -> None:
    assert text(Element(mx.MatMul(XT, RESIDUAL), (k,))) == "[X'(w - y)]_k"
    assert text(Element(mx.MatMul(XT, MAT_X), (row, k))) == "[X'X][row,k]"
