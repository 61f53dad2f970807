"""Numbers that carry derivatives along, and the functions of the table at them.

Dual numbers nest and take any kind of number inside; a jet has a float with its gradient and its
Hessian. Functions and their derivatives stand here in other words than derive.notation's.
"""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import mpmath
import numpy as np


def seeded(seed: int | str) -> Random:
    """Random numbers that are the same in every run."""
    return Random(seed)  # noqa: S311  # for tests, not for secrets


class Dual:
    """re + eps * d with d^2 = 0; every derivative has a tag of its own, so that they nest."""

    __slots__ = ("eps", "re", "tag")
    __array_priority__ = 1000

    def __init__(self, tag, re, eps):
        self.tag, self.re, self.eps = tag, re, eps

    def _pair(self, other):
        """Both numbers with respect to the larger tag."""
        if isinstance(other, Dual) and other.tag > self.tag:
            return other.tag, self, 0, other.re, other.eps
        if isinstance(other, Dual) and other.tag == self.tag:
            return self.tag, self.re, self.eps, other.re, other.eps
        return self.tag, self.re, self.eps, other, 0

    def __add__(self, other):
        tag, a, da, b, db = self._pair(other)
        return Dual(tag, a + b, da + db)

    def __mul__(self, other):
        tag, a, da, b, db = self._pair(other)
        return Dual(tag, a * b, da * b + a * db)

    def __rtruediv__(self, other):
        return other * power(self, -1)

    def __truediv__(self, other):
        return self * power(other, -1)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


class Jet:
    """A float with its gradient and its Hessian by all parameters."""

    __slots__ = ("g", "h", "v")
    __array_priority__ = 1000

    def __init__(self, v, g, h):
        self.v, self.g, self.h = v, g, h

    def through(self, value, first, second):
        """f(self) from f, f' and f'' at self.v."""
        return Jet(value, first * self.g, first * self.h + second * np.outer(self.g, self.g))

    def __add__(self, other):
        if isinstance(other, Jet):
            return Jet(self.v + other.v, self.g + other.g, self.h + other.h)
        return Jet(self.v + other, self.g, self.h)

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.v * other, self.g * other, self.h * other)
        mixed = np.outer(self.g, other.g)
        hessian = self.h * other.v + self.v * other.h + mixed + mixed.T
        return Jet(self.v * other.v, self.g * other.v + self.v * other.g, hessian)

    def __truediv__(self, other):
        return self * power(other, -1)

    __radd__, __rmul__ = __add__, __mul__


def _exp(t):
    return function("exp", t)


# Derivatives as a table of integrals has them, in other words than derive.notation's.
SLOPES = {
    "exp": _exp,
    "log": lambda t: power(t, -1),
    "sqrt": lambda t: power(t, Fraction(-1, 2)) / 2,
    "sin": lambda t: function("cos", t),
    "cos": lambda t: function("sin", t) * -1,
    "atan": lambda t: power(t * t + 1, -1),
    "sigmoid": lambda t: power(_exp(t) + _exp(t * -1) + 2, -1),
    "softplus": lambda t: power(_exp(t * -1) + 1, -1),
    "tanh": lambda t: 4 * power(_exp(t) + _exp(t * -1), -2),
    "log1p": lambda t: power(t + 1, -1),
    "expm1": _exp,
    "sinh": lambda t: (_exp(t) + _exp(t * -1)) / 2,
    "cosh": lambda t: (_exp(t) + -1 * _exp(t * -1)) / 2,
    "log_gamma": lambda t: function("digamma", t),
    "digamma": lambda t: function("trigamma", t),
    "relu": lambda t: function("step", t),
    "step": lambda t: 0 * t,
    "absolute": lambda t: function("sign", t),
    "sign": lambda t: 0 * t,
    "erf": lambda t: 2 * _bell(t, 1),
    "erfc": lambda t: -2 * _bell(t, 1),
    "normal_cdf": lambda t: _bell(t, 2),
    "log_normal_cdf": lambda t: _ratio(t),
    "hazard": lambda t: -1 * _ratio(t) * (_ratio(t) + t),
    "hazard_slope": lambda t: _ratio(t) - _ratio(t) * (_ratio(t) + t) * (2 * _ratio(t) + t),
}  # fmt: skip


def _bell(t, width):
    """exp(-t^2/width) / sqrt(width pi)."""
    exact = isinstance(real(t), mpmath.mpf)
    root = 1 / mpmath.sqrt(width * mpmath.pi) if exact else 1 / math.sqrt(width * math.pi)
    return _exp(t * t * -1 * power(1.0 * width if not exact else mpmath.mpf(width), -1)) * root


def _ratio(t):
    """phi(t)/Phi(t)."""
    return _bell(t, 2) * power(function("normal_cdf", t), -1)


