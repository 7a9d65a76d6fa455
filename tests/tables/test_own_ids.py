"""Own ids and names of schools, organisations and authorities: one identity, one result, and they come out everywhere."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.configuration import scenario
from sim.design.samples import sample_from_file
from sim.errors import InputError
from sim.runs.run import simulate
from sim.studies.programme_evaluation import first_served
from sim.world.files.check import problems
from tests.offenders import each_of

pytestmark = pytest.mark.simulates

SCHOOLS = pd.DataFrame({
    "school_id": [700100 + 7 * k for k in range(12)],
    "year": 2013,
    "sector": ["arab", "jewish", "jewish"] * 4,
    "supervision": "state",
    "nurture_quintile": [1 + k % 5 for k in range(12)],
    "maths_takers": [60 + 11 * k for k in range(12)],
    "maths_5unit_takers": [3 + 3 * k for k in range(12)],
})  # fmt: skip
"""Schools of one year with whole numbers for ids."""

BUSY = {"setting.until": "2014-08", "setting.burn_in": 0, "commitment.independent": 0.9, "network.joining": 0.5}
"""Settings under which partners reach schools within a short run."""


def run_from(path, **values):
    return simulate(scenario("historical").with_({"setting.schools": str(path)} | BUSY | values))


def in_csv(path, ids):
    SCHOOLS.assign(school_id=ids).to_csv(path, index=False)
    return path


def in_parquet(path, ids):
    SCHOOLS.assign(school_id=ids).to_parquet(path)
    return path


SPELLINGS = {
    "whole.csv": lambda path: in_csv(path, SCHOOLS["school_id"]),
    "decimal.csv": lambda path: in_csv(path, [f"{each}.0" for each in SCHOOLS["school_id"]]),
    "padded.csv": lambda path: in_csv(path, [f"  {each} " for each in SCHOOLS["school_id"]]),
    "text.parquet": lambda path: in_parquet(path, SCHOOLS["school_id"].astype(str)),
    "whole.parquet": lambda path: in_parquet(path, SCHOOLS["school_id"]),
    "float.parquet": lambda path: in_parquet(path, SCHOOLS["school_id"].astype(float)),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Runs from the six spellings of one file, their panel, and the files that each writes, by spelling."""
    made = {}
    for name, write in SPELLINGS.items():
        folder = tmp_path_factory.mktemp(name.replace(".", "_"))
        run = run_from(write(folder / name))
        made[name] = (
            run,
            run.panel.to_csv(index=False).encode(),
            run.to_csv(folder / "tables"),
            run.to_files(folder / "own"),
        )
    return made


def test_six_spellings_of_the_same_ids_give_the_same_bytes_in_every_table(folders):
    (_, panel, tables, own), *others = folders.values()
    expected = bytes_in(tables, own)
    assert len(expected) == 8 + 3
    for _, other_panel, other_tables, other_own in others:
        assert other_panel == panel
        assert bytes_in(other_tables, other_own) == expected


def bytes_in(*folders):
    return {(folder.name, path.name): path.read_bytes() for folder in folders for path in folder.iterdir()}


@each_of("name", SPELLINGS)
def test_the_users_ids_come_out_and_can_be_asked_about(folders, name):
    run, _, _, own = folders[name]
    ids = set(SCHOOLS["school_id"])
    assert set(run.schools["id"]) == ids
    assert set(run.panel["school_id"]) <= ids
    assert len(run.placements) > 0
    assert set(run.placements["school"]) <= ids
    assert set(pd.read_csv(own / "schools.csv")["school_id"]) <= ids
    for identity in (700100, "700100", " 700100.0 "):
        assert set(run.why("track", school=identity)["school"]) == {700100}
    assert "school 700100" in run.because("track", school="700100").lower()


def test_text_ids_come_out_as_they_are_written(tmp_path):
    run = run_from(in_csv(tmp_path / "text.csv", [f"S{each}-א" for each in SCHOOLS["school_id"]]))
    ids = {f"S{each}-א" for each in SCHOOLS["school_id"]}
    assert set(run.schools["id"]) == ids
    assert set(run.placements["school"]) <= ids
    assert set(run.panel["school_id"]) <= ids
    assert set(first_served(run)) <= ids
    assert set(run.why("track", school="S700100-א")["school"]) == {"S700100-א"}
    with pytest.raises(InputError, match="the run has no school 'S700100'; did you mean `S700100-א`"):
        run.why("track", school="S700100")


def test_a_row_of_another_year_changes_nothing(tmp_path):
    plain = run_from(in_csv(tmp_path / "plain.csv", SCHOOLS["school_id"]))
    more = pd.concat([SCHOOLS, SCHOOLS.head(1).assign(school_id="another school", year=2009)])
    more.to_csv(tmp_path / "more.csv", index=False)
    other = run_from(tmp_path / "more.csv")
    assert other.outcomes.equals(plain.outcomes)
    assert (other.schools["id"].astype(int) == plain.schools["id"]).all()


AUTHORITIES = ["1", "2", "עיריית לוד", "Tel Aviv"]


@pytest.mark.parametrize("pad", ["", "  "])
def test_files_of_a_run_keep_every_school_in_its_authority(tmp_path, pad):
    towns = [AUTHORITIES[k % 4] for k in range(12)]
    SCHOOLS.assign(authority=[f"{pad}{town}" for town in towns]).to_csv(tmp_path / "schools.csv", index=False)
    people = [*[(f"{town}{pad}", "local_authority", 0.2) for town in AUTHORITIES], ("Fund", "foundation", 8.0)]
    pd.DataFrame(people, columns=["name", "kind", "capacity"]).to_csv(tmp_path / "people.csv", index=False)
    run = run_from(tmp_path / "schools.csv", **{"setting.organisations": str(tmp_path / "people.csv")})
    own = run.to_files(tmp_path / "own")
    written = (
        pd.read_csv(own / "schools.csv", dtype=str).drop_duplicates("school_id").set_index("school_id")["authority"]
    )
    expected = dict(zip(map(str, SCHOOLS["school_id"]), towns, strict=True))
    assert written.to_dict() == {school: town for school, town in expected.items() if school in written}
    assert len(written) >= 10
    names = ("schools", "organisations", "ties")
    assert [problems(own / f"{name}.csv", name, None, str(own / "organisations.csv")) for name in names] == [[], [], []]
    files = {f"setting.{name}": str(own / f"{name}.csv") for name in ("organisations", "ties")}
    again = run_from(tmp_path / "schools.csv", **files)
    assert again.outcomes.equals(run.outcomes)
    again.to_files(tmp_path / "again")
    for name in ("organisations", "ties"):
        assert (tmp_path / "again" / f"{name}.csv").read_bytes() == (own / f"{name}.csv").read_bytes()


def test_values_that_stand_under_other_names_are_refused_and_an_index_is_a_column(tmp_path):
    for text, sentence in {
        "trust.ratio,trust.gain\n0.4,0.9,0.7\n": "line 2: there are 3 cells under 2 columns",
        "trust.ratio,trust.gain,\n2.0,0.05,first try\n": "line 2: 'first try' is in a column without a name",
    }.items():
        (tmp_path / "points.csv").write_text(text)
        with pytest.raises(InputError, match=sentence):
            sample_from_file(tmp_path / "points.csv")
    frame = pd.DataFrame({"trust.gain": [0.05, 0.1], "trust.ratio": [2.0, 3.0]}).set_index("trust.gain")
    frame.to_parquet(tmp_path / "points.parquet")
    assert sample_from_file(tmp_path / "points.parquet").values[0] == {"trust.gain": 0.05, "trust.ratio": 2.0}
