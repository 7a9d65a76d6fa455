"""Checks of a posterior: each figure as it is defined, and its bar beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.checks import MET, MISSED, NOT_JUDGED, RANK_CHECK, checks
from sim.analysis.fit import fit
from sim.declare import Fact
from sim.findings.calibration_checks import check_cells, checks_sentence

RECORD = pd.DataFrame(
    [
        ("maths5_examinees", 2012, "national", "9000", "examinees", "B", "fit"),
        ("maths5_examinees", 2016, "national", "15000", "examinees", "A", "fit"),
        ("partners", 2013, "network", "60", "organisations", "C", "fit"),
        ("ministry_joins", 2014, "network", "2014-05", "month", "A", "fit"),
        *[
            ("share_5_units", year, f"quintile {k}", str(share), "share", "A", "fit")
            for year, shares in ((2013, (0.18, 0.11, 0.10, 0.08, 0.07)), (2016, (0.23, 0.15, 0.124, 0.10, 0.08)))
            for k, share in enumerate(shares, 1)
        ],
    ],
    columns=["pattern", "year", "group", "value", "unit", "reliability", "use"],
)
NAMES = [Fact(*row).column for row in RECORD[list(Fact._fields)].itertuples(index=False)]
ANSWERED = [f"historical: {name}" for name in NAMES if "network" not in name] + [
    f"free: {name}" for name in NAMES if "network" in name
]
VALUES = np.array([9000.0, 15000.0, 60.0, 104.0, *RECORD["value"][4:].astype(float)])


def runs(**changed: float) -> pd.DataFrame:
    """Runs of two scenarios that lie around the record; some columns are multiplied."""
    spread = np.linspace(-1.0, 1.0, 21)[:, None]
    figures = VALUES * (1.0 + 0.02 * spread)
    frame = pd.DataFrame(figures, columns=NAMES)
    for name, factor in changed.items():
        column = next(each for each in NAMES if each.replace("/", "_").replace(" ", "_") == name)
        frame[column] *= factor
    frame["seed"] = range(21)
    return pd.concat([frame.assign(scenario=name) for name in ("historical", "free")], ignore_index=True)


def checked(frame: pd.DataFrame, outside: int | None = None) -> pd.DataFrame:
    """The checks of runs, by name."""
    tables = [
        fit(frame[frame["scenario"] == name].set_index("seed"), RECORD).assign(scenario=name)
        for name in ("historical", "free")
    ]
    return checks(pd.concat(tables, ignore_index=True), frame, ANSWERED, outside).set_index("check")


def test_runs_around_the_record_meet_every_bar():
    table = checked(runs(), outside=3)
    assert set(table.loc[table["rule"] != "", "met"]) == {MET}
    assert table.loc["national counts: root mean square of logs", "value"] == pytest.approx(0.0, abs=1e-9)
    width = "national counts: widest half-width of the middle 90%, of the median"
    assert table.loc[width, "value"] == pytest.approx(0.018)
    assert table.loc["other facts: share inside the middle 90%", "note"] == "2 of 2"
    assert checks_sentence(table.reset_index()) == (
        "6 of 6 bars are met. Gains of 5 of 5 quintiles lie in their bands, within tolerance."
    )
    assert "at most 0.04" in set(check_cells(table.reset_index())["bar"])


def test_each_bar_can_be_missed():
    table = checked(runs(maths5_examinees_2016_national=1.2, partners_2013_network=2.0), outside=4)
    off = table.loc["national counts: root mean square of logs"]
    assert off["value"] == pytest.approx(np.log(1.2) / np.sqrt(2.0))
    rated = table.loc["facts rated A: share inside the middle 90%"]
    assert "outside: maths5_examinees 2016 national" in rated["note"]
    others = table.loc["other facts: share inside the middle 90%"]
    assert others["value"] == 0.5
    missed = {row["met"] for row in (off, rated, others, table.loc[RANK_CHECK])}
    assert missed == {MISSED}
    assert "Missed: national counts: root mean square" in checks_sentence(table.reset_index())


def test_a_scenario_is_held_only_against_the_facts_that_it_answers_for():
    frame = runs()
    free = frame["scenario"] == "free"
    frame.loc[free, NAMES[1]] *= 1.5
    frame.loc[~free, NAMES[2]] *= 3.0
    assert set(checked(frame)["met"]) == {MET, NOT_JUDGED}


def test_what_was_not_tested_is_not_told():
    table = checked(runs())
    assert table.loc[RANK_CHECK, "met"] == NOT_JUDGED
    assert np.isnan(table.loc[RANK_CHECK, "value"])
    assert checks_sentence(table.reset_index()).startswith(f"5 of 6 bars are met. Not judged: {RANK_CHECK}.")


def test_a_fact_near_its_band_is_inside_with_its_tolerance_and_outside_without():
    table = checked(runs(maths5_examinees_2016_national=1.03))
    assert table.loc["facts rated A: share inside the middle 90%", "value"] == 1.0
    assert table.loc["facts rated A: the same without their tolerance", "note"] == "11 of 12"


def test_gains_of_quintiles_stand_beside_the_published_ones():
    table = checked(runs(share_5_units_2016_quintile_5=1.9))
    rows = table[table.index.str.contains("gain of the share")]
    assert len(rows) == 5
    assert rows["met"].tolist() == [MET] * 4 + [MISSED]
    logits = [np.log(p / (1 - p)) for p in (0.18, 0.23)]
    assert rows["bar"].iloc[0] == pytest.approx(logits[1] - logits[0])
    assert rows["value"].iloc[0] == pytest.approx(logits[1] - logits[0], abs=0.002)


def test_a_gap_that_narrows_in_some_sets_is_counted():
    frame = runs()
    frame.loc[frame["seed"] < 7, "share_5_units/2016/quintile 1"] = 0.16
    table = checked(frame)
    row = table.loc["share of sets in which the gap between quintiles does not narrow, in points"]
    assert row["value"] == pytest.approx(14 / 21)
    assert row["low_90"] < 14 / 21 < row["high_90"]
    assert row["note"] == "21 sets, 2013-2016"


def test_years_that_were_not_simulated_have_no_row_of_gains():
    frame = runs().drop(columns=[name for name in NAMES if "2016" in name])
    table = checked(frame)
    assert not table.index.str.contains("gain of the share").any()
    assert table.loc["national counts: root mean square of logs", "note"] == "1 counts"
