"""Optimisation: search for decisions that share a budget, confirmed with fresh seeds."""
