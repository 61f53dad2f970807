"""A part of the catalogue that has every kind of step, for tests that are slow on the whole of it.

`derive check` (in `make check` and in CI) derives and judges the whole catalogue, in a process with
a hash seed of its own, and compares every byte; what is here is tested closer.
"""

COSTS = (
    "logistic", "logistic_wb", "softmax", "probit", "huber", "fused_ridge", "gaussian_precision",
    "matrix_factorisation", "two_layer_network", "cox", "metric_learning", "pseudo_huber",
    "kernel_ridge", "sigmoid_squares",
)  # fmt: skip
STORIES = ("gradient_routes", "surrogates")
