"""The server that the tests of the page in a browser share within a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dashboard.browsing import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a server of the page, and check that it ends without a traceback."""
    served = Server()
    yield served
    assert "Traceback" not in served.stop()
