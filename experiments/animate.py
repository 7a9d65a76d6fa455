"""The network of trust of one run as a moving picture: GIF, or MP4 where ffmpeg is there.

python -m experiments.animate scenario=historical_emergent seed=1 out=results/network.gif
python -m experiments.animate scenario=no_backbone by=month least=0.4

Every organisation stays where it is; dates, the ministry's stage and what happened stand above. It begins a year before the
launch. The same run gives the same bytes.
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
    """Simulate, draw, write and say how long and how large it is."""
    print(animate(path=cfg.out, **options_for(animate, cfg)).summary())


if __name__ == "__main__":
    start(main, "animate")
