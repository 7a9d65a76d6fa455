"""Folders of results as a user makes them."""

from __future__ import annotations

from tests.examples.conftest import command

__all__ = ["command"]
