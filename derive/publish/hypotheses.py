"""What a theorem supposes: the side conditions that no step discharges, and generic functions.

They stand in the statement itself, on the page, in the docstring, in the index and in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.judge.claims import assumptions
from derive.notation.elementwise import SLOT, Elementwise
from derive.notation.expression import ZERO, Add, Apply, Expr, Index, Mul, Num, Sum, expr
from derive.notation.interval import REAL
from derive.notation.remembered import remembered
from derive.notation.text import text
from derive.notation.tree import children, free_indices, same, subterms
from derive.publish.environment import tex
from derive.publish.indices_tex import latex_index
from derive.publish.latex import latex
from derive.publish.words import listed
from derive.record import Condition, Derivation, Proof, Step


def undischarged(part: Derivation) -> tuple[Condition, ...]:
    """The side conditions of a derivation's own steps that nothing discharges, each once."""
    return tuple(dict.fromkeys(c for step in part.steps for c in assumptions(step)))


def hypotheses(part: Derivation, proof: Proof) -> tuple[Condition, ...]:
    """The undischarged side conditions on which a derivation rests, also through what it cites."""
    by_label = {p.label: p for p in proof.parts}
    found: dict[Condition, None] = {}
    seen: set[str] = set()
    queue = [part]
    while queue:
        now = queue.pop(0)
        if now.label in seen:
            continue
        seen.add(now.label)
        found |= dict.fromkeys(undischarged(now))
        labels = [*([now.of] if now.of else []), *(x for s in walk(now.steps) for x in s.cites)]
        queue += [by_label[label] for label in labels if label in by_label]
    return tuple(found)


def generic(part: Derivation) -> tuple[Elementwise, ...]:
    """The functions in a derivation of which only a hypothesis is known, in order."""
    lines = [part.goal, *(line for step in walk(part.steps) for line in (step.before, step.after))]
    return tuple(dict.fromkeys(f for line in dict.fromkeys(lines) for f in _generic_in(line)))


@remembered
def _generic_in(e: Expr) -> tuple[Elementwise, ...]:
    own = (e.function,) if isinstance(e, Apply) and e.function.hypothesis else ()
    return tuple(dict.fromkeys((*own, *(f for part in children(e) for f in _generic_in(part)))))


def supposed_functions(part: Derivation, proof: Proof) -> tuple[Elementwise, ...]:
    """Those whose hypothesis is used: the derivative, or the range by an inequality.

    A theorem rests on the hypotheses of what it cites, but not where it applies that to an
    instance: then the generic function does not occur in it.
    """
    own = generic(part)
    used = [f for f in own if set(_slopes(f)) & set(own) or (part.sign != "=" and f.range != REAL)]
    by_label = {p.label: p for p in proof.parts[: proof.parts.index(part)]}
    cited = dict.fromkeys(label for step in walk(part.steps) for label in step.cites)
    found: list[Elementwise] = []
    for label in cited:
        if label in by_label and set(generic(by_label[label])) & set(own):
            found += supposed_functions(by_label[label], proof)
    return tuple(dict.fromkeys([*found, *used]))


def _slopes(function: Elementwise) -> list[Elementwise]:
    """The other functions in a function's derivative."""
    nodes = (node for _, node in subterms(function.derivative(SLOT)))
    return [n.function for n in nodes if isinstance(n, Apply) and n.function != function]


def walk(steps: Sequence[Step]) -> Iterator[Step]:
    """Steps with all their substeps."""
    for step in steps:
        yield step
        yield from walk(step.substeps)


# ---------------------------------------------------------------- as a lecturer writes them


@dataclass(frozen=True)
class Requirement:
    """left > right, or another sign; `absolute` for |left| != right."""

    left: Expr
    sign: str
    right: Expr
    absolute: bool = False


def requirements(conditions: Iterable[Condition]) -> tuple[Requirement, ...]:
    """The conditions, each said once: e + c != 0 and e - c != 0 are |e| != c."""
    found: list[Requirement] = []
    for condition in conditions:
        new = _turned(condition)
        if not any(_implies(old, new) for old in found):
            found = [old for old in found if not _implies(new, old)] + [new]
    out: list[Requirement] = []
    for one in found:
        twin = next((k for k, old in enumerate(out) if _opposite(old, one)), None)
        if twin is None:
            out.append(one)
        else:
            positive = one if isinstance(one.right, Num) and one.right.value > 0 else out[twin]
            out[twin] = replace(positive, absolute=True)
    return tuple(out)


def _turned(condition: Condition) -> Requirement:
    """u - c > 0 as u > c: a number, or a term with a minus sign, goes to the right."""
    sign = condition.relation.split()[0]
    factor, rest = _factor(condition.expr)
    right: Expr = ZERO
    if isinstance(rest, Add) and len(rest.args) == 2:
        (a, first), (b, second) = map(_factor, rest.args)
        if second == expr(1) or (first != expr(1) and b < 0 < a):
            factor, rest, right = factor * a, first, _scaled(-b / a, second)
        elif first == expr(1) or a < 0 < b:
            factor, rest, right = factor * b, second, _scaled(-a / b, first)
    if factor < 0:
        sign = {">": "<", ">=": "<="}.get(sign, sign)
    return Requirement(rest, sign, right)


