"""The service, the command line, and everything that does the work."""
