"""Several leads of one company within hours: its owner hears of it once, and may ask for help (P-26)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.account_routing.owners import account_owner
from app.domain.accounts import AccountFlag
from app.domain.audit import EventKind
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.models import Account, Assignment, Event, Lead, ManufacturerSettings, Organisation, Partnership
from app.queries.account_routing import route_facts
from app.queries.people import people_to_tell
from app.queries.profiles import members_of_profile
from app.services.audit import record_event
from app.services.named_locks import lock_names
from app.services.notifications import owe_mails

_NO_LEADS = (LeadState.DISQUALIFIED, LeadState.ERASED)
_LISTED = (AccountFlag.STRATEGIC, AccountFlag.NAMED)
_LEADS_SINCE = (
    select(Lead.id)
    .where(Lead.manufacturer_id == bindparam("manufacturer_id"), Lead.asked_at > bindparam("since"))
    .where(Lead.state.not_in(_NO_LEADS))
    .order_by(Lead.asked_at, Lead.id)
)
_OF_ACCOUNT = _LEADS_SINCE.where(Lead.account_id == bindparam("account_id"))
_OF_PROFILE = _LEADS_SINCE.where(Lead.profile_id.in_(members_of_profile(bindparam("profile_id"))))


def note_high_activity(session: Session, lead: Lead, account: Account | None) -> bool:
    """Note that a company asks more than usual, and owe its owner one mail; False when it does not, or is noted.

    How many leads within how many hours is the manufacturer's setting. Belongs into the transaction that has decided
    the lead's account and profile; nothing about who gets the lead changes by it. Once per burst, also when two of its
    leads come at one moment. What a partner reads is drawn for its eyes when the mail is sent.
    """
    settings = session.get_one(ManufacturerSettings, lead.manufacturer_id)
    now = read_clock(session)
    since = now - timedelta(hours=settings.high_activity_hours)
    if lead.asked_at <= since or (account is None and lead.profile_id is None):
        return False
    company = f"profile:{lead.profile_id}" if lead.profile_id else f"account:{lead.account_id}"
    lock_names(session, [f"{lead.manufacturer_id}/activity/{company}"])
    burst_ids = _leads_since(session, lead, account, since)
    if len(burst_ids) < settings.high_activity_leads or _is_noted(session, burst_ids):
        return False
    record_event(
        session,
        EventKind.HIGH_ACTIVITY,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"account_id": account.id if account else None, "count": len(burst_ids)},
    )
    owe_mails(
        session,
        MailKind.HIGH_ACTIVITY_TO_OWNER,
        _people(session, _owner(session, lead, account, burst_ids, now)),
        payload={"lead_ids": [str(one) for one in burst_ids], "account_id": account.id if account else None},
        once=f"{MailKind.HIGH_ACTIVITY_TO_OWNER.value}:{lead.id}",
    )
    return True


def _leads_since(session: Session, lead: Lead, account: Account | None, since: datetime) -> Sequence[uuid.UUID]:
    given = {"manufacturer_id": lead.manufacturer_id, "since": since}
    if account is not None:
        return session.scalars(_OF_ACCOUNT, given | {"account_id": account.id}).all()
    return session.scalars(_OF_PROFILE, given | {"profile_id": lead.profile_id}).all()


def _is_noted(session: Session, lead_ids: Sequence[uuid.UUID]) -> bool:
    noted = select(Event.id).where(Event.lead_id.in_(lead_ids), Event.kind == EventKind.HIGH_ACTIVITY)
    return session.scalar(noted.limit(1)) is not None


def _owner(
    session: Session, lead: Lead, account: Account | None, burst_ids: Sequence[uuid.UUID], now: datetime
) -> Owner | None:
    """Whose the company is today; without an account, who works its latest lead."""
    if account is None:
        return _worker(session, burst_ids)
    zone = session.get_one(Organisation, lead.manufacturer_id).time_zone
    facts = route_facts(session, lead, now=now, zone=zone)
    known = facts.account
    if known is None:
        return None
    is_listed = any(known.is_listed(flag, now.astimezone(ZoneInfo(zone)).date()) for flag in _LISTED)
    if is_listed and known.listed_owner is not None:
        return facts.standing(known.listed_owner)
    found = account_owner(known)
    return facts.standing(found.owner) if found else None


def _worker(session: Session, lead_ids: Sequence[uuid.UUID]) -> Owner | None:
    latest = (
        select(Assignment)
        .where(Assignment.lead_id.in_(lead_ids), Assignment.ended_at.is_(None))
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    work = session.scalars(latest).one_or_none()
    if work is None:
        return None
    if work.partnership_id is not None:
        return Owner(partnership_id=work.partnership_id)
    return Owner(user_id=work.user_id)


def _people(session: Session, owner: Owner | None) -> list[int]:
    if owner is None:
        return []
    if owner.user_id is not None:
        return [owner.user_id]
    return people_to_tell(session, session.get_one(Partnership, owner.partnership_id).partner_id)
