"""HTTP: routes, who may call them, and how requests and answers look. What tasks do is not here."""
