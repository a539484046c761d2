"""Counting a partnership's score anew under its row's lock, and what follows from a fall."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.response_score import ResponseEntry, score_of
from app.models import Partnership
from app.models import ResponseEntry as EntryRow
from app.queries.response_scores import present_score, response_rules
from app.services.response_scores.consequences import follow_fall

BATCH = 200
"""Partnerships looked at in one go; each is settled in a transaction of its own."""


def settle_responses() -> int:
    """Count what was noted since: each partnership's score, its warning, suspension or territory review.

    Entries are taken in the order they happened, under the partnership's lock, each exactly once: a killed process
    leaves them for the next call. Returns how many partnerships were settled; a second call finds none.
    """
    with transaction() as session:
        unsettled = select(EntryRow.partnership_id).where(EntryRow.settled_at.is_(None)).distinct()
        partnership_ids = session.scalars(unsettled.order_by(EntryRow.partnership_id).limit(BATCH)).all()
    for partnership_id in partnership_ids:
        with transaction() as session:
            _settle(session, partnership_id)
    return len(partnership_ids)


def recount_lapsed_scores() -> int:
    """Count anew the scores of partnerships that ever lost points, as losses lapse by themselves.

    A score that only rises has no consequence. Returns how many have changed; a second call changes none.
    """
    with transaction() as session:
        lost = select(EntryRow.partnership_id).where(EntryRow.points < 0).distinct()
        partnership_ids = session.scalars(lost.order_by(EntryRow.partnership_id)).all()
    return sum(_recount(partnership_id) for partnership_id in partnership_ids)


def _recount(partnership_id: int) -> bool:
    with transaction() as session:
        partnership = _lock(session, partnership_id)
        rules = response_rules(session, partnership.manufacturer_id)
        before = partnership.response_score
        partnership.response_score = present_score(session, partnership_id, rules, read_clock(session)).value
        return partnership.response_score != before


def _settle(session: Session, partnership_id: int) -> None:
    partnership = _lock(session, partnership_id)
    rules = response_rules(session, partnership.manufacturer_id)
    now = read_clock(session)
    rows = session.scalars(
        select(EntryRow).where(EntryRow.partnership_id == partnership_id).order_by(EntryRow.happened_at, EntryRow.id)
    ).all()
    counted = [_entry(row) for row in rows if row.settled_at is not None]
    before = score_of(counted, now, rules).value
    for row in rows:
        if row.settled_at is None:
            counted.append(_entry(row))
            row.settled_at = now
            after = score_of(counted, now, rules).value
            partnership.response_score = after
            follow_fall(session, partnership, before, after, rules=rules, now=now)
            before = after


def _lock(session: Session, partnership_id: int) -> Partnership:
    """The partnership with its row locked; rows that refer to it may still come."""
    return session.get_one(
        Partnership, partnership_id, with_for_update={"key_share": True, "of": Partnership}, populate_existing=True
    )


def _entry(row: EntryRow) -> ResponseEntry:
    return ResponseEntry(row.kind, row.happened_at, row.lead_id, row.points)
