"""Products, directions and lengths of steps: what knows of no data and of no cost."""
