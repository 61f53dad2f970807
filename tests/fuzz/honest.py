"""Small honest costs of odd kinds, as people type them: nothing here may crash.

One cost a line. `d x (m)` declares data, `p t (n)` a parameter, `@` ends a line of the text.
"""

from __future__ import annotations

LITERAL = """
p t (n) @ (1 - t[1])^2 + 100 (t[2] - t[1]^2)^2
p theta (n) @ theta[2]^3 + theta[1]
p theta (n) @ theta[1]^2 + theta[2]^2 - theta[1] theta[2]
d x (m) @ d y (m) @ p b (n) @ sum_i (y_i - b[1] exp(-b[2] x_i) - b[3])^2
d x (m) @ d y (m) @ p b (n) @ sum_i (y_i - b[1] exp(-b[2] x_i) - b[3] exp(-b[4] x_i))^2
d x (m) @ d y (m) @ p b (n) @ 1/m sum_i (y_i - b[1]/(1 + exp(-b[2] (x_i - b[3]))))^2
d x (m) @ d y (m) @ p b (n) @ 1/2 sum_i (y_i - b[1] sin(b[2] x_i + b[3]))^2
d x (m) @ d y (m) > 0 @ p b (n) @ sum_i (y_i b[1] - log(b[2]^2 + x_i^2))^2
p t (n) @ t[1] t[2] t[3]
p t (n) @ t[5]
p t (n) @ t[1]^4 + t[2]^4 + 3 t[1]^2 t[2]^2
p t (n) @ exp(t[1] - t[2]) + exp(t[2] - t[1])
p t (n) @ log(exp(t[1]) + exp(t[2]) + exp(t[3]))
p t (n) @ max(t[1], t[2])
p t (n) @ |t[1] - t[2]| + |t[2] - t[3]|
p t (n) @ sqrt(1 + t[1]^2 + t[3]^2)
p t (n) @ (t[1]^2 + t[2] - 11)^2 + (t[1] + t[2]^2 - 7)^2
p t (n) @ (3/2 - t[1] + t[1] t[2])^2 + (9/4 - t[1] + t[1] t[2]^2)^2
p t (n) @ t[n]^2 + t[1]^2
p t (n) @ t[n] t[n-1]
p t (n) @ sum_{j=1}^{n-1} (100 (t[j+1] - t[j]^2)^2 + (1 - t[j])^2)
p t (n) @ sum_{j=1}^{n-2} (t[j] - 2 t[j+1] + t[j+2])^2
p x (n) @ sum_{i=1}^{n-2} (x[i+2] - x[i])^2
p x (n) @ sum_{i=1}^{n-2} x[i] x[i+1] x[i+2]
p x (n) @ sum_{i=1}^{n-3} (x[i+3] - x[i])^4
p x (n) @ sum_{i=1}^{n-1} |x[i+1] - x[i]|
p x (n) @ sum_{i=2}^{n} (x[i] - x[i-1])^2 + x[1]^2
p x (n) @ sum_{i=2}^{n-1} (x[i-1] - 2 x[i] + x[i+1])^2
p x (n) @ (x[1] - x[n])^2 + sum_{i=1}^{n-1} (x[i+1] - x[i])^2
p A (m, n) @ A[1,1]^2 + A[2,3]
p A (m, n) @ A[1,2] A[2,1] - A[1,1] A[2,2]
p A (n, n) @ A[1,1] A[2,2] - A[1,2] A[2,1]
p A (n, n) @ tr(A) + A[1,2]^2
p A (n, n) @ sum_i A[i,i]^2 - A[1,1]
p A (m, n) @ sum_i A[i,1]^2 + sum_j A[1,j]^4
p A (m, n) @ sum_{i,j} (A[i,j] - A[1,j])^2
d X (m, n) @ d y (m) @ p t (n) @ sum_i (y_i - sum_j X_ij t_j)^2 + t[1]^2
d X (m, n) @ d y (m) @ p t (n) @ sum_i (y_i - X[i,1] t[1] - X[i,2] t[2]^2)^2
d X (m, n) @ p t (n) @ sum_i log(1 + exp(-X[i,3] t[2])) + t[1]^2
d x (m) @ p b (n) @ sum_i log(1 + exp(-(b[1] + b[2] x_i)))
d x (m) @ p b (n) @ sum_i (exp(b[1] + b[2] x_i) - x_i (b[1] + b[2] x_i))
d X (m, n) @ d lambda > 0 @ p t (n) @ sum_i (sum_j X_ij t_j)^2 + lambda sum_{j=2}^n t_j^2
d x (m) @ p t (n) @ p s @ sum_i (x_i - t[1])^2 s^2 + t[2] s
d G (n, n) @ p t (n) @ sum_{j=2}^n G[j-1,j] t[j]^2
p G (n, n) @ sum_{j=2}^n [j >= 2] G[j-1,j]^2
p G (n, n) @ sum_{j=2}^n [j >= 3] G[j-1,j]^2
p G (n, n) @ sum_{j=1}^{n-1} [j >= 2] G[j,j+1]^2
p G (n, n) @ sum_{j=1}^{n-1} G[j,j+1] G[j+1,j]
p G (m, n) @ sum_{i=1}^{m-1} sum_{j=1}^{n-1} (G[i+1,j+1] - G[i,j])^2
p G (m, n) @ sum_{i=1}^{m-1} sum_{j=1}^n (G[i+1,j] - G[i,j])^2 + sum_i G[i,1]^2
p t (n) @ sum_j [j >= 2] t_j^2
p t (n) @ sum_{j=2}^n [j >= 2] t_j t_{j-1}
p t (n) @ sum_{j=3}^n [j >= 2] t_j t_{j-1}
p t (n) @ sum_i sum_j [i = j] t_i t_j
p t (n) @ sum_i sum_j [i >= 2] [j >= 3] t_i^2 t_j
p t (n) @ (sum_{j=2}^n t_j) (sum_{j=1}^{n-1} t_j)
p t (n) @ prod_{j=2}^n t_j + t[1]
p t (n) @ prod_j (1 + t_j^2) - t[2]
p t (n) @ sum_{j=1}^{n-1} prod_k (t_k - t_j)
p T (a, b, c) @ T[1,2,1]^2 + sum_{i,j,k} T[i,j,k]^2
p T (a, b, c) @ sum_{i=1}^{a-1} sum_j sum_k (T[i+1,j,k] - T[i,j,k])^2
"""

