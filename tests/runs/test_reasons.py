"""Explanations of decisions: a replayed run is the same run, terms add up to decisions, and sentences have their numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim
from sim.agents import Foundation
from sim.dates import date_of, month_of, september
from sim.errors import InputError
from sim.explain import EXPLAINED
from sim.explain.pledge import AFTER, BEFORE
from sim.explain.replay import ReplayModel, replayed, septembers
from sim.explain.track import AFTER as TRACK_AFTER
from sim.explain.track import BEFORE as TRACK_BEFORE
from sim.explain.words import draw_text, share_text
from sim.findings.numbers import MINUS
from sim.phases.place import place
from sim.phases.school_year import school_year_phase
from sim.runs.run import Run, simulate
from sim.world.state import NEVER
from tests.comparing import differing
from tests.offenders import each_of

WORLDS = [("historical_emergent", 1), ("historical", 2), ("no_backbone", 3)]


class Cautious(Foundation):
    """Foundation that pledges half of the usual amount."""

    def next_pledge(self):
        """Return half of the usual pledge."""
        return super().next_pledge() / 2


class Silent(Foundation):
    """Foundation that pledges and leaves without terms."""

    def next_pledge(self):
        """Return a tenth."""
        return 0.1

    def chance_of_leaving(self, trust):
        """Return one half, whatever the trust."""
        return 0.5


class Moody(Foundation):
    """Foundation with a reason of its own."""

    def pledge_terms(self):
        """Return the usual terms and one more."""
        return super().pledge_terms() | {"mood": 1.75}


@pytest.fixture(scope="module", params=WORLDS, ids=lambda each: each[0])
def run(request, run_of):
    return run_of(*request.param)


@pytest.fixture(scope="module")
def cautious():
    return simulate("historical_emergent", 1, kinds={"foundation": Cautious})


@pytest.fixture(scope="module")
def silent():
    return simulate("historical_emergent", 1, kinds={"foundation": Silent})


# The replay


@pytest.mark.simulates
@each_of("date", ["2005-09", "2013-07", "2014-02", "2017-08"])
def test_a_run_that_is_listened_to_is_the_run_to_the_last_bit(run, date):
    model = ReplayModel(run, month_of(date))
    assert differing(model.run_until_month(run.scenario.last_month + 1).world, run.world) == []


@pytest.mark.simulates
def test_a_run_with_classes_of_ones_own_is_heard_with_them(cautious, silent):
    for run in (cautious, silent):
        model = ReplayModel(run, month_of("2014-02"))
        assert differing(model.run_until_month(run.scenario.last_month + 1).world, run.world) == []
    assert differing(cautious.world, simulate("historical_emergent", 1).world) != []


@pytest.mark.simulates
def test_a_class_registered_after_a_run_does_not_explain_it(run_of, monkeypatch):
    run = run_of("historical_emergent", 1)
    monkeypatch.setitem(sim.agents.KIND_CLASSES, "foundation", Silent)
    reasons = run.why("pledge", who="foundation 2", year=2016)
    assert reasons["pledge"].iloc[-1] == run.worlds[2016].organisations.pledge[2]


@pytest.mark.simulates
def test_a_run_put_together_by_hand_is_explained_too(run_of):
    run = run_of("historical", 2)
    bare = Run(run.scenario, run.seed, run.world, run.worlds)
    assert bare.because("pledge", who="ngo 3", year=2016) == run.because("pledge", who="ngo 3", year=2016)


@pytest.mark.simulates
def test_a_september_is_stopped_where_a_phase_begins_and_goes_on_as_it_did(run):
    for year, model in septembers(run, [2006, 2015, 2020], place):
        assert differing(place(model).placements, run.worlds[year].placements) == []
    for year, model in septembers(run, [2006, 2015, 2020], school_year_phase):
        assert model.world.month == september(year)
        assert differing(school_year_phase(model).schools.track, run.worlds[year].schools.track) == []


# Joining


@pytest.mark.simulates
def test_those_who_came_and_went_are_the_members(run):
    reasons, table = run.why("joining"), run.world.organisations
    member, joined = np.zeros(len(table), dtype=bool), np.full(len(table), NEVER)
    names = run.organisations["name"].tolist()
    assert reasons["came"].all()
    for row in reasons.itertuples():
        who = names.index(row.who)
        assert (row.asked == "leave") == member[who]
        member[who] = not member[who]
        joined[who] = month_of(row.date) if joined[who] == NEVER else joined[who]
    assert member.tolist() == table.member.tolist()
    assert joined.tolist() == table.joined.tolist()
    assert set(reasons["asked"]) == {"join", "leave"}


@pytest.mark.simulates
def test_who_comes_and_goes_does_so_where_the_draw_lies_below_the_chance(run):
    left = run.why("joining").query("asked == 'leave'")["who"].iloc[0]
    for who in ("foundation 1", "ngo 7", left):
        reasons = run.why("joining", who=who)
        assert reasons["date"].tolist() == [
            date_of(m) for m in range(run.world.initiative.launched, run.scenario.last_month + 1)
        ]
        assert (reasons["came"] == (reasons["draw"] < reasons["chance"])).all()
        leaving = reasons[(reasons["asked"] == "leave") & ~reasons["founder"]]
        logit = leaving["without trust"] + leaving["held by trust"]
        np.testing.assert_allclose(leaving["chance"], 1.0 / (1.0 + np.exp(-logit)), rtol=1e-12)
    assert run.why("joining", who=left)["asked"].eq("leave").any()


@pytest.mark.simulates
def test_a_class_that_decides_on_leaving_has_a_chance_and_no_terms(silent):
    reasons = silent.why("joining").query("asked == 'leave' and who.str.startswith('foundation')")
    assert (reasons["chance"] == 0.5).all()
    assert reasons["without trust"].isna().all()
    assert not reasons.empty
    assert "without any trust" not in silent.because("joining", who=reasons["who"].iloc[0])


@pytest.mark.simulates
def test_joining_is_told_with_its_month_chance_and_draw(run):
    reasons = run.why("joining")
    later = reasons[(reasons["asked"] == "join") & (reasons["date"] > "2013-07")].iloc[0]
    sentence = run.because("joining", who=later["who"], date=later["date"])
    assert sentence.startswith(f"{later['who']} joined in {later['date']}: chance {later['chance']:.2g}, draw 0.0")
    approached, trusted = share_text(later["approached"]), share_text(later["trusted partners joined"])
    parts = f"({approached} because it was approached, {trusted} because partners that it trusts had joined)"
    assert sentence.endswith(f"; the chance is the sum of two parts {parts}.")
    assert run.because("joining", who="foundation 1").startswith("foundation 1 is a founder")
    assert " was a member and stayed in " in run.because("joining", who="foundation 1", year=2016)
    table = run.world.organisations
    never = run.organisations["name"][table.eligible & (table.joined == NEVER)].iloc[0]
    assert run.because("joining", who=never).startswith(f"{never} did not join: chance at the launch 0.")
    gone = reasons[reasons["asked"] == "leave"].iloc[0]
    sentence = run.because("joining", who=gone["who"], date=gone["date"])
    assert (
        f"its mean trust in partners, {gone['trust']:.2f}, made this less likely ({gone['held by trust']:+.2f} logits"
        in sentence.replace(MINUS, "-")
    )


# Pledges


@pytest.mark.simulates
def test_reasons_add_up_to_the_pledge_that_the_world_then_holds(run):
    rate, schedule = run.scenario.parameters["commitment.rate"], run.scenario.schedule()
    for year in (2014, 2016, 2020):
        reasons, table = run.why("pledge", year=year), run.worlds[year].organisations
        terms = reasons.drop(columns=[*BEFORE, *AFTER])
        assert "cost" in terms
        np.testing.assert_allclose(terms.sum(axis=1), reasons["reasons"], rtol=1e-12)
        wish = reasons["autonomy"] * reasons["partners"] / (1.0 + np.exp(-reasons["reasons"]))
        target = np.where(reasons["member"], wish, schedule.at(september(year)).commitment.independent)
        np.testing.assert_allclose(reasons["target"], target, rtol=1e-12)
        pressed = 1.0 - (1.0 - target) * (1.0 - reasons["pressure"])
        after = np.where(reasons["void"], 0.0, reasons["before"] + rate * (pressed - reasons["before"]))
        np.testing.assert_allclose(reasons["pledge"], after, rtol=1e-9)
        assert (reasons["pledge"] == reasons["by_rule"])[~reasons["void"]].all()
        last = reasons[reasons["date"] == reasons["date"].iloc[-1]].set_index("who")["pledge"]
        now = dict(zip(run.organisations["name"], table.pledge, strict=True))
        assert last.to_dict() == {who: now[who] for who in last.index}
        assert len(last) == sum(kind not in ("ministry", "backbone") for kind in run.organisations["kind"])


@pytest.mark.simulates
def test_a_pledge_begins_where_that_of_the_month_before_ended(run):
    reasons = run.why("pledge", who="ngo 3", year=2017)
    assert reasons["date"].tolist() == [date_of(m) for m in range(september(2017), september(2018))]
    assert reasons["before"].tolist()[1:] == reasons["pledge"].tolist()[:-1]
    one = run.why("pledge", who="ngo 3", date="2017-03")
    assert one.iloc[0].to_dict() == reasons[reasons["date"] == "2017-03"].iloc[0].to_dict()


@pytest.mark.simulates
def test_a_class_that_pledges_otherwise_is_seen_to(cautious, silent):
    reasons = cautious.why("pledge", who="foundation 2", year=2016)
    np.testing.assert_allclose(reasons["pledge"], reasons["by_rule"] / 2, rtol=1e-12)
    assert "decided on another pledge than the 0." in cautious.because("pledge", who="foundation 2", year=2016)
    assert "decided on another" not in cautious.because("pledge", who="ngo 3", year=2016)
    assert silent.why("pledge", who="foundation 2", year=2016)["reasons"].isna().all()
    assert silent.because("pledge", who="foundation 2", year=2016).endswith("gave no reasons.")


@pytest.mark.simulates
def test_reasons_that_one_kind_alone_gives_are_its_own():
    run = simulate("historical_emergent", 1, kinds={"foundation": Moody}, overrides={"setting.until": "2014-08"})
    reasons = run.why("pledge", year=2014)
    assert (reasons["mood"] == 1.75)[reasons["who"].str.startswith("foundation")].all()
    assert reasons["mood"].isna()[reasons["who"].str.startswith("ngo")].all()
    assert (reasons["pledge"] == reasons["by_rule"]).all()
    assert "mood (+1.75 logits)" in run.because("pledge", who="foundation 2", year=2014)
    assert "mood" not in run.because("pledge", who="ngo 3", year=2014)


@pytest.mark.simulates
def test_a_factor_on_all_members_pledges_is_told_where_there_is_one():
    short = {"setting.until": "2014-08", "commitment.partners": 0.5}
    run = simulate("historical_emergent", 1, overrides=short)
    row = run.why("pledge", who="foundation 2", date="2014-08").iloc[0]
    sentence = run.because("pledge", who="foundation 2", date="2014-08")
    times = f"times its autonomy of {row['autonomy']:.2g} and times 0.5, as for every member, they aim at"
    assert f"{times} {row['target']:.2g}, towards" in sentence


@pytest.mark.simulates
def test_a_pledge_is_told_with_its_strongest_reasons(run):
    row = run.why("pledge", who="foundation 2", date="2016-03").iloc[0]
    sentence = run.because("pledge", who="foundation 2", date="2016-03")
    sentence = sentence.replace(MINUS, "-")
    assert sentence.startswith(f"foundation 2 pledged {row['pledge']:.2g} of its means in 2016-03")
    adds, alone = row["reasons"], share_text(1.0 / (1.0 + np.exp(-row["reasons"])))
    assert f". Its reasons add up to {adds:+.2f} logits, as a share {alone}; times its autonomy of " in sentence
    assert f" they aim at {row['target']:.2g}, towards which the pledge moves month by month; the reasons " in sentence
    terms = row.drop([*BEFORE, *AFTER]).astype(float)
    order = terms[terms.abs() >= 0.005].abs().sort_values(ascending=False).index
    strong = (terms[order].abs() >= terms.abs().max() / 3) | (np.arange(len(order)) < 3)
    reasons, others = terms[order][strong], terms[order][~strong]
    assert dict(
        re.findall(r"([a-z ]+) \(([+-][0-9.]+)(?: logits)?\)", re.sub("strongest (for|against) it: ", "", sentence))
    ) == {f" {name}": f"{value:+.2f}" for name, value in reasons.items()} | {
        " the others together": f"{others.sum():+.2f}"
    }
    assert sentence.index("for it: ") < sentence.index(" against it: ") < sentence.index("cost (-0.80)")


# Placements


@pytest.mark.simulates
def test_the_places_and_the_scores_of_all_schools_make_the_choice(run):
    schools = run.schools["id"].tolist()
    for year in (2015, 2019):
        who = run.placements.query(f"year == {year}")["provider"].unique().tolist()
        assert len(who) > 20
        for provider in who[::6]:
            check_choice(run, provider, year, schools)


def check_choice(run, who, year, schools):
    from sim.explain.placement import CRITERIA, choosers, every_school
    from sim.explain.question import decision_question

    query = decision_question(run, "placement", {"who": who, "school": None, "year": year, "date": None})
    ((_, row, model),) = choosers(query)
    reasons = every_school(query, year, row, model)
    assert reasons["school"].tolist() == schools
    free = np.isfinite(reasons["score"])
    np.testing.assert_allclose(reasons.loc[free, CRITERIA].sum(axis=1), reasons.loc[free, "score"], rtol=1e-12)
    places, remaining = reasons["places"].iloc[0], reasons["kept"].iloc[0]
    first = reasons["rank_alike"] <= remaining
    rest = reasons[~first].sort_values("rank").head(places - first.sum())
    best = set(reasons["school"][first]) | set(rest["school"][np.isfinite(rest["score"])])
    assert best == set(reasons["school"][reasons["chosen"]])
    shown = run.why("placement", who=who, year=year).query("admitted")
    real = run.placements.query(f"year == {year} and provider == @who")
    assert dict(zip(shown["school"], shown["promised"], strict=True)) == pytest.approx(
        dict(zip(real["school"], real["promised"], strict=True)), abs=0
    )
    assert shown["delivered"].sum() == pytest.approx(real.filter(like="delivered").to_numpy().sum())


@pytest.mark.simulates
def test_some_providers_know_of_others_and_heed_it(run_of):
    reasons = run_of("historical_emergent", 1).why(
        "placement", school=int(run_of("historical_emergent", 1).schools["id"][0])
    )
    assert reasons["year"].is_monotonic_increasing
    assert reasons["chosen"].all()
    busy = run_of("historical_emergent", 1).placements.query("year == 2019")["school"].mode()[0]
    assert (run_of("historical_emergent", 1).why("placement", school=int(busy), year=2019)["repeats others"] != 0).any()


@pytest.mark.simulates
def test_a_placement_is_told_with_its_rank_and_its_places(run):
    one = run.placements.query("year == 2016").iloc[0]
    sentence = run.because("placement", who=one["provider"], school=int(one["school"]), year=2016)
    row = run.why("placement", who=one["provider"], school=int(one["school"]), year=2016).iloc[0]
    assert sentence.startswith(
        f"{one['provider']} chose school {one['school']} in September 2015 (school year 2016): for it number "
    )
    assert f"number {row['rank']:.0f} of the {row['of']:,} schools that it may serve" in sentence
    assert f"its means were for {row['places']} school" in sentence
    elsewhere = run.schools.loc[run.schools["authority"] != "local_authority 3", "id"].iloc[0]
    own = run.because("placement", who="local_authority 3", school=int(elsewhere), year=2016)
    assert own.endswith("schools of its own authority only.") or "nothing to place" in own
    assert run.because("placement", who="ngo 3", school=int(elsewhere), year=2010).endswith(
        "in any September asked about."
    )


# Tracks


@pytest.mark.simulates
def test_the_terms_of_a_track_make_its_chance_and_the_draw_the_track(run):
    for school in run.schools["id"][::90].tolist():
        reasons = run.why("track", school=school)
        assert reasons["year"].tolist() == list(range(2006, 2021))
        terms = reasons.drop(columns=[*TRACK_BEFORE, *TRACK_AFTER])
        assert len(terms.columns) == 4
        np.testing.assert_allclose(terms.sum(axis=1), reasons["viability"], rtol=1e-9, atol=1e-9)
        sign = np.where(reasons["asked"] == "open", 1.0, -1.0)
        np.testing.assert_allclose(
            reasons["chance"],
            reasons["rate"] * reasons["teachers"] / (1.0 + np.exp(-sign * reasons["viability"])),
            rtol=1e-9,
        )
        assert (reasons["came"] == (reasons["draw"] < reasons["chance"])).all()
        now = [bool(run.worlds[year].schools.track[school - 1]) for year in reasons["year"]]
        assert ((reasons["asked"] == "open") == (reasons["came"] == now)).all()


@pytest.mark.simulates
def test_tracks_that_moved_in_a_year_are_those_the_world_dates(run):
    reasons, schools = run.why("track", year=2020), run.world.schools
    assert set(reasons["school"]) == set(schools.id[schools.opened == 2020])
    assert {"open", "close"} == set(reasons["asked"])


@pytest.mark.simulates
def test_a_track_is_told_by_the_september_that_changed_it(run):
    for asks, done in (("open", "opened"), ("close", "closed")):
        moved = run.why("track", year=2018)
        row = moved[moved["asked"] == asks].iloc[0]
        sentence = run.because("track", school=int(row["school"]), year=2018)
        assert sentence.startswith(
            f"School {row['school']} {done} its track in September 2017 (school year 2018): chance to "
        )
        rule = 6 if NEVER < run.world.ministry.national <= month_of("2017-09") else 15
        assert row["rule"] == rule
        complies, waiver = run.world.schools.complies[row["school"] - 1], run.scenario.parameters["staffing.waiver"]
        assert row["minimum"] == (rule if complies else waiver)
        needed = f"a class needs {rule} by the rule"
        needed += "" if complies else f", and {waiver:g} here, with a waiver or a joint class (`staffing.waiver`)"
        needed += "" if row["teachers"] == 1.0 else f", teachers for {row['teachers']:.2f} of those wanted"
        assert f"{row['students']:.1f} students would begin; {needed}; " in sentence
    school = int(run.schools.loc[run.schools["opened"] > 0, "id"].iloc[0])
    last = run.why("track", school=school).query("came")["year"].iloc[-1]
    assert f"(school year {last})" in run.because("track", school=school)
    assert "kept its track in September 2019" in run.because(
        "track", school=int(run.schools.query("opened == 0 and track")["id"].iloc[0])
    )


# In words


@pytest.mark.simulates
def test_a_decision_of_the_ministry_is_told_by_the_month_it_was_taken_in(run_of):
    run = run_of("historical_emergent", 1)
    for decision in ("ministry_joins", "pilot", "national"):
        row = run.why(decision).iloc[-1]
        sentence = run.because(decision)
        assert f" in {row['date']}: {draw_text(row['chance'], row['draw'])}, in an open window; " in sentence
        assert f"base of this stage ({row['base of this stage']:+.2f}" in sentence.replace(MINUS, "-")
        assert sentence.startswith("The ministry ")
    never = run_of("no_backbone", 3)
    assert never.because("ministry_joins").startswith("The ministry never joined as a partner in ")
    assert never.because("national").startswith(
        "The ministry never decided on the national programme: it never came to "
    )


def test_chance_and_draw_are_told_with_as_many_digits_as_tell_them_apart():
    levels = np.concatenate((np.linspace(0.001, 0.999, 60), [1.0, 0.9999, 0.5, 0.50001, 0.0312, 0.0309]))
    for chance in levels.tolist():
        for draw in levels[levels < 1.0].tolist():
            sentence = re.fullmatch(r"chance (\S+), draw (\S+)", draw_text(chance, draw))
            assert (float(sentence[2]) < float(sentence[1])) == (draw < chance)
            assert float(sentence[1]) == pytest.approx(chance, rel=0.06)


@pytest.mark.simulates
def test_every_draw_told_of_a_decision_taken_is_below_its_chance(run):
    reasons = run.why("joining").iloc[::9]
    sentences = [run.because("joining", who=w, date=d) for w, d in zip(reasons["who"], reasons["date"], strict=True)]
    moved = run.why("track", year=2017).iloc[::9]
    sentences += [run.because("track", school=int(s), year=2017) for s in moved["school"]]
    matches = [re.search(r"chance [a-z ]*([0-9.e-]+), draw ([0-9.e-]+[0-9])", sentence) for sentence in sentences]
    pairs = [(float(one[1]), float(one[2])) for one in matches if one]
    assert len(pairs) > 10
    assert [pair for pair in pairs if not pair[1] < pair[0]] == []


# What cannot be asked


@pytest.mark.simulates
def test_where_nothing_was_asked_there_is_no_row_and_a_sentence_says_so(run_of):
    quiet = run_of("no_initiative", 1)
    assert quiet.why("joining").empty
    assert quiet.because("joining", who="ngo 3") == "ngo 3 was not asked to join: the initiative had not been launched."
    run = run_of("historical_emergent", 1)
    assert run.why("pledge", who="ngo 3", year=2010).empty
    assert run.because("pledge", who="ngo 3", year=2010).startswith("ngo 3 pledged nothing in the time asked about")
    assert run.why("placement", who="ngo 3", year=2012).empty


@pytest.mark.simulates
@each_of(
    ("decision", "arguments", "sentence"),
    [
        ("joining", {"who": "foundatoin 2"}, "the run has no organisation 'foundatoin 2'; did you mean `foundation 2`?"),
        ("joining", {"who": 7}, "the run has no organisation 7; see `run.organisations`"),
        ("joining", {"who": "ministry 1"}, 'ministry 1 joins as a stage of its engagement; use `why("ministry_joins")`'),
        ("joining", {"who": "backbone 1"}, "backbone 1 convenes the initiative and is not a member"),
        ("joining", {"school": 5}, "`joining` does not take `school`; it takes `who`, `year`, `date`"),
        ("joining", {"who": "ngo 3", "year": 2031}, "the run has no school year 2031; it has 2006 to 2020"),
        ("joining", {"who": "ngo 3", "year": True}, "the run has no school year True; it has 2006 to 2020"),
        ("pledge", {"who": "ministry 1"}, "ministry 1 does not pledge; kinds that do are foundation, business, "),
        ("pledge", {"who": "ngo 3", "date": "2031-01"}, "the run has no month 2031-01; it goes from 2005-09 to 2020-08"),
        ("pledge", {"who": "ngo 3", "date": "March"}, "a date must be written YYYY-MM, for example 2014-05; got 'March'"),
        ("pledge", {"who": "ngo 3", "date": "2016-03", "year": 2016}, "`year` and `date` cannot be used together; give "),
        ("placement", {"year": 2016}, '`who` and `school` are missing; give one of them, for example `why("placement"'),
        ("admission", {"year": 2016}, '`who` and `school` are missing; give one of them, for example `why("admission"'),
        ("admission", {"who": "foundation 2"}, "foundation 2 does not place programmes; kinds that do are "),
        ("admission", {"who": "local_authority 3"}, "local_authority 3 serves its own schools and asks no other owner"),
        ("admission", {"who": "ngo 3", "date": "2016-03"}, "`admission` does not take `date`; it takes `who`, "),
        ("motion", {"motion": "mathematics_frist"}, "'mathematics_frist' is not a motion; did you mean `mathematics_f"),
        ("motion", {"motion": 7}, "7 is not a motion; use one of common_agenda, mathematics_first, periphery_and_junior"),
        ("motion", {"motion": "common_agenda", "who": "ministry 1"}, "ministry 1 has no vote on motions: only members"),
        ("motion", {"school": 5}, "`motion` does not take `school`; it takes `motion`, `who`, `year`, `date`"),
        ("pledge", {"motion": "common_agenda"}, "`pledge` does not take `motion`; it takes `who`, `year`, `date`"),
        ("placement", {"who": "foundation 2", "school": 5}, "foundation 2 does not place programmes; kinds that do are "),
        ("placement", {"who": "ngo 3", "school": 99999}, "the run has no school 99999; see column `id` of `run.schools`"),
        ("track", {"school": "no such"}, "the run has no school 'no such'; see column `id` of `run.schools`"),
        ("track", {"school": 5, "date": "2016-03"}, "`track` does not take `date`; it takes `school`, `year`"),
        ("national", {"year": 2016}, "`national` does not take `year`; it takes no options"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_one_sentence(run_of, decision, arguments, sentence):
    run = run_of("historical_emergent", 1)
    with pytest.raises(InputError) as why:
        run.why(decision, **arguments)
    assert str(why.value).startswith(sentence)
    if decision not in ("placement", "admission") or set(arguments) > {"who"}:
        with pytest.raises(InputError) as because:
            run.because(decision, **arguments)
        assert str(because.value) == str(why.value)


@pytest.mark.simulates
@each_of("decision", ["joining", "pledge", "placement", "admission", "track"])
def test_a_sentence_is_of_somebody(run_of, decision):
    sentence = rf'`(who|school)` is missing; name (an organisation|one), for example `because\("{decision}", '
    with pytest.raises(InputError, match=sentence):
        run_of("historical_emergent", 1).because(decision)


@pytest.mark.simulates
def test_organisations_of_a_users_file_are_asked_for_by_their_own_names(tmp_path):
    path = tmp_path / "organisations.csv"
    path.write_text("name,kind,capacity,joins\nOak,foundation,3,yes\nElm,ngo,1,yes\nAsh,ngo,1,no\n")
    run = simulate("historical_emergent", 1, overrides={"setting.organisations": str(path), "setting.until": "2015-08"})
    assert run.why("pledge", who="Elm", year=2015)["who"].unique().tolist() == ["Elm"]
    with pytest.raises(InputError, match="Ash may never join: the file of organisations says so in its column `joins`"):
        run.why("joining", who="Ash")
    with pytest.raises(InputError, match="no organisation 'Elms'; did you mean `Elm`"):
        run.why("joining", who="Elms")


def test_every_decision_is_explained_and_told():
    assert all(hasattr(module, "why") and hasattr(module, "because") for module in EXPLAINED.values())


@pytest.mark.simulates
def test_months_heard_are_those_asked_for(run):
    seen = [model.last_queries["next_pledge"].world.month for model in replayed(run, range(100, 104))]
    assert seen == [100, 101, 102, 103]
