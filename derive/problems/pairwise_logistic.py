"""RankNet: a logistic loss of the differences of scores, over pairs of documents."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, parameter, softplus

m, n = Axis("m", "documents"), Axis("n", "features")
i, r, j = m.index("i"), m.index("r"), n.index("j")

X = data("X", m, n, meaning="features, one row per document")
R = data("R", m, m, domain=UNIT, meaning="R_ir = 1 where document i should stand before r, else 0")
theta = parameter("theta", n, meaning="weights of the score")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")

PROBLEM = Problem(
    name="pairwise_logistic",
    title="Pairwise logistic ranking (RankNet)",
    data=(X, R),
    parameters=(theta,),
    definitions=(z,),
    cost=Sum(R[i, r] * softplus(z[r] - z[i]), i, r),
    prediction=z,
    summary="The log loss of all stated preferences, i before r with probability "
    "sigmoid(z_i - z_r).",
    sources=("C. Burges et al. (2005), Learning to rank using gradient descent, ICML, section 3",),
)
