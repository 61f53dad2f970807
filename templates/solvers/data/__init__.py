"""What the user passes: checked arrays, and the blocks of rows in which they are read."""
