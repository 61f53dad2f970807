"""A network with one hidden layer: tanh units, then a linear output, fitted by squares."""

from derive.notation import Axis, Problem, Sum, data, define, parameter, tanh

m, n = Axis("m", "samples"), Axis("n", "features")
H, K = Axis("H", "hidden units"), Axis("K", "outputs")
i, j, h, c = m.index("i"), n.index("j"), H.index("h"), K.index("c")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, meaning="targets, one row per sample")
W = parameter("W", n, H, meaning="weights of the hidden units, one column per unit")
b = parameter("b", H, meaning="biases of the hidden units")
V = parameter("V", H, K, meaning="weights of the outputs, one column per output")
a = parameter("a", K, meaning="biases of the outputs")

A = define("A", i, h, Sum(X[i, j] * W[j, h], j) + b[h], meaning="what enters the hidden units")
Z = define("Z", i, h, tanh(A[i, h]), meaning="hidden units")
P = define("P", i, c, Sum(Z[i, h] * V[h, c], h) + a[c], meaning="predicted values")

PROBLEM = Problem(
    name="two_layer_network",
    title="Two-layer network",
    data=(X, Y),
    parameters=(W, b, V, a),
    definitions=(A, Z, P),
    cost=1 / (2 * m) * Sum(Sum((P[i, c] - Y[i, c]) ** 2, c), i),
    prediction=P,
    summary="Half the mean squared error of a network with one layer of tanh units. It is not "
    "convex: permuting the hidden units, for one, changes nothing.",
    sources=("C. M. Bishop (2006), Pattern Recognition and Machine Learning, sections 5.1 to 5.3",),
)
