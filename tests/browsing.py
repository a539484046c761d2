"""Clients for tests: each request in an application context of its own, as in production."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.services.identity import start_session

HTMX = {"HX-Request": "true"}


class Browser(FlaskClient):
    """A client that leaves the test's own context alone: `g`, the signed-in person and the session are the request's.

    What the test has written so far is committed first (a savepoint with the `session` fixture), and its rows are read
    anew afterwards.
    """

    def open(self, *arguments: Any, **keywords: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*arguments, **keywords)


Browse = Callable[[str | None], Browser]


def open_browser(app: Flask, user_id: int | None) -> Browser:
    """A browser, signed in by a session row of that user."""
    browser = Browser(app, app.response_class)
    if user_id is not None:
        db.session.commit()
        token = start_session(user_id)
        with browser.session_transaction() as cookie:
            cookie["auth_token"] = token
            cookie.permanent = True
    return browser
