"""The catalogue: one small file per cost."""
