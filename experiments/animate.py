"""Animate the network of trust of one run: GIF, or MP4 if ffmpeg is installed.

python -m experiments.animate scenario=historical_emergent seed=1 out=results/network.gif
python -m experiments.animate scenario=no_backbone by=month least=0.4

Every organisation keeps its place. Date, the ministry's stage and events are shown above. The animation begins a year
before the launch. The same run gives the same bytes.
"""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from sim.configuration import configs
from sim.studies.animation import animate

from .command_line.entry import reports_errors, start
from .command_line.options import options_for


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="animate")
@reports_errors
def main(cfg: DictConfig) -> None:
    """Simulate, draw and write the animation; print its length and size."""
    print(animate(path=cfg.out, **options_for(animate, cfg)).summary())


if __name__ == "__main__":
    start(main, "animate")
