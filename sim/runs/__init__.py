"""Runs: one run, many, pairs; on all cores, with shared histories."""
