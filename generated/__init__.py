"""Generated NumPy modules and proofs. Written by `make derive`; do not edit."""
