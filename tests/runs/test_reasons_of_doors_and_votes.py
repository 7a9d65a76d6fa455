"""Explanations of admissions, votes, joining and pressure on authorities: they agree with the run."""

from __future__ import annotations

import numpy as np
import pytest

from sim import configuration
from sim.agents import LocalAuthority
from sim.dates import date_of, month_of, september
from sim.errors import InputError
from sim.explain import admission, motion
from sim.explain.choices import choices, refused_at
from sim.explain.replay import ReplayModel, septembers
from sim.explain.words import draw_text, share_text
from sim.findings.numbers import MINUS
from sim.phases.place import place
from sim.phases.report import behind_peers
from sim.rules.adopting import shifted_chance
from sim.runs.run import simulate
from sim.world.organisations import owner_rows
from sim.world.state import MOTIONS, entries

WORLDS = [("historical_emergent", 1), ("historical", 2), ("no_backbone", 3), ("historical_emergent", 5)]
SHORT = {"setting.until": "2014-12"}


class Wary(LocalAuthority):
    """Authority that admits at random, without terms."""

    def chance_of_admitting(self, which, trust):
        """Seldom."""
        return np.full(np.shape(which), 0.25)


@pytest.fixture(scope="module", params=WORLDS, ids=lambda each: f"{each[0]}-{each[1]}")
def run(request, run_of):
    return run_of(*request.param)


def logits(reasons, module):
    """Return the sum of the reasons in each row."""
    return reasons.drop(columns=[*module.BEFORE, *module.AFTER]).sum(axis=1)


# Owners of schools


@pytest.mark.simulates
def test_a_provider_is_let_in_where_its_draw_lies_below_the_chance_of_its_reasons(run):
    for year in (2015, 2019):
        placed = run.placements.query(f"year == {year}")
        asking = [who for who in placed["provider"].unique() if not who.startswith("local_authority")]
        refusals = 0
        for who in asking[::5]:
            reasons, real = run.why("admission", who=who, year=year), placed[placed["provider"] == who]
            assert (reasons["admitted"] == (reasons["draw"] < reasons["chance"])).all()
            np.testing.assert_allclose(reasons["chance"], 1.0 / (1.0 + np.exp(-logits(reasons, admission))), rtol=1e-9)
            assert set(reasons["school"][reasons["admitted"]]) == set(real["school"])
            assert reasons["meant"].sum() - reasons["lost"].sum() == pytest.approx(real["promised"].sum(), rel=1e-9)
            assert (reasons["lost"][reasons["admitted"]] == 0.0).all()
            refusals += int((~reasons["admitted"]).sum())
        assert refusals > 0


@pytest.mark.simulates
def test_terms_name_the_trust_in_the_ministry_only_where_it_leads(run_of):
    run = run_of("historical_emergent", 1)
    reasons = run.why("admission", who="ngo 3")
    leads = reasons["year"].map(september) >= run.world.ministry.joined
    assert reasons["trust in the ministry, which leads"].notna().tolist() == leads.tolist()
    assert (reasons["trust in the provider"][reasons["trust"].isna()] == 0.0).all()
    assert reasons["owner"].str.startswith("local_authority").all()


@pytest.mark.simulates
def test_a_school_names_everyone_who_chose_it_let_in_or_refused(run_of):
    run = run_of("historical_emergent", 1)
    ((year, model),) = septembers(run, [2019], place)
    able = np.flatnonzero(model.ask("territory") < 0.0)
    chose = {row: choices(model, row).school for row in able.tolist()}
    placed = run.worlds[year].placements
    pairs = set(zip(placed.provider.tolist(), placed.school.tolist(), strict=True))
    site = next(site for row in chose for site in chose[row].tolist() if (row, site) not in pairs)
    inside = set(placed.provider[placed.school == site].tolist())
    assert set(refused_at(model, site)) == {row for row in chose if site in chose[row]} - inside
    school = int(run.schools["id"][site])
    reasons, seen = run.why("admission", school=school, year=year), run.why("placement", school=school, year=year)
    assert (~reasons["admitted"]).any()
    assert set(reasons["who"]) == set(seen["who"][~seen["who"].str.startswith("local_authority")])
    assert seen.set_index("who")["admitted"][reasons["who"]].tolist() == reasons["admitted"].tolist()
    for row in reasons.to_dict("records"):
        (one,) = run.why("admission", who=row["who"], school=school, year=year).to_dict("records")
        assert one == pytest.approx(row, nan_ok=True)


