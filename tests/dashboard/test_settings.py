"""Settings of the page: every slider fits its parameter, links bring back what they hold, nonsense is said."""

from __future__ import annotations

import pytest
import yaml

from sim import simulate
from sim.configuration import configs, scenarios
from sim.dashboard.glossary import MECHANISMS
from sim.dashboard.scenario_names import NAMES, scenario_choices, scenario_sentence
from sim.dashboard.settings import FIRST, OwnSchools, Settings, from_link, from_query, link_of, scenario_value
from sim.dashboard.sliders import BY_KEY, CONDITIONS, LEVERS, SEED, TIMING, UNTIL
from sim.errors import InputError
from sim.parameters import declared_parameters
from tests.house.source import ROOT
from tests.offenders import each_of


@each_of("one", [one for one in BY_KEY.values() if "." in one.key], ids=lambda one: one.key)
def test_a_slider_moves_a_lever_within_its_declared_range(one):
    _, declaration = declared_parameters()[one.key]
    assert declaration.lever or declaration.uncertain
    assert declaration.low <= one.low / one.scale < one.high / one.scale <= declaration.high


@each_of("name", scenarios())
@each_of("one", BY_KEY.values(), ids=lambda one: one.key)
def test_every_scenario_stands_where_its_sliders_reach(name, one):
    value = scenario_value(name, one.key)
    assert one.low <= value <= one.high
    assert (value - one.low) % one.step == 0


@each_of("one", LEVERS, ids=lambda one: one.key)
def test_both_ends_of_a_slider_can_be_simulated(one):
    for shown in (one.low, one.high):
        scenario = Settings().with_(one.key, shown).as_scenario()
        assert scenario.name == FIRST
        if "." in one.key:
            assert scenario.parameters[one.key] == pytest.approx(shown / one.scale)


def test_sliders_of_time_and_seed_set_what_they_say():
    moved = Settings().with_(TIMING, 12).with_(UNTIL, 2018).with_(SEED, 7)
    assert moved.seed == 7
    assert moved.as_scenario().timing == 12
    assert moved.as_scenario().parameters.setting.until == "2018-08"


def test_every_scenario_can_be_picked_and_says_what_it_is():
    assert sorted(name for name, _ in scenario_choices()) == scenarios()
    assert all(scenario_sentence(name).endswith(".") for name in scenarios())
    assert all("_" not in words for _, words in scenario_choices())
    assert sorted(NAMES) == scenarios()
    assert max(len(words) for _, words in scenario_choices()) <= 40


def test_a_link_brings_settings_back():
    moved = Settings("policy_late").with_(TIMING, -6).with_("backbone.facilitation", 35).with_(SEED, 12)
    assert from_query(moved.query()) == (moved, [])
    assert from_query("?" + moved.query()) == (moved, [])
    assert from_query(None) == (Settings(), [])


def test_a_slider_put_back_leaves_nothing_in_the_link():
    assert Settings().with_("backbone.staff", 3).with_("backbone.staff", 6) == Settings()


