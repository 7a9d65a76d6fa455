"""The model started from the ministry's schools of 2013, compared with those schools in 2014 and 2015."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from sim import configuration
from sim.analysis.school_panels import agreement, panel_beside_runs
from sim.runs.run import simulate
from tests.theory.conftest import Say

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "schools_2013_2015.csv"
FILE = Path(os.environ.get("SCHOOLS_FILE", BESIDE))
YEARS = [2014, 2015]
SEEDS = 10

pytestmark = [
    pytest.mark.skipif(
        not FILE.is_file(), reason="the published school file is neither beside the checkout nor named by SCHOOLS_FILE"
    ),
    pytest.mark.simulates,
]


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return pd.read_csv(FILE)


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    values = {"setting.schools": str(FILE), "setting.year": 2013, "setting.until": "2015-08"}
    scenario = configuration.scenario("historical", overrides=values)
    return pd.concat([simulate(scenario, seed).panel for seed in range(1, SEEDS + 1)])


def test_real_schools_open_close_and_last_as_they_did(published, simulated, say: Say) -> None:
    table = panel_beside_runs(published, simulated, YEARS).set_index(["figure", "year"])
    for figure, year in table.index:
        row = table.loc[(figure, year)]
        simulated_as = f"{row['median']:.3f} ({row['low_90']:.3f} to {row['high_90']:.3f})"
        say(f"school file: {figure}, {year}", f"{row['observed']:.3f}", simulated_as)
    off = (table["median"] - table["observed"]).abs()
    assert off["opened"].max() < 0.04
    assert off["closed"].max() < 0.03
    assert off["correlation"].max() < 0.03
    assert (off["tracks"] / table["observed"]["tracks"]).max() < 0.05
    assert (off["takers at five units"] / table["observed"]["takers at five units"]).max() < 0.06
    for quintile in range(1, 6):
        assert off[f"share of quintile {quintile}"].max() < 0.02


def test_the_order_of_the_quintiles_is_that_of_the_file(published, simulated) -> None:
    table = panel_beside_runs(published, simulated, YEARS).set_index(["figure", "year"])
    for year in YEARS:
        shares = [table.loc[(f"share of quintile {quintile}", year), "median"] for quintile in range(1, 6)]
        assert shares == sorted(shares, reverse=True)


def test_single_schools_are_known_nearly_as_well_as_from_their_year_before(published, simulated, say: Say) -> None:
    table = agreement(published, simulated, YEARS)
    for row in table.itertuples():
        label = f"school by school, {row.figure}, {row.year}: as last year, and simulated"
        say(label, f"{row.lasting:.3f}", f"{row.median:.3f} ({row.low_90:.3f} to {row.high_90:.3f})")
    assert (table["lasting"] - table["median"]).max() < 0.1
    assert (table["low_90"] > 0.65).all()
