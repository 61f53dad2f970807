"""Several binary labels at once, each with weights of its own."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "labels")
i, j, c = m.index("i"), n.index("j"), K.index("c")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
Theta = parameter("Theta", n, K, meaning="weights, one column per label")

Z = define("Z", i, c, Sum(X[i, j] * Theta[j, c], j), meaning="scores")
H = define("H", i, c, sigmoid(Z[i, c]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="multilabel_logistic",
    title="Multi-label logistic regression",
    data=(X, Y),
    parameters=(Theta,),
    definitions=(Z, H),
    cost=-1 / m * Sum(Sum(Y[i, c] * log(H[i, c]) + (1 - Y[i, c]) * log(1 - H[i, c]), c), i),
    prediction=H,
    summary="The mean over samples of the log losses of all their labels.",
    sources=(
        (
            "J. Read et al. (2011), Classifier chains for multi-label classification, Machine "
            "Learning 85(3)"
        ),
    ),
)
