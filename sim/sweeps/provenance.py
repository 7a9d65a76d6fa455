"""With which inputs results were made, and whether they are still the same."""

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
from sim.results.identity import files_of, sources, sources_hash
from sim.results.store import Store
from sim.runs.models import models
from sim.runs.posterior import ParameterSets, fingerprint, structures_of
from sim.world.kinds import KINDS


def study_inputs(
    baseline: str, scenario: Scenario, overrides: Mapping[str, Any], uncertainty: Any, sets: ParameterSets
) -> dict[str, Any]:
    """Return what a study is made from, for who reads its folder.

    Args:
        baseline: by which name or path its scenario was asked for
        scenario: that scenario
        overrides: parameters that differ in all its runs, by dotted name
        uncertainty: `point`, `posterior` or the path of a table, as it was asked for
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


RUNNING = ("seeds", "first_seed", "block", "jobs", "out", "only", "afresh", "fail_fast", "max_failures")
"""Keys of a sweep that decide how many runs there are and how they are made, and not what a run gives."""


INPUTS = {
    "files": "other data",
    "parameters": "other parameters",
    "policy": "another policy",
    "posterior": "another posterior",
}
"""What runs are made of besides the model, and what is said when it is no longer so."""


def input_hashes(points: Sequence[Point], sets: ParameterSets) -> dict[str, Any]:
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


def what_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """With what else the results of a folder were made than a sweep would make them now, in words; empty: nothing.

    Another design in the same model is no change: its parts go by other names.
    """
    old, new = before.get("made_of", {}), now["made_of"]
    if before["environment"]["model"] != sources_hash():
        return f"another model version ({files_differing(old.get('sources', {}), new['sources'])})"
    if settings_of(before) != settings_of(now) or not renamed(before["design"], now["design"]):
        return ""
    if missing := kinds_missing(old.get("parameters") or {}):
        return f"the kind `{missing[0]}`, which is not registered here (`load=FILE.py` names its file)"
    for key, said in INPUTS.items():
        if old.get(key) != new[key]:
            compare = files_differing if key == "files" else values_differing
            return f"{said} ({compare(old.get(key) or {}, new[key])})"
    return "other parameters or policies at some points"


def kinds_missing(parameters: Mapping[str, Any]) -> list[str]:
    """Return the kinds of a user's own among parameters that were recorded, which are not registered in this process."""
    recorded = {name.split(".")[1] for name in parameters if name.startswith("kinds.")}
    return sorted(recorded - set(KINDS))


def settings_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a sweep was asked for, the factors of a grid and the way it runs left out."""
    apart = {*RUNNING, *(key for point in manifest["design"] for key in point)}
    said = {key: value for key, value in dotted_values(manifest["configuration"]) if key not in apart}
    return said | json.loads(text_of({key: manifest.get(key) for key in ("sampling", "policies")}))


def renamed(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a point with the same factors in two designs has another identity."""
    known = {factors_of(point): point["identity"] for point in before}
    return any(known.get(factors_of(point), point["identity"]) != point["identity"] for point in now)


def factors_of(point: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """What a point of a design is called by, as it reads in a manifest."""
    return frozenset((key, str(value)) for key, value in point.items() if key != "identity")


def require_unchanged(store: Store, manifest: Mapping[str, Any], afresh: bool = False) -> None:
    """See that what a folder holds is of this model and these inputs; where `afresh`, remove what is not.

    Raises:
        InputError: naming what changed, and where the folder holds work of another kind
    """
    require_kind(store.folder, "sweep")
    try:
        before = store.manifest()
    except InputError:
        return  # there is no sweep to go on with
    what = what_changed(before, manifest)
    if what and not afresh:
        raise InputError(
            f"the results in {store.folder} were made with {what}; give another `out`, or `afresh=true` to remove them"
        )
    if what:
        store.clear()
