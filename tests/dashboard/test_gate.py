"""The gate: browsers of other computers need the token; a browser without JavaScript sees the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("solara", reason="the extra `dashboard` is not installed")

from sim.dashboard.gate import COOKIE, STILL, Gate, token_for
from sim.dashboard.landing import answer

PAGE = b"<html><body class='a'><div id=app></div></html>"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Stand for the page."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(PAGE))]})
    await send({"type": "http.response.body", "body": PAGE})


def ask(token: str = "", path: str = "/", query: str = "", cookie: str = "", kind: str = "http") -> tuple[dict, bytes]:
    """Return the start and the body of the answer to a request."""
    messages: list[dict] = []

    async def send(message: dict) -> None:
        messages.append(message)

    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": kind, "path": path, "query_string": query.encode(), "headers": headers}
    asyncio.run(Gate(application, token)(scope, None, send))
    return messages[0], messages[-1].get("body", b"")


def test_this_computer_needs_no_token_and_others_do():
    assert [bool(token_for(host)) for host in ("localhost", "127.0.0.1", "0.0.0.0", "192.168.1.2")] == [
        False,
        False,
        True,
        True,
    ]
    assert token_for("0.0.0.0") != token_for("0.0.0.0")


def test_without_a_token_to_ask_for_everybody_is_let_in():
    start, body = ask()
    assert start["status"] == 200
    assert b"<div id=app>" in body


@pytest.mark.parametrize("query", ["", "scenario=historical"])
def test_a_visit_without_the_token_is_told_what_to_do(query):
    start, body = ask("secret", query=query)
    assert start["status"] == 401
    assert b"The address lacks the token" in body
    assert b"<div id=app>" not in body


def test_a_wrong_token_is_told():
    start, body = ask("secret", query="token=other")
    assert start["status"] == 401
    assert b"does not belong to this page" in body


def test_the_token_of_the_address_goes_into_the_browser_and_the_settings_stay():
    start, _ = ask("secret", query="token=secret&scenario=historical")
    headers = dict(start["headers"])
    assert start["status"] == 303
    assert headers[b"location"] == b"/?scenario=historical"
    assert f"{COOKIE}=secret".encode() in headers[b"set-cookie"]


def test_a_browser_with_the_token_is_let_in():
    assert ask("secret", cookie=f"{COOKIE}=secret")[0]["status"] == 200
    assert ask("secret", cookie=f"{COOKIE}=other")[0]["status"] == 401
    assert ask("secret", path="/static/a.js", cookie="a=b")[0]["status"] == 401


def test_a_connection_without_the_token_is_closed():
    assert ask("secret", path="/jupyter/api/kernels/1/channels", kind="websocket")[0] == {
        "type": "websocket.close",
        "code": 1008,
    }


def test_a_browser_without_javascript_sees_the_answer_and_the_film():
    start, body = ask()
    assert int(dict(start["headers"])[b"content-length"]) == len(body)
    text = body.decode()
    assert text.index("<body class='a'><noscript>") < text.index("<div id=app>")
    assert answer().replace("'", "&#x27;") in text
    assert "needs JavaScript" in text
    start, picture = ask(path=STILL)
    assert dict(start["headers"])[b"content-type"] == b"image/svg+xml"
    assert picture.startswith(b"<svg")
