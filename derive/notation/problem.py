"""A cost function as a paper states it: named axes, tensors, definitions, assumptions, the cost.

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")
X, y = data("X", m, n), data("y", m, domain=UNIT)
theta = parameter("theta", n)
z = define("z", i, Sum(X[i, j] * theta[j], j))
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.notation.domain import range_of
from derive.notation.expression import Axis, Entry, Expr, Index, Role, Tensor
from derive.notation.facts import ONE_HOT, evident
from derive.notation.interval import BINARY, REAL, Interval
from derive.notation.letters import named
from derive.notation.operand import OPEN, Operand, array
from derive.notation.tree import reindex

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
]


def _tensor(
    name: str,
    axes: tuple[Axis, ...],
    role: Role,
    latex: str,
    domain: Interval,
    facts: tuple[str, ...],
    meaning: str,
) -> Tensor:
    # "lambda_" is how Python spells the letter lambda.
    letter = name.rstrip("_")
    head, _, tail = letter.partition("_")
    if letter in GREEK:
        letter = f"\\{letter}"
    elif head in GREEK and (tail.isdigit() or len(tail) == 1):
        letter = f"\\{head}_{{{tail}}}"
    symbol = latex or letter
    domain = BINARY if ONE_HOT in facts and domain == REAL else domain
    return Tensor(name, axes, role, symbol, domain, frozenset(facts), meaning)


def data(
    name: str,
    *axes: Axis,
    latex: str = "",
    domain: Interval = REAL,
    facts: tuple[str, ...] = (),
    meaning: str = "",
) -> Tensor:
    """Given numbers over named axes; `domain` says where every entry lies."""
    return _tensor(name, axes, "data", latex, domain, facts, meaning)


def parameter(
    name: str,
    *axes: Axis,
    latex: str = "",
    domain: Interval = REAL,
    facts: tuple[str, ...] = (),
    meaning: str = "",
) -> Tensor:
    """Numbers over named axes by which the cost is differentiated."""
    return _tensor(name, axes, "parameter", latex, domain, facts, meaning)


@dataclass(frozen=True)
class Definition(Operand):
    """A named quantity: tensor[indices] = body, for every value of the indices."""

    tensor: Tensor
    indices: tuple[Index, ...]
    body: Expr

    def __getitem__(self, indices: Index | int | tuple[Index | int, ...]) -> Entry:
        return self.tensor[indices]

    def __call__(self) -> Entry:
        """The value of a definition without indices."""
        return self.tensor()

    def at(self, entry: Entry) -> Expr:
        """The body for the indices of `entry`."""
        return reindex(self.body, dict(zip(self.indices, entry.indices, strict=True)))


def define(
    name: str,
    *parts: Index | Expr | Operand,
    latex: str = "",
    domain: Interval = REAL,
    facts: tuple[str, ...] = (),
    meaning: str = "",
) -> Definition:
    """`define("z", i, body)`: z_i = body. The last argument is the body, the others its indices.

    An array needs no indices: `define("z", X @ theta)`. `facts` says what is known of a square
    matrix beyond what its form shows, for example "positive semidefinite" of a kernel matrix; the
    judge checks it at random points. Where no `domain` is declared it is what the ranges of the
    parts show.
    """
    *indices, body = parts
    if isinstance(body, Operand) and not indices:
        whole = array(body)
        indices = [axis.index(f"{OPEN}{k}") for k, axis in enumerate(getattr(whole, "axes", ()))]
        body = whole.at(tuple(indices)) if indices else whole
    letters = tuple(k for k in indices if isinstance(k, Index))
    if len(letters) != len(indices) or not isinstance(body, Expr):
        raise TypeError(
            f"define({name!r}, ...) takes index letters and then one formula, "
            'as in define("z", i, Sum(X[i, j] * theta[j], j))'
        )
    axes = tuple(k.axis for k in letters)
    known = (*facts, *sorted(evident(letters, body)))
    domain = range_of(body) if domain == REAL else domain
    return Definition(_tensor(name, axes, "defined", latex, domain, known, meaning), letters, body)


@dataclass(frozen=True)
class Problem:
    """A cost function with everything that is assumed about it.

    Attributes:
        name: A Python identifier; the generated module's name.
        title: As a heading, for example "Logistic regression".
        data: The data tensors, in the order in which the generated functions take them.
        parameters: The tensors by which the cost is differentiated.
        definitions: Named quantities, each using only earlier ones.
        cost: The scalar formula to minimise.
        prediction: The definition that predicts y, if one does.
        summary: One or two sentences for a reader.
        sources: Where the cost is stated (author, year, equation).
        paths: Parameters that move along a line, w = w_0 + t v, where a proof says so: the
            derivative by t is that along the direction v. A problem as stated has none.
        ties: Data that follow from other data, as a flag does: o_i = 1 where y_i = 0, else 0.
    """

    name: str
    title: str
    data: tuple[Tensor, ...]
    parameters: tuple[Tensor, ...]
    cost: Expr
    definitions: tuple[Definition, ...] = ()
    prediction: Definition | None = None
    summary: str = ""
    sources: tuple[str, ...] = field(default=())
    letter: str = "J"
    paths: tuple[Definition, ...] = ()
    ties: tuple[Definition, ...] = ()

    def __post_init__(self) -> None:
        """Letters that matrix notation left open get their names."""
        groups: tuple[tuple[object, type], ...] = (
            (self.data, Tensor),
            (self.parameters, Tensor),
            (self.definitions, Definition),
            ((self.cost,), Expr),
        )
        for group, kind in groups:
            if not (isinstance(group, tuple) and all(isinstance(part, kind) for part in group)):
                return  # validate says what is wrong
        tensors = (*self.data, *self.parameters)
        *bodies, (_, cost) = named(
            (*((d.indices, d.body) for d in self.definitions), ((), self.cost)), tensors
        )
        definitions = tuple(
            replace(d, indices=indices, body=body)
            for d, (indices, body) in zip(self.definitions, bodies, strict=True)
        )
        if definitions == self.definitions and cost == self.cost:
            return
        if self.prediction in self.definitions:
            number = self.definitions.index(self.prediction)
            object.__setattr__(self, "prediction", definitions[number])
        object.__setattr__(self, "definitions", definitions)
        object.__setattr__(self, "cost", cost)

    @property
    def cost_definition(self) -> Definition:
        """The cost as a named quantity without indices: J = ..."""
        tensor = _tensor(self.letter, (), "defined", "", REAL, (), "")
        return Definition(tensor, (), self.cost)

    @property
    def all_definitions(self) -> tuple[Definition, ...]:
        """The named quantities and, last, the cost."""
        return (*self.definitions, self.cost_definition)


def definition_of(tensor: Tensor, definitions: tuple[Definition, ...]) -> Definition | None:
    """The definition of a tensor, or None for data and parameters."""
    return next((d for d in definitions if d.tensor == tensor), None)
