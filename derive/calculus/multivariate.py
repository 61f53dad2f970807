"""The chain rule over named quantities, and derivatives along a line."""

from __future__ import annotations

from derive.calculus.dependence import depends
from derive.calculus.examples import SCOPE, f, h, j, k, n, t, theta, v, w, z
from derive.calculus.structure import consumers
from derive.notation.expression import Add, Diff, Entry, Expr, Index, Mul, Sum, Tensor, add
from derive.notation.functions import exp
from derive.notation.interval import point
from derive.notation.problem import Definition
from derive.notation.tree import fresh, letters_in, tensors_in
from derive.record import Rule, Scope


def through(cost: Definition, definitions: tuple[Definition, ...]) -> Rule:
    """dJ/dx = sum over all that is computed from x directly: sum_e dJ/de de/dx.

    What a quantity e uses besides x, and what depends on x in its turn, is held fixed in de/dx:
    its own term counts it.
    """

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Diff(Entry(tensor, ()), wrt, ()) if tensor == cost.tensor:
                users = consumers(wrt.tensor, definitions)
                if not users:
                    return None
                terms = [_term(cost, user, wrt, definitions) for user in users]
                if wrt.tensor in tensors_in(cost.body):
                    terms.insert(0, Diff(e.body, wrt, _held(cost, wrt, definitions)))
                return add(*terms)
        return None

    return Rule(
        "chain-over",
        r"\frac{\partial J}{\partial x}"
        r" = \sum_e \frac{\partial J}{\partial e}\,\frac{\partial e}{\partial x}",
        "chain rule over all that uses it",
        rewrite,
        Diff(cost(), Entry(definitions[0].tensor, definitions[0].indices)),
        Scope((*definitions, cost)),
    )


def _term(
    cost: Definition, user: Definition, wrt: Entry, definitions: tuple[Definition, ...]
) -> Expr:
    """sum dJ/de de/dx over the positions of e."""
    taken = letters_in(wrt)
    letters: list[Index] = []
    for own in user.indices:
        letters.append(fresh(own, taken | {other.letter for other in letters}))
    entry = Entry(user.tensor, tuple(letters))
    term = Diff(cost(), entry) * Diff(entry, wrt, _held(user, wrt, definitions))
    for index in reversed(letters):
        term = Sum(term, index)
    return term


def _held(user: Definition, wrt: Entry, definitions: tuple[Definition, ...]) -> tuple[Tensor, ...]:
    """The definitions that a formula names and that move with the variable themselves."""
    named = (d for d in definitions if d.tensor in tensors_in(user.body))
    return tuple(d.tensor for d in named if depends(d.body, wrt.tensor, definitions))


def opened(definition: Definition, label: str) -> Rule:
    """The derivative of a named quantity is that of its formula, unless it is the variable."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Diff(Entry(tensor) as entry, wrt, held) if (
                tensor == definition.tensor and tensor != wrt.tensor and tensor not in held
            ):
                return e.of(definition.at(entry))
        return None

    tensor = definition.tensor
    return Rule(
        f"open-{tensor.name}",
        rf"\partial {tensor.latex} = \partial(\dots)",
        f"definition of ${tensor.latex}$",
        rewrite,
        Diff(Entry(tensor, definition.indices), Entry(theta, (n.index("k"),))),
        Scope((definition,)),
        cites=(label,) if label else (),
    )


def moving(path: Definition, t: Tensor, direction: Tensor) -> Rule:
    """Along w = w_0 + t v the derivative of w by t is v."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Diff(Entry(tensor, indices), Entry(by), ()) if (tensor, by) == (path.tensor, t):
                return Entry(direction, indices)
        return None

    return Rule(
        f"moving-{path.tensor.name}",
        r"\frac{\mathrm{d}}{\mathrm{d}t}(w_0 + t v) = v",
        f"${path.tensor.latex}$ moves along ${direction.latex}$",
        rewrite,
        Diff(Entry(path.tensor, path.indices), t()),
        Scope((path,)),
        minor=True,
    )


def directional_sum(body: Expr, columns: tuple[Entry, ...], directions: tuple[Tensor, ...]) -> Expr:
    """sum_l df/dtheta_l v_l, over the entries of all parameters."""
    terms: list[Expr] = []
    for column, direction in zip(columns, directions, strict=True):
        term: Expr = Diff(body, column) * Entry(direction, column.indices)
        for index in reversed(column.indices):
            term = Sum(term, index)
        terms.append(term)
    return add(*terms)


def along(
    columns: tuple[Entry, ...], directions: tuple[Tensor, ...], t: Tensor, example: Expr
) -> Rule:
    """sum_l df/dtheta_l v_l = df/dt where every parameter moves along its direction."""

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        first = e.args[0] if isinstance(e, Add) else e
        while isinstance(first, Sum):
            first = first.body
        match first:
            case Mul((Diff(f), *_)) if directional_sum(f, columns, directions) == e:
                return Diff(f, t())
        return None

    return Rule(
        "along",
        r"\sum_l \frac{\partial f}{\partial \theta_l} v_l"
        r" = \frac{\mathrm{d}}{\mathrm{d}t} f(\theta + t v)",
        "derivative along the direction",
        rewrite,
        directional_sum(example, columns, directions),
        SCOPE,
    )


def line_through(parameter: Tensor, t: Tensor, v: Tensor, name: str) -> Definition:
    """w = w_0 + t v: the parameter where it stands, and how it moves."""
    start = Tensor(name, parameter.axes, "parameter", name, parameter.domain, parameter.facts)
    letters = tuple(axis.index("ijklpq"[k]) for k, axis in enumerate(parameter.axes))
    return Definition(parameter, letters, start[letters] + t() * v[letters])


def instant(name: str) -> Tensor:
    """The variable t of a line, at t = 0."""
    return Tensor(name, (), "constant", f"\\{name}", point(0), meaning="moves the parameters")


MULTIVARIATE: tuple[Rule, ...] = (
    through(f, (z, h)),
    opened(h, "D2"),
    moving(w, t, v),
    along((w[k],), (v,), t, Sum(exp(w[j]) * v[j], j)),
)
"""Examples of these rules, for the test of the table."""
