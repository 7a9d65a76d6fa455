"""Validations with few runs, and facts that cannot be scored; every fact of a later year is made up."""

from __future__ import annotations

import pandas as pd
import pytest

import sim
from sim import configuration
from sim.analysis.fit import PATTERNS, facts
from sim.catalogue import targets
from sim.errors import InputError
from sim.outcomes.record import PATTERNS as MEASURED
from sim.runs.models import fixed_in
from sim.runs.posterior import parameter_sets, posterior, set_of, structures_of
from sim.studies.later_facts import FIRST_MEASURED, MORE_GROUPS, later_facts
from sim.studies.validation import Validation, validate
from sim.studies.validation_runs import facts_at_seed, require_own_model
from sim.world.facts import data_path
from tests.offenders import each_of
from tests.studies.made_up_facts import HEAD, written
from tests.studies.round_trip import check_result

pytestmark = pytest.mark.slow

FAST = {"setting.burn_in": 0}


@pytest.fixture(scope="module")
def validation(tmp_path_factory) -> Validation:
    """Score the made-up facts with few runs."""
    file = written(tmp_path_factory.mktemp("facts"))
    return validate(file, sets=3, overrides=FAST, jobs=1, progress=False)


@pytest.mark.simulates
def test_each_fact_has_a_prediction_a_place_and_a_score(validation):
    table = validation.tables["predictions"].set_index(["pattern", "year", "group"])
    assert len(table) == 7
    assert set(table["n"]) == {3}
    assert table["score"].notna().all()
    smooth = table[table["scale"] != "event"]
    ends = smooth[["low_90", "low_50", "median", "high_50", "high_90"]].to_numpy()
    assert (ends[:, 1:] > ends[:, :-1]).all()
    assert smooth["rank"].between(0.0, 1.0).all()
    assert table["later"].sum() == 6
    assert not table.loc[("maths5_examinees", 2011, "national"), "later"]


@pytest.mark.simulates
def test_the_figures_are_those_of_the_runs_of_the_model_at_its_parameter_sets(validation):
    row = validation.frame[validation.frame["seed"] == 1].iloc[0]
    sets = parameter_sets("structures")
    values = set_of(sets, 1)
    scenario = configuration.scenario("historical", overrides=FAST | {"setting.until": "2019-08"}).drawn(values)
    alone = sim.simulate(scenario, seed=1)
    assert row["maths5_examinees/2019/national"] == alone.outcomes["examinees_2019"]
    assert row["structure"] == structures_of(sets)[1]
    assert validation.record["until"] == "2019-08"


@pytest.mark.simulates
def test_facts_that_were_fitted_stand_apart_and_are_not_scored(validation):
    fitted = validation.tables["fitted"]
    assert fitted[["year", "value", "fitted_value"]].to_numpy().tolist() == [[2018, 18000.0, 18347.0]]
    assert not (validation.tables["predictions"]["year"] == 2018).any()
    text = " ".join(validation.summary().split())
    assert "1 fact of the file was fitted, so not a test and not scored." in text
    assert "1 fact of earlier years stands apart, outside all totals" in text
    assert "Nothing was refitted. A look, not a result" in text


@pytest.mark.simulates
def test_totals_are_over_later_facts_of_series_with_a_past_and_claim_nothing_from_few(validation):
    totals = validation.tables["totals"]
    assert totals["facts"].tolist() == [4, 4, 4]
    assert totals["rival"].tolist() == ["last value", "last year plus trend", "damped trend"]
    assert "are not compared on 4 facts: fewer than 6 cannot tell them apart" in " ".join(validation.summary().split())
    assert validation.tables["coverage"]["facts"].tolist() == [5, 5]


@pytest.mark.simulates
def test_the_cohorts_that_it_rests_on_are_said(validation):
    assert validation.record["cohorts"]["2019"] == pytest.approx(119063.0)
    assert "by default there are none after 2018" in " ".join(validation.summary().split())


@pytest.mark.simulates
def test_it_can_be_saved_loaded_and_shown(validation, tmp_path):
    folder = tmp_path / "out"
    validation.save(folder)
    left = {path.name for path in folder.iterdir()}
    assert {"predictions.csv", "rivals.csv", "totals.csv", "coverage.csv", "fitted.csv", "table.parquet"} <= left
    assert {f"validation.{form}" for form in ("pdf", "svg", "png")} <= left
    again = Validation.load(folder)
    pd.testing.assert_frame_equal(again.tables["predictions"], validation.tables["predictions"])
    check_result(validation, folder, "predictions.csv")


@pytest.mark.simulates
def test_several_scenarios_stand_beside_each_other_and_seeds_add_runs(tmp_path):
    file = written(tmp_path, "maths5_examinees,2007,national,12121,students,A,made up")
    names = ["historical", "historical_emergent"]
    validation = validate(file, names, sets=2, seeds=2, overrides=FAST, uncertainty="posterior", jobs=1, progress=False)
    assert validation.frame.groupby("scenario", sort=False).size().to_dict() == {
        "historical": 4,
        "historical_emergent": 4,
    }
    assert validation.record["scenarios"] == names
    assert validation.record["runs"] == 4
    assert validation.tables["totals"].empty
    assert validation.tables["coverage"].empty
    assert "nothing is compared" in validation.summary()
    validation.save(tmp_path / "out")
    assert not (tmp_path / "out" / "totals.csv").exists()
    assert Validation.load(tmp_path / "out").summary() == validation.summary()


