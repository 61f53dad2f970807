r"""Valid problems in both notations, of many kinds and small, from which mutations are made."""

PLAIN = (
    "title: Least squares\ndata X (m, n): features\ndata y (m)\nparameter theta (n)\n"
    "z = X theta\nJ = 1/(2m) |z - y|^2\nprediction: z\n",
    "title: Mean\ndata x (m): numbers\nparameter mu: the mean\nJ = sum_i (x_i - mu)^2\n",
    "data X (m, n)\ndata y (m) in {0, 1}\nparameter w (n)\nz = X w\nh = sigmoid(z)\n"
    "J = -1/m sum_i (y_i log(h_i) + (1 - y_i) log(1 - h_i))\nprediction: h\n",
    "data y (m) counts\ndata X (m, n)\nparameter b (n)\nz_i = sum_j X_ij b_j\n"
    "J = 1/m sum_i (exp(z_i) - y_i z_i)\n",
    "data A (n, n) symmetric positive definite\nparameter x (n)\nJ = 1/2 x' A x + |x|^2\n",
    "data R (m, n) in {0, 1}\ndata Y (m, n)\nparameter U (m, k)\nparameter V (n, k)\n"
    "E = U V' - Y\nJ = 1/2 sum_{i,j} R_ij E_ij^2\n",
    "data t (m) > 0\nparameter a\nparameter b\nJ = sum_i (log(t_i) - a - b t_i)^2\n",
    "data y (n)\ndata lambda >= 0\nparameter theta (n)\n"
    "J = |y - theta|^2 + lambda sum_{j=2}^n (theta[j] - theta[j-1])^2\n",
    "data X (m, n)\ndata s (m) in {-1, 1}\nparameter w (n)\nJ = sum_i max(0, 1 - s_i (X w)_i)^2\n",
    "data x (m)\nparameter mu\nparameter s > 0\nJ = m log(s) + sum_i (x_i - mu)^2/(2 s^2)\n",
    "data e (m)\nparameter c\nJ = sum_i {(e_i - c)^2 if e_i > c; 2 (e_i - c)^2 otherwise}\n",
)
LATEX = (
    "% derive: title: Mean\n% derive: data x (m)\n% derive: parameter \\mu\n"
    "J(\\mu) = \\sum_{i=1}^m (x_i - \\mu)^2\n",
    "% derive: data y (m) in [0, 1]: labels\n"
    "J(\\theta) = -\\frac{1}{m} \\sum_{i=1}^{m} \\left[ y^{(i)} \\log h_\\theta(x^{(i)}) "
    "+ (1-y^{(i)}) \\log(1-h_\\theta(x^{(i)})) \\right]\nh_\\theta(x) = \\sigma(\\theta^\\top x)\n",
    "\\begin{align}\nL(\\beta) &= \\frac{1}{m} \\sum_{i=1}^{m} \\left( \\mu_i - y_i \\log \\mu_i "
    "\\right), \\\\\n\\mu_i &= \\exp(x_i^\\top \\beta)\n\\end{align}\n% derive: data y (m) \\ge 0\n",
    "% derive: data A (n, n) symmetric positive definite\n% derive: parameter x (n)\n"
    "J(x) = \\frac12 x^\\top A x + \\lVert x \\rVert^2\n",
    "% derive: data X (m, n)\n% derive: data y (m)\n% derive: data \\lambda > 0\n"
    "\\min_{w} \\frac{1}{2m} \\| X w - y \\|^2 + \\frac{\\lambda}{2} \\|w\\|_2^2\n",
    "\\documentclass{article}\n\\begin{document}\nWe minimise\n\\[ J(w) = \\sum_{i=1}^{m} "
    "\\log(1 + \\exp(-y_i w^\\top x_i)) \\]\n% derive: data y (m) \\in \\{-1, 1\\}\n\\end{document}\n",
    "% derive: data y (m)\n% derive: parameter a\nJ(a) = \\sum_{i=1}^m \\begin{cases} (y_i - a)^2 & "
    "y_i > a \\\\ 0 & \\text{otherwise} \\end{cases}\n",
    "% derive: data R (m, n) \\in \\{0, 1\\}\n% derive: data Y (m, n)\n% derive: parameter U (m, k)\n"
    "% derive: parameter V (n, k)\nJ = \\sum_{i,j} R_{ij} (u_i^\\top v_j - Y_{ij})^2\n",
)
