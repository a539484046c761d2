"""What the door forgets by itself (domain.md §9)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.database import clock_now, transaction
from app.models import Lead, Submission

ADDRESS_KEPT_FOR = timedelta(days=30)


def forget_ip_addresses() -> int:
    """Wipe the IP addresses of everything that arrived more than 30 days ago; returns how many. Safe twice."""
    with transaction() as session:
        long_ago = select(clock_now()).scalar_subquery() - ADDRESS_KEPT_FOR
        leads = update(Lead).where(Lead.ip_address.is_not(None), Lead.received_at < long_ago).values(ip_address=None)
        submissions = (
            update(Submission)
            .where(Submission.defaults.has_key("ip_address"), Submission.received_at < long_ago)
            .values(defaults=Submission.defaults.op("-")("ip_address"))
        )
        options = {"synchronize_session": False}
        return sum(
            session.execute(statement.execution_options(**options)).rowcount  # type: ignore[attr-defined]
            for statement in (leads, submissions)
        )
