"""Generated solvers: `import generated.logistic` needs NumPy alone."""
