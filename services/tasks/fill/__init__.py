"""The task ``fill``: new columns made from others, by a model or by lists of words, each answer typed and checked."""
