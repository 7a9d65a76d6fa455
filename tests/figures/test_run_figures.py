from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from sim.analysis.effects import paired
from sim.analysis.money import FATES, money_by_source
from sim.errors import InputError
from sim.figures import effects as contrasts
from sim.figures import fans, networks, style
from sim.figures import trajectories as course
from sim.figures.network_over_time import Moment, moment_figure, years_page
from sim.figures.run_page import Tables, run_page
from sim.figures.run_plots import RunPlots, years_from_launch
from sim.world import state
from tests.figures import invented
from tests.offenders import each_of

pytestmark = pytest.mark.heavy


def blank():
    return style.sheet(6, 4).add_axes((0.1, 0.1, 0.7, 0.8))


def organisations() -> pd.DataFrame:
    return invented.ledger().rename(columns={fate: f"money_{fate}" for fate in FATES} | {"source": "kind"})


def test_one_run_is_a_line_and_many_are_a_fan():
    one, many = blank(), blank()
    course.enrolment(invented.yearly(1), one, invented.PUBLISHED)
    course.enrolment(invented.yearly(9), many, invented.PUBLISHED)
    assert (len(one.collections), len(many.collections)) == (1, 3)  # dots; dots and two bands
    assert many.get_legend().get_texts()[-1].get_text() == "published count"


def test_every_line_is_named_at_its_end_in_its_own_colour():
    ax = blank()
    course.who_gains(invented.yearly(1), ax)
    named = {text.get_text(): text.get_color() for text in ax.texts}
    assert list(named) == ["weakest fifth", "fourth", "third", "second", "strongest fifth"]
    assert len(set(named.values())) == 5
    grey = [
        sum(share * part for share, part in zip((0.299, 0.587, 0.114), to_rgb(c), strict=True)) for c in named.values()
    ]
    assert grey == sorted(grey, reverse=True), "the weaker the lighter, in grey too"
    assert max(grey) < 0.7, "the lightest can be read on white"


def test_stages_have_the_names_of_the_world():
    assert course.STAGES == state.STAGES


def test_names_at_the_ends_do_not_touch():
    ax = blank()
    ax.set_ylim(0, 1)
    style.label_ends(ax, {"a": (0, 0.50, "k"), "b": (0, 0.51, "k"), "c": (0, 0.52, "k")})
    named = [text.get_window_extent() for text in ax.texts]
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c"]
    assert named[0].y1 <= named[1].y0
    assert named[1].y1 <= named[2].y0
    assert len(ax.patches) == 3, "names that were moved are led to the ends of their lines"


def test_a_stream_that_was_not_recorded_is_left_out():
    ax = blank()
    course.who_gains(invented.yearly(1).drop(columns="stream_haredi"), ax, course.SCHOOL_STREAMS)
    assert "Haredi" not in [text.get_text() for text in ax.texts]


def test_money_adds_up_to_what_was_offered():
    ledger = money_by_source(organisations())
    ax = blank()
    course.money(ledger, ax)
    assert ledger["source"].tolist()[:2] == ["ministry", "foundation"]
    assert [text.get_text() for text in ax.texts][:2] == ["385", "267"]
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(ledger[list(FATES)].to_numpy().sum())


def test_money_of_many_runs_is_their_mean():
    twice = pd.concat([organisations().assign(seed=1), organisations().assign(seed=2)])
    pd.testing.assert_frame_equal(money_by_source(twice), money_by_source(organisations()))


def test_events_of_one_month_stand_together_and_words_do_not_meet():
    figure = style.sheet(12, 3)
    ax = figure.add_axes((0.05, 0.1, 0.9, 0.8))
    course.timeline(invented.events(), ax)
    assert "new leaders, common agenda passes" in [text.get_text() for text in ax.texts]
    boxes = [text.get_window_extent() for text in ax.texts]
    meet = [(a, b) for k, a in enumerate(boxes) for b in boxes[k + 1 :] if a.overlaps(b)]
    assert not meet


def test_a_run_without_events_has_an_empty_line():
    ax = blank()
    course.timeline(invented.events()[:0], ax)
    assert not ax.texts


