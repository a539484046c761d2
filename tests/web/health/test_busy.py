"""What a request is told that meets a server's disappearance in its midst: try again, and nothing was changed."""

from __future__ import annotations

import pytest
from flask import Flask
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError


@pytest.mark.parametrize(
    "error",
    [
        RedisAway("gone"),
        OperationalError("SELECT", {}, Exception("gone")),
        InterfaceError("SELECT", {}, Exception("gone")),
        PendingRollbackError("gone"),
    ],
)
def test_a_server_that_goes_in_the_midst_of_a_request_is_no_fault(app: Flask, error: Exception) -> None:
    with app.test_request_context("/api/v1/board"):
        answer = app.make_response(app.handle_user_exception(error))
    assert (answer.status_code, answer.headers["Retry-After"], answer.get_json()["code"]) == (503, "2", "busy")
