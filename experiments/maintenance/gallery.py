"""Run the page of the gallery and draw its pictures: python -m experiments.maintenance.gallery.

The page is docs/reference/gallery.md; its pictures stand beside it in gallery/. A minute or two on two cores.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import chdir
from io import BytesIO
from pathlib import Path

from sim.errors import InputError
from sim.results.files import all_written
from sim.runs.streams import escape_what_cannot_be_encoded

from ..command_line.entry import exit_with_one_line

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "gallery.md"
PICTURES = PAGE.parent / "gallery"

COLOURS = 128
"""Colours of a stored picture, so that it stays small."""


def code_of(page: Path = PAGE) -> str:
    """Return the code of a page from top to bottom."""
    return "\n".join(re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


def drawn_by(code: str) -> list[str]:
    """Return the names of the files that code saves.

    >>> drawn_by('figure.savefig("fan.png")')
    ['fan.png']
    """
    return re.findall(r'\.savefig\("([^"]+)"\)', code)


def few_colours(picture: bytes) -> bytes:
    """Return a PNG with few colours."""
    from PIL import Image

    content = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(content, format="png", optimize=True)
    return content.getvalue()


def pictures(code: str) -> dict[str, bytes]:
    """Run code in an empty folder and return the pictures that it saves, by name.

    Raises:
        InputError: a picture is not drawn
    """
    import matplotlib

    matplotlib.use("agg")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        exec(compile(code, str(PAGE), "exec"), {"__name__": "gallery"})
        missing = [name for name in drawn_by(code) if not Path(name).is_file()]
        if missing:
            raise InputError(f"{PAGE.name} does not draw {missing[0]}; correct its code")
        return {name: few_colours(Path(name).read_bytes()) for name in drawn_by(code)}


def main() -> int:
    """Draw all pictures of the page; return the exit code; an input error ends the program with 2."""
    escape_what_cannot_be_encoded()
    with exit_with_one_line():
        contents = pictures(code_of())
        PICTURES.mkdir(exist_ok=True)
        all_written({PICTURES / name: content for name, content in contents.items()})
    print(f"drawn: {len(contents)} pictures in {PICTURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
