"""Checks of what the user passes; every refusal says what, where, why and what to do."""

import math
import operator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ..model import Array, LinearModel, Mask, Numbers
from ..refusal import refusal
from ..result import Result

SHOWN = 5  # rows listed in a message


@dataclass(frozen=True)
class Data:
    """Samples ready for the solvers: X (m, n), y (m,), weights s (m,), s > 0 and sum(s) = 1.

    X may be in single precision; it is then computed with in double precision block by block,
    but not where `single` asks for products with X in single precision.  The precision of y is
    that of what is computed entry by entry.
    """

    X: Numbers
    y: Numbers
    s: Numbers
    single: bool = False


@dataclass(frozen=True)
class Asked:
    """The request, as the first line of every refusal repeats it."""

    text: str

    def refuse(self, where: str, wrong: str, to_do: str) -> NoReturn:
        """Raise the ValueError with the four lines."""
        raise refusal(self.text, where, wrong, to_do)


def check_data(asked: Asked, model: LinearModel, X: Any, y: Any, sample_weight: Any) -> Data:
    """The samples as float64 arrays; rows of weight zero are left out.

    Inputs are never changed; they are copied only where dtype or layout require it.
    """
    X = numbers(asked, "X", X, single=True)
    if X.ndim != 2:
        to_do = "pass X.reshape(-1, 1) for one feature" if X.ndim == 1 else "pass a 2-D array"
        asked.refuse(f"X of shape {X.shape}", "X must have two axes: (samples, features)", to_do)
    m = X.shape[0]
    if m == 0:
        asked.refuse(f"X of shape {X.shape}", "there are no samples", "pass at least one row")
    y = _column(asked, "y", y, m)
    ends = np.array([y.min(), y.max()])  # NaN if there is one among the values
    if not (np.isfinite(ends).all() and model.target.contains(ends).all()):
        _refuse_rows(asked, "y", ~np.isfinite(y), "NaN or infinite values", y)
        outside = ~model.target.contains(y)
        _refuse_rows(asked, "y", outside, f"values outside the target {model.target}", y)
    if not (X.flags.c_contiguous or X.flags.f_contiguous):
        X = np.ascontiguousarray(X)
    if sample_weight is None:
        return Data(X, y, uniform(m))
    s = _column(asked, "sample_weight", sample_weight, m)
    _refuse_rows(asked, "sample_weight", ~np.isfinite(s), "NaN or infinite weights", s)
    _refuse_rows(asked, "sample_weight", s < 0, "negative weights", s)
    if not s.any():
        asked.refuse("sample_weight", "all weights are zero", "give some sample a positive weight")
    s = s / s.max()  # the sum of huge weights would overflow
    s = s / s.sum()
    present = s > 0
    return Data(X, y, s) if present.all() else Data(X[present], y[present], s[present])


def uniform(m: int, dtype: type = np.float64) -> Numbers:
    """Equal weights of sum one, (m,), which take no memory."""
    return np.ndarray((m,), dtype, buffer=np.array(1.0 / m, dtype), strides=(0,))


def check_finite(asked: Asked, X: Array) -> None:
    """Refuse X if an entry is NaN or infinite."""
    bad = np.asarray(~np.isfinite(X))
    wrong = f"NaN or infinite entries, in {columns_text(bad)}"
    _refuse_rows(asked, "X", np.asarray(bad.any(axis=1)), wrong, None)


def check_start(asked: Asked, start: Any, n: int, fit_intercept: bool) -> Array:
    """The starting point (n + fit_intercept,): theta, then the intercept if there is one."""
    k = n + int(fit_intercept)
    if start is None:
        return np.zeros(k)
    if isinstance(start, Result):
        if start.theta.size != n:
            wrong = f"it belongs to {start.theta.size} columns, X has {n}"
            asked.refuse("start, a Result", wrong, "start from a fit to the same columns")
        start = np.append(start.theta, start.intercept) if start.intercept else start.theta
    w = numbers(asked, "start", start)
    if w.shape not in ((n,), (k,)):
        shapes = f"({n},) or ({n + 1},) with the intercept last" if fit_intercept else f"({n},)"
        asked.refuse(f"start of shape {w.shape}", f"the shape must be {shapes}", "reshape start")
    if not np.isfinite(w).all():
        asked.refuse("start", "NaN or infinite entries", "pass finite numbers, or None for zeros")
    return np.concatenate([w, np.zeros(k - w.size)])


