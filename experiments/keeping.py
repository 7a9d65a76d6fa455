"""What a sweep's folder promises: one sweep at a time, and results of one model and of one set of inputs."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from experiments.arguments import command
from sim.configuration import given
from sim.dates import date_of
from sim.errors import Mistake
from sim.parameters import declared_parameters
from sim.results.store import Store, environment, files_of, sources, sources_hash, text_of, written
from sim.runs.posterior import ParameterSets, fingerprint
from sim.runs.seed_runs import Point

SUMS = "checksums.txt"
"""The file with the checksums of what a program left."""

LOCK = "lock"
"""The file that a sweep at work holds; who reads it learns which process that is."""

RUNNING = ("seeds", "first_seed", "block", "jobs", "out", "only", "afresh", "fail_fast", "max_failures")
"""Keys of a sweep that decide how many runs there are and how they are made, and not what a run gives."""

INPUTS = {
    "files": "other data",
    "parameters": "other parameters",
    "policy": "another policy",
    "posterior": "another posterior",
}
"""What runs are made of besides the model, and what is said when it is no longer so."""

NAMED = 3
"""Files that are named one by one where many differ."""


def alone(folder: Path) -> IO[str]:
    """The lock of a folder, held until it is closed or its process ends, however it ends.

    Raises Mistake where another program holds it.
    """
    file = (folder / LOCK).open("a+", encoding="utf-8")
    try:
        hold(file)
    except (BlockingIOError, PermissionError):
        who = "another process"
        with suppress(OSError), file:  # Windows lets nobody read what is locked
            file.seek(0)
            who = file.read().strip() or who
        raise Mistake(f"another program ({who}) is at work in {folder}; wait for it, or give another `out`") from None
    except OSError:
        pass  # a file system without locks
    file.truncate(0)
    file.write(f"process {os.getpid()} on {platform.node()}\n")
    file.flush()
    return file


def hold(file: IO[str]) -> None:
    """Lock a file by the system's own means, which end with the process. Raises OSError where another has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def made_of(points: Sequence[Point], sets: ParameterSets) -> dict[str, Any]:
    """What the runs of a design are made of: hashes of the model's sources, and what all points have in common."""
    cases = [point.case for point in points]
    files = {file.name: digest(file) for case in cases for file in files_of(case)}
    policies = [{f"{date_of(c.month)} {c.key}": c.value for c in case.policy.changes} for case in cases]
    return {
        "sources": {name: digest(file) for name, file in sources()},
        "files": files,
        "parameters": shared_by_all(
            [{name: case.parameters[name] for name in declared_parameters()} for case in cases]
        ),
        "policy": shared_by_all(policies),
        "posterior": fingerprint(sets, cases[0]),
    }


def digest(file: Path) -> str:
    """A short hash of what a file holds."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def shared_by_all(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The keys and values that all have.

    >>> shared_by_all([{"a": 1, "b": 2}, {"a": 1, "b": 3}])
    {'a': 1}
    """
    return {key: value for key, value in said[0].items() if all(each.get(key) == value for each in said)}


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """With what else the results of a folder were made than a sweep would make them now, in words; empty: nothing.

    Another design in the same model is no change: its parts go by other names.
    """
    old, new = before.get("made_of", {}), now["made_of"]
    if before["environment"]["model"] != sources_hash():
        return f"another model version ({differ(old.get('sources', {}), new['sources'])})"
    if asked(before) != asked(now) or not renamed(before["design"], now["design"]):
        return ""
    for key, said in INPUTS.items():
        if old.get(key) != new[key]:
            return f"{said} ({differ(old[key], new[key]) if key == 'files' else differing(old.get(key), new[key])})"
    return "other parameters or policies at some points"


