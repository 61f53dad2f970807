"""Mistakes that users make: four lines with advice that helps, and nothing on the disk."""

from pathlib import Path

import pytest

from derive.__main__ import ERROR, FRESH, main
from derive.calculus.differentiate import differentiate
from derive.notation import Axis, Problem, data, define, norm2, parameter
from derive.notation.tree import subterms
from derive.readers.file import problem_from_lines, subjects_from_file
from derive.readers.spoken import spoken

RIDGE = """data X (m, n)
data y (m)
parameter theta (n)
z = X theta
J = |z - y|^2
"""
HEAD = """from derive.notation import Axis, Problem, data, parameter, norm2
m, n = Axis("m"), Axis("n")
X, y, t = data("X", m, n), data("y", m), parameter("t", n)
"""
SLIPS: dict[str, tuple[str | bytes, str]] = {
    "role.txt": (RIDGE.replace("data y", "dta y"), "did you mean data?"),
    "setting.txt": ("titel: Ridge\n" + RIDGE, "did you mean title?"),
    "semicolons.txt": (RIDGE.replace("\n", "; "), "begin a new line here"),
    "itself.txt": (RIDGE.replace("X theta", "X theta + z"), "z is defined by itself"),
    "function.txt": (RIDGE.replace("X theta", "X sigmiod(theta)"), "did you mean sigmoid?"),
    "digits.txt": (RIDGE.replace("|^2", "|^2 + " + "1" * 5000), "too many digits"),
    "sign.txt": (RIDGE + "\x00", "cannot be seen"),
    "endless.txt": ("x" * 10**6, "is not declared"),
    "bytes.txt": (bytes(range(256)), "save it as text in UTF-8"),
    "wide.txt": (RIDGE.encode("utf-16"), "save it as text in UTF-8"),
    "digits.tex": ("J(\\theta) = \\theta^2 \\cdot " + "1" * 5000, "too many digits"),
    "letter.tex": ("\\documentclass{article}\\begin{document}Hi\\end{document}", "no formula"),
    "subject.tex": (r"\min_w (w - y)^2 \quad \text{s.t. } w \ge 0", "constraints are not known"),
    "set.tex": (r"\min_{w \in \mathbb{R}_+^n} \|w - y\|^2", "constraints are not known"),
    "list.py": (HEAD + "PROBLEM = Problem('p', '', [X, y], (t,), norm2(y - X @ t))", "(X, y,)"),
    "vector.py": (HEAD + "PROBLEM = Problem('p', '', (X, y), (t,), y - X @ t)", "norm2(...)"),
    "math.py": (HEAD + "import math\nmath.exp(t[m.index('i')])", "derive.notation"),
    "float.py": (HEAD + "0.1 * norm2(t)", "Fraction('0.1')"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_slips_are_answered(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    source, advice = SLIPS[name]
    Path(name).write_bytes(source if isinstance(source, bytes) else source.encode())
    assert main(["build", name, "-o", "out"]) == ERROR
    told = capsys.readouterr().err
    heads = [line.split(":")[0] for line in told.splitlines() if not line.startswith(" ")]
    assert heads == ["asked", "where", "wrong", "what to do"]
    assert advice in told
    assert max(map(len, told.splitlines())) < 400
    assert all(sign.isprintable() for sign in told.replace("\n", ""))
    assert not Path("out").exists()


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_marks_of_editors_change_nothing(
    mark: str, end: str, tmp_path: Path
) -> None:
    path = tmp_path / "ridge.txt"
    path.write_bytes(RIDGE.replace("\n", end).encode(mark))
    (problem,) = subjects_from_file(path)
    assert isinstance(problem, Problem)
    assert spoken(problem) == spoken(problem_from_lines(RIDGE, "ridge"))


def test_definitions_within_the_text_of_a_paper() -> None:
    """Behind "where"; what merely says a size or a model is no definition."""
    source = r"""For $i = 1, \ldots, m$ and $m = 100$ counts $y_i$ we minimise
\[ L(\beta, a) = \sum_{i=1}^m (\mu_i - \phi y_i \log \mu_i) \]
where $\mu_i = \exp(x_i^\top \beta)$ and $\phi = e^a$. Here $n = 3$."""
    (problem,) = [problem_from_lines(source, "paper")]
    assert {d.tensor.name for d in problem.definitions} == {"mu", "phi"}


def test_whole_spaces_below_min_are_read() -> None:
    source = r"""% derive: data X (m, n)
% derive: parameter W (n, d)
\min_{W \in \mathbb{R}^{n \times d}} \lVert X - X W W^\top \rVert_F^2"""
    assert [p.name for p in problem_from_lines(source, "pca").parameters] == ["W"]


def test_signs_are_a_set() -> None:
    text = "data y (m) in {-1, 1}\nparameter b\nJ = sum_i softplus(-y_i b)"
    assert "data y (m) in {-1, 1}" in spoken(problem_from_lines(text, "signs"))


def test_v_may_be_a_letter_of_the_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The vector of a Hessian-vector product takes another letter then."""
    m, n = Axis("m"), Axis("n")
    X, y, v = data("X", m, n), data("y", m), parameter("v", n)
    z = define("z", X @ v)
    calculus = differentiate(Problem("one", "One", (X, y), (v,), norm2(z - y), (z,)))
    assert [t.name for t in calculus.directions] == ["d"]
    path = tmp_path / "factors.txt"
    path.write_text("data L (n, n)\nparameter V (n, d)\nJ = ||V V' - L||_F^2\n")
    assert main(["build", str(path), "-o", str(tmp_path / "out")]) == FRESH
    assert 'factors.fit(L, sizes={"d": 2}, l2=0.01)' in capsys.readouterr().out


def test_a_high_power_is_not_multiplied_out() -> None:
    text = "data y (m)\nparameter b\nJ = sum_i (b - y_i)^100000"
    last = differentiate(problem_from_lines(text, "power")).gradients[0].last
    assert len(list(subterms(last))) < 50
