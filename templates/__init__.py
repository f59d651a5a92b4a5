"""What an office worker may edit: messages, prompts, and document templates. Data only."""