RANGES = """
d x (m) @ p t @ sum_i (x_i - t)^1000
d h @ d c > 0 @ p t @ t^2 exp((h/c)^4)
p t @ t^2/10^400
p t @ t^2/10^300
p t @ 10^400 t^2
p t @ max(t, t)
p t (n) @ sum_j max(t_j, t_j)
p t @ exp(exp(t))
p t (n) @ sum_j exp(exp(t_j))
p t @ exp(exp(exp(t)))
p t @ 10^308 t^2
p t @ t^2 10^(-320)
p t @ 1e308 t^2
p t @ 1e-320 t^2
p t @ 1e-320 t^2 + t
p t @ (t/1e-160)^2
p t @ t^2/1e200/1e200
d x (m) @ p t @ sum_i (x_i - t)^100
d x (m) @ p t @ sum_i exp((x_i - t)^6)
d x (m) @ p t @ sum_i (x_i t)^40 exp(-(x_i t)^2)
p t > 0 @ t^t
p t > 0 @ t^200 + t^(-200)
p t @ cosh(t^4)
p t @ sinh(100 t)
p t (n) @ exp(sum_j t_j^2)^3
p t (n) @ exp(10 sum_j t_j^4)
p t (n) @ (sum_j t_j^2)^50
p t > 0 @ log(log(1 + exp(t)))
p t @ exp(-exp(t)) exp(t)
p t @ exp(t)^300
p t @ t^3 exp(700)
p t @ exp(1000) t^2
p t @ exp(-1000) t^2
p t @ exp(-800) t^2 + t^4
p t (n) @ prod_j exp(40 t_j^2)
d w (m) > 0 @ p t @ sum_i w_i^60 t^2
p t @ (1 + t^2)^(-100)
p t @ 1/(1 + exp(exp(t)))
p t @ log(1 + exp(exp(t)))
p t @ tanh(exp(t^2))
p t @ (1e200 t)^2
p t @ (t^10)^10
p t @ 2^t
p t @ 2^(100 t)
p t @ log(1 + 1e300 t^2)
d x (m) @ p t @ sum_i log(1 + exp(1000 (x_i - t)))
"""

KINKS = """
p t @ |t|
p t @ |t|^3
p t @ max(t, 0)
p t @ max(0, t)^2
p t @ max(t, -t)
p t @ min(t, t^2)
p t @ max(t, 2 t)
p t @ max(t, t + 1)
p t (n) @ sum_j max(t_j, 2 t_j, 0)
p t @ ||t| - 1|
p t @ |t| t
p t @ sign(t) t
p t @ sqrt(t^2)
p t @ sqrt(t^2 + 1) - |t|
p t (n) @ sum_j |t_j|^(3/2)
d x (m) @ p t @ sum_i |x_i - t|
d x (m) @ p t @ sum_i max(0, 1 - x_i t)
d x (m) @ p t @ sum_i max(0, 1 - x_i t)^3
d x (m) @ p t @ sum_i {(x_i - t)^2/2 if |x_i - t| <= 1; |x_i - t| - 1/2 otherwise}
d x (m) @ p t @ sum_i [x_i > t] (x_i - t)
d x (m) @ p t @ sum_i [x_i > t] (x_i - t)^2
d x (m) @ p t @ sum_i [x_i > 0] [t > 0] t^2 x_i
d x (m) @ p t @ sum_i [x_i > 0] ([x_i > 1] t + t^2)
p t @ [t > 0] + t^2
p t @ {t^2 if t > 0; -t^2 otherwise}
p t @ {t if t > 0; 0 if t = 0; -t otherwise}
p s @ p t @ |s - t| + max(s, t)
p s @ p t @ max(s, t)^2 - min(s, t)^2
p s @ p t @ |s t|
p t (n) @ ||t||
p t (n) @ |t|_1 + |t|^2
p t (n) @ max(0, ||t|| - 1)
p t @ relu(t) relu(-t)
p t @ abs(relu(t) - 1)
p t @ |t - t|
p t @ max(t - t, 0)
p t @ sign(t - t) + t
p t @ max(min(t, 1), -1)
"""