def asked(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a sweep was asked for, the factors of a grid and the way it runs left out."""
    apart = {*RUNNING, *(key for point in manifest["design"] for key in point)}
    said = {key: value for key, value in given(manifest["configuration"]) if key not in apart}
    return said | json.loads(text_of({key: manifest.get(key) for key in ("sampling", "policies")}))


def renamed(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a point with the same factors in two designs has another identity."""
    known = {factors_of(point): point["identity"] for point in before}
    return any(known.get(factors_of(point), point["identity"]) != point["identity"] for point in now)


def factors_of(point: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """What a point of a design is called by, as it reads in a manifest."""
    return frozenset((key, str(value)) for key, value in point.items() if key != "identity")


def differ(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which files differ, in words.

    >>> differ({"a.py": "1", "b.py": "2"}, {"a.py": "1", "b.py": "3"}), differ({"a": "1"}, {})
    ('b.py differs', 'a differs')
    """
    names = [name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name)]
    if not before or not names:
        return "it is not known which files differ"
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more} differ{'s' if len(names) == 1 else ''}"


def differing(before: Any, now: Any) -> str:
    """What differs between two values of a manifest, in words.

    >>> differing({"a": 1, "b": 2}, {"a": 1, "b": 3}), differing("x", "y")
    ('b: 2, now 3', 'x, now y')
    """
    if isinstance(before, dict) and isinstance(now, dict):
        key = next(key for key in [*before, *now] if before.get(key) != now.get(key))
        within = differing(before.get(key), now.get(key))
        return f"{key}.{within}" if isinstance(before.get(key), dict) else f"{key}: {within}"
    return f"{before}, now {now}"


def kind_in(folder: Path) -> str:
    """What a folder says that it holds; empty where it says nothing that can be read."""
    try:
        said = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ""
    return str(said.get("kind", "sweep" if "design" in said else "study" if "targets" in said else ""))


def kept_for(folder: Path, kind: str) -> Path:
    """The folder. Raises Mistake where it holds work of another kind, which would be mixed with this one's."""
    there = kind_in(folder)
    if there not in ("", kind):
        raise Mistake(f"{folder} holds {article(there)}, and this would be {article(kind)}: give another `out`")
    return folder


def said_and_made(program: str) -> tuple[str, str]:
    """The command that was typed; and, for the foot of a page, with the model and the commit that answered it."""
    typed = command(program)
    commit = str(environment()["commit"])[:10]
    return typed, f"{typed}; model {sources_hash()}" + (f", commit {commit}" if commit else "")


def noted(made: str, sentence: str) -> str:
    """The foot of a page, with a sentence on its intervals before it where there is one.

    >>> noted("python -m experiments.compare", ""), noted("python -m experiments.compare", "Sets are shared.")
    ('python -m experiments.compare', 'Sets are shared. python -m experiments.compare')
    """
    return f"{sentence} {made}" if sentence else made


def article(kind: str) -> str:
    """A kind of work with its article.

    >>> article("sweep"), article("attribution")
    ('a sweep', 'an attribution')
    """
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def summed(files: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """Files, and in their folder the checksums of all, as `sha256sum --check` reads them."""
    folder = next(iter(files)).parent
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path.name}" for path, content in files.items()]
    return {**files, folder / SUMS: ("\n".join(lines) + "\n").encode()}


def about(folder: Path, kind: str, command: str, made_with: Mapping[str, Any] | None = None) -> dict[Path, bytes]:
    """What says of a folder what it holds, with what and how that was made, to be written with the rest."""
    said = {"kind": kind, "command": command, **(made_with or {}), "environment": environment()}
    return {folder / "manifest.json": text_of(said).encode()}


def begun(folder: Path, kind: str, made_with: Mapping[str, Any], said: Mapping[str, str], command: str) -> None:
    """Write what the work in a folder is begun with, or see that it still is.

    Args:
        folder: where the work is kept
        kind: what the work is called
        made_with: what it is begun with, by key
        said: what is said of each key when it is no longer so
        command: that begins it

    Raises Mistake, naming what changed.
    """
    kept_for(folder, kind)
    path, now = folder / "manifest.json", json.loads(json.dumps(made_with, default=str))
    if not path.is_file():
        written(path, text_of({"kind": kind, "command": command, **now, "environment": environment()}).encode())
        return
    try:
        before = dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        raise Mistake(
            f"{path} is broken: there is no {kind} in {folder}; without that file it begins anew from its parts"
        ) from None
    for key, what in said.items():
        if before.get(key) != now[key]:
            how = differing(before.get(key), now[key])
            raise Mistake(f"the {kind} in {folder} was begun with {what} ({how}); give another `out`")


def unchanged(store: Store, manifest: Mapping[str, Any], afresh: bool = False) -> None:
    """See that what a folder holds is of this model and these inputs; where `afresh`, remove what is not.

    Raises Mistake, naming what changed, and where the folder holds work of another kind.
    """
    kept_for(store.folder, "sweep")
    try:
        before = store.manifest()
    except Mistake:
        return  # there is no sweep to go on with
    what = changed(before, manifest)
    if what and not afresh:
        raise Mistake(
            f"the results in {store.folder} were made with {what}; give another `out`, or `afresh=true` to remove them"
        )
    if what:
        store.clear()
