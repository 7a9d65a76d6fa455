"""Server of the page, and the checks before it starts."""

from __future__ import annotations

import os
import signal
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
    from solara.server.starlette import app

    from sim.dashboard.background import end_tasks
    from sim.dashboard.gate import Gate, token_for

    token = token_for(host)
    config = uvicorn.Config(Gate(app, token), host=host, port=port, log_level="error", ws_max_size=2**25)
    server = uvicorn.Server(config)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that folders of visits are deleted
    threading.Thread(target=announce, args=(server, addresses(host, port, token), browser), daemon=True).start()
    try:
        server.run()
    finally:
        end_tasks()


def addresses(host: str, port: int, token: str) -> tuple[str, str]:
    """Return the page's address for this computer, and for others of the network; the second is empty for a local host.

    >>> addresses("localhost", 80, "")
    ('http://localhost:80', '')
    """
    query = f"/?token={token}" if token else ""
    everywhere = host in ("0.0.0.0", "::")
    here = "localhost" if everywhere else host
    other = socket.gethostname() if everywhere else host
    return f"http://{here}:{port}{query}", f"http://{other}:{port}{query}" if token else ""


def announce(server: object, urls: tuple[str, str], browser: bool) -> None:
    """Write the addresses of the page once it is served, and open it in a browser."""
    for _ in range(600):
        if getattr(server, "started", False):
            sys.stderr.write(f"The page is at {urls[0]} (stop it with Ctrl+C)\n")
            if urls[1]:
                sys.stderr.write(f"Others in your network open {urls[1]} (the token is part of the address)\n")
            sys.stderr.flush()
            if browser:
                webbrowser.open(urls[0])
            return
        time.sleep(0.1)
