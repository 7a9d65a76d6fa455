"""Record which functions the first compilation compiles, with their types: python -m experiments.maintenance.signatures.

Every scenario and every rival mechanism is simulated once with an empty store of compiled code, which takes some minutes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.configuration import scenario, scenarios
from sim.design.mechanisms import mechanism, mechanisms_with_values
from sim.jit.signatures import RECORDED, as_file
from sim.jit.steps import COMPILED
from sim.jit.store import folder
from sim.results.files import written


def simulate_everything() -> None:
    """Simulate every scenario, and one scenario with every rival mechanism."""
    from sim.model import CollaborationModel
    from sim.outcomes import all_outcomes

    rivals = [scenario("historical", overrides=mechanism(name).values) for name in mechanisms_with_values()]
    for each in [*map(scenario, scenarios()), *rivals]:
        all_outcomes(CollaborationModel(each, 1).run_until_month(each.last_month + 1).world)


def functions_in(place: Path) -> list[tuple[str, list[Any]]]:
    """Return the functions of this package whose compiled code is in a folder, in order of their names."""
    stored = {path.read_text(encoding="utf-8") for path in place.glob("*.json")}
    return [json.loads(text) for text in sorted(stored) if json.loads(text)[0].startswith("sim.")]


def main() -> int:
    """Write the list anew.

    Returns:
        Exit code; 2 if there is no compiler.
    """
    if not COMPILED:
        print("error: there is no compiler, so nothing can be recorded", file=sys.stderr)
        return 2
    with TemporaryDirectory() as place:
        os.environ["NUMBA_CACHE_DIR"] = place
        folder.cache_clear()
        simulate_everything()
        functions = functions_in(folder())
    written(RECORDED, as_file(functions))
    print(f"{RECORDED.name}: {len(functions)} functions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
