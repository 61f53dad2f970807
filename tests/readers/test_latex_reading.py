r"""Costs as textbooks and papers typeset them, and what each of them means in plain text.

Both dialects occur: x^{(i)} with \theta^T x, and x_i with x_i^\top \beta; matrices with norms and
traces; functions of one's own. Where the formula leaves something open it is declared here.
"""

import pytest

from derive.notation.expression import Element
from derive.notation.matrix import Inverse, LogDet
from derive.notation.text import text
from derive.notation.tree import subterms
from derive.readers.latex import read_latex

LABELS = "data y (m) in [0, 1]"
COVARIANCE = "data S (n, n)\nparameter \\Theta (n, n) positive definite\ndata \\lambda"
GAUSSIAN = "data \\Sigma (n, n) positive definite\ndata x (n)\nparameter \\mu (n)"

FORMULAS = {
    # The generalised linear models, in the two dialects
    r"""J(\theta) = -\frac{1}{m}\sum_{i=1}^{m}\left[ y^{(i)} \log h_\theta(x^{(i)})
        + (1-y^{(i)}) \log(1-h_\theta(x^{(i)})) \right]
        \quad\text{where}\quad h_\theta(x) = \sigma(\theta^\top x)""": (
        LABELS, "-(1/m) sum_i [y_i log(h_i) + (1 - y_i) log(1 - h_i)]"),
    r"""h_\theta(x) = g(\theta^T x), \qquad g(z) = \frac{1}{1+e^{-z}} \\
        J(\theta) = -\frac{1}{m} \sum_{i=1}^m y^{(i)} \log(h_\theta(x^{(i)}))""": (
        LABELS, "-(1/m) sum_i y_i log(h_i)"),
    r"\min_\beta -\sum_i y_i \log\sigma(x_i^\top\beta)": (
        "", "-sum_i y_i log(sigmoid(sum_j X_ij beta_j))"),
    r"""\ell(\beta) = \sum_{i=1}^{n} \left\{ \log\bigl(1 + e^{x_i^\top \beta}\bigr) - y_i
        x_i^\top \beta \right\}""": (
        "", "sum_i [log(1 + exp(sum_k X_ik beta_k)) - y_i sum_k X_ik beta_k]"),
    r"""\mathcal{L}(\mathbf{w}) = \frac{1}{N} \sum_{n=1}^{N} \ln\left(1 + \exp(-y_n
        \mathbf{w}^T\mathbf{x}_n)\right)""": (
        "", "(1/N) sum_n log(1 + exp(-y_n sum_k w_k X_nk))"),
    r"\min_{\beta} \sum_{i=1}^n \left[ e^{x_i'\beta} - y_i x_i'\beta \right]": (
        "", "sum_i [exp(sum_k X_ik beta_k) - y_i sum_k X_ik beta_k]"),
    r"""J(w, b) = \frac1m \sum_{i=1}^m \operatorname{softplus}\bigl(-y_i (w^\intercal x_i
        + b)\bigr)""": (
        "", "(1/m) sum_i softplus(-y_i (sum_j [w_j X_ij] + b))"),
    r"""E(\mathbf w) = -\sum_{n=1}^N \{ t_n \ln y_n + (1 - t_n) \ln (1 - y_n) \}, \quad
        y_n = \sigma(\mathbf{w}^{\mathrm T} \boldsymbol{\phi}_n)""": (
        "data t (N) in [0, 1]", "-sum_n [t_n log(y_n) + (1 - t_n) log(1 - y_n)]"),
    r"""J(\beta) = -\sum_{i} \left[ y_i \log \Phi(x_i^\top \beta) + (1 - y_i) \log\left(1
        - \Phi(x_i^\top \beta)\right) \right]""": (
        LABELS,
        ("-sum_i [y_i log(normal_cdf(sum_j X_ij beta_j)) "
         "+ (1 - y_i) log(1 - normal_cdf(sum_j X_ij beta_j))]")),
    r"J(\theta) = -\sum_{i=1}^m \log \prod_{j=1}^n \sigma(\theta_j x_{ij})": (
        "", "-sum_i log(prod_j sigmoid(theta_j x_ij))"),
    # Least squares and penalties
    r"\min_\beta \lVert y - X\beta\rVert_2^2": ("", "sum_i (y_i - sum_j X_ij beta_j)^2"),
    r"J(w) = \frac{1}{2}\|X w - y\|^2 + \frac{\lambda}{2} \|w\|_2^2": (
        "", "(1/2) sum_i [(sum_j [X_ij w_j] - y_i)^2] + (lambda/2) sum_j w_j^2"),
    r"\hat\beta = \arg\min_\beta (y - X\beta)^T(y - X\beta) + \lambda \beta^T \beta": (
        "", "sum_i [(y_i - sum_j X_ij beta_j)^2] + lambda sum_j beta_j^2"),
    r"""J(\theta) = \frac{1}{2m} \left[ \sum_{i=1}^m \left( h_\theta(x^{(i)}) - y^{(i)} \right)^2
        + \lambda \sum_{j=1}^n \theta_j^2 \right], \; h_\theta(x) = \theta^T x""": (
        "", "(1/(2m)) (sum_i [(h_i - y_i)^2] + lambda sum_j theta_j^2)"),
    r"""\min_\theta \sum_{i=1}^m c_i (y_i - \theta^\top x_i)^2 + \lambda_1 \|\theta\|_1 +
        \lambda_2 \|\theta\|_2^2""": (
        "",
        ("sum_i [c_i (y_i - sum_j theta_j X_ij)^2] + lambda_1 sum_j [absolute(theta_j)] "
         "+ lambda_2 sum_j theta_j^2")),
    r"J(\theta_0, \theta_1) = \frac{1}{2m}\sum_{i=1}^m (\theta_0 + \theta_1 x^{(i)} - y^{(i)})^2": (
        "", "(1/(2m)) sum_i (theta_0 + theta_1 x_i - y_i)^2"),
    r"""\min_{\beta_0, \beta} \sum_{i=1}^N \Bigl( y_i - \beta_0 - \sum_{j=1}^p
        x_{ij}\beta_j \Bigr)^2""": (
        "", "sum_i (y_i - beta_0 - sum_j x_ij beta_j)^2"),
    r"\min_W \|Y - XW\|_F^2 + \lambda \operatorname{tr}(W^\top W)": (
        "", "sum_i [sum_j (Y_ij - sum_k X_ik W_kj)^2] + lambda sum_j sum_k W_kj^2"),
    r"J(w) = (Xw - y)' D (Xw - y)": (
        "data D (m, m)\ndata X (m, n)",
        "sum_i (sum_j [X_ij w_j] - y_i) sum_k D_ik (sum_j [X_kj w_j] - y_k)"),
    r"f(x) = \tfrac12 x^\top A x - b^\top x": (
        "", "(1/2) sum_i [x_i sum_k A_ik x_k] - sum_i b_i x_i"),
    # Robust losses and margins
    r"""\ell(r) = \begin{cases} \frac12 r^2 & \text{if } |r| \le \delta \\
        \delta(|r| - \tfrac{1}{2}\delta) & \text{otherwise} \end{cases}, \quad
        J(\beta) = \sum_{i=1}^n \ell(y_i - x_i'\beta)""": ("", "sum_i ell_i"),
    r"""J(\beta) = \sum_{i=1}^n \delta^2 \left( \sqrt{1 + \left( \frac{y_i - x_i^\top
        \beta}{\delta} \right)^2} - 1 \right)""": (
        "", "sum_i delta^2 (sqrt(1 + ((y_i - sum_k X_ik beta_k)/delta)^2) - 1)"),
    r"\min_w \sum_i \max(0, 1 - y_i w^\top x_i)": (
        "", "sum_i relu(1 - y_i sum_j w_j X_ij)"),
    r"""\min_{w,b} \frac12 \|w\|^2 + C \sum_{i=1}^n \left[ 1 - y_i (w^{\mathsf T} x_i +
        b) \right]_+""": (
        "", "(1/2) sum_k [w_k^2] + C sum_i relu(1 - y_i (sum_k [w_k X_ik] + b))"),
    r"\min_w \frac1n \sum_{i=1}^n \max\{0, 1 - y_i \langle w, x_i \rangle\}^2": (
        "", "(1/n) sum_i relu(1 - y_i sum_k w_k X_ik)^2"),
    r"J(\mu) = \sum_{i=1}^n |x_i - \mu|": ("", "sum_i absolute(x_i - mu)"),
    r"J(\theta) = \sum_{i=1}^m \log\left(1 + \frac{(y_i - \theta^\top x_i)^2}{\nu}\right)": (
        "", "sum_i log(1 + (y_i - sum_j theta_j X_ij)^2/nu)"),
    r"J(q) = \sum_{i=1}^n \mathbb{1}\{y_i \ge 0\} (y_i - q)^2 + q^2": (
        "", "sum_i [{1 if y_i >= 0; 0 otherwise} (y_i - q)^2] + q^2"),
    # Several classes
    r"""J(\Theta) = -\sum_{i=1}^m \left[ \sum_{k=1}^K Y_{ik} \theta_k^\top x_i
        - \log \sum_{l=1}^K \exp(\theta_l^\top x_i) \right]""": (
        "",
        "-sum_i [sum_k [Y_ik sum_j Theta_kj X_ij] - log(sum_l exp(sum_j Theta_lj X_ij))]"),
    r"""P_{ic} = \frac{e^{Z_{ic}}}{\sum_{d=1}^{K} e^{Z_{id}}}, \quad Z = X\Theta, \quad
        J(\Theta) = -\frac1m \sum_{i=1}^m \sum_{c=1}^K Y_{ic} \log P_{ic}""": (
        "", "-(1/m) sum_i sum_c Y_ic log(P_ic)"),
    r"J(x) = \log\left(\sum_{k=1}^m \exp(a_k^\top x + b_k)\right)": (
        "", "log(sum_k exp(sum_j [A_kj x_j] + b_k))"),
    # Ranking and survival
    r"""J(\theta) = -\sum_{i=1}^m \delta_i \left( x_i^\top\theta - \log \sum_{j \in R_i}
        e^{x_j^\top\theta} \right)""": (
        "", "-sum_i delta_i (sum_k [X_ik theta_k] - log(sum_j R_ij exp(sum_k X_jk theta_k)))"),
    r"J(s) = -\sum_{i,j} W_{ij} \log \sigma(s_i - s_j)": (
        "", "-sum_i sum_j W_ij log(sigmoid(s_i - s_j))"),
    r"J(s) = \sum_{i \ne j} W_{ij} \log(1 + e^{s_j - s_i})": (
        "", "sum_i sum_j (1 - delta_ij) W_ij log(1 + exp(s_j - s_i))"),
    # Matrices
    r"\min_{U, V} \sum_{(i,j)\in\Omega} (M_{ij} - u_i^\top v_j)^2": (
        "", "sum_i sum_j Omega_ij (M_ij - sum_k U_ik V_jk)^2"),
    r"\min_{U,V} \frac12 \| W \odot (M - U V^\top) \|_F^2": (
        "", "(1/2) sum_i sum_j (W_ij (M_ij - sum_k U_ik V_jk))^2"),
    r"J(w) = \frac{w^\top A w}{w^\top w}": (
        "", "(sum_i w_i sum_k A_ik w_k)/(sum_i w_i^2)"),
    r"J(W_1, W_2) = \sum_{i=1}^m \| y_i - W_2 \tanh(W_1 x_i)\|^2": (
        "", "sum_i sum_j (Y_ij - sum_k W_2[j,k] tanh(sum_l W_1[k,l] X_il))^2"),
    r"""J(W^{[1]}, W^{[2]}) = \sum_{i=1}^m \left\| y^{(i)} - W^{[2]} \sigma(W^{[1]}
        x^{(i)}) \right\|_2^2""": (
        "", "sum_i sum_j (Y_ij - sum_k W_2[j,k] sigmoid(sum_l W_1[k,l] X_il))^2"),
    # Likelihoods of single numbers
    r"J(\mu, \sigma) = m \log \sigma + \frac{1}{2\sigma^2} \sum_{i=1}^m (x_i - \mu)^2": (
        "", "m log(sigma) + (1/(2 sigma^2)) sum_i (x_i - mu)^2"),
    r"J(\alpha) = -\sum_{i=1}^n \left( \log \alpha - \alpha\, x_i \right)": (
        "", "-sum_i [log(alpha) - alpha x_i]"),
    r"J(\theta) = \prod_{i=1}^n \theta^{y_i} (1-\theta)^{1-y_i}": (
        "data y (n)", "prod_i theta^y_i (1 - theta)^(1 - y_i)"),
    r"J(\tau) = \log_2(1 + e^{\tau}) + \sin^2 \tau + \pi \tau": (
        "", "log(1 + exp(tau))/log(2) + sin(tau)^2 + pi tau"),
    # Fractions of vectors are entry by entry, as our proofs print them
    r"J(\theta) = \frac{1}{m} w^\top \frac{r}{1 + r^{\odot 2}}, \quad r = y - X\theta": (
        "data w (m)\ndata y (m)", "(1/m) sum_i w_i r_i/(1 + r_i^2)"),
    r"J(x) = w^\top \frac{1}{(1 + x^{\odot 2})^{\odot 3/2}}": (
        "data w (n)", "sum_j w_j/(1 + x_j^2)^(3/2)"),
    r"J(w) = a \cdot w + |w| \times c": ("parameter w", "a w + absolute(w) c"),
}  # fmt: skip


