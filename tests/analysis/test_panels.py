from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.analysis.school_panels import (
    agreement,
    by_quintile,
    by_school,
    expected,
    panel_beside_runs,
    schools_by_year,
    year_by_year,
)
from sim.errors import InputError
from sim.findings.school_panel import sentences

FILE = pd.DataFrame(
    [
        (1, 2013, 1, 100, 20),
        (2, 2013, 1, 50, None),
        (3, 2013, 5, 40, 8),
        (4, 2013, 5, 10, None),
        (1, 2014, 1, 100, 30),
        (2, 2014, 1, 50, 5),
        (3, 2014, 5, 40, None),
        (5, 2014, 5, 30, 6),
        (6, 2014, None, None, None),
    ],
    columns=["school_id", "year", "nurture_quintile", "maths_takers", "maths_5unit_takers"],
)
"""Four schools of 2013; in 2014 the second opens a track, the third closes it, the fourth is gone and a fifth is new."""


def runs(*files: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([file.assign(seed=seed) for seed, file in enumerate(files, start=1)])


def test_schools_without_takers_are_not_listed_and_blanks_are_no_track():
    rows = schools_by_year(FILE)
    assert len(rows) == 8
    assert rows.loc[(2013, 2), "track"] == False  # noqa: E712 (a NumPy flag)
    assert rows.loc[(2014, 1), "share"] == 0.3


def test_from_year_to_year_only_schools_listed_in_both_count():
    changes = year_by_year(FILE)
    assert changes["tracks"].tolist() == [2, 3]
    assert changes["schools"].tolist() == [4, 4]
    assert changes.loc[2014, "opened"] == 1.0, "of one school that had none and is still listed"
    assert changes.loc[2014, "closed"] == 0.5
    before, now = pd.Series([0.2, 0.0, 0.2]), pd.Series([0.3, 0.1, 0.0])
    assert changes.loc[2014, "correlation"] == pytest.approx(before.corr(now))
    assert changes.loc[2013, ["opened", "closed", "correlation"]].isna().all()


def test_shares_by_quintile_are_of_all_its_takers():
    shares = by_quintile(FILE)
    assert shares.loc[2013].tolist() == pytest.approx([20 / 150, 8 / 50])
    assert shares.loc[2014].tolist() == pytest.approx([35 / 150, 6 / 70])


def test_a_file_agrees_with_itself_school_by_school():
    assert by_school(FILE, FILE, 2014) == pytest.approx({"correlation": 1.0, "same track": 1.0})
    assert by_school(FILE, FILE, 2014, against=2013)["same track"] == pytest.approx(1 / 3)


def test_runs_beside_the_file_are_told_by_their_middle():
    more = FILE.assign(maths_5unit_takers=FILE["maths_5unit_takers"] * 2)
    table = panel_beside_runs(FILE, runs(FILE, FILE, more), [2014]).set_index("figure")
    assert table.loc["takers at five units", ["observed", "median"]].tolist() == [41.0, 41.0]
    assert table.loc["takers at five units", "high_90"] == pytest.approx(41.0 + 0.9 * 41.0)
    assert table.loc["opened", "observed"] == table.loc["opened", "median"] == 1.0
    assert table["inside"].all()
    twice = panel_beside_runs(FILE, runs(more, more), [2014]).set_index("figure")
    assert twice["inside"].to_dict()["share of quintile 1"] == False  # noqa: E712
    assert twice["inside"].to_dict()["tracks"] == True  # noqa: E712


def test_agreement_is_told_beside_what_last_year_would_have_said():
    table = agreement(FILE, runs(FILE, FILE), [2014]).set_index("figure")
    assert table.loc["same track", ["median", "lasting"]].tolist() == pytest.approx([1.0, 1 / 3])
    assert table.loc["correlation", "median"] == pytest.approx(1.0)


def test_a_year_without_a_year_before_has_no_rates():
    table = panel_beside_runs(FILE, runs(FILE), [2013]).set_index("figure")
    assert math.isnan(table.loc["opened", "observed"])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (FILE.drop(columns="maths_takers"), "the frame has no column `maths_takers`"),
        (pd.concat([FILE, FILE.iloc[:1]]), "school 1 has two rows in 2013"),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence(wrong, message):
    with pytest.raises(InputError, match=message):
        year_by_year(wrong)


def test_files_without_a_common_school_cannot_be_compared_by_school():
    with pytest.raises(InputError, match="no school of 2014 in common"):
        by_school(FILE, FILE.assign(school_id=FILE["school_id"] + 100), 2014)


def test_runs_together_expect_mean_shares_and_the_track_that_most_of_them_have():
    without = FILE.assign(maths_5unit_takers=0.0)
    rows = expected(runs(FILE, FILE, without)).loc[2014]
    assert rows["share"].tolist() == pytest.approx([0.2, 0.2 / 3, 0.0, 0.4 / 3])
    assert rows["track"].tolist() == [True, True, False, True]


def test_agreement_is_told_beside_the_year_from_which_the_runs_began_and_not_beside_years_that_the_file_lacks():
    later = pd.concat([FILE, FILE[FILE["year"] == 2014].assign(year=2016)])
    table = agreement(later, runs(later, later), [2016], since=2013).set_index("figure")
    assert table.loc["same track", ["unchanged", "expected"]].tolist() == pytest.approx([1 / 3, 1.0])
    assert table["lasting"].isna().all()


def test_the_sentences_count_what_lies_inside_and_name_what_does_not():
    more = FILE.assign(maths_5unit_takers=FILE["maths_5unit_takers"] * 2)
    findings = []
    for files in ((FILE, FILE), (more, more)):
        agreed = agreement(FILE, runs(*files), [2014], 2013)
        findings.append(sentences(panel_beside_runs(FILE, runs(*files), [2014]), agreed))
    assert findings[0][0] == "8 of 8 published figures lie in the middle 90% of runs, 8 in the middle 50%."
    assert findings[1][0].startswith("5 of 8 published figures")
    assert findings[1][0].endswith(
        "outside the 90%: takers at five units (2014), share of quintile 1 (2014), share of quintile 5 (2014)."
    ), findings[1][0]
    assert "the track is right: 100.0% for the mean of all runs" in findings[0][2]
    assert findings[0][2].endswith('the model beats "as when the runs began" by 66.7% and "as last year" by 66.7%.')


def test_the_sentences_say_where_a_forecast_without_a_model_does_better():
    swapped = FILE.assign(maths_5unit_takers=[None, 10, None, 8, None, None, 10, None, None])
    table = agreement(FILE, runs(swapped, swapped), [2014], 2013)
    assert sentences(panel_beside_runs(FILE, runs(swapped), [2014]), table)[2].endswith("the model beats neither.")