def check_number(asked: Asked, name: str, value: Any, *, zero: bool) -> float:
    """A finite float, positive or (if `zero`) not negative."""
    need = "a finite number >= 0" if zero else "a finite number > 0"
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or number < 0 or (number == 0 and not zero):
        asked.refuse(f"{name} = {value!r}", f"{name} must be {need}", f"pass {need}")
    return number


def check_count(asked: Asked, name: str, value: Any) -> int:
    """An integer >= 1; booleans and floats are refused."""
    try:
        count = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        count = 0
    if count < 1:
        asked.refuse(f"{name} = {value!r}", f"{name} must be an integer >= 1", "pass e.g. 100")
    return count


def numbers(asked: Asked, name: str, value: Any, *, single: bool = False) -> Array:
    """Any array-like of real numbers as a float64 array; a float32 array may stay one."""
    if hasattr(value, "toarray") and not isinstance(value, np.ndarray):
        asked.refuse(name, "a sparse matrix; only dense arrays are read", f"{name}.toarray()")
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        asked.refuse(name, "masked entries", "drop or fill them first")
    try:
        array = np.asarray(value)
    except ValueError:
        asked.refuse(name, "rows of different lengths", "pass a rectangular array")
    encode = "encode text as numbers first, e.g. classes as 0 and 1"
    if array.dtype.kind == "c":
        asked.refuse(name, f"complex numbers ({array.dtype})", f"pass real numbers: {name}.real")
    if array.dtype.kind == "O" and not any(isinstance(v, str | bytes) for v in array.flat):
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            asked.refuse(name, "entries that are not numbers (dtype object)", encode)
    if array.dtype.kind not in "biuf":
        asked.refuse(name, f"entries that are not numbers (dtype {array.dtype})", encode)
    if single and array.dtype == np.float32:
        return array
    return array.astype(np.float64, copy=False)


def _column(asked: Asked, name: str, value: Any, m: int) -> Array:
    """A vector with one entry per row of X."""
    vector = numbers(asked, name, value)
    if vector.ndim == 2 and 1 in vector.shape:
        asked.refuse(f"{name} of shape {vector.shape}", f"{name} must be 1-D", f"{name}.ravel()")
    if vector.ndim != 1:
        wrong = f"{name} must be 1-D, one value per row of X"
        asked.refuse(f"{name} of shape {vector.shape}", wrong, f"pass shape ({m},)")
    if vector.size != m:
        wrong = f"X has {m} rows, {name} has {vector.size} values"
        asked.refuse(f"X and {name}", wrong, "pass one value per row")
    return np.ascontiguousarray(vector)


def _refuse_rows(asked: Asked, name: str, bad: Mask, wrong: str, values: Array | None) -> None:
    """Refuse if any sample is bad."""
    to_do = f"correct these rows or drop them from X, y and sample_weight ({name} decides)"
    refuse_rows(asked, name, bad, wrong, values, to_do)


def refuse_rows(
    asked: Asked, name: str, bad: Mask, wrong: str, values: Array | None, to_do: str
) -> None:
    """Refuse if any row is bad: name the first few, their values, and how many there are."""
    rows = np.flatnonzero(bad)
    if rows.size == 0:
        return
    first = rows[:SHOWN].tolist()
    listed = ", ".join(map(str, first)) + (", ..." if rows.size > SHOWN else "")
    if values is not None:
        wrong += ": " + ", ".join(f"{values[i]:g}" for i in first)
    asked.refuse(f"{name}, rows {listed} ({rows.size} of {bad.size})", wrong, to_do)


def columns_text(bad: Mask) -> str:
    """In which columns of a matrix (m, n) there are bad entries."""
    columns = np.flatnonzero(bad.any(axis=0))
    listed = ", ".join(map(str, columns[:SHOWN])) + (", ..." if columns.size > SHOWN else "")
    return f"column{'' if columns.size == 1 else 's'} {listed}"


def shape_text(value: Any) -> str:
    """The shape of an array, or the type of anything else, for the first line of a refusal."""
    shape = getattr(value, "shape", None)
    return str(shape) if isinstance(shape, tuple) else f"({type(value).__name__})"