@pytest.mark.parametrize("latex", FORMULAS, ids=[str(k) for k in range(len(FORMULAS))])
def test_formulas(latex: str) -> None:
    declarations, plain = FORMULAS[latex]
    assert text(read_latex(latex, declarations=declarations).cost) == plain


@pytest.mark.parametrize(
    "latex",
    [
        r"\operatorname{tr}(S\Theta) - \log\det\Theta + \lambda \|\Theta\|_F^2",
        r"\mathrm{tr}(S \Theta) - \log |\Theta| + \lambda \lVert \Theta \rVert_{\mathrm{F}}^2",
        r"\tr \left( S\Theta \right) - \ln \det(\Theta) + \lambda \sum_{i,j} \Theta_{ij}^2",
    ],
)
def test_log_determinants(latex: str) -> None:
    cost = read_latex(f"J(\\Theta) = {latex}", declarations=COVARIANCE).cost
    (element,) = (e for _, e in subterms(cost) if isinstance(e, Element))
    assert isinstance(element.mat, LogDet)
    assert element.mat.arg.tensor.name == "Theta"


@pytest.mark.parametrize("power", ["^{-1}", r"^{-\top}", "^{-T}"])
def test_inverses(power: str) -> None:
    latex = rf"J(\mu) = \frac12 (x - \mu)^\top \Sigma{power} (x - \mu)"
    cost = read_latex(latex, declarations=GAUSSIAN).cost
    (element,) = (e for _, e in subterms(cost) if isinstance(e, Element))
    assert isinstance(element.mat, Inverse)
    letters = [k.letter for k in element.indices]
    assert letters == (["j", "k"] if power == "^{-1}" else ["k", "j"])
