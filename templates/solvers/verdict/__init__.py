"""What may be said of the point that a method reached: one rule, one check, one place of words."""
