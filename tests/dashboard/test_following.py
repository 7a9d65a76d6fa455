"""Runs followed month by month, fans that can be stopped, and the network as it is played."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

pytest.importorskip("solara", reason="the extra `dashboard` is not installed")

from sim.configuration import scenario, scenarios
from sim.dashboard import figures as pictures
from sim.dashboard import sentences
from sim.dashboard.comparison import other_settings
from sim.dashboard.downloads import picture_note
from sim.dashboard.images import page_images
from sim.dashboard.live_run import BEFORE, LEAST, LiveRun, StoppedError, fan_years, simulate_live
from sim.dashboard.network_player import month_text, player_data
from sim.dashboard.queue import TURNS
from sim.dashboard.reasons import reasons
from sim.dashboard.session import Desk, seeds
from sim.dashboard.settings import Settings
from sim.figures import export

pytestmark = [pytest.mark.simulates, pytest.mark.slow]


@pytest.fixture(scope="module")
def live():
    return simulate_live(Settings().as_scenario(), 1)


@pytest.fixture(scope="module")
def many():
    return list(fan_years(Settings().as_scenario(), range(2, 8), threading.Event()))


def test_a_run_that_is_followed_is_the_run(live, run_of):
    whole = run_of("historical_emergent", 1)
    assert live.run.outcomes.equals(whole.outcomes)
    assert live.run.events.equals(whole.events)


def test_every_month_from_a_year_before_the_launch_is_kept(live):
    launch = int(live.run.events.loc[live.run.events["event"] == "launch", "month"].iloc[0])
    assert [month.month for month in live.months] == list(range(launch - BEFORE, live.run.scenario.last_month + 1))


def test_the_last_month_is_the_network_of_the_run(live, run_of):
    whole = run_of("historical_emergent", 1).network()
    strong = {(a, b) for a, b, trust in whole.edges(data="trust") if trust >= LEAST}
    graph = live.graph()
    assert set(graph.edges) == strong
    assert dict(graph.nodes(data="member")) == dict(whole.nodes(data="member"))


def test_nobody_moves_while_the_network_is_played(live):
    shown = player_data(live)
    assert len(shown["frames"]) == len(live.months)
    places = [(node["x"], node["y"]) for node in shown["nodes"]]
    assert len(set(places)) == len(places)
    for frame in shown["frames"]:
        assert len(frame["part"]) == len(places)
        ties = np.array(frame["ties"]).reshape(-1, 3)
        assert (ties[:, :2] < len(places)).all()
        assert (ties[:, 2] >= 100 * LEAST).all()
    assert len(json.dumps(shown)) < 2e6
    assert any("launch" in frame["event"] for frame in shown["frames"])
    assert month_text(94) == "July 2013"


def test_a_picture_that_leaves_the_page_says_what_it_is_and_what_made_it(live, tmp_path):
    desk = Desk(live, None, False, Settings().text())
    note = picture_note(desk, counted=True)
    assert "The 5x2 Initiative, the ministry decides" in note
    assert live.run.provenance["model"] in note
    assert "Trump Foundation" in note
    assert "Trump Foundation" not in picture_note(desk, counted=False)
    picture = pictures.timeline(live)
    sizes = []
    for title, text in (("", ""), ("Events", note)):
        (tmp_path / "a.png").write_bytes(picture.as_file("png", title=title, note=text))
        sizes.append(imread(tmp_path / "a.png").shape)
    assert sizes[1][0] - sizes[0][0] > 0.5 * export.RASTER
    assert sizes[1][1] == sizes[0][1]


def test_both_sides_of_a_comparison_fit_the_axis_that_they_share(live):
    low, high = (replace(live, run=replace(live.run, scenario=scenario("us_region"))) for _ in range(2))
    low.run.__dict__["years"], high.run.__dict__["years"] = live.run.years, live.run.years.assign(examinees=90_000.0)
    figure = Figure()
    pictures.comparison([("before", low, None), ("after", high, None)]).draw(figure)
    assert figure.axes[0].get_ylim()[1] > 90_000


def test_a_comparison_draws_the_difference_within_pairs_below(live, many):
    figure, after = Figure(), many[-1].assign(examinees=many[-1]["examinees"] + 50)
    pictures.comparison([("before", live, many[-1]), ("after", live, after)]).draw(figure)
    assert set(figure.axes[1].lines[-1].get_ydata()) == {50.0}


def test_reasons_are_words_with_the_numbers_apart(live):
    decisions = reasons(live)
    assert decisions
    assert all("logit" not in one.words and "+" not in one.words for one in decisions)
    assert all("chance" in one.numbers for one in decisions if " never came" not in one.numbers)
    assert reasons(simulate_live(Settings("historical").as_scenario(), 1)) == []


@pytest.mark.parametrize("name", scenarios())
def test_every_picture_of_every_scenario_can_be_drawn(name):
    settings = Settings(name)
    live = simulate_live(settings.as_scenario(), 1)
    many = live.run.years.assign(seed=0)
    shown = [pictures.enrolment(live, many), pictures.gains(live, "quintile", "stream"), pictures.timeline(live)]
    shown += [draw(live) for draw in (pictures.money, pictures.trust, pictures.readiness)]
    shown += [pictures.network(live, -1), pictures.comparison([("before", live, None), ("after", live, many)])]
    assert all(picture.as_file("svg") and picture.words for picture in shown)
    assert player_data(live)["frames"]
    assert sentences.headline(live)
    assert len(sentences.event_rows(live)) == len(live.run.events)
    assert sentences.comparison_rows(live, live)


def test_a_run_that_nobody_waits_for_stops():
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        simulate_live(Settings().as_scenario(), 1, stop)
    assert list(fan_years(Settings().as_scenario(), range(2, 5), stop)) == []


def test_a_fan_grows(many):
    assert [frame["seed"].nunique() for frame in many] == [4, 6]


def test_a_fan_has_other_seeds_than_the_run(many, run_of):
    assert 1 not in seeds(1)
    two = many[-1].query("seed == 2").reset_index(drop=True)
    assert two["examinees"].tolist() == run_of("historical_emergent", 2).years["examinees"].tolist()


def test_a_fan_ends_between_two_runs_once_a_newer_one_is_asked_for():
    stop, shown = threading.Event(), []
    for frame in fan_years(Settings().as_scenario(), range(2, 32), stop):
        shown.append(frame["seed"].nunique())
        stop.set()
    assert shown == [4]


PICTURES = {
    "enrolment": lambda live, many: pictures.enrolment(live, many),
    "enrolment of one": lambda live, many: pictures.enrolment(live, None),
    "quintiles": lambda live, many: pictures.gains(live, "quintile"),
    "streams": lambda live, many: pictures.gains(live, "stream"),
    "money": lambda live, many: pictures.money(live),
    "trust": lambda live, many: pictures.trust(live),
    "readiness": lambda live, many: pictures.readiness(live),
    "timeline": lambda live, many: pictures.timeline(live),
    "network": lambda live, many: pictures.network(live, -1),
    "comparison": lambda live, many: pictures.comparison([("before", live, None), ("after", live, many)]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_for_both_screens_and_tells_itself_in_words(name, live, many):
    drawn = list(page_images(lambda: PICTURES[name](live, many[-1])))
    assert [bool(each.narrow) for each in drawn] == [False, True]
    assert drawn[-1].wide.startswith(b"<?xml")
    assert drawn[-1].wide != drawn[-1].narrow
    assert len(drawn[-1].words) > 20
    assert 'alt="' in drawn[-1].html()


@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_a_picture_can_be_taken_away(form, begins, live):
    assert pictures.enrolment(live, None).as_file(form).startswith(begins)


def test_the_headline_says_what_the_run_says(live, many, run_of):
    count = run_of("historical_emergent", 1).outcomes["examinees_2020"]
    assert f"{count:,.0f} students" in sentences.headline(live)
    assert "of 6 runs" in sentences.fan_headline(many[-1], live, busy=False)
    assert "More are coming, up to 30" in sentences.fan_headline(many[-1], live, busy=True)
    whole = pd.concat([many[-1].assign(seed=10 * n + many[-1]["seed"]) for n in range(5)])
    assert "More" not in sentences.fan_headline(whole, live, busy=True)


def test_a_comparison_is_within_pairs(live, many):
    assert "by 0 students" in sentences.pairs_sentence(many[-1], many[-1], busy=False)
    rows = sentences.comparison_rows(live, live)
    assert {row[3] for row in rows} <= {"0", "0 points", "0.0 points", ""}
    before, after = many[-1], many[-1].assign(examinees=many[-1]["examinees"] - 100)
    assert "by \N{MINUS SIGN}100 students" in sentences.pairs_sentence(before, after, busy=False)


def test_before_has_the_seed_and_the_years_of_after():
    after = Settings("no_backbone").with_("seed", 9).with_("until", 2018).with_("backbone.staff", 2)
    before = other_settings(after, "historical", None)
    assert (before.scenario, before.seed, before.value("until")) == ("historical", 9, 2018)
    assert other_settings(after, "", None).moved == (("until", 2018.0), ("seed", 9.0))
    remembered = Settings().with_("backbone.staff", 1)
    assert other_settings(after, "*", remembered).value("backbone.staff") == 1


def test_a_region_that_is_not_the_country_has_its_own_base():
    region = simulate_live(Settings("us_region").as_scenario(), 1)
    assert "there are here in 2012" in sentences.headline(region)
    assert list(page_images(lambda: pictures.enrolment(region, None)))


def test_enrolment_has_room_for_twice_the_count_of_2012_however_few_students_there_are(live):
    few = LiveRun(replace(live.run, world=live.run.world), live.months)
    few.run.__dict__["years"] = live.run.years.assign(examinees=live.run.years["examinees"] * 0.3)
    figure = Figure()
    pictures.enrolment(few, None).draw(figure)
    assert figure.axes[0].get_ylim()[1] > 2 * 8869


def test_visits_with_equal_settings_share_a_picture_and_own_schools_are_never_shared(live, many):
    drawn = []

    def make():
        drawn.append(1)
        return pictures.enrolment(live, many[-1])

    first = list(page_images(make, key=("a test", 1)))
    again = list(page_images(make, key=("a test", 1)))
    assert [bool(image.narrow) for image in first] == [False, True]
    assert again == first[1:]
    assert len(drawn) == 2
    assert Desk(live, None, False, "words").key == ("words", 0)
    parameters = live.run.scenario.parameters.with_({"setting.schools": "mine.csv"})
    own = replace(live, run=replace(live.run, scenario=replace(live.run.scenario, parameters=parameters)))
    assert Desk(own, None, False, "words").key is None


def test_a_drawing_that_is_not_needed_leaves_the_queue(live):
    stop = threading.Event()
    stop.set()

    def turn(rank):
        return TURNS.turn("b", stop, rank)

    with TURNS.turn("a"), pytest.raises(StoppedError):
        next(page_images(lambda: pictures.enrolment(live, None), turn))
