"""Looks at leads that are owed since the network or a rule was changed: owed with the change, taken with the look."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Uuid

from app.database import clock_now
from app.domain.leads import LeadState, ReviewReason
from app.domain.phrases import Phrase
from app.models import Departure, Lead, Offer, OwedRecheck, Partnership
from app.queries.holdings import left_to_it_alone
from app.services.network_order import hold_network

RETRY_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one lead was owed: for which changes of rules, and for which partnerships whose standing has changed."""

    reasons: tuple[Phrase, ...] = ()
    partnership_ids: tuple[int, ...] = ()


def owe_for_rules(session: Session, manufacturer_id: int, lead_ids: Collection[uuid.UUID], why: Phrase) -> None:
    """Owe a look at each of these leads. The caller has taken the network, so none is decided about meanwhile."""
    ids = func.unnest(literal(sorted(lead_ids), ARRAY(Uuid)))
    rows = select(literal(manufacturer_id, BigInteger), ids, literal(why.to_json(), JSONB))
    columns = [OwedRecheck.manufacturer_id, OwedRecheck.lead_id, OwedRecheck.why]
    session.execute(insert(OwedRecheck).from_select(columns, rows, include_defaults=False))


def owe_for_network(session: Session, manufacturer_id: int, *, limit: int) -> None:
    """Owe a look at each open lead for the partnerships in doubt: from here on these rows say that work is to do.

    Every lead that was decided about under the old network is found: whoever decides holds it until the commit. One
    that somebody changes at this moment is left for the next call.
    """
    in_doubt = (
        select(Partnership)
        .where(Partnership.manufacturer_id == manufacturer_id)
        .where(Partnership.checked_version < Partnership.eligibility_version)
        .order_by(Partnership.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Partnership)
    )
    rows = session.scalars(in_doubt.execution_options(populate_existing=True)).all()
    for row in rows:
        row.checked_version = row.eligibility_version
    session.flush()
    is_nobodys = (Lead.state == LeadState.IN_REVIEW) & (Lead.review_reason == ReviewReason.NOBODY_ELIGIBLE)
    ids = literal([row.id for row in rows], ARRAY(BigInteger))
    open_leads = (
        select(Lead.manufacturer_id, Lead.id, ids)
        .where(Lead.manufacturer_id == manufacturer_id, (Lead.state == LeadState.DISTRIBUTING) | is_nobodys)
        .order_by(Lead.received_at)
    )
    if rows:
        columns = [OwedRecheck.manufacturer_id, OwedRecheck.lead_id, OwedRecheck.partnership_ids]
        session.execute(insert(OwedRecheck).from_select(columns, open_leads, include_defaults=False))


def leads_owed(session: Session) -> Sequence[uuid.UUID]:
    """The leads that are there still and owed a look now: for each manufacturer and kind of change in turn, by age.

    So neither holds up another, however many leads it touches. Not one that only a partner that leaves is offered: the
    departure hands it on, and it stays owed its look until then.
    """
    departing = select(Offer.lead_id).join(Departure, Departure.partnership_id == Offer.partnership_id)
    handed_on = departing.where(left_to_it_alone(), Departure.finished_at.is_(None))
    in_line = (OwedRecheck.due_at, OwedRecheck.id)
    turn = func.row_number().over(
        partition_by=(OwedRecheck.manufacturer_id, OwedRecheck.why.is_(None)), order_by=in_line
    )
    rows = (
        select(OwedRecheck.lead_id)
        .join(Lead, Lead.id == OwedRecheck.lead_id)
        .where(OwedRecheck.due_at <= select(clock_now()).scalar_subquery(), OwedRecheck.lead_id.not_in(handed_on))
        .order_by(turn, *in_line)
    )
    return list(dict.fromkeys(session.scalars(rows)))


def take_owed(session: Session, lead: Lead) -> Owed:
    """Take what a lead is owed; nothing when somebody else has looked. The caller has its lock.

    The network is held from here on: a change that comes later waits, and owes a look of its own.
    """
    hold_network(session, lead.manufacturer_id)
    taken = delete(OwedRecheck).where(OwedRecheck.lead_id == lead.id)
    rows = session.execute(taken.returning(OwedRecheck.id, OwedRecheck.why, OwedRecheck.partnership_ids))
    reasons: dict[str, Phrase] = {}
    partnership_ids: set[int] = set()
    for row in sorted(rows, key=lambda row: row.id):
        partnership_ids.update(row.partnership_ids or ())
        if row.why is not None:
            why = Phrase.from_json(row.why)
            reasons.setdefault(repr(why), why)
    return Owed(tuple(reasons.values()), tuple(sorted(partnership_ids)))


def put_off(session: Session, lead_id: uuid.UUID) -> None:
    """Let a lead wait that could not be looked at now, behind all that have not been tried."""
    later = select(clock_now() + RETRY_AFTER).scalar_subquery()
    session.execute(
        update(OwedRecheck)
        .where(OwedRecheck.lead_id == lead_id)
        .values(due_at=later)
        .execution_options(synchronize_session=False)
    )
