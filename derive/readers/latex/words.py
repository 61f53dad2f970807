r"""The commands of LaTeX that formulas of costs are written with, and what each stands for."""

from __future__ import annotations

from derive.notation.functions import USABLE
from derive.notation.problem import GREEK
from derive.readers.calls import HERE
from derive.readers.world import FUNCTION_NAMES, OTHER_NAMES

LETTERS = {f"\\{letter}": letter for letter in GREEK} | {
    r"\varepsilon": "epsilon", r"\varphi": "phi", r"\vartheta": "theta", r"\varrho": "rho",
    r"\varsigma": "sigma", r"\ell": "ell",
}  # fmt: skip
"""Letters that have a command."""

FONTS = frozenset(
    (r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\vec", r"\mathcal", r"\mathscr", r"\mathnormal",
     r"\mathfrak", r"\underline", r"\symbf", r"\boldmath", r"\bold", r"\bf", r"\mathbfit")
)  # fmt: skip
"""Commands that change the type of letters: they do not change which letter it is."""

WORDS = frozenset(
    (r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\text", r"\textrm", r"\textit", r"\textbf",
     r"\textsf", r"\textup", r"\operatorname", r"\operatorname*", r"\mbox")
)  # fmt: skip
"""Commands whose argument is one word."""

ACCENTS = {
    r"\hat": "hat", r"\widehat": "hat", r"\tilde": "tilde", r"\widetilde": "tilde",
    r"\bar": "bar", r"\overline": "bar", r"\dot": "dot", r"\check": "check",
}  # fmt: skip
"""Accents make another letter: y with a hat is the letter y_hat."""

FUNCTION_COMMANDS = {
    r"\log": "log", r"\ln": "log", r"\exp": "exp", r"\sin": "sin", r"\cos": "cos",
    r"\tanh": "tanh", r"\arctan": "atan", r"\det": "det", r"\max": "max", r"\min": "min",
    r"\tr": "tr", r"\Tr": "tr", r"\trace": "tr", r"\diag": "diag", r"\sgn": "sign",
    r"\sign": "sign", r"\tan": "tan", r"\sinh": "sinh", r"\cosh": "cosh", r"\erf": "erf",
    r"\sigmoid": "sigmoid", r"\softplus": "softplus", r"\lg": "lg", r"\arcsin": "arcsin",
    r"\arccos": "arccos", r"\Pr": "Pr", r"\gcd": "gcd", r"\sup": "sup", r"\inf": "inf",
    r"\argmin": "min", r"\argmax": "argmax",
}  # fmt: skip
"""Functions that stand before their argument, with brackets or without."""

_PRINTED = {
    f.latex.removeprefix(r"\operatorname{").removesuffix("}"): f.name
    for f in USABLE
    if f.latex.startswith(r"\operatorname{")
}
CALLIGRAPHIC = {
    f.latex.removeprefix(r"\mathcal{").removesuffix("}"): f.name
    for f in USABLE
    if f.latex.startswith(r"\mathcal{")
}
"""Calligraphic letters that are functions of the table where a bracket follows."""

COMPOUNDS = {
    tuple(FUNCTION_COMMANDS[f"\\{word}"] for word in f.latex.split("\\")[1:]): f.name
    for f in USABLE
    if f.latex.count("\\") > 1
    and all(f"\\{word}" in FUNCTION_COMMANDS for word in f.latex.split("\\")[1:])
}
r"""Functions of the table that are written as two: \log\cosh."""

FUNCTION_LETTERS = frozenset(("sigma", "Phi", "Gamma", "psi", "psi_1"))
"""Letters that are functions where a bracket follows, unless a declaration says otherwise."""

FUNCTION_WORDS = {
    **{name: name for name in (*FUNCTION_NAMES, *HERE)},
    **{word: name for word, name in OTHER_NAMES.items() if word not in FUNCTION_LETTERS},
    **_PRINTED,
    "Tr": "tr", "trace": "tr", "Diag": "diag", "sgn": "sign", "ReLU": "relu", "erfc": "erfc",
    "logistic": "sigmoid", "Sigmoid": "sigmoid", "minimize": "min", "minimise": "min",
    "maximize": "argmax", "maximise": "argmax", "argmin": "min", "argmax": "argmax",
    "logit": "logit", "vec": "vec", "rank": "rank", "KL": "KL", "Var": "Var", "Cov": "Cov",
    "softmax": "softmax", "logsumexp": "logsumexp", "LSE": "LSE", "cosh": "cosh", "sinh": "sinh",
    "prox": "prox", "sech": "sech",
}  # fmt: skip
r"""Words in \operatorname{...}, \mathrm{...}, \text{...} that are functions, known ones or not."""
FUNCTION_WORDS["diagonal"] = "diagonal"

SKIPPED = frozenset(
    (r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", r"\displaystyle", r"\textstyle",
     r"\scriptstyle", r"\limits", r"\nolimits", r"\nonumber", r"\notag", r"\thinspace",
     r"\medspace", r"\thickspace", r"\negthinspace", r"\hfill", r"\allowbreak", r"\enspace",
     r"\centering", r"\noindent", r"\small", r"\>", r"\/", r"\mathop", r"\mathrel", r"\mathbin",
     r"\mathord", r"\strut", r"\relax", r"\protect")
)  # fmt: skip
"""Spaces and layout."""