def test_an_organisation_stands_where_it_stood_whatever_its_ties():
    graph = invented.graph()
    bare = graph.copy()
    bare.remove_edges_from(list(graph.edges))
    assert networks.positions(graph) == networks.positions(bare)


def test_no_two_organisations_stand_on_each_other():
    places = list(networks.positions(invented.graph()).values())
    assert min(math.dist(a, b) for k, a in enumerate(places) for b in places[:k]) > 0.05


def test_only_ties_of_enough_trust_are_drawn():
    graph, ax = invented.graph(), blank()
    networks.trust_network(graph, ax, least=0.6)
    strong = sum(data["trust"] >= 0.6 for _, _, data in graph.edges(data=True))
    assert 0 < strong < graph.number_of_edges()
    assert len(ax.collections[0].get_segments()) == strong


def test_trust_between_sectors_is_the_mean_of_its_ties():
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_node("m", kind="ministry")
    for name in ("a", "b"):
        graph.add_node(name, kind="ngo")
    graph.add_edge("m", "a", trust=0.2)
    graph.add_edge("m", "b", trust=0.4)
    means = networks.trust_between(graph)
    assert means.loc["ministry", "ngo"] == pytest.approx(0.3)
    assert math.isnan(means.loc["ngo", "ministry"])


@dataclass
class Run:
    years = invented.yearly(1)
    months = invented.network(1)
    events = invented.events()
    scenario = SimpleNamespace(national=True)
    organisations = organisations()

    @property
    def provenance(self):
        return {"scenario": "historical", "seed": "1", "model": "made by a test"}

    def network(self, year: int | None = None):
        return invented.graph()


@pytest.mark.parametrize("name", ["enrolment", "trust", "readiness", "who_gains", "money", "events", "network"])
def test_a_run_offers_each_figure_on_axes_of_its_own(name):
    import matplotlib.pyplot as plt

    ax = getattr(RunPlots(Run(), invented.PUBLISHED), name)()
    assert ax.has_data()
    assert ax.get_title(loc="left").endswith(": historical, seed 1")
    plt.close(ax.figure)


def test_the_network_says_what_its_marks_mean_below_them():
    import matplotlib.pyplot as plt

    ax = RunPlots(Run()).network(least=0.6)
    ax.figure.canvas.draw()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["takes part", "does not", "trust of 0.6 or more, darker where it is higher"]
    lowest = min(text.get_window_extent().y0 for text in ax.texts)
    assert ax.get_legend().get_window_extent().y1 <= lowest
    assert ax.get_legend().get_window_extent().y0 >= 0
    plt.close(ax.figure)


def test_every_sector_has_a_mark_and_a_colour_of_its_own_where_others_are_near():
    around = [kind for kind in networks.COLOURS if kind not in networks.MIDDLE]
    assert len({networks.MARKERS[kind] for kind in around}) == len(around)
    assert len(set(networks.COLOURS.values())) == len(networks.COLOURS)


def over_years(years=(2013, 2014, 2015)) -> list:
    graphs = [invented.graph() for _ in years]
    for graph, year, stage in zip(graphs, years, ("observer", "pilot", "national"), strict=False):
        graph.graph.update(year=year, stage=stage)
    return graphs


def test_the_network_over_years_has_a_panel_a_year_with_the_stage_and_the_same_places():
    graphs = over_years()
    for node in graphs[0]:
        graphs[0].nodes[node]["member"] = False
    figure = years_page(graphs, "Trust", least=0.6, provenance="made by a test")
    texts = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    ties = sum(data["trust"] >= 0.6 for *_, data in graphs[0].edges(data=True))
    assert texts[0] == ["2013", f"ministry: observer; 0 members, {ties} ties"]
    assert [lines[1].partition(";")[0] for lines in texts] == [
        "ministry: observer",
        "ministry: pilot",
        "ministry: national",
    ]
    spots = [sorted(tuple(p) for c in ax.collections[1:] for p in c.get_offsets().tolist()) for ax in figure.axes]
    assert spots[0] == spots[1] == spots[2]
    filled = [sum(c.get_facecolor()[0].tolist() != [1, 1, 1, 1] for c in ax.collections[1:]) for ax in figure.axes]
    assert filled[0] == 1 < filled[1], "members are filled, the ministry from partner on, the backbone while it works"


