"""The ways from a start to a point with a small gradient, and the choice among them."""
