"""Findings again under other mechanisms: the program as a user runs it."""

from __future__ import annotations

import pandas as pd
import pytest

pytestmark = pytest.mark.program

TINY = (
    "seeds=2",
    "jobs=1",
    "setting.until=2020-08",
    "arms=[no_backbone]",
    "outcomes=[examinees_2020]",
    "uncertainty=point",
)


@pytest.mark.release
def test_every_mechanism_is_compared_and_the_table_says_how_much_of_a_finding_is_left(command, tmp_path):
    folder = tmp_path / "out"
    done = command("robust", *TINY, "mechanisms=[reputation,no_network]", f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert (folder / "robust.txt").read_text() in done.stdout
    table = pd.read_csv(folder / "robust.csv")
    assert set(table["mechanism"]) == {"the model", "reputation", "no_network"}
    assert set(table["dates"]) == {"emergent", "held"}
    free = table[table["dates"] == "emergent"].set_index("mechanism")["difference"]
    assert abs(free["no_network"]) < abs(free["the model"])  # a ministry that does not ask the network is not won by it
    ratios = table[table["dates"] == "emergent"].set_index("mechanism")["ratio"]
    assert ratios["no_network"] == pytest.approx(free["no_network"] / free["the model"])


@pytest.mark.release
def test_a_wrong_command_is_told_before_a_folder_is_made(command, tmp_path):
    done = command("robust", "mechanisms=[reputatoin]", f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert "unknown mechanism `reputatoin`; did you mean `reputation`?" in done.stderr
    assert not (tmp_path / "out").exists()
