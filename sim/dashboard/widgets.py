"""Parts of the page that run in the browser: slider, picker, link, upload, player of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


def _ignore(_: Any) -> None:
    """Ignore an event."""


@solara.component_vue("lever.vue")
def slider(
    lever: dict[str, Any] = {},  # noqa: B006 - read by the library, which never changes it
    value: float = 0,
    usual: float = 0,
    stamp: int = 0,
    response: dict[str, Any] = {},  # noqa: B006
    event_moved_to: Callable[[float], None] = _ignore,
) -> None:
    """Show a lever with its value, its unit, a hint, and the response of enrolment to it.

    Args:
        lever: fields of a `sim.dashboard.sliders.Lever`
        value: as shown
        usual: value of the scenario
        stamp: changes when all sliders are reset
        response: `points`, each a value of the slider with quartile, median and quartile of examinees [students], empty for
            none; `scale`, the least and greatest number of students on the axis of all responses; `words`, the response as text
        event_moved_to: receives a new value
    """


@solara.component_vue("choice.vue")
def choice(
    name: str = "",
    label: str = "",
    options: list[tuple[str, str]] = [],  # noqa: B006
    value: str = "",
    event_chosen: Callable[[str], None] = _ignore,
) -> None:
    """Show a picker: each option is its value and its words."""


@solara.component_vue("address.vue")
def address(query: str = "", note: str = "") -> None:
    """Show the link with the settings, and write it to the address bar."""


@solara.component_vue("upload.vue")
def upload(most: float = 8, event_uploaded: Callable[[dict[str, str]], None] = _ignore) -> None:
    """Show the upload of a student's own file: its name, and its content in base 64."""


@solara.component_vue("network.vue")
def player(film: dict[str, Any] = {}, event_seen: Callable[[int], None] = _ignore) -> None:  # noqa: B006
    """Show the network player; it reports its month once it stops."""


@solara.component_vue("landing.vue")
def landing(networks: str = "", curve: str = "", months: list[str] = []) -> None:  # noqa: B006
    """Show two networks above their curves as a film; it plays once, and pauses by its button or the key Escape."""


@solara.component_vue("conditions.vue")
def conditions(
    note: str = "",
    switches: list[dict[str, Any]] = [],  # noqa: B006
    event_switched: Callable[[dict[str, Any]], None] = _ignore,
) -> None:
    """Show the conditions as switches; it reports the key and the value of one that is switched."""