def test_the_network_over_years_has_a_legend_that_touches_nothing():
    figure = years_page(over_years(), "Trust")
    figure.canvas.draw()
    sectors, others = figure.legends
    assert [text.get_text() for text in sectors.get_texts()] == [style.plain(kind) for kind in networks.COLOURS]
    assert [text.get_text() for text in others.get_texts()][:2] == ["takes part", "does not"]
    boxes = [legend.get_window_extent() for legend in figure.legends]
    assert not boxes[0].overlaps(boxes[1])
    assert max(box.y1 for box in boxes) <= min(ax.get_window_extent().y0 for ax in figure.axes)
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_a_moment_says_when_it_is_and_what_happened_and_its_words_do_not_meet():
    graph = over_years()[1]
    figure = moment_figure(
        Moment(graph, "2015-08", ("2015-05 new leaders", "2015-08 local shares published"), "", 0.5), "Trust"
    )
    figure.canvas.draw()
    texts = [text.get_text() for text in figure.texts]
    assert texts[:2] == ["Trust", "2015-08"]
    assert texts[2].startswith("ministry: pilot; ")
    assert texts[3] == "2015-05 new leaders; 2015-08 local shares published"
    boxes = [text.get_window_extent() for text in figure.texts]
    assert not [(a, b) for k, a in enumerate(boxes) for b in boxes[k + 1 :] if a.overlaps(b)]
    assert min(box.y0 for box in boxes) >= figure.axes[0].get_window_extent().y1
    quiet = moment_figure(Moment(graph, "2015-11", (), "2015-08 local shares published", 0.6), "Trust")
    assert [text.get_text() for text in quiet.texts][3] == "last: 2015-08 local shares published"


@pytest.mark.parametrize(("launched", "shown"), [(True, 2012), (False, 2006)])
def test_networks_are_shown_from_the_year_before_the_launch(launched, shown):
    run = Run()
    run.events = pd.DataFrame({"month": [94], "date": ["2013-07"], "event": ["launch" if launched else "other"]})
    assert years_from_launch(run)[0] == shown


def test_networks_of_no_years_are_refused():
    with pytest.raises(InputError, match=r"^`years` is empty; give at least one school year$"):
        RunPlots(Run()).networks([])


def test_an_unknown_way_to_gain_is_refused():
    with pytest.raises(InputError, match="quintile or stream"):
        RunPlots(Run()).who_gains("gender")


def test_the_page_of_a_run_has_every_panel():
    page = RunPlots(Run(), invented.PUBLISHED).page("historical, seed 1", "made by a test")
    page_text = " ".join(text.get_text() for ax in page.axes for text in ax.texts)
    for title in ("Enrolment", "by quintile", "by stream", "Trust", "Readiness", "Events", "Money", "Network"):
        assert title in page_text


def words_of(page) -> str:
    return " ".join(text.get_text() for text in page.texts).replace("\n", " ")


def test_the_page_says_of_which_run_it_is_what_made_it_and_who_published_the_counts():
    texts = words_of(RunPlots(Run(), invented.PUBLISHED).page())
    assert "historical, seed 1" in texts
    assert "model made by a test" in texts
    assert "Published counts: 5x2 case chapter;" in texts
    assert "configs/data/targets.csv" in texts


def test_a_run_of_a_part_of_the_country_has_no_national_counts_in_its_figures():
    part = Run()
    part.scenario = SimpleNamespace(national=False)
    dots = [len(RunPlots(run, invented.PUBLISHED).page().axes[0].collections) for run in (Run(), part)]
    assert dots == [1, 0]
    assert "Published counts" not in words_of(RunPlots(part, invented.PUBLISHED).page())


def test_what_many_runs_do_not_have_is_said():
    page = run_page(Tables("historical", invented.yearly(5), invented.network(5)))
    texts = [text.get_text().replace("\n", " ") for ax in page.axes for text in ax.texts]
    assert sum("Not shown: needs a single run" in text for text in texts) == 4


