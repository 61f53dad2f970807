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
from derive.notation.expression import Delta, Pow
from derive.notation.validate import validate
from derive.readers.file import catalogue_subject, problem_from_file, subjects_from_file
from derive.readers.sympy_form import from_sympy
from derive.readers.sympy_problem import problem_from_sympy

GOLDEN = Path(__file__).parent / "golden"
m, n = Axis("m"), Axis("n")
i, j, k = m.index("i"), n.index("j"), n.index("k")
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
    "file_type_error": "from derive.notation import Axis, data, exp\n\nX = data('X', Axis('m'))\n"
    "def cost():\n    return exp(X)\n\nPROBLEM = cost()\n",
    "file_array_arithmetic": "from derive.notation import Axis, data\n\nX = data('X', Axis('m'))\n"
    "c = 2 * X\n",
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


@pytest.mark.parametrize("name", [*INVALID, *SYMPY, *OTHERS])
def test_the_text_of_the_error(name: str) -> None:
    compare(name, told((INVALID | SYMPY | OTHERS)[name]))


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
    names = {*INVALID, *SYMPY, *OTHERS, *FILES, "file_missing"}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == names


def test_the_good_problem_is_valid() -> None:
    validate(GOOD)


def test_the_boundary_of_a_domain_is_allowed() -> None:
    u = data("u", m, domain=NONNEGATIVE)
    validate(replace(GOOD, data=(X, y, u), cost=Sum(log(u[i]) * z[i] + y[i], i)))
    validate(replace(GOOD, cost=Sum(Pow(1 - y[i], Num(Fraction(1, 2))) * z[i], i)))
