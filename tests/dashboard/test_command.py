"""The command of the page: wrong options end in one sentence and exit code 2."""

from __future__ import annotations

import socket
from importlib import metadata

import pytest

from sim.dashboard import server as serving
from sim.dashboard.__main__ import main
from sim.errors import Mistake


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "many"], "invalid int value: 'many'"),
        (["--port", "0"], "`--port` must be a whole number from 1; got 0"),
        (["--port", "70000"], "`--port` must be at most 65535"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_option_ends_in_one_sentence(arguments, said, capsys):
    assert main(arguments) == 2
    written = capsys.readouterr().err
    assert said in written
    assert written.startswith("error: ")
    assert written.count("\n") == 1


def test_a_port_that_is_taken_and_a_host_that_is_none_are_said(capsys):
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--host", "127.0.0.1", "--port", str(taken.getsockname()[1])]) == 2
    assert "say another with --port or --host" in capsys.readouterr().err
    assert main(["--host", "no such host"]) == 2
    assert "nothing can be served at no such host" in capsys.readouterr().err


def test_without_the_extra_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(metadata, "distributions", list)
    with pytest.raises(Mistake, match="needs the extra `dashboard`"):
        serving.ready("localhost", 8765)
