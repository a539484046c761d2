"""Every address with what no honest browser sends: it is refused or passed over, never a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app.database import db
from app.domain.identity import MANUFACTURER_ROLES
from tests.browsing import open_browser
from tests.databases import rolled_back
from tests.guards.matrix import Row, rows
from tests.world import World, build_world, fill

API = "/api/"
TOO_LARGE = 2**63
NO_ADDRESS = "http://["
FIELDS = ("name", "reason", "note", "text", "q", "search", "code", "email", "title", "slug", "lead", "company")
QUERY = ("after", "cursor", "search", "next", "since", "to", "lead", "person", "product", "manufacturer", "last_on")

Send = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """One stage for all cases of this file; each request is undone by a savepoint."""
    with rolled_back(app) as session:
        yield build_world(session)


def sender(app: Flask, world: World, person: str | None) -> Send:
    """`send(method, address, …)` as that person, everything it wrote undone."""
    browser = open_browser(app, world.user_ids[person] if person else None)
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    key = {"Authorization": f"Bearer {world.things[person]['api_key']}"} if person else {}

    def send(method: str, address: str, headers: dict[str, str] | None = None, **sent: Any) -> TestResponse:
        connection = db.engines[None]
        assert isinstance(connection, Connection)
        undone = connection.begin_nested()
        try:
            own = key if address.startswith(API) else {}
            return browser.open(address, method=method, headers={**own, **(headers or {})}, **sent)
        finally:
            db.session.remove()
            undone.rollback()
            if cookie:
                browser.set_cookie(cookie.key, cookie.value)

    return send


def rows_of(app: Flask, person: str | None) -> list[Row]:
    """The addresses that person tries: each address is somebody's."""
    side = {None: lambda row: row.roles is None, "ada": _is_manufacturers, "nora": _is_partners}[person]
    return [row for row in rows(app) if side(row) and row.endpoint not in ("static", "health.readyz")]


def _is_manufacturers(row: Row) -> bool:
    return row.roles is not None and not row.roles.isdisjoint(MANUFACTURER_ROLES)


def _is_partners(row: Row) -> bool:
    return row.roles is not None and row.roles.isdisjoint(MANUFACTURER_ROLES)


def hostile(row: Row, address: str) -> Iterator[tuple[str, dict[str, Any], set[int]]]:
    """Requests as address, what is sent, and the statuses one of which must be answered; none named, no fault."""
    if "<int:" in row.rule:
        yield re.sub(r"(?<=/)\d+(?=/|$)", str(TOO_LARGE), address), {}, {404, 405}
    for text in ("\x00", "9" * 30, "9999-12-31", NO_ADDRESS, "\ud7ff\uffff"):
        yield address, {"query_string": dict.fromkeys(QUERY, text)}, set()
    if row.method == "POST":
        yield address, {"data": dict.fromkeys(FIELDS, "a\x00b")}, set()
        yield address, {"data": {}, "headers": {"Origin": NO_ADDRESS}}, {403}
        yield address, {"json": [1]}, set() if address.startswith(API) else {415}
        yield address, {"data": b"\xff\x00", "content_type": "multipart/form-data; boundary=x"}, set()
    else:
        yield address, {"headers": {"Referer": NO_ADDRESS, "HX-Current-URL": NO_ADDRESS, "If-None-Match": '"'}}, set()


@pytest.mark.parametrize("person", ["ada", "nora", None])
def test_no_answer_is_a_fault(app: Flask, world: World, person: str | None) -> None:
    send, things, wrong = sender(app, world, person), world.own("ada") | world.own("nora"), []
    things |= world.own(person) if person else {}
    for row in rows_of(app, person):
        values = fill(row.endpoint, set(row.arguments), things)
        address = app.url_map.bind("localhost").build(row.endpoint, values)
        for url, sent, wanted in hostile(row, address):
            status = send(row.method, url, **sent).status_code
            if status >= 500 or (wanted and status not in wanted):
                wrong.append(f"{row.method} {row.rule} {ascii(sent)[:80]}: {status}")
    assert wrong == []


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", NO_ADDRESS, "evil"])
def test_nobody_is_sent_to_another_site(app: Flask, world: World, wanted: str) -> None:
    send = sender(app, world, "nora")
    assert send("GET", "/log-in", query_string={"next": wanted}).location == "/"
    for address in ("/language", "/theme"):
        sent = {"language": "de", "theme": "dark"}
        assert send("POST", address, data=sent, headers={"Referer": wanted}).location == "/"


def test_a_place_that_nobody_gave_out_is_the_first_page(app: Flask, world: World) -> None:
    send = sender(app, world, "nora")
    # ["value", Infinity, "0…0"]: JSON that Python reads and no number of a page can be.
    place = "WyJ2YWx1ZSIsSW5maW5pdHksIjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwIl0"
    assert send("GET", "/board", query_string={"sort": "value", "after": place}).status_code == 200


def test_an_import_takes_only_a_source_there_is(app: Flask, world: World) -> None:
    send = sender(app, world, "ada")
    answer = send("POST", f"/intake/imports/{world.own('ada')['import_id']}/mapping", data={"source_kind": "fax"})
    assert answer.status_code == 422
