"""Every error text is a file in golden/, compared byte for byte.

Accept a change: DERIVE_ACCEPT=1 pytest tests/errors
"""

import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy

from derive.errors import ProblemError
from derive.notation import (
    NONNEGATIVE,
    UNIT,
    Axis,
    Definition,
    Diff,
    Interval,
    Num,
    Problem,
    Sum,
    Tensor,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    sqrt,
)
from derive.notation.expression import Delta, Entry, Index, Pow
from derive.notation.validate import validate
from derive.readers.file import catalogue_subject, problem_from_file, subjects_from_file
from derive.readers.plain import problem_from_text
from derive.readers.sympy_form import from_sympy
from derive.readers.sympy_problem import problem_from_sympy

GOLDEN = Path(__file__).parent / "golden"
m, n = Axis("m"), Axis("n")
i, j, k = m.index("i"), n.index("j"), n.index("k")
p = n.less(1).index("p")
X, y = data("X", m, n), data("y", m, domain=UNIT)
theta, lam = parameter("theta", n), parameter("lambda_")
z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
GOOD = Problem(
    name="mine",
    title="Mine",
    data=(X, y),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
)
FITS = Sum((z[i] - y[i]) ** 2, i)


def with_(**changes: Any) -> Callable[[], None]:
    return lambda: validate(replace(GOOD, **changes))


def cost(e: Any) -> Callable[[], None]:
    return with_(cost=e)


def scalar(name: str, **options: Any) -> Callable[[], None]:
    extra = data(name, **options)
    return with_(data=(X, y, extra), cost=FITS * extra())


