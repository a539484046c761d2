"""The pool's lines to the server."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db


def test_a_line_the_server_has_cut_is_replaced_before_it_is_used(committed: Session) -> None:
    with db.engine.connect() as killer, db.engine.connect() as victim:
        pid = victim.scalar(select(func.pg_backend_pid()))
        victim.close()
        assert killer.scalar(select(func.pg_terminate_backend(pid)))
        with db.engine.connect() as again:
            assert again.scalar(select(func.pg_backend_pid())) != pid
    assert committed.scalar(select(1)) == 1
