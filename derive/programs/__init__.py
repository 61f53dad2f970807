"""From matrix formulas to ordered lines of NumPy arithmetic."""
