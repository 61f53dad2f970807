"""What articles about the costs claim, one small file per story."""
