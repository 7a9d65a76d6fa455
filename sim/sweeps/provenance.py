"""Inputs of results, and checks whether they have changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sim.dates import date_of
from sim.design.points import Point
from sim.errors import InputError
from sim.findings.models import weights_words
from sim.parameters import declared_parameters, dotted_values
from sim.policy import Scenario
from sim.results.differences import digest, files_differing, shared_by_all, values_differing
from sim.results.files import text_of
from sim.results.folder import require_kind
from sim.results.identity import files_of, model_hash, sources
from sim.results.store import Store
from sim.runs.models import models
from sim.runs.posterior import ParameterSets, fingerprint, structures_of
from sim.world.kinds import KINDS


def study_inputs(
    baseline: str, scenario: Scenario, overrides: Mapping[str, Any], uncertainty: Any, sets: ParameterSets
) -> dict[str, Any]:
    """Return the inputs of a study, for its record.

    Args:
        baseline: name or path of its scenario, as the user gave it
        scenario: that scenario
        overrides: parameters that differ in all its runs, by dotted name
        uncertainty: `point`, `posterior` or the path of a table, as the user gave it
        sets: parameter sets of that table; empty for `point`
    """
    return {
        "baseline": baseline,
        "called": scenario.name,
        "set": dict(overrides),
        "uncertainty": str(uncertainty),
        "posterior": fingerprint(sets, scenario),
        **({"parameter_sets": len(sets)} if sets else {}),
        **(
            {"structures": list(structures_of(sets)), "weights": weights_words(models())} if structures_of(sets) else {}
        ),
    }


RUNNING = (
    "seeds",
    "first_seed",
    "block",
    "jobs",
    "engine",
    "cluster",
    "out",
    "runs",
    "overwrite",
    "fail_fast",
    "max_failures",
    "keep",
)
"""Keys of a sweep that decide how many runs there are and how they are made, but not the result of a run."""


INPUTS = {
    "files": "other data",
    "parameters": "other parameters",
    "policy": "another policy",
    "posterior": "another posterior",
}
"""Inputs of runs besides the model, each with the phrase for a message if it has changed."""


def input_hashes(points: Sequence[Point], sets: ParameterSets) -> dict[str, Any]:
    """Return hashes of the model's sources and files, and the parameters and changes that all points have in common.

    Args:
        points: of a design
        sets: parameter sets; empty for parameters at their values
    """
    scenarios = [point.scenario for point in points]
    files = {file.name: digest(file) for scenario in scenarios for file in files_of(scenario)}
    policies = [{f"{date_of(c.month)} {c.key}": c.value for c in scenario.policy.changes} for scenario in scenarios]
    return {
        "model": model_hash(),
        "sources": {name: digest(file) for name, file in sources()},
        "files": files,
        "parameters": shared_by_all(
            [{name: scenario.parameters[name] for name in declared_parameters()} for scenario in scenarios]
        ),
        "policy": shared_by_all(policies),
        "posterior": fingerprint(sets, scenarios[0]),
    }


def what_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return in words what has changed since the results of a folder were made; empty if nothing has.

    Another design in the same model is not a change, since its parts have other names.

    Args:
        before: manifest of the folder
        now: manifest of the present sweep
    """
    old, new = before.get("made_of", {}), now["made_of"]
    if old.get("model") != new["model"]:
        return f"another model version ({files_differing(old.get('sources', {}), new['sources'])})"
    if settings_of(before) != settings_of(now) or not identities_differ(before["design"], now["design"]):
        return ""
    if missing := kinds_missing(old.get("parameters") or {}):
        return f"the kind `{missing[0]}`, which is not registered here (`load=FILE.py` names its file)"
    for key, phrase in INPUTS.items():
        if old.get(key) != new[key]:
            compare = files_differing if key == "files" else values_differing
            return f"{phrase} ({compare(old.get(key) or {}, new[key])})"
    return "other parameters or policies at some points"


def kinds_missing(parameters: Mapping[str, Any]) -> list[str]:
    """Return the user's own kinds among recorded parameters that are not registered in this process."""
    recorded = {name.split(".")[1] for name in parameters if name.startswith("kinds.")}
    return sorted(recorded - set(KINDS))


def settings_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a sweep, without the factors of a grid and keys that decide how it runs."""
    excluded = {*RUNNING, *(key for point in manifest["design"] for key in point)}
    settings = {key: value for key, value in dotted_values(manifest["configuration"]) if key not in excluded}
    return settings | json.loads(text_of({key: manifest.get(key) for key in ("sampling", "policies")}))


def identities_differ(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a point with the same factors in two designs has another identity.

    Args:
        before: points of a design, as in its manifest
        now: points of another design
    """
    identities = {factors_of(point): point["identity"] for point in before}
    return any(identities.get(factors_of(point), point["identity"]) != point["identity"] for point in now)


def factors_of(point: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return the factors of a point of a design, as text."""
    return frozenset((key, str(value)) for key, value in point.items() if key != "identity")


def require_unchanged(store: Store, manifest: Mapping[str, Any], overwrite: bool = False) -> None:
    """Check that the results in a folder were made with this model and these inputs; with `overwrite`, remove other results.

    Args:
        store: of the folder
        manifest: of the present sweep
        overwrite: remove results of another model or of other inputs

    Raises:
        InputError: the model or an input has changed, or the folder holds results of another kind; the message says which
    """
    require_kind(store.folder, "sweep")
    try:
        before = store.manifest()
    except InputError:
        return  # there is no sweep to go on with
    change = what_changed(before, manifest)
    if change and not overwrite:
        raise InputError(
            f"the results in {store.folder} were made with {change}; give another `out`, or `overwrite=true` to remove them"
        )
    if change:
        store.clear()