def real(t):
    """The number under all dual parts."""
    while isinstance(t, Dual | Jet):
        t = t.re if isinstance(t, Dual) else t.v
    return t


def compared(relation, left, right):
    """Whether a comparison of two numbers of any kind is true."""
    a, b = real(left), real(right)
    return {"=": a == b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[relation]


KINKED = ("relu", "step", "absolute", "sign")
VALUES = {
    "exp": (math.exp, mpmath.exp),
    "log": (math.log, mpmath.log),
    "sqrt": (math.sqrt, mpmath.sqrt),
    "sin": (math.sin, mpmath.sin),
    "cos": (math.cos, mpmath.cos),
    "atan": (math.atan, mpmath.atan),
    "sigmoid": (lambda t: 1 / (1 + math.exp(-t)), lambda t: 1 / (1 + mpmath.exp(-t))),
    "softplus": (lambda t: math.log1p(math.exp(t)), lambda t: mpmath.log(1 + mpmath.exp(t))),
    "tanh": (math.tanh, mpmath.tanh),
    "log1p": (math.log1p, lambda t: mpmath.log(1 + t)),
    "expm1": (math.expm1, lambda t: mpmath.exp(t) - 1),
    "sinh": (math.sinh, mpmath.sinh),
    "cosh": (math.cosh, mpmath.cosh),
    "log_gamma": (math.lgamma, mpmath.loggamma),
    "digamma": (lambda t: float(mpmath.digamma(t)), mpmath.digamma),
    "trigamma": (lambda t: float(mpmath.psi(1, t)), lambda t: mpmath.psi(1, t)),
    "relu": (lambda t: max(t, 0.0), lambda t: max(t, mpmath.mpf(0))),
    "step": (lambda t: float(t > 0), lambda t: mpmath.mpf(int(t > 0))),
    "absolute": (abs, abs),
    "sign": (lambda t: float((t > 0) - (t < 0)), mpmath.sign),
    "erf": (math.erf, mpmath.erf),
    "erfc": (math.erfc, mpmath.erfc),
    "normal_cdf": (lambda t: math.erfc(-t / math.sqrt(2)) / 2, mpmath.ncdf),
    "log_normal_cdf": (
        lambda t: math.log(math.erfc(-t / math.sqrt(2)) / 2),
        lambda t: mpmath.log(mpmath.ncdf(t)),
    ),
    "hazard": (_ratio, _ratio),
    "hazard_slope": (lambda t: _ratio(t) * (_ratio(t) + t), lambda t: _ratio(t) * (_ratio(t) + t)),
}


def function(name, t):
    """A function of the table at a number of any kind."""
    if isinstance(t, Dual):
        return Dual(t.tag, function(name, t.re), SLOPES[name](t.re) * t.eps)
    if isinstance(t, Jet):
        slope = SLOPES[name](Dual(-1, t.v, 1.0))
        return t.through(function(name, t.v), slope.re, slope.eps)
    if isinstance(t, mpmath.mpf):
        return VALUES[name][1](t)
    return VALUES[name][0](float(t))


def power(a, b):
    """a ** b; a fraction b is exact."""
    if isinstance(b, Dual | Jet):
        return _exp(b * function("log", a))
    if isinstance(a, Dual):
        return Dual(a.tag, power(a.re, b), b * power(a.re, b - 1) * a.eps if b != 0 else 0)
    if isinstance(a, Jet):
        b = float(b)
        second = b * (b - 1) * power(a.v, b - 2) if b not in (0, 1) else 0.0
        return a.through(power(a.v, b), b * power(a.v, b - 1) if b else 0.0, second)
    if isinstance(b, Fraction) and b.denominator == 1:
        b = int(b)
    if isinstance(a, mpmath.mpf):
        return a ** (mpmath.mpf(b.numerator) / b.denominator if isinstance(b, Fraction) else b)
    if isinstance(b, mpmath.mpf):
        return mpmath.mpf(a) ** b
    return float(a) ** (b if isinstance(b, int) else float(b))


def plain(value) -> float:
    """The number itself, without its derivatives."""
    while isinstance(value, Dual):
        value = value.re
    return float(getattr(value, "v", value))


def mp_number(value):
    """A Fraction as a number of mpmath."""
    return mpmath.mpf(value.numerator) / value.denominator


def jets(arrays):
    """The arrays of the parameters as one vector of jets, cut into arrays again."""
    count = sum(a.size for a in arrays.values())
    out, number = {}, 0
    for name, values in arrays.items():
        out[name] = np.empty(values.shape, dtype=object)
        for cell in np.ndindex(*values.shape):
            unit = np.zeros(count)
            unit[number] = 1.0
            out[name][cell] = Jet(float(values[cell]), unit, np.zeros((count, count)))
            number += 1
    return out
