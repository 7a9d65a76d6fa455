"""The command of the page: wrong options end in one sentence and exit code 2."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from sim.agents.kinds import received_kinds
from sim.configuration import scenario
from sim.dashboard import server as serving
from sim.dashboard.__main__ import main
from sim.dashboard.live_run import simulate_live
from sim.dashboard.network_player import player_data
from sim.errors import InputError
from sim.figures.networks import kind_look
from sim.world.kinds import KINDS
from tests.offenders import each_of

ROOT = Path(__file__).resolve().parents[2]


@each_of(
    ("arguments", "message"),
    [
        (["--port", "many"], "invalid int value: 'many'"),
        (["--port", "0"], "`--port` must be a whole number from 1; got 0"),
        (["--port", "70000"], "`--port` must be at most 65535"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["load=nowhere.py"], "the file 'nowhere.py' of `load` cannot be read: No such file or directory"),
        (["--load"], "argument --load: expected one argument"),
    ],
)
def test_a_wrong_option_ends_in_one_sentence(arguments, message, capsys):
    assert main(arguments) == 2
    written = capsys.readouterr().err
    assert message in written
    assert written.startswith("error: ")
    assert written.count("\n") == 1


def test_a_port_that_is_taken_and_a_host_that_is_none_are_said(capsys):
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--host", "127.0.0.1", "--port", str(taken.getsockname()[1])]) == 2
    assert "choose another with --port or --host" in capsys.readouterr().err
    assert main(["--host", "no such host"]) == 2
    assert "host no such host" in capsys.readouterr().err


@pytest.mark.program
@pytest.mark.slow
def test_ctrl_c_ends_the_page_with_one_line():
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "sim.dashboard", "--no-browser", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as page:
        assert page.stderr is not None
        while f"http://127.0.0.1:{port}" not in page.stderr.readline():
            assert page.poll() is None
        page.send_signal(signal.SIGINT)
        errors = page.communicate(timeout=60)[1]
    assert page.returncode == 130
    assert errors.splitlines()[-1] == "The page is stopped."
    assert "Traceback" not in errors


def test_without_the_extra_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(metadata, "distributions", list)
    with pytest.raises(InputError, match=r"the extra `dashboard` is not installed .*; install it: "):
        serving.check_server("localhost", 8765)


KIND = """
import sim
from sim.agents import KindParameters
from sim.agents.roles import Committer, Member, Provider

class Parents(Committer, Member, Provider):
    "Parents who lend a hand."

sim.register("parents", Parents, defaults=KindParameters(number=9, capacity=0.2, reach=3.0))
"""


@pytest.mark.simulates
@pytest.mark.parametrize("words", [["load={}"], ["--load", "{}"]])
def test_a_kind_of_ones_own_is_played_on_the_page(tmp_path, words):
    path = tmp_path / "parents.py"
    path.write_text(KIND)
    try:
        assert (
            main([*(word.format(path) for word in words), "--port", "0"]) == 2
        )  # the file is read, then the port refused
        played = player_data(simulate_live(scenario("historical_emergent", overrides={"setting.until": "2013-12"}), 1))
        (sector,) = [each for each in played["sectors"] if each["name"] == "parents (9)"]
        assert [each["colour"] for each in played["nodes"]].count(sector["colour"]) == 9
        assert sector["colour"] not in {kind_look(kind)[0] for kind in KINDS if kind != "parents"}
    finally:
        received_kinds({}, exactly=True)