@pytest.mark.simulates
def test_a_refusal_is_told_with_chance_draw_and_reasons(run):
    reasons = run.why("admission", who="ngo 3")
    row = reasons[~reasons["admitted"]].iloc[0]
    at = {"who": "ngo 3", "school": int(row["school"]), "year": int(row["year"])}
    answered = draw_text(row["chance"], row["draw"], "to let it in")
    for decision in ("admission", "placement"):
        sentence = run.because(decision, **at).replace(MINUS, "-")
        assert sentence.startswith(f"ngo 3 chose school {row['school']} in September {row['year'] - 1} ")
        assert f"its owner, {row['owner']}, which " in sentence
        assert f", refused it: {answered}; " in sentence
        assert "strongest for it: usual (+1.00 logits)" in sentence
        assert f" meant for the school {row['lost']:.3f} were lost" in sentence
    seen = run.why("placement", **at).iloc[0]
    assert (seen["chosen"], seen["admitted"], seen["promised"]) == (True, False, 0.0)
    inside = reasons[reasons["admitted"]].iloc[0]
    at = {"who": "ngo 3", "school": int(inside["school"]), "year": int(inside["year"])}
    assert f", let it in: {draw_text(inside['chance'], inside['draw'], 'to let it in')}" in run.because(
        "admission", **at
    )
    assert "its owner" not in run.because("placement", **at)


@pytest.mark.simulates
def test_a_class_that_admits_otherwise_has_a_chance_and_no_reasons():
    run = simulate("historical_emergent", 1, kinds={"local_authority": Wary}, overrides=SHORT)
    reasons = run.why("admission", who=next(name for name in run.placements["provider"] if name.startswith("ngo")))
    assert (reasons["chance"] == 0.25).all()
    assert reasons.drop(columns=[*admission.BEFORE, *admission.AFTER]).isna().all(axis=None)
    assert (reasons["admitted"] == (reasons["draw"] < 0.25)).all()
    at = {"who": str(reasons["who"].iloc[0]), "school": int(reasons["school"].iloc[0])}
    assert "its class gave no reasons that make this chance" in run.because("admission", **at)


@pytest.mark.simulates
def test_who_never_chose_a_school_asked_nobody(run_of):
    sentence = run_of("historical_emergent", 1).because("admission", who="ngo 3", school=5, year=2010)
    assert sentence == "ngo 3 did not choose school 5 in any September asked about, so nobody was asked to let it in."


# Votes


@pytest.mark.simulates
def test_votes_make_the_share_that_the_run_counted(run):
    reasons, put = run.why("motion"), list(entries(run.world, "motion"))
    assert (reasons["accepted"] == (reasons["draw"] < reasons["chance"])).all()
    np.testing.assert_allclose(reasons["chance"], 1.0 / (1.0 + np.exp(-logits(reasons, motion))), rtol=1e-9)
    assert reasons.groupby(["date", "motion"]).ngroups == len(put)
    for entry in put:
        rows = reasons[(reasons["date"] == date_of(entry.month)) & (reasons["motion"] == entry.fields["motion"])]
        votes = rows[rows["asked"] == "vote"]
        assert votes["accepted"].mean() == entry.fields["accepted"] == rows["votes"].iloc[0]
        assert votes["seat"].all()
        assert not rows["seat"][rows["asked"] == "follow"].any()
        number = MOTIONS.index(entry.fields["motion"])
        assert rows["passed"].all() == (run.world.initiative.passed[number] == entry.month)
        assert ("follow" in set(rows["asked"])) <= rows["passed"].all()


@pytest.mark.simulates
def test_those_who_accept_an_agenda_are_those_who_move_towards_it(run):
    (month, *_) = run.world.initiative.passed
    model = ReplayModel(run, month)
    before = model.world.organisations.initial
    model.step()
    moved = (model.world.organisations.initial != before).any(axis=1)
    reasons = run.why("motion", motion="common_agenda", date=date_of(month))
    assert set(reasons["who"][reasons["accepted"]]) == set(run.organisations["name"][moved])


@pytest.mark.simulates
def test_a_vote_is_told_of_all_and_of_one(run):
    reasons = run.why("motion", motion="common_agenda")
    last = reasons[reasons["date"] == reasons["date"].iloc[-1]]
    votes, follow = last[last["asked"] == "vote"], last[last["asked"] == "follow"]
    sentence = run.because("motion", motion="common_agenda")
    assert sentence.startswith(
        f"`common_agenda` passed in {last['date'].iloc[0]}: {votes['accepted'].sum()} of {len(votes)} seats of the steering "
    )
    assert (
        f"; {share_text(last['votes'].iloc[0])} of the votes were for it, and 0.75 are needed. Of {len(follow)} other "
        in sentence
    )
    assert ("It had been put" in sentence) == (reasons["date"].nunique() > 1)
    for row in (votes.iloc[0], follow.iloc[-1]):
        one = run.because("motion", motion="common_agenda", who=row["who"])
        assert one.startswith(row["who"])
        assert f" in {row['date']}: {draw_text(row['chance'], row['draw'])}; " in one


