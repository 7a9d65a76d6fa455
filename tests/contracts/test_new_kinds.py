"""A user's kind: registered in one call, it works wherever kinds do, and changes nothing where no organisation is of it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.agents import KIND_CLASSES, Foundation, KindParameters, Organisation
from sim.agents.capabilities import capabilities
from sim.agents.kinds import received_kinds
from sim.agents.owners import SchoolOwner
from sim.agents.roles import Committer, GrantMaker, Member, Provider
from sim.catalogue import kinds
from sim.dates import month_of
from sim.figures import networks, style
from sim.model import CollaborationModel
from sim.outcomes import source_columns
from sim.phases.host import hub_of
from sim.policy import Scenario
from sim.results.identity import identity
from sim.world import forums as f
from sim.world.organisations import KINDS
from sim.world.state import World
from tests.comparing import differing
from tests.house.source import ROOT
from tests.offenders import each_of

UNTIL = {"setting.until": "2014-12", "setting.burn_in": 1}
DEFAULTS = KindParameters(number=0, capacity=0.2, reach=3, joins_at_launch=0.5)
LATER = month_of("2014-10")


class Parents(Committer, Member, Provider):
    """Parents who help in schools."""

    attends = ("third_sector_forum", "round_table")
    funded_by = ("foundation",)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Forget every kind that a test registered."""
    yield
    received_kinds({}, exactly=True)
    Parents.kind = ""


def scenario_with(**numbers: object) -> Scenario:
    values = {f"kinds.{name.replace('__', '.')}": value for name, value in numbers.items()}
    return sim.scenario("historical_emergent", overrides=UNTIL | values)


def world(**numbers: object) -> World:
    return CollaborationModel(scenario_with(**numbers), seed=2).run_until_month(LATER).world


def rows_of_kind(end: World, kind: str = "parents") -> np.ndarray:
    return end.organisations.kind == KINDS.index(kind)


def refused(*arguments: object, **named: object) -> str:
    with pytest.raises(sim.InputError) as mistake:
        sim.register(*arguments, **named)
    return str(mistake.value)


def variant(*roles: type, **attributes: object) -> type[Organisation]:
    return type("Mine", roles, attributes)


@pytest.mark.simulates
def test_nothing_changes_where_nobody_is_of_the_kind() -> None:
    before = world()
    sim.register("parents", Parents, defaults=DEFAULTS)
    assert differing(before, world()) == []


@pytest.mark.simulates
def test_it_joins_pledges_sits_receives_grants_and_delivers() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    end = world(parents__number=20)
    own = rows_of_kind(end)
    assert own.sum() == 20
    table, ledger = end.organisations, end.ledger
    assert 0 < table.member[own].sum() < 20
    assert (table.pledge[own] > 0).any()
    forums = table.forums[own & table.member]
    assert ((forums >> f.THIRD_SECTOR_FORUM) & 1).all()
    assert ((table.forums[own] >> f.ROUND_TABLE) & 1).any()
    assert not ((table.forums[own] >> f.BUSINESS_COALITION) & 1).any()
    assert ledger.delivered[own].sum() > 0
    assert own[end.placements.provider].any()
    np.testing.assert_allclose(ledger.offered, ledger.delivered + ledger.overhead + ledger.unspent + ledger.transit)


def test_grants_go_to_the_kinds_that_name_the_giver() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    sim.register("club", variant(Committer, Member, Provider), defaults=DEFAULTS)
    model = CollaborationModel(scenario_with(parents__number=9, club__number=9), seed=2)
    gives = model.kind("foundation").gives_to(np.arange(len(KINDS)))
    assert [kind for kind, here in zip(KINDS, gives, strict=True) if here] == ["ngo", "academia", "parents"]


