"""Designs of studies: factors, samples, points and chunks."""
