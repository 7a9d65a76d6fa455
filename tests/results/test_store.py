"""Stores: files are written completely or not at all, identified by content, and collected into one table."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import configuration
from sim.errors import InputError
from sim.results.files import bytes_of, writable, written
from sim.results.identity import identity, sources_hash
from sim.results.parts import content_of, name_of, rows_of
from sim.results.store import Store

ROWS = pd.DataFrame(
    {"scenario": "a", "facilitation": 0.5, "dates": "emergent", "seed": [1, 2], "examinees_2017": [10.0, 11.0]}
)


@pytest.fixture
def store(tmp_path):
    return Store.at(tmp_path / "results" / "sweep")


def test_a_part_that_was_kept_is_there_and_no_other(store):
    assert store.stored_runs(["point"]).runs == [{}]
    path = store.keep("point", ROWS)
    assert path.is_file()
    assert store.stored_runs(["point", "other"]).runs == [{1: 1, 2: 1}, {}]
    pd.testing.assert_frame_equal(pd.read_parquet(path), ROWS)


@pytest.mark.parametrize("remaining", [0, 1, 4, 0.5, 0.9, 0.99])
def test_a_torn_part_is_not_there(store, remaining):
    path = store.keep("point", ROWS)
    content = path.read_bytes()
    path.write_bytes(content[: remaining if isinstance(remaining, int) else int(remaining * len(content))])
    assert (store.stored_runs(["point"]).runs, list(store.stored_runs(["point"]).broken)) == ([{}], [path])
    store.keep("point", ROWS)
    assert (store.stored_runs(["point"]).runs, store.stored_runs(["point"]).broken) == ([{1: 1, 2: 1}], {})


def test_a_part_whose_middle_is_garbage_is_not_there(store):
    path = store.keep("point", pd.concat([ROWS.assign(seed=[2 * n, 2 * n + 1]) for n in range(50)]))
    content = bytearray(path.read_bytes())
    content[8:200] = b"\x00" * 192
    path.write_bytes(bytes(content))
    assert store.stored_runs(["point"]).runs == [{}]


FOREIGN = {
    "no Parquet": (b"scenario,seed\n", "cannot be read"),
    "a table of somebody else": (bytes_of(ROWS, "parquet"), "has no checksum"),
    "another point": (content_of("other", ROWS), "holds another point"),
    "other seeds": (
        content_of("point", ROWS.assign(seed=[1, 3])),
        "holds other seeds than its name has, or one seed twice",
    ),
    "a run twice": (
        content_of("point", ROWS.iloc[[0, 1, 1]]),
        "holds other seeds than its name has, or one seed twice",
    ),
    "no rows": (content_of("point", ROWS.iloc[:0]), "holds no runs"),
    "no columns of runs": (content_of("point", ROWS[["scenario"]]), "holds no runs"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_part_of_this_point_and_these_seeds_is_never_trusted(store, name):
    content, why = FOREIGN[name]
    path = written(store.folder / "parts" / name_of("point", ROWS), content)
    assert store.stored_runs(["point"]).broken == {path: why}
    assert store.stored_runs(["point"]).runs == [{}]
    with pytest.raises(InputError, match="there are no results"):
        designed(store, {"point": 0.5}).collect()


@pytest.mark.parametrize("change", [{"examinees_2017": [10.0, 11.5]}, {"facilitation": 0.6}, {"extra": 1}])
def test_rows_that_somebody_changed_under_the_promise_of_others_are_not_trusted(store, change):
    path = store.keep("point", ROWS)
    promise = pq.read_schema(path).metadata
    pq.write_table(pa.Table.from_pandas(ROWS.assign(**change)).replace_schema_metadata(promise), path)
    assert store.stored_runs(["point"]).broken == {path: "holds other rows than were written"}


def test_parts_without_a_seed_in_common_never_have_the_same_name():
    seeds = [[1, 5], [2, 4], [3], [6, 9], [7, 8]]
    assert len({name_of("point", pd.DataFrame({"seed": each})) for each in seeds}) == len(seeds)


@pytest.mark.heavy
def test_no_bit_of_a_part_can_change_unseen(store):
    path = store.keep("point", ROWS)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        rows = rows_of(path)
        assert rows.empty or rows.equals(ROWS), f"byte {place} changed what is read, and nobody saw"


def test_a_part_is_written_to_another_name_and_renamed(store, monkeypatch):
    seen = []
    rename = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, target: (seen.append((self.name, target.name)), rename(self, target))[1]
    )
    store.keep("point", ROWS)
    ((temporary, final),) = seen
    assert temporary != final
    assert not temporary.endswith(".parquet")
    assert [path.name for path in (store.folder / "parts").iterdir()] == [final]


def test_a_write_that_breaks_off_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    path = written(tmp_path / "part", b"whole")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="part cannot be written: No space left on device") as caught:
        written(path, b"half of it")
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"whole"
    assert [each.name for each in tmp_path.iterdir()] == ["part"]


def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"^the folder .*file/results cannot be written: Not a directory$"):
        Store.at(tmp_path / "file" / "results")
    with pytest.raises(InputError, match=r"^the folder .* cannot be written: it is a file, not a folder$"):
        writable(tmp_path / "file")
    with pytest.raises(InputError, match=r"^the path .* cannot be used: File name too long$"):
        writable(tmp_path / ("long" * 200))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="Permission denied"):
        Store.at(tmp_path / "results")


def test_a_folder_that_is_written_to_holds_no_probe(tmp_path):
    writable(tmp_path / "deep" / "down")
    assert list((tmp_path / "deep" / "down").iterdir()) == []


# Collecting


def designed(store: Store, factors: dict[str, float], first: int = 1, last: int = 4) -> Store:
    """Return the store with a manifest: the facilitation of each identity, and the seeds."""
    design = [{"identity": name, "scenario": "a", "facilitation": value} for name, value in factors.items()]
    store.describe({"design": design, "seeds": [first, last]})
    return store


def test_parts_are_collected_into_one_sorted_table(store):
    later = ROWS.assign(seed=[3, 4])
    store.keep("b", later)
    store.keep("a", ROWS.assign(facilitation=0.9))
    store.keep("b", ROWS[::-1])
    table = designed(store, {"a": 0.9, "b": 0.5}).collect()
    assert list(zip(table["facilitation"], table["seed"], strict=True)) == [
        (0.5, 1),
        (0.5, 2),
        (0.5, 3),
        (0.5, 4),
        (0.9, 1),
        (0.9, 2),
    ]
    pd.testing.assert_frame_equal(pd.read_parquet(store.folder / "table.parquet"), table)


def test_only_the_points_and_seeds_of_the_design_are_collected(store):
    store.keep("a", ROWS)
    store.keep("b", ROWS.assign(facilitation=0.9))
    store.keep("b", ROWS.assign(facilitation=0.9, seed=[3, 4]))
    table = designed(store, {"b": 0.9}, 2, 3).collect()
    assert list(zip(table["facilitation"], table["seed"], strict=True)) == [(0.9, 2), (0.9, 3)]
    assert len(list((store.folder / "parts").iterdir())) == 3


def test_factors_are_those_of_the_design_and_not_those_under_which_a_part_was_kept(store):
    store.keep("a", ROWS.drop(columns="facilitation"))
    store.keep("b", ROWS.assign(ratio=2.0)[["scenario", "facilitation", "ratio", "dates", "seed", "examinees_2017"]])
    table = designed(store, {"a": 0.5, "b": 0.9}).collect()
    assert list(table) == list(ROWS)
    assert table["facilitation"].tolist() == [0.5, 0.5, 0.9, 0.9]


def test_what_another_design_left_is_outdated_and_its_parts_are_not(store):
    designed(store, {"a": 0.5})
    store.keep("a", ROWS)
    store.collect()
    for name in ("page.svg", "page.pdf", "summary.txt", "timing.json", "notes.txt"):
        (store.folder / name).write_text("")
    store.record_failures("a", [{"seed": 3}])
    same = store.manifest()
    assert store.outdated(same) == []
    left = ["3.json", "page.pdf", "page.svg", "summary.txt", "table.parquet", "timing.json"]
    for other in ({"seeds": [1, 5]}, {"design": [*same["design"], {"identity": "b", "scenario": "a"}]}):
        names = sorted(path.name for path in store.outdated(same | other))
        assert [name for name in names if len(name) < 20] == left[1:]
        assert len(names) == len(left)


def test_nothing_is_outdated_where_there_was_no_sweep(store):
    (store.folder / "page.svg").write_text("")
    assert store.outdated({"design": [], "seeds": [1, 2]}) == []


def test_what_was_torn_is_left_out_of_the_table(store):
    store.keep("a", ROWS)
    torn = store.keep("b", ROWS.assign(facilitation=0.9))
    torn.write_bytes(torn.read_bytes()[:50])
    assert set(designed(store, {"a": 0.5, "b": 0.9}).collect()["facilitation"]) == {0.5}


def test_blocks_that_overlap_count_a_seed_once(store):
    store.keep("a", ROWS)
    store.keep("a", ROWS.assign(seed=[2, 3]))
    assert designed(store, {"a": 0.5}).collect()["seed"].tolist() == [1, 2, 3]


def test_the_table_is_the_same_bytes_whatever_the_order_of_writing(tmp_path):
    parts = [("a", ROWS), ("b", ROWS.assign(facilitation=0.9)), ("a", ROWS.assign(seed=[3, 4]))]
    tables = []
    for name, order in (("one", parts), ("other", parts[::-1])):
        store = Store.at(tmp_path / name)
        for part in order:
            store.keep(*part)
        designed(store, {"a": 0.5, "b": 0.9}).collect()
        tables.append((store.folder / "table.parquet").read_bytes())
    assert tables[0] == tables[1]


def test_nothing_to_collect_is_said_in_one_sentence(store):
    with pytest.raises(InputError, match=r"^there are no results in .*sweep$"):
        designed(store, {"a": 0.5}).collect()


# Failures and the manifest


def test_failures_are_kept_until_the_same_points_succeed(store):
    one = [{"facilitation": 0.5, "seed": 2, "traceback": "Traceback ..."}]
    store.record_failures("a", one)
    store.record_failures("c", [])
    assert store.failures() == store.failures_of("a") == [{"identity": "a", **one[0]}]
    assert store.failures_of("b") == []
    store.record_failures("a", [])
    assert store.failures() == []


def test_failures_on_record_from_before_they_named_their_point_are_known_by_their_file(store):
    store.record_failures("a", [{"seed": 2, "traceback": "Traceback ..."}])
    (path,) = (store.folder / "failures").glob("*.json")
    path.write_text('[{"facilitation": 0.5, "seed": 2, "traceback": "Traceback ..."}]')
    assert [failure["seed"] for failure in store.failures_of("a")] == [2]


def test_the_manifest_says_what_made_the_results(store):
    store.describe({"command": "python -m experiments.sweep", "design": [{"identity": "a"}]})
    manifest = json.loads((store.folder / "manifest.json").read_text())
    assert manifest["design"] == [{"identity": "a"}]
    assert manifest["environment"]["model"] == sources_hash()
    assert {"python", "platform", "commit", "packages"} <= set(manifest["environment"])
    assert manifest["environment"]["packages"]["numpy"][0].isdigit()


# Identity


def test_an_identity_is_of_parameters_and_policy_alone():
    scenario = configuration.scenario("historical")
    assert identity(scenario) == identity(configuration.scenario("historical"))
    assert identity(replace(scenario, name="other")) == identity(scenario)
    others = [
        scenario.with_({"backbone.facilitation": 0.7}),
        configuration.scenario("historical", 6),
        configuration.scenario("no_backbone"),
        scenario.with_({"setting.until": "2019-08"}),
        replace(scenario, policy=scenario.policy.without("calendar.crisis")),
    ]
    identities = [identity(each) for each in (scenario, *others)]
    assert len(set(identities)) == len(identities)


def test_a_users_file_with_another_content_is_another_identity(tmp_path):
    path, identities = tmp_path / "organisations.csv", []
    for capacity in (1, 2):
        path.write_text(f"name,kind,capacity\nF,foundation,{capacity}\n")
        identities.append(
            identity(configuration.scenario("historical", overrides={"setting.organisations": str(path)}))
        )
    assert identities[0] != identities[1]


def test_the_hash_of_the_sources_is_of_the_model_alone():
    from sim.results import identity as identities

    assert sources_hash() == sources_hash.__wrapped__()
    root = Path(identities.__file__).parents[1]
    listed = {name for name in identities.MODEL if not (root / name).exists()}
    assert listed == set(), "sources that decide about results and are not there"
    whole = {path.name for path in root.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    others = {
        "__init__.py",
        "analysis",
        "calibration",
        "catalogue.py",
        "commands.py",
        "configuration",
        "dashboard",
        "design",
        "explain",
        "extensions.py",
        "figures",
        "findings",
        "labels.py",
        "old_names",
        "optimisation",
        "progress.py",
        "reports",
        "results",
        "runs",
        "studies",
        "sweeps",
    }
    assert whole - others == {*identities.MODEL, *identities.OUTCOMES}
