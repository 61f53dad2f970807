"""Inputs that are malformed or hostile, made by rules: the same ones in every run.

Each family is a list, cheap to make and long enough for the slow target; `corpus(count)` takes
about as many from each.
"""

from __future__ import annotations

import builtins
import itertools
import keyword
import random
import re
from collections.abc import Iterator

from tests.hostile.cases import Case, as_bytes, listed, seeds
from tests.hostile.word_cases import ATTACKS, latex_with, python_with, word_families

PLAIN, LATEX = seeds("txt"), seeds("tex")
NAMES = (
    *keyword.kwlist,
    *sorted(name for name in dir(builtins) if name.isidentifier() and not name.startswith("_")),
    *listed("names"),
)


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
        yield Case("names", "named.txt", as_bytes(shape.format(name)))
        yield Case("names.py", "named.py", as_bytes(python_with("tensor", name)))


NUMBERS = listed("numbers")


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
        yield Case("numbers", "number.txt", as_bytes(text))
    for number in NUMBERS:
        for words in ("> {0}", "in [0, {0}]", "in [{0}, 1]", "< {0}", "in {{{0}, 1}}"):
            head = f"data x (m) {words.format(number)}\nparameter mu\n"
            yield Case("numbers", "bound.txt", as_bytes(head + "J = sum_i (x_i - mu)^2\n"))


SIGNS = listed("signs")


def _signs() -> Iterator[Case]:
    for k, sign in enumerate(SIGNS):
        for name, seed in ((f"sign{k}.txt", PLAIN[0]), (f"sign{k}.tex", LATEX[0])):
            picks = random.Random(f"{name}")  # noqa: S311  # repeatable
            for _ in range(4):
                at = picks.randrange(len(seed))
                yield Case("signs", name, as_bytes(seed[:at] + sign + seed[at:]))


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
                yield Case("nested", "nested.txt", as_bytes(text))
        for opening, closing in (
            ("{", "}"), (r"\left(", r"\right)"), (r"\frac{1}{", "}"), (r"\sqrt{", "}"),
            ("x^{", "}"),
            ("x_{", "}"), (r"\begin{cases}", r"\end{cases}"), (r"\mathbf{", "}"), (r"\hat{", "}"),
        ):  # fmt: skip
            inside = opening * depth + r"\mu" + closing * depth
            yield Case(
                "nested", "nested.tex", as_bytes(latex_with("title", "x") + f" + {inside}\n")
            )
    for count in (50, 400):
        terms = " + ".join(f"mu^{k % 7}" for k in range(count))
        yield Case("nested", "terms.txt", as_bytes(f"parameter mu\nJ = {terms}\n"), command="read")
        names = "\n".join(f"data x{k} (m)" for k in range(count))
        yield Case("nested", "many.txt", as_bytes(f"{names}\nparameter mu\nJ = mu^2\n"))
    for length in (10**4, 10**6):
        yield Case("nested", "long.txt", b"J = " + b"a" * length)
        yield Case("nested", "spaces.txt", b"parameter mu" + b" " * length + b"\nJ = mu^2")
        yield Case("nested", "lines.txt", b"\n" * length + b"parameter mu\nJ = mu^2")
        yield Case("nested", "comment.tex", b"% " + b"derive " * (length // 7) + b"\nJ = x")


LINES = listed("lines")
HEADS = (
    "data x (m)\nparameter mu\n",
    "data X (m, n)\ndata y (m)\ndata x (m)\nparameter w (n)\nparameter mu\n",
    "data X (n, n) symmetric\ndata x (n)\nparameter mu\nparameter w (n)\n",
    "",
)


def _shapes() -> Iterator[Case]:
    for head, line in itertools.product(HEADS, LINES):
        yield Case("shapes", "shape.txt", as_bytes(f"{head}{line}\n"))
        # With what it uses alone, an odd line is not refused for what it does not use.
        used = set(_tokens(re.sub(r"_[a-z]+", "", line)))
        kept = [d for d in head.splitlines() if d.split()[1] in used]
        own = [] if "parameter" in " ".join(kept) else ["parameter q"]
        more = " + q^2" if own and line.startswith("J") else ""
        yield Case("shapes", "used.txt", as_bytes("\n".join((*kept, *own, line + more)) + "\n"))


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
    noise = random.Random(1)  # noqa: S311  # repeatable
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
    for name in listed("file_names"):
        yield Case("file names", name, plain.encode())
        if name.endswith(".txt"):
            yield Case("file names", name.replace(".txt", ".tex"), latex.encode())


SLIPS = listed("slips")


def _slips() -> Iterator[Case]:
    body = "J(\\mu) = \\sum_{i=1}^m (x_i - \\mu)^2"
    for slip in SLIPS:
        yield Case("slips", "slip.tex", as_bytes(f"{slip}\n{body}\n"))
        yield Case("slips", "slip.tex", as_bytes(f"{body}\n{slip}\n"))
        yield Case("slips", "slip.tex", as_bytes(f"{body} {slip}\n"))


def _mutated(seeds: tuple[str, ...], ending: str, each: int) -> Iterator[Case]:
    """Valid files with tokens deleted, doubled, exchanged or put elsewhere."""
    for round_ in range(each):
        for k, seed in enumerate(seeds):
            picks = random.Random(f"{ending} {k} {round_}")  # noqa: S311  # repeatable
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
            yield Case(f"mutated{ending}", f"mutated{ending}", as_bytes(text))


def _tokens(text: str) -> list[str]:
    return re.findall(r"\\?[A-Za-z]+|\d+|\s+|.", text, re.DOTALL)


def _soup(ending: str, words: tuple[str, ...], head: str) -> Iterator[Case]:
    for k in range(400):
        picks = random.Random(f"soup {ending} {k}")  # noqa: S311  # repeatable
        line = " ".join(picks.choice(words) for _ in range(picks.randrange(1, 14)))
        yield Case(f"soup{ending}", f"soup{ending}", as_bytes(f"{head}{line}\n"))


PLAIN_WORDS, LATEX_WORDS = listed("plain_words"), listed("latex_words")


def families() -> dict[str, list[Case]]:
    """All cases by family."""
    made = {
        **word_families(),
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
        picked = random.Random(share).sample(range(len(cases)), share)  # noqa: S311  # repeatable
        out += [cases[k] for k in sorted(picked)]
        left -= share
    return out
