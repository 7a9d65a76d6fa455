"""Sweeps: a design times seeds, in memory or resumable in a store."""
