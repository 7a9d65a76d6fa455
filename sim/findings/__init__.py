"""Findings: sentences made from numbers, never stronger than their intervals."""
