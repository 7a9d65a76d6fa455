"""Serve the page: what must be there before, and the server itself."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import warnings
import webbrowser
from importlib import metadata

from sim.commands import install
from sim.errors import InputError
from sim.jit import say_if_compiling

APP = "sim.dashboard.page"
INSTALL = f"`{install('dashboard')}`"
NEEDED = ("solara", "solara-assets", "ipyvuetify", "uvicorn")
"""What the extra installs and the page cannot do without."""


def ready(host: str, port: int) -> None:
    """Raises InputError where the extra is not installed, or nothing can be served at this host and port."""
    installed = {str(each.metadata["Name"]).lower().replace("_", "-") for each in metadata.distributions()}
    missing = [name for name in NEEDED if name not in installed]
    if missing:
        raise InputError(
            f"the page needs the extra `dashboard`, which is not installed ({missing[0]} is missing): {INSTALL}"
        )
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"nothing can be served at {host}, port {port} ({why}); say another with --port or --host"
        ) from None


def warm() -> None:
    """One run and one picture beforehand, so that the first visitor waits for neither compiler nor libraries."""
    from sim.dashboard.figures import enrolment, shown
    from sim.dashboard.session import opening
    from sim.phases.trust import talk

    say_if_compiling(talk)
    one = opening()
    for _ in shown(enrolment(one, one.run.years.assign(seed=0))):
        pass


def serve(host: str, port: int, browser: bool = True) -> None:
    """Serve the page until the process is stopped. Asks no other host for anything."""
    os.environ.update(SOLARA_APP=APP, SOLARA_TELEMETRY_MIXPANEL_ENABLE="false")
    import uvicorn

    # the cookie that the server falls back from is for pages inside others, which this one never is
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    warm()
    import solara.server.settings as settings

    settings.main.mode = "production"
    settings.theme.title = "Collective Impact Lab"
    settings.theme.show_banner = False
    settings.theme.force_refresh = True  # a page whose server has gone opens anew, with the settings of its address
    settings.kernel.cull_timeout = "30m"  # of a visit whose browser is out of reach, so that memory is given back
    config = uvicorn.Config("solara.server.starlette:app", host=host, port=port, log_level="error", ws_max_size=2**25)
    server = uvicorn.Server(config)
    url = f"http://{host}:{port}"
    threading.Thread(target=announce, args=(server, url, browser), daemon=True).start()
    server.run()


def announce(server: object, url: str, browser: bool) -> None:
    """Say where the page is once it is served, and open it."""
    for _ in range(600):
        if getattr(server, "started", False):
            sys.stderr.write(f"The page is at {url} (Ctrl+C ends it)\n")
            sys.stderr.flush()
            if browser:
                webbrowser.open(url)
            return
        time.sleep(0.1)
