"""The task ``clean``: profile each column, propose a recipe, prove it on all rows, and make a ChangeSet."""
