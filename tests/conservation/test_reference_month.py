"""The phases of a month agree with plain loops over five organisations, to twelve digits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim import configuration
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.phases import MONTH
from sim.world.forums import FORUMS
from sim.world.organisations import KINDS
from sim.world.state import World
from tests.conservation import plainly
from tests.conservation.plainly import WEIGHTS, Network, Someone
from tests.world.files import SCHOOLS

pytestmark = pytest.mark.simulates

TWELVE_DIGITS = {"rtol": 0.0, "atol": 1e-12}

ORGANISATIONS = """\
name,kind,capacity,founder,id
State,ministry,0,false,7
Fund,foundation,8,true,300
Works,business,2,true,12
Friends,ngo,0.4,false,45
Hub,backbone,0,false,99
"""
NAMES = ["State", "Fund", "Works", "Friends", "Hub"]

TIES = """\
source,target,trust
Fund,Friends,0.6
Friends,Fund,0.7
Works,Fund,0.4
Fund,Works,0.55
Friends,State,0.15
State,Fund,0.3
Works,Friends,0.2
"""

SETTINGS = {
    "as it was": {},
    "loud and forgetful": {"trust.hearsay": 0.1, "trust.fading": 0.05, "trust.ratio": 3.5, "meeting.alone": 0.2},
    "weak backbone": {"backbone.facilitation": 0.15, "forums.plenum.contact": 0.6, "forums.plenum.open": False},
    "no backbone": {"backbone.facilitation": 0.0, "meeting.alone": 0.15},
    "alone and unsure": {"commitment.independent": 0.4, "commitment.partners": 0.7, "commitment.width": 0.001,
                         "network.joining": 0.0, "kinds.ngo.joins_at_launch": 0.0, "meeting.alone": 0.1},
    "ministry decides": {"ministry.joining": 10.0, "ministry.piloting": 10.0, "ministry.nationalising": 10.0,
                         "ministry.openness_outside_window": 1.0, "commitment.cooptation": 0.1},
    "pledges expire": {"commitment.term": 6, "commitment.renewing": 0.0, "kinds.ngo.joins_at_launch": 1.0},
    "the founder leaves": {"commitment.founder_leaves": True, "commitment.by_lead": 2.0, "commitment.cost": 0.0},
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the five organisations, their ties and five schools as a user's files."""
    folder = tmp_path_factory.mktemp("five")
    texts = {"organisations": ORGANISATIONS, "ties": TIES, "schools": SCHOOLS}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return {f"setting.{name}": str(folder / f"{name}.csv") for name in texts} | {"setting.burn_in": 0}


def network_of(world: World) -> Network:
    """Return the world as names and numbers."""
    table, ties, state = world.organisations, world.ties, world.initiative
    people = {
        name: Someone(
            id=int(table.id[row]),
            kind=KINDS[table.kind[row]],
            member=bool(table.member[row]),
            joined=int(table.joined[row]),
            lapsed_until=int(table.lapsed_until[row]),
            founder=bool(table.founder[row]),
            pressure=float(table.pressure[row]),
            forums=[forum for bit, forum in enumerate(FORUMS) if int(table.forums[row]) >> bit & 1],
            position=dict(zip(WEIGHTS, table.position[row].tolist(), strict=True)),
            initial=dict(zip(WEIGHTS, table.initial[row].tolist(), strict=True)),
            **{
                k: float(getattr(table, k)[row])
                for k in ("capacity", "power", "openness", "threshold", "autonomy", "pledge")
            },
        )
        for row, name in enumerate(NAMES)
    }
    pairs = [(NAMES[source], NAMES[target]) for source, target in zip(ties.source, ties.target, strict=True)]
    return Network(
        month=world.month,
        people=people,
        trust=dict(zip(pairs, ties.trust.tolist(), strict=True)),
        reference=dict(zip(pairs, ties.reference.tolist(), strict=True)),
        state={k: v for k, v in vars(state).items() if isinstance(v, float)},
        attending=dict(
            zip(FORUMS, [] if state.attending is None else state.attending.tolist(), strict=state.attending is not None)
        ),
        agenda=None if state.agenda is None else dict(zip(WEIGHTS, state.agenda.tolist(), strict=True)),
        stage=world.ministry.stage,
        published=list(world.published.examinees),
        shares=list(world.published.shares),
        decided=max(state.passed[:2]),
        local_reports=state.local_reports,
        met=dict(zip(pairs, ties.met.tolist(), strict=True)),
    )


def through_the_months(scenario, seed: int, until: str):
    """Yield every phase of every month from the launch on: its name, the model, the network before and after."""
    model = CollaborationModel(scenario, seed).run_until_month(month_of("2013-07"))
    expecting = model.world
    while model.world.month < month_of(until):
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for phase, _ in MONTH:
            before, model.world = model.world, phase(model)
            expecting = before if phase.__name__ == "expect" else expecting
            before = expecting if phase.__name__ == "commit" else before  # pledges are told from what came before both
            if phase.__name__ in ("meet", "trust_phase", "deliberate", "commit"):
                yield phase.__name__, model, network_of(before), network_of(model.world)


