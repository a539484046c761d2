"""What the door forgets by itself (domain.md §9)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from app.database import clock_now, transaction
from app.domain.audit import EventKind
from app.models import Lead, ManufacturerSettings, Submission
from app.services.audit import record_event


def forget_ip_addresses() -> int:
    """Wipe the IP addresses of all that arrived longer ago than its manufacturer keeps them; returns how many.

    How many days that is, is a setting; 30 by default. Each manufacturer's is one transaction and one line of its
    trail, with the number. A second call finds nothing left.
    """
    with transaction() as session:
        kept = session.execute(select(ManufacturerSettings.manufacturer_id, ManufacturerSettings.ip_address_days)).all()
    return sum(_forget(manufacturer_id, timedelta(days=days)) for manufacturer_id, days in kept)


def _forget(manufacturer_id: int, kept_for: timedelta) -> int:
    long_ago = select(clock_now()).scalar_subquery() - kept_for
    leads = update(Lead).where(*_is_old(Lead, manufacturer_id, long_ago), Lead.ip_address.is_not(None))
    arrived = _is_old(Submission, manufacturer_id, long_ago)
    submissions = update(Submission).where(*arrived, Submission.defaults.has_key("ip_address"))
    with transaction() as session:
        count = _wipe(session, leads.values(ip_address=None))
        count += _wipe(session, submissions.values(defaults=Submission.defaults.op("-")("ip_address")))
        if count:
            data = {"count": count}
            record_event(session, EventKind.IP_ADDRESSES_FORGOTTEN, manufacturer_id=manufacturer_id, data=data)
    return count


def _is_old(
    table: type[Lead] | type[Submission], manufacturer_id: int, long_ago: ColumnElement[object]
) -> tuple[ColumnElement[bool], ...]:
    return table.manufacturer_id == manufacturer_id, table.received_at < long_ago


def _wipe(session: Session, statement: Update) -> int:
    found = session.execute(statement.execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]
