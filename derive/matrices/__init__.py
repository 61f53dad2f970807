"""From index formulas to matrix form; every recognition is a step."""
