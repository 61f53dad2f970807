"""A network with two hidden layers and a softmax output: the log loss of K classes."""

from derive.notation import (
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    tanh,
)

m, n = Axis("m", "samples"), Axis("n", "features")
G, H, K = Axis("G", "first hidden units"), Axis("H", "second hidden units"), Axis("K", "classes")
i, j, g, h = m.index("i"), n.index("j"), G.index("g"), H.index("h")
c, d = K.index("c"), K.index("d")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, domain=UNIT, meaning="labels: rows with a single 1, or rows of probabilities")
W1 = parameter("W1", n, G, meaning="weights of the first layer")
b1 = parameter("b1", G, meaning="biases of the first layer")
W2 = parameter("W2", G, H, meaning="weights of the second layer")
b2 = parameter("b2", H, meaning="biases of the second layer")
W3 = parameter("W3", H, K, meaning="weights of the third layer")
b3 = parameter("b3", K, meaning="biases of the third layer")

A1 = define("A1", i, g, Sum(X[i, j] * W1[j, g], j) + b1[g], meaning="what enters the first layer")
Z1 = define("Z1", i, g, tanh(A1[i, g]), meaning="units of the first layer")
A2 = define("A2", i, h, Sum(Z1[i, g] * W2[g, h], g) + b2[h], meaning="what enters the second layer")
Z2 = define("Z2", i, h, sigmoid(A2[i, h]), meaning="units of the second layer")
S = define("S", i, c, Sum(Z2[i, h] * W3[h, c], h) + b3[c], meaning="scores")
P = define("P", i, c, exp(S[i, c]) / Sum(exp(S[i, d]), d), meaning="predicted probabilities")

PROBLEM = Problem(
    name="deep_network",
    title="Three-layer network for classes",
    data=(X, Y),
    parameters=(W1, b1, W2, b2, W3, b3),
    definitions=(A1, Z1, A2, Z2, S, P),
    cost=1 / m * Sum(log(Sum(exp(S[i, c]), c)) - Sum(Y[i, c] * S[i, c], c), i),
    prediction=P,
    summary="The mean log loss of labels Y, whose rows sum to 1, under the probabilities that a "
    "network with a layer of tanh units and one of sigmoid units gives to the classes.",
    sources=(
        "Rumelhart, Hinton, Williams (1986), Learning representations by back-propagating errors",
        "I. Goodfellow, Y. Bengio, A. Courville (2016), Deep Learning, section 6.5",
    ),
)
