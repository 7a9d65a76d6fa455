"""Findings: numbers become sentences that are no stronger than their intervals."""
