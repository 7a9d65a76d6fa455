"""Chapters of a report, one module each."""
