"""Cells: Grid, ChangeSet, Journal; apply and undo as pure functions; the TSV codec; reading and patching files."""
