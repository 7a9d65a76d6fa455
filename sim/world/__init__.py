"""What exists: frozen tables of columns. A table is a value: it is replaced each phase, never edited in place."""
