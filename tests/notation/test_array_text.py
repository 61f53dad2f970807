"""NumPy texts as trees of calls, as the passes and the measure of the stabiliser read them."""

import numpy as np
import pytest

from derive.notation.array_text import Node, UnreadableError, tree, ufunc
from derive.notation.functions import FUNCTIONS
from derive.programs.fuse import _ufunc

T = Node("argument", "t")
ROWS = {f.name: f.numpy for f in FUNCTIONS}


def value(node: Node, t):
    """The tree by NumPy's own functions."""
    if node.kind == "argument":
        return t
    if node.kind == "constant":
        return eval(node.name, {"np": np})  # noqa: S307  # a number
    return getattr(np, node.name.removeprefix("np."))(*(value(part, t) for part in node.parts))


OWN = [f for f in FUNCTIONS if f.numpy and "special." not in f.numpy]


@pytest.mark.parametrize("function", OWN, ids=lambda f: f.name)
def test_a_row_s_tree_has_the_values_of_its_text(function) -> None:
    t = np.array([0.3, 0.7, 2.5])
    expected = eval(function.numpy.format(t="t"), {"np": np, "t": t})  # noqa: S307  # our own row
    for make in (ufunc, _ufunc):
        found = value(tree(function.numpy.format(t="t"), {"t": T}, {}, make), t)
        np.testing.assert_array_equal(found, expected)


def test_our_own_functions_are_read_without_what_only_separate_values_have() -> None:
    close = "special.refined(np.abs(t) <= 1, special.product_rest(t, t), np.exp(t))"
    assert tree(close, {"t": T}, {}) == ufunc("exp", T)
    assert tree("special.weighted(t, np.log(t))", {"t": T}, {}) == ufunc(
        "multiply", T, ufunc("log", T)
    )
    assert tree("special.log1p_square(t)", {"t": T}, {}) == ufunc(
        "log1p", ufunc("power", T, Node("constant", "2"))
    )


def test_rows_are_read_where_they_are_called() -> None:
    assert tree("relu(-t)", {"t": T}, ROWS) == tree("np.maximum(-t, 0)", {"t": T}, {})


def test_a_minus_sign_leaves_a_product_so_that_equal_parts_are_one() -> None:
    one, other = (tree(text, {"t": T}, {}, _ufunc) for text in ("-t * 2", "-(t * 2)"))
    assert one == other


@pytest.mark.parametrize("text", ["t[0]", "[t]", "t if t else 1", "unknown(t)"])
def test_what_is_not_elementwise_is_refused(text) -> None:
    with pytest.raises(UnreadableError):
        tree(text, {"t": T}, {})
