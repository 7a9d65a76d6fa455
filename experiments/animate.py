"""The network of trust of one run as a moving picture: GIF, or MP4 where ffmpeg is there.

python -m experiments.animate scenario=historical_emergent seed=1 out=results/network.gif
python -m experiments.animate scenario=no_backbone by=month least=0.4

Every organisation stays where it is; dates, the ministry's stage and what happened stand above. It begins a year before the
launch. The same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any

import hydra
import numpy as np
from omegaconf import DictConfig

from sim import Run, simulate
from sim.configuration import configs
from sim.dates import date_of, september
from sim.errors import Mistake, is_one_of, shown
from sim.figures import style
from sim.figures.animation import check_film, film
from sim.figures.network_over_time import Moment, moment
from sim.figures.run_page import LAUNCH
from sim.model import CollaborationModel
from sim.results.files import path_of, writable, written
from sim.runs.tables import trust_graph

from .command_line.entry import reports_errors, start
from .command_line.options import integer, scenario_in

if TYPE_CHECKING:
    from PIL.Image import Image

STEPS = {"quarter": (3, 500), "month": (1, 200)}
"""By what an image may be made: months between two, and how long each is seen [milliseconds]."""

LAST = 3000
"""How long the last image is seen [milliseconds]."""

BEFORE = 12
"""How long before the launch it begins [months]."""


def months_shown(run: Run, step: int) -> list[int]:
    """The months that begin right after each image, the last that after the run's end; the first is one to look back to."""
    launched = run.events.loc[run.events["event"] == LAUNCH, "month"]
    begin = max(run.case.first_month, int(launched.iloc[0]) - BEFORE) if len(launched) else run.case.first_month
    return list(range(run.case.last_month + 1, begin - 1, -step))[::-1]


def moments(run: Run, step: int) -> Iterator[Moment]:
    """What each image shows, in order of time; the run is simulated once more, from its last world before the first.

    Raises Mistake for a run that is too short for two images.
    """
    months = months_shown(run, step)
    if len(months) < 3:
        raise Mistake("the run is too short to be a moving picture: let it last longer (`setting.until`)")
    known = [world for year, world in run.worlds.items() if september(year + 1) <= months[1]]
    model = CollaborationModel(run.case, run.seed, known[-1] if known else None, run.kinds)
    told = [(month, f"{date} {style.plain(event)}") for month, date, event in run.events.itertuples(index=False)]
    for before, month in pairwise(months):
        model.run_until_month(month)
        graph = trust_graph(model.world, run.case)
        events = tuple(said for when, said in told if before <= when < month)
        earlier = [said for when, said in told if when < before]
        passed = (month - months[1]) / (months[-1] - months[1])
        yield Moment(graph, date_of(month - 1), events, earlier[-1] if earlier else "", passed)


def image(shown: Moment, title: str, least: float) -> Image:
    """A moment as an image."""
    from PIL import Image

    figure: Any = moment(shown, title, least)
    figure.canvas.draw()
    return Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")


def least_of(cfg: DictConfig) -> float:
    """The weakest trust drawn. Raises Mistake for what is no share."""
    least = cfg.least
    if isinstance(least, bool) or not isinstance(least, Real) or not 0 <= least <= 1:
        raise Mistake(f"`least` must lie between 0 and 1 [share]; got {shown(least)}")
    return float(least)


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="animate")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, draw, write and say how long and how large it is."""
    target, case, least = path_of(cfg.out), scenario_in(cfg), least_of(cfg)
    check_film(target)
    if not is_one_of(cfg.by, STEPS):
        raise Mistake(f"`by` must be one of {', '.join(STEPS)}; got {shown(cfg.by)}")
    step, each = STEPS[cfg.by]
    run, folder = simulate(case, integer(cfg, "seed")), writable(target.parent)
    title = f"Trust between organisations: {style.plain(case.name)}, seed {run.seed}"
    images = [image(shown, title, least) for shown in moments(run, step)]
    content = film(images, target, each, LAST)
    written(folder / target.name, content)
    print(f"{target}: {len(images)} images, {len(content) / 2**20:.1f} MiB")


if __name__ == "__main__":
    start(main, "animate")
