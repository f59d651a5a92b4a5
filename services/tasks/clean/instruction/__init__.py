"""What a person asks of ``clean`` in words: read into choices of a closed vocabulary, and from there into steps."""