@each_of(
    ("query", "message"),
    [
        ("scenario=no_such", "The scenario “no_such” of the link does not exist"),
        ("timing=never", "choose the scenario “The ministry listens but never joins” for it"),
        ("backbone.staff=many", "“many” for “Backbone's staff”, which is not a number"),
        ("conditions.shared_measurement=40", "“Shared measurement” is a switch now, 0 for off or 1 for on; got 40"),
        ("trust.memory=1", "“trust.memory”, which this page does not have; perhaps an older version made it"),
        ("scenaro=no_backbone", "“scenaro”, which this page does not have; perhaps “scenario” is meant"),
        ("facilitation=0", "“facilitation”, which this page does not have; perhaps “backbone.facilitation” is meant"),
        ("backbone.facilitaton=0", "perhaps “backbone.facilitation” is meant"),
        ("backbone.staff=99", "must lie between 0 and 20 people; got 99"),
        ("timing=nan", "must lie between -24 and 36"),
        ("seed=inf", "must lie between 1 and 99"),
        ("scenario=" + "x" * 5000, "too long"),
        ("nonsense", "does not belong to this page"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why_and_shows_what_can_be(query, message):
    settings, wrong = from_query(query)
    assert settings == Settings()
    assert len(wrong) == 1
    assert message in wrong[0]


@pytest.mark.parametrize("before", [None, Settings("no_backbone"), Settings("policy_late").with_("backbone.staff", 2)])
def test_a_link_brings_back_what_is_compared_with_too(before):
    settings = Settings().with_("timing", 12)
    assert from_link(link_of(settings, before)) == (settings, before, [])


def test_what_is_wrong_with_the_settings_compared_with_is_told_too():
    _, before, wrong = from_link("scenario=historical&before=scenario%3Dno_such")
    assert before == Settings()
    assert "no_such" in wrong[0]


def test_a_link_is_set_to_the_nearest_step_and_what_the_page_does_not_know_is_left_alone():
    assert from_query("backbone.facilitation=33&utm=1")[0].value("backbone.facilitation") == 35


@each_of(
    ("scenario", "key", "value", "message"),
    [
        ("no_backbone", "backbone.facilitation", 50, "no working backbone"),
        ("placebo_backbone", "backbone.staff", 2, "no working backbone"),
        ("network_only", TIMING, 6, "never joins"),
        ("network_only", "ministry.national_budget", 10, "a national programme and its smallest class change nothing"),
        ("historical", "backbone.facilitation", 0, "follows the recorded dates"),
    ],
)
def test_sliders_that_can_do_nothing_are_named(scenario, key, value, message):
    notes = Settings(scenario).with_(key, value).notes()
    assert any(message in note for note in notes)


IDLE = (
    "backbone.facilitation",
    "backbone.staff",
    "conditions.shared_measurement",
    "deliberation.quorum",
    "commitment.partners",
)


@pytest.mark.simulates
@pytest.mark.parametrize("name", ["no_initiative", "policy_only", "money_only"])
def test_what_is_said_to_change_nothing_without_an_initiative_does_not(name):
    assert "No initiative is launched" in Settings(name).notes()[0]
    assert "No initiative is launched" not in " ".join(Settings().notes())
    plain = simulate(Settings(name).as_scenario()).outcomes
    for key in IDLE:
        assert simulate(Settings(name).with_(key, BY_KEY[key].low).as_scenario()).outcomes.equals(plain)


def test_sliders_that_make_sense_need_no_note():
    assert Settings().with_("backbone.facilitation", 20).with_(SEED, 5).notes() == []
    assert Settings("historical").with_(SEED, 5).notes() == []


def test_no_staff_and_many_hours_are_named():
    notes = Settings().with_("backbone.staff", 0).with_("backbone.facilitation", 100).notes()
    assert any("without staff" in note for note in notes)


def test_a_value_out_of_reach_is_refused():
    with pytest.raises(InputError, match="must lie between 0 and 100"):
        Settings().with_("backbone.facilitation", 140)
    with pytest.raises(InputError, match="no slider"):
        Settings().with_("trust.memory", 1)


def test_own_schools_are_in_words_and_not_in_the_link(tmp_path):
    own = Settings(schools=OwnSchools(str(tmp_path / "mine.csv"), "mine.csv", 2013, (2013,)))
    assert "mine.csv" in own.text()
    assert "mine" not in own.query()


def test_words_of_sliders_are_short_enough_for_their_column():
    assert max(len(one.label) + len(one.unit) + len(str(one.high)) for one in BY_KEY.values()) <= 40


def test_the_five_conditions_have_the_same_names_on_the_page_in_the_programs_and_in_the_texts():
    names = [one.label for one in CONDITIONS]
    lower = [name.lower() for name in names]
    assert lower == list(MECHANISMS)[:5]
    assert lower == list(
        yaml.safe_load((configs() / "game" / "conditions.yaml").read_text(encoding="utf-8"))["players"]
    )
    docs = ROOT / "docs"
    student, glossary = (
        (docs / name).read_text(encoding="utf-8") for name in ("tutorials/student.md", "explanation/glossary.md")
    )
    assert [name for name in names if f"- **{name}**: " not in student] == []
    assert [name for name in lower if f"| {name} | " not in glossary] == []