def test_scenarios_have_a_fan_each():
    wide = invented.sweep(seeds=5, timings=("0",))
    ax = blank()
    fans.fans_by(wide, ax, by="backbone.facilitation")
    assert len(ax.get_legend().get_texts()) == 6
    assert len(ax.collections) == 2 * 6


def test_differences_of_arms_stand_in_rows():
    wide = invented.sweep(seeds=8, timings=("0",)).query("dates == 'emergent'")
    differences = paired(wide, 0.0, [0.4, 1.0], "examinees_2020", by="backbone.facilitation")
    ax = blank()
    contrasts.arms(differences, ax, "students")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0.4", "1.0"]
    assert ax.get_xlabel() == "examinees 2020 minus 0.0 [students], 95% interval over pairs"
    assert ax.get_title(loc="left") == "Difference from 0.0 (dashed: none), 8 pairs of runs"
    assert ax.xaxis.get_major_formatter()(-4000.0) == "\N{MINUS SIGN}4,000"
    assert [line for line in ax.lines if list(line.get_xdata()) == [0, 0]]


def test_small_differences_keep_their_decimals():
    row = {"arm": "a", "baseline": "b", "outcome": "share", "difference": 0.2, "low": 0.1, "high": 0.3, "level": 0.95}
    ax = blank()
    contrasts.arms(pd.DataFrame([row | {"n": 5}, row | {"n": 3}]), ax)
    ax.figure.canvas.draw()
    assert "0.20" in [label.get_text() for label in ax.get_xticklabels()]
    assert ax.get_title(loc="left").endswith("3 to 5 pairs of runs")


def some(pairs: list[int]) -> pd.DataFrame:
    """Differences of arms of which some have no pair."""
    row = {"baseline": "b", "outcome": "month_national", "level": 0.95}
    ends = [
        dict(zip(("difference", "low", "high"), (20.0, 10.0, 30.0) if n else (math.nan,) * 3, strict=True))
        for n in pairs
    ]
    return pd.DataFrame([row | end | {"arm": f"a{k}", "n": pairs[k]} for k, end in enumerate(ends)])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pairs", [[0, 12], [12, 0, 0], [0]])
def test_an_arm_without_a_pair_says_so_in_its_row(pairs):
    ax = blank()
    contrasts.arms(some(pairs), ax)
    ax.figure.canvas.draw()
    empty = [place for place, n in enumerate(pairs) if not n]
    assert [(text.get_text(), text.get_position()[1]) for text in ax.texts] == [("no pair", place) for place in empty]
    assert len(ax.get_yticklabels()) == len(pairs)


@each_of(
    ("pairs", "over_posterior", "note"),
    [
        ([10, 50], False, "Intervals cover random variation only, at these parameters"),
        ([0, 10], False, "Intervals cover random variation only, at these parameters"),
        ([9, 50], False, "Intervals cover random variation only, at these parameters; too few pairs to rely on"),
        ([10], True, "Intervals cover random variation and the parameter sets of the posterior"),
        (
            [1],
            True,
            "Intervals cover random variation and the parameter sets of the posterior; too few pairs to rely on",
        ),
    ],
)
def test_a_note_says_what_intervals_cover_and_whether_pairs_are_few(pairs, over_posterior, note):
    assert contrasts.interval_note(some(pairs), over_posterior) == note


@pytest.mark.parametrize("fails", [False, True])
def test_that_figures_show_themselves_outlives_the_style_in_which_the_first_is_drawn(fails):
    """A notebook turns it on while its first figure is made; forgotten with the style, no later figure would be seen."""
    before = mpl.is_interactive()
    try:
        mpl.interactive(False)
        with suppress(ZeroDivisionError), style.figure_style():
            mpl.interactive(True)
            assert mpl.rcParams["axes.spines.top"] is False
            _ = 1 / (0 if fails else 1)
        assert mpl.is_interactive()
        assert mpl.rcParams["axes.spines.top"] is True
    finally:
        mpl.interactive(before)
