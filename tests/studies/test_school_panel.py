"""Comparisons of a school file with small runs that began from it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.studies.school_panel import school_panel
from tests.offenders import each_of
from tests.studies.round_trip import check_result

pytestmark = pytest.mark.slow

HEADER = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers"


def lines(year: int) -> list[str]:
    return [f"s{k},{year},jewish,state,{k % 5 + 1},{60 + 10 * k},{(4 + k) * (k % 3 > 0) or ''}" for k in range(30)]


def written(path, *years: int, header: str = HEADER):
    path.write_text("\n".join([header, *(line for year in years for line in lines(year))]) + "\n")
    return path


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """Compare two runs from thirty schools, one of which has no group in the file that is large enough to be counted."""
    file = written(tmp_path_factory.mktemp("panel") / "mine.csv", 2013, 2014, 2015)
    return school_panel(file, seeds=2, jobs=1, progress=False)


@pytest.mark.simulates
def test_a_panel_says_how_the_file_lies_among_the_runs(panel):
    text = " ".join(panel.summary().split())
    assert "mine.csv: historical begun from its schools of 2013, 2 seeds (random variation only)" in text
    assert "published figures lie in the middle 90% of runs" in text
    assert "School by school in 2015, the track is right: " in text
    assert "counts at five units are read as below the published minimum" in text


@pytest.mark.simulates
def test_a_panel_has_its_tables(panel):
    table, single = panel.figures, panel.by_school
    assert set(table["year"]) == set(single["year"]) == {2014, 2015}
    assert table.set_index(["figure", "year"]).loc[("takers at five units", 2014), "observed"] == sum(
        (4 + k) * (k % 3 > 0) for k in range(30) if 4 + k >= 5
    )
    np.testing.assert_allclose(single["lasting"], 1.0)


@pytest.mark.simulates
def test_a_panel_can_be_saved_loaded_and_shown(panel, tmp_path):
    check_result(panel, tmp_path / "out", "by_school.csv")


@each_of(
    ("years", "options", "sentence"),
    [
        ((2013, 2014), {"schools": ""}, "`schools` names no school file; use `schools=FILE`"),
        ((2013, 2014), {"schools": "{nowhere}"}, "there is no file"),
        ((2013, 2014), {"schools": "{text}"}, "must end in .csv or .parquet"),
        ((2013, 2014), {"schools": "{unreadable}"}, "unreadable.parquet cannot be read as parquet"),
        ((2013, 2014), {"schools": "{lacking}"}, "lacking.csv, line 1: there is no column `maths_takers`"),
        ((2014, 2015), {"schools": "{file}"}, "mine.csv, column `year`: no row is of 2013; the file has 2014, 2015"),
        ((2012, 2013), {"schools": "{file}"}, "mine.csv has no year after 2013 to compare with; it has 2012, 2013"),
        ((2013, 2014), {"schools": "{file}", "years": [2014, 2015]}, "no row is of 2015; the file has 2013, 2014"),
        ((2013, 2014), {"schools": "{file}", "years": [2013]}, "a year of `years` must be a whole number from 2014; got 2013"),
        ((2013, 2014), {"schools": "{file}", "years": []}, "`years` must list each year once; got []"),
        ((2013, 2014), {"schools": "{file}", "overrides": {"setting.until": "2014-05"}},
         "the run ends (2014-05) before the school year 2014; set a later `setting.until`"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_compared_is_refused_in_one_sentence(tmp_path, years, options, sentence):
    names = {
        "file": written(tmp_path / "mine.csv", *years),
        "lacking": written(tmp_path / "lacking.csv", *years, header=HEADER.replace("maths_takers", "takers")),
        "unreadable": written(tmp_path / "unreadable.parquet", *years),
        "text": written(tmp_path / "mine.txt", *years),
        "nowhere": tmp_path / "nowhere.csv",
    }
    named = {"schools": options["schools"].format(**names)}
    with pytest.raises(InputError) as mistake:
        school_panel(**({"seeds": 1, "jobs": 1, "progress": False} | options | named))
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


@each_of(
    ("options", "sentence"),
    [
        ({"overrides": "trust.gain"}, "`overrides` must hold parameters by dotted name; got 'trust.gain'"),
        ({"overrides": {"trust.gian": 1}}, "did you mean `trust.gain`?"),
        ({"scenario": "nothing"}, "unknown scenario `nothing`"),
        ({"seeds": "many"}, "`seeds` must be a whole number from 1; got 'many'"),
        (
            {"uncertainty": "much"},
            "`uncertainty` must be point, posterior, structures or the path of a table; got 'much'",
        ),
        ({"jobs": 0}, "`jobs` "),
    ],
    ids=str,
)
def test_wrong_options_are_refused_in_one_sentence(tmp_path, options, sentence):
    file = written(tmp_path / "mine.csv", 2013, 2014)
    with pytest.raises(InputError) as mistake:
        school_panel(file, **({"seeds": 1, "jobs": 1, "progress": False} | options))
    assert sentence in str(mistake.value)
