"""Costs of textbooks, for the table of their gradients and Hessians."""

from fractions import Fraction

from derive.notation import (
    COUNTS,
    POSITIVE,
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
    softplus,
    sqrt,
    tanh,
)
from derive.notation.tree import tensors_in

m, n, K = Axis("m"), Axis("n"), Axis("K")
i, r = m.index("i"), m.index("r")
j, k, q, l = (n.index(a) for a in "jkql")
c, d = K.index("c"), K.index("d")
X, y, Y = data("X", m, n), data("y", m), data("Y", m, K)
A, B, C = data("A", n, n), data("B", n, n), data("C", n, K)
S = data("S", n, n, facts=("symmetric",))
T = data("T", n, n, facts=("symmetric",))
Km = data("Q", m, m, facts=("symmetric",))
N = data("N", n, n, domain=COUNTS)  # win counts
M = data("M", m, n)
R = data("R", m, m, domain=UNIT)
delta = data("delta", m, domain=UNIT)
D = data("D", K, K)
E = data("E", K, n)
T3 = data("T3", m, n, n)
omega = data("omega", m)
lam = data("lambda_", domain=POSITIVE)
a = data("a", n, domain=POSITIVE)
u0 = data("u0", n)
theta, b, W = parameter("theta", n), parameter("b"), parameter("W", n, K)
x = parameter("x", n)
w = parameter("w", n)
P1, P2 = (parameter(a, *axes, domain=POSITIVE) for a, axes in (("U", (m, K)), ("V", (n, K))))
U, V = parameter("U", m, K), parameter("V", n, K)
G = parameter("G", n, n)
s = parameter("s", n)
alpha = parameter("alpha", m)
u = parameter("u", K)
Vm = parameter("V", n, K)
z = define("z", i, Sum(X[i, j] * theta[j], j))
half = Fraction(1, 2)
CASES = {
    "mf": (Sum((M[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j), (U, V)),
    "mf_masked": (Sum(X[i, j] * (M[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j), (U, V)),
    "mf_masked_l2": (
        half * Sum(X[i, j] * (M[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j)
        + lam() / 2 * (Sum(U[i, c] ** 2, i, c) + Sum(V[j, c] ** 2, j, c)),
        (U, V),
    ),
    "multiridge": (
        Sum((Sum(X[i, j] * W[j, c], j) - Y[i, c]) ** 2, i, c) + lam() * Sum(W[j, c] ** 2, j, c),
        (W,),
    ),
    "multiridge_half": (
        1 / (2 * m) * Sum((Sum(X[i, j] * W[j, c], j) - Y[i, c]) ** 2, i, c)
        + lam() / 2 * Sum(W[j, c] ** 2, j, c),
        (W,),
    ),
    "tr(AG)": (Sum(A[j, k] * G[k, j], j, k), (G,)),
    "tr(AGB)": (Sum(A[j, k] * G[k, l] * B[l, j], j, k, l), (G,)),
    "tr(G'AG)": (Sum(G[j, k] * A[j, l] * G[l, k], j, k, l), (G,)),
    "tr(W'SW)": (Sum(W[j, c] * S[j, l] * W[l, c], j, c, l), (W,)),
    "tr(W'AW)": (Sum(W[j, c] * A[j, l] * W[l, c], j, c, l), (W,)),
    "tr(GAG'B)": (Sum(G[j, k] * A[k, l] * G[q, l] * B[q, j], j, k, l, q), (G,)),
    "tr(W D W' S)": (Sum(W[j, c] * D[c, d] * W[q, d] * S[q, j], j, c, d, q), (W,)),
    "tr(G2)": (Sum(G[j, k] * G[k, j], j, k), (G,)),
    "tr(G'GG'G)": (Sum(G[k, j] * G[k, l] * G[q, l] * G[q, j], j, k, l, q), (G,)),
    "|W'W|^2": (Sum(Sum(W[j, c] * W[j, d], j) ** 2, c, d), (W,)),
    "|W'W-D|^2": (Sum((Sum(W[j, c] * W[j, d], j) - D[c, d]) ** 2, c, d), (W,)),
    "|S-WW'|^2": (Sum((S[j, k] - Sum(W[j, c] * W[k, c], c)) ** 2, j, k), (W,)),
    "|A-WW'|^2": (Sum((A[j, k] - Sum(W[j, c] * W[k, c], c)) ** 2, j, k), (W,)),
    "x'Ax": (Sum(x[j] * A[j, k] * x[k], j, k), (x,)),
    "x'Sx": (Sum(x[j] * S[j, k] * x[k], j, k), (x,)),
    "x'Sx/2-a'x": (half * Sum(x[j] * S[j, k] * x[k], j, k) - Sum(a[j] * x[j], j), (x,)),
    "a'Ax": (Sum(a[j] * A[j, k] * x[k], j, k), (x,)),
    "s'Ax": (Sum(s[j] * A[j, k] * x[k], j, k), (s, x)),
    "(x-a)'S(x-a)": (Sum((x[j] - a[j]) * S[j, k] * (x[k] - a[k]), j, k), (x,)),
    "rayleigh": (Sum(x[j] * S[j, k] * x[k], j, k) / Sum(x[j] ** 2, j), (x,)),
    "genrayleigh": (Sum(x[j] * S[j, k] * x[k], j, k) / Sum(x[j] * T[j, k] * x[k], j, k), (x,)),
    "traceratio": (
        Sum(W[j, c] * S[j, l] * W[l, c], j, l, c) / Sum(W[j, c] * T[j, l] * W[l, c], j, l, c),
        (W,),
    ),
    "kernelridge": (
        half * Sum((y[i] - Sum(Km[i, r] * alpha[r], r)) ** 2, i)
        + lam() / 2 * Sum(alpha[i] * Km[i, r] * alpha[r], i, r),
        (alpha,),
    ),
    "kernellogistic": (
        1 / m * Sum(softplus(scores := Sum(Km[i, r] * alpha[r], r)) - y[i] * scores, i)
        + lam() / 2 * Sum(alpha[i] * Km[i, r] * alpha[r], i, r),
        (alpha,),
    ),
    "pairs": (Sum(R[i, r] * softplus(z[r] - z[i]), i, r), (theta,), (z,)),
    "pairs_s": (Sum(B[j, k] * softplus(s[k] - s[j]), j, k), (s,)),
    "bradley_terry": (-Sum(N[j, k] * (s[j] - log(exp(s[j]) + exp(s[k]))), j, k), (s,)),
    "bradley_terry2": (-Sum(N[j, k] * log(sigmoid(s[j] - s[k])), j, k), (s,)),
    "cox": (-Sum(delta[i] * (z[i] - log(Sum(R[i, r] * exp(z[r]), r))), i), (theta,), (z,)),
    "fm": (
        half
        / m
        * Sum(
            (
                b()
                + Sum(X[i, j] * w[j], j)
                + half
                * Sum(Sum(X[i, j] * Vm[j, c], j) ** 2 - Sum(X[i, j] ** 2 * Vm[j, c] ** 2, j), c)
                - y[i]
            )
            ** 2,
            i,
        ),
        (b, w, Vm),
    ),
    "bilinear": (half * Sum((Sum(X[i, j] * W[j, c] * Y[i, c], j, c) - y[i]) ** 2, i), (W,)),
    "bilinear_log": (Sum(softplus(Sum(X[i, j] * W[j, c] * Y[i, c], j, c)), i), (W,)),
    "rank3": (Sum(T3[i, j, k] * theta[j] * theta[k] * y[i], i, j, k), (theta,)),
    "rank3m": (Sum(Sum(T3[i, j, k] * G[j, k], j, k) ** 2, i), (G,)),
    "rank3sq": (Sum((y[i] - Sum(T3[i, j, k] * theta[j] * theta[k], j, k)) ** 2, i), (theta,)),
    "hadamard": (Sum((A[j, k] * G[j, k]) ** 2, j, k), (G,)),
    "hadamard2": (Sum((A[j, k] * G[j, k] - B[j, k]) ** 2, j, k), (G,)),
    "frob": (Sum((G[j, k] - A[j, k]) ** 2, j, k), (G,)),
    "AGB": (Sum((Sum(A[j, k] * G[k, l] * B[l, q], k, l) - S[j, q]) ** 2, j, q), (G,)),
    "rowweights": (Sum(omega[i] * (Sum(X[i, j] * W[j, c], j) - Y[i, c]) ** 2, i, c), (W,)),
    "colweights": (Sum(a[j] * (M[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j), (U, V)),
    "diagG": (Sum(G[j, j], j), (G,)),
    "diagG2": (Sum(G[j, j] ** 2, j), (G,)),
    "diag(x)A": (Sum(x[j] * A[j, k] * x[k] * a[k], j, k), (x,)),
    "lse": (log(Sum(exp(x[j]), j)), (x,)),
    "lse_lin": (log(Sum(exp(Sum(X[i, j] * theta[j], j)), i)), (theta,)),
    "softmax": (
        1
        / m
        * Sum(log(Sum(exp(logits := Sum(X[i, j] * W[j, c], j)), c)) - Sum(Y[i, c] * logits, c), i),
        (W,),
    ),
    "mixture": (-Sum(log(Sum(exp(-half * (y[i] - theta[j]) ** 2), j)), i), (theta,)),
    "mixture2": (-Sum(log(Sum(a[j] * exp(-half * (y[i] - theta[j]) ** 2), j)), i), (theta,)),
    "norm": (sqrt(Sum(theta[j] ** 2, j)), (theta,)),
    "norm_res": (sqrt(Sum((z[i] - y[i]) ** 2, i)), (theta,), (z,)),
    "cosine": (Sum(x[j] * a[j], j) / sqrt(Sum(x[j] ** 2, j)), (x,)),
    "quartic": (Sum(x[j] ** 2, j) ** 2, (x,)),
    "phase": (Sum((y[i] - Sum(X[i, j] * theta[j], j) ** 2) ** 2, i), (theta,)),
    "wls": (Sum(omega[i] * (z[i] - y[i]) ** 2, i), (theta,), (z,)),
    "smooth": (
        Sum((Sum(A[j, k] * x[k], k) - a[j]) ** 2, j) + lam() * Sum(x[j] * S[j, k] * x[k], j, k),
        (x,),
    ),
    "graphlap": (half * Sum(S[j, k] * (x[j] - x[k]) ** 2, j, k), (x,)),
    "stress": (Sum((Sum((Vm[j, c] - Vm[k, c]) ** 2, c) - A[j, k]) ** 2, j, k), (Vm,)),
    "2layer": (half * Sum((Sum(tanh(Sum(X[i, j] * W[j, c], j)) * u[c], c) - y[i]) ** 2, i), (W, u)),
    "autoenc": (Sum((X[i, j] - Sum(Sum(X[i, k] * W[k, c], k) * W[j, c], c)) ** 2, i, j), (W,)),
    "poissonmf": (
        Sum(Sum(P1[i, c] * P2[j, c], c) - M[i, j] * log(Sum(P1[i, c] * P2[j, c], c)), i, j),
        (P1, P2),
    ),
    "logmf": (
        Sum(softplus(Sum(U[i, c] * V[j, c], c)) - M[i, j] * Sum(U[i, c] * V[j, c], c), i, j),
        (U, V),
    ),
    "metric": (Sum((y[i] - Sum(X[i, j] * G[j, k] * X[i, k], j, k)) ** 2, i), (G,)),
    "outer_res": (Sum((A[j, k] - x[j] * s[k]) ** 2, j, k), (x, s)),
    "kmeans": (Sum(Y[i, c] * Sum((X[i, j] - W[j, c]) ** 2, j), i, c), (W,)),
}
CASES |= {
    "tr(XX')": (Sum(G[j, k] ** 2, j, k), (G,)),
    "tr(A'G)": (Sum(A[j, k] * G[j, k], j, k), (G,)),
    "tr(G3)": (Sum(G[j, k] * G[k, l] * G[l, j], j, k, l), (G,)),
    "tr(W'W D)": (Sum(W[j, c] * W[j, d] * D[d, c], j, c, d), (W,)),
    "a'G b": (Sum(a[j] * G[j, k] * u0[k], j, k), (G,)),
    "a'G'G b": (Sum(a[j] * G[l, j] * G[l, k] * u0[k], j, k, l), (G,)),
    "|G a - b|^2": (Sum((Sum(G[j, k] * a[k], k) - u0[j]) ** 2, j), (G,)),
    "|Ax - b|^2": (Sum((Sum(A[j, k] * x[k], k) - a[j]) ** 2, j), (x,)),
    "x'Sx x'Tx": (Sum(x[j] * S[j, k] * x[k], j, k) * Sum(x[j] * T[j, k] * x[k], j, k), (x,)),
    "exp(x'Sx)": (exp(Sum(x[j] * S[j, k] * x[k], j, k)), (x,)),
    "log(1+x'x)": (log(1 + Sum(x[j] ** 2, j)), (x,)),
    "S*W": (Sum(Sum(S[j, k] * W[k, c], k) ** 2, j, c), (W,)),
    "sum of sigmoids": (Sum(softplus(Sum(X[i, j] * W[j, c], j)), i, c), (W,)),
    "group penalties": (Sum(sqrt(lam() + Sum(W[j, c] ** 2, c)), j), (W,)),
    "variance": (1 / m * Sum((z[i] - 1 / m * Sum(z[r], r)) ** 2, i), (theta,), (z,)),
    "huberised": (Sum(sqrt(1 + (z[i] - y[i]) ** 2), i), (theta,), (z,)),
    "weights in rows and columns": (
        Sum(omega[i] * M[i, j] * (X[i, j] - Sum(U[i, c] * V[j, c], c)) * a[j], i, j),
        (U, V),
    ),
    "diag(X'X)": (Sum(Sum(X[i, j] ** 2, i) * theta[j] ** 2, j), (theta,)),
    "mean vector": (Sum(Sum((X[i, j] - theta[j]) ** 2, j), i), (theta,)),
    "contrastive": (Sum(softplus(-Sum(U[i, c] * U[r, c], c) * R[i, r]), i, r), (U,)),
}


def problem(name):
    """The cost of the table as a problem."""
    cost, parameters, *rest = CASES[name]
    definitions = rest[0] if rest else ()
    used = set(tensors_in(cost))
    for d in definitions:
        used |= set(tensors_in(d.body))
    given = sorted((t for t in used if t.role == "data"), key=lambda t: t.name)
    return Problem("textbook", name, tuple(given), parameters, cost, definitions)
