"""Folders of results: which kind of work one holds, with what it was begun, and checksums of what it left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.commands import origin
from sim.errors import InputError
from sim.results.differences import values_differing
from sim.results.files import text_of, written
from sim.results.identity import environment, sources_hash


SUMS = "checksums.txt"
"""The file with the checksums of what a program left."""


def kind_of_folder(folder: Path) -> str:
    """What a folder says that it holds; empty where it says nothing that can be read."""
    try:
        said = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ""
    kind = said.get("kind", "sweep" if "design" in said else "calibration" if "targets" in said else "")
    return "calibration" if kind == "study" else str(kind)


def require_kind(folder: Path, kind: str) -> Path:
    """The folder.

    Raises:
        InputError: it holds work of another kind, which would be mixed with this one's
    """
    there = kind_of_folder(folder)
    if there not in ("", kind):
        raise InputError(f"{folder} holds {with_article(there)}, and this would be {with_article(kind)}: give another `out`")
    return folder


def require_resumable(folder: Path, kind: str) -> Path:
    """The folder.

    Raises:
        InputError: it holds work of another kind, or does not say any more how its work was begun
    """
    path = require_kind(folder, kind) / "manifest.json"
    try:
        if path.exists():
            dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError(
            f"{path} is broken: there is no {kind} in {folder}; without that file it begins anew from its parts"
        ) from None
    return folder


def provenance(call: str) -> str:
    """Return the foot of a page: the command or call that made it, with the model and the commit that answered it.

    Args:
        call: in Python, for results that no program makes
    """
    commit = str(environment()["commit"])[:10]
    return f"{origin(call)}; model {sources_hash()}" + (f", commit {commit}" if commit else "")


def provenance_of(record: Mapping[str, Any]) -> str:
    """Return the foot of a page from the record of a result, so that a loaded result has the foot of the first one.

    Args:
        record: with `command`, and with `environment` as `sim.results.identity.environment` gives it
    """
    about = record["environment"]
    commit = str(about["commit"])[:10]
    return f"{record['command']}; model {about['model']}" + (f", commit {commit}" if commit else "")


def footnote(made: str, sentence: str) -> str:
    """The foot of a page, with a sentence on its intervals before it where there is one.

    >>> footnote("python -m experiments.compare", ""), footnote("python -m experiments.compare", "Sets are shared.")
    ('python -m experiments.compare', 'Sets are shared. python -m experiments.compare')
    """
    return f"{sentence} {made}" if sentence else made


def with_article(kind: str) -> str:
    """A kind of work with its article.

    >>> with_article("sweep"), with_article("attribution")
    ('a sweep', 'an attribution')
    """
    return f"an {kind}" if kind[:1] in tuple("aeiou") else f"a {kind}"


def with_checksums(files: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """Files, and in their folder the checksums of all, as `sha256sum --check` reads them."""
    folder = next(iter(files)).parent
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path.name}" for path, content in files.items()]
    return {**files, folder / SUMS: ("\n".join(lines) + "\n").encode()}


def left_before(folder: Path, files: Iterable[Path]) -> list[Path]:
    """Return what an earlier result of the same kind left in a folder, unchanged since, and the files of a new one do not replace.

    Args:
        folder: of the result
        files: that the new one has written, or will write
    """
    try:
        sums = dict(line.split("  ", 1)[::-1] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
        other = [(folder / name, digest) for name, digest in sums.items() if folder / name not in set(files)]
        return [path for path, digest in other if hashlib.sha256(path.read_bytes()).hexdigest() == digest]
    except (OSError, ValueError):
        return []  # there was none, or nobody knows what it left


def files_with_checksums(folder: Path) -> list[Path]:
    """Return the files that a result left in a folder, as its checksums list them.

    Args:
        folder: of a result that has ended
    """
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return [folder / line.split("  ", 1)[1] for line in lines]


def manifest_file(folder: Path, kind: str, command: str, made_with: Mapping[str, Any] | None = None) -> dict[Path, bytes]:
    """What says of a folder what it holds, with what and how that was made, to be written with the rest."""
    said = {"kind": kind, "command": command, **(made_with or {}), "environment": environment()}
    return {folder / "manifest.json": text_of(said).encode()}


def begin_or_resume(folder: Path, kind: str, made_with: Mapping[str, Any], said: Mapping[str, str], command: str) -> None:
    """Write what the work in a folder is begun with, or see that it still is.

    Args:
        folder: where the work is kept
        kind: what the work is called
        made_with: what it is begun with, by key
        said: what is said of each key when it is no longer so
        command: that begins it

    Raises InputError, naming what changed.
    """
    require_resumable(folder, kind)
    path, now = folder / "manifest.json", json.loads(json.dumps(made_with, default=str))
    if not path.is_file():
        written(path, text_of({"kind": kind, "command": command, **now, "environment": environment()}).encode())
        return
    before = dict(json.loads(path.read_text(encoding="utf-8")))
    for key, what in said.items():
        if before.get(key) != now[key]:
            how = values_differing(before.get(key), now[key])
            raise InputError(f"the {kind} in {folder} was begun with {what} ({how}); give another `out`")























