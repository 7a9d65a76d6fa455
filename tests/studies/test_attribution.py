"""Attribution to the players of a game: scenarios without some players, and the study as a function."""

from __future__ import annotations

import pandas as pd
import pytest

from sim import configuration
from sim.analysis.shapley import attribution
from sim.configuration import configs
from sim.dates import month_of
from sim.errors import InputError
from sim.reports.text import text
from sim.studies.attribution import Attribution, attribute
from sim.studies.games import game_of, without
from tests.offenders import each_of

pytestmark = pytest.mark.slow

GAMES = sorted(path.stem for path in (configs() / "game").glob("*.yaml"))


@pytest.mark.parametrize("name", GAMES)
def test_with_everybody_the_scenario_is_as_it_is_and_every_coalition_is_another(name):
    game, scenario = game_of(name), configuration.scenario("historical_emergent")
    points = game.points(scenario)
    assert len(points) == 2 ** len(game.players)
    assert points[-1].scenario == scenario
    assert len({(point.scenario.parameters, point.scenario.policy) for point in points}) == len(points)


def test_without_the_windows_and_the_programme_nothing_opens_and_the_ministry_gives_up():
    game, scenario = game_of("drivers"), configuration.scenario("historical_emergent")
    absent = [player for player in game.players if "window" in player.name]
    left = without(scenario, absent).policy.changes
    end = month_of("2015-05")
    assert [(c.month, c.value) for c in left if c.key == "ministry.ends"] == [(end, True)]
    assert all(change.month > end for change in left if change.key == "ministry.leadership")  # when it acts no more


def test_the_bonus_is_taken_away_with_all_that_it_does():
    taken = {key for player in game_of("drivers").players if "bonus" in player.name for key in player.values}
    assert taken == {"package.bonus", "package.bonus_keeping", "package.safety_net"}


MISTAKES = {
    "unknown parameter": ("players: {a: {set: {backbone.stafff: 2}}}", "did you mean `backbone.staff`"),
    "no players": ("about: nothing", "has no `players`"),
    "nothing said": ("players: {a: {}}", "the player `a` of the game `game` must be described by set"),
    "another key": (
        "players: {a: {drop: {backbone.present: false}}}",
        "the player `a` of the game `game` must be described by set",
    ),
    "no such change": (
        "players: {a: {without: {2001-01: [calendar.crisis]}}}",
        "drops the change of `calendar.crisis` in 2001-01",
    ),
    "two wishes": (
        "players: {a: {set: {backbone.staff: 1}}, b: {set: {backbone.staff: 2}}}",
        "set `backbone.staff` to different values",
    ),
    "too many": ("players: {" + ", ".join(f"p{k}: {{set: {{backbone.staff: {k}}}}}" for k in range(11)) + "}", "1 to 10"),
    "broken": ("players: [", "cannot be read as YAML"),
}  # fmt: skip


@each_of("case", MISTAKES)
def test_a_wrong_game_is_told_in_one_sentence(tmp_path, case):
    text, message = MISTAKES[case]
    path = tmp_path / "game.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as mistake:
        game_of(str(path)).points(configuration.scenario("historical_emergent"))
    assert "\n" not in str(mistake.value)


TINY = ("seeds=2", "jobs=1", "setting.until=2020-08", "outcomes=[examinees_2020]")

PAIR = """about: Two of them
players:
  backbone: {set: {backbone.present: false}}
  agenda: {set: {conditions.common_agenda: 0.0}}
"""


@pytest.mark.parametrize("name", ["conditions", "sectors"])
def test_a_game_can_be_played_in_another_setting(name):
    points = game_of(name).points(configuration.scenario("us_region"))
    assert points[-1].scenario == configuration.scenario("us_region")
    assert len({point.scenario for point in points}) == len(points)


def test_a_game_with_dates_that_a_scenario_does_not_have_is_refused_and_one_with_its_dates_is_not(tmp_path):
    region = configuration.scenario("us_region")
    with pytest.raises(
        InputError, match=r"in 2013-11, which `us_region` does not have; name a game file with its dates by"
    ):
        game_of("drivers").points(region)
    text = (configs() / "game" / "drivers.yaml").read_text(encoding="utf-8")
    for date, own in {"2013-11": "2013-02", "2014-01": "2013-04", "2015-05": "2015-01"}.items():
        text = text.replace(date, own)
    (tmp_path / "drivers.yaml").write_text(text)
    assert len(game_of(str(tmp_path / "drivers.yaml")).points(region)) == 64


PAIR = """about: Two of them
players:
  backbone: {set: {backbone.present: false}}
  agenda: {set: {conditions.common_agenda: 0.0}}
"""
SMALL = {"seeds": 2, "jobs": 1, "overrides": {"setting.until": "2015-08"}, "outcomes": ["examinees_2015", "members"],
         "uncertainty": "point", "progress": False}  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    path = tmp_path_factory.mktemp("game") / "pair.yaml"
    path.write_text(PAIR)
    return str(path)


@pytest.fixture(scope="module")
def small(pair) -> Attribution:
    """Attribute outcomes over few seeds, without a folder."""
    return attribute(pair, **SMALL)


