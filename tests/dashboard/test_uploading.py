"""A student's own school file: used where it can be, refused in sentences where it cannot."""

from __future__ import annotations

import base64

import pytest

from sim.dashboard.live_run import simulate_live
from sim.dashboard.settings import Settings
from sim.dashboard.uploads import MOST, checked_schools, store_upload
from sim.errors import InputError
from tests.offenders import each_of

HEAD = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers\n"


def sent(text: str | bytes, name: str = "mine.csv") -> dict[str, str]:
    data = text if isinstance(text, bytes) else text.encode()
    return {"name": name, "data": base64.b64encode(data).decode()}


@pytest.fixture
def good(run_of) -> str:
    return run_of("historical_emergent", 1).panel.query("year in (2012, 2013)").to_csv(index=False)


@pytest.mark.simulates
def test_a_school_file_is_used_from_its_last_year_or_another(good, tmp_path):
    path = store_upload(sent(good), tmp_path)
    own = checked_schools(path)
    assert (own.name, own.year, own.years) == ("mine.csv", 2013, (2012, 2013))
    assert checked_schools(path, 2012).year == 2012
    assert len(simulate_live(Settings(schools=own).as_scenario(), 1).run.years)


@each_of(
    ("text", "message"),
    [
        (HEAD + "1,2013,arab,state,9,300,26\n", "line 2, column `nurture_quintile`: 9 must lie between 1 and 5"),
        (HEAD + "1,2013,arab,state,2,30,60\n", "60 are more than 30 takers"),
        (HEAD + "1,soon,arab,state,2,30,6\n", "has no year"),
        (HEAD, "mine.csv"),
        ("name,kind,capacity\nFund,foundation,8\n", "looks like a file of organisations"),
        ("name,age\nFund,8\n", "there are no columns"),
        ("colour,taste\nred,sweet\n", "is not a school file"),
        ("", "mine.csv"),
        (b"\xff\xfe\x00\x01binary", "mine.csv"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_that_names_it(text, message, tmp_path):
    with pytest.raises(InputError) as refused:
        checked_schools(store_upload(sent(text), tmp_path))
    assert message in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (sent("x", "mine.docx"), "neither a CSV nor a Parquet file"),
        ({"name": "mine.csv", "data": "???"}, "arrived incomplete"),
        ({}, "neither a CSV nor a Parquet file"),
        (sent(b"0" * int(MOST * 1e6 + 1)), f"at most {MOST} MB"),
    ],
)
def test_what_is_no_file_is_refused(upload, message, tmp_path):
    with pytest.raises(InputError, match=message):
        store_upload(upload, tmp_path)


def test_a_name_cannot_lead_out_of_its_folder(tmp_path):
    for name in ("../../out.csv", "..\\out.csv", "/etc/out.csv", ".out.csv"):
        path = store_upload(sent(HEAD, name), tmp_path)
        assert path.parent.parent == tmp_path
        assert path.name == "out.csv"


def test_many_wrong_cells_are_counted(tmp_path):
    rows = "".join(f"{n},2013,arab,state,9,300,26\n" for n in range(1, 10))
    with pytest.raises(InputError, match="and 4 more"):
        checked_schools(store_upload(sent(HEAD + rows), tmp_path))


@pytest.mark.simulates
def test_a_column_that_is_needed_itself_is_no_slip_of_another(good, tmp_path):
    header, rest = good.split("\n", 1)
    for name in ("maths_takers", "year"):
        lacking = header.replace(f",{name}", ",another", 1) + "\n" + rest
        with pytest.raises(
            InputError, match=f"there is no column `{name}`; it needs school_id, year, sector"
        ) as mistake:
            checked_schools(store_upload(sent(lacking), tmp_path))
        assert "did you mean" not in str(mistake.value)
