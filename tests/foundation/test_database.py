"""The pool's lines to the server."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import db

WAITED = 10_000
"""Milliseconds the server may take to end a connection: it only *sends* the order where it is given none."""


def test_a_line_the_server_has_cut_is_replaced_before_it_is_used(committed: Session) -> None:
    with db.engine.connect() as killer, db.engine.connect() as victim:
        pid = victim.scalar(select(func.pg_backend_pid()))
        victim.close()
        assert killer.scalar(select(func.pg_terminate_backend(pid, WAITED)))
        with db.engine.connect() as again:
            assert again.scalar(select(func.pg_backend_pid())) != pid
    assert committed.scalar(select(1)) == 1


def test_statements_stay_prepared_when_a_read_ends_in_a_rollback(committed: Session) -> None:
    with db.engine.connect() as line:
        for number in range(8):
            line.execute(select(func.length(str(number))))
            line.rollback()
        kept = line.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("length" in statement for statement in kept)


def test_a_failed_transaction_is_rolled_back(committed: Session) -> None:
    with pytest.raises(DBAPIError):
        committed.execute(text("SELECT 1 / 0"))
    committed.rollback()
    assert committed.scalar(select(1)) == 1
