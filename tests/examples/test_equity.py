"""The study of equity, tiny: what it prints, what it leaves, what it refuses."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from omegaconf import OmegaConf

from experiments.equity import checked
from sim.analysis.costs import ALL
from sim.analysis.equity import gains
from sim.configuration import configs
from sim.errors import Mistake

TINY = ("seeds=3", "jobs=1", "setting.until=2017-08", "year=2017", "arms=[no_backbone]", "uncertainty=point")


def config(**keys: object) -> object:
    """The program's own keys, as they stand or as given."""
    said = OmegaConf.load(configs() / "experiment" / "equity.yaml")
    own = {name: said[name] for name in said if name not in ("defaults", "hydra")}
    return OmegaConf.create(own | keys)


@pytest.fixture(scope="module")
def told(command, tmp_path_factory):
    """The program over few seeds: what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("equity") / "out"
    return command("equity", *TINY, f"out={folder}"), folder


@pytest.mark.slow
def test_it_says_who_gains_at_what_cost_and_keeps_text_tables_and_page(told):
    done, folder = told
    assert done.returncode == 0, done.stderr
    assert (folder / "equity.txt").read_text() in done.stdout
    left = {path.name for path in folder.iterdir()}
    pages = {"equity.pdf", "equity.svg", "equity.png"}
    assert left == {
        "manifest.json",
        "checksums.txt",
        "table.parquet",
        "equity.csv",
        "gaps.csv",
        "costs.csv",
        "equity.txt",
        *pages,
    }
    assert json.loads((folder / "manifest.json").read_text())["kind"] == "study of equity"
    for said in (
        "Few pairs: a look, not a result.",
        "Counted as cost is what organisations offered",
        "Gender: girls are",
    ):
        assert said in done.stdout


@pytest.mark.slow
def test_its_tables_are_of_its_runs_against_the_reference_and_the_baseline(told):
    runs, table = pd.read_parquet(told[1] / "table.parquet"), pd.read_csv(told[1] / "equity.csv")
    assert set(runs["scenario"]) == {"historical_emergent", "no_backbone", "no_initiative"}
    assert set(zip(table["arm"], table["against"], strict=True)) == {
        ("historical_emergent", "no_initiative"), ("no_backbone", "no_initiative"), ("no_backbone", "historical_emergent"),
    }  # fmt: skip
    again = gains(runs, "no_backbone", "no_initiative", 2017)
    mine = table[(table["arm"] == "no_backbone") & (table["against"] == "no_initiative")]
    assert mine["additional"].tolist() == pytest.approx(again["additional"].tolist())


@pytest.mark.slow
def test_its_costs_are_of_its_runs(told):
    runs, table = pd.read_parquet(told[1] / "table.parquet"), pd.read_csv(told[1] / "costs.csv")
    every = table[table["source"] == ALL].set_index("arm")
    assert every["offered"].to_dict() == pytest.approx(runs.groupby("scenario")["offered"].mean().to_dict())
    years = [name for name in runs if name.startswith("examinees_") and "/" not in name]
    sums = runs.set_index(["scenario", "seed"])[years].sum(axis=1)
    caused = (sums["no_backbone"] - sums["no_initiative"]).mean()
    assert every.loc["no_backbone", "caused"] == pytest.approx(caused)


@pytest.mark.slow
def test_it_does_not_mix_with_work_of_another_kind(command, tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    done = command("equity", *TINY, f"out={tmp_path}")
    assert done.returncode == 2
    assert "holds a comparison, and this would be a study of equity: give another `out`" in done.stderr


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"arms": ["no_bakbone"]}, "unknown scenario `no_bakbone`; did you mean `no_backbone`?"),
        ({"arms": ["historical_emergent"]}, "`historical_emergent` is compared with itself"),
        ({"arms": []}, "`arms` is a list of scenarios, for example [no_backbone,policy_late]; got []"),
        ({"arms": 5}, "`arms` is a list of scenarios, for example [no_backbone,policy_late]; got 5"),
        ({"arms": ["no_initiative"]}, "there is nothing to compare: the only arm is the reference `no_initiative`"),
        (
            {"reference": "historical_emergent"},
            "`reference` is what the baseline too is compared with, so it is another scenario than `historical_emergent`",
        ),
        ({"reference": "no_inititative"}, "unknown scenario `no_inititative`; did you mean `no_initiative`?"),
        ({"year": 2016}, "groups are counted in 2013, 2017, 2020, so `year` is one of these; got 2016"),
        ({"year": "soon"}, "groups are counted in 2013, 2017, 2020, so `year` is one of these; got 'soon'"),
        (
            {"setting": {"until": "2019-08"}},
            "the runs of `historical_emergent` (2005-09 to 2019-08) have no examination of `year` 2020",
        ),
        ({"seeds": 1}, "`seeds` must be a whole number from 2; got 1"),
        ({"first_seed": -1}, "`first_seed` must be a whole number from 0; got -1"),
        ({"uncertainty": "nowhere.csv"}, "there is no posterior 'nowhere.csv'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(keys, sentence):
    with pytest.raises(Mistake) as mistake:
        checked(config(**keys))
    assert str(mistake.value).startswith(sentence)


def test_a_reference_that_is_also_an_arm_is_run_once():
    cases, reference, year, seeds = checked(config(arms=["no_backbone", "no_initiative"]))
    assert [case.name for case in cases] == ["historical_emergent", "no_backbone", "no_initiative"]
    assert (reference, year, seeds) == ("no_initiative", 2020, range(1, 101))
