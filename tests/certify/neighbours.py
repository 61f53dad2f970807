"""Costs beside the textbook's convex ones: typed otherwise, scaled, shifted; and false friends."""

CONVEX = {
    # semidefinite forms
    "kernel form": "data K (m, m) positive semidefinite\nparameter a (m)\nJ = a' K a",
    "kernel form, halved": "data G (m, m) positive definite\nparameter a (m)\n"
    "J = 1/2 a' G a - sum_i a_i",
    "weighted residuals": "data X (m, n)\ndata W (m, m) positive semidefinite\ndata y (m)\n"
    "parameter w (n)\nJ = (X w - y)' W (X w - y)",
    "weighted residuals, named": "data X (m, n)\ndata P (m, m) positive definite\ndata y (m)\n"
    "parameter beta (n)\nr = y - X beta\nJ = 1/2 r' inv(P) r",
    "trace of a Laplacian": "data L (n, n) positive semidefinite\nparameter W (n, K)\n"
    "J = tr(W' L W)",
    "trace of two": "data A (n, n) positive semidefinite\ndata B (K, K) positive semidefinite\n"
    "parameter W (n, K)\nJ = tr(W' A W B)",
    "kernel, weights, kernel": "data K (m, m) positive semidefinite\ndata d (m) >= 0\n"
    "parameter a (m)\nJ = a' K diag(d) K a",
    "symmetric squared": "data A (n, n) symmetric\nparameter x (n)\nJ = x' A A x",
    "congruence": "data Q (m, n)\ndata d (m) >= 0\nparameter x (n)\nJ = x' Q' diag(d) Q x",
    "kernel plus ridge": "data K (m, m) positive semidefinite\ndata lambda >= 0\ndata y (m)\n"
    "parameter a (m)\nJ = 1/2 a' (K + lambda I) a - y' a",
    "kernel ridge in matrices": "data K (m, m) positive semidefinite\ndata y (m)\n"
    "data lambda >= 0\nparameter c (m)\nJ = |y - K c|^2 + lambda c' K c",
    "entries of a form": "data S (n, n) positive semidefinite\nparameter u (n)\n"
    "J = sum_{j,k} u_j S_jk u_k",
    "multi kernel": "data K (m, m) positive semidefinite\ndata Y (m, c)\ndata mu > 0\n"
    "parameter A (m, c)\nJ = 1/2 ||Y - K A||_F^2 + mu/2 tr(A' K A)",
    "square root of a form": "data A (n, n) positive semidefinite\nparameter x (n)\n"
    "J = sqrt(1 + x' A x)",
    "Mahalanobis length": "data P (n, n) positive definite\ndata mu (n)\nparameter x (n)\n"
    "J = sqrt((x - mu)' P (x - mu))",
    "exponential of a form": "data A (n, n) positive semidefinite\nparameter x (n)\n"
    "J = exp(1/2 x' A x)",
    "form of a shifted letter": "data M (n, n) positive semidefinite\ndata mu (n)\n"
    "parameter x (n)\nJ = 1/2 (x - mu)' M (x - mu)",
    # entropies
    "KL typed with two logs": "parameter p (n) > 0\nparameter q (n) > 0\n"
    "J = sum_i p_i (log(p_i) - log(q_i))",
    "generalised KL": "parameter p (n) > 0\nparameter q (n) > 0\n"
    "J = sum_i (p_i log(p_i / q_i) - p_i + q_i)",
    "reverse KL to data": "data p (n) > 0\nparameter q (n) > 0\nJ = sum_i p_i log(p_i / q_i)",
    "KL to data": "data q (n) > 0\nparameter p (n) > 0\nJ = sum_i p_i log(p_i / q_i)",
    "KL scaled": "data c (n) >= 0\nparameter u (n) > 0\nparameter v (n) > 0\n"
    "J = 3 sum_k c_k u_k log(2 u_k / v_k)",
    "minus log of a ratio": "parameter x (n) > 0\nparameter y (n) > 0\n"
    "J = -sum_i x_i log(y_i / x_i)",
    "relative entropy of sums": "parameter x (n) > 0\nparameter s > 0\nJ = sum_i x_i log(x_i / s)",
    "Jeffreys": "parameter x > 0\nparameter y > 0\nJ = (x - y) log(x / y)",
    "entropy, doubled": "parameter p (K) > 0\nJ = 2 sum_k p_k log(p_k) - sum_k p_k",
    "Itakura and Saito": "data s (n) > 0\nparameter x (n) > 0\n"
    "J = sum_i (x_i / s_i - log(x_i / s_i) - 1)",
    # log-sum-exp
    "lse with weights": "data b (n)\nparameter x (n)\nJ = log(1 + sum_j exp(x_j - b_j))",
    "lse with temperature": "data t > 0\nparameter x (n)\nJ = (1/t) log(1/n sum_i exp(t x_i))",
    "cosh": "parameter x\nJ = log(cosh(x))",
    "log-cosh halved": "parameter x\nJ = log((exp(x) + exp(-x))/2)",
    "log-cosh of residuals": "data X (m, n)\ndata y (m)\nparameter w (n)\nr = X w - y\n"
    "J = sum_i log((exp(r_i) + exp(-r_i))/2)",
    "two exponentials": "parameter x\nparameter y\nJ = log(exp(x) + exp(y))",
    "softmax, labels by sums": "data X (m, n)\ndata Y (m, K)\nparameter W (n, K)\nZ = X W\n"
    "J = sum_i (log(sum_k exp(Z_ik)) - sum_k Y_ik Z_ik)",
    "softmax, labels >= 0": "data X (m, n)\ndata Y (m, K) >= 0\nparameter W (n, K)\nZ = X W\n"
    "P_ik = exp(Z_ik)/(sum_l exp(Z_il))\nJ = -sum_{i,k} Y_ik log(P_ik)",
    "softplus squared": "data X (m, n)\nparameter w (n)\nz = X w\nJ = sum_i log(1 + exp(z_i))^2",
    "softplus, scaled": "data beta > 0\nparameter x\nJ = (1/beta) log(1 + exp(beta x)) - x/3",
    "logistic in signs": "data X (m, n)\ndata y (m) in {-1, 1}\nparameter w (n)\n"
    "J = 1/m sum_i log(1 + exp(-y_i sum_j X_ij w_j))",
    # perspectives
    "quadratic over linear": "parameter x (n)\nparameter t > 0\nJ = |x|^2 / t",
    "quadratic over linear, scalars": "parameter x\nparameter y > 0\nJ = x^2 / y",
    "perspective of exp": "parameter x\nparameter t > 0\nJ = t exp(x/t)",
    "perspective of softplus": "parameter x (n)\nparameter t (n) > 0\n"
    "J = sum_i t_i log(1 + exp(x_i/t_i))",
    "perspective of minus log": "parameter x > 0\nparameter t > 0\nJ = -t log(x/t)",
    "residuals over scale": "data X (m, n)\ndata y (m)\nparameter w (n)\nparameter s > 0\n"
    "J = |X w - y|^2 / s + s",
    "fourth over third": "parameter x\nparameter y > 0\nJ = x^4 / y^3",
    "distance over sum": "parameter x > 0\nparameter y > 0\nJ = (x - y)^2 / (x + y)",
    # means
    "geometric mean, power": "parameter x > 0\nparameter y > 0\nJ = -(x y)^(1/2)",
    "geometric mean, roots": "parameter a > 0\nparameter b > 0\nJ = -3 sqrt(a) sqrt(b)",
    "geometric mean of many": "parameter x (n) > 0\nJ = -prod_i x_i^(1/n)",
    "geometric mean, outside": "parameter x (n) > 0\nJ = -(prod_i x_i)^(1/n)",
    "geometric mean by logs": "parameter x (n) > 0\nJ = -exp(1/n sum_i log(x_i))",
    "weighted geometric": "parameter x > 0\nparameter y > 0\nJ = -x^(1/3) y^(2/3)",
    "below one": "parameter x > 0\nparameter y > 0\nJ = 5 - x^(1/4) y^(1/2)",
    "harmonic mean": "parameter x > 0\nparameter y > 0\nJ = -1/(1/x + 1/y)",
    "harmonic mean, twice": "parameter x > 0\nparameter y > 0\nJ = -2 x y/(x + y)",
    "harmonic mean of many": "parameter x (n) > 0\nJ = -n/(sum_i 1/x_i)",
    "one over a product": "parameter x > 0\nparameter y > 0\nJ = 1/(x y)",
    "minus log of a product": "parameter x > 0\nparameter y > 0\nJ = -log(x y)",
    "one over a geometric mean": "parameter x > 0\nparameter y > 0\nJ = 1/sqrt(x y)",
    # matrices
    "matrix fractional, inverse power": "data b (n)\nparameter P (n, n) positive definite\n"
    "J = b' P^-1 b",
    "matrix fractional, jointly": "data A (n, m)\ndata b (n)\nparameter x (m)\n"
    "parameter X (n, n) positive definite\nJ = (A x - b)' inv(X) (A x - b)",
    "matrix fractional, vector": "parameter v (n)\nparameter X (n, n) positive definite\n"
    "J = v' inv(X) v + tr(X)",
    "trace of the inverse": "parameter X (n, n) positive definite\nJ = tr(inv(X))",
    "weighted trace of the inverse": "data C (n, n) positive semidefinite\n"
    "parameter X (n, n) positive definite\nJ = tr(C inv(X))",
    "log det of a sum": "data A (n, n) positive definite\nparameter X (n, n) positive definite\n"
    "J = -logdet(X + A)",
    "log det of a design": "data X (m, n)\nparameter w (m) > 0\nJ = -logdet(X' diag(w) X)",
    "A-optimal design": "data X (m, n)\nparameter w (m) > 0\nJ = tr(inv(X' diag(w) X))",
    "c-optimal design": "data X (m, n)\ndata c (n)\nparameter w (m) > 0\n"
    "J = c' inv(X' diag(w) X) c",
    "graphical lasso, smoothed": "data S (n, n) positive semidefinite\ndata lambda >= 0\n"
    "parameter Theta (n, n) positive definite\n"
    "J = -logdet(Theta) + tr(S Theta) + lambda sum_{j,k} sqrt(Theta[j,k]^2 + 1)",
    # polynomials
    "quartic in two": "parameter x\nparameter y\nJ = 2 x^4 + x^2 y^2 + 2 y^4",
    "quartic, other letters": "parameter u\nparameter v\nJ = u^4 + v^4 + 6 u^2 v^2",
    "fourth power, multiplied out": "parameter x\nparameter y\n"
    "J = x^4 + 4 x^3 y + 6 x^2 y^2 + 4 x y^3 + y^4",
    "quadratic, mixed": "parameter x\nparameter y\nJ = x^2 + x y + y^2 - 3 x",
    "quadratic in three": "parameter x\nparameter y\nparameter z\nJ = x^2 + y^2 + z^2 + x y + y z",
    "quartic in three": "parameter x\nparameter y\nparameter z\n"
    "J = x^4 + y^4 + z^4 + x^2 y^2 + y^2 z^2",
    "sextic": "parameter x\nJ = x^6 - x^4 + x^2",
    "quartic with a double root": "parameter x\nJ = x^4 - 2 x^3 + 3/2 x^2 + x",
    "cubic on the right": "parameter x > 0\nJ = x^3 - 5 x + 1",
    # norms and single variables
    "p-norm": "data p >= 1\nparameter x (n)\nJ = (sum_i |x_i|^p)^(1/p)",
    "3-norm": "parameter x (n)\nJ = (sum_i |x_i|^3)^(1/3)",
    "root of a power": "data A (m, n)\nparameter x (n)\nz = A x\nJ = (sum_i z_i^4)^(1/4)",
    "smoothed 1-norm": "data eps > 0\nparameter x (n)\nJ = sum_i sqrt(x_i^2 + eps^2)",
    "three quarters": "data c > 0\nparameter x\nJ = (c + x^2)^(3/4)",
    "three quarters of a shift": "data y (m)\nparameter mu\nJ = sum_i (1 + (y_i - mu)^2)^(2/3)",
    "root of a fourth power": "parameter x\nJ = sqrt(1 + x^4)",
    "x exp x": "parameter x >= 0\nJ = x exp(x)",
    "power of positives": "parameter x (n) > 0\nJ = sum_i x_i^(5/2)",
    "arctan": "parameter x\nJ = x atan(x) - 1/2 log(1 + x^2)",
    "x squared and cosine": "parameter x\nJ = x^2 + cos(x)",
    "inverse of a concave": "parameter x (n) > 0\nJ = 1/(sum_i sqrt(x_i))",
    "exp of a square": "parameter x (n)\nJ = sum_j exp(x_j^2/2) + |x|^4",
    "log barrier of rows": "data A (m, n) > 0\nparameter x (n) > 0\nz = A x\n"
    "J = sum_j x_j - sum_i log(z_i)",
    # cases and labels
    "Huber": "data delta > 0\nparameter x\n"
    "J = {x^2/2 if |x| <= delta; delta (|x| - delta/2) otherwise}",
    "Huber of residuals": "data X (m, n)\ndata y (m)\nparameter w (n)\nr = y - X w\n"
    "J = sum_i {1/2 r_i^2 if |r_i| <= 1; |r_i| - 1/2 otherwise}",
    "largest of two": "data a (n)\ndata b (n)\nparameter x (n)\nJ = max(a' x + 1, b' x)",
    "largest of squares": "parameter x\nJ = max(x^2, 2 x + 1)",
    "absolute by max": "parameter x\nJ = max(x, -x)",
    "squared hinge": "data X (m, n)\ndata y (m)\nparameter w (n)\nz = X w\n"
    "J = sum_i max(0, 1 - y_i z_i)^2",
    "probit": "data X (m, n)\ndata y (m) in [0, 1]\nparameter w (n)\nz = X w\n"
    "J = -sum_i (y_i log(Phi(z_i)) + (1 - y_i) log(1 - Phi(z_i)))",
    "probit, named": "data X (m, n)\ndata y (m) in [0, 1]\nparameter w (n)\nz = X w\n"
    "h_i = Phi(z_i)\nJ = -1/m sum_i (y_i log(h_i) + (1 - y_i) log(1 - h_i))",
    "minus log Phi": "parameter x\nJ = -log(Phi(x))",
    "complementary log-log": "data X (m, n)\ndata y (m) in [0, 1]\nparameter w (n)\nz = X w\n"
    "J = -sum_i (y_i log(1 - exp(-exp(z_i))) - (1 - y_i) exp(z_i))",
    "complementary log-log, named": "data X (m, n)\ndata y (m) in [0, 1]\nparameter w (n)\n"
    "z = X w\np_i = 1 - exp(-exp(z_i))\n"
    "J = -sum_i (y_i log(p_i) + (1 - y_i) log(1 - p_i))",
    # more of the same kinds
    "more: perspective lse": "parameter x (n)\nparameter t > 0\nJ = t log(sum_i exp(x_i/t))",
    "more: norm over": "parameter x (n)\nparameter t > 0\nJ = (sum_i x_i^4)/t^3",
    "more: mahalanobis": "data A (n,n) positive definite\nparameter x (n)\nJ = sqrt(x' A x)",
    "more: three geo": "parameter x > 0\nparameter y > 0\nparameter z > 0\nJ = -(x y z)^(1/3)",
    "more: three harm": "parameter x > 0\n"
    "parameter y > 0\n"
    "parameter z > 0\n"
    "J = -3/(1/x + 1/y + 1/z)",
    "more: three harm inv": "parameter x > 0\n"
    "parameter y > 0\n"
    "parameter z > 0\n"
    "J = -(1/x + 1/y + 1/z)^(-1)",
    "more: kl eps": "parameter x (n) >= 0\nJ = sum_i x_i log(x_i + 1)",
    "more: kl rows": "parameter P (m,n) > 0\n"
    "parameter Q (m,n) > 0\n"
    "J = sum_{i,j} P_ij log(P_ij/Q_ij)",
    "more: kl to row sum": "parameter P (m,n) > 0\nJ = sum_{i,j} P_ij log(P_ij/(sum_k P_ik))",
    "more: js": "parameter p (n) > 0\n"
    "parameter q (n) > 0\n"
    "J = sum_i (p_i log(2 p_i/(p_i + q_i)) + q_i log(2 q_i/(p_i + q_i)))",
    "more: hellinger": "parameter p (n) > 0\n"
    "parameter q (n) > 0\n"
    "J = sum_i (sqrt(p_i) - sqrt(q_i))^2",
    "more: hellinger2": "parameter p (n) > 0\nparameter q (n) > 0\nJ = 1 - sum_i sqrt(p_i q_i)",
    "more: chi2": "parameter p (n) > 0\nparameter q (n) > 0\nJ = sum_i (p_i - q_i)^2/q_i",
    "more: renyi pow": "parameter p (n) > 0\nparameter q (n) > 0\nJ = sum_i p_i^2/q_i",
    "more: alpha": "parameter p (n) > 0\nparameter q (n) > 0\nJ = sum_i p_i^3 q_i^(-2)",
    "more: beta poly": "parameter x\nJ = (x^2 + x + 1)^2",
    "more: poly exp": "parameter x\nJ = exp(2 x) - 2 exp(x) + exp(-x)",
    "more: quartic 3 cross": "parameter x\n"
    "parameter y\n"
    "parameter z\n"
    "J = x^4 + y^4 + z^4 + x^2 y^2 + y^2 z^2 + z^2 x^2",
    "more: quartic 4": "parameter a\n"
    "parameter b\n"
    "parameter c\n"
    "parameter d\n"
    "J = (a^2 + b^2)^2 + c^4 + d^4 + c^2 d^2 + a d + a^2 + d^2",
    "more: quartic 4 expanded": "parameter a\n"
    "parameter b\n"
    "parameter c\n"
    "parameter d\n"
    "J = a^4 + b^4 + 2 a^2 b^2 + c^4 + d^4 + c^2 d^2 + a d + a^2 + d^2",
    "more: logdet id": "data B (n,n)\nparameter X (n,n) positive definite\nJ = -logdet(B' X B + I)",
    "more: logdet neg sum": "data A (n,n) positive semidefinite\n"
    "parameter t >= 0\n"
    "J = -logdet(I + t A)",
    "more: logdet diag": "data A (n,n) positive definite\n"
    "parameter d (n) > 0\n"
    "J = -logdet(A + diag(d))",
    "more: nuclear smooth": "data A (n,n) positive definite\n"
    "parameter X (n,n) positive definite\n"
    "J = tr(A inv(X)) + tr(X)",
    "more: tr inv sum": "data A (n,n) positive definite\n"
    "parameter X (n,n) positive definite\n"
    "J = tr(inv(X + A))",
    "more: huber 3": "data d > 0\n"
    "parameter x\n"
    "J = {-d x - d^2/2 if x < -d; d x - d^2/2 if x > d; x^2/2 otherwise}",
    "more: huber neg": "data k > 0\n"
    "parameter u (n)\n"
    "J = sum_i {k |u_i| - k^2/2 if |u_i| > k; u_i^2/2 otherwise}",
    "more: pseudo huber": "data d > 0\n"
    "data y (m)\n"
    "data X (m,n)\n"
    "parameter w (n)\n"
    "r = y - X w\n"
    "J = d^2 sum_i (sqrt(1 + (r_i/d)^2) - 1)",
    "more: quantile": "data tau in (0,1)\n"
    "data y (m)\n"
    "parameter q\n"
    "J = sum_i max(tau (y_i - q), (tau - 1)(y_i - q))",
    "more: eps ins": "data e > 0\nparameter x\nJ = max(|x| - e, 0)",
    "more: max4": "parameter x\nJ = max(max(x, -2 x), max(1, x^2))",
    "more: hinge": "data X (m,n)\n"
    "data y (m) in {-1,1}\n"
    "parameter w (n)\n"
    "J = 1/m sum_i max(0, 1 - y_i sum_j X_ij w_j)",
    "more: expx2": "parameter x\nJ = x^2 exp(x^2)",
    "more: pos": "parameter x > 0\nJ = x^2 log(x + 1)",
    "more: entropy binary": "parameter p in (0,1)\nJ = p log(p) + (1 - p) log(1 - p)",
    "more: loglog": "parameter x > 1\nJ = -log(log(x))",
    "more: logconcave": "parameter x (n) > 0\nJ = -log(sum_i sqrt(x_i))",
    "more: negpow": "data p < 0\nparameter x (n) > 0\nJ = sum_i x_i^p",
    "more: bernoulli": "data X (m,n)\n"
    "data y (m) in {0, 1}\n"
    "parameter w (n)\n"
    "z = X w\n"
    "J = sum_i {-log(sigmoid(z_i)) if y_i = 1; -log(1 - sigmoid(z_i)) otherwise}",
    "more: nb": "data r > 0\n"
    "data y (m) counts\n"
    "data X (m,n)\n"
    "parameter w (n)\n"
    "z = X w\n"
    "J = sum_i ((y_i + r) log(1 + exp(z_i)) - y_i z_i)",
    "more: gammanll": "data k > 0\ndata y (m) > 0\nparameter b > 0\nJ = sum_i (b y_i - k log(b))",
    "more: gaussian natural": "data y (m)\n"
    "parameter a\n"
    "parameter s > 0\n"
    "J = sum_i (s y_i - a)^2 / 2 - m log(s)",
    "more: olsen": "data y (m)\n"
    "data X (m,n)\n"
    "parameter g (n)\n"
    "parameter s > 0\n"
    "J = 1/2 sum_i (s y_i - sum_j X_ij g_j)^2 - m log(s)",
    "more: frob inverse": "data A (m,n)\nparameter x (n) > 0\nJ = sum_i 1/(sum_j exp(A_ij) x_j)",
    "more: sum log": "parameter x (n)\nJ = log(sum_i exp(x_i)) + log(sum_i exp(-x_i))",
    "more: x lse": "parameter x (n) > 0\nJ = -log(prod_i x_i)",
    "more: cobb": "parameter k > 0\nparameter l > 0\nJ = -2 k^(3/10) l^(7/10)",
    "more: exp norm": "parameter x (n)\nJ = exp(sqrt(sum_i x_i^2))",
    "more: normsq": "parameter x (n)\nJ = (sum_i |x_i|)^2",
    "more: elastic": "data l >= 0\nparameter x (n)\nJ = sum_i |x_i| + l/2 |x|^2",
    "more: fused": "parameter x (n)\nJ = sum_{i=2}^n |x_i - x_{i-1}|",
    "more: group": "data G (n, K)\nparameter x (n)\nJ = sum_k sqrt(sum_j (G_jk x_j)^2)",
    "more: log cosh 2": "parameter x\nJ = 2 log(cosh(x/2))",
    "more: softmax lin": "data X (m,n)\n"
    "data Y (m,K) >= 0\n"
    "parameter B (n,K)\n"
    "J = -1/m sum_{i,k} Y_ik log(exp(sum_j X_ij B_jk)/(sum_l exp(sum_j X_ij B_jl)))",
}

