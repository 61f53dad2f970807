"""The estimate of widths agrees with pdflatex."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_latex_formulas import FORMULAS, MATRICES

from derive.publish import width
from derive.publish.latex import latex, latex_mat

HEAD = r"""\documentclass[11pt]{article}
\usepackage{amsmath,amssymb}\usepackage{mathpazo}\newsavebox\w
\begin{document}
"""


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_estimated_widths_are_close_to_the_measured_ones(tmp_path: Path) -> None:
    texts = [latex(e) for e, _ in FORMULAS] + [latex_mat(mat) for mat, _ in MATRICES]
    lines = [
        rf"\sbox\w{{$\displaystyle {text}$}}\typeout{{WIDTH \the\wd\w/\the\fontdimen6\font}}"
        for text in texts
    ]
    (tmp_path / "w.tex").write_text(HEAD + "\n".join(lines) + "\n\\end{document}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "w.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = re.findall(r"WIDTH ([\d.]+)pt/([\d.]+)pt", done.stdout)
    assert len(found) == len(texts)
    for text, (points, em) in zip(texts, found, strict=True):
        true = float(points) / float(em)
        assert abs(width(text) - true) < max(1.0, 0.15 * true), (text, width(text), true)
