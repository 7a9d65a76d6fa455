"""A school file beside runs that began from it, tiny, as a user starts it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

HEADER = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers"


def lines(year: int) -> list[str]:
    return [f"s{k},{year},jewish,state,{k % 5 + 1},{60 + 10 * k},{(4 + k) * (k % 3 > 0) or ''}" for k in range(30)]


def written(path, *years: int, header: str = HEADER):
    path.write_text("\n".join([header, *(line for year in years for line in lines(year))]) + "\n")
    return path


@pytest.fixture(scope="module")
def panel(command, tmp_path_factory):
    """Two runs from thirty schools, one of which the file lists without a group large enough to be counted."""
    folder = tmp_path_factory.mktemp("panel")
    file = written(folder / "mine.csv", 2013, 2014, 2015)
    done = command("panel", f"schools={file}", "seeds=2", "jobs=1", f"out={folder / 'out'}")
    return done, folder / "out"


def test_a_panel_ends_well_and_says_how_the_file_lies_among_the_runs(panel):
    done, _ = panel
    assert done.returncode == 0, done.stderr
    assert "mine.csv: historical begun from its schools of 2013, 2 seeds (luck only)" in done.stdout
    assert "published figures lie in the middle 90% of runs" in done.stdout
    assert "School by school in 2015, the track is right: " in done.stdout


def test_a_panel_leaves_its_tables_and_its_figure(panel):
    _, folder = panel
    table, single = pd.read_csv(folder / "beside.csv"), pd.read_csv(folder / "by_school.csv")
    assert set(table["year"]) == set(single["year"]) == {2014, 2015}
    assert table.set_index(["figure", "year"]).loc[("takers at five units", 2014), "observed"] == sum(
        (4 + k) * (k % 3 > 0) for k in range(30) if 4 + k >= 5
    )
    np.testing.assert_allclose(single["lasting"], 1.0)
    assert all((folder / f"panel.{form}").stat().st_size > 10_000 for form in ("pdf", "svg", "png"))


@pytest.mark.parametrize(
    ("years", "arguments", "sentence"),
    [
        ((2013, 2014), [], "which schools? `schools=FILE` names a school file"),
        ((2013, 2014), ["schools={nowhere}"], "there is no file"),
        ((2013, 2014), ["schools={text}"], "must end in .csv or .parquet"),
        ((2013, 2014), ["schools={unreadable}"], "unreadable.parquet cannot be read as parquet"),
        ((2013, 2014), ["schools={lacking}"], "lacking.csv, line 1: there is no column `maths_takers`"),
        ((2014, 2015), ["schools={file}"], "mine.csv, column `year`: no row is of 2013; the file has 2014, 2015"),
        ((2012, 2013), ["schools={file}"], "mine.csv has no year after 2013 to be compared with; it has 2012, 2013"),
        ((2013, 2014), ["schools={file}", "years=[2014,2015]"], "no row is of 2015; the file has 2013, 2014"),
        ((2013, 2014), ["schools={file}", "years=[2013]"], "a year of `years` must be a whole number from 2014; got 2013"),
        ((2013, 2014), ["schools={file}", "years=[]"], "`years` lists different years, each once; got []"),
        ((2013, 2014), ["schools={file}", "setting.until=2014-05"],
         "the run ends (2014-05) before the school year 2014 that is to be compared"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_compared_ends_in_one_sentence(command, tmp_path, years, arguments, sentence):
    names = {
        "file": written(tmp_path / "mine.csv", *years),
        "lacking": written(tmp_path / "lacking.csv", *years, header=HEADER.replace("maths_takers", "takers")),
        "unreadable": written(tmp_path / "unreadable.parquet", *years),
        "text": written(tmp_path / "mine.txt", *years),
        "nowhere": tmp_path / "nowhere.csv",
    }
    done = command(
        "panel", *[each.format(**names) for each in arguments], "seeds=1", "jobs=1", f"out={tmp_path / 'out'}"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr
    assert not (tmp_path / "out").exists()
