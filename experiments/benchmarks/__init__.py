"""Benchmarks: how fast the model is and how much memory it takes."""
