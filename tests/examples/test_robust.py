"""Findings again under other mechanisms: the program as a user runs it."""

from __future__ import annotations

import pandas as pd
import pytest

TINY = (
    "seeds=2",
    "jobs=1",
    "setting.until=2020-08",
    "arms=[no_backbone]",
    "outcomes=[examinees_2020]",
    "uncertainty=point",
)


@pytest.mark.slow
def test_every_mechanism_is_compared_and_the_table_says_which_finding_holds(command, tmp_path):
    folder = tmp_path / "out"
    done = command("robust", *TINY, "mechanisms=[reputation,no_network]", f"out={folder}")
    assert done.returncode == 0, done.stderr
    assert (folder / "robust.txt").read_text() in done.stdout
    table = pd.read_csv(folder / "robust.csv")
    assert set(table["mechanism"]) == {"the model", "reputation", "no_network"}
    assert set(table["dates"]) == {"emergent", "held"}
    free = table[table["dates"] == "emergent"].set_index("mechanism")["difference"]
    assert abs(free["no_network"]) < abs(free["the model"])  # a ministry that does not ask the network is not won by it


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["mechanisms=[reputatoin]"], "unknown mechanism `reputatoin`; did you mean `reputation`?"),
        (["mechanisms=[]"], "there is nothing to be robust against"),
        (["trust.rule=constant", "mechanisms=[reputation]"], "`trust.rule` is what a mechanism holds"),
        (["arms=[no_bakbone]"], "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        (["arms=[historical_emergent]"], "is compared with itself"),
        (
            ["arms=[weak_backbone]", "backbone.facilitation=0.8"],
            "`weak_backbone` is `historical_emergent` under another name",
        ),
        (["baseline=us_region"], "`no_backbone` has other schools than `us_region`"),
        (["baseline=us_region", "arms=[+policy_only]"], "`policy_only` has dates of its own"),
        (["outcomes=[examinees_202]"], "there is no outcome `examinees_202`"),
        (["seeds=1"], "`seeds` must be a whole number from 2; got 1"),
    ],
)
def test_a_wrong_command_is_told_before_a_folder_is_made(command, tmp_path, given, said):
    done = command("robust", *given, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()
