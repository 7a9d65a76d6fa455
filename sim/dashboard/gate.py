"""Gate in front of the page: a token for other computers, what all readers need in its HTML, and a still without JavaScript."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.dashboard.landing import animation, answer, basis

LOCAL = ("localhost", "127.0.0.1", "::1")
"""Hosts that only this computer reaches; for these no token is needed."""

COOKIE = "lab-token"
"""Cookie that holds the token of a browser."""

STILL = "/landing.svg"
"""Path of the film for browsers without JavaScript."""

ASK = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Collective Impact Lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body style="font-family: sans-serif; margin: 2em">
<h1>Collective Impact Lab</h1><p>{message}</p><form><label>Token <input name="token" autofocus></label>
<button>Open the page</button></form></body></html>"""
"""Page that asks for the token."""

MENDED = {
    b"<html>": b'<html lang="en">',
    b"maximum-scale=1, user-scalable=no, ": b"",
    b"<v-progress-linear ": b'<v-progress-linear aria-hidden="true" ',
    b"<v-progress-circular ": b'<v-progress-circular aria-label="The page is loading" ',
}
"""Parts of the server's HTML that keep some readers out, and what stands in their place."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def token_for(host: str) -> str:
    """Return a new token for a host; empty for one that only this computer reaches."""
    return "" if host in LOCAL else secrets.token_urlsafe(6)


def no_script() -> str:
    """Return what a browser without JavaScript shows: the answer, the film, and what to do."""
    return (
        f'<noscript><h1>Collective Impact Lab</h1><p>{escape(answer())}</p><img src="{STILL}" style="max-width: 100%" '
        f'alt="Two networks of trust, with and without a backbone, above their enrolment curves."><p>{escape(basis())} This '
        "page needs JavaScript: allow it to move the sliders.</p></noscript>"
    )


class Gate:
    """The page as an ASGI application that lets in browsers with the token."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], token: str = "") -> None:
        """Stand before an application; an empty token lets everybody in."""
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not self._is_let_in(scope):
            await self._refuse(scope, send)
        elif scope["type"] == "http" and scope["path"] == STILL:
            await _answer(send, 200, animation(), "image/svg+xml")
        elif scope["type"] == "http" and scope["path"] == "/":
            await self.app(_uncompressed(scope), receive, _for_all_readers(send))
        else:
            await self.app(scope, receive, send)

    def _is_let_in(self, scope: Scope) -> bool:
        """Return true if no token is needed, or the browser has it."""
        return not self.token or secrets.compare_digest(_cookie(scope).encode(), self.token.encode())

    async def _refuse(self, scope: Scope, send: Send) -> None:
        """Ask for the token; store it in the browser if the address has it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        token = dict(query).get("token")
        if token is None:
            message = "The address lacks the token: ask the person who started the page for the whole address."
            await _answer(send, 401, ASK.format(message=message))
        elif secrets.compare_digest(token.encode(), self.token.encode()):
            rest = urlencode([(key, value) for key, value in query if key != "token"])
            cookie = f"{COOKIE}={self.token}; Path=/; HttpOnly; SameSite=Lax"
            location = scope["path"] + (f"?{rest}" if rest else "")
            await _answer(send, 303, "", headers=[(b"location", location.encode()), (b"set-cookie", cookie.encode())])
        else:
            await _answer(
                send, 401, ASK.format(message="This token does not belong to this page; ask for the new address.")
            )


async def _answer(
    send: Send, status: int, text: str, kind: str = "text/html; charset=utf-8", headers: Any = ()
) -> None:
    """Send a whole response."""
    body = text.encode()
    fields = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


def _cookie(scope: Scope) -> str:
    """Return the token that a browser sends; empty if there is none."""
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _uncompressed(scope: Scope) -> Scope:
    """Return a request that asks for a response without compression."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}


def readable(page: bytes) -> bytes:
    """Return the server's HTML with its language, free zoom, bars named or passed over, and a view without JavaScript.

    >>> readable(b'<html><meta content="width=device-width, maximum-scale=1, user-scalable=no, minimal-ui">')
    b'<html lang="en"><meta content="width=device-width, minimal-ui">'
    """
    for wrong, right in MENDED.items():
        page = page.replace(wrong, right)
    return re.sub(rb"<body[^>]*>", lambda tag: tag[0] + no_script().encode(), page, count=1)


def _for_all_readers(send: Send) -> Send:
    """Return a `send` that passes the page on as `readable` returns it."""
    start: MutableMapping[str, Any] = {}
    parts: list[bytes] = []

    async def collect(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = readable(b"".join(parts))
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    return collect
