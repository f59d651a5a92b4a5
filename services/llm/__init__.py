"""Asking a language model: endpoints, prompts, structured replies, what is kept of them, and what left the machine."""
