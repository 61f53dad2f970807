"""What a certificate states is tried by the judge: forged kinds, moduli, bounds and witnesses."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.certify.certificate import certified
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.errors import ProblemError
from derive.judge import judge_stated
from derive.judge.witness import judge_witness
from derive.notation import Num
from derive.notation.text import text
from derive.pipeline import derive
from derive.publish.certificates import PLAIN, stated, summary
from derive.readers.plain import problem_from_text
from derive.record import Argument, Certificate

LOGISTIC = """
data X (m, n)
data y (m) in {0, 1}
data lambda > 0
data mu >= 0
data w (n) >= 0
parameter theta (n)
z_i = sum_j X_ij theta_j
J = 1/m sum_i (log(1 + exp(z_i)) - y_i z_i) + """


def read(source):
    """The problem without the data that its cost does not use."""
    lines = source.strip().splitlines()
    cost = " ".join(line for line in lines if "=" in line and not line.startswith("data"))
    kept = [
        line for line in lines if not line.startswith("data") or line.split()[1] in cost
    ]  # fmt: skip
    return problem_from_text("\n".join(kept))


def certificate_of(problem):
    return certified(problem, linear_predictor(problem, sample_loss(problem)))[0]


def said_convex(problem, modulus=None):
    """The bare claim, without a reason."""
    return Certificate("convex", (Argument(problem.parameters, ()),), modulus)


def refused(certificate, problem) -> bool:
    return not all(step.passed for step in judge_stated(certificate, problem))


# ---------------------------------------------------------------- convexity is tried


NOT_CONVEX = [
    "data x (m)\nparameter t\nJ = sum_i {(t - x_i)^2 if t > x_i; (t - x_i)^2 + 3 otherwise}",
    "data x (m)\nparameter t\nJ = sum_i {(t - x_i)^2 if t > x_i; 2 (t - x_i) otherwise}",
    "data x (m)\nparameter t\nJ = t^2 - 3 sum_i abs(t - x_i)",
    "data x (m)\nparameter t\nJ = sum_i [max(0, t - x_i)^2 + min(t, x_i)]",
    "parameter t\nJ = {1 if t > 0; 0 otherwise}",
    "parameter t\nJ = t^4 - t^2/50",
    "parameter t (n)\nJ = sum_j t_j^2 - 12/10 t_1^2",
    "data A (n, n) symmetric\nparameter t (n)\nJ = t' A t",
    "parameter a\nparameter b\nJ = a^2 + b^2 - 21/10 a b",
    "parameter a > 0\nJ = log(a) + a",
    "parameter M (n, n) symmetric\nJ = tr(M M) - 2 M[1,1]^2",
    "parameter P (n, n) positive definite\nJ = logdet(P)",
    (
        "data X (m, n)\ndata y (m) in {-1, 1}\nparameter t (n)\nz_i = sum_j X_ij t_j\n"
        "J = sum_i sigmoid(y_i z_i)"
    ),
]


@pytest.mark.parametrize("source", NOT_CONVEX)
def test_what_is_not_convex_cannot_be_stated_so(source) -> None:
    problem = problem_from_text(source)
    assert refused(said_convex(problem), problem)
    assert not certificate_of(problem).convex


@pytest.mark.parametrize(
    "source",
    [
        "data x (m)\nparameter t\nJ = sum_i {(t - x_i)^2 if t > x_i; 2 (t - x_i)^2 otherwise}",
        "data x (m)\nparameter t\nJ = sum_i exp(exp(t - x_i)) + abs(t)",
        "parameter t\nJ = t^2/10^400 + max(t, 0)",
        "data G (n, n) positive semidefinite\nparameter t (n)\nJ = t' G G t",
        "parameter P (n, n) positive definite\nJ = -logdet(P)",
        "parameter p (n) > 0\nJ = sum_j [p_j log(p_j) + p_j^3]",
        "data Q (n, n) orthogonal\nparameter t (n)\nJ = t' Q' Q t",
        (
            "data Y (m, K) one-hot rows\nparameter Z (m, K)\n"
            "J = -sum_i sum_k Y_ik log(exp(Z_ik) / (sum_l exp(Z_il)))"
        ),
    ],
)
def test_what_is_convex_is_never_refuted(source) -> None:
    problem = problem_from_text(source)
    assert not refused(said_convex(problem), problem)


# ---------------------------------------------------------------- strong convexity


@pytest.mark.parametrize(
    ("penalty", "modulus"),
    [
        ("lambda/2 sum_k theta_k^2", "lambda"),
        ("lambda/2 |theta|^2 + mu sum_{k=2}^n theta_k^2", "lambda"),
        ("mu/2 |theta|^2", "mu"),
        ("sum_k theta_k^2", "2"),
        ("lambda/2 sum_{k=1}^{n-1} theta[k]^2", None),
        ("lambda/2 sum_{k=1}^{n-1} theta[k+1]^2", None),
        ("lambda/2 sum_{k=2}^n theta_k^2", None),
        ("lambda/2 sum_k [k >= 2] theta_k^2", None),
        ("lambda/2 theta[1]^2", None),
        ("lambda/2 sum_k w_k theta_k^2", None),
        ("lambda/2 sum_{k=1}^{n-1} (theta[k+1] - theta[k])^2", None),
        ("lambda/2 sum_k theta_k^4", None),
        ("lambda/2 (sum_k theta_k)^2", None),
    ],
)
def test_only_a_whole_penalty_makes_it_strong(penalty, modulus) -> None:
    problem = read(LOGISTIC + penalty)
    certificate = certificate_of(problem)
    assert certificate.convex
    assert (certificate.modulus is None) == (modulus is None)
    if certificate.modulus is not None:
        assert text(certificate.modulus) == modulus
        assert not refused(certificate, problem)
        # The curvature of the losses is near 0 somewhere: twice the modulus is too much.
        assert refused(replace(certificate, modulus=3 * certificate.modulus), problem)
    else:
        letters = {t.name: t for t in problem.data}
        forged = replace(certificate, modulus=letters["lambda_"]())
        assert refused(forged, problem)


PARTLY = [
    "data lambda > 0\nparameter a (n)\nparameter b\nJ = exp(sum_j a_j + b) + lambda/2 sum_j a_j^2",
    (
        "data lambda > 0\nparameter a (n)\nparameter b\n"
        "J = exp(sum_j a_j + b) + lambda/2 sum_j a_j^2 + lambda/4 b^2"
    ),
    "data lambda > 0\nparameter M (n, n) symmetric\nJ = exp(tr(M)) + lambda/2 sum_j M[j,j]^2",
    "data lambda > 0\ndata t (n) in {0, 1}\nparameter a (n)\nJ = lambda/2 sum_j t_j a_j^2",
    "data lambda > 0\nparameter a (n)\nJ = sum_j exp(a_j) + lambda/2 sum_j a_j^2 - lambda/2 a_1^2",
]


@pytest.mark.parametrize("source", PARTLY)
def test_a_penalty_on_a_part_makes_nothing_strong(source) -> None:
    problem = problem_from_text(source)
    certificate = certificate_of(problem)
    assert certificate.modulus is None
    weight = next(t for t in problem.data if t.name == "lambda_")
    assert refused(said_convex(problem, weight()), problem)


def test_a_modulus_is_a_number() -> None:
    problem = problem_from_text("parameter a\nparameter b > 0\nJ = a^2/b + b")
    assert certificate_of(problem).modulus is None
    assert refused(said_convex(problem, 1 / problem.parameters[1]()), problem)


def test_where_the_weight_may_be_zero_that_is_said() -> None:
    proof, _ = derive(read(LOGISTIC + "mu/2 |theta|^2"))
    assert summary(proof).startswith("strongly convex where mu > 0")
    assert "and where mu is positive strongly so with modulus mu" in stated(proof, PLAIN)
    proof, _ = derive(read(LOGISTIC + "lambda/2 |theta|^2"))
    assert "even strongly with modulus lambda_" in stated(proof, PLAIN)


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("loss", "bound"),
    [
        ("softplus(z_i) - y_i z_i", Fraction(1, 4)),
        ("(z_i - y_i)^2/2", Fraction(1)),
        ("sqrt(1 + (z_i - y_i)^2)", None),
        ("{(z_i - y_i)^2/2 if abs(z_i - y_i) < 1; abs(z_i - y_i) - 1/2 otherwise}", None),
    ],
)
def test_a_bound_is_tried(loss, bound) -> None:
    problem = problem_from_text(
        "data X (m, n)\ndata y (m) in [0, 1]\nparameter theta (n)\n"
        f"z_i = sum_j X_ij theta_j\nJ = 1/m sum_i ({loss})"
    )
    certificate = certificate_of(problem)
    assert bound is None or certificate.bound == bound
    if certificate.bounded is None or certificate.bound is None:
        return
    assert not refused(certificate, problem)
    *first, last = certificate.bounded.steps
    for factor in (Fraction(9, 10), Fraction(1, 2), Fraction(0)):
        small = replace(last, after=Num(factor * certificate.bound))
        forged = replace(certificate.bounded, steps=(*first, small))
        assert refused(replace(certificate, bounded=forged), problem)
    other = replace(certificate.bounded, goal=Num(Fraction(0)), given=())
    assert refused(replace(certificate, bounded=other), problem)


# ---------------------------------------------------------------- witnesses


def swapped(witness, name, entries):
    """The witness with other numbers for one letter."""
    values = tuple(
        (t, tuple(map(Fraction, entries)) if t.name == name else own) for t, own in witness.values
    )
    assert values != witness.values
    return replace(witness, values=values)


WITNESSED = [
    ("data B (n, n) symmetric\nparameter t (n)\nJ = t' B t", "B", "not symmetric"),
    ("data S (n, n) positive semidefinite\nparameter t (n)\nJ = -t' S t", "S",
     "not positive semidefinite"),
    ("data S (n, n) positive definite\nparameter t (n)\nJ = -t' S t", "S",
     "not positive definite"),
    ("data D (n, n) diagonal\nparameter t (n)\nJ = t' D t", "D", "not diagonal"),
    ("data Q (n, n) orthogonal\nparameter t (n)\nJ = t' Q t", "Q", "not orthogonal"),
    ("data Y (n, K) one-hot rows\nparameter t (n)\nJ = -sum_j sum_k Y_jk t_j^2", "Y",
     "rows of Y"),
    ("data P (n, K) rows sum to one\nparameter t (n)\nJ = -sum_j sum_k P_jk t_j^2", "P",
     "rows of P"),
    ("data y (n) in {-1, 1}\nparameter t (n)\nJ = sum_j y_j t_j^2", "y", "outside of its domain"),
    ("data y (n) in {0, 1, 5}\nparameter t (n)\nJ = sum_j (1 - y_j) t_j^2", "y",
     "outside of its domain"),
    ("data y (n) counts\nparameter t (n)\nJ = sum_j (2 - y_j) t_j^2", "y",
     "outside of its domain"),
    ("data y (n) < 1\nparameter t (n)\nJ = sum_j y_j t_j^2", "y", "outside of its domain"),
]  # fmt: skip
BAD = {
    "B": (0, 1, -3, 0), "S": (-3, 0, 0, 5), "D": (-3, 1, 1, -3), "Q": (-2, 0, 0, 1),
    "Y": ("1/2", "1/2", "1/2", "1/2"), "P": (1, 2, 1, 1), "y": ("-1/2", "-1/2"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "name", "wrong"), WITNESSED, ids=[c[2] for c in WITNESSED])
def test_a_witness_has_every_declared_fact(source, name, wrong) -> None:
    problem = problem_from_text(source)
    certificate = certificate_of(problem)
    witness = certificate.witness
    assert witness is not None
    assert judge_witness(witness).passed
    assert not refused(certificate, problem)
    sizes = {a: 2 for a, _ in witness.sizes}
    bad = BAD[name]
    if "< 1" in source:
        bad = (1, 1)
    wide = replace(
        witness,
        sizes=tuple(sizes.items()),
        values=tuple((t, (*own, *own, *own, *own)[: 2 ** len(t.axes)])
                     for t, own in witness.values),
        direction=tuple((t, (1, 0)) for t, _ in witness.direction),
    )  # fmt: skip
    found = judge_witness(swapped(wide, name, bad))
    assert not found.passed
    assert wrong in found.message


HULLS = [
    ("data y (m) in {-1, 1}\nparameter b\nJ = sum_i (1 - y_i^2) (-b^2) + b", "-1, 1"),
    ("data t (m) in {0, 1}\nparameter b\nJ = b - sum_i t_i (1 - t_i) b^2", "0, 1"),
    ("data c (m) counts\nparameter b\nJ = sum_i c_i (c_i - 1) b^2", "counts"),
    ("data K (m, m) positive semidefinite\nparameter a (m)\nJ = a' K a", "semidefinite"),
    ("data K (m, m) positive semidefinite\nparameter b\nJ = sum_i K_ii b^2", "diagonal"),
    ("data Y (m, K) one-hot rows\nparameter b\nJ = -sum_i sum_k Y_ik (1 - Y_ik) b^2", "one-hot"),
    ("data P (m, K) rows sum to one\nparameter b\nJ = sum_i (1 - sum_k P_ik) b^3 + b", "rows"),
    ("data Q (n, n) orthogonal\nparameter t (n)\nJ = t' Q' Q t", "orthogonal"),
    (("data D (n, n) diagonal\nparameter t (n)\n"
     "J = sum_j sum_k D_jk t_j t_k - sum_j D_jj t_j^2 + t_1"), "diagonal"),
    ("parameter a > 0\nJ = a^3", "the parameter's domain"),
    (("data y (m) counts\ndata o (m) in {0, 1}\nparameter b\no_i = {1 if y_i = 0; 0 otherwise}\n"
     "J = b - sum_i o_i y_i b^2"), "data that hang together"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "why"), HULLS, ids=[c[1] for c in HULLS])
def test_a_set_is_not_its_hull(source, why) -> None:
    """All of these are convex for the data as declared, and not for others near them."""
    del why
    problem = problem_from_text(source)
    certificate = certificate_of(problem)
    assert certificate.convexity != "not convex"
    assert not refused(said_convex(problem), problem)


def test_a_line_stays_in_the_domain() -> None:
    problem = problem_from_text("parameter a (n) >= 0\nJ = sum_j (a_j - 2)^3")
    witness = certificate_of(problem).witness
    assert witness is not None
    *_, (start, entries) = witness.values
    edge = swapped(witness, start.name, [0] * len(entries))
    assert "leaves the domain" in judge_witness(edge).message
    whole = problem_from_text("parameter a integer\nJ = -a^2")
    assert certificate_of(whole).convexity == "not certified"


def test_data_that_hang_together() -> None:
    source = (
        "data y (m) counts\ndata o (m) in {0, 1}\nparameter b\n"
        "o_i = {1 if y_i = 0; 0 otherwise}\nJ = sum_i (o_i b^2 - y_i b^2)"
    )
    problem = problem_from_text(source)
    assert [tie.tensor.name for tie in problem.ties] == ["o"]
    witness = certificate_of(problem).witness
    assert witness is not None
    values = {t.name: entries for t, entries in witness.values}
    assert [int(o) for o in values["o"]] == [int(y == 0) for y in values["y"]]
    forged = swapped(witness, "o", [1 - o for o in values["o"]])
    assert "does not follow from the other data" in judge_witness(forged).message
    loose = replace(witness, problem=replace(witness.problem, ties=()))
    assert refused(Certificate("not convex", witness=loose), problem)
    with pytest.raises(ProblemError, match="already data"):
        problem_from_text("data y\ndata o\nparameter b\no = b + y\nJ = o b^2 + y")


def test_parts_that_do_not_belong_together() -> None:
    problem = problem_from_text("parameter a\nparameter b\nJ = a b + a^2")
    certificate = certificate_of(problem)
    assert certificate.convexity == "not convex"
    assert not refused(certificate, problem)
    assert refused(replace(certificate, witness=None), problem)
    assert refused(replace(certificate, convexity="convex", witness=None), problem)
    assert refused(replace(certificate, modulus=Num(Fraction(1))), problem)
    other = problem_from_text("parameter a\nparameter b\nJ = a b + a^2 + 1")
    assert refused(certificate, other)
