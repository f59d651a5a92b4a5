"""What a person asks for, one package each. Tasks never import one another, nor Flask, click, Excel or threads."""
