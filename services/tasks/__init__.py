"""What a person asks for, one package each. Tasks never import one another, nor Flask, click, Excel or threads."""

TASKS = {"clean": "services.tasks.clean.task:CLEAN", "fill": "services.tasks.fill.task:FILL"}
"""The registered tasks by name, in the order in which they are shown, and where each stands.

Names alone, so that a surface can list them without loading what they work with; ``registry`` loads them.
"""