def test_an_effect_that_may_be_none_is_said_to_be_so():
    rows = [
        {"seed": seed, "coalition": k, "gain": (k & 1) * (5.0 + seed / 100) + (k >> 1 & 1) * (-1.0) ** seed}
        for seed in range(30)
        for k in range(4)
    ]
    table = attribution(pd.DataFrame(rows), ["sure", "unsure"], "gain").assign(outcome="gain", unit="")
    record = {"asks": "Two", "baseline": "base", "uncertainty": "point", "command": "sim.attribute()",
              "environment": {"model": "0", "commit": ""}}  # fmt: skip
    text = Attribution(table=table, runs=pd.DataFrame(rows), record=record).summary()
    lines = {line.split(":")[0].strip(" -"): line for line in text.splitlines() if line.startswith("- ")}
    assert "a contribution of zero to gain cannot be excluded" in lines["unsure"]
    assert "cannot be excluded" not in lines["sure"]


@pytest.mark.simulates
def test_it_has_tables_text_chapter_and_pages(small):
    values = small.table[small.table["outcome"] == "members"].set_index(["player", "measure"])["value"]
    assert values["backbone", "shapley"] + values["agenda", "shapley"] == pytest.approx(values["all", "whole"])
    assert len(small.runs) == 8
    assert small.summary() == text(small.chapter())
    assert "What each contributes: pair of historical emergent" in small.summary()
    assert small.plot.page("members").get_size_inches()[0] > 10
    assert "members" in small._repr_html_()
    assert small.record["command"].startswith("sim.attribute(game=")
    with pytest.raises(InputError, match="the attribution has no outcome `offered`; it has examinees_2015, members"):
        small.plot.page("offered")


@pytest.mark.simulates
def test_what_is_saved_comes_back(small, tmp_path):
    small.save(tmp_path)
    loaded = Attribution.load(tmp_path)
    assert loaded.summary() == small.summary()
    assert loaded.chapter() == small.chapter()
    pd.testing.assert_frame_equal(loaded.runs, small.runs, check_dtype=False)


@pytest.mark.simulates
def test_runs_are_kept_where_a_folder_is_named_and_other_work_there_is_refused(pair, small, tmp_path):
    made = attribute(pair, **SMALL, out=tmp_path)
    parts = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    pd.testing.assert_frame_equal(made.table, small.table)
    assert Attribution.load(tmp_path).summary() == made.summary()
    assert attribute(pair, **SMALL, out=tmp_path).summary() == made.summary()
    assert parts == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    with pytest.raises(InputError, match="was started with another game"):
        attribute("conditions", **SMALL, out=tmp_path)


@pytest.mark.simulates
def test_an_attribution_that_was_stopped_says_how_it_goes_on(monkeypatch, pair, tmp_path):
    monkeypatch.setattr("sim.studies.attribution.with_clusters", stopped)
    with pytest.raises(KeyboardInterrupt):
        attribute(pair, **SMALL, out=tmp_path)
    with pytest.raises(
        InputError, match=r"^the attribution in .* has not ended: sim.attribute\(.*out='.*'\) resumes it$"
    ):
        Attribution.load(tmp_path)


def stopped(*_):
    raise KeyboardInterrupt


@pytest.mark.simulates
def test_a_folder_that_another_model_version_began_is_refused_and_left_as_it_is(monkeypatch, pair, tmp_path):
    attribute(pair, **SMALL, out=tmp_path)
    before = (tmp_path / "manifest.json").read_bytes()
    monkeypatch.setattr("sim.studies.attribution.model_hash", lambda: "another")
    with pytest.raises(
        InputError, match=r"was started with another model version \(\w{16}, now another\); give another `out`$"
    ):
        attribute(pair, **SMALL, out=tmp_path)
    assert (tmp_path / "manifest.json").read_bytes() == before


@each_of(
    ("options", "sentence"),
    [
        ({"game": "condition"}, "unknown game `condition`; did you mean `conditions`?"),
        ({"scenario": "historic"}, "unknown scenario `historic`; did you mean `historical`?"),
        ({"outcomes": ["examinees"]}, "unknown outcome `examinees`"),
        ({"outcomes": []}, "`outcomes` must be a list of different outcomes; got []"),
        ({"seeds": 1}, "`seeds` must be a whole number from 2; got 1"),
        ({"jobs": 0}, "`jobs` must be a whole number from 1; got 0"),
        ({"timing": "soon"}, "`timing` must be a whole number of months or never; got 'soon'"),
        ({"doubling": {"bas": 1}}, "`doubling` must be a mapping with the keys base, factor, of, by; got"),
        ({"doubling": {"by": 2030}}, "the run ends ("),
        ({"overrides": {"trust.gian": 1}}, "`trust.gian`"),
        ({"uncertainty": "nowhere.csv"}, "the posterior 'nowhere.csv' does not exist"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_runs_or_is_written(tmp_path, options, sentence):
    with pytest.raises(InputError) as mistake:
        attribute(**options, out=tmp_path / "out")
    assert sentence in str(mistake.value)
    assert not (tmp_path / "out").exists()
