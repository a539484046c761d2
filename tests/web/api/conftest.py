"""Programs that speak with the API by a person's key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.api_keys import SCOPES_OF
from app.services.identity import create_api_key
from tests.browsing import Browser
from tests.cast import Cast

API = "/api/v1"


class Program:
    """A client with a key and without cookies."""

    def __init__(self, app: Flask, secret: str | None) -> None:
        self._browser = Browser(app, app.response_class)
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> TestResponse:
        """GET a path of the API."""
        return self._browser.get(API + path, headers=self._headers | _headers(headers))

    def post(self, path: str, json: Any = None, **headers: str) -> TestResponse:
        """POST to a path of the API, with or without a body."""
        return self._browser.post(API + path, headers=self._headers | _headers(headers), json=json)

    def post_raw(self, path: str, data: bytes, content_type: str = "application/json") -> TestResponse:
        """POST bytes as they are."""
        return self._browser.post(API + path, headers=self._headers, data=data, content_type=content_type)


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}


def is_problem(answer: TestResponse, status: int, code: str) -> bool:
    """Whether an answer is a refusal as programs are promised it."""
    body = answer.get_json()
    kept = {"type": "about:blank", "status": status, "code": code}
    is_whole = all(body.get(name) == value for name, value in kept.items()) and body["title"] and body["detail"]
    return answer.status_code == status and answer.content_type == "application/problem+json" and bool(is_whole)


Programs = Callable[..., Program]


@pytest.fixture
def program(app: Flask, request: pytest.FixtureRequest) -> Programs:
    """`program("nora")`: a program with a key of one of the cast, for all of its side's scopes or those named."""
    cast: Cast = request.getfixturevalue("committed_cast" if "committed" in request.fixturenames else "cast")

    def with_key(name: str | None, *scopes: str) -> Program:
        if name is None:
            return Program(app, None)
        actor = cast.viewer(name)
        chosen = scopes or SCOPES_OF[actor.organisation_kind]
        return Program(app, create_api_key(name="Own tool", scopes=chosen, actor=actor).secret)

    return with_key
