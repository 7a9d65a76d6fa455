"""Images one after the other as one file: GIF by Pillow, MP4 by ffmpeg where it is there."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError, shown
from sim.figures import style
from sim.figures.network_over_time import Moment, moment
from sim.figures.networks import looks

if TYPE_CHECKING:
    from PIL.Image import Image

TIE = "#334059"
"""The colour of ties, which are drawn half transparent: a film needs its way to white."""

STEPS, TINTS = 16, 4
"""Shades of a GIF from white to the colour of ties, and from white to every other colour."""

ENDINGS = (".gif", ".mp4")


def check_film(path: Path) -> None:
    """Raises InputError for a file of another kind, or a film where nothing can make one."""
    if path.suffix.lower() not in ENDINGS or not path.stem:
        raise InputError(f"`out` is a file that ends with .gif or .mp4; got {shown(str(path))}")
    if path.suffix.lower() == ".mp4" and shutil.which("ffmpeg") is None:
        raise InputError("an MP4 needs the program ffmpeg, which is not on the path: install it, or write a .gif")


def film(images: Sequence[Image], path: Path, each: int, last: int) -> bytes:
    """Images as the content of a file, GIF or MP4 by its ending.

    Args:
        images: RGB, all of one size
        path: that tells the form
        each: how long an image is seen [milliseconds]
        last: how long the last one is [milliseconds]

    Raises InputError where ffmpeg fails.
    """
    return gif(images, each, last) if path.suffix.lower() == ".gif" else mp4(images, each, last)


def gif(images: Sequence[Image], each: int, last: int) -> bytes:
    """Images as a GIF that begins again, all in the same few colours; the same images give the same bytes."""
    from PIL.Image import Dither

    few = [image.quantize(palette=palette(), dither=Dither.NONE) for image in images]
    content = io.BytesIO()
    long = [*[each] * (len(few) - 1), last]
    few[0].save(content, "GIF", save_all=True, append_images=few[1:], duration=long, loop=0, optimize=False)
    return content.getvalue()


def palette() -> Image:
    """Return an image that has the colours of networks: those of the style, and their ways to white where edges are smooth."""
    from PIL import Image, ImageColor

    others = dict.fromkeys([*(colour for colour, _ in looks().values()), style.ORANGE, style.QUIET])
    shades = [(TIE, step / STEPS) for step in range(STEPS + 1)]
    shades += [(style.GROUND, 1.0)]  # whose ways to white would be taken for white
    shades += [(colour, step / TINTS) for colour in others for step in range(1, TINTS + 1)]
    mixed = [[round(255 + (part - 255) * much) for part in ImageColor.getrgb(colour)] for colour, much in shades]
    found = Image.new("P", (1, 1))
    found.putpalette([part for colour in mixed for part in colour])
    return found


def mp4(images: Sequence[Image], each: int, last: int) -> bytes:
    """Images as an MP4 of H.264.

    Raises:
        InputError: with its last words, where ffmpeg fails
    """
    wide, high = images[0].size
    frames = [*images, *[images[-1]] * (round(last / each) - 1)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        taken = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}", "-r", f"1000/{each}", "-i", "-"]
        made = [
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-threads",
            "1",
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact",
        ]
        command = ["ffmpeg", "-loglevel", "error", *taken, *made, "-y", str(target)]
        done = subprocess.run(command, input=b"".join(f.tobytes() for f in frames), capture_output=True, check=False)
        if done.returncode or not target.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise InputError(f"ffmpeg could not make the film: {said[-1]}")
        return target.read_bytes()


def image(state: Moment, title: str, least: float) -> Image:
    """Return a moment as an image.

    Args:
        state: of the network
        title: above it
        least: weakest trust drawn [share]
    """
    from PIL import Image

    figure: Any = moment(state, title, least)
    figure.canvas.draw()
    return Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")


def weakest_drawn(least: object) -> float:
    """Return the weakest trust that is drawn [share].

    Raises:
        InputError: not a share
    """
    if isinstance(least, bool) or not isinstance(least, int | float | np.number) or not 0 <= float(least) <= 1:
        raise InputError(f"`least` must lie between 0 and 1 [share]; got {shown(least)}")
    return float(least)
