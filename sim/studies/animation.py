"""Animation of the network of trust of one run: a GIF, or an MP4 if ffmpeg is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError, is_one_of, shown, whole_number
from sim.figures.animation import check_film, film, image, weakest_drawn
from sim.figures.style import plain
from sim.results.files import path_of, writable, written
from sim.runs.moments import LAST, STEPS, moments
from sim.runs.run import simulate
from sim.studies.setup import scenario_named


@dataclass(frozen=True)
class Animation:
    """Animation in a file.

    Args:
        path: of the file
        images: number of images
        size: of the file [bytes]
    """

    path: Path
    images: int
    size: int

    def summary(self) -> str:
        """Return path, number of images and size in a line."""
        return f"{self.path}: {self.images} images, {self.size / 2**20:.1f} MiB"


def animate(
    scenario: str = "historical_emergent",
    path: str | Path = "network.gif",
    *,
    seed: int = 1,
    by: str = "quarter",
    least: float = 0.5,
    timing: int | str | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Animation:
    """Write the network of trust of one run as an animation. The same run gives the same bytes.

    Every organisation has a fixed position. Dates, the ministry's stage and events are shown above the network. The
    animation begins a year before the launch.

    Args:
        scenario: name of the scenario, or path of its file
        path: of the file, .gif, or .mp4 if ffmpeg is installed
        seed: of the run
        by: an image each `quarter` or `month`
        least: weakest trust drawn [share]
        timing: months by which the policy windows come later, or `never`; None: as the scenario has it
        overrides: parameters that differ, by dotted name

    Returns:
        The animation, with path, number of images and size.

    Raises:
        InputError: a value is wrong, the run is too short, the file has another ending or cannot be written, or ffmpeg is
            missing

    Example:
        >>> import sim
        >>> sim.animate("no_backbone", "network.gif", by="month")  # doctest: +SKIP
    """
    target, full, weakest = path_of(path), scenario_named(scenario, timing, overrides), weakest_drawn(least)
    check_film(target)
    if not is_one_of(by, STEPS):
        raise InputError(f"`by` must be one of {', '.join(STEPS)}; got {shown(by)}")
    step, duration = STEPS[by]
    run = simulate(full, whole_number("`seed`", seed, 0))
    states, folder = moments(run, step), writable(target.parent)
    title = f"Trust between organisations: {plain(full.name)}, seed {run.seed}"
    images = [image(state, title, weakest) for state in states]
    content = film(images, target, duration, LAST)
    return Animation(written(folder / target.name, content), len(images), len(content))
