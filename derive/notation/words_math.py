r"""The formulas in words: `$\theta^{+}$`, `$X^{\mathsf T} W X/m$`.

They are shown, not understood: letters, numbers, signs, scripts, groups and the commands of the
table below, each with its arguments. Nothing else reaches a page: no command that reads, writes,
defines or changes what a sign means, and nothing that LaTeX would stop at, such as a second
superscript or a \left without its \right.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

DEEPEST = 20
"""Groups inside each other."""


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


GREEK = _listed(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "varepsilon vartheta varpi varrho varsigma varphi"
)
FUNCTIONS = _listed(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max inf "
    "sup lim liminf limsup det dim ker deg gcd arg Pr"
)
SYMBOLS = _listed(
    "cdot times odot otimes oplus ominus pm mp div ast star circ bullet le leq ge geq ne neq lt gt "
    "ll gg equiv sim simeq approx cong propto in ni notin subset subseteq supset supseteq cup cap "
    "setminus emptyset forall exists neg land lor wedge vee to rightarrow leftarrow Rightarrow "
    "Leftarrow leftrightarrow Leftrightarrow iff implies mapsto infty partial nabla sum prod int "
    "ell hbar Re Im top bot perp prime dots ldots cdots vdots ddots quad qquad colon mid nmid "
    "parallel vert Vert lvert rvert lVert rVert langle rangle lfloor rfloor lceil rceil lbrace "
    "rbrace lbrack rbrack backslash square triangle displaystyle textstyle "
    "preceq succeq prec succ dagger aleph angle"
)
ACCENTS = _listed(
    "bar hat tilde dot ddot vec check breve acute grave overline underline widehat widetilde "
    "mathring"
)
FONTS = _listed("mathbf mathsf mathit mathcal mathbb mathfrak mathtt boldsymbol phantom")
SIZES = _listed(
    "bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm big Big bigg Bigg"
)
WORDING = _listed("text textrm textit textbf mbox textsf texttt mathrm operatorname")
COMMANDS: dict[str, int] = {
    **dict.fromkeys((*GREEK, *FUNCTIONS, *SYMBOLS), 0),
    **dict.fromkeys((*ACCENTS, *FONTS), 1),
    **dict.fromkeys(("frac", "tfrac", "dfrac", "binom", "overset", "underset", "stackrel"), 2),
    "sqrt": 1,
}
"""Each command with the number of its arguments."""
_SINGLE = frozenset((*GREEK, *_listed("top bot perp prime circ ast star infty ell dagger")))
"""Commands that may be a script without braces: each is one sign."""
_INSTEAD = {"lt": "<", "gt": ">"}
"""Commands that other systems have and LaTeX has not."""
_DELIMITERS = _listed(
    r"( ) [ ] | / . < > \{ \} \| \vert \Vert \lvert \rvert \lVert \rVert \langle \rangle "
    r"\lfloor \rfloor \lceil \rceil \lbrace \rbrace \lbrack \rbrack"
)
SIGNS: dict[str, str] = {
    "±": r"\pm", "×": r"\times", "÷": r"\div", "·": r"\cdot", "−": "-", "≤": r"\le", "≥": r"\ge",
    "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "∞": r"\infty",
    "∂": r"\partial", "∇": r"\nabla", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "√": r"\surd",
    "∈": r"\in", "∉": r"\notin", "∀": r"\forall", "∃": r"\exists", "∅": r"\emptyset",
    "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "⊆": r"\subseteq", "→": r"\to",
    "←": r"\leftarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↦": r"\mapsto",
    "ℓ": r"\ell", "ℝ": r"\mathbb{R}", "⊤": r"\top", "⊙": r"\odot", "⊗": r"\otimes", "⊕": r"\oplus",
    "∘": r"\circ", "°": r"^{\circ}", "²": "^{2}", "³": "^{3}", "¹": "^{1}", "⁻": "^{-}",
    "ᵀ": r"^{\top}", "′": r"^{\prime}", "…": r"\dots", "‖": r"\Vert", "⟨": r"\langle",
    "⟩": r"\rangle",
    **dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
            (rf"\{name}" for name in GREEK[:34]),
            strict=True,
        )
    ),
}  # fmt: skip
"""Signs beyond ASCII that have a command."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[ \t\n]+|.", re.DOTALL)
_SPACE = frozenset(" \t\n")
_SPACES = (r"\,", r"\;", r"\:", r"\!", r"\ ")
_PLAIN = re.compile(r"[A-Za-z0-9()\[\]|/.,;:!?=<>+*`\"@-]")
_INSIDE = re.compile(r"[A-Za-z0-9 ()\[\]/.,;:!?=+*'-]*")


