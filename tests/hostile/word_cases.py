"""Words that do harm where they are taken for anything but words, in every field there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.cases import Case, as_bytes, listed

ATTACKS = (*listed("attacks"), "word " * 300, "x" * 3000, "y" * 20000)
"""Words that would do harm where they were taken for anything but words."""


def plain_with(field: str, words: str) -> str:
    lines = {
        "title": "title: Mean",
        "data": "data x (m): numbers",
        "parameter": "parameter mu: the mean",
    }
    extra = ""
    if field in ("title", "summary", "source"):
        lines["title"] = f"{field}: {words}"
    elif field == "axis":
        extra = f"axis m: {words}\n"
    else:
        lines[field] = lines[field].partition(":")[0] + f": {words}"
    return extra + "\n".join(lines.values()) + "\nJ = sum_i (x_i - mu)^2\n"


def latex_with(field: str, words: str) -> str:
    lines = {
        "title": "title: Mean",
        "data": "data x (m): numbers",
        "parameter": "parameter \\mu: the mean",
    }
    if field in ("title", "summary", "source"):
        lines["title"] = f"{field}: {words}"
    else:
        lines[field] = lines[field].partition(":")[0] + f": {words}"
    head = "\n".join(f"% derive: {line}" for line in lines.values())
    return head + "\nJ(\\mu) = \\sum_{i=1}^m (x_i - \\mu)^2\n"


def python_with(field: str, words: str) -> str:
    fields = {
        "title": "Mean", "summary": "", "source": "", "meaning": "numbers", "axis": "samples",
        "latex": r"\mu", "letter": "J", "name": "mean_of_x", "row": "own",
        "symbol": r"\operatorname{own}",
        "numpy": "np.exp({t})", "reason": "because", "tensor": "x",
    }  # fmt: skip
    fields[field] = words
    said = {key: repr(value) for key, value in fields.items()}
    return f"""from derive.notation import Axis, Elementwise, Problem, Sum, data, exp, parameter
m = Axis("m", {said["axis"]})
i = m.index("i")
x = data({said["tensor"]}, m, meaning={said["meaning"]})
mu = parameter("mu", latex={said["latex"]})
own = Elementwise({said["row"]}, {said["symbol"]}, lambda t: exp(t), {said["numpy"]},
                  definition=lambda t: exp(t), reason={said["reason"]})
PROBLEM = Problem(name={said["name"]}, title={said["title"]}, data=(x,), parameters=(mu,),
                  cost=Sum((x[i] - mu()) ** 2, i) + own(mu()), summary={said["summary"]},
                  sources=({said["source"]},), letter={said["letter"]})
"""


def sympy_with(field: str, words: str) -> str:
    fields = {"title": "Mean", "summary": "s", "symbol": "mu", "function": "exp", "left": "z"}
    fields[field] = words
    said = {key: repr(value) for key, value in fields.items()}
    return f"""import sympy
from derive.notation import Axis, data, parameter
from derive.readers.sympy_problem import problem_from_sympy
m = Axis("m", "samples")
x, mu = data("x", m), parameter("mu")
i = sympy.Symbol("i", integer=True)
size = sympy.Symbol("m", integer=True)
X, M, F = sympy.IndexedBase("x"), sympy.Symbol({said["symbol"]}), sympy.Function({said["function"]})
Z = sympy.IndexedBase({said["left"]})
PROBLEM = problem_from_sympy(
    "mean", sympy.Sum((Z[i] - M) ** 2, (i, 1, size)) + F(M), data=(x,), parameters=(mu,),
    definitions={{Z[i]: 2 * X[i]}}, title={said["title"]}, summary={said["summary"]})
"""


def _everywhere(
    make: Callable[[str, str], str], ending: str, fields: tuple[str, ...]
) -> Iterator[Case]:
    for attack in ATTACKS:
        for field in fields:
            text = make(field, attack)
            title = None
            if field == "title" and "$" not in attack:
                title = " ".join(attack.split())
            yield Case(f"words{ending}", f"case{ending}", as_bytes(text), title=title)


def word_families() -> dict[str, Iterator[Case]]:
    """The attacks in each notation."""
    heads = ("title", "summary", "source")
    python = ("meaning", "axis", "latex", "letter", "name", "row", "symbol", "numpy", "reason")
    return {
        "words.txt": _everywhere(plain_with, ".txt", (*heads, "data", "parameter", "axis")),
        "words.tex": _everywhere(latex_with, ".tex", (*heads, "data", "parameter")),
        "words.py": _everywhere(python_with, ".py", (*heads, *python, "tensor")),
        "words.sympy": _everywhere(
            sympy_with, ".py", ("title", "summary", "symbol", "function", "left")
        ),
    }