@pytest.fixture(scope="module", params=list(SETTINGS))
def months(request, files):
    """Return two and a half years of three seeds under a setting, phase by phase."""
    scenario = configuration.scenario("historical_emergent", overrides=files).with_(SETTINGS[request.param])
    steps = []
    for seed in (1, 2, 3):
        for name, model, before, after in through_the_months(scenario, seed, "2016-02"):
            steps.append((name, model.parameters, model.luck, before, after))
    return steps


def of(months, phase: str):
    return [rest for name, *rest in months if name == phase]


def test_much_happens_in_these_months(months):
    met = [after.met[pair] for _, _, _, after in of(months, "meet") for pair in after.met]
    assert 0.02 < np.mean(met) < 0.98
    trust = [t for _, _, _, after in of(months, "trust_phase") for t in after.trust.values()]
    assert np.std(trust) > 0.05
    assert any(after.people[name].pledge > 0.05 for *_, after in of(months, "commit") for name in ("Fund", "Works"))


def test_contacts_are_those_of_the_plain_loops(months):
    for p, luck, before, after in of(months, "meet"):
        expected = plainly.contacts(before, p, luck)
        lasting = [pair for pair in expected if pair in after.met]
        assert {pair: after.met[pair] for pair in lasting} == {pair: expected[pair] for pair in lasting}
        assert not any(after.met[pair] for pair in after.met if pair not in expected)
        assert {pair: after.trust[pair] for pair in lasting} == {pair: before.trust[pair] for pair in lasting}


def test_trust_is_that_of_the_plain_loops(months):
    for p, luck, before, after in of(months, "trust_phase"):
        trust = plainly.trust_after_contacts(before, p, luck)
        trust = plainly.trust_after_fading(plainly.trust_after_hearsay(trust, before, p), before, p)
        assert trust.keys() == after.trust.keys()
        np.testing.assert_allclose(list(after.trust.values()), list(trust.values()), **TWELVE_DIGITS)


def test_positions_and_consensus_are_those_of_the_plain_loops(months):
    for p, _, before, after in of(months, "deliberate"):
        expected = plainly.positions(before, p)
        for name, someone in after.people.items():
            np.testing.assert_allclose(list(someone.position.values()), list(expected[name].values()), **TWELVE_DIGITS)
        np.testing.assert_allclose(after.state["consensus"], plainly.consensus(after), **TWELVE_DIGITS)


def test_pledges_are_those_of_the_plain_loops(months):
    for p, luck, before, after in of(months, "commit"):
        expected, until = plainly.pledges(before, p, luck), plainly.lapses(before, p, luck)
        autonomy = plainly.autonomies(before, p)
        assert after.state["evidence"] == pytest.approx(plainly.evidence(before), abs=1e-12)
        for name, someone in after.people.items():
            np.testing.assert_allclose(someone.pledge, expected[name], **TWELVE_DIGITS)
            np.testing.assert_allclose(someone.autonomy, autonomy[name], **TWELVE_DIGITS)
            assert someone.lapsed_until == until[name]


def test_expectations_are_those_of_the_plain_loops(files):
    model = CollaborationModel(configuration.scenario("historical", overrides=files), 1).run_until_month(
        month_of("2014-11")
    )
    before = model.world
    model.earlier, model.parameters = model.parameters, model.schedule.at(before.month)
    for phase, _ in MONTH:
        net, model.world = network_of(model.world), phase(model)
        if phase.__name__ == "expect":
            expected = plainly.expectations(net)
            np.testing.assert_allclose(
                model.world.organisations.expected, [expected[n] for n in NAMES], **TWELVE_DIGITS
            )
            assert max(expected.values()) > 0.05


def test_the_ministry_decides_and_members_lose_autonomy_in_one_of_the_settings(files):
    scenario = configuration.scenario("historical_emergent", overrides=files | SETTINGS["ministry decides"])
    world = CollaborationModel(scenario, 1).run_until_month(month_of("2016-02")).world
    assert world.ministry.stage == 3
    assert world.organisations.autonomy[world.organisations.member].max() < 0.9


def test_pledges_lapse_and_are_taken_up_again_in_one_of_the_settings(files):
    scenario, fates = configuration.scenario("historical_emergent", overrides=files | SETTINGS["pledges expire"]), []
    for seed in (1, 2, 3):
        commits = [after for name, *_, after in through_the_months(scenario, seed, "2016-02") if name == "commit"]
        for name in ("Fund", "Works", "Friends"):
            fates.append([after.people[name].pledge > 0.0 for after in commits if after.people[name].member])
    lost = [fate for fate in fates if any(now and not then for now, then in itertools.pairwise(fate))]
    assert len(lost) > 2
    assert any(fate[-1] or any(then and not now for now, then in itertools.pairwise(fate)) for fate in lost)


def test_the_founder_that_has_left_pledges_nothing_and_the_others_still_do(files):
    scenario = configuration.scenario("historical_emergent", overrides=files | SETTINGS["the founder leaves"])
    table = CollaborationModel(scenario, 1).run_until_month(month_of("2016-02")).world.organisations
    pledge = dict(zip(NAMES, table.pledge.tolist(), strict=True))
    assert pledge["Fund"] == 0.0
    assert pledge["Works"] > 0.05
