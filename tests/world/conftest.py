"""Fixtures for tests of the world."""

from __future__ import annotations

import pytest


@pytest.fixture
def write(tmp_path):
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return str(path)

    return write