NOT_CONVEX = {
    "symmetric only": "data A (n, n) symmetric\nparameter x (n)\nJ = x' A x",
    "any matrix": "data A (n, n)\nparameter x (n)\nJ = x' A x",
    "minus a form": "data A (n, n) positive definite\nparameter x (n)\nJ = -x' A x",
    "weights of any sign": "data K (m, m) positive definite\ndata d (m)\nparameter a (m)\n"
    "J = a' K diag(d) K a",
    "a form in two letters": "data K (n, n) positive definite\nparameter x (n)\n"
    "parameter y (n)\nJ = x' K y",
    "a form and its matrix": "parameter x (n)\nparameter X (n, n) positive definite\nJ = x' X x",
    "entropy turned": "parameter x (n) > 0\nparameter y (n) > 0\nJ = sum_i x_i log(y_i / x_i)",
    "half of a divergence": "parameter x > 0\nparameter y > 0\nJ = x log(y)",
    "plus a geometric mean": "parameter x > 0\nparameter y > 0\nJ = sqrt(x y)",
    "plus a harmonic mean": "parameter x > 0\nparameter y > 0\nJ = 1/(1/x + 1/y)",
    "reciprocal on the left": "parameter x < 0\nJ = 1/x",
    "plus log det": "parameter X (n, n) positive definite\nJ = logdet(X)",
    "log of one plus a square": "parameter x (n)\nJ = sum_i log(1 + x_i^2)",
    "seven": "parameter x\nparameter y\nJ = x^4 + y^4 + 7 x^2 y^2",
    "minus one": "parameter x\nparameter y\nJ = x^4 + y^4 - x^2 y^2",
    "power of a power below one": "parameter x\nJ = (1 + x^2)^(1/4)",
    "norm with p below one": "parameter x (n) > 0\nJ = (sum_i x_i^(1/2))^2",
    "square over square": "parameter x\nparameter y > 0\nJ = x^2 / y^2",
    "linear over linear": "parameter x\nparameter y > 0\nJ = x / y",
    "product of more than one": "parameter x > 0\nparameter y > 0\nJ = -x y^(1/2)",
    "probability": "parameter x\nJ = Phi(x)",
    "plus log Phi": "parameter x\nJ = log(Phi(x))",
    "smallest of two": "parameter x\nJ = min(x, 2 x + 1)",
    "Huber upside down": "parameter x\nJ = {x^2/2 if |x| <= 2; 1 - |x|/2 + 2 otherwise}",
    "x exp x everywhere": "parameter x\nJ = x exp(x)",
    "Bernoulli likelihood": "data y in [0, 1]\nparameter x\nJ = -(y log(Phi(x)^3 + 1) - x^2/9)",
    "quadratic, mixed too much": "parameter x\nparameter y\nJ = x^2 + 3 x y + y^2",
    "sigmoid squared error": "data X (m, n)\ndata y (m) in [0, 1]\nparameter w (n)\nz = X w\n"
    "J = sum_i (y_i - sigmoid(z_i))^2",
    "trace of an indefinite inverse": "data C (n, n) symmetric\n"
    "parameter X (n, n) positive definite\nJ = tr(C inv(X))",
    "softmax, labels of any sign": "data X (m, n)\ndata Y (m, K)\nparameter W (n, K)\nZ = X W\n"
    "P_ik = exp(Z_ik)/(sum_l exp(Z_il))\nJ = -sum_{i,k} Y_ik log(P_ik)",
    "more: x2y": "parameter x\nparameter y\nJ = x^2 y",
    "more: geom2": "parameter x > 0\nparameter y > 0\nparameter z > 0\nJ = (x y z)^(1/3)",
    "more: lse neg": "parameter x (n)\nJ = -log(sum_i exp(x_i))",
    "more: tr inv neg": "parameter X (n,n) positive definite\nJ = -tr(inv(X))",
    "more: quadfrac": "data c (n)\nparameter X (n,n) positive definite\nJ = -c' inv(X) c",
    "more: poly3": "parameter x\nparameter y\nparameter z\nJ = x^4 + y^4 + z^4 - 4 x y z",
    "more: quart 4": "parameter a\n"
    "parameter b\n"
    "parameter c\n"
    "parameter d\n"
    "J = a^4 + b^4 + c^4 + d^4 - 3 a b c d",
    "more: cosx": "parameter x\nJ = x^2/4 + cos(x)",
    "more: p half": "data p in (0,1)\nparameter x (n) > 0\nJ = sum_i x_i^p",
    "more: welsch": "parameter x\nJ = 1 - exp(-x^2/2)",
    "more: sqrtabs": "parameter x\nJ = sqrt(|x| + 1)",
    "more: log ratio": "parameter x > 0\nparameter y > 0\nJ = log(x/y)",
    "more: var": "parameter x > 0\nparameter y\nJ = log(x) + y^2/(2 x)",
}
