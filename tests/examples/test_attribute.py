"""The program that attributes outcomes to the players of a game, as a user runs it."""

from __future__ import annotations

import pandas as pd
import pytest

pytestmark = pytest.mark.program

TINY = ("seeds=2", "jobs=1", "setting.until=2020-08", "outcomes=[examinees_2020]")

PAIR = """about: Two of them
players:
  backbone: {set: {backbone.present: false}}
  agenda: {set: {conditions.common_agenda: 0.0}}
"""


@pytest.mark.release
def test_the_program_sums_to_the_whole_and_goes_on_from_what_is_kept(command, tmp_path):
    (tmp_path / "pair.yaml").write_text(PAIR)
    options = (f"game={tmp_path / 'pair.yaml'}", f"out={tmp_path / 'out'}")
    done = command("attribute", *TINY, *options)
    assert done.returncode == 0, done.stderr
    assert "The values sum to the whole" in done.stdout
    table = pd.read_csv(tmp_path / "out" / "attribution.csv").set_index(["player", "measure"])["value"]
    assert table["backbone", "shapley"] + table["agenda", "shapley"] == pytest.approx(table["all", "whole"])
    times = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "parts").iterdir()}
    again = command("attribute", *TINY, *options)
    assert again.stdout == done.stdout
    assert times == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "parts").iterdir()}
    other = command("attribute", *TINY, *options, "backbone.staff=3")
    assert other.returncode == 2
    assert "was started with another scenario, or other parameters" in other.stderr


@pytest.mark.release
@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["game=condition"], "unknown game `condition`; did you mean `conditions`?"),
        (["outcomes=[examinees]"], "unknown outcome `examinees`; d"),
        (["seeds=1"], "`seeds` must be a whole number from 2; got 1"),
    ],
)
def test_a_wrong_command_is_told_before_a_folder_is_made(command, tmp_path, option, message):
    done = command("attribute", *option, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "out").exists()
