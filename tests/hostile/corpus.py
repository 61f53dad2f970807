"""Inputs that are malformed or hostile, made by rules: the same ones in every run.

Each family is a list, cheap to make and long enough for the slow target; `corpus(count)` takes
about as many from each. A case is a file (its name and its bytes) or some lines for `-e`.
"""

from __future__ import annotations

import builtins
import itertools
import keyword
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.hostile.seeds import LATEX, PLAIN


@dataclass(frozen=True)
class Case:
    """One input: a file's name and bytes, or lines of the command line.

    `title` is what the module's docstring must begin with, where the input is accepted.
    """

    family: str
    name: str
    content: bytes = b""
    lines: tuple[str, ...] = ()
    command: str = "build"
    title: str | None = None


RUN = 'open("injected","w").write("ran")'
ATTACKS = (
    f'a"""; {RUN}; """',
    f"a'''; {RUN}; '''",
    f'"""+{RUN}+"""',
    f'a\\"""; {RUN} #',
    f'\\"\\"\\"; {RUN}; \\"\\"\\"',
    f"{{{{ {RUN} }}}}",
    f"{{% {RUN} %}}",
    f"<<{RUN}>>",
    f"<% {RUN} %>",
    f"{{t.__class__}} {{0}} %s %d {RUN}",
    f"$(touch injected) `touch injected` ; {RUN}",
    "\\input{/etc/passwd}",
    "\\write18{touch injected}",
    "\\immediate\\openout3=injected",
    "\\csname input\\endcsname{x}",
    "\\def\\x{\\x}\\x",
    "\\catcode`\\%=12",
    "^^5cinput{x}",
    "$\\input{/etc/passwd}$",
    "$\\write18{touch injected}$",
    "$\\csname def\\endcsname$",
    "$x^^5cinput{y}$",
    "$\\def\\a{b}\\a$",
    "$\\catcode`\\$=12$",
    "$x$} \\input{y} {$z$",
    "$x % $ \\input{y}",
    "$\\begin{equation}$",
    "$\\end{document}$",
    "\\end{document}",
    "\\end{tabularx}",
    "$\\text{\\input{x}}$",
    "$\\operatorname{\\input{x}}$",
    "$}{$",
    "$\\left($",
    "$x^a^b$",
    "$5 and 10$ and $",
    "costs $5 or $10, 50% of #1 & more_or_less ~ {x} ^ |",
    "\\alpha and \\beta, \\n \\x41 \\u0041 \\N{BULLET}",
    "trailing backslash \\",
    'quote at the end "',
    '""" alone',
    "<script>alert(1)</script> | cell | `code` [link](x) <!-- -->",
    "emoji \N{GRINNING FACE} and CJK \u6f22\u5b57 and \u00e9\u00fc\u0142",
    "accents e\u0301 and \u2264 \u2211 \u03b1\u00b2",
    "coding: utf-7",
    "-*- coding: latin-1 -*-",
    "\u202eright to left",
    "isolated \u2066x\u2069",
    "zero\u200bwidth\u200d",
    "soft\u00adhyphen",
    "bell \a",
    "escape \x1b[31mred\x1b[0m",
    "csi \x9b31m",
    "title\x1b]0;owned\x07",
    "nul \x00 byte",
    "form\x0cfeed and \x0b",
    "line\u2028separator\u2029",
    "next\x85line",
    "bom \ufeff",
    "private \ue000",
    "word " * 300,
    "x" * 3000,
    "y" * 20000,
)
"""Words that would do harm where they were taken for anything but words."""


def _plain_with(field: str, words: str) -> str:
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


def _latex_with(field: str, words: str) -> str:
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


