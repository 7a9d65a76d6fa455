"""Small counts that official files leave out are read by a rule that the user chooses, and are counted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.configuration import scenario
from sim.draws import Luck
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.studies.run_summary import run_summary
from sim.world.files.check import check, problems
from sim.world.synthetic_schools import Population, with_unknown_drawn

HEAD = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers\n"
PUBLIC = (
    HEAD
    + """\
1,2013,jewish,state,1,200,40
2,2013,jewish,state,2,150,<5
3,2013,jewish,state,3,120,*
4,2013,jewish,state,4,110,SUPP
5,2013,jewish,state,5,90,
6,2013,jewish,state,5,<5,<5
7,2013,jewish,state,5,80,0
8,2013,jewish,state,2,180,30
"""
)


def scenario_with(tmp_path, text=PUBLIC, **values):
    (tmp_path / "public.csv").write_text(text)
    return scenario(
        "historical", overrides={"setting.schools": str(tmp_path / "public.csv"), "setting.burn_in": 0} | values
    )


def test_the_check_tells_how_many_counts_are_suppressed(tmp_path):
    scenario_with(tmp_path)
    text = check(tmp_path / "public.csv")
    assert problems(tmp_path / "public.csv") == []
    assert (
        "2013: 7 schools, 930 maths takers, 70 at five units (7.5%), 2 tracks; 1 row without maths takers left out"
        in text
    )
    assert "blank or suppressed: 4 schools without a published count at five units and 1 school without" in text
    assert "suppressed below 5" in text


def test_a_run_says_how_they_were_read(tmp_path):
    scenario_with(tmp_path)
    values = {"setting.schools": str(tmp_path / "public.csv"), "setting.burn_in": 0, "setting.until": "2007-08"}
    text = " ".join(run_summary("historical", overrides=values).summary().split())
    assert "counts at five units are read as below the published minimum (`setting.suppressed=below`)" in text


def test_below_means_no_track_and_unknown_means_that_each_run_draws_one(tmp_path):
    below = scenario_with(tmp_path)
    assert below.files.schools["track"].tolist() == [True, False, False, False, False, False, True]
    unknown = scenario_with(tmp_path, **{"setting.suppressed": "unknown"})
    hidden = np.isnan(unknown.files.schools["luck"])
    assert hidden.tolist() == [False, True, True, True, True, False, False]
    schools = Population(**unknown.files.schools)
    tracks = np.array([with_unknown_drawn(schools, Luck(seed)).track for seed in range(1, 201)])
    begun = [CollaborationModel(unknown, seed).world.schools.track for seed in range(1, 11)]
    assert len({tuple(each) for each in begun}) > 1
    assert tracks[:, 0].all()
    assert not tracks[:, 5].any()
    # 200 draws each: three standard errors of a share are at most 0.106.
    assert tracks.mean(axis=0)[hidden] == pytest.approx(unknown.files.schools["track_chance"][hidden], abs=0.11)
    assert 0.0 < tracks[:, hidden].mean() < 1.0
    assert "drawn by size, stream and quintile (`setting.suppressed=unknown`)" in unknown.files.notes[0]


def test_a_bound_above_what_the_setting_counts_from_asks_for_another_setting(tmp_path):
    text = PUBLIC.replace("150,<5", "150,<10")
    with pytest.raises(
        InputError, match=r"public.csv suppresses counts below 10, and `setting.counted_from` is 5; set"
    ):
        scenario_with(tmp_path, text)
    assert scenario_with(tmp_path, text, **{"setting.counted_from": 10}).files.schools["track"].sum() == 2


def test_other_marks_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"line 3, column `maths_5unit_takers`: '-' is not a number"):
        scenario_with(tmp_path, PUBLIC.replace("150,<5", "150,-"))


def test_a_file_without_suppressed_counts_has_no_note(tmp_path):
    assert (
        scenario_with(tmp_path, HEAD + "1,2013,jewish,state,1,200,40\n2,2013,jewish,state,1,200,0\n").files.notes == ()
    )


def test_a_point_that_may_mark_thousands_is_refused_between_semicolons(tmp_path):
    text = HEAD.replace(",", ";") + "1;2013;jewish;state;1;2.000;1\n"
    with pytest.raises(
        InputError, match=r"line 2, column `maths_takers`: 2\.000 may have decimals or thousands behind"
    ):
        scenario_with(tmp_path, text)
    assert scenario_with(tmp_path, text.replace("2.000", "200.0")).files.schools["takers"].tolist() == [200]
