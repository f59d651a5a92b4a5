"""What ``deskhand doctor`` finds: what is in place on this machine, and what is not. Nothing here changes anything."""
