"""A user's file that cannot be used is refused in one sentence that names file, row and column."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import sim
from experiments import check
from sim.errors import InputError
from sim.world.files.check import problems
from sim.world.organisations import KINDS
from tests.offenders import each_of
from tests.world.files import ORGANISATIONS, SCHOOLS, TIES, scenario_with

BAD_SCHOOLS = {
    "missing column": (
        "maths_takers,",
        "math_takers,",
        "line 1: there is no column `maths_takers`; is it misspelt as `math_takers`?",
    ),
    "unknown sector": (
        "centre,jewish",
        "centre,jewich",
        "line 4, column `sector`: 'jewich' is not known; did you mean `jewish`?",
    ),
    "unknown supervision": (
        "jewish,haredi",
        "jewish,none",
        "line 5, column `supervision`: 'none' is not known; it must be one of state, state_religious, haredi",
    ),
    "unknown district": ("haifa", "hafia", "line 8, column `district`: 'hafia' is not known; did you mean `haifa`?"),
    "duplicate id": ("\n2,2013", "\n1,2013", "line 4, column `school_id`: school 1 of 2013 is already in line 2"),
    "no id": ("\n2,2013", "\n,2013", "line 4, column `school_id`: the cell is empty"),
    "no year": ("\n2,2013", "\n2,", "line 4, column `year`: the cell is empty"),
    "year of text": ("\n2,2013", "\n2,last", "line 4, column `year`: 'last' is not a number"),
    "half a year": ("\n2,2013", "\n2,2013.5", "line 4, column `year`: 2013.5 is not a whole number"),
    "takers missing": ("187,34", ",34", "line 4, column `maths_takers`: the cell is empty, but 34 took five units"),
    "takers not a number": (
        "187,34",
        "NaN,34",
        "line 4, column `maths_takers`: 'NaN' is not a number; leave it empty where it is not known",
    ),
    "infinite takers": (
        "187,34",
        "inf,34",
        "line 4, column `maths_takers`: 'inf' is not a number; leave it empty where it is not known",
    ),
    "text for takers": (
        "187,34",
        "many,34",
        "line 4, column `maths_takers`: 'many' is not a number; leave it empty where it is not known",
    ),
    "half a taker": ("187,34", "187.5,34", "line 4, column `maths_takers`: 187.5 is not a whole number"),
    "a nation of takers": ("187,34", "1e9,34", "line 4, column `maths_takers`: 1e9 must lie between 0 and 100000"),
    "negative takers": ("187,34", "-187,34", "line 4, column `maths_takers`: -187 must not be negative"),
    "negative five units": (
        "187,34",
        "187,-3",
        "line 4, column `maths_5unit_takers`: -3 must not be negative",
    ),
    "more than all": ("187,34", "187,188", "line 4, column `maths_5unit_takers`: 188 are more than 187 takers"),
    "sixth quintile": (",8,1,", ",8,6,", "line 4, column `nurture_quintile`: 6 must lie between 1 and 5"),
    "zeroth quintile": (",8,1,", ",8,0,", "line 4, column `nurture_quintile`: 0 must lie between 1 and 5"),
    "half a quintile": (",8,1,", ",8,1.5,", "line 4, column `nurture_quintile`: 1.5 is not a whole number"),
    "cluster": (",8,1,", ",80,1,", "line 4, column `locality_cluster`: 80 must lie between 1 and 10"),
    "other year": ("2013", "2003", "column `year`: no row is of 2013; the file has 2003, 2014"),
    "short row": (",187,34", "", "line 4: there are 7 cells under 9 columns"),
    "long row": ("187,34", "187,34,3", "line 4: there are 10 cells under 9 columns"),
    "two columns": ("supervision", "sector", "line 1 has two columns `sector`; give each a name of its own"),
}


@each_of(("old", "new", "sentence"), BAD_SCHOOLS.values(), ids=list(BAD_SCHOOLS))
def test_a_bad_school_file_is_refused_in_one_sentence(write, old, new, sentence):
    assert old in SCHOOLS
    with pytest.raises(InputError) as caught:
        scenario_with(write("s.csv", SCHOOLS.replace(old, new)))
    assert str(caught.value) in (f"s.csv, {sentence}", f"s.csv {sentence}")


def test_columns_that_are_missing_are_named_with_all_that_are_needed(write):
    text = SCHOOLS.replace("sector,", "branch,").replace("supervision,", "kind,")
    with pytest.raises(InputError) as caught:
        scenario_with(write("s.csv", text))
    assert str(caught.value) == (
        "s.csv, line 1: there are no columns `sector`, `supervision`; it needs school_id, year, sector, supervision, "
        "nurture_quintile, maths_takers, maths_5unit_takers, and has school_id, year, district, branch, kind, "
        "locality_cluster, nurture_quintile, maths_takers, maths_5unit_takers"
    )


MANY = {
    "s.csv": (
        SCHOOLS.replace("centre,jewish", "centre,jewich").replace(",8,1,", ",8,9,").replace("300,26", "300,301")
        .replace("\n5,2013", "\n5,soon").replace("31,", "many,3"),
        [
            "s.csv, line 2, column `maths_5unit_takers`: 301 are more than 300 takers",
            "s.csv, line 4, column `sector`: 'jewich' is not known; did you mean `jewish`?",
            "s.csv, line 4, column `nurture_quintile`: 9 must lie between 1 and 5",
            "s.csv, line 5, column `maths_takers`: 'many' is not a number; leave it empty where it is not known",
            "s.csv, line 7, column `year`: 'soon' is not a number",
        ],
    ),
    "o.csv": (
        ORGANISATIONS.replace("Fund,foundation,8", "Fund,founation,-8").replace("Friends,ngo", "Town,ngo"),
        [
            "o.csv, line 3, column `kind`: 'founation' is not known; did you mean `foundation`?",
            "o.csv, line 3, column `capacity`: -8 must not be negative",
            "o.csv, line 6, column `name`: `Town` is already in line 2",
        ],
    ),
    "t.csv": (
        TIES.replace("0.6", "6").replace("Works,Fund", "Works,Works"),
        [
            "t.csv, line 2, column `trust`: 6 must lie between 0 and 1",
            "t.csv, line 4, column `target`: `Works` is tied to itself",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_everything_that_is_wrong_with_a_file_is_told_and_nothing_twice(write, name):
    text, sentences = MANY[name]
    assert problems(write(name, text)) == sentences
    with pytest.raises(InputError) as caught:
        sim.check(write(name, text))
    assert str(caught.value) in sentences


@pytest.mark.parametrize("text", [SCHOOLS, ORGANISATIONS, TIES], ids=["schools", "organisations", "ties"])
def test_a_file_that_can_be_used_has_no_problem(write, text):
    assert problems(write("f.csv", text)) == []


def test_the_check_command_lists_every_fault(write, capsys):
    rows = "".join(f"{school},2013,jewish,state,9,30,6\n" for school in range(12))
    path = write("s.csv", "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers\n" + rows)
    assert check.main([path]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 12
    assert lines[0] == "error: s.csv, line 2, column `nurture_quintile`: 9 must lie between 1 and 5"
    assert lines[-1] == "error: s.csv, line 13, column `nurture_quintile`: 9 must lie between 1 and 5"


def test_the_check_command_says_all_of_an_organisation_file(write, capsys):
    path = write("o.csv", "name,kind,capacity\nA,fondation,3\nA,ngo,-1\nB,ngo,nan\n")
    assert check.main([path]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


HEADER = SCHOOLS.splitlines()[0]
BAD_FILES = {
    "empty": ("s.csv", "", "s.csv is empty"),
    "blank": ("s.csv", "\n\n", "s.csv is empty"),
    "no schools": ("s.csv", HEADER, "s.csv has no schools: there is no row under the columns"),
    "no takers": (
        "s.csv",
        f"{HEADER}\n6,2013,haifa,druze,state,4,3,,\n",
        "s.csv, column `maths_takers`: no school has maths takers in 2013",
    ),
    "extension": ("s.xlsx", SCHOOLS, "s.xlsx must end in .csv or .parquet"),
    "no parquet": ("s.parquet", SCHOOLS, "s.parquet cannot be read as parquet: "),
    "open quote": (
        "s.csv",
        SCHOOLS.replace("centre", '"centre'),
        "s.csv, line 4: the file cannot be read as csv: a quote is opened and never closed",
    ),
    "strange authority": (
        "s.csv",
        SCHOOLS.replace("district", "authority"),
        "s.csv, line 2, column `authority`: 'north' is not a local authority of the organisation file",
    ),
}


@each_of(("name", "text", "sentence"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_a_file_that_is_no_school_file_is_refused(write, name, text, sentence):
    with pytest.raises(InputError, match="^" + re.escape(sentence)) as caught:
        scenario_with(write(name, text), write("organisations.csv", ORGANISATIONS))
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_foreign_letters_are_refused(tmp_path):
    absent, folder, foreign = tmp_path / "absent.csv", tmp_path / "folder.csv", tmp_path / "foreign.csv"
    folder.mkdir()
    foreign.write_bytes("name,kind,capacity\nקמה,foundation,1\n".encode("cp1255"))
    for path, sentence in {
        absent: f"there is no file {absent}",
        folder: f"there is no file {folder}",
        foreign: "foreign.csv is not text in UTF-8; save it as CSV UTF-8",
    }.items():
        with pytest.raises(InputError, match="^" + re.escape(sentence) + "$"):
            scenario_with("", str(path))


def test_a_bad_cell_of_a_parquet_file_is_named_by_its_row(write, tmp_path):
    frame = pd.read_csv(write("s.csv", SCHOOLS))
    frame.loc[2, "maths_takers"] = np.nan
    frame.to_parquet(tmp_path / "s.parquet")
    sentence = "s.parquet, row 3, column `maths_takers`: the cell is empty, but 34 took five units"
    with pytest.raises(InputError, match=re.escape(sentence)):
        scenario_with(str(tmp_path / "s.parquet"))
    frame.drop(columns="year").to_parquet(tmp_path / "s.parquet")
    with pytest.raises(InputError, match=re.escape("s.parquet: there is no column `year`")):
        scenario_with(str(tmp_path / "s.parquet"))


BAD_ORGANISATIONS = {
    "missing column": (
        "capacity",
        "capacities",
        "line 1: there is no column `capacity`; is it misspelt as `capacities`?",
    ),
    "unknown kind": (
        "Fund,foundation",
        "Fund,founation",
        "line 3, column `kind`: 'founation' is not known; did you mean `foundation`?",
    ),
    "strange kind": (
        "Fund,foundation",
        "Fund,xyz",
        "line 3, column `kind`: 'xyz' is not known; it must be one of " + ", ".join(KINDS),
    ),
    "no kind": ("Fund,foundation", "Fund,", "line 3, column `kind`: the cell is empty"),
    "no name": ("Fund,foundation", ",foundation", "line 3, column `name`: the cell is empty"),
    "duplicate name": ("Friends,ngo", "Fund,ngo", "line 6, column `name`: `Fund` is already in line 3"),
    "two ministries": (
        "Friends,ngo",
        "Friends,ministry",
        "line 6, column `kind`: there can be only one ministry, which is already in line 5",
    ),
    "two backbones": (
        "Works,business,2,YES",
        "Works,backbone,2,",
        "line 8, column `kind`: there can be only one backbone, which is already in line 7",
    ),
    "negative capacity": (
        "foundation,8",
        "foundation,-8",
        "line 3, column `capacity`: -8 must not be negative",
    ),
    "all the money": ("foundation,8", "foundation,8e9", "line 3, column `capacity`: 8e9 must lie between 0 and 1e+06"),
    "no capacity": ("foundation,8", "foundation,", "line 3, column `capacity`: the cell is empty"),
    "text for capacity": ("foundation,8", "foundation,large", "line 3, column `capacity`: 'large' is not a number"),
    "capacity not a number": ("foundation,8", "foundation,NaN", "line 3, column `capacity`: 'NaN' is not a number"),
    "founder in between": ("8,true", "8,maybe", "line 3, column `founder`: 'maybe' is neither true nor false"),
    "ministry as founder": (
        "ministry,0,false",
        "ministry,0,true",
        "line 5, column `founder`: a ministry cannot be a founder",
    ),
}


@each_of(("old", "new", "sentence"), BAD_ORGANISATIONS.values(), ids=list(BAD_ORGANISATIONS))
def test_a_bad_organisation_file_is_refused_in_one_sentence(write, old, new, sentence):
    assert old in ORGANISATIONS
    with pytest.raises(InputError) as caught:
        scenario_with("", write("o.csv", ORGANISATIONS.replace(old, new)))
    assert str(caught.value) == f"o.csv, {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,kind,capacity\n", "o.csv has no organisations: there is no row under the columns"),
        (
            "name,kind,capacity,founder,joins\nA,ngo,1,yes,no\n",
            "o.csv, line 2, column `joins`: `A` is a founder, so it must be able to join",
        ),
        (
            "name,kind,capacity,id\nA,ngo,1,4\nB,ngo,1,4\n",
            "o.csv, line 3, column `id`: identity 4 is already in line 2",
        ),
    ],
)
def test_contradictions_among_organisations_are_refused(write, text, sentence):
    with pytest.raises(InputError) as caught:
        scenario_with("", write("o.csv", text))
    assert str(caught.value) == sentence


BAD_TIES = {
    "missing column": ("trust", "thrust", "line 1: there is no column `trust`; is it misspelt as `thrust`?"),
    "stranger": (
        "Works,Fund",
        "Works,Fond",
        "line 4, column `target`: there is no `Fond` in o.csv; did you mean `Fund`?",
    ),
    "strange source": ("Works,Fund", "Zzz,Fund", "line 4, column `source`: there is no `Zzz` in o.csv"),
    "no source": ("Works,Fund", ",Fund", "line 4, column `source`: the cell is empty"),
    "itself": ("Works,Fund", "Fund,Fund", "line 4, column `target`: `Fund` is tied to itself"),
    "twice": (
        "Works,Fund",
        "Friends,Fund",
        "line 4, column `target`: the tie from `Friends` to `Fund` is already in line 3",
    ),
    "too much trust": ("0.4", "1.4", "line 4, column `trust`: 1.4 must lie between 0 and 1"),
    "distrust": ("0.4", "-0.4", "line 4, column `trust`: -0.4 must lie between 0 and 1"),
    "no trust": ("0.4", "", "line 4, column `trust`: the cell is empty"),
    "trust not a number": ("0.4", "nan", "line 4, column `trust`: 'nan' is not a number"),
}


@each_of(("old", "new", "sentence"), BAD_TIES.values(), ids=list(BAD_TIES))
def test_a_bad_edge_list_is_refused_in_one_sentence(write, old, new, sentence):
    assert old in TIES
    with pytest.raises(InputError) as caught:
        scenario_with("", write("o.csv", ORGANISATIONS), write("t.csv", TIES.replace(old, new)))
    assert str(caught.value) == f"t.csv, {sentence}"


def test_an_edge_list_needs_an_organisation_file(write):
    with pytest.raises(
        InputError, match=r"t\.csv names its organisations, so `setting.organisations` must name a file"
    ):
        scenario_with("", "", write("t.csv", TIES))


def test_the_check_command_says_what_is_wrong_with_every_file_it_is_given(write, tmp_path, capsys):
    files = [write("foreign.csv", "a,b\n1,2\n"), write("empty.csv", ""), str(tmp_path / "nofile.csv")]
    assert check.main(files) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [name in line for name, line in zip(("foreign.csv", "empty.csv", "nofile.csv"), lines, strict=True)] == [
        True
    ] * 3


def test_a_stranger_and_a_tie_to_oneself_are_both_said(write, capsys):
    ties = "source,target,trust\nFund,Nobody,0.5\nFund,Fund,0.5\nFund,Friends,0.5\nFund,Friends,0.6\n"
    assert check.main([write("orgs.csv", ORGANISATIONS), write("ties.csv", ties)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.removeprefix("error: ").split(",")[1] for line in lines] == [" line 2", " line 3", " line 5"]
    assert "there is no `Nobody` in orgs.csv" in lines[0]
    assert "`Fund` is tied to itself" in lines[1]
    assert "is already in line 4" in lines[2]


def test_ties_are_checked_beside_an_organisation_file_that_is_itself_wrong(write, capsys):
    broken = ORGANISATIONS.replace("Fund,foundation,8", "Fund,foundation,-8")
    assert check.main([write("ties.csv", TIES.replace("0.6", "1.5")), write("orgs.csv", broken)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: ties.csv, line 2, column `trust`: 1.5 must lie between 0 and 1",
        "error: orgs.csv, line 3, column `capacity`: -8 must not be negative",
    ]


def test_problems_come_in_the_order_of_their_lines_whatever_their_columns(write):
    wrong = SCHOOLS.replace(",300,26", ",300,-2").replace("5,2013,,,", "5,2013,,martian,")
    assert [re.findall(r"line (\d+), column `(\w+)`", each)[0] for each in problems(write("s.csv", wrong))] == [
        ("2", "maths_5unit_takers"), ("7", "sector")
    ]  # fmt: skip
    assert problems(write("t.csv", "source,target,trust\n,A,2\nB,,0.5\nB,,0.5\n")) == [
        "t.csv, line 2, column `source`: the cell is empty",
        "t.csv, line 2, column `trust`: 2 must lie between 0 and 1",
        "t.csv, line 3, column `target`: the cell is empty",
        "t.csv, line 4, column `target`: the cell is empty",
    ]


def test_one_of_anything_is_said_in_the_singular(write):
    assert sim.check(write("o.csv", "name,kind,capacity\nA,ngo,1\n")).startswith(
        "o.csv: an organisation file of 1 organisation\n"
    )
    assert sim.check(write("t.csv", "source,target,trust\nA,B,0.5\n")).startswith("t.csv: an edge list of 1 tie\n")
    text = sim.check(write("s.csv", "\n".join(SCHOOLS.splitlines()[:2])))
    assert text.startswith("s.csv: a school file of 1 row, year 2013\n")
    assert "2013: 1 school, 300 maths takers, 26 at five units (8.7%), 1 track\n" in text
