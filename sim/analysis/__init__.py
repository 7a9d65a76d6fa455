"""Arithmetic on tables of runs; no module here knows how a table was made."""