@pytest.mark.simulates
def test_a_grant_maker_of_ones_own_hands_its_purse_to_providers() -> None:
    sim.register("lottery", variant(GrantMaker, Committer, Member), defaults=KindParameters(number=2, capacity=9.0))
    sim.register(
        "parents", variant(Member, Provider, funded_by=("lottery",)), defaults=KindParameters(number=9, reach=50.0)
    )
    end = world()
    givers, takers, ledger = rows_of_kind(end, "lottery"), rows_of_kind(end), end.ledger
    assert ledger.delivered[givers].sum() > 0
    assert ledger.offered[takers].sum() == 0
    assert takers[end.placements.provider].any()
    assert not givers[end.placements.provider].any()
    np.testing.assert_allclose(ledger.offered, ledger.delivered + ledger.overhead + ledger.unspent + ledger.transit)


@pytest.mark.simulates
def test_schools_may_belong_to_it_and_it_delivers_in_its_own_only() -> None:
    sim.register("church", variant(Committer, Member, SchoolOwner), defaults=KindParameters(number=5, capacity=1.0))
    end = world(local_authority__number=7)
    assert set(end.schools.authority) == set(range(12))
    placed = rows_of_kind(end, "church")[end.placements.provider]
    rows = np.flatnonzero(rows_of_kind(end, "church"))
    owner = end.schools.authority[end.placements.school[placed]]
    assert placed.any()
    np.testing.assert_array_equal(owner, 7 + end.placements.provider[placed] - rows[0])


@pytest.mark.simulates
def test_who_may_not_join_never_does() -> None:
    sim.register("press", variant(Committer, Member, Provider, may_join=False), defaults=KindParameters(number=6))
    end = world()
    own = rows_of_kind(end, "press")
    assert not end.organisations.eligible[own].any()
    assert not end.organisations.member[own].any()
    run = sim.simulate(scenario_with(), seed=1)
    with pytest.raises(sim.InputError, match="may never join: `may_join` of its class is false"):
        run.why("joining", who="press 1")


@pytest.mark.simulates
def test_without_a_backbone_a_kind_of_ones_own_is_not_taken_for_it() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    model = CollaborationModel(scenario_with(parents__number=4, backbone__number=0), seed=2)
    assert hub_of(model) == len(model.world.organisations)
    model.run_until_month(LATER)


@pytest.mark.simulates
def test_everything_that_lists_kinds_lists_it() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    assert KINDS[7] == "parents"
    assert kinds()[-1] == "parents"
    assert "offered/parents" in source_columns()
    assert sim.assumptions().query("name == 'kinds.parents.capacity'")["default"].item() == 0.2
    colour, mark = networks.kind_look("parents")
    assert (colour, mark) not in [networks.kind_look(kind) for kind in networks.COLOURS]
    assert colour != style.QUIET
    run = sim.simulate(scenario_with(parents__number=3), seed=1)
    assert [data["kind"] for _, data in run.network().nodes(data=True)].count("parents") == 3
    assert run.organisations["kind"].tolist().count("parents") == 3
    assert run.plot.network().figure
    assert "parents 2" in run.because("joining", who="parents 2")


@pytest.mark.program
@pytest.mark.simulates
def test_other_processes_know_it_and_give_the_same() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    one, two = (sim.ensemble(scenario_with(parents__number=12), 2, jobs=jobs, progress=False).frame for jobs in (1, 2))
    assert one["delivered/parents"].gt(0).all()
    assert one.equals(two)


def test_copies_and_pickles_keep_it() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    scenario = scenario_with(parents__number=12)
    for other in (copy.deepcopy(scenario), pickle.loads(pickle.dumps(scenario))):
        assert other.parameters == scenario.parameters
        assert identity(other) == identity(scenario)


