"""A sweep on a cluster: the same bytes as on one machine, and one sentence for what goes wrong.

The clusters are real and start here: two nodes of Ray, and SLURM with one node. Both are left out where they are not
installed; docs/how-to/clusters.md says what to install.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from experiments.launchers import Job, check_launcher, jobs_of
from experiments.launchers import design as launching
from experiments.launchers.ray_jobs import host_and_port, job_errors
from omegaconf import OmegaConf

from sim.configuration import scenario
from sim.design.points import Point
from sim.errors import InputError
from sim.results.store import Store
from sim.sweeps.options import SweepOptions
from sim.sweeps.stored_sweep import StoredSweep
from tests.examples.conftest import ROOT

SMALL = (
    "seeds=2",
    "setting.until=2013-12",
    "backbone.facilitation=0,0.8",
    "timing=0,12",
    "reference_facilitation=null",
    "doubling.by=2013",
)
LONG = ("seeds=200", "block=1", "setting.until=2013-12", "backbone.facilitation=0,0.8", "timing=0",
        "reference_facilitation=null", "doubling.by=2013")  # fmt: skip


def table(folder: Path) -> str:
    """The checksum of a sweep's table."""
    return hashlib.sha256((folder / "table.parquet").read_bytes()).hexdigest()


def until(true: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"no {what} within {seconds:g} s"
        time.sleep(0.2)


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def begun(*arguments: str) -> subprocess.Popen[str]:
    """A sweep in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.sweep", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def on_one_machine(command, tmp_path_factory) -> str:
    """The checksum of the table that one process after the other makes."""
    folder = tmp_path_factory.mktemp("basic")
    done = command("sweep", *SMALL, "hydra/launcher=basic", f"out={folder}")
    assert done.returncode == 0, done.stderr
    return table(folder)


@contextmanager
def started(*commands: list[str], log: Path) -> Iterator[None]:
    """Programs that run on, one after the other, until they are not needed any more."""
    running = []
    try:
        for command in commands:
            with log.open("ab") as output:
                running.append(subprocess.Popen(command, cwd="/", stdout=output, stderr=output))
            before = log.read_text().count("Ray runtime started")
            until(lambda b=before: log.read_text().count("Ray runtime started") > b, "node of Ray")
        yield
    finally:
        for program in reversed(running):
            program.terminate()
        for program in running:
            program.wait(timeout=60)


@pytest.fixture(scope="module")
def ray() -> Iterator[list[str]]:
    """Yield the options of a sweep on two nodes of Ray, a head and a worker, each with one core."""
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed: pip install -r requirements-ray.txt -c requirements.lock")
    head = f"127.0.0.1:{free_port()}"
    start = [
        sys.executable,
        "-m",
        "ray.scripts.scripts",
        "start",
        "--block",
        "--num-cpus=1",
        "--object-store-memory=100000000",
    ]
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory(prefix="ray") as folder:
        patched.setenv("RAY_AUTH_MODE", "disabled")
        patched.setenv("RAY_USAGE_STATS_ENABLED", "0")
        nodes = (
            [*start, "--head", "--node-ip-address=127.0.0.1", f"--port={head.rpartition(':')[2]}", f"--temp-dir={folder}",
             "--include-dashboard=false"],
            [*start, f"--address={head}"],
        )  # fmt: skip
        with started(*nodes, log=Path(folder) / "nodes.log"):
            yield ["hydra/launcher=ray", f"hydra.launcher.address={head}"]


SLURM = """ClusterName=one
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
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
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
    conf = folder / "slurm.conf"
    conf.write_text(SLURM.format(host=host, folder=folder, controller=free_port(), daemon=free_port()))
    ends = {"key-file": "key", "socket": "sock", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    try:
        subprocess.run(
            ["munged", "--force", *[f"--{name}={folder}/munge.{end}" for name, end in ends.items()]], check=True
        )
        subprocess.run(["slurmctld", "-f", conf], check=True)
        until(lambda: subprocess.run(["scontrol", "ping"], stdout=subprocess.DEVNULL).returncode == 0, "slurmctld")
        subprocess.run(["slurmd", "-f", conf], check=True)
        until(lambda: "idle" in subprocess.check_output(["sinfo", "-h", "-o", "%T"], text=True), "idle node")
        yield
    finally:
        for name in ("slurmd", "slurmctld", "munge"):
            if (pid := folder / f"{name}.pid").exists():
                os.kill(int(pid.read_text()), signal.SIGTERM)
                until(lambda pid=pid: not pid.exists(), f"end of {name}")


@pytest.fixture(scope="module")
def slurm() -> Iterator[list[str]]:
    """Yield the options of a sweep on a SLURM of this machine."""
    lacking = [name for name in ("munged", "slurmctld", "slurmd", "sbatch", "srun") if shutil.which(name) is None]
    if find_spec("submitit") is None:
        pytest.skip('submitit is not installed: pip install -e ".[slurm]" -c requirements.lock')
    if lacking:
        pytest.skip(f"SLURM is not installed ({', '.join(lacking)}): apt-get install slurm-wlm munge")
    if os.geteuid():
        pytest.skip("a SLURM of one's own is started here by root only")
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory(prefix="slurm") as folder:
        patched.setenv("SLURM_CONF", f"{folder}/slurm.conf")
        with daemons(Path(folder)):
            yield ["hydra/launcher=submitit_slurm", "hydra.launcher.partition=debug", "hydra.launcher.timeout_min=5"]


@pytest.mark.program
@pytest.mark.release
def test_two_nodes_of_ray_give_the_same_table(command, ray, on_one_machine, tmp_path):
    done = command("sweep", *SMALL, *ray, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert table(tmp_path) == on_one_machine
    assert "4 points on 2 nodes" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.program
@pytest.mark.release
def test_slurm_gives_the_same_table(command, slurm, on_one_machine, tmp_path):
    done = command("sweep", *SMALL, *slurm, f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert table(tmp_path) == on_one_machine
    assert len(list((tmp_path / ".submitit").glob("*_*/*_result.pkl"))) == 4


def swept(folder: Path) -> StoredSweep:
    """A sweep of two points of which none has run."""
    scenarios = [scenario("historical_emergent", overrides={"backbone.facilitation": value}) for value in (0.2, 0.8)]
    points = [
        Point({"backbone.facilitation": scenario.parameters["backbone.facilitation"]}, scenario)
        for scenario in scenarios
    ]
    return StoredSweep(SweepOptions(seeds=1, block=1), points, Store.at(folder))


@pytest.mark.parametrize(("why", "failed", "message"), [("", 0, 2), ("killed", 0, 2), ("killed", 1, 2), ("", 1, 0)])
def test_points_without_their_parts_are_told_unless_their_runs_failed(
    tmp_path, capsys, monkeypatch, why, failed, message
):
    monkeypatch.setattr(launching, "CLUSTER_ERRORS", {0: why, 1: why})
    assert launching.report_incomplete(swept(tmp_path), failed) == message
    printed = capsys.readouterr().err
    assert printed.count(f"=0.2: {why or 'this machine does not see the folder of its parts'}") == message // 2


def test_points_with_all_their_parts_are_complete_however_their_jobs_ended(tmp_path, monkeypatch):
    sweep = swept(tmp_path)
    monkeypatch.setattr(launching, "CLUSTER_ERRORS", {0: "killed"})
    sweep.store.keep(sweep.names[0], pd.DataFrame({"dates": ["emergent"], "seed": [1]}))
    assert launching.report_incomplete(sweep, 0) == 0


def test_relative_paths_mean_the_same_on_every_node(tmp_path):
    seen = []
    Path(tmp_path / "below").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path)
        assert Job(lambda _: seen.append(Path.cwd()), {"jobs": None}, str(tmp_path / "below"))() == ""
    assert seen == [tmp_path / "below"]


def test_what_goes_wrong_on_a_node_is_a_line_and_no_exception(tmp_path):
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path)
        assert Job(print, {"jobs": None}, "/nowhere")().startswith("FileNotFoundError: ")
        assert "division by zero" in Job(lambda _: 1 / 0, {"jobs": None}, ".")()


def test_a_job_takes_one_core_unless_more_are_asked_for():
    assert [Job(print, {"jobs": jobs}, ".").cores for jobs in (None, 1, 4)] == [1, 1, 4]


@pytest.mark.parametrize("name", ["ray", "submitit_slurm"])
def test_a_launcher_that_is_not_installed_is_refused_with_what_to_install(name, monkeypatch):
    monkeypatch.setattr("experiments.launchers.find_spec", lambda package: None)
    with pytest.raises(
        InputError, match=rf"`hydra/launcher={name}` needs the package \w+; install it with `pip install "
    ):
        check_launcher(name)


def test_slurm_without_its_commands_is_refused(monkeypatch):
    monkeypatch.setattr("experiments.launchers.find_spec", lambda package: True)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="no `sbatch` and `srun` on PATH"):
        check_launcher("submitit_slurm")


@pytest.mark.parametrize("address", ["somewhere", "somewhere:", ":6379", "ray://somewhere"])
def test_an_address_of_ray_that_is_none_is_refused(address):
    with pytest.raises(InputError, match="HOST:PORT"):
        host_and_port(address)


@pytest.mark.program
@pytest.mark.release
def test_a_ray_that_nobody_answers_for_is_one_sentence(command, tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-ray.txt -c requirements.lock")
    address = f"hydra.launcher.address=127.0.0.1:{free_port()}"
    done = command("sweep", *SMALL, "hydra/launcher=ray", address, f"out={tmp_path}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: the Ray cluster at 127.0.0.1:")
    assert "Traceback" not in done.stderr


@pytest.mark.program
@pytest.mark.release
def test_what_slurm_does_not_take_is_one_sentence(command, slurm, tmp_path):
    done = command("sweep", *SMALL, slurm[0], "hydra.launcher.partition=nowhere", f"out={tmp_path}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: SLURM rejected the sweep: ")
    assert "Traceback" not in done.stderr


@pytest.mark.program
@pytest.mark.release
def test_a_job_that_slurm_kills_is_told_and_stops_no_other(slurm, tmp_path):
    sweep = begun(*LONG, *slurm, f"out={tmp_path}")
    until(lambda: len(list((tmp_path / "parts").glob("*.parquet"))) > 3, "part")
    killed = sorted(subprocess.check_output(["squeue", "-h", "--array", "-o", "%i"], text=True).split())[-1]
    subprocess.run(["scancel", killed], check=True)
    _, errors = sweep.communicate(timeout=240)
    assert sweep.returncode == 1
    assert "not complete: backbone.facilitation=0.8, timing=0: SLURM ended job " in errors
    assert "the same command resumes the sweep" in errors.splitlines()[-1]
    assert len(list((tmp_path / "parts").glob("*.parquet"))) > 200


def ends(point):
    """A task whose process may be killed."""
    if point.killed:
        os._exit(9)


@pytest.mark.program
@pytest.mark.release
def test_a_job_whose_process_is_killed_on_a_node_of_ray_stops_no_other(ray, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "")
    jobs = jobs_of(ends, [OmegaConf.create({"jobs": None, "killed": killed}) for killed in (False, True, False)])
    first, second, third = job_errors(jobs, ray[1].partition("=")[2])
    assert (first, third) == ("", "")
    assert second.startswith("WorkerCrashedError: ")


@pytest.mark.program
@pytest.mark.release
def test_more_cores_than_a_node_of_ray_has_are_one_sentence(ray, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "")
    with pytest.raises(InputError, match=r"takes 2 cores .* has more than 1"):
        job_errors(jobs_of(ends, [OmegaConf.create({"jobs": 2})]), ray[1].partition("=")[2])


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("cluster", ["ray", "slurm"])
def test_an_interruption_is_one_sentence_and_leaves_nothing_running(cluster, request, tmp_path):
    sweep = begun(*LONG, *request.getfixturevalue(cluster), f"out={tmp_path}")
    until(lambda: len(list((tmp_path / "parts").glob("*.parquet"))) > 3, "part")
    sweep.send_signal(signal.SIGTERM)
    _, errors = sweep.communicate(timeout=60)
    assert sweep.returncode == 143
    assert errors.splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in errors
    if cluster == "slurm":
        until(lambda: not subprocess.check_output(["squeue", "-h"]), "empty queue")
