"""Gradients and Hessians of the catalogue as the papers print them, read by eye once."""

import pytest

from derive.notation.text import mat_text
from tests.proofs.test_catalogue_proofs import whole

# The gradients, one per parameter, and then the Hessian (or its blocks, row by row).
FORMS = {
    "binomial": (
        "(1/m) X'(h*N - y)",
        "(1/m) X' diag(N*h*(1 - h)) X",
    ),
    "cauchit": (
        "(1/m) X'((1 - y)*cauchy_hazard(-z) - y*cauchy_hazard(z))",
        (
            "(1/m) X' diag((1 - y)*cauchy_hazard(-z)*(cauchy_hazard(-z) - 2 z/(1 + (-z)^2)) + "
            "y*cauchy_hazard(z)*(cauchy_hazard(z) + 2 z/(1 + z^2))) X"
        ),
    ),
    "cauchy": (
        "-(s^2/m) X'(r/(s^2 + r^2))",
        "(s^2/m) X' diag((s - r)*(s + r)/(s^2 + r^2)^2) X",
    ),
    "complementary_log_log": (
        "(1/m) X'((1 - y)*exp(z) - y*gumbel_hazard(z))",
        "(1/m) X' diag((1 - y)*exp(z) + y*gumbel_hazard_slope(z)) X",
    ),
    "cumulative_logit": (
        "(1/m) X'(u - l*c - u*a)",
        "(1/m) (u'a + l'c - 1'u)",
        "(1/m) (exp(g)*(L'(l*c)) - exp(g)*(U'((1 - a)*u)) - G'(u*l*gumbel_hazard(w)))",
    ),
    "elastic_net_smoothed": (
        "(1/m) X'(z - y) + alpha theta/sqrt(theta^2 + eps^2) + lambda theta",
        "(1/m) X'X + eps^2 alpha diag(1/sqrt(theta^2 + eps^2)^3) + lambda I_n",
    ),
    "expectile": (
        "(1/m) X'(q relu(-r) - tau relu(r))",
        "(1/m) X' diag(q step(-r) + tau step(r)) X",
    ),
    "exponential_decay": (
        "(1/m) (z - y)'s",
        "(1/m) (y - z)'(z*t)",
    ),
    "exponential_survival": (
        "(1/m) X'(t*r - d)",
        "(1/m) X' diag(t*r) X",
    ),
    "focal": (
        "(1/m) X'((p + g p*log(p) - 1)*y*(1 - p)^g)",
        (
            "(1/m) X' diag((1 - p)^g*p*(1 + 2g + g log(p) - p - 2g p - g log(p)*p - g^2 "
            "log(p)*p)*y^2) X"
        ),
    ),
    "gamma": (
        "(1/m) X'(1 - y*exp(-z))",
        "(1/m) X' diag(y*exp(-z)) X",
    ),
    "geman_mcclure": (
        "-(1/m) X'(r/(1 + r^2)^2)",
        "(1/m) X' diag((1 - 3 r^2)/(1 + r^2)^3) X",
    ),
    "geometric": (
        "(1/m) X'(k*q - y)",
        "(1/m) X' diag(k*q*(1 - q)) X",
    ),
    "heteroscedastic": (
        "(1/m) X'((mu - y)*exp(-s))",
        "(1/(2m)) Z'(1 - (y - mu)^2*exp(-s))",
        "(1/m) X' diag(exp(-s)) X",
        "(1/m) X' diag((y - mu)*exp(-s)) Z",
        "(1/m) Z' diag((y - mu)*exp(-s)) X",
        "(1/(2m)) Z' diag((y - mu)^2*exp(-s)) Z",
    ),
    "inverse_gaussian": (
        "(1/m) X'(exp(-z) - y*exp(-2z))",
        "(1/m) X' diag(2 y*exp(-2z) - exp(-z)) X",
    ),
    "kullback_leibler": (
        "exp(a)*(X'((mu - y)/mu))",
        "diag(exp(a)) (diag(X'((mu - y)/mu)) + X' diag(y/mu^2) X diag(exp(a)))",
    ),
    "label_smoothing": (
        "(1/m) X'(h - q)",
        "(1/m) X' diag(h*(1 - h)) X",
    ),
    "log_cosh_loss": (
        "-(1/m) X' tanh(r)",
        "(1/m) X' diag(1 - tanh(r)^2) X",
    ),
    "log_log": (
        "(1/m) X'((1 - y)*gumbel_hazard(-z) - y*exp(-z))",
        "(1/m) X' diag((1 - y)*gumbel_hazard_slope(-z) + y*exp(-z)) X",
    ),
    "log_logistic_aft": (
        "(exp(-s)/m) X'(d - (1 + d)*sigmoid(w))",
        "(1/m) (-(1 + d)'(sigmoid(w)*w) + d'(w + 1))",
    ),
    "log_normal_aft": (
        "-(exp(-s)/m) X'(d*w + (1 - d)*hazard(-w))",
        "(1/m) (d'(1 - w^2) - (1 - d)'(hazard(-w)*w))",
    ),
    "logistic_growth": (
        "(1/m) (z - y)'s",
        "(1/m) (z - y)'(z*(1 - s)*t)",
        "(1/m) (y - z)'(z*(1 - s))",
    ),
    "logistic_mixed": (
        "X'(h - y)",
        "G'(h - y) + (1/s) b",
        "X' diag(h*(1 - h)) X",
        "X' diag(h*(1 - h)) G",
        "G' diag(h*(1 - h)) X",
        "G' diag(h*(1 - h)) G + (1/s) I_q",
    ),
    "maximum_entropy": (
        "F'p - t",
        "F' diag(p) F - F'p p'F",
    ),
    "michaelis_menten": (
        "(1/m) (z - y)'(c/d)",
        "(exp(k)/m) (y - z)'(z/d)",
    ),
    "modified_huber": (
        "-(4/m) X'(clip((1/2) s)*y)",
        "(2/m) X' diag(box((1/2) s)*y^2) X",
    ),
    "multilabel_logistic": ("(1/m) X'(H - Y)",),
    "negative_binomial_known": (
        "(1/m) X'(q*(y + r) - y)",
        "(1/m) X' diag((y + r)*q*(1 - q)) X",
    ),
    "nonnegative_least_squares": (
        "(1/m) exp(a)*(X'(z - y))",
        "(1/m) diag(exp(a)) (diag(X'(z - y)) + X'X diag(exp(a)))",
    ),
    "optimal_transport": (
        "P 1_n - a",
        "P'1_m - b",
        "(1/eps) diag(P 1_n)",
        "(1/eps) P",
        "(1/eps) P'",
        "(1/eps) diag(P'1_m)",
    ),
    "ordinal_all_threshold": (
        "(1/m) X'(H - Y) 1_q",
        "(1/m) (Y - H)'1_m",
    ),
    "poisson_offset": (
        "(1/m) X'(mu - y)",
        "(1/m) X' diag(mu) X",
    ),
    "pseudo_huber": (
        "-(1/m) X'(r/sqrt(1 + ((1/delta) r)^2))",
        "(1/m) X' diag(1/sqrt(1 + ((1/delta) r)^2)^3) X",
    ),
    "ridge": (
        "(1/m) X'(z - y) + lambda theta",
        "(1/m) X'X + lambda I_n",
    ),
    "savage": (
        "-(4/m) X'(y*p*(1 - p)^2)",
        "-(8/m) X' diag(p*(1 - 3p)*(1 - p)^2*y^2) X",
    ),
    "softmax_l2": ("(1/m) X'(P - Y) + lambda Theta",),
    "softmax_offset": ("(1/m) X'(P - Y)",),
    "student_t": (
        "-((nu + 1)/m) X'(r/(r^2 + s^2 nu))",
        "((nu + 1)/m) X' diag((s^2 nu - r^2)/(r^2 + s^2 nu)^2) X",
    ),
    "tangent": (
        "(4/m) X'((2 atan(s) - 1)*y/(1 + s^2))",
        "(8/m) X' diag(y^2*(1 + s - 2 s*atan(s))/(1 + s^2)^2) X",
    ),
    "tikhonov": (
        "A'(z - b) + lambda L's",
        "A'A + lambda L'L",
    ),
    "tobit": (
        "(exp(-s)/m) X'((1 - d)*hazard(-u) - d*w)",
        "(1/m) (d'(1 - w^2) - (1 - d)'(hazard(-u)*u))",
    ),
    "tweedie": (
        "(1/m) X'(exp((2 - p) z) - y*exp((1 - p) z))",
        "(1/m) X' diag((2 - p) exp((2 - p) z) - (1 - p) y*exp((1 - p) z)) X",
    ),
    "weibull_aft": (
        "(exp(-s)/m) X'(d - exp(w))",
        "(1/m) (1'd + w'd - exp(w)'w)",
        "(exp(-2s)/m) X' diag(exp(w)) X",
    ),
    "weighted_least_squares": (
        "(1/m) X'(c*(z - y))",
        "(1/m) X' diag(c) X",
    ),
    "welsch": (
        "-(1/m) X'(exp(-((1/s) r)^2)*r)",
        "(1/m) X' diag((1 - (2/s^2) r^2)*exp(-((1/s) r)^2)) X",
    ),
    "zero_inflated_poisson": (
        "(1/m) X'(o*r*mu + c*(mu - y))",
        "(1/m) G'(o*(r + p - 1) + c*p)",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_the_papers(name) -> None:
    theorems = [p for p in whole(name).proof.parts if p.kind == "theorem"]
    gradients = [p for p in theorems if p.title.startswith("gradient")]
    hessians = [p for p in theorems if p.title.split(" by ")[0] == "Hessian"]
    found = [mat_text(p.matrix) for p in (*gradients, *hessians)]
    assert tuple(found[: len(FORMS[name])]) == FORMS[name]
