"""Write a sequence of images to one file: GIF with Pillow, MP4 with ffmpeg if it is installed."""

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
from sim.figures.network_over_time import Moment, moment_figure
from sim.figures.networks import kind_looks

if TYPE_CHECKING:
    from PIL.Image import Image

TIE = "#334059"
"""Colour of ties. Ties are drawn half transparent, so the palette needs its shades up to white."""

STEPS, TINTS = 16, 4
"""Number of shades between white and the colour of ties, and between white and every other colour, in a GIF."""

ENDINGS = (".gif", ".mp4")


def check_film(path: Path) -> None:
    """Check that a file can hold the animation and that the program for it is installed.

    Args:
        path: file to write

    Raises:
        InputError: the name does not end with .gif or .mp4, or ffmpeg is not installed
    """
    if path.suffix.lower() not in ENDINGS or not path.stem:
        raise InputError(f"`out` must end with .gif or .mp4; got {shown(str(path))}")
    if path.suffix.lower() == ".mp4" and shutil.which("ffmpeg") is None:
        raise InputError("the program ffmpeg is not installed, and an MP4 needs it; install ffmpeg or write a .gif")


def film(images: Sequence[Image], path: Path, frame_ms: int, last_ms: int) -> bytes:
    """Return images as the content of a file, GIF or MP4 by its suffix.

    Args:
        images: RGB, all of the same size
        path: file whose suffix chooses the format
        frame_ms: time that each image is shown [milliseconds]
        last_ms: time that the last image is shown [milliseconds]

    Raises:
        InputError: ffmpeg fails
    """
    return gif(images, frame_ms, last_ms) if path.suffix.lower() == ".gif" else mp4(images, frame_ms, last_ms)


def gif(images: Sequence[Image], frame_ms: int, last_ms: int) -> bytes:
    """Return images as a GIF that repeats, with one palette; the same images give the same bytes.

    Args:
        images: RGB, all of the same size
        frame_ms: time that each image is shown [milliseconds]
        last_ms: time that the last image is shown [milliseconds]
    """
    from PIL.Image import Dither

    quantized = [frame.quantize(palette=palette(), dither=Dither.NONE) for frame in images]
    content = io.BytesIO()
    durations = [*[frame_ms] * (len(quantized) - 1), last_ms]
    quantized[0].save(
        content, "GIF", save_all=True, append_images=quantized[1:], duration=durations, loop=0, optimize=False
    )
    return content.getvalue()


def palette() -> Image:
    """Return an image with the palette of network figures: the colours of the style and their shades up to white."""
    from PIL import Image, ImageColor

    colours = dict.fromkeys([*(colour for colour, _ in kind_looks().values()), style.ORANGE, style.QUIET])
    shades = [(TIE, step / STEPS) for step in range(STEPS + 1)]
    shades += [(style.GROUND, 1.0)]  # its shades would look like white
    shades += [(colour, step / TINTS) for colour in colours for step in range(1, TINTS + 1)]
    mixed = [[round(255 + (part - 255) * depth) for part in ImageColor.getrgb(colour)] for colour, depth in shades]
    swatch = Image.new("P", (1, 1))
    swatch.putpalette([part for colour in mixed for part in colour])
    return swatch


def mp4(images: Sequence[Image], frame_ms: int, last_ms: int) -> bytes:
    """Return images as an MP4 in H.264.

    Args:
        images: RGB, all of the same size
        frame_ms: time that each image is shown [milliseconds]
        last_ms: time that the last image is shown [milliseconds]

    Raises:
        InputError: ffmpeg fails; the message quotes its last line
    """
    width, height = images[0].size
    frames = [*images, *[images[-1]] * (round(last_ms / frame_ms) - 1)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"1000/{frame_ms}", "-i", "-"]
        encoding = [
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
        command = ["ffmpeg", "-loglevel", "error", *source, *encoding, "-y", str(target)]
        process = subprocess.run(
            command, input=b"".join(frame.tobytes() for frame in frames), capture_output=True, check=False
        )
        if process.returncode or not target.is_file():
            messages = process.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
            raise InputError(f"ffmpeg failed: {messages[-1]}; check the installation of ffmpeg or write a .gif")
        return target.read_bytes()


def image(state: Moment, title: str, least: float) -> Image:
    """Return one moment of the network as an image.

    Args:
        state: of the network
        title: text above the network
        least: weakest trust drawn [share]
    """
    from PIL import Image

    figure: Any = moment_figure(state, title, least)
    figure.canvas.draw()
    return Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")


def weakest_drawn(least: object) -> float:
    """Return the weakest trust that is drawn [share].

    Raises:
        InputError: `least` is not a number between 0 and 1
    """
    if isinstance(least, bool) or not isinstance(least, int | float | np.number) or not 0 <= float(least) <= 1:
        raise InputError(f"`least` must lie between 0 and 1 [share]; got {shown(least)}")
    return float(least)
