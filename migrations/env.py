"""How Alembic reaches the database: through the application's own engine and metadata."""

from __future__ import annotations

from alembic import context
from flask import current_app

import app.models  # noqa: F401 - fills the metadata
from app.database import Base, db


def run() -> None:
    """Bring the schema up or down in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