SKIPPED_WITH_ARGUMENT = frozenset(
    (r"\label", r"\tag", r"\tag*", r"\hspace", r"\hspace*", r"\vspace", r"\phantom", r"\vphantom",
     r"\hphantom", r"\mathcolor", r"\color", r"\intertext", r"\shortintertext", r"\eqref", r"\ref",
     r"\cite")
)  # fmt: skip

MARKS = frozenset((r"\label", r"\tag", r"\tag*", r"\intertext", r"\shortintertext"))
"""What names or interrupts equations."""

SIZES = frozenset(
    f"\\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
"""How large a bracket is does not matter."""

BRACKETS = {
    "(": ")", "[": "]", r"\{": r"\}", r"\lbrace": r"\rbrace", r"\lbrack": r"\rbrack",
    r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\langle": r"\rangle", r"\lparen": r"\rparen",
}  # fmt: skip
CLOSING = {right: left for left, right in BRACKETS.items()}
SAME_BRACKET = {
    r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]", r"\lparen": "(",
    r"\rparen": ")",
}  # fmt: skip
BARS = {"|": "BAR", r"\vert": "BAR", r"\|": "NORM", r"\Vert": "NORM"}
"""Bars that look the same at both ends."""
BAR_KINDS = {r"\lvert": "BAR", r"\rvert": "BAR", r"\lVert": "NORM", r"\rVert": "NORM"}

TIMES = {
    "*": "*", r"\cdot": "*", r"\times": "*", r"\ast": "*", r"\odot": ".*", r"\circ": ".*",
    r"\oslash": "./", r"\div": "/", "/": "/",
}  # fmt: skip
RELATIONS = {
    "=": "=", ":=": "=", r"\coloneqq": "=", r"\triangleq": "=", r"\equiv": "=", r"\doteq": "=",
    r"\coloneq": "=", r"\defeq": "=",
    "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=",
    r"\ge": ">=", r"\geq": ">=", r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=",
}  # fmt: skip
DOTS = frozenset((r"\ldots", r"\dots", r"\cdots", r"\dotsc", r"\dotsb", r"\dotsm", r"\dotso"))
TRANSPOSES = frozenset(
    ("T", r"\top", r"\intercal", r"\prime", r"\mathsf T", r"\mathrm T", r"\mathtt T")
)

MATHEMATICS = (
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "alignat",
    "displaymath",
    "math",
    "empheq",
)
"""Environments that hold formulas, with or without a star."""
TRANSPARENT = ("aligned", "split", "gathered", "alignedat", "array", "subequations", "multlined")
"""Environments inside a formula that only lay it out."""

REFUSED = {
    r"\partial": (
        "a derivative is no part of a cost",
        "give the cost; its derivatives are what is derived",
    ),
    r"\nabla": (
        "a gradient is no part of a cost",
        "give the cost; its gradient is what is derived",
    ),
    r"\int": ("integrals are not known", "write the cost without it, as a sum for example"),
    r"\mathbb{E}": (
        "an expectation is not known",
        r"write the mean over samples: \frac{1}{m} \sum_{i=1}^{m} ...",
    ),
    r"\mathbb{P}": ("a probability is not known", "write its formula"),
    r"\mathbb{R}": (
        "a set of numbers is no part of a formula",
        "declare it: % derive: data X (m, n)",
    ),
    "constraint": (
        "constraints are not known",
        r"put the formula into the cost by a substitution, as \theta = \exp(a) for \theta > 0",
    ),
    r"\otimes": ("the Kronecker product is not known here", "write it with indices"),
    r"\infty": ("infinity is no number", "let a sum run to the size of an axis"),
    r"\pm": (r"\pm has two readings", "write + or -"),
    r"\mp": (r"\mp has two readings", "write + or -"),
    r"\binom": (
        "binomial coefficients are not known",
        "leave the term out if no parameter is in it",
    ),
    r"\dagger": ("the pseudo-inverse is not known", "write it by inverses"),
    "!": ("the factorial is not known", "leave the term out if no parameter is in it"),
    r"\sim": (
        "a distribution is no formula",
        "write the cost: a negative log-likelihood, for example",
    ),
    r"\propto": ("this is no equation", "write = and the whole cost"),
    r"\approx": ("this is no equation", "write ="),
    r"\lfloor": ("rounding is not known", "write the cost without it"),
    r"\lceil": ("rounding is not known", "write the cost without it"),
    r"\rightarrow": ("an arrow is no part of a formula", "write ="),
    r"\to": ("an arrow is no part of a formula", "write ="),
    r"\mapsto": ("an arrow is no part of a formula", "write f(x) = ..."),
    r"\forall": ("quantifiers are not read", "leave it out: a definition holds for every index"),
    r"\cup": ("sets are not known", "give a set as 0/1 data"),
    r"\cap": ("sets are not known", "give a set as 0/1 data"),
    r"\setminus": ("sets are not known", "give a set as 0/1 data"),
    r"\prec": ("matrix inequalities are not known", "declare a fact, as in positive definite"),
    r"\succ": ("matrix inequalities are not known", "declare a fact, as in positive definite"),
    r"\def": ("macros of LaTeX are not read", "write the formula out"),
    r"\newcommand": ("macros of LaTeX are not read", "write the formula out"),
}  # fmt: skip
"""What is refused with advice of its own."""
