"""Optimisation: search over decisions that share a budget, confirmed with fresh seeds."""
