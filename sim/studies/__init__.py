"""Studies: one module a question that a programme of runs answers."""
