"""Attribution to the players of a game: what a scenario is without some of them, and the program as a user runs it."""

from __future__ import annotations

import pandas as pd
import pytest
from omegaconf import OmegaConf

from experiments.attribute import begin, in_words
from sim.analysis.shapley import attribution
from sim.configuration import configs, scenario
from sim.dates import month_of
from sim.errors import Mistake
from sim.results.store import Store
from sim.studies.games import game_of, without

GAMES = sorted(path.stem for path in (configs() / "game").glob("*.yaml"))


@pytest.mark.parametrize("name", GAMES)
def test_with_everybody_the_scenario_is_as_it_is_and_every_coalition_is_another(name):
    game, case = game_of(name), scenario("historical_emergent")
    points = game.points(case)
    assert len(points) == 2 ** len(game.players)
    assert points[-1].case == case
    assert len({(point.case.parameters, point.case.policy) for point in points}) == len(points)


def test_without_the_windows_and_the_programme_nothing_opens_and_the_ministry_gives_up():
    game, case = game_of("drivers"), scenario("historical_emergent")
    absent = [player for player in game.players if "window" in player.name]
    left = without(case, absent).policy.changes
    assert "ministry.leadership" not in {change.key for change in left}
    assert (month_of("2015-05"), "ministry.ends", True) in {(c.month, c.key, c.value) for c in left}


MISTAKES = {
    "unknown parameter": ("players: {a: {set: {backbone.stafff: 2}}}", "did you mean `backbone.staff`"),
    "no players": ("about: nothing", "has no `players`"),
    "nothing said": ("players: {a: {}}", "the player `a` of the game `game` is described by set"),
    "another key": ("players: {a: {drop: {backbone.present: false}}}", "the player `a` of the game `game` is described by set"),
    "no such change": ("players: {a: {without: {2001-01: [calendar.crisis]}}}", "takes `calendar.crisis` of 2001-01 away"),
    "two wishes": ("players: {a: {set: {backbone.staff: 1}}, b: {set: {backbone.staff: 2}}}", "want `backbone.staff`"),
    "too many": ("players: {" + ", ".join(f"p{k}: {{set: {{backbone.staff: {k}}}}}" for k in range(11)) + "}", "1 to 10"),
    "broken": ("players: [", "cannot be read as YAML"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_wrong_game_is_told_in_one_sentence(tmp_path, case):
    text, said = MISTAKES[case]
    path = tmp_path / "game.yaml"
    path.write_text(text)
    with pytest.raises(Mistake, match=said) as told:
        game_of(str(path)).points(scenario("historical_emergent"))
    assert "\n" not in str(told.value)


def test_an_effect_that_may_be_none_is_said_to_be_so():
    rows = [
        {"seed": seed, "coalition": k, "gain": (k & 1) * (5.0 + seed / 100) + (k >> 1 & 1) * (-1.0) ** seed}
        for seed in range(30)
        for k in range(4)
    ]
    game = game_of("conditions")
    table = attribution(pd.DataFrame(rows), ["sure", "unsure"], "gain")
    lines = {line.split(":")[0].strip(): line for line in in_words(table, "gain", game).splitlines()}
    assert "no effect cannot be excluded" in lines["unsure"]
    assert "no effect cannot be excluded" not in lines["sure"]


TINY = ("seeds=2", "jobs=1", "setting.until=2020-08", "outcomes=[examinees_2020]")

PAIR = """about: Two of them
players:
  backbone: {set: {backbone.present: false}}
  agenda: {set: {conditions.common_agenda: 0.0}}
"""


@pytest.mark.slow
def test_the_program_sums_to_the_whole_and_goes_on_from_what_is_kept(command, tmp_path):
    (tmp_path / "pair.yaml").write_text(PAIR)
    said = (f"game={tmp_path / 'pair.yaml'}", f"out={tmp_path / 'out'}")
    done = command("attribute", *TINY, *said)
    assert done.returncode == 0, done.stderr
    assert "they sum to the whole" in done.stdout
    table = pd.read_csv(tmp_path / "out" / "attribution.csv").set_index(["player", "measure"])["value"]
    assert table["backbone", "shapley"] + table["agenda", "shapley"] == pytest.approx(table["all", "whole"])
    times = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "parts").iterdir()}
    again = command("attribute", *TINY, *said)
    assert again.stdout == done.stdout
    assert times == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "parts").iterdir()}
    other = command("attribute", *TINY, *said, "backbone.staff=3")
    assert other.returncode == 2
    assert "was begun with another scenario, or other parameters" in other.stderr


def test_a_folder_that_another_model_version_began_is_refused_and_left_as_it_is(monkeypatch, tmp_path):
    case, game, store = scenario("historical_emergent"), game_of("conditions"), Store.at(tmp_path)
    cfg = OmegaConf.create({"uncertainty": "point", "scenario": "historical_emergent"})
    begin(cfg, game, case, store)
    before = (tmp_path / "manifest.json").read_bytes()
    begin(cfg, game, case, store)
    monkeypatch.setattr("experiments.attribute.sources_hash", lambda: "another")
    with pytest.raises(
        Mistake, match=r"was begun with another model version \(\w{16}, now another\); give another `out`$"
    ):
        begin(cfg, game, case, store)
    assert (tmp_path / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("name", ["conditions", "sectors"])
def test_a_game_can_be_played_in_another_setting(name):
    points = game_of(name).points(scenario("us_region"))
    assert points[-1].case == scenario("us_region")
    assert len({point.case for point in points}) == len(points)


def test_a_game_with_dates_that_a_scenario_does_not_have_is_refused_and_one_with_its_dates_is_not(tmp_path):
    region = scenario("us_region")
    with pytest.raises(
        Mistake, match=r"of 2013-11 away, which `us_region` does not have; a game file with its dates can be"
    ):
        game_of("drivers").points(region)
    text = (configs() / "game" / "drivers.yaml").read_text(encoding="utf-8")
    for date, own in {"2013-11": "2013-02", "2014-01": "2013-04", "2015-05": "2015-01"}.items():
        text = text.replace(date, own)
    (tmp_path / "drivers.yaml").write_text(text)
    assert len(game_of(str(tmp_path / "drivers.yaml")).points(region)) == 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["game=condition"], "unknown game `condition`; did you mean `conditions`?"),
        (["outcomes=[examinees]"], "there is no outcome `examinees`; d"),
        (["seeds=1"], "`seeds` must be a whole number from 2; got 1"),
    ],
)
def test_a_wrong_command_is_told_before_a_folder_is_made(command, tmp_path, given, said):
    done = command("attribute", *given, f"out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()
