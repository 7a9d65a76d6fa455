"""The engine interface: options are checked, tasks travel whole, and every form of workers gives the same results."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from joblib import parallel_config

import sim
from sim.errors import InputError
from sim.runs.engines import current, options, packing
from sim.runs.engines.current import on_engine, opened, workers
from sim.runs.engines.options import Engine, engine_of
from sim.runs.engines.packing import in_program, packed, run_packed, unpacked
from sim.runs.engines.versions import PROCESSOR, probe, require_equal, versions
from sim.runs.parallel import map_tasks, processes, results_as_they_end
from sim.tables.paths import expanded_path, received_files


class Reversed:
    """Workers in this process that run every task, and return the last one first."""

    number = 3

    def __init__(self) -> None:
        self.tasks = 0

    def map(self, tasks: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
        done = [(number, run_packed(task)) for number, task in enumerate(tasks)]
        self.tasks += len(done)
        return iter(done[::-1])

    def on_each_machine(self, task: bytes) -> list[bytes]:
        return [run_packed(task)]


@pytest.fixture
def elsewhere(monkeypatch):
    """A process of another name, as a worker is; nothing that it received stays."""
    before = packing._HOME

    def moved() -> None:
        monkeypatch.setattr(packing, "_HOME", "worker")

    yield moved
    monkeypatch.setattr(packing, "_HOME", before)
    received_files({})


def squared(number: int) -> int:
    if number < 0:
        raise InputError(f"{number} is negative")
    return number**2


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("daks", "`engine` must be one of dask, ray, slurm, "),
        ("dsk", "; got 'dsk'; did you mean `dask`?"),
        (5, "must be a name, a mapping"),
        ({"workers": 2}, "`cluster.workers` needs an engine"),
        ({"addressx": "x"}, "unknown option 'addressx' of `engine`; did you mean `address`"),
        ({"name": "threading", "workers": 2}, "`engine=threading` does not take `cluster.workers`"),
        ({"name": "dask", "partition": "short"}, "`engine=dask` does not take `cluster.partition`"),
        ({"name": "dask", "workers": 0}, "`cluster.workers` must be a whole number from 1"),
        ({"name": "dask", "address": 5}, "`cluster.address` must be text"),
        ({"name": "dask", "address": "tcp://a:1", "workers": 2}, "leave it out with `cluster.address`"),
        ({"name": "slurm", "directives": "--qos=x"}, "`cluster.directives` must be a list"),
    ],
)
def test_a_wrong_engine_is_one_sentence(value, message, monkeypatch):
    monkeypatch.setattr(options, "find_spec", lambda name: True)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    with pytest.raises(InputError, match=None) as caught:
        engine_of(value)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["dask", "ray", "slurm"])
def test_an_engine_that_is_not_installed_is_refused_with_what_to_install(name, monkeypatch):
    monkeypatch.setattr(options, "find_spec", lambda package: None)
    with pytest.raises(InputError, match=rf"`engine={name}` needs the package \w+; install it with `pip install "):
        engine_of(name)


def test_slurm_without_its_commands_is_refused(monkeypatch):
    monkeypatch.setattr(options, "find_spec", lambda package: True)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="needs the command `sbatch`"):
        engine_of("slurm")


def test_no_engine_is_this_machine():
    assert engine_of(None) is engine_of({}) is engine_of({"name": None, "workers": None, "directives": []}) is None


def test_every_function_with_jobs_takes_an_engine():
    from inspect import signature

    takes = {name for name in sim.__all__ if callable(getattr(sim, name)) and not isinstance(getattr(sim, name), type)}
    parameters = {name: signature(getattr(sim, name)).parameters for name in takes}
    assert [name for name in sorted(takes) if ("jobs" in parameters[name]) != ("engine" in parameters[name])] == []


@pytest.mark.parametrize("engine", ["sequential", "threading"])
def test_a_backend_of_joblib_gives_the_same_results(engine):
    with opened(Engine(engine)):
        assert map_tasks(squared, [(k,) for k in range(5)], 2, label=None) == [0, 1, 4, 9, 16]
        assert workers() is None


def test_the_users_own_choice_of_a_backend_holds():
    with parallel_config(backend="threading"):
        assert sorted(results_as_they_end(squared, [(2,), (3,)], 2)) == [4, 9]


def test_results_keep_the_order_of_their_tasks_and_none_is_lost():
    cluster = Reversed()
    with current._used(cluster):
        assert processes(None) == 3
        assert map_tasks(squared, [(k,) for k in range(5)], None, label=None) == [0, 1, 4, 9, 16]
        assert list(results_as_they_end(squared, [(2,), (3,)], 1)) == [9, 4]
        assert map_tasks(partial(squared), [(7,)], 1, label=None, here=True) == [49]
    assert cluster.tasks == 7


def test_a_function_opens_its_engine_and_does_not_see_it():
    @on_engine
    def study(engine: object = None) -> tuple[object, list[int]]:
        return engine, map_tasks(squared, [(3,)], 1, label=None)

    assert study(engine="sequential") == (None, [9])


def test_an_error_of_a_worker_reaches_the_program():
    with pytest.raises(InputError, match="-1 is negative"):
        unpacked(run_packed(packed(squared, (-1,))))
    with pytest.raises(packing.WorkerError, match="TypeError: ") as caught:
        unpacked(run_packed(packed(squared, ("x",))))
    assert "squared" in caught.value.__notes__[0]


def leave(path: Path) -> bool:
    in_program(Path.touch, path)
    return path.exists()


def test_the_program_alone_writes(tmp_path):
    path = tmp_path / "failed"
    result = run_packed(packed(leave, (path,)))
    assert not path.exists()
    assert unpacked(result) is False
    assert path.exists()
    assert leave(tmp_path / "here")


def contents(scenario: sim.Scenario) -> str:
    return expanded_path(str(scenario.parameters["setting.organisations"])).read_text()


def test_a_users_file_travels_with_its_scenario(tmp_path, elsewhere, monkeypatch):
    text = "name,kind,capacity\nF,foundation,1\n"
    (tmp_path / "mine.csv").write_text(text)
    monkeypatch.chdir(tmp_path)
    task = packed(contents, (sim.scenario("historical", overrides={"setting.organisations": "mine.csv"}),))
    (tmp_path / "mine.csv").unlink()
    elsewhere()
    assert unpacked(run_packed(task)) == text


def test_a_worker_of_another_version_is_refused_with_both_versions(elsewhere, monkeypatch):
    task = packed(squared, (1,))
    elsewhere()
    monkeypatch.setattr(packing, "versions", lambda: versions() | {"numpy": "1.0"})
    with pytest.raises(
        InputError, match=r"has numpy 1\.0, and this program has numpy [\d.]+; install the same"
    ) as caught:
        unpacked(run_packed(task))
    assert "the worker " in str(caught.value)


def test_other_processors_are_refused_unless_they_compile_for_one_target(monkeypatch):
    with pytest.raises(InputError, match="NUMBA_CPU_NAME=generic"):
        require_equal("w", versions() | {PROCESSOR: "old"}, versions())
    monkeypatch.delenv("SIM_COMPILER", raising=False)
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    assert versions()[PROCESSOR] == "generic"


def test_a_worker_without_the_model_reports_it(monkeypatch):
    assert probe()() == versions()
    monkeypatch.setattr("importlib.import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    assert "the model" in probe()()


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install -r requirements-ray.txt")
def test_ray_that_is_not_connected_is_refused():
    import ray

    with pytest.raises(InputError, match=r"call `ray.init\(\)`"):
        engine_of(ray)


@pytest.mark.parametrize("address", ["somewhere", "somewhere:", ":6379", "ray://somewhere"])
def test_an_address_of_ray_without_host_or_port_is_refused(address):
    from sim.runs.engines.ray_cluster import host_and_port

    with pytest.raises(InputError, match="HOST:PORT"):
        host_and_port(address)