def _factor(e: Expr) -> tuple[Fraction, Expr]:
    """A rational factor and the rest; a number is its own factor."""
    if isinstance(e, Num):
        return e.value, expr(1)
    if isinstance(e, Mul):
        value = Fraction(1)
        rest = [arg for arg in e.args if not isinstance(arg, Num)]
        for arg in e.args:
            value *= arg.value if isinstance(arg, Num) else 1
        if len(rest) < len(e.args) and rest and value:
            return value, rest[0] if len(rest) == 1 else Mul(tuple(rest))
    return Fraction(1), e


def _scaled(factor: Fraction, e: Expr) -> Expr:
    if e == expr(1) or factor == 0:
        return expr(factor)
    return e if factor == 1 else expr(factor) * e


def _alike(a: Expr, b: Expr) -> bool:
    """Equal up to the order of sums, terms and factors and the names of letters."""
    return same(a, b) or _key(a) == _key(b)


def _key(e: Expr) -> str:
    """One text for all orders: sum_j a_j sum_k b_k as the factors a_j and b_k over j and k."""
    if isinstance(e, Add):
        return " + ".join(sorted(map(_key, e.args)))
    letters: list[str] = []
    factors: list[str] = []
    queue = [e]
    while queue:
        node = queue.pop()
        match node:
            case Mul(args):
                queue += args
            case Sum():
                letters.append(f"{node.index.label} from {node.lower}")
                queue.append(node.body)
            case _:
                factors.append(text(node))
    return f"{' '.join(sorted(letters))}: {' * '.join(sorted(factors))}"


def _implies(a: Requirement, b: Requirement) -> bool:
    """Whether b says nothing beside a."""
    if not (_alike(a.left, b.left) and _alike(a.right, b.right)):
        return False
    return a.sign == b.sign or (a.sign in (">", "<") and b.sign in ("!=", a.sign + "="))


def _opposite(a: Requirement, b: Requirement) -> bool:
    """u != c and u != -c."""
    if not (isinstance(a.right, Num) and isinstance(b.right, Num)) or a.absolute:
        return False
    opposite = a.right.value == -b.right.value
    return opposite and {a.sign, b.sign} == {"!="} and _alike(a.left, b.left)


_LATEX = {"!=": r"\ne", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<"}


def _one(r: Requirement, spell: Callable[[Expr], str], bars: str, signs: dict[str, str]) -> str:
    left = bars.format(spell(r.left)) if r.absolute else spell(r.left)
    return f"{left} {signs.get(r.sign, r.sign)} {spell(r.right)}"


def _letters(found: Sequence[Requirement], fixed: Sequence[Index]) -> tuple[str, ...]:
    """The free letters of the conditions that the statement does not fix."""
    letters = dict.fromkeys(k for r in found for e in (r.left, r.right) for k in free_indices(e))
    return tuple(latex_index(k) for k in letters if k not in fixed)


def _fixed(part: Derivation) -> tuple[Index, ...]:
    """The letters in the statement of a derivation: none where it speaks of whole arrays."""
    whole = part.kind in ("theorem", "stable") and part.matrix is not None
    return () if whole else free_indices(part.goal)


def latex_conditions(found: Sequence[Requirement], fixed: Sequence[Index] = ()) -> str:
    r"""The conditions as a part of a sentence: $|e_i| \ne 1.345$ for every $i$."""
    if not found:
        return ""
    said = listed([f"${_one(r, latex, BARS, _LATEX)}$" for r in found])
    letters = _letters(found, fixed)
    return f"{said} for every ${', '.join(letters)}$" if letters else said


BARS = r"\lvert {} \rvert"


def conditions_of(part: Derivation, proof: Proof) -> str:
    """The same for the hypotheses of a derivation."""
    return latex_conditions(requirements(hypotheses(part, proof)), _fixed(part))


def supposed(part: Derivation, proof: Proof) -> str:
    """What the statement of a derivation begins with: "Let $h_i > 0$ for every $i$."; or nothing.

    A generic function is what its hypothesis says, never one with which it was judged.
    """
    functions = [f"let {tex(f.hypothesis)}" for f in supposed_functions(part, proof)]
    conditions = conditions_of(part, proof)
    sentences = [f"L{listed(functions)[1:]}."] if functions else []
    sentences += [f"Let {conditions}."] if conditions else []
    return " ".join(sentences)


def plain_conditions(part: Derivation, proof: Proof) -> str:
    """The conditions as plain text: |e_i| != 269/200 for every i; empty where there are none."""
    found = requirements(hypotheses(part, proof))
    if not found:
        return ""
    said = listed([_one(r, text, "|{}|", {}) for r in found])
    letters = _letters(found, _fixed(part))
    return f"{said} for every {', '.join(letters)}" if letters else said
