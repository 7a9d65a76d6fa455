"""The state of the model: frozen tables of columns. A table is a value: each phase replaces it and never edits it in place."""