def _python_with(field: str, words: str) -> str:
    fields = {
        "title": "Mean", "summary": "", "source": "", "meaning": "numbers", "axis": "samples",
        "latex": r"\mu", "letter": "J", "name": "mean_of_x", "row": "own", "symbol": r"\operatorname{own}",
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


def _sympy_with(field: str, words: str) -> str:
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


def _words(make: Callable[[str, str], str], ending: str, fields: tuple[str, ...]) -> Iterator[Case]:
    for attack in ATTACKS:
        for field in fields:
            text = make(field, attack)
            title = None
            if field == "title" and "$" not in attack:
                title = " ".join(attack.split())
            yield Case(f"words{ending}", f"case{ending}", _bytes(text), title=title)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


NAMES = (
    *keyword.kwlist,
    *sorted(name for name in dir(builtins) if name.isidentifier() and not name.startswith("_")),
    "np", "numpy", "special", "solvers", "MODEL", "Array", "ArrayLike", "NDArray", "fit", "cost",
    "gradient", "hessian", "hvp", "predict", "minimise", "solve", "result", "tol", "start",
    "method", "sizes", "penalise", "max_iter", "out", "T", "J", "I", "e", "pi", "v", "t", "k",
    "self", "match", "case", "type", "_", "__", "__init__", "__class__", "x__y", "a_", "x_1_2",
    "theta_1_2", "foo_bar_baz", "con", "nul", "README", "proofs", "LinearModel", "Target",
    "exp", "log", "sigmoid", "sum", "prod", "max", "norm", "inv", "tr", "eye", "delta",
    "\u0445", "\u03b8", "\u212b", "\ufb01", "x\u0301", "na\u00efve", "x" * 61, "x" * 300,
    "1x", "x-y", "x.y", "x y", "x;y", "../x", "x/y", "x'y", 'x"y', "x\\y", "", " ",
)  # fmt: skip


def _named() -> Iterator[Case]:
    shapes = (
        "data {0} (m)\nparameter mu\nJ = sum_i ({0}[i] - mu)^2\n",
        "data x (m)\nparameter {0}\nJ = sum_i (x_i - {0})^2\n",
        "data x (m)\nparameter mu\n{0} = mu^2\nJ = sum_i (x_i - {0})^2 + mu\n",
        "data x ({0})\nparameter mu\nJ = sum_i (x_i - mu)^2\n",
        "data x (m)\nparameter mu\nJ = sum_{{{0}}} (x[{0}] - mu)^2\n",
        "name: {0}\ndata x (m)\nparameter mu\nJ = sum_i (x_i - mu)^2\n",
        "data x (m)\nparameter mu\n{0} = sum_i (x_i - mu)^2\n",
        "data x (m)\nparameter mu\ncost: {0}\nprediction: {0}\nJ = sum_i (x_i - mu)^2\n",
        "data x (m)\nparameter mu\n{0}(u) = u^2\nJ = sum_i {0}(x_i - mu)\n",
    )
    for name, shape in itertools.product(NAMES, shapes):
        yield Case("names", "named.txt", _bytes(shape.format(name)))
        yield Case("names.py", "named.py", _bytes(_python_with("tensor", name)))


NUMBERS = (
    "10^400", "1e400", "1/0", "0/0", "0^0", "0^-1", "10^-400", "9" * 101, "0." + "0" * 150 + "1",
    "1.2.3", "1e", ".", "-", "--1", "+-+1", "0x10", "1_000", "1/3/5", "2^3^4", "(-1)^(1/2)",
    "10^100000", "2^(10^6)", "(1/10)^5000", "inf", "nan", "1/(1-1)", "99999999999999999999/3",
    "1/" + "7" * 90, "log(0)", "log(-1)", "sqrt(-2)", "exp(1000)", "exp(10^9)", "3!", "5%",
)  # fmt: skip


def _numbers() -> Iterator[Case]:
    places = (
        "J = sum_i (x_i - {0} mu)^2",
        "J = sum_i (x_i - mu)^2 + {0}",
        "J = sum_i (x_i - mu)^({0})",
        "J = {0} sum_i (x_i - mu)^2",
        "J = sum_i exp({0} (x_i - mu))",
        "J = sum_i (x[i+{0}] - mu)^2",
        "J = sum_{{i={0}}}^m (x_i - mu)^2",
        "J = (x[{0}] - mu)^2",
    )
    for number, place in itertools.product(NUMBERS, places):
        text = f"data x (m)\nparameter mu\n{place.format(number)}\n"
        yield Case("numbers", "number.txt", _bytes(text))
    for number in NUMBERS:
        for words in ("> {0}", "in [0, {0}]", "in [{0}, 1]", "< {0}", "in {{{0}, 1}}"):
            head = f"data x (m) {words.format(number)}\nparameter mu\n"
            yield Case("numbers", "bound.txt", _bytes(head + "J = sum_i (x_i - mu)^2\n"))


SIGNS = (
    "\a", "\x00", "\x1b[2J", "\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "\r", "\t", "\x0c",
    "\ud800", "\N{GRINNING FACE}", "\u0301", "\u2211", "\u221e", "\u00b2", "\u2075", "\u066a",
    "\u0660", "\u0968", "\uff11", "\u2160", "\u00bd", "\u00d7", "\u22c5", "\u2032", "\u03b1",
    "\u0430", "\u2124", "\U0001d465", "$", "%", "#", "&", "@", "!", "?", "~", "`", '"', "\\", ":=",
    "==", "!=", "=>", "::", ";", "??", "[[", "))", "'", "''", "_", "__", "^", "^^", "|", "||",
)  # fmt: skip


def _signs() -> Iterator[Case]:
    for k, sign in enumerate(SIGNS):
        for name, seed in ((f"sign{k}.txt", PLAIN[0]), (f"sign{k}.tex", LATEX[0])):
            picks = random.Random(f"{name}")  # noqa: S311  # the same ones every time
            for _ in range(4):
                at = picks.randrange(len(seed))
                yield Case("signs", name, _bytes(seed[:at] + sign + seed[at:]))


def _nested() -> Iterator[Case]:
    for depth in (3, 30, 150, 400, 2000, 20000):
        for opening, closing in (
            ("(", ")"), ("[", "]"), ("exp(", ")"), ("-(", ")"), ("|", "|"), ("sqrt(", ")"),
            ("{mu if mu > 0; ", "}"), ("sum_i ", ""), ("x_", ""), ("mu^", ""), ("1/(1+", ")"),
            ("max(0, ", ")"), ("inv(", ")"), ("(", ""), ("", ")"),
        ):  # fmt: skip
            for full in (True, False):
                inside = opening * depth + "mu" + closing * (depth if full else depth // 2)
                text = f"data x (m)\nparameter mu\nJ = sum_i x_i mu + {inside}\n"
                yield Case("nested", "nested.txt", _bytes(text))
        for opening, closing in (
            ("{", "}"), (r"\left(", r"\right)"), (r"\frac{1}{", "}"), (r"\sqrt{", "}"), ("x^{", "}"),
            ("x_{", "}"), (r"\begin{cases}", r"\end{cases}"), (r"\mathbf{", "}"), (r"\hat{", "}"),
        ):  # fmt: skip
            inside = opening * depth + r"\mu" + closing * depth
            yield Case("nested", "nested.tex", _bytes(_latex_with("title", "x") + f" + {inside}\n"))
    for count in (50, 400):
        terms = " + ".join(f"mu^{k % 7}" for k in range(count))
        yield Case("nested", "terms.txt", _bytes(f"parameter mu\nJ = {terms}\n"), command="read")
        names = "\n".join(f"data x{k} (m)" for k in range(count))
        yield Case("nested", "many.txt", _bytes(f"{names}\nparameter mu\nJ = mu^2\n"))
    for length in (10**4, 10**6):
        yield Case("nested", "long.txt", b"J = " + b"a" * length)
        yield Case("nested", "spaces.txt", b"parameter mu" + b" " * length + b"\nJ = mu^2")
        yield Case("nested", "lines.txt", b"\n" * length + b"parameter mu\nJ = mu^2")
        yield Case("nested", "comment.tex", b"% " + b"derive " * (length // 7) + b"\nJ = x")


LINES = (
    "J = sum_i (x_i - mu)^2", "J = sum_i (X_i - mu)^2", "J = |X w - y|^2", "J = |y - X'w|^2",
    "J = w' w w", "J = X w", "J = sum_i x_i", "J = x_i", "J = sum_i x_j mu", "J = sum_i sum_i x_i mu",
    "J = sum_k X_ik w_k", "J = X[0, 1] w[1]", "J = X[1] mu", "J = X[1,2,3] mu", "J = x[m+1] mu",
    "J = x[-1] mu", "J = x[mu] mu", "J = sum_i x[i+m] mu", "J = tr(X) mu", "J = inv(X) mu",
    "J = logdet(X) mu", "J = inv(x) mu", "J = mu(x)", "J = x(mu)", "J = foo(mu)", "J = exp(mu, mu)",
    "J = exp()", "J = exp mu x", "J = J + mu", "J = z + mu", "z = z + mu", "J = mu = x", "J =", "= mu",
    "J", "mu", "data x (m)", "data x (m, m)", "data mu", "parameter x", "axis m", "axis m: a\naxis m: b",
    "axis mu", "data m", "data x (x)", "data x (1)", "data x (m,)", "data x (,)", "data x (m n)",
    "data x (m, n", "data x m)", "data x ((m))", "data (m)", "data", "parameter", "parameters a, b",
    "data x (m) positiv", "data x (m) bounded in [0, 1]", "data x (m) in 0..1", "data x (m) >= ",
    "data x (m) > 0 < 0", "data x (m) in [1, 0]", "data x (m) in {2, 3}", "data x (m) symmetric",
    "data X (m, n) positive definite", "data x (m): > 0", "data x (m): in [0, 1]", "title:", "title: a\ntitle: b",
    "titel: a", "name: a b", "name: a\nname: b", "prediction: q", "prediction: z\nprediction: z", "cost: K",
    "cost: J\ncost: J", "source: a\nsource: b", "author: me", "summary", "minimise mu", "maximise mu",
    "minimize: mu^2", "J = mu^2\nJ = mu^3", "J = sum_i (x_i - mu)^2 + \\frac{1}{2}", "J = [mu > 0] x_1",
    "J = [i = j] mu", "J = {mu if mu > 0}", "J = {mu if mu > 0; otherwise}", "J = max(mu)", "J = max(0, x)",
    "J = norm(mu, 2)", "J = |mu", "J = mu|", "J = ||mu|", "J = sum_{i} mu", "J = sum mu", "J = sum_ mu",
    "J = sum_{i=m}^1 x_i mu", "J = prod_i 0 mu", "J = mu'x", "J = X^T mu", "J = X^-1 mu", "J = x^x mu",
    "J = 1/x mu", "J = x/x mu", "J = x x mu", "J = x .* X mu", "J = eye(n) mu", "J = ones(q) mu", "J = I mu",
    "J = I", "J = diag(x) mu", "J = delta_ij mu", "J = sum_i 1/|x_i - x_i| mu", "J = log(mu - mu) mu",
    "J = (mu - mu)^(-1)", "J = mu^(mu)", "J = 0 mu", "J = mu - mu", "J = 0", "J = 1", "J = m", "J = m mu",
)  # fmt: skip
HEADS = (
    "data x (m)\nparameter mu\n",
    "data X (m, n)\ndata y (m)\ndata x (m)\nparameter w (n)\nparameter mu\n",
    "data X (n, n) symmetric\ndata x (n)\nparameter mu\nparameter w (n)\n",
    "",
)


def _shapes() -> Iterator[Case]:
    for head, line in itertools.product(HEADS, LINES):
        yield Case("shapes", "shape.txt", _bytes(f"{head}{line}\n"))
        # With what it uses alone, an odd line is not refused for what it does not use.
        used = set(_tokens(re.sub(r"_[a-z]+", "", line)))
        kept = [d for d in head.splitlines() if d.split()[1] in used]
        own = [] if "parameter" in " ".join(kept) else ["parameter q"]
        more = " + q^2" if own and line.startswith("J") else ""
        yield Case("shapes", "used.txt", _bytes("\n".join((*kept, *own, line + more)) + "\n"))


def _lines() -> Iterator[Case]:
    for attack in ATTACKS:
        base = ("data x (m)", "parameter mu")
        yield Case(
            "lines",
            "-e",
            lines=(f"title: {attack}", *base, "J = sum_i (x_i - mu)^2"),
            command="show",
        )
        yield Case("lines", "-e", lines=(*base, f"J = sum_i (x_i - mu)^2 {attack}"), command="read")
        yield Case(
            "lines", "-e", lines=(f"data {attack} (m)", "parameter mu", "J = mu^2"), command="read"
        )
        yield Case("lines", "-e", lines=(attack,), command="show")
    for line in LINES:
        yield Case("lines", "-e", lines=tuple((HEADS[0] + line).split("\n")), command="show")


def _files() -> Iterator[Case]:
    plain, latex = PLAIN[0], LATEX[0]
    noise = random.Random(1)  # noqa: S311  # the same every time
    contents: list[bytes] = [
        b"", b"\n", b" \t\n", b"#", b"%", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m",
        b"PK\x03\x04" + bytes(range(256)), bytes(range(256)), b"\x7fELF" + b"\x00" * 300,
        *(noise.randbytes(200) for _ in range(20)),
        *(bytes(noise.randrange(32, 127) for _ in range(120)) for _ in range(20)),
    ]  # fmt: skip
    for ending, seed in ((".txt", plain), (".tex", latex), (".derive", plain)):
        own = [seed.encode(code) for code in ("utf-8-sig", "utf-16", "utf-32", "utf-16-le")]
        own += [
            seed.replace("\n", end).encode() for end in ("\r\n", "\r", "\n\n", "\x0b", "\x85", "")
        ]
        own += [
            f"title: caf\u00e9\n{seed}".encode("latin-1"),
            seed.encode() + b"\x1a",
            seed.encode()[:-5],
        ]
        own += [seed.encode()[:k] for k in range(0, len(seed), max(1, len(seed) // 12))]
        for content in (*contents, *own):
            yield Case("files", f"file{ending}", content)
    odd = (
        "a b.txt", "a'b.txt", 'a"b.txt', "a;touch injected;.txt", "$(touch injected).txt", "a\nimport os.txt",
        "a\x1b[31m.txt", "\u202ea.txt", "a\u200b.txt", "coding=utf-7.txt", "coding: latin-1.txt", "#.txt",
        "%.txt", "\\input.txt", "{x}.txt", "{{x}}.txt", "1.txt", "_.txt", "__init__.txt", "solvers.txt",
        "class.txt", "np.txt", "\u00e9.txt", "\u6f22.txt", "\N{GRINNING FACE}.txt", "x" * 200 + ".txt", "a.b.c.txt",
        "-o.txt", "--help.txt", "a.TXT", "a.md", "a", "proofs.txt", "README.txt", "*.txt", "a\tb.txt",
        "a\\n.txt", "'''.txt", '""".txt', "<script>.txt", "|.txt", "$x$.txt", "a\udce9.txt", "fit.txt",
    )  # fmt: skip
    for name in odd:
        yield Case("file names", name, plain.encode())
        if name.endswith(".txt"):
            yield Case("file names", name.replace(".txt", ".tex"), latex.encode())


SLIPS = (
    "% derve: title: x", "%derive title: x", "% derive title: x", "% Derive: data x (m)", "% DERIVE: data x (m)",
    "% drive: data x (m)", "% derive; data x (m)", "% derived: data x (m)", "% derive data x (m)", "%derive:data x (m)",
    "% derive:", "% derive: ", "% derive: titel: x", "% derive: dta x (m)", "% derive: data", "% derive: data x (m",
    "% derive: data x (m) \\geq0", "% derive: data x (m) \\gt0", "% derive: data x (m) \\gt 0", "% derive: data x (m) \\lt1",
    "% derive: data x (m) \\le1", "% derive: data x (m) \\geqslant 0", "% derive: data x (m) \u2265 0", "% derive: data x (m) >= 0.",
    "% derive: data x (m) bounded in [0,1]", "% derive: data x (m) in 0, 1", "% derive: data x (m) psd", "% derive: data x (m) nonneg",
    "% derive: data x (m) \\in \\mathbb{R}", "% derive: data x (m) \\ne 0", "% derive: data x (m) \\in [0, \\infty)",
    "% derive: data x (m) : > 0", "% derive: data x (m)\n% derive: data x (m)", "% derive: title: a\n% derive: title: b",
    "% derive: rows x = X", "% derive: rows x^{(i)} = ", "% derive: foo", "% derive: x = ", "% derive: \\input{x} = 1",
    "% derive: name: ../x", "% derive: name: a b", "% derive: cost: Q", "% derive: prediction: q", "% derive: data \\input (m)",
    "% derive: data x_{\\input} (m)", "% derive: data \\mathrm{import} (m)", "% derive: data \\hat{x (m)",
)  # fmt: skip


def _slips() -> Iterator[Case]:
    body = "J(\\mu) = \\sum_{i=1}^m (x_i - \\mu)^2"
    for slip in SLIPS:
        yield Case("slips", "slip.tex", _bytes(f"{slip}\n{body}\n"))
        yield Case("slips", "slip.tex", _bytes(f"{body}\n{slip}\n"))
        yield Case("slips", "slip.tex", _bytes(f"{body} {slip}\n"))


def _mutated(seeds: tuple[str, ...], ending: str, each: int) -> Iterator[Case]:
    """Valid files with tokens deleted, doubled, exchanged or put elsewhere."""
    for round_ in range(each):
        for k, seed in enumerate(seeds):
            picks = random.Random(f"{ending} {k} {round_}")  # noqa: S311  # the same every time
            tokens = _tokens(seed)
            for _ in range(1 + round_ % 3):
                a, b = picks.randrange(len(tokens)), picks.randrange(len(tokens))
                match picks.randrange(5):
                    case 0:
                        del tokens[a]
                    case 1:
                        tokens.insert(a, tokens[a])
                    case 2:
                        tokens[a], tokens[b] = tokens[b], tokens[a]
                    case 3:
                        tokens[a] = picks.choice(_tokens(picks.choice(seeds)))
                    case _:
                        tokens.insert(a, picks.choice(SIGNS))
                tokens = tokens or ["x"]
            text = "".join(tokens)
            yield Case(f"mutated{ending}", f"mutated{ending}", _bytes(text))


def _tokens(text: str) -> list[str]:
    return re.findall(r"\\?[A-Za-z]+|\d+|\s+|.", text, re.DOTALL)


def _soup(ending: str, words: tuple[str, ...], head: str) -> Iterator[Case]:
    for k in range(400):
        picks = random.Random(f"soup {ending} {k}")  # noqa: S311  # the same every time
        line = " ".join(picks.choice(words) for _ in range(picks.randrange(1, 14)))
        yield Case(f"soup{ending}", f"soup{ending}", _bytes(f"{head}{line}\n"))


PLAIN_WORDS = tuple(
    "x X y mu w z i j m n sum_i sum_{i=1}^m prod_j ( ) [ ] { } | || ' ^ ^2 _ _i / * + - .* = < >= "
    "exp log sqrt( max( inv( tr( 1 2 0.5 1/2 if otherwise ; , : # title: data parameter J J=".split()
)
LATEX_WORDS = tuple(
    r"x X y \mu w \sum_i \sum_{i=1}^m \frac \frac{1}{2} { } ( ) [ ] | \| ^ ^\top _ _i \left( \right) "
    r"\log \exp \sqrt \mathbf{x} \text{if} \begin{cases} \end{cases} \\ & = \le 1 2 , ; . ' \hat "
    r"\cdot \lVert \rVert \operatorname{tr} \mathbb{1} \min_w $ $$ \[ \] % \quad".split()
)


def families() -> dict[str, list[Case]]:
    """All cases by family."""
    made = {
        "words.txt": _words(_plain_with, ".txt", ("title", "summary", "source", "data", "parameter", "axis")),
        "words.tex": _words(_latex_with, ".tex", ("title", "summary", "source", "data", "parameter")),
        "words.py": _words(
            _python_with, ".py",
            ("title", "summary", "source", "meaning", "axis", "latex", "letter", "name", "row",
             "symbol", "numpy", "reason", "tensor"),
        ),
        "words.sympy": _words(_sympy_with, ".py", ("title", "summary", "symbol", "function", "left")),
        "names": _named(),
        "numbers": _numbers(),
        "signs": _signs(),
        "nested": _nested(),
        "shapes": _shapes(),
        "lines": _lines(),
        "files": _files(),
        "slips": _slips(),
        "mutated.txt": _mutated(PLAIN, ".txt", 30),
        "mutated.tex": _mutated(LATEX, ".tex", 30),
        "soup.txt": _soup(".txt", PLAIN_WORDS, "data x (m)\nparameter mu\nJ = "),
        "soup.tex": _soup(".tex", LATEX_WORDS, "% derive: data x (m)\nJ(\\mu) = \\mu "),
    }  # fmt: skip
    return {name: list(cases) for name, cases in made.items()}


def corpus(count: int) -> list[Case]:
    """About as many cases, an even share of every family, spread over each family's list."""
    found = families()
    out: list[Case] = []
    left = count
    for number, (_, cases) in enumerate(sorted(found.items(), key=lambda item: len(item[1]))):
        share = min(len(cases), -(-left // (len(found) - number)))
        picked = random.Random(share).sample(range(len(cases)), share)  # noqa: S311
        out += [cases[k] for k in sorted(picked)]
        left -= share
    return out
