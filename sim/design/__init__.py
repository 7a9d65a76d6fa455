"""Designs: which runs a study makes: factors, samples, points and chunks."""
