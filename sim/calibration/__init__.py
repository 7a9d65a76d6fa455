"""Calibration: a posterior of the uncertain parameters from published facts, in stages."""
