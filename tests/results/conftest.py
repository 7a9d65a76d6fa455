"""Fixtures for tests of results."""

from __future__ import annotations

from tests.examples.conftest import command

__all__ = ["command"]
