"""The migrations make exactly the tables the models describe, in one line of history."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy.orm import Session

from app.config import CHECKOUT
from app.database import Base, db
from app.domain.audit import Audience, EventKind
from app.models import Event
from tests.cast import Cast


def test_there_is_one_head() -> None:
    heads = ScriptDirectory(str(CHECKOUT / "migrations")).get_heads()
    assert len(heads) == 1


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_a_downgrade_that_the_trail_does_not_allow_says_so_and_changes_nothing(
    app: Flask, committed: Session, committed_cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    acme = committed_cast.acme.id
    committed.add(Event(kind=EventKind.PARTNERSHIP_PAUSED, manufacturer_id=acme, audience=Audience.MANUFACTURER))
    committed.commit()
    with pytest.raises(SystemExit):
        downgrade(revision="0005")
    assert "restore the backup from before the upgrade" in caplog.text
    with db.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    assert heads == tuple(ScriptDirectory(str(CHECKOUT / "migrations")).get_heads())


def test_every_enumeration_is_checked_by_the_database_with_today_s_values(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
        ).all()
    checks = {(table.strip('"'), name): definition for table, name, definition in rows}
    missing = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            values = getattr(column.type, "enums", None)
            definitions = [
                text
                for (owner, _), text in checks.items()
                if owner == table.name and f"({column.name})" in text.replace('"', "")
            ]
            if values and not any(all(f"'{value}'" in text for value in values) for text in definitions):
                missing.append(f"{table.name}.{column.name}")
    assert missing == []
