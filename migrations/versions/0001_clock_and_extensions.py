"""The database's clock, and the extensions the tables use."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(
        """
        CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
            SELECT clock_timestamp()
                + coalesce(nullif(current_setting('pullboard.clock_offset', true), ''), '0')::interval
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION clock_now()")
