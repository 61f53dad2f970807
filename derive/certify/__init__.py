"""What the formula permits: linear predictor, convexity, curvature bound, with their arguments."""
