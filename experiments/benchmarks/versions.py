"""Ratios to an older version: both are measured by turns on this machine, each in processes of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sim.errors import InputError, shown

HERE = Path(__file__).resolve().parents[2]
"""Folder of this version: a checkout, or where the package is installed."""

START = """
import json, resource, sys, time
name, seeds = sys.argv[1], int(sys.argv[2])
begin, clock = time.process_time(), time.perf_counter()
import sim
imported = time.process_time()
sim.simulate(name, 1)
first, wall = time.process_time(), time.perf_counter() - clock
times = []
for seed in range(2, 2 + seeds):
    before = time.process_time()
    sim.simulate(name, seed).outcomes
    times.append(time.process_time() - before)
print(json.dumps({"import": imported - begin, "first run": first - imported, "start": first - begin,
                  "run": sorted(times)[len(times) // 2] if times else 0.0, "wall": wall}))
"""
"""Program that imports the package, simulates one run and then some more, and prints its times [s]."""

MANY = """
import json, sys
import psutil, sim
name, seeds = sys.argv[1], int(sys.argv[2])
me = psutil.Process()
def spent():
    return sum(sum(each.cpu_times()[:2]) for each in (me, *me.children(recursive=True)))
sim.ensemble(name, seeds=8, jobs=2, progress=False)
before = spent()
sim.ensemble(name, seeds=seeds, jobs=2, progress=False)
memory = max(each.memory_info().rss for each in me.children(recursive=True))
print(json.dumps({"ensemble": (spent() - before) / seeds, "worker": memory / 1e6}))
"""
"""Program that simulates ensembles of one run a task, and prints CPU time a run [s] and the memory of a worker [MB]."""

RATIOS = {
    "run": "a run, warm, CPU",
    "ensemble": "ensemble of one run a task, CPU a run",
    "first run": "first run after the import, CPU",
    "import": "import, CPU",
    "start": "import and first run together, CPU",
    "worker": "memory of a worker after runs",
    "wall": "start with nothing compiled, time on the clock",
}
"""What is compared, in words."""


@contextmanager
def older_version(against: object) -> Iterator[Path]:
    """Yield the folder of an older version.

    Args:
        against: a folder with the package, a wheel, or a commit of this checkout

    Raises:
        InputError: it is none of these
    """
    if not isinstance(against, str | int) or str(against).startswith("-"):
        raise InputError(f"`against` must be a folder, a wheel or a commit; got {shown(against)}")
    path = Path(str(against)).expanduser()
    if (path / "sim" / "__init__.py").is_file():
        yield path.resolve()
        return
    with TemporaryDirectory(prefix="older-") as place:
        try:
            if path.suffix == ".whl" and path.is_file():
                with zipfile.ZipFile(path) as wheel:
                    wheel.extractall(place)
            else:
                words = ["git", "-C", str(HERE), "archive", f"{against}^{{commit}}"]
                content = subprocess.run(words, capture_output=True, check=True).stdout
                with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                    archive.extractall(place, filter="data")
        except (OSError, subprocess.CalledProcessError, zipfile.BadZipFile, tarfile.TarError):
            raise InputError(
                f"`against` is {shown(against)}, which is no folder with the package, no wheel and no commit of this checkout"
            ) from None
        if not (Path(place) / "sim" / "__init__.py").is_file():
            raise InputError(f"`against` is {shown(against)}, which holds no version of the package")
        yield Path(place)


def measured(version: Path, program: str, words: list[str], store: Path) -> dict[str, float]:
    """Return what a program prints for a version.

    Args:
        version: folder with the package
        program: text of the program
        words: its arguments
        store: folder of compiled code

    Raises:
        InputError: the version does not run
    """
    environment = {**os.environ, "PYTHONPATH": str(version), "NUMBA_CACHE_DIR": str(store)}
    command = [sys.executable, "-P", "-c", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=store, check=False)
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise InputError(f"the version in {version.name} does not run ({reason}); compare with another one")
    return dict(json.loads(done.stdout.strip().rpartition("\n")[2]))


def figures_of(version: Path, scenario: str, seeds: int, store: Path) -> dict[str, float]:
    """Return the times and the memory of a version with compiled rules, by the keys of RATIOS except `wall`.

    Args:
        version: folder with the package
        scenario: that is simulated
        seeds: runs that are timed one by one; an ensemble has ten times as many
        store: folder of compiled code
    """
    alone = measured(version, START, [scenario, str(seeds)], store)
    many = measured(version, MANY, [scenario, str(10 * seeds)], store)
    return {name: value for name, value in {**alone, **many}.items() if name != "wall"}


def pairs(older: Path, scenario: str, repeats: int, seeds: int) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Yield figures of this version and of the older one, by turns; the first pair begins with nothing compiled.

    Args:
        older: folder of the older version
        scenario: that is simulated
        repeats: number of pairs
        seeds: runs that are timed one by one
    """
    with TemporaryDirectory(prefix="compiled-") as place:
        stores = [Path(place) / name for name in ("this", "older")]
        for store in stores:
            store.mkdir()
        both = list(zip((HERE, older), stores, strict=True))
        cold = [measured(version, START, [scenario, "0"], store)["wall"] for version, store in both]
        yield {"wall": cold[0]}, {"wall": cold[1]}
        for _ in range(repeats):
            new, old = (figures_of(version, scenario, seeds, store) for version, store in both)
            yield new, old


def ratios(older: Path, scenario: str, repeats: int, seeds: int = 5) -> dict[str, float]:
    """Return this version over an older one by the keys of RATIOS, medians over pairs.

    Args:
        older: folder of the older version
        scenario: that is simulated
        repeats: number of pairs
        seeds: runs that are timed one by one
    """
    quotients: dict[str, list[float]] = {}
    for new, old in pairs(older, scenario, repeats, seeds):
        for name, value in new.items():
            quotients.setdefault(name, []).append(value / old[name])
    return {name: median(quotients[name]) for name in RATIOS}


def comparison(against: Any, scenario: str, repeats: int) -> dict[str, float]:
    """Return the ratios to an older version by their printed names.

    Args:
        against: a folder with the package, a wheel, or a commit of this checkout
        scenario: that is simulated
        repeats: number of pairs

    Raises:
        InputError: it is none of these, or the older version does not run
    """
    with older_version(against) as older:
        by_name = ratios(older, scenario, repeats)
    return {f"{RATIOS[name]}, over {against}": value for name, value in by_name.items()}
