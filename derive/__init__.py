"""Derive gradients and Hessians of cost functions, with proofs and NumPy code."""