OTHER, k_ = n.index("i"), m.index("k")
w = define("w", i, y[i] * 2)
INVALID = {
    "unbound_index": cost((z[i] - y[i]) ** 2),
    "unbound_index_in_definition": with_(definitions=(define("z", i, X[i, j] * theta[j]),)),
    "swapped_axes": with_(definitions=(define("z", i, Sum(X[j, i] * theta[j], j)),)),
    "too_few_indices": with_(definitions=(define("z", i, Sum(X[i] * theta[j], j)),)),
    "too_many_indices": cost(FITS + Sum(theta[j, k], j, k)),
    "index_on_a_scalar": with_(parameters=(theta, lam), cost=FITS + Sum(lam[j], j)),
    "range_of_another_axis": cost(Sum(theta[j], (j, 1, m)) * FITS),
    "range_from_zero": cost(FITS + Sum(theta[j] ** 2, (j, 0, n))),
    "range_from_a_fraction": cost(FITS + Sum(theta[j] ** 2, (j, Fraction(3, 2), n))),  # type: ignore[arg-type]
    "shadowing": cost(Sum(z[i] * Sum(y[i], i), i)),
    "shadowing_a_definition_index": with_(definitions=(define("z", i, Sum(y[i], i) * y[i]),)),
    "letter_over_two_axes": cost(FITS + Sum(theta[OTHER], OTHER)),
    "undeclared_tensor": cost(FITS + Sum(data("u", m)[i], i)),
    "another_tensor_of_that_name": cost(Sum((z[i] - data("y", m)[i]) ** 2, i)),
    "size_of_no_array": cost(FITS / Axis("K")),
    "defined_by_itself": with_(definitions=(replace(z, body=z[i] + y[i]),)),
    "used_before_defined": with_(definitions=(define("z", i, sigmoid(w[i])), w), cost=Sum(z[i], i)),
    "same_name_twice": with_(data=(X, y, data("X", m))),
    "same_name_as_an_axis": scalar("n"),
    "same_name_as_the_cost": scalar("J"),
    "same_symbol": scalar("other", latex=r"\theta"),
    "symbol_of_a_function": with_(
        data=(X, y, data("sigma")), cost=Sum(sigmoid(z[i]), i) * data("sigma")()
    ),
    "name_of_an_index": scalar("i"),
    "not_a_name": scalar("my weight"),
    "keyword": scalar("lambda"),
    "name_of_generated_code": scalar("gradient"),
    "name_of_a_function": scalar("exp"),
    "problem_name": with_(name="my-cost"),
    "no_parameters": with_(parameters=()),
    "parameter_not_used": with_(parameters=(theta, lam)),
    "data_not_used": with_(data=(X, y, data("weights", m))),
    "definition_not_used": with_(definitions=(z, h)),
    "index_not_used": with_(definitions=(z, replace(w, body=lam() * 2)), parameters=(theta, lam)),
    "sum_of_equal_terms": with_(parameters=(theta, lam), cost=FITS + Sum(lam() ** 2, i)),
    "sum_of_equal_terms_from_2": with_(
        parameters=(theta, lam), cost=FITS + Sum(lam() ** 2, (j, 2, n))
    ),
    "log_of_anything": cost(Sum(log(z[i]) * y[i], i)),
    "log_in_a_long_cost": cost(
        FITS * FITS * FITS + FITS * Sum(log(z[k_]), k_) + FITS * FITS * FITS
    ),
    "log_of_data": with_(
        data=(X, y, data("c", m)), cost=Sum(log(1 + data("c", m)[i]) * (z[i] - y[i]), i)
    ),
    "log_of_zero": cost(FITS + log(Num(Fraction(0)))),
    "sqrt_of_negative": cost(FITS + sqrt(-1 - Sum(theta[j] ** 2, j))),
    "root_as_a_power": cost(Sum(z[i] ** Fraction(3, 2) * y[i], i)),
    "division_by_zero": cost(FITS / Num(Fraction(0))),
    "derivative_in_the_cost": cost(Sum(Diff(exp(theta[j]), theta[k]), j, k) * FITS),
    "delta_over_two_axes": cost(Sum(Delta(i, j) * y[i], i, j) * FITS),
    "shift_of_a_whole_axis": cost(FITS + Sum((theta[j + 1] - theta[j]) ** 2, j)),
    "shift_back": cost(FITS + Sum((theta[j] - theta[j - 1]) ** 2, (j, 2, n))),
    "shift_too_far": cost(FITS + Sum(theta[p + 2] * theta[p], p)),
    "position_past_the_end": with_(
        definitions=(z, define("s", p, theta[p + 1] - theta[p])),
        cost=FITS + Entry(Tensor("s", (n.less(1),), "defined", "s"), (Index("", n, -1),)),
    ),
    "sum_over_a_shifted_letter": cost(FITS + Sum(theta[p + 1] ** 2, p + 1)),
    "empty_domain": scalar("c", domain=Interval(2, 1)),
    "domain_without_whole_number": scalar(
        "c", domain=Interval(Fraction(1, 4), Fraction(3, 4), integer=True)
    ),
    "prediction_not_defined": with_(prediction=h),
    "parameters_without_comma": with_(parameters=theta),
    "data_is_a_definition": with_(data=(X, y, z)),
    "parameter_as_data": with_(data=(X, y, theta)),
    "cost_is_a_definition": cost(z),
    "cost_is_a_number": cost(3),
    "repeated_definition_index": with_(
        definitions=(z, Definition(Tensor("G", (n, n), "defined"), (j, j), theta[j]))
    ),
}

FILES = {
    "file_syntax": "PROBLEM = (\n    1 +\n",
    "file_name_error": "from derive.notation import Axis\n\nm = Axis('m')\nc = Sum(m, m)\n",
    "file_type_error": "from derive.notation import Axis, Sum, data\n\nm = Axis('m')\n"
    "X = data('X', m)\ndef cost():\n    return Sum(X, m.index('i'))\n\nPROBLEM = cost()\n",
    "file_array_arithmetic": "from derive.notation import Axis, data\n\nX = data('X', Axis('m'))\n"
    "y = data('y', Axis('n'))\nc = 2 * X - y\n",
    "file_matrix_product": "from derive.notation import Axis, data\n\nm, n = Axis('m'), Axis('n')\n"
    "X, theta = data('X', m, n), data('theta', n)\nz = theta @ X\n",
    "file_float": "from derive.notation import Axis\n\nc = 0.5 * Axis('m')\n",
    "file_import": "import no_such_module_of_mine\n",
    "file_exit": "raise SystemExit(3)\n",
    "file_no_problem": "problem = 1\n",
    "file_wrong_problem": "PROBLEM = 'logistic'\n",
    "file_wrong_problems": "PROBLEMS = (1, 2)\n",
    "file_no_problems": "PROBLEMS = ()\n",
    "file_two_of_a_name": "from derive.problems.logistic import PROBLEM as P\nPROBLEMS = (P, P)\n",
}

