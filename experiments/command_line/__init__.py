"""Command lines: words are checked before Hydra reads them, options become plain Python, errors are one sentence."""
