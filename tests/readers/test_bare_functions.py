r"""Functions typed without a backslash are the functions, never products of their letters."""

from pathlib import Path

import pytest

from derive.__main__ import ERROR, main

HEAD = "% derive: data y (m)\n% derive: data A (n, n)\n% derive: parameter w (m)\n"


@pytest.mark.parametrize(
    ("bare", "command"),
    [
        (r"ln(1+e^{-y_i w_i})", r"\ln(1+e^{-y_i w_i})"),
        (r"log(1+exp(-y_i w_i))", r"\log(1+\exp(-y_i w_i))"),
        (r"y_i exp\left(w_i\right)", r"y_i \exp\left(w_i\right)"),
        (r"max(0, 1 - y_i w_i)", r"\max(0, 1 - y_i w_i)"),
        (r"tr(A) w_i^2", r"\operatorname{tr}(A) w_i^2"),
    ],
)
def test_bare_functions(
    bare: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for formula in (bare, command):
        (tmp_path / "paper.tex").write_text(
            HEAD + rf"J(w) = \operatorname{{tr}}(A) + \sum_{{i=1}}^m (y_i + {formula})"
        )
        assert main(["read", str(tmp_path / "paper.tex")]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


def test_declared_letters_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "paper.tex").write_text(
        "% derive: data l\n% derive: data n\n% derive: parameter w\nJ(w) = ln(1+w^2)"
    )
    assert main(["read", str(tmp_path / "paper.tex")]) == ERROR
    assert "ln is a function, or a product of declared letters" in capsys.readouterr().err


def test_powers_as_arguments_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    r"""J(\sigma^2) is never a cost in which sigma is given."""
    formula = r"\ell(\beta, \sigma^2) = \frac{1}{2\sigma^2}\sum_{i=1}^n (y_i - \beta)^2"
    (tmp_path / "paper.tex").write_text("% derive: data y (n)\n" + formula)
    assert main(["read", str(tmp_path / "paper.tex")]) == ERROR
    assert r"(1) write \sigma here" in capsys.readouterr().err
    declared = "% derive: parameter \\sigma\n% derive: parameter \\beta\n% derive: data y (n)\n"
    (tmp_path / "paper.tex").write_text(declared + formula)
    assert main(["read", str(tmp_path / "paper.tex")]) == 0
    assert "parameter sigma" in capsys.readouterr().out
