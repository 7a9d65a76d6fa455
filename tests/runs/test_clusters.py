"""Studies on real clusters, started on this machine: the same tables as here, and one sentence for what goes wrong.

Dask, two nodes of Ray, and SLURM with one node; `docs/how-to/clusters.md` says what to install. What is missing is skipped.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

import sim
from sim.errors import InputError
from sim.runs.engines import dask_cluster as dask_cluster_module
from sim.runs.engines.options import Engine

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "clusters.md"
STUDIES = ["compare", "attribute", *(["sobol"] if find_spec("SALib") else [])]

pytestmark = [pytest.mark.program, pytest.mark.slow]

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason='Dask is not installed: pip install -e ".[cluster]" -c requirements.lock'
)
needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: pip install -r requirements-ray.txt -c requirements.lock"
)


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "RAY_AUTH_MODE": "disabled"}


def until(true: Callable[[], object], what: str, seconds: float = 400) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"no {what} within {seconds:g} s"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def begun(folder: Path, engine: object, studies: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Small studies in a process of their own, which ends with the block."""
    words = [sys.executable, str(ROOT / "tests" / "runs" / "engine_studies.py"), str(folder), json.dumps(engine)]
    with subprocess.Popen(
        [*words, ",".join(studies)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as study:
        try:
            yield study
        finally:
            study.kill()


@contextmanager
def begun_grid(folder: Path, engine: object) -> Iterator[subprocess.Popen[str]]:
    """A small grid of scenarios of which at least one part is stored."""
    with begun(folder, engine, ["grid"]) as study:
        until(lambda: list((folder / "grid").glob("parts/*")) or study.poll() is not None, "part")
        yield study


def checksums(folder: Path, engine: object, studies: list[str]) -> dict[str, str]:
    """Checksums of studies by name."""
    with begun(folder, engine, studies) as study:
        output, errors = study.communicate(timeout=1500)
    assert study.returncode == 0, errors
    return dict(line.split() for line in output.splitlines())


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> dict[str, str]:
    """Checksums of the studies in one process of this machine."""
    return checksums(tmp_path_factory.mktemp("here"), {"jobs": 1}, [*STUDIES, "grid"])


@contextmanager
def running(*commands: list[str], folder: Path, ready: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Programs that were started elsewhere, each after the one before is ready."""
    programs: list[subprocess.Popen[bytes]] = []
    try:
        for number, words in enumerate(commands):
            log = folder / f"{number}.log"
            with log.open("wb") as output:
                programs.append(subprocess.Popen(words, cwd=folder, env=environment(), stdout=output, stderr=output))
            until(lambda log=log: re.search(ready, log.read_text()), f"start of {words[2]}: {log}")
        yield programs
    finally:
        for program in reversed(programs):
            program.terminate()
        for program in programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=20)
            program.kill()
            program.wait()


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[tuple[dict[str, str], list[subprocess.Popen[bytes]]]]:
    """Yield the engine of a scheduler with workers that were started elsewhere, and the workers."""
    address = f"tcp://127.0.0.1:{(port := free_port())}"
    python = [sys.executable, "-m"]
    scheduler = [
        *python,
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    ]
    worker = [*python, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with running(scheduler, *[worker] * workers, folder=folder, ready=r"Scheduler at|Registered to") as programs:
        yield {"name": "dask", "address": address}, programs[1:]


@contextmanager
def connected(address: str) -> Iterator[dask_cluster_module.DaskWorkers]:
    """The workers of a cluster, with the levels of its loggers set back at the end."""
    levels = {name: logging.getLogger(name).level for name in ("distributed", "distributed.client")}
    try:
        with dask_cluster_module.dask_workers(Engine("dask", address)) as cluster:
            yield cluster
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@needs_dask
def test_two_workers_of_dask_give_the_same_tables(here, tmp_path):
    with dask_cluster(tmp_path) as (engine, workers):
        assert checksums(tmp_path, engine, STUDIES) == {name: here[name] for name in STUDIES}
        assert [worker.poll() for worker in workers] == [None, None]


def test_all_cores_give_the_same_tables(here, tmp_path):
    assert checksums(tmp_path, {}, STUDIES) == {name: here[name] for name in STUDIES}


@needs_dask
@pytest.mark.release
def test_a_calibration_on_dask_is_the_same(tmp_path):
    pytest.importorskip("emcee", reason="needs the extra `calibration`")
    with dask_cluster(tmp_path) as (engine, _):
        assert checksums(tmp_path, engine, ["calibrate"]) == checksums(tmp_path, {"jobs": 1}, ["calibrate"])


def kill_after(tasks: int, engine: dict[str, str], worker: int, record: Path) -> None:
    """Have the scheduler kill a worker's process as soon as so many tasks have ended, and write that down."""
    from distributed import Client, SchedulerPlugin

    class Killer(SchedulerPlugin):
        ended = 0

        def transition(self, key: object, start: str, finish: str, *values: object, **named: object) -> None:
            self.ended += (start, finish) == ("processing", "memory")
            if self.ended == tasks and not record.exists():
                os.kill(worker, signal.SIGKILL)
                record.write_text("killed")

    with Client(engine["address"], set_as_default=False) as client:
        client.register_plugin(Killer(), name="killer")


@needs_dask
@pytest.mark.parametrize("study", [*STUDIES, "grid", "calibrate"])
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(here, tmp_path, study):
    with dask_cluster(tmp_path) as (engine, workers):
        kill_after(2, engine, workers[0].pid, record := tmp_path / "record")
        result = checksums(tmp_path, engine, [study])
        assert record.exists()
        assert workers[0].wait(10) == -signal.SIGKILL
    assert result == ({study: here[study]} if study in here else checksums(tmp_path, {"jobs": 1}, [study]))


@needs_dask
def test_the_last_worker_that_is_lost_ends_the_program_with_a_sentence(tmp_path):
    with dask_cluster(tmp_path, workers=1) as (engine, workers), begun_grid(tmp_path, engine) as study:
        workers[0].kill()
        _, errors = study.communicate(timeout=300)
        assert "no worker of Dask is left" in errors.splitlines()[-1]
        assert list((tmp_path / "grid").glob("parts/*"))


@needs_dask
def test_a_result_whose_worker_is_lost_before_it_is_fetched_ends_with_the_same_sentence(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(dask_cluster_module, "FETCHING", 0.3)
    with dask_cluster(tmp_path, workers=1) as (engine, workers), connected(engine["address"]) as cluster:
        future = cluster.client.submit(bytes, 8, pure=False)
        until(future.done, "result")
        workers[0].kill()
        cluster.patience = 3.0
        with pytest.raises(InputError, match="no worker of Dask is left"):
            cluster._result(future)
    del future
    gc.collect()  # asyncio logs an error that nobody took when its task is deleted
    assert not caplog.records


@needs_dask
def test_an_interruption_keeps_parts_and_leaves_the_workers_free(here, tmp_path):
    with dask_cluster(tmp_path) as (engine, workers), begun_grid(tmp_path, engine) as study:
        study.send_signal(signal.SIGINT)
        _, errors = study.communicate(timeout=120)
        assert "KeyboardInterrupt" in errors.splitlines()[-1]
        assert list((tmp_path / "grid").glob("parts/*"))
        assert [worker.poll() for worker in workers] == [None, None]
        assert checksums(tmp_path, engine, ["compare"]) == {"compare": here["compare"]}


@needs_dask
def test_an_address_without_a_scheduler_is_one_sentence(command_line, monkeypatch):
    monkeypatch.setattr("sim.runs.engines.dask_cluster.PATIENCE", 1.0)
    with pytest.raises(InputError, match="no scheduler of Dask answers at tcp://127"):
        sim.ensemble("historical", 1, engine={"name": "dask", "address": f"tcp://127.0.0.1:{free_port()}"})
    done = command_line("compare", "engine=dask", f"cluster.address=tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: no scheduler of Dask answers")
    assert "Traceback" not in done.stderr


@needs_dask
def test_a_scheduler_without_workers_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.runs.engines.dask_cluster.PATIENCE", 3.0)
    with (
        dask_cluster(tmp_path, workers=0) as (engine, _),
        pytest.raises(InputError, match="has no workers; start some"),
    ):
        sim.ensemble("historical", 1, engine=engine)


@needs_dask
def test_a_worker_with_an_older_model_is_refused(tmp_path):
    older = tmp_path / "older" / "sim"
    older.mkdir(parents=True)
    (older / "__init__.py").write_text("")
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(globals(), "ROOT", older.parent)
        with (
            dask_cluster(tmp_path, workers=1) as (engine, _),
            pytest.raises(InputError, match=r"the model .*of an older form|the model not installed"),
        ):
            sim.ensemble("historical", 1, engine=engine)


@pytest.fixture
def command_line() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program of the project in a process of its own."""

    def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", f"experiments.{program}", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=900, check=False
        )

    return run


# Ray


@needs_ray
def test_two_nodes_of_ray_give_the_same_tables(here, tmp_path):
    head = f"127.0.0.1:{(port := free_port())}"
    start = [
        sys.executable,
        "-m",
        "ray.scripts.scripts",
        "start",
        "--block",
        "--num-cpus=1",
        "--object-store-memory=100000000",
    ]
    with tempfile.TemporaryDirectory(prefix="ray") as folder:
        first = [
            "--head",
            "--node-ip-address=127.0.0.1",
            f"--port={port}",
            f"--temp-dir={folder}",
            "--include-dashboard=false",
        ]
        with running(
            [*start, *first], [*start, f"--address={head}"], folder=tmp_path, ready="Ray runtime started"
        ) as nodes:
            engine = {"name": "ray", "address": head}
            assert checksums(tmp_path, engine, STUDIES) == {name: here[name] for name in STUDIES}
            with begun_grid(tmp_path, engine) as study:
                nodes[1].terminate()
                output, errors = study.communicate(timeout=900)
                assert study.returncode == 0, errors
                assert output.split() == ["grid", here["grid"]]


@needs_ray
def test_an_address_without_a_ray_is_one_sentence():
    with pytest.raises(InputError, match="the Ray cluster at 127"):
        sim.ensemble("historical", 1, engine={"name": "ray", "address": f"127.0.0.1:{free_port()}"})


# SLURM

CONFIGURATION = """ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
KillWait=1
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=debug Nodes={host} Default=YES State=UP
"""


@contextmanager
def daemons(folder: Path) -> Iterator[None]:
    """A SLURM of one node, in a folder."""
    for name in ("state", "spool"):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(secrets.token_bytes(1024))
    (folder / "munge.key").chmod(0o600)
    host = socket.gethostname().partition(".")[0]
    file = folder / "slurm.conf"
    file.write_text(CONFIGURATION.format(host=host, folder=folder, controller=free_port(), daemon=free_port()))
    ends = {"key-file": "key", "socket": "sock", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    try:
        subprocess.run(
            ["munged", "--force", *[f"--{name}={folder}/munge.{end}" for name, end in ends.items()]], check=True
        )
        subprocess.run(["slurmctld", "-f", file], check=True)
        until(lambda: subprocess.run(["scontrol", "ping"], stdout=subprocess.DEVNULL).returncode == 0, "slurmctld")
        subprocess.run(["slurmd", "-f", file], check=True)
        until(lambda: "idle" in subprocess.check_output(["sinfo", "-h", "-o", "%T"], text=True), "idle node")
        yield
    finally:
        for name in ("slurmd", "slurmctld", "munge"):
            if (pid := folder / f"{name}.pid").exists():
                os.kill(int(pid.read_text()), signal.SIGTERM)
                until(lambda pid=pid: not pid.exists(), f"end of {name}")


@pytest.fixture(scope="module")
def slurm() -> Iterator[dict[str, object]]:
    """Yield the engine of a SLURM of this machine."""
    lacking = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if shutil.which(name) is None]
    if find_spec("dask_jobqueue") is None:
        pytest.skip('dask-jobqueue is not installed: pip install -e ".[cluster]" -c requirements.lock')
    if lacking:
        pytest.skip(f"SLURM is not installed ({', '.join(lacking)}): apt-get install slurm-wlm munge")
    if os.geteuid():
        pytest.skip("a SLURM of one's own is started here by root only")
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory(prefix="slurm") as folder:
        patched.setenv("SLURM_CONF", f"{folder}/slurm.conf")
        patched.setenv("PYTHONPATH", str(ROOT))
        with daemons(Path(folder)):
            yield {"name": "slurm", "partition": "debug", "memory": "900MB", "minutes": 20, "workers": 2}


def test_slurm_gives_the_same_tables(here, slurm, tmp_path):
    assert checksums(tmp_path, slurm, ["compare", "sobol"]) == {name: here[name] for name in ("compare", "sobol")}
    until(lambda: not subprocess.check_output(["squeue", "-h"]), "empty queue")


def test_a_partition_that_slurm_does_not_have_is_one_sentence(slurm):
    with pytest.raises(InputError, match="SLURM rejected the jobs: "):
        sim.ensemble("historical", 1, engine=slurm | {"partition": "nowhere"})


# The page


def commands(engine: str, program: str = "compare") -> list[list[str]]:
    """Commands of the page that name an engine and a program, with the Python of this process and quick runs."""
    lines = [
        line for block in re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL) for line in block.splitlines()
    ]
    words = [shlex.split(line) for line in lines if f"engine={engine}" in line and f".{program} " in line]
    quick = ["setting.until=2013-12", "outcomes=[examinees_2013]", "uncertainty=point", "doubling.by=2013"]
    return [[sys.executable, *each[1:], *(quick if program == "compare" else [])] for each in words]


@needs_dask
def test_the_commands_of_the_page_run_on_dask(tmp_path):
    laptop, elsewhere = commands("dask")
    with dask_cluster(tmp_path) as (engine, _):
        completed(laptop, tmp_path / "laptop")
        completed(
            [word.replace("tcp://127.0.0.1:8786", engine["address"]) for word in elsewhere], tmp_path / "elsewhere"
        )


@needs_ray
def test_the_command_of_the_page_runs_on_a_ray_of_this_machine(tmp_path):
    completed(commands("ray")[0], tmp_path)


def test_the_command_of_the_page_runs_on_slurm(slurm, tmp_path):
    (words,) = commands("slurm")
    completed([word.replace("=1GB", "=900MB") for word in words], tmp_path)


@needs_dask
def test_the_command_of_the_page_measures_the_overhead_of_dask(tmp_path):
    (words,) = commands("dask", "benchmark")
    completed(words, tmp_path)
    assert (tmp_path / "overhead.json").exists()


def completed(words: list[str], out: Path) -> None:
    """Run a command of the page with another results folder."""
    words = [f"out={out}" if word.startswith("out=") else word for word in words]
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    assert list(out.iterdir())
