import subprocess
import sys

import pytest
import sympy as sp

from derive.notation import Elementwise, Sum, parameter
from derive.notation.expression import Expr
from derive.notation.text import text
from derive.notation.validate import validate
from derive.problems import least_squares, logistic
from derive.readers.sympy_form import from_sympy
from derive.readers.sympy_problem import problem_from_sympy

i, j, m, n = sp.symbols("i j m n", integer=True, positive=True)
X, y, theta, z, h = map(sp.IndexedBase, ("X", "y", "theta", "z", "h"))
lam = sp.Symbol("lambda")
sigmoid = sp.Function("sigmoid")
P = logistic
SCORE = sp.Sum(X[i, j] * theta[j], (j, 1, n))
TENSORS = (P.X, P.y, P.theta, P.z, P.h, parameter("lambda_"))


def read(e: sp.Expr) -> Expr:
    return from_sympy(e, axes=(P.m, P.n), tensors=TENSORS)


def test_logistic_regression_comes_out_as_in_the_catalogue() -> None:
    loss = y[i] * sp.log(h[i]) + (1 - y[i]) * sp.log(1 - h[i])
    problem = problem_from_sympy(
        "logistic",
        -1 / m * sp.Sum(loss, (i, 1, m)),
        data=(P.X, P.y),
        parameters=(P.theta,),
        definitions={z[i]: SCORE, h[i]: sigmoid(z[i])},
        prediction="h",
    )
    validate(problem)
    assert problem.cost == P.PROBLEM.cost
    assert [d.body for d in problem.definitions] == [P.z.body, P.h.body]
    assert problem.prediction is problem.definitions[1]


def test_least_squares_comes_out_as_in_the_catalogue() -> None:
    L = least_squares
    cost = sp.Sum((z[i] - y[i]) ** 2, (i, 1, m)) / (2 * m)
    assert from_sympy(cost, axes=(L.m,), tensors=(L.y, L.z)) == L.PROBLEM.cost


TEXTS = {
    "(1/(2m)) sum_i [(z_i - y_i)^2] + (lambda/2) sum_{j=2}^n theta_j^2": sp.Sum(
        (z[i] - y[i]) ** 2, (i, 1, m)
    )
    / (2 * m)
    + lam / 2 * sp.Sum(theta[j] ** 2, (j, 2, n)),
    "-(1/m) sum_i y_i log(sigmoid(sum_j X_ij theta_j))": -sp.Sum(
        y[i] * sp.log(sigmoid(SCORE)), (i, 1, m)
    )
    / m,
    "sum_j sum_i y_i X_ij theta_j": sp.Sum(X[i, j] * y[i] * theta[j], (i, 1, m), (j, 1, n)),
    "sum_i [sqrt(1 + z_i^2) - 1]": sp.Sum(sp.sqrt(1 + z[i] ** 2) - 1, (i, 1, m)),
    "sum_i y_i/(3 h_i)": sp.Sum(y[i] / h[i] / 3, (i, 1, m)),
    "1/z_i^2": z[i] ** -2,
    "-z_i/2": -z[i] / 2,
    "-lambda (z_i - 1)": -lam * (z[i] - 1),
    "z_i exp(-z_i)": z[i] * sp.exp(-z[i]),
    "1/sqrt(h_i)": 1 / sp.sqrt(h[i]),
    "exp(1)": sp.E,
}


@pytest.mark.parametrize(("line", "e"), TEXTS.items())
def test_the_order_of_a_textbook_is_restored(line: str, e: sp.Expr) -> None:
    assert text(read(e)) == line


@pytest.mark.parametrize(
    "e",
    [
        sp.Sum(y[i], (i, 1, m)),
        sp.Sum(y[i], (i, 0, m - 1)),
        sp.Sum(y[sp.Idx("i", m)], sp.Idx("i", m)),
    ],
)
def test_a_whole_axis_counted_from_0_or_from_1(e: sp.Expr) -> None:
    assert read(e) == Sum(P.y[P.i], P.i)


def test_a_row_of_the_users_own() -> None:
    cube = Elementwise("cube", "c", lambda t: 3 * t**2, "{t}**3")
    assert from_sympy(
        sp.Function("cube")(lam), axes=(), tensors={"lambda": TENSORS[-1]}, functions=(cube,)
    ) == cube(TENSORS[-1]())


def test_the_order_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "import sympy as s; from derive.problems import logistic as P;"
        "from derive.readers.sympy_form import from_sympy; from derive.notation.text import text;"
        "i=s.Symbol('i'); y,h=s.IndexedBase('y'),s.IndexedBase('h'); c=s.log(h[i]);"
        "e=y[i]*c*(1-h[i])*(y[i]-h[i])+c/h[i]-c*c+y[i]**3;"
        "print(text(from_sympy(e,axes=(P.m,),tensors=(P.y,P.h))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


def test_only_this_reader_imports_sympy() -> None:
    code = (
        "import sys, derive.readers.file, derive.notation.validate as v;"
        "derive.readers.file.catalogue(); sys.exit('sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