si, sj, sm = sympy.symbols("i j m")
sy, sx, sz = (sympy.IndexedBase(name) for name in "yXz")


def from_(expression: Any) -> Callable[[], object]:
    return lambda: from_sympy(expression, axes=(m, n), tensors=(X, y, theta, lam))


SYMPY = {
    "sympy_float": from_(sympy.Float(0.5) * sy[si]),
    "sympy_unknown_letter": from_(sympy.Sum(sympy.Symbol("q") * sy[si], (si, 1, sm))),
    "sympy_unknown_array": from_(sympy.IndexedBase("u")[si] * 2),
    "sympy_unknown_function": from_(sympy.Function("erfcx")(sy[si])),
    "sympy_unknown_node": from_(sympy.Max(sy[si], 0)),
    "sympy_range": from_(sympy.Sum(sy[si], (si, 1, sm - 1))),
    "sympy_number_as_range": from_(sympy.Sum(sy[si], (si, 1, sj))),
    "sympy_shifted_index": from_(sy[si + 1]),
    "sympy_too_few_indices": from_(sx[si]),
    "sympy_array_without_index": from_(sympy.Symbol("y") + 1),
    "sympy_index_as_number": from_(sympy.Sum(si * sy[si], (si, 1, sm))),
    "sympy_text": from_("y + 1"),
    "sympy_prediction": lambda: problem_from_sympy(
        "p", sympy.Sum(sy[si], (si, 1, sm)), data=(y,), parameters=(), prediction="q"
    ),
    "sympy_definition": lambda: problem_from_sympy(
        "p", sz[si], data=(y,), parameters=(lam,), definitions={sz[si]: sympy.Symbol("lambda")}
    ),
}

TEXT = """data X (m, n)
data y (m)
data K (n, n) symmetric
data lambda > 0
parameter theta (n)
J = """


def formula(line: str) -> Callable[[], object]:
    return lambda: problem_from_text(TEXT + line, "mine")


def whole(text: str) -> Callable[[], object]:
    return lambda: problem_from_text(text, "mine")


