"""Folders of results: the kind of results in a folder, the inputs they were made from, and checksums of the files."""

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
"""File with the checksums of all results in a folder."""


def kind_of_folder(folder: Path) -> str:
    """Return the kind of results in a folder, as its manifest has it; empty if there is no manifest that can be read."""
    try:
        manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ""
    kind = manifest.get("kind", "sweep" if "design" in manifest else "calibration" if "targets" in manifest else "")
    return "calibration" if kind == "study" else str(kind)


def require_kind(folder: Path, kind: str) -> Path:
    """Return a folder after a check that it does not hold results of another kind.

    Args:
        folder: of the results
        kind: of the results that are to be written there

    Raises:
        InputError: the folder holds results of another kind
    """
    present = kind_of_folder(folder)
    if present not in ("", kind):
        raise InputError(f"{folder} holds {with_article(present)}, not {with_article(kind)}; give another `out`")
    return folder


def require_resumable(folder: Path, kind: str) -> Path:
    """Return a folder after a check that work in it can be resumed.

    Args:
        folder: of the results
        kind: of the results

    Raises:
        InputError: the folder holds results of another kind, or its manifest is broken
    """
    path = require_kind(folder, kind) / "manifest.json"
    try:
        if path.exists():
            dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError(
            f"{path} is broken: there is no {kind} in {folder}; delete that file to begin anew from the parts"
        ) from None
    return folder


def provenance(call: str) -> str:
    """Return the foot of a page: the command or call that made it, with the hash of the model and the commit.

    Args:
        call: in Python, used if no program makes the results
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
    """Return the foot of a page, after a sentence on its intervals if there is one.

    Args:
        made: what made the page
        sentence: on its intervals; empty for none

    >>> footnote("python -m experiments.compare", ""), footnote("python -m experiments.compare", "Sets are shared.")
    ('python -m experiments.compare', 'Sets are shared. python -m experiments.compare')
    """
    return f"{sentence} {made}" if sentence else made


def with_article(kind: str) -> str:
    """Return a kind of results with its article.

    >>> with_article("sweep"), with_article("attribution")
    ('a sweep', 'an attribution')
    """
    return f"an {kind}" if kind[:1] in tuple("aeiou") else f"a {kind}"


def with_checksums(files: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """Return files together with a file of their checksums, as `sha256sum --check` reads it.

    Args:
        files: content of each file; all in one folder
    """
    folder = next(iter(files)).parent
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path.name}" for path, content in files.items()]
    return {**files, folder / SUMS: ("\n".join(lines) + "\n").encode()}


def left_before(folder: Path, files: Iterable[Path]) -> list[Path]:
    """Return the unchanged files of an earlier result in a folder that a new result does not replace.

    Args:
        folder: of the results
        files: of the new result
    """
    try:
        sums = dict(line.split("  ", 1)[::-1] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
        other = [(folder / name, digest) for name, digest in sums.items() if folder / name not in set(files)]
        return [path for path, digest in other if hashlib.sha256(path.read_bytes()).hexdigest() == digest]
    except (OSError, ValueError):
        return []  # there was no result, or it left no checksums


def files_with_checksums(folder: Path) -> list[Path]:
    """Return the files that a result left in a folder, as its checksums list them.

    Args:
        folder: of a result that has ended
    """
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return [folder / line.split("  ", 1)[1] for line in lines]


def manifest_file(
    folder: Path, kind: str, command: str, made_with: Mapping[str, Any] | None = None
) -> dict[Path, bytes]:
    """Return the path and the content of the manifest of a folder, to be written with its other files.

    Args:
        folder: of the results
        kind: of the results
        command: that makes them
        made_with: further keys of the manifest
    """
    manifest = {"kind": kind, "command": command, **(made_with or {}), "environment": environment()}
    return {folder / "manifest.json": text_of(manifest).encode()}


def begin_or_resume(
    folder: Path, kind: str, made_with: Mapping[str, Any], words: Mapping[str, str], command: str
) -> None:
    """Write the manifest of work that begins in a folder, or check that resumed work has the same inputs.

    Args:
        folder: of the results
        kind: of the results
        made_with: inputs of the work, by key
        words: for each key, the phrase for a message if the input has changed
        command: that begins the work

    Raises:
        InputError: an input has changed; the message names it
    """
    require_resumable(folder, kind)
    path, now = folder / "manifest.json", json.loads(json.dumps(made_with, default=str))
    if not path.is_file():
        written(path, text_of({"kind": kind, "command": command, **now, "environment": environment()}).encode())
        return
    before = dict(json.loads(path.read_text(encoding="utf-8")))
    for key, phrase in words.items():
        if before.get(key) != now[key]:
            difference = values_differing(before.get(key), now[key])
            raise InputError(f"the {kind} in {folder} was started with {phrase} ({difference}); give another `out`")
