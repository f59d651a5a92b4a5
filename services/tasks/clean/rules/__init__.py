"""The rules of ``clean``, one module each; ``services.tasks.clean.rulebook`` lists them in the order they run."""