PLAIN = {
    # two readings
    "plain_sum_and_more": formula("sum_i y_i + X_ij theta_j"),
    "plain_quotient_glued": formula("1/2m |X theta - y|^2"),
    "plain_quotient_then_factor": formula("lambda/m |theta|^2"),
    "plain_function_then_factor": formula("lambda log y theta"),
    "plain_function_and_power": formula("log lambda^2"),
    "plain_square_of_a_vector": formula("(X theta - y)^2"),
    "plain_square_of_a_matrix": formula("tr(K^2)"),
    "plain_two_columns": formula("y (X theta)"),
    "plain_star": formula("sum(y * (X theta))"),
    "plain_matrix_and_scalar": formula("theta' (K + lambda) theta"),
    "plain_bars_of_a_matrix": formula("|X|"),
    "plain_exponential_of_a_matrix": formula("tr(exp(K))"),
    "plain_row_or_column": formula("|X_i|^2"),
    # shapes and letters
    "plain_shapes": formula("|theta X - y|^2"),
    "plain_shapes_of_a_sum": formula("|X theta - theta|^2"),
    "plain_vector_cost": formula("X theta - y"),
    "plain_divided_by_a_vector": formula("theta' theta / y"),
    "plain_identity_without_size": formula("lambda I"),
    "plain_transposed_one": formula("1' y"),
    "plain_inverse_of_a_rectangle": formula("tr(inv(X))"),
    "plain_unbound_letter": formula("y_i + theta' theta"),
    "plain_letter_of_another_axis": formula("sum_i y_i theta_i"),
    "plain_range_of_another_axis": formula("sum_{i=1}^n y_i"),
    "plain_hidden_letter": formula("sum_i y_i sum_i y_i"),
    "plain_letter_without_axis": formula("sum_k lambda"),
    "plain_index_as_a_number": formula("sum_i i y_i"),
    "plain_too_many_indices": formula("sum_i sum_j y_ij"),
    # names
    "plain_undeclared": formula("q theta' theta"),
    "plain_undeclared_array": formula("sum_i c_i y_i"),
    "plain_run_together": formula("|Xtheta - y|^2"),
    "plain_unknown_function": formula("f(theta' theta)"),
    "plain_function_alone": formula("exp + lambda"),
    "plain_determinant": formula("det(K)"),
    # the form of a formula
    "plain_not_closed": formula("|X theta - y"),
    "plain_ends_early": formula("theta' theta +"),
    "plain_two_numbers": formula("2 3 theta' theta"),
    "plain_latex": formula(r"\sum_i y_i"),
    "plain_float": formula("1e-3 theta' theta"),
    "plain_constraint": whole("parameter t\nt >= 0\nt^2"),
    "plain_wrong_norm": formula("|theta|_3"),
    "plain_too_deep": formula("(" * 2000 + "lambda" + ")" * 2000),
    # the whole text
    "plain_words": whole("data y (m) postive\nparameter t\nJ = |y - t|^2"),
    "plain_declaration": whole("data y[m]\nparameter t\nJ = |y - t|^2"),
    "plain_not_square": whole("data A (m, n) symmetric\nparameter t\nJ = t |A|_F"),
    "plain_no_equation": whole("data y (m)\nparameter t"),
    "plain_declared_twice": whole("data y (m)\ndata y (n)\nparameter t\nJ = |y - t|^2"),
    "plain_defined_twice": whole("data y (m)\nparameter t\nz = t y\nz = 2 y\nJ = |z|^2"),
    "plain_data_not_used": whole("data y (m)\ndata x (m)\nparameter t\nJ = |y - t|^2"),
    "plain_definition_not_used": whole("data y (m)\nparameter t\nz = t y\nJ = |y - t|^2"),
    "plain_prediction": whole("data y (m)\nparameter t\nJ = |y - t|^2\nprediction: p"),
    "plain_matrix_for_every_index": whole(
        "data A (n, n)\ndata c (m)\nparameter t\nJ = t sum_i tr(inv(c_i A))"
    ),
}

OTHERS = {
    "catalogue_close": lambda: catalogue_subject("logistc"),
}


def told(run: Callable[[], object]) -> str:
    with pytest.raises(ProblemError) as caught:
        run()
    return f"{caught.value}\n"


def compare(name: str, found: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("DERIVE_ACCEPT"):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


@pytest.mark.parametrize("name", [*INVALID, *SYMPY, *PLAIN, *OTHERS])
def test_the_text_of_the_error(name: str) -> None:
    compare(name, told((INVALID | SYMPY | PLAIN | OTHERS)[name]))


@pytest.mark.parametrize("name", FILES)
def test_the_text_of_an_error_in_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.py"
    path.write_text(FILES[name], encoding="utf-8")
    found = told(lambda: subjects_from_file(path))
    compare(name, found.replace(str(tmp_path), "/somewhere"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    compare(
        "file_missing",
        told(lambda: problem_from_file(tmp_path / "no.py")).replace(str(tmp_path), "/somewhere"),
    )


def test_no_golden_is_left_over() -> None:
    names = {*INVALID, *SYMPY, *PLAIN, *OTHERS, *FILES, "file_missing"}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == names


def test_the_good_problem_is_valid() -> None:
    validate(GOOD)


def test_the_boundary_of_a_domain_is_allowed() -> None:
    u = data("u", m, domain=NONNEGATIVE)
    validate(replace(GOOD, data=(X, y, u), cost=Sum(log(u[i]) * z[i] + y[i], i)))
    validate(replace(GOOD, cost=Sum(Pow(1 - y[i], Num(Fraction(1, 2))) * z[i], i)))
