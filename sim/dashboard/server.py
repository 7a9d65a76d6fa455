"""Server of the page, and the checks before it starts."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import warnings
import webbrowser
from importlib import import_module, metadata

from sim.commands import install
from sim.errors import InputError

APP = "sim.dashboard.page"
INSTALL = f"`{install('dashboard')}`"
NEEDED = ("solara", "solara-assets", "ipyvuetify", "uvicorn")
"""Packages of the extra that the page needs."""


def check_server(host: str, port: int) -> None:
    """Check that the page can be served.

    Raises:
        InputError: the extra is not installed, or host and port cannot be used
    """
    installed = {
        str(distribution.metadata["Name"]).lower().replace("_", "-") for distribution in metadata.distributions()
    }
    missing = [name for name in NEEDED if name not in installed]
    if missing:
        raise InputError(f"the extra `dashboard` is not installed ({missing[0]} is missing); install it: {INSTALL}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as test_socket:
            test_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            test_socket.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"host {host}, port {port} cannot be used ({reason}); choose another with --port or --host"
        ) from None


def serve(host: str, port: int, browser: bool = True) -> None:
    """Serve the page until the process is stopped, also while rules compile; no other host is contacted."""
    os.environ.update(SOLARA_APP=APP, SOLARA_TELEMETRY_MIXPANEL_ENABLE="false")
    import uvicorn

    # the cookie that the server falls back from is for pages inside others, which this one never is
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    import_module("sim.model")  # before other threads import what it imports
    from sim.dashboard.preparation import begin

    begin()
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
    """Write the address of the page once it is served, and open it in a browser."""
    for _ in range(600):
        if getattr(server, "started", False):
            sys.stderr.write(f"The page is at {url} (stop it with Ctrl+C)\n")
            sys.stderr.flush()
            if browser:
                webbrowser.open(url)
            return
        time.sleep(0.1)