PLAIN = """
p t @ 0
p t @ 5
p t @ t - t
p t @ 0 t
p t @ t
p t (n) @ 0
p t (n) @ 3 + 0 t[1]
p t (n) @ sum_j t_j - sum_i t_i
p t (n) @ sum_j t_j
p t @ p s @ s^2
p t (n) @ p s @ s
p t (n) @ p A (m, n) @ |t|^2
d x (m) @ p t @ t^2
d x (m) @ p t @ sum_i x_i
d x (m) @ p t @ sum_i x_i^2 + t^2
d x (m) @ p t @ sum_i (x_i - t)^2 - sum_i (x_i - t)^2
d c @ p t @ c t
d c @ p t @ c
d c @ p t @ c - c + t^2
p t @ pi t^2
p t @ t^2/2 + t^3/3 - t/7
p t @ (t - 1)(t - 2)(t - 3)
p t @ (t - 1)^7
p t @ 1/(1 + t^2)
p t @ t/(1 + t^2)
p t @ t/(1 + |t|)
p t @ t/(1 + exp(t))
p t @ exp(t)/(1 + exp(t))^2
p t @ erfc(t) t^2
p phi (m) @ sum_i erfc(phi_i) phi_i^2
p t (n) @ sum_j erf(t_j) exp(-t_j^2)
p t @ sin(t)/(2 + cos(t))
p t @ sin(t)^2 + cos(t)^2
p t @ cos(3 t) - t^2
p t @ atan(t)^2
p t @ tanh(t)^2 - t tanh(t)
p t > 0 @ log(t) + 1/t
p t > 0 @ t log(t)
p t > 0 @ sqrt(t) - t
p t > 0 @ t^(1/3)
p t > 0 @ t^(-5/2)
p t in (0, 1) @ -log(t) - log(1 - t)
p t in (0, 1) @ t log(t) + (1 - t) log(1 - t)
d n0 in counts @ p t @ n0 t - exp(t)
d p0 (n) @ p t (n) @ prod_j (t_j - p0_j)
p t (n) @ prod_j t_j
p t (n) @ (prod_j t_j)^2
p t (n) @ prod_j (1 - t_j) + sum_j t_j
p t (n) @ sum_i prod_j (t_i - 2 t_j)
d X (m, n) @ p t (n) @ sum_i prod_j (1 + X_ij t_j)
d X (m, n) @ p t (n) @ prod_i (sum_j X_ij t_j)
d X (m, n) @ p t (n) @ sum_i (prod_j (t_j - X_ij))^2
p t (n) @ log(prod_j (1 + t_j^2))
d q (n) > 0 @ p t (n) > 0 @ prod_j t_j^q_j
p A (m, n) @ prod_{i,j} A_ij
p A (m, n) @ sum_i prod_j A_ij
p A (m, n) @ sum_j prod_i (A_ij - 1)
"""

