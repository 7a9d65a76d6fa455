"""The small parts of the page that are written for the browser: slider, picker, link, upload, player of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


def _nothing(_: Any) -> None:
    """What happens where nobody listens."""


@solara.component_vue("lever.vue")
def slider(
    lever: dict[str, Any] = {},  # noqa: B006 - read by the library, which never changes it
    value: float = 0,
    usual: float = 0,
    stamp: int = 0,
    event_moved_to: Callable[[float], None] = _nothing,
) -> None:
    """A lever with its value, its unit and a hint behind a question mark; `stamp` changes when all are put back."""


@solara.component_vue("choice.vue")
def choice(
    name: str = "",
    label: str = "",
    options: list[tuple[str, str]] = [],  # noqa: B006
    value: str = "",
    event_chosen: Callable[[str], None] = _nothing,
) -> None:
    """A picker: each option is its value and its words."""


@solara.component_vue("address.vue")
def address(query: str = "", note: str = "") -> None:
    """The link that brings the settings back, kept in the address bar too."""


@solara.component_vue("upload.vue")
def upload(most: float = 8, event_given: Callable[[dict[str, str]], None] = _nothing) -> None:
    """A file of the student's own: its name, and what it holds in base 64."""


@solara.component_vue("network.vue")
def player(film: dict[str, Any] = {}, event_seen: Callable[[int], None] = _nothing) -> None:  # noqa: B006
    """The network, to be played; says which month is looked at once it stands still."""
