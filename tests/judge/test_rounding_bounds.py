"""Bounds on rounding errors: never below what happens, and not met by worse forms."""

import importlib
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.judge.enclosures import Enclosures, UnboundedError
from derive.judge.machine import Machine
from derive.judge.rounding_bounds import rounding_bound
from derive.notation import UNIT, Axis, Interval, data

m = Axis("m")
LABELS = {"y": data("y", m, domain=UNIT), "s": data("s", m, domain=Interval(-1, 1))}

sizes = st.floats(1e-3, 1e3).flatmap(lambda x: st.sampled_from([x, -x]))
errors = st.one_of(st.just(0.0), st.floats(1e-30, 1e-9))
sides = st.floats(-1, 1)


def number(x: float, width: float, error: float) -> Enclosures:
    """An interval around a float, with a relative error."""
    ends = sorted((x * (1 - width), x * (1 + width)))
    return Enclosures(np.array(ends[:1]), np.array(ends[1:]), {}, np.array([error]), 0.0)


def held(found: Enclosures, exact: Fraction, computed: float) -> bool:
    """Whether the promise of an enclosure is kept."""
    inside = Fraction(float(found.low[0])) <= exact <= Fraction(float(found.high[0]))
    bound = Fraction(float(found.relative[0])) * abs(exact)
    bound += Fraction(float(np.max(found.absolute)))
    return inside and abs(Fraction(computed) - exact) <= bound


OPERATIONS = {
    "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=200, deadline=None)
@given(sizes, sizes, errors, errors, sides, sides)
def test_arithmetic_keeps_its_promise(name, x, y, a, b, one, two) -> None:
    exact_x = Fraction(x) / (1 + Fraction(a) * Fraction(one))
    exact_y = Fraction(y) / (1 + Fraction(b) * Fraction(two))
    operation = OPERATIONS[name]
    found = operation(number(x, 1e-6, a), number(y, 1e-6, b))
    assert held(found, operation(exact_x, exact_y), operation(x, y))


FUNCTIONS = {
    "exp": (Machine.exp, np.exp, mpmath.exp, False),
    "expm1": (Machine.expm1, np.expm1, mpmath.expm1, False),
    "log1p": (Machine.log1p, np.log1p, mpmath.log1p, True),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=200, deadline=None)
@given(st.floats(1e-6, 600).flatmap(lambda x: st.sampled_from([x, -x])), errors, sides)
def test_functions_keep_their_promise(name, x, a, one) -> None:
    bounded, computed, true, positive = FUNCTIONS[name]
    x = abs(x) if positive else x
    exact = Fraction(x) / (1 + Fraction(a) * Fraction(one))
    with mpmath.workdps(60):
        value = true(mpmath.mpf(exact.numerator) / exact.denominator)
        value = Fraction(int(value * mpmath.mpf(2) ** 2000)) / 2**2000
    assert held(bounded(number(x, 1e-6, a)), value, float(computed(x)))


def bound(code: str, *labels: str) -> float | None:
    """The bound of one line of NumPy; None where there is none."""
    space: dict = {"np": np}
    exec(f"def f(z, {', '.join(labels)}): return {code}", space)  # noqa: S102  # our own lines
    found = rounding_bound("f", {"f": space["f"]}, tuple(LABELS[name] for name in labels))
    return None if found is None else found.units


def test_forms_that_lose_their_digits_have_no_bound() -> None:
    sigmoid = "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))"
    assert bound(sigmoid) <= 6
    assert bound(f"1 - {sigmoid}") is None
    assert bound(f"{sigmoid} - y", "y") is None
    assert bound("np.log1p(np.exp(z))") is None  # overflows
    assert bound("np.expm1(z) - z") is None


def test_a_form_with_more_roundings_has_a_larger_bound() -> None:
    t = "np.exp(-np.abs(z))"
    assert bound(f"{t} / (1 + (2 + {t}) * {t})") < bound(f"{t} / (1 + {t}) / (1 + {t}) * 3 / 3")


def test_nothing_is_said_of_functions_that_are_not_assumed() -> None:
    assert bound("np.tanh(z)") is None
    assert bound("np.where(z > 0, z, 0)") is None
    assert bound("z ** 3") is None


def test_an_exact_value_has_no_error() -> None:
    assert bound("np.abs(z)") == 0
    assert bound("-s * z", "s") == 0


def test_data_of_any_size_are_no_labels() -> None:
    space: dict = {}
    exec("def f(z, c): return c * z", space)  # noqa: S102
    assert rounding_bound("f", {"f": space["f"]}, (data("c", m),)) is None


def test_an_undecided_sign_is_an_error() -> None:
    with pytest.raises(UnboundedError):
        Machine.heaviside(Enclosures(np.array([-1.0]), np.array([1.0])), 0.0)


PROVED = {"logistic": 5.1, "logistic_signs": 5.1, "exponential_loss": 2.1}


@pytest.mark.parametrize("name", PROVED)
def test_measured_errors_stay_below_what_is_proved(name) -> None:
    """At many scores of every size, for both labels, against 40 digits."""
    module = importlib.import_module(f"generated.{name}")
    label = LABELS["y" if name == "logistic" else "s"]
    rng = np.random.default_rng(11)
    z = np.concatenate([rng.uniform(-30, 30, 300), rng.uniform(-680, 680, 200),
                        rng.normal(0, 1, 200) * 2.0 ** rng.integers(-60, 0, 200)])  # fmt: skip
    for function in ("loss", "slope", "curvature"):
        found = rounding_bound(function, vars(module), (label,))
        assert found is not None
        assert found.units <= PROVED[name]
        for y in (float(label.domain.low), float(label.domain.high)):
            got = getattr(module, function)(z, np.full_like(z, y))
            for a, b in zip(z, got, strict=True):
                true = TRUE[name][function](mpmath.mpf(float(a)), y)
                unit = mpmath.mpf(2) ** (mpmath.floor(mpmath.log(abs(true), 2)) - 52)
                assert abs(mpmath.mpf(float(b)) - true) <= found.units * unit


def _high(function):
    def value(z, y):
        with mpmath.workdps(400):  # 1 - h has 300 zeros for a sure label
            return function(z, y)

    return value


def _h(z):
    return 1 / (1 + mpmath.exp(-z))


TRUE = {
    "logistic": {
        "loss": _high(lambda z, y: -(y * mpmath.log(_h(z)) + (1 - y) * mpmath.log(1 - _h(z)))),
        "slope": _high(lambda z, y: _h(z) - y),
        "curvature": _high(lambda z, _: _h(z) * (1 - _h(z))),
    },
    "logistic_signs": {
        "loss": _high(lambda z, y: mpmath.log(1 + mpmath.exp(-y * z))),
        "slope": _high(lambda z, y: -y * _h(-y * z)),
        "curvature": _high(lambda z, y: _h(z) * (1 - _h(z))),
    },
    "exponential_loss": {
        "loss": _high(lambda z, y: mpmath.exp(-y * z)),
        "slope": _high(lambda z, y: -y * mpmath.exp(-y * z)),
        "curvature": _high(lambda z, y: mpmath.exp(-y * z)),
    },
}
