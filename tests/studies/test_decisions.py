"""Decisions that a report explains: the most telling ones of a run, and none if nothing was decided."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.runs.run import Run
from sim.studies.decisions import LARGEST, explained, let_in, of_approached, of_motion, of_pressure, of_refusal

pytestmark = pytest.mark.simulates

UNTIL = {"setting.until": "2016-08"}


@pytest.fixture(scope="module")
def run() -> Run:
    """Simulate a run with votes, approached members, refusals and published shares."""
    return sim.simulate("historical_emergent", seed=1, overrides=UNTIL)


@pytest.fixture(scope="module")
def nobody() -> Run:
    """Simulate a run without an initiative."""
    return sim.simulate("no_initiative", seed=1, overrides=UNTIL)


def test_the_vote_nearest_to_the_quorum_is_explained(run):
    (reason,) = of_motion(run)
    votes = run.why("motion").drop_duplicates(["date", "motion"])
    margin = (votes["votes"] - votes["quorum"]).abs()
    shown = reason.terms.iloc[0]
    assert len(votes) > 1
    assert abs(shown["votes"] - shown["quorum"]) == margin.min()
    assert f"`{shown['motion']}` {'pass' if shown['passed'] else 'fail'} in {shown['date']}" in reason.asks
    assert f"of {int((reason.terms['asked'] == 'vote').sum())} seats of the steering committee" in reason.says


def test_the_member_who_joined_because_it_was_approached_is_explained(run):
    (reason,) = of_approached(run)
    (row,) = reason.terms.to_dict("records")
    assert row["came"]
    assert row["approached"] > row["trusted partners joined"]
    assert "because it was approached" in reason.says


def test_the_refusal_that_was_likeliest_is_explained(run):
    (reason,) = of_refusal(run)
    row = reason.terms.iloc[-1]
    assert not row["admitted"]
    assert row["draw"] >= row["chance"]
    assert ", refused it: chance to let it in" in reason.says
    order = run.placements.groupby("provider")["promised"].sum().sort_values(ascending=False).index
    askers = [who for who in order[:LARGEST] if not who.startswith("local_authority")]
    refusals = [each.loc[~each["admitted"].astype(bool), "chance"].min() for who in askers
                if len(each := run.why("admission", who=who))]  # fmt: skip
    assert row["chance"] == np.nanmin(refusals)


def test_the_pledge_that_published_shares_raised_most_is_explained(run):
    (reason,) = of_pressure(run)
    row = reason.terms.iloc[-1]
    pledges = run.why("pledge")
    assert row["pressed"] - row["target"] == (pledges["pressed"] - pledges["target"]).max() > 0.1
    assert "Published local shares show it" in reason.says


def test_the_owner_of_a_school_answers_a_provider_from_outside_alone(run):
    inside = run.placements["provider"].str.startswith("local_authority")
    own, other = (run.placements[rows].iloc[-1] for rows in (inside, ~inside))
    assert let_in(run, who=own["provider"], school=own["school"], year=int(own["year"])) == []
    (reply,) = let_in(run, who=other["provider"], school=other["school"], year=int(other["year"]))
    assert reply.startswith("Its owner, ")
    assert "let it in" in reply


def test_without_an_initiative_no_vote_joining_or_pressure_is_explained(nobody):
    assert of_motion(nobody) == of_approached(nobody) == of_pressure(nobody) == []


def test_the_chapter_asks_about_each_of_them_once():
    scenario = sim.scenario("historical_emergent", overrides=UNTIL)
    chapter = explained(scenario, sim.scenario("no_backbone", overrides=UNTIL), 1)
    text = " ".join(str(getattr(block, "markdown", "")) for block in chapter.blocks)
    for words in (
        "the closest vote?",
        "because the backbone approached it?",
        "not let into school",
        "Did published local",
    ):
        assert text.count(words) == 1, words