def test_a_run_that_fails_leaves_its_traceback(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("on purpose")

    scenario = configuration.scenario("historical", overrides=FAST | {"setting.until": "2006-08"})
    monkeypatch.setattr("sim.runs.shared_history.CollaborationModel", fail)
    (row,) = facts_at_seed([scenario], [], 1, {})
    assert (row["scenario"], row["seed"]) == ("historical", 1)
    assert "on purpose" in row["traceback"]


def test_every_pattern_is_measured_and_every_fitted_fact_would_be_known_as_fitted(tmp_path):
    assert {name for name, pattern in PATTERNS.items() if not pattern.paired} == MEASURED.keys()
    assert set(FIRST_MEASURED) | set(MORE_GROUPS) <= PATTERNS.keys()
    lines = data_path("targets.csv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines[1:] if ",fit," in line]
    test = "maths5_examinees,2019,national,12345,students,A,,made up,"
    file = written(tmp_path, *rows, test, head=lines[0])
    read = later_facts(file, targets(), [configuration.scenario("historical")])
    assert len(read.tests) == 1
    assert len(read.fitted) == len(facts(targets()))
    assert (read.fitted["value"] == read.fitted["fitted_value"]).all()
    assert (read.until, read.last_fitted) == ("2019-08", 2018)


def test_a_fact_that_says_it_was_fitted_is_believed(tmp_path):
    rows = ("maths5_examinees,2019,national,12345,students,A,fit", "maths5_examinees,2020,national,12345,students,A,")
    read = later_facts(
        written(tmp_path, *rows, head=HEAD.replace("source", "use")), targets(), [configuration.scenario("historical")]
    )
    assert read.tests["year"].tolist() == [2020]
    assert read.fitted["year"].tolist() == [2019]


# What is refused

GOOD = "teachers_5_units,2019,national,1234,teachers,A,made up"

BAD_ROWS = {
    "unknown pattern": (
        "maths5_examinee,2019,national,1,students,A,x",
        "unknown pattern `maths5_examinee`; did you mean ",
    ),
    "a pattern like no other": (
        "births,2019,national,1,students,A,x",
        "unknown pattern `births`; runs measure maths5_exam",
    ),
    "input of the model": ("grade12_cohort,2019,national,1,students,A,x", "unknown pattern `grade12_cohort`"),
    "unknown group": (
        "share_5_units,2019,quintile 6,0.1,share,A,x",
        "`share_5_units` has no group `quintile 6`; did you",
    ),
    "group of another pattern": (
        "maths5_examinees,2019,stream state,1,students,A,x",
        "has no group `stream state`; it has nat",
    ),
    "percent": (
        "share_5_units,2019,quintile 1,0.2,percent,A,x",
        "the unit `percent` contradicts that of `share_5_units`",
    ),
    "share of something else": (
        "level_share,2019,5 units,0.2,share of maths takers,A,x",
        "which is `share of grade 12`",
    ),
    "thousands": (
        "maths5_examinees,2019,national,12,thousand students,A,x",
        "the unit `thousand students` contradicts",
    ),
    "no unit": ("maths5_examinees,2019,national,12345,,A,x", "column `unit`: the cell is empty"),
    "beyond the cohorts": (
        "maths5_examinees,2037,national,1,students,A,x",
        "no run reaches 2037: grade12_cohort.csv has stud",
    ),
    "before the record": (
        "maths5_examinees,2005,national,1,students,A,x",
        "is not measured in 2005: its first year in a run",
    ),
    "before it is compared": ("track_opening_rate,2006,national,0.1,share,A,x", "its first year in a run is 2007"),
    "before the launch": ("partners,2012,network,50,organisations,A,x", "`partners` is not measured in 2012"),
    "an effect within pairs": (
        "boys_gain_by_hours,2019,policy,-0.01,share of boys in grade 12,A,x",
        "`boys_gain_by_hours` is a part of a growth or an effect, and is not measured year by year",
    ),
    "a date once more": ("ministry_joins,2019,network,2019-05,month,A,x", "is the date of a single event"),
    "part of a year": ("maths5_examinees,2019.5,national,1,students,A,x", "2019.5 is not a whole number"),
    "no number": ("maths5_examinees,2019,national,many,students,A,x", "'many' is neither a number nor a month"),
    "a month for a count": (
        "maths5_examinees,2019,national,2019-05,students,A,x",
        "must be a number; got the month 2019-05",
    ),
    "percent without saying so": ("share_5_units,2019,quintile 1,18.3,share,A,x", "at most 1; got 18.3"),
    "nothing counted": ("maths5_examinees,2019,national,0,students,A,x", "a count must be above 0; got 0"),
    "neither yes nor no": ("physics_follows,2019,spillover,0.5,a yes,A,x", "must be 1 for yes or 0 for no; got 0.5"),
    "reliability": ("maths5_examinees,2019,national,1,students,D,x", "reliability must be A, B or C; got 'D'"),
}


@pytest.fixture
def nothing_runs(monkeypatch):
    monkeypatch.setattr("sim.studies.validation_runs.map_tasks", lambda *_, **__: pytest.fail("it ran"))


@pytest.mark.heavy
@pytest.mark.usefixtures("nothing_runs")
@each_of(("row", "sentence"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_fact_that_cannot_be_scored_is_refused_with_its_line(row, sentence, tmp_path):
    with pytest.raises(InputError) as mistake:
        validate(written(tmp_path, GOOD, row))
    assert str(mistake.value).startswith("made_up.csv, line 3, column `")
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.usefixtures("nothing_runs")
@each_of(
    ("text", "sentence"),
    [
        ("", "made_up.csv is empty"),
        (HEAD + "\n", "made_up.csv has no facts: there is no row under the columns"),
        ("pattern,year\nx,2019\n", "there are no columns `group`, `value`, `unit`, `reliability`"),
        (f"{HEAD}\n{GOOD}\n{GOOD}\n", "`teachers_5_units` of 2019, national, is already in line 2"),
        (f"{HEAD}\nmaths5_examinees,2018,national,1,students,A,x\n", "has no test, since each of its facts was fitted"),
    ],
    ids=["empty", "no row", "columns", "twice", "all fitted"],
)
def test_a_file_that_holds_no_test_is_refused(text, sentence, tmp_path):
    (tmp_path / "made_up.csv").write_text(text)
    with pytest.raises(InputError) as mistake:
        validate(tmp_path / "made_up.csv")
    assert sentence in str(mistake.value)


@pytest.mark.heavy
@pytest.mark.usefixtures("nothing_runs")
@each_of(
    ("options", "sentence"),
    [
        ({"file": None}, "`file` names no table of facts; give the path of one"),
        ({"file": "nowhere.csv"}, "there is no file nowhere.csv"),
        ({"uncertainty": "point"}, "a validation needs parameter sets; `uncertainty` must be structures"),
        (
            {"sets": 10**5},
            f"`sets` must be at most {len(parameter_sets('structures'))}, the number of sets in the table; got 100000",
        ),
        ({"sets": 1}, "`sets` must be a whole number from 2; got 1"),
        ({"seeds": 0}, "`seeds` must be a whole number from 1; got 0"),
        ({"scenario": ["historical", "historical"]}, "`historical` is listed twice; list each scenario once"),
        ({"scenario": "us_region"}, "`us_region` has other schools than the country"),
        (
            {"overrides": {"setting.until": "2025-08"}},
            "`setting.until` cannot be set, since runs end with the last year",
        ),
        (
            {"overrides": {"setting.cohorts": "short.csv"}},
            "no run reaches 2019: short.csv has students of grade 12 up to 2018",
        ),
        ({"targets": "nowhere.csv"}, "there is no table nowhere.csv"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_runs(options, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short.csv").write_text("year,students\n2006,90000\n2018,99000\n")
    with pytest.raises(InputError) as mistake:
        validate(**{"file": written(tmp_path, GOOD), **options})
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda table: table.rename(columns={"trust.gain": "trust.gian"}),
            "`trust.gian` is not an uncertain parameter",
        ),
        (lambda table: table.drop(columns="trust.gain"), "has no column `trust.gain`"),
        (lambda table: table.head(0), "has no parameter set"),
    ],
    ids=["another parameter", "a parameter less", "no set"],
)
def test_a_posterior_of_another_model_is_refused(change, sentence, tmp_path):
    change(posterior()).to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(InputError) as mistake:
        validate(written(tmp_path, GOOD), uncertainty=tmp_path / "other.csv")
    assert sentence in str(mistake.value)


@pytest.mark.parametrize("name", ["teachers_limit", "ministry_does_not_ask"])
def test_a_posterior_of_another_model_is_refused_unless_the_runs_are_of_that_model(name, tmp_path):
    posterior(f"posterior_{name}.csv").to_csv(tmp_path / "copy.csv", index=False)
    sets, fixed = parameter_sets(tmp_path / "copy.csv"), fixed_in(name)
    with pytest.raises(InputError, match=rf"another model, `{name}`; set its fixed parameters \({next(iter(fixed))}="):
        require_own_model(sets, [configuration.scenario("historical")])
    require_own_model(sets, [configuration.scenario("historical", overrides=fixed)])


@pytest.mark.parametrize("uncertainty", ["posterior", "structures", data_path("posterior_teachers_limit.csv")], ids=str)
def test_sets_that_come_with_what_their_model_holds_are_taken(uncertainty):
    require_own_model(parameter_sets(uncertainty), [configuration.scenario("historical")])