MATRICES = """
p A (n, n) @ tr(A)
p A (n, n) @ tr(A A)
p A (n, n) @ tr(A' A)
p A (n, n) @ tr(A A A)
p A (n, n) @ tr(A)^2 - tr(A A)
p A (n, n) symmetric @ tr(A A A)
p A (n, n) symmetric positive definite @ -logdet(A) + tr(A)
p A (n, n) symmetric positive definite @ tr(A^-1)
p A (n, n) @ det(A)
d B (n, n) @ p A (n, n) @ det(A + B)
p a (n) @ p B (n, n) @ a' B a
p a (n) @ p B (n, n) @ a' B a + tr(B)
p a (n) @ p b (n) @ a' b
p a (n) @ p b (m) @ p C (n, m) @ a' C b
p s @ p A (m, n) @ s |A|^2 + s
p s @ p A (m, n) @ (s - 1)^2 sum_{i,j} A_ij
p s @ p A (m, n) @ sum_{i,j} (A_ij - s)^2
p s @ p t (n) @ s t' t + exp(s)
p U (m, K) @ sum_i sum_p sum_d U[i,d] U[i,p] + sum_i (sqrt(sum_k exp(U[i,k])))^2
p U (m, K) @ sum_i (sum_k U[i,k])^2 + sum_i log(sum_k exp(U[i,k]))
p U (m, K) @ sum_i sum_k sum_l U[i,k] U[i,l] + sum_{i,k} exp(U[i,k])
p U (m, K) @ sum_i sum_j sum_k U[i,k] U[j,k]
p U (m, K) @ sum_i sum_j sum_k sum_l U[i,k] U[j,l]
p U (m, K) @ sum_i (sum_k U[i,k]^2)^2
p U (m, K) @ sum_i sqrt(1 + sum_k U[i,k]^2)
p U (m, K) @ p V (n, K) @ d R (m, n) @ sum_{i,j} (R_ij - sum_k U_ik V_jk)^2
p U (m, K) @ p V (n, K) @ sum_{i,j,k} U_ik V_jk
p U (m, K) @ p V (n, K) @ sum_k (sum_i U_ik) (sum_j V_jk)
d M (n, n) @ p t (n) @ t' M t
d M (n, n) symmetric @ p t (n) @ t' M t / (t' t)
d M (n, n) positive definite @ p t (n) @ 1/2 t' M^-1 t
p t (n) @ |t t'|_F^2
p t (n) @ tr(t t')
p t (n) @ logdet(I + t t')
d X (m, n) @ p w (m) > 0 @ logdet(X' diag(w) X + I)
d X (m, n) @ p t (n) @ |X t|^2 + |t|^4
d X (m, n) @ p t (n) @ |X' (X t)|^2
p A (n, n) @ sum_i A_ii^2
p A (n, n) @ sum_{i,j} A_ij A_ji
p A (n, n) @ sum_{i,j} [i = j] A_ij
p A (n, n) @ sum_{i,j} (A_ij - [i = j])^2
p A (n, n) @ sum_{i,j} (1 - [i = j]) A_ij^2
p A (n, n) diagonal @ tr(A A) + tr(A)
d C (n, n) diagonal @ p t (n) @ t' C t
p t (n) @ ones(n)' t + (ones(n)' t)^2
d k (n) @ p A (n, n) @ |A k - k|^2
p Q (n, n) orthogonal @ d B (n, n) @ tr(Q' B)
d T (a, b, c) @ p u (a) @ p v (b) @ p w (c) @ sum_{i,j,k} T_ijk u_i v_j w_k
d T (a, b, c) @ p u (a) @ p v (b) @ sum_k (sum_{i,j} T_ijk u_i v_j)^2
p t (n) @ sum_{i,j} (t_i - t_j)^2
p t (n) @ sum_{i,j} exp(t_i - t_j)
p t (n) @ sum_{i,j,k} t_i t_j t_k
p t (n) @ sum_{i,j} |t_i - t_j|
p t (n) @ sum_{i,j} max(t_i, t_j)
p t (n) @ sum_i 1/(1 + sum_j (t_i - t_j)^2)
"""

KINDS = {
    "literal": LITERAL,
    "ranges": RANGES,
    "kinks": KINKS,
    "plain": PLAIN,
    "matrices": MATRICES,
}


def texts() -> dict[str, str]:
    """Every cost as the text of a file, by a name of its own."""
    return {
        f"{kind}_{number}": _text(line)
        for kind, lines in KINDS.items()
        for number, line in enumerate(lines.strip().splitlines())
    }


SINGULAR = """
d x (m) @ p t @ sum_i t^2/|x_i - x_i|
p t @ log(0) + t
p t @ t/0
p t @ 0/0 + t
p t @ sqrt(-1) t
p t @ 1/(t - t)
p t (n) @ sum_{i,j} 1/(t_i - t_j)
p t (n) @ sum_{i,j} log(|t_i - t_j|)
p t @ log(-t^2)
p t @ sqrt(-1 - t^2)
p t @ t/(sin(t)^2 + cos(t)^2 - 1)
d x (m) @ p t @ sum_i t/(x_i - x_i)
d A (n, n) @ p t (n) @ t' (A - A)^-1 t
p t (n) @ logdet(t t')
d c @ p t @ t/(c - c)
p t in (0, 1) @ log(t - 2)
"""


def singular() -> list[str]:
    """Costs with a term that has no value anywhere."""
    return [_text(line) for line in SINGULAR.strip().splitlines()]


def _text(line: str) -> str:
    parts = [part.strip() for part in line.split("@")]
    full = [_FULL[part[:2]] + part[2:] if part[:2] in _FULL else part for part in parts[:-1]]
    return "\n".join([*full, f"J = {parts[-1]}"]) + "\n"


_FULL = {"d ": "data ", "p ": "parameter "}
