"""No false certificate among random costs with facts: eigenvalues and midpoints in NumPy."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest

from derive.certify.certificate import certified
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.errors import DeriveError
from derive.judge import judge_certificate, judge_stated
from derive.notation.validate import validate
from tests.certify.fact_costs import K, arrays_of, fact_problem, m, n, violates
from tests.fuzz.dual_numbers import mp_number
from tests.fuzz.literal import Literal
from tests.fuzz.whole import reference

SIZES = ((3, 2, 2), (2, 3, 3), (4, 2, 2), (2, 2, 4))
SCALES = (1.0, 0.2, 4.0)


def value(problem, sizes, arrays, e=None):
    """The literal value of the cost, or of another formula."""
    literal = Literal(sizes, arrays, problem.definitions)
    return float(literal.value(problem.cost if e is None else e))


def long_value(problem, sizes, arrays):
    """The literal value of the cost with many digits: floats lose log(1 - sigmoid(z)) far out."""
    long = {
        name: np.array([mpmath.mpf(float(x)) for x in v.ravel()], dtype=object).reshape(v.shape)
        for name, v in ((k, np.asarray(v)) for k, v in arrays.items())
    }
    return Literal(sizes, long, problem.definitions, mp_number).value(problem.cost)


def bend(problem, moving, sizes, arrays, direction):
    """The second derivative of the cost in a direction of some parameters, by differences."""
    with mpmath.workdps(60):
        h, start, cuts = mpmath.mpf(10) ** -15, 0, {}
        for q in moving:
            shape = np.shape(arrays[q.name])
            size = int(np.prod(shape))
            cuts[q.name] = direction[start : start + size].reshape(shape)
            start += size
        out = []
        for sign in (-1, 0, 1):
            moved = {
                name: np.array(
                    [mpmath.mpf(float(x)) + sign * h * mpmath.mpf(float(d))
                     for x, d in zip(np.ravel(v), np.ravel(cuts.get(name, 0 * v)), strict=True)],
                    dtype=object,
                ).reshape(np.shape(v))
                for name, v in arrays.items()
            }  # fmt: skip
            literal = Literal(sizes, moved, problem.definitions, mp_number)
            out.append(literal.value(problem.cost))
        return float((out[0] - 2 * out[1] + out[2]) / h**2)


def convexity_faults(problem, moving, modulus, seed):
    """What eigenvalues and midpoints say against convexity in some parameters."""
    rng = np.random.default_rng(seed)
    for number in range(12):
        sizes = dict(zip((m, n, K), SIZES[number % len(SIZES)], strict=True))
        scale = SCALES[number % len(SCALES)]
        start, end = (arrays_of(problem, rng, sizes, scale) for _ in range(2))
        end = {k: v if k in {q.name for q in moving} else start[k] for k, v in end.items()}
        with np.errstate(all="ignore"):
            try:
                least = 0.0 if modulus is None else value(problem, sizes, start, modulus)
                jet = reference(replace(problem, parameters=moving), sizes, start)
                largest = max(1.0, float(np.abs(jet.h).max()))
                values, vectors = np.linalg.eigh(jet.h)
                if values[0] - least < -1e-8 * largest:
                    bent = bend(problem, moving, sizes, start, vectors[:, 0]) - least
                    if bent < -1e-8 * largest:
                        yield f"eigenvalue {bent}"
            except (OverflowError, ZeroDivisionError, ValueError, np.linalg.LinAlgError):
                pass
            for share in (1.0, 0.05):
                near = {k: v + share * (end[k] - v) for k, v in start.items()}
                middle = {k: (v + near[k]) / 2 for k, v in start.items()}
                try:
                    a, b, c = (value(problem, sizes, x) for x in (start, middle, near))
                except (OverflowError, ZeroDivisionError, ValueError):
                    continue
                length = sum(float(((near[q.name] - start[q.name]) ** 2).sum()) for q in moving)
                gap = (a + c) / 2 - b - least * length / 8
                lowest = -1e-9 * max(1.0, abs(a), abs(b), abs(c))
                if np.isfinite(gap) and gap < lowest:
                    with mpmath.workdps(50):
                        a, b, c = (long_value(problem, sizes, x) for x in (start, middle, near))
                        gap = float((a + c) / 2 - b - least * length / 8)
                    if gap < lowest:
                        yield f"midpoint {gap}"


def witness_faults(problem, witness):
    """What NumPy says against a witness: a fact, the sign of the bend, leaving the domain."""
    sizes = dict(witness.sizes)

    def array(pair):
        x, entries = pair
        return np.array([float(v) for v in entries]).reshape(
            [sizes[a.root] - a.cut for a in x.axes]
        )

    count = len(witness.direction)
    arrays = {pair[0].name: array(pair) for pair in witness.values[:-count]}
    starts = [array(pair) for pair in witness.values[-count:]]
    ways = [array(pair) for pair in witness.direction]
    arrays |= {p.name: x for p, x in zip(problem.parameters, starts, strict=True)}
    for x in (*problem.data, *problem.parameters):
        if found := violates(x, arrays[x.name]):
            yield f"{x.name}: {found}"
    for size in (0.1, 0.01, 0.001):
        moved = [
            arrays
            | {p.name: x + q * size * v
               for p, x, v in zip(problem.parameters, starts, ways, strict=True)}
            for q in (-1, 0, 1)
        ]  # fmt: skip
        if any(violates(p, at[p.name]) for at in moved for p in problem.parameters):
            continue
        low, middle, high = (value(problem, sizes, at) for at in moved)
        if low + high - 2 * middle < 0:
            return
    yield "it does not bend down"


def faults(seed):
    """The kind of certificate, and everything that is false about it."""
    problem = fact_problem(seed)
    try:
        validate(problem)
        certificate, _ = certified(problem, linear_predictor(problem, sample_loss(problem)))
    except DeriveError:
        return None, []
    found = []
    for argument in certificate.arguments:
        modulus = certificate.modulus if certificate.convex else None
        found += list(convexity_faults(problem, argument.parameters, modulus, seed))[:2]
    if certificate.witness is not None:
        found += list(witness_faults(problem, certificate.witness))
    judged = (*judge_certificate(certificate), *judge_stated(certificate, problem))
    found += [f"the judge: {step.message}" for step in judged if not step.passed]
    strong = certificate.modulus is not None
    return "strongly convex" if strong else certificate.convexity, found


def counted(seeds):
    counts: dict[str, int] = {}
    for seed in seeds:
        kind, wrong = faults(seed)
        assert not wrong, (seed, kind, wrong)
        counts[kind or "refused"] = counts.get(kind or "refused", 0) + 1
    return counts


def test_no_false_certificate() -> None:
    counts = counted(range(40))
    assert counts["convex"] > 5
    assert counts["strongly convex"] >= 1
    assert counts["not convex"] > 10


@pytest.mark.slow
def test_no_false_certificate_among_many() -> None:
    counts = counted(range(40, 1150))
    assert sum(counts.values()) - counts.get("refused", 0) >= 1000