@pytest.mark.simulates
def test_without_a_committee_all_members_vote_and_nobody_follows():
    run = simulate("historical_emergent", 1, overrides=SHORT | {"forums.steering_committee.open": False})
    reasons = run.why("motion", motion="common_agenda")
    assert set(reasons["asked"]) == {"vote"}
    assert not reasons["seat"].any()
    assert "members, as no committee sat, voted for it" in run.because("motion", motion="common_agenda")


@pytest.mark.simulates
def test_what_was_not_put_or_not_asked_is_said_in_a_sentence(run_of):
    run = run_of("historical_emergent", 1)
    sentence = run.because("motion", motion="common_agenda", year=2010)
    assert sentence == "`common_agenda` was not put to a vote in the time asked about."
    late = run.organisations["name"][run.organisations["joined"] > month_of("2015-01")].iloc[0]
    assert run.because("motion", motion="common_agenda", who=late).startswith(
        f"{late} was not asked about `common_agenda`: "
    )
    with pytest.raises(
        InputError, match='`motion` is missing; name one, for example `because\\("motion", motion="common_agenda"\\)`'
    ):
        run.because("motion", who="ngo 3")


# Members who are approached


@pytest.mark.simulates
def test_a_chance_to_join_is_the_sum_of_its_two_parts(run):
    reasons = run.why("joining", who="ngo 7")
    later = reasons[(reasons["asked"] == "join") & (reasons["date"] > date_of(run.world.initiative.launched))]
    np.testing.assert_allclose(later["approached"] + later["trusted partners joined"], later["chance"], rtol=1e-9)
    assert reasons["approached"][reasons["asked"] == "leave"].isna().all()
    if run.scenario.name == "no_backbone":
        assert (later["approached"] == 0.0).all()


@pytest.mark.simulates
def test_urgency_shifts_the_chance_at_the_launch():
    for half_life in (9.0, 3.0):  # at the launch the crisis is half a year old
        scenario = configuration.scenario(
            "historical_emergent", overrides={"setting.until": "2014-08", "calendar.half_life": half_life}
        )
        run = simulate(scenario, 1)
        reasons = run.why("joining").query("asked == 'join' and not founder and urgency == urgency")
        assert set(reasons["date"]) == {date_of(run.world.initiative.launched)}
        np.testing.assert_allclose(shifted_chance(reasons["usual"], reasons["urgency"]), reasons["chance"], rtol=1e-12)
        sentence = run.because("joining", who=reasons["who"].iloc[0], date=reasons["date"].iloc[0])
        assert "shifted by urgency (" in sentence
    assert (reasons["urgency"].abs() > 0.01).all()
    assert "as the problem was talked about less than usual." in sentence


# Authorities under pressure


@pytest.mark.simulates
def test_pressure_of_local_shares_is_shown_as_it_is_felt(run):
    dates = run.events.query("event == 'local shares published'")["date"]
    if dates.empty:
        assert (run.why("pledge", year=2019)["pressure"] == 0.0).all()
        return
    published = month_of(dates.iloc[0])
    reasons, package = run.why("pledge", date=date_of(published + 7)), run.scenario.schedule().at(published).package
    owners = owner_rows(run.world.organisations.kind)
    names = run.organisations["name"].to_numpy()
    model = ReplayModel(run, published)
    model.step()
    behind = dict(zip(names[owners], behind_peers(model.world, owners.size), strict=True))
    felt = reasons[reasons["pressure"] > 0.0]
    assert {who: behind[who] for who in felt["who"]} == pytest.approx(felt.set_index("who")["behind"].to_dict())
    left = 0.5 ** (7 / package.publication_half_life)
    np.testing.assert_allclose(felt["pressure"], package.publication * felt["behind"] * left, rtol=1e-9)
    np.testing.assert_allclose(
        reasons["pressed"], 1.0 - (1.0 - reasons["target"]) * (1.0 - reasons["pressure"]), rtol=1e-9
    )
    pledging = felt[felt["member"] & ~felt["void"]]
    if pledging.empty:
        return
    row = pledging.iloc[0]
    sentence = run.because("pledge", who=row["who"], date=date_of(published + 7))
    assert f"Published local shares show it {share_text(row['behind'])} behind its peers" in sentence
    assert f"raises what it aims at to {share_text(row['pressed'])}." in sentence
