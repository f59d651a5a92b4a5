"""Values that the rules left open: which they are, what a model says they mean, and whether the cell bears that out."""
