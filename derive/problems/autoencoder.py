"""An autoencoder with tied weights: the decoder uses the transpose of the encoder's weights."""

from derive.notation import Axis, Problem, Sum, data, define, parameter, sigmoid

m, n, H = Axis("m", "samples"), Axis("n", "features"), Axis("H", "hidden units")
i, j, h = m.index("i"), n.index("j"), H.index("h")

X = data("X", m, n, meaning="features, one row per sample")
W = parameter("W", n, H, meaning="weights of the encoder and, transposed, of the decoder")
b = parameter("b", H, meaning="biases of the code")
a = parameter("a", n, meaning="biases of the reconstruction")

A = define("A", i, h, Sum(X[i, j] * W[j, h], j) + b[h], meaning="what enters the code")
Z = define("Z", i, h, sigmoid(A[i, h]), meaning="code")
R = define("R", i, j, Sum(Z[i, h] * W[j, h], h) + a[j], meaning="reconstruction")

PROBLEM = Problem(
    name="autoencoder",
    title="Autoencoder with tied weights",
    data=(X,),
    parameters=(W, b, a),
    definitions=(A, Z, R),
    cost=1 / (2 * m) * Sum(Sum((R[i, j] - X[i, j]) ** 2, j), i),
    prediction=R,
    summary="Half the mean squared error of the reconstruction of X from a code of sigmoid units. "
    "The weights act twice, so their gradient has two terms.",
    sources=("P. Vincent et al. (2010), Stacked denoising autoencoders, JMLR 11, section 2",),
)