@pytest.mark.program
def test_another_process_learns_of_it_from_a_pickle(tmp_path: Path) -> None:
    (tmp_path / "parents.py").write_text(
        "from sim.agents.roles import Member, Provider\nclass Parents(Member, Provider):\n    pass\n"
    )
    begin = "import pickle, sys; sys.path.insert(0, '.'); "
    write = "import sim, parents; from sim.agents import KindParameters; " + (
        "sim.register('parents', parents.Parents, defaults=KindParameters(number=3)); "
        "open('case', 'wb').write(pickle.dumps(sim.scenario('historical')))"
    )
    read = (
        "case = pickle.load(open('case', 'rb')); from sim.world.organisations import KINDS; "
        "print(KINDS[-1], case.parameters['kinds.parents.number'])"
    )
    for program in (write, read):
        typed, env = [sys.executable, "-c", begin + program], {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(typed, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert done.stdout == "parents 3\n"


def test_the_identity_of_results_holds_the_kind_its_parameters_and_its_class() -> None:
    plain = identity(scenario_with())
    identities = [plain]
    for decider, defaults in (
        (variant(Member, Provider), KindParameters()),
        (variant(Member, Provider), KindParameters(number=1)),
        (variant(Member, Provider, attends=("round_table",)), KindParameters()),
        (variant(Member, Provider, knowledge_of_others=lambda self: 0.1), KindParameters()),
        (variant(Member, Provider, knowledge_of_others=lambda self: 0.2), KindParameters()),
    ):
        sim.register("parents", decider, defaults=defaults)
        identities.append(identity(scenario_with()))
    assert len(set(identities)) == 6
    received_kinds({}, exactly=True)
    assert identity(scenario_with()) == plain


@pytest.mark.simulates
def test_a_scenario_made_earlier_has_nobody_of_the_kind() -> None:
    before = scenario_with()
    sim.register("parents", Parents, defaults=KindParameters(number=9))
    assert not rows_of_kind(CollaborationModel(before, seed=2).world).any()
    assert not rows_of_kind(sim.simulate(before, seed=2).world).any()
    assert rows_of_kind(CollaborationModel(scenario_with(), seed=2).world).sum() == 9
    assert rows_of_kind(CollaborationModel(before.with_({"kinds.parents.number": 4}), seed=2).world).sum() == 4


@pytest.mark.simulates
def test_a_model_made_earlier_goes_on_as_it_is() -> None:
    before = CollaborationModel(scenario_with(), seed=2)
    sim.register("parents", Parents, defaults=KindParameters(number=9))
    after = before.run_until_month(LATER).world
    received_kinds({}, exactly=True)
    assert differing(after, world()) == []


@pytest.mark.simulates
def test_an_organisation_file_may_have_the_kind(tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("name,kind,capacity,founder\nFund,foundation,8,true\nNorth,Parents,0.3,true\nCoast,parents,0.1,\n")
    with pytest.raises(sim.InputError, match="'Parents' is not known"):
        sim.scenario("historical_emergent", overrides=UNTIL | {"setting.organisations": str(file)})
    sim.register("parents", Parents, defaults=DEFAULTS)
    run = sim.simulate(
        sim.scenario("historical_emergent", overrides=UNTIL | {"setting.organisations": str(file)}), seed=1
    )
    assert run.organisations.set_index("name")["kind"].to_dict() | {} == {
        "ministry": "ministry", "Fund": "foundation", "backbone": "backbone", "Coast": "parents", "North": "parents",
    }  # fmt: skip
    assert rows_of_kind(run.world)[run.world.organisations.founder].any()
    assert "parents 2" in sim.check(file)


@pytest.mark.simulates
def test_a_class_for_one_run_may_take_its_place() -> None:
    sim.register("parents", Parents, defaults=KindParameters(number=9))
    none = variant(Parents, next_pledge=lambda self: 0.0)
    end = CollaborationModel(scenario_with(), 2, kinds={"parents": none}).run_until_month(LATER).world
    assert not end.organisations.pledge[rows_of_kind(end)].any()
    owner = variant(Parents, owns_schools=True)
    with pytest.raises(sim.InputError, match="cannot differ from that of parents, since the world is built by it"):
        CollaborationModel(scenario_with(), 2, kinds={"parents": owner})


def test_registered_again_class_and_defaults_are_replaced() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    other = variant(Member, Provider)
    assert sim.register("parents", other, defaults=KindParameters(number=3)) is other
    assert len(KINDS) == 8
    assert CollaborationModel(scenario_with(), 2).kinds["parents"] is other
    assert rows_of_kind(CollaborationModel(scenario_with(), 2).world).sum() == 3


class Patient(Foundation):
    """Loses no trust by a bad contact."""

    def trust_loss(self) -> float:
        """Nothing."""
        return 0.0


class Suspicious(Foundation):
    """Wins no trust by a good contact."""

    def trust_gain(self) -> float:
        """Nothing."""
        return 0.0


@pytest.mark.simulates
@pytest.mark.parametrize("rule", ["asymmetric", "constant"])
def test_organisations_decide_how_strongly_they_react_to_contacts(rule: str) -> None:
    scenario = sim.scenario(
        "historical_emergent", overrides=UNTIL | {"trust.rule": rule, "trust.fading": 0.0, "trust.hearsay": 0.0}
    )
    plain, patient, suspicious = (
        CollaborationModel(scenario, 2, kinds=deciding).run_until_month(month_of("2013-09")).world
        for deciding in (None, {"foundation": Patient}, {"foundation": Suspicious})
    )
    trusts = plain.organisations.kind[plain.ties.source] == KINDS.index("foundation")
    first = [end.ties.trust[: len(plain.ties)] for end in (plain, patient, suspicious)]
    assert len({len(end.ties) for end in (plain, patient, suspicious)}) == 1
    np.testing.assert_array_equal(first[1][~trusts], first[0][~trusts])
    changed = (first[1][trusts] > first[0][trusts]).any() and (first[2][trusts] < first[0][trusts]).any()
    assert changed == (rule == "asymmetric")
    assert (first[1] >= first[0]).all()
    assert (first[2] <= first[0]).all()


def test_the_capabilities_of_the_model_are_those_that_phases_had_by_name() -> None:
    able = capabilities(CollaborationModel(scenario_with(), 2))
    assert [kind for kind, here in zip(KINDS, able.gives, strict=True) if here] == ["foundation"]
    assert [kind for kind, here in zip(KINDS, able.owns, strict=True) if here] == ["local_authority"]
    assert [kind for kind, bits in zip(KINDS, able.forums, strict=True) if bits >> f.ROUND_TABLE & 1] == [
        "foundation", "business", "ngo",
    ]  # fmt: skip
    assert [kind for kind, here in zip(KINDS, KINDS.having("may_join"), strict=True) if not here] == [
        "ministry",
        "backbone",
    ]


@each_of(
    ("name", "decider", "defaults", "sentence"),
    [
        ("ngo", Parents, DEFAULTS, "the name `ngo` is taken; choose another name for your kind"),
        ("school", Parents, DEFAULTS, "the name `school` is taken; choose another name for your kind"),
        ("Parents", Parents, DEFAULTS, "the name of a kind must be a word of lower-case letters, for example"),
        ("a b", Parents, DEFAULTS, "the name of a kind must be a word of lower-case letters"),
        ("class", Parents, DEFAULTS, "the name of a kind must be a word of lower-case letters"),
        (7, Parents, DEFAULTS, "the name of a kind must be a word of lower-case letters"),
        ("club", None, DEFAULTS, "a class that decides for club must be made of roles of `sim.agents.roles`, `Member` among"),
        ("club", Organisation, DEFAULTS, "a class that decides for club must be made of roles"),
        ("club", Provider, DEFAULTS, "a class that decides for club must be made of roles"),
        ("club", Member, DEFAULTS, "`Member` decides for another kind; write a class of your own for club"),
        ("club", variant(Foundation), DEFAULTS, "`Mine` decides for another kind; write a class of your own for club"),
        ("club", variant(Committer, Member), DEFAULTS, "`Mine` sets money aside and does not spend it; add the role"),
        ("club", variant(Member, delivers=True), DEFAULTS, "`Mine.delivers` does not match the roles of the class"),
        ("club", variant(Member, gives_grants=True), DEFAULTS, "`Mine.gives_grants` does not match the roles of the class"),
        ("club", variant(Member, funded_by=("foundation",)), DEFAULTS, "`Mine` is funded by foundation and delivers nothing"),
        ("club", variant(Member, Provider, funded_by=("ngo",)), DEFAULTS, "`Mine.funded_by` names ngo, which gives no grants"),
        ("club", variant(Member, funded_by=("fund",)), DEFAULTS, "`Mine.funded_by` names 'fund', which does not exist; "),
        ("club", variant(Member, attends=("plenun",)), DEFAULTS, "`Mine.attends` names 'plenun', which does not exist; did"),
        ("club", variant(Member, attends="plenum"), DEFAULTS, "`Mine.attends` must be a tuple of names; got 'plenum'"),
        ("club", variant(Member, chance_of_leavin=lambda self: 0), DEFAULTS, "the model never calls `Mine.chance_of_leavin`;"),
        ("club", variant(Member), None, "`defaults` of club must be `sim.agents.KindParameters(number=..., ...)`; got None"),
        ("club", variant(Member), KindParameters(number=-1), "`kinds.club.number` must lie between 0 and 100000"),
        ("club", variant(Member), KindParameters(capacity="x"), "`kinds.club.capacity` must be a number; got 'x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_registered_is_said_in_one_sentence(
    name: str, decider: type, defaults: KindParameters, sentence: str
) -> None:
    message = refused(name, decider, defaults=defaults)
    assert message.startswith(sentence)
    assert "\n" not in message
    assert len(KINDS) == len(KIND_CLASSES) == 7


@pytest.mark.simulates
def test_a_kind_without_means_runs() -> None:
    sim.register("club", variant(Committer, Member, Provider), defaults=KindParameters(number=5, capacity=0.0))
    end = world()
    assert end.organisations.capacity[rows_of_kind(end, "club")].tolist() == [0.0] * 5


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("kinds.parents.number", ": `parents` is not a kind; register a kind of your own first, with `sim.register` in Python "
                                 "or in a file that `load=FILE.py` names"),
        ("kinds.parents", ": `parents` is not a kind; register a kind of your own first, with `sim.register` in Python "
                          "or in a file that `load=FILE.py` names"),
        ("kinds.foundatoin.number", "; did you mean `kinds.foundation.number`?"),
        ("kinds.ngo.capacty", "; did you mean `kinds.ngo.capacity`?"),
    ],
)  # fmt: skip
def test_a_key_of_a_kind_that_nobody_registered_says_so(key: str, hint: str) -> None:
    with pytest.raises(sim.InputError) as mistake:
        sim.scenario("historical", overrides={key: 3})
    assert str(mistake.value) == f"unknown key `{key}`{hint}"


@pytest.mark.simulates
def test_the_legend_of_years_has_the_sectors_in_one_row() -> None:
    sim.register("parents", Parents, defaults=DEFAULTS)
    run = sim.simulate(scenario_with(parents__number=9), seed=1)
    legend = run.plot.networks().legends[0]
    assert "parents" in [text.get_text() for text in legend.get_texts()]
    assert legend._ncols >= len(legend.get_texts())


def test_whole_numbers_among_the_defaults_stay_numbers() -> None:
    sim.register("club", variant(Member, Provider), defaults=KindParameters(number=2.0, capacity=1))
    assert scenario_with(club__capacity=0.5).parameters["kinds.club.capacity"] == 0.5
    assert rows_of_kind(CollaborationModel(scenario_with(), 2).world, "club").sum() == 2


@pytest.mark.simulates
def test_results_with_a_kind_that_is_not_registered_here_say_so(tmp_path: Path) -> None:
    options = {"seeds": 1, "timing": [0], "levers": {"backbone.facilitation": [0.2, 0.8]}, "overrides": UNTIL,
             "doubling": {"by": 2014}, "jobs": 1, "progress": False, "out": tmp_path / "out"}  # fmt: skip
    sim.register("parents", Parents, defaults=KindParameters(number=5, capacity=0.2, reach=3.0))
    sim.sweep("grid", **options)
    received_kinds({}, exactly=True)
    with pytest.raises(sim.InputError, match="made with the kind `parents`, which is not registered here") as mistake:
        sim.sweep("grid", **options)
    assert "`load=FILE.py` names its file" in str(mistake.value)
