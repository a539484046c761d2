"""Every method of every address, called by nobody and as every role: with the caller's own ids and with another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app.database import db
from tests.browsing import open_browser
from tests.databases import rolled_back
from tests.guards.matrix import DOCUMENT, Row, document, rows
from tests.world import Things, World, build_world, fill

API = "/api/"
OPEN_TO_ANYBODY = {
    "static",
    "api_v1.document",
    "appearance.choose",
    "forms.fill_in",
    "forms.partners",
    "forms.send",
    "forms.thanks",
    "health.livez",
    "health.readyz",
    "identity.ask_password_reset",
    "identity.choose_language",
    "identity.forgotten_password",
    "identity.join",
    "identity.log_in",
    "identity.open_session",
    "identity.password_reset_asked",
    "identity.reset_password",
    "identity.show_invitation",
    "identity.show_reset",
    "start.index",
    "styleguide.index",
    "styleguide.news",
}
# What a form must hold to be looked at further than itself.
BODIES: dict[str, Callable[[Things], dict[str, str]]] = {
    "api_v1.decline_offer": lambda things: {"reason": "no_capacity"},
    "api_v1.hand_back": lambda things: {"reason": "no_capacity"},
    "partners.certify": lambda things: {f"line-{things['product_line_id']}-valid_until": "2099-12-31"},
    "partners.change_days": lambda things: {f"certification-{things['certification_id']}-valid_until": "2099-01-31"},
}
INSIDERS = ("ada", "carl", "arne", "ines", "vera", "nora", "nils")
OUTSIDERS = ("gina", "rita")
NOT_SEEN = 404


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """One stage for all cases of this file; each case is undone by a savepoint."""
    with rolled_back(app) as session:
        yield build_world(session)


Call = Callable[[Row, Things], TestResponse]


def caller(app: Flask, world: World, person: str | None) -> Call:
    """`call(row, things)`: the answer to that person, and everything it wrote undone."""
    browser = open_browser(app, world.user_ids[person] if person else None)
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    key = {"Authorization": f"Bearer {world.things[person]['api_key']}"} if person else {}

    def call(row: Row, things: Things) -> TestResponse:
        values = fill(row.endpoint, set(row.arguments), things)
        address = app.url_map.bind("localhost").build(row.endpoint, values)
        body = BODIES[row.endpoint](values) if row.endpoint in BODIES else {}
        connection = db.engines[None]
        assert isinstance(connection, Connection)
        undone = connection.begin_nested()
        try:
            if address.startswith(API):
                return browser.open(address, method=row.method, headers=key, json=body or None)
            return browser.open(address, method=row.method, data=body)
        finally:
            db.session.remove()
            undone.rollback()
            if cookie:
                browser.set_cookie(cookie.key, cookie.value)

    return call


def lines_of(app: Flask) -> list[Row]:
    return [row for row in rows(app) if row.roles is not None]


def test_every_view_says_who_may_call_it(app: Flask) -> None:
    assert not [row.endpoint for row in rows(app) if row.roles == frozenset()]


def test_what_is_open_to_anybody_is_listed_here(app: Flask) -> None:
    assert {row.endpoint for row in rows(app) if row.roles is None} <= OPEN_TO_ANYBODY


def test_written_matrix_is_current(app: Flask) -> None:
    is_current = DOCUMENT.read_text(encoding="utf-8") == document(app)
    assert is_current, "run: .venv/bin/python -m tests.guards.matrix"


def test_every_argument_can_be_filled(app: Flask, world: World) -> None:
    everything = world.own("ada") | world.own("nora")
    for row in rows(app):
        assert fill(row.endpoint, set(row.arguments), everything).keys() == row.arguments


def test_nobody_is_sent_to_log_in(app: Flask, world: World) -> None:
    call, things, wrong = caller(app, world, None), world.own("ada") | world.own("nora"), []
    for row in lines_of(app):
        answer = call(row, things)
        is_right = (
            answer.status_code == 401
            if row.rule.startswith(API)
            else answer.status_code in (302, 303) and "/log-in" in answer.location
        )
        if not is_right:
            wrong.append(f"{row.method} {row.rule}: {answer.status_code}")
    assert wrong == []


def test_what_is_open_answers_anybody(app: Flask, world: World) -> None:
    call, things = caller(app, world, None), world.own("ada")
    answers = {f"{row.method} {row.rule}": call(row, things).status_code for row in rows(app) if row.roles is None}
    refused = {401, 403, NOT_SEEN}
    assert {row: status for row, status in answers.items() if status in refused or _is_fault(row, status)} == {}


@pytest.mark.parametrize("person", INSIDERS)
def test_role_opens_or_is_refused(app: Flask, world: World, person: str) -> None:
    call, role = caller(app, world, person), world.roles[person]
    own, wrong = world.own("ada") | world.own("nora") | world.own(person), []
    for row in lines_of(app):
        status = call(row, own).status_code
        is_open = role in (row.roles or ())
        if (status != 403) if not is_open else (status in {401, 403, NOT_SEEN} or status >= 500):
            wrong.append(f"{row.method} {row.rule}: {status}, {'open to' if is_open else 'closed to'} {role}")
    assert wrong == []


@pytest.mark.parametrize("person", INSIDERS + OUTSIDERS)
def test_another_s_things_are_not_there(app: Flask, world: World, person: str) -> None:
    call, role = caller(app, world, person), world.roles[person]
    wrong = []
    for row in lines_of(app):
        if role not in (row.roles or ()) or not row.arguments:
            continue
        for things in cases(world, person, row):
            status = call(row, things).status_code
            if status != NOT_SEEN:
                wrong.append(f"{row.method} {row.rule}: {status}")
    assert wrong == []


def cases(world: World, person: str, row: Row) -> Iterator[Things]:
    """The address filled with strangers' things: all of them, and each alone among the person's own."""
    own = world.own(person)
    for strange in world.strangers(person):
        known = own | strange
        yield known
        if len(row.arguments) > 1:
            for name in sorted(row.arguments):
                yield known | {other: own[other] for other in row.arguments - {name} if other in own}


def _is_fault(row: str, status: int) -> bool:
    return status >= 500 and "/readyz" not in row
