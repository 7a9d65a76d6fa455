"""One short Hydra program a question: run, sweep, check, scenarios, benchmark."""
