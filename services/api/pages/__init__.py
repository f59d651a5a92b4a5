"""The local web page: who is let in, what a form sends, and how pages look. No task and no model is here."""