class FormulaError(ValueError):
    """A formula that is refused: what is wrong, where in it, and what to do."""

    def __init__(self, wrong: str, todo: str, start: int, stop: int) -> None:
        super().__init__(wrong)
        self.wrong, self.todo, self.start, self.stop = wrong, todo, start, stop


@dataclass(frozen=True)
class _Token:
    text: str
    start: int


def formula(latex: str) -> str:
    """The formula, with signs beyond ASCII by their commands.

    Raises:
        FormulaError: It is not made of what the module's docstring lists.
    """
    if not latex.strip():
        raise FormulaError("this formula is empty", "write one, or leave it out", 0, len(latex))
    reader = _Reader(latex)
    made = reader.run("", 0)
    if reader.here < len(reader.tokens):
        raise reader.wrong("nothing is open that this closes", "remove it")
    return made if reader.changed else latex


class _Reader:
    """The place in the tokens of one formula."""

    def __init__(self, latex: str) -> None:
        self.latex, self.here, self.changed = latex, 0, not latex.isascii()
        self.tokens = [_Token(found[0], found.start()) for found in _TOKEN.finditer(latex)]

    @property
    def next(self) -> str:
        return self.tokens[self.here].text if self.here < len(self.tokens) else ""

    def wrong(self, wrong: str, todo: str) -> FormulaError:
        if self.here >= len(self.tokens):
            return FormulaError(wrong, todo, max(len(self.latex) - 1, 0), len(self.latex))
        token = self.tokens[self.here]
        return FormulaError(wrong, todo, token.start, token.start + len(token.text))

    def taken(self) -> str:
        self.here += 1
        return self.tokens[self.here - 1].text

    def run(self, until: str, depth: int) -> str:
        """Things with scripts, up to what ends them."""
        if depth > DEEPEST:
            raise self.wrong(f"more than {DEEPEST} groups stand inside each other", "simplify it")
        out: list[str] = []
        while self.next not in (until, "", "}", r"\right"):
            out.append(self.scripted(depth))
        return "".join(out)

    def scripted(self, depth: int) -> str:
        """A thing with what stands above and below it, each at most once."""
        out = [] if self.next in ("^", "_", "'") else [self.thing(depth)]
        seen: set[str] = set()
        while (ahead := self.ahead()) in ("^", "_", "'"):
            while self.next[:1] in _SPACE:
                self.here += 1
            where = "^" if ahead == "'" else ahead
            # A prime may have a power behind it, and nothing else twice.
            if where in seen:
                raise self.wrong("two scripts in one place", "put braces around the first: {x^a}^b")
            if ahead == "'":
                while self.next == "'":
                    out.append(self.taken())
                if self.next == "^":
                    out.append(self.taken() + self.argument(depth))
            else:
                out.append(self.taken() + self.argument(depth))
            seen.add(where)
        return "".join(out)

    def ahead(self) -> str:
        """The next token that is no space."""
        rest = (token.text for token in self.tokens[self.here :])
        return next((sign for sign in rest if sign[0] not in _SPACE), "")

    def argument(self, depth: int) -> str:
        """A group, or the next thing alone."""
        while self.next[:1] in _SPACE:
            self.here += 1
        if self.next in ("", "}", "^", "_", "'", "&") or self.next in (r"\left", r"\right"):
            raise self.wrong("something is missing before this", "write it in braces, as in {x}")
        if self.next == "{":
            return self.group(depth + 1)
        self.changed = self.changed or (self.next[0] == "\\" and self.next[1:] not in _SINGLE)
        return f"{{{self.thing(depth + 1)}}}"

    def thing(self, depth: int) -> str:
        """A letter, a number, a sign, a group or a command with its arguments."""
        sign = self.next
        if sign == "{":
            return self.group(depth)
        if sign == r"\left":
            return self.fenced(depth)
        if sign[0] in _SPACE:
            self.here += 1
            return " "
        if sign in SIGNS and not SIGNS[sign].startswith("^"):
            self.here += 1
            return SIGNS[sign] + " " * SIGNS[sign][-1].isalpha()
        if sign in SIGNS:
            self.here += 1
            return f"{{{{}}{SIGNS[sign]}}}"
        if sign in _SPACES or sign in _DELIMITERS or _PLAIN.fullmatch(sign):
            return self.taken()
        if not sign.startswith("\\"):
            raise self.wrong(f"{sign} has no meaning in a formula of words", "leave it out")
        return self.command(sign[1:], depth)

    def group(self, depth: int) -> str:
        opening = self.here
        self.here += 1
        inside = self.run("}", depth + 1)
        if self.next != "}":
            self.here = opening if self.next == "" else self.here
            raise self.wrong("the braces do not match", "write a } for every {")
        self.here += 1
        return f"{{{inside}}}"

    def fenced(self, depth: int) -> str:
        opening = self.here
        self.here += 1
        left = self.delimiter()
        inside = self.run(r"\right", depth + 1)
        if self.next != r"\right":
            self.here = opening
            raise self.wrong(r"this \left has no \right", r"write \right) where it closes")
        self.here += 1
        return rf"\left{left}{inside}\right{self.delimiter()}"

    def delimiter(self) -> str:
        while self.next[:1] in _SPACE:
            self.here += 1
        if self.next not in _DELIMITERS:
            raise self.wrong("a bracket is missing here", r"write one, as in \left(")
        return self.taken()

    def command(self, name: str, depth: int) -> str:
        if name in WORDING:
            return self.wording(name)
        if name in SIZES:
            self.here += 1
            return rf"\{name}{self.delimiter()}"
        if name not in COMMANDS:
            close = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.75)
            raise self.wrong(
                rf"\{name} is none of the commands that a formula in words may have",
                rf"did you mean \{close[0]}?" if close else "leave it out, or say it in words",
            )
        self.here += 1
        if name in _INSTEAD:
            self.changed = True
            return _INSTEAD[name]
        index = self.index(depth) if name == "sqrt" and self.ahead() == "[" else ""
        parts = [index, *(self.argument(depth) for _ in range(COMMANDS[name]))]
        ends = not any(parts) and self.next[:1].isalpha()
        return rf"\{name}{''.join(parts)}{' ' * ends}"

    def index(self, depth: int) -> str:
        """Which root: [3]."""
        while self.next[:1] in _SPACE:
            self.here += 1
        opening = self.here
        self.here += 1
        inside = self.run("]", depth + 1)
        if self.next != "]":
            self.here = opening
            raise self.wrong("this [ has no ]", "close it")
        self.here += 1
        return f"[{inside}]"

    def wording(self, name: str) -> str:
        r"""Words in a formula: \text{for all}, \operatorname{vec}."""
        self.here += 1
        if name == "operatorname" and self.next == "*":
            name += self.taken()
        while self.next[:1] in _SPACE:
            self.here += 1
        begin = self.here
        if self.next != "{":
            raise self.wrong(rf"\{name} takes words in braces", rf"write \{name}{{...}}")
        self.here += 1
        inside = ""
        while self.next not in ("}", ""):
            if self.next == r"\ " or self.next == r"\,":
                inside += self.taken()
                continue
            if not _INSIDE.fullmatch(self.next):
                raise self.wrong("only letters and digits stand here", "leave it out")
            inside += " " if self.next[:1] in _SPACE else self.next
            self.here += 1
        if self.next != "}":
            self.here = begin
            raise self.wrong("the braces do not match", "write a } for every {")
        self.here += 1
        return rf"\{name}{{{inside}}}"
