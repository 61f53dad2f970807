"""What no paper would print: an einsum in a gradient, two numbers in front, a fraction in one."""

import re

import pytest

from derive.notation.text import mat_text
from derive.readers.file import catalogue_files
from tests.proofs.test_catalogue_proofs import whole

NAMES = [name for name, file in catalogue_files().items() if "/problems/" in file]

LARGE_BLOCKS = {"factorisation_machine", "gaussian_mean_covariance", "gaussian_mixture",
                "masked_matrix_factorisation"}  # fmt: skip
"""Their Hessian has blocks over three or four axes that no Kronecker product expresses, such as
M_kt U_ku V_tl of the masked factorisation. Solvers use their Hessian-vector products."""

TWO_NUMBERS = re.compile(
    r"(?<![\w^.])\d+ \* \d|/\d+\)/|\(1/\d+\) \d|\(\d+/\d+\) \* \d|\d \(\d+/\d+\)"
)
"""2 * 2, (1/2)/m, (1/2) 2, 2 (1/2)."""


@pytest.mark.parametrize("name", NAMES)
def test_forms_are_fit_to_print(name) -> None:
    for part in whole(name).proof.parts:
        mat = part.matrix
        if part.kind != "theorem" or mat is None:
            continue
        block = part.title.startswith("Hessian by")
        if not (block and name in LARGE_BLOCKS):
            assert "einsum(" not in mat_text(mat), part.title
        assert not TWO_NUMBERS.search(mat_text(mat)), (part.title, mat_text(mat))


@pytest.mark.parametrize("bad", ["((1/2) * 2) g w", "((1/2)/m) X'r", "(1/2) 2 x", "2 * 2 x"])
def test_what_is_looked_for_is_found(bad) -> None:
    assert TWO_NUMBERS.search(bad)
