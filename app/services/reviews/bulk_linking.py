"""Linking every lead of a company to one account, and taking that back as a whole (P-16)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.database import clock_now, transaction
from app.domain.accounts import AccountChangeKind
from app.domain.audit import EventKind
from app.domain.bulk_linking import LeadPattern, left_out
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.phrases import N_, Phrase
from app.domain.review import ReviewDecision, goes_on_when_linked
from app.models import Account, AccountChange, Event, Lead, Review
from app.queries.reviews.bulk import BULK_CAP, linkable_leads
from app.services.audit import record_event
from app.services.distribution.reviewing import DIRECT_ROLES, close_review
from app.services.lead_routing import resume_routing
from app.services.matching import link_to_account
from app.services.profiles import lock_companies
from app.services.rematch_asking import owe_rematch
from app.services.reviews.learning import forget_alias, learn_alias
from app.services.reviews.locking import lock_account
from app.services.reviews.restoring import is_taken, reopen_review, restore_standing, standing_of

_COMES_FIRST = (
    EventKind.LEAD_RELEASED,
    EventKind.LEAD_REVIEWED,
    EventKind.LEAD_LINKED,
    EventKind.LEAD_UNLINKED,
    EventKind.LEAD_ASSIGNED,
)
"""What may have happened to a lead since a bulk link so that it stays when that is taken back."""


@dataclass(frozen=True, slots=True)
class BulkLinked:
    """How many leads are the account's now, and under which change that can be taken back; None when none fitted."""

    change_id: int | None
    linked: int


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """How many leads are as they were, and how many were left because somebody has acted on them since."""

    restored: int
    kept: int


def link_in_bulk(
    *,
    pattern: LeadPattern,
    account_id: int,
    actor: Viewer,
    learns: bool = False,
    lead_ids: Collection[uuid.UUID] | None = None,
) -> BulkLinked:
    """Link the first 200 leads that fit a pattern to an account; those on their way go on to its owner at once.

    With `lead_ids` only these of them. Left alone are leads somebody works, closed ones, and those that a person linked
    elsewhere; a question about something else than the account stays open. With `learns` a pattern that is a full name
    becomes an alias of the account. Raises `NotFound`, `Forbidden`, `Invalid` for a pattern that says too little and
    `Refused` for an account out of use. A second call finds nothing left to link.
    """
    pattern.check()
    _refuse_reader(actor)
    with transaction() as session:
        leads = _lock_linkable(
            session, linkable_leads(actor.organisation_id, pattern, account_id), account_id, lead_ids
        )
        account = lock_account(session, account_id, actor)
        before = {str(lead.id): standing_of(lead) for lead in leads if _is_linkable(lead, account)}
        linked = [lead for lead in leads if str(lead.id) in before]
        name = pattern.full_name if learns else ""
        alias = learn_alias(session, account, name, actor) if name else None
        if not linked and alias is None:
            return BulkLinked(None, 0)
        for lead in linked:
            before[str(lead.id)]["review_id"] = _link(session, lead, account, actor)
        session.flush()  # What the link itself brought about is told before the change, anything newer after it.
        change = AccountChange(
            manufacturer_id=actor.organisation_id,
            kind=AccountChangeKind.LINKED_IN_BULK,
            account_id=account.id,
            before={"leads": before, "alias_id": alias.id if alias else None},
            summary={"pattern": asdict(pattern), "leads": len(linked)},
            done_by_id=actor.user_id,
        )
        session.add(change)
        session.flush()
        _tell(session, EventKind.LEADS_LINKED, account.id, len(linked), actor)
        if alias is not None:
            owe_rematch(session, actor.organisation_id, requested_by_id=actor.user_id)
        return BulkLinked(change.id, len(linked))


def undo_bulk_link(*, change_id: int, actor: Viewer) -> BulkUndone:
    """Take a bulk link back as a whole: every lead and the alias are as before, each question is open again.

    A lead that somebody has released, decided about, taken, closed or linked meanwhile stays as it is. Raises
    `NotFound`, `Forbidden`, and `Refused` on a second call.
    """
    _refuse_reader(actor)
    with transaction() as session:
        change = session.get(AccountChange, change_id, with_for_update=True, populate_existing=True)
        if change is None or change.manufacturer_id != actor.organisation_id or not _is_bulk(change):
            raise NotFound
        if change.undone_at is not None:
            raise Refused(Phrase(N_("This has been taken back already.")), code="already_undone")
        before: Mapping[str, Any] = change.before["leads"]
        leads = _lock(session, [uuid.UUID(lead_id) for lead_id in before])
        lock_companies(session, leads, account_id=change.account_id)
        overtaken = _overtaken(session, leads, change.done_at)
        restored = [
            lead
            for lead in leads
            if lead.account_id == change.account_id and lead.id not in overtaken and _is_untouched(session, lead)
        ]
        for lead in restored:
            _restore(session, lead, before[str(lead.id)], actor)
        has_changed = forget_alias(session, change.before.get("alias_id"))
        change.undone_at, change.undone_by_id = session.scalar(select(clock_now())), actor.user_id
        _tell(session, EventKind.ACCOUNT_CHANGE_UNDONE, change.account_id, len(restored), actor)
        if has_changed:
            owe_rematch(session, actor.organisation_id, requested_by_id=actor.user_id)
        return BulkUndone(len(restored), len(before) - len(restored))


def _refuse_reader(actor: Viewer) -> None:
    if not actor.has_role(*DIRECT_ROLES):
        raise Forbidden


def _lock_linkable(
    session: Session, linkable: Select[Any], account_id: int, lead_ids: Collection[uuid.UUID] | None
) -> Sequence[Lead]:
    """The leads that fit and were chosen, locked in the order of their ids, as they stand once they are."""
    chosen = linkable if lead_ids is None else linkable.where(Lead.id.in_(lead_ids))
    fitting = session.scalars(chosen.limit(BULK_CAP)).all()
    leads = _lock(session, [lead.id for lead in fitting])
    lock_companies(session, leads, account_id=account_id)
    return leads


def _lock(session: Session, lead_ids: Sequence[uuid.UUID]) -> Sequence[Lead]:
    wanted = select(Lead).where(Lead.id.in_(lead_ids)).order_by(Lead.id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()


def _is_linkable(lead: Lead, account: Account) -> bool:
    why_not = left_out(
        lead.state, account_id=lead.account_id, is_linked_by_hand=lead.is_linked_by_hand, into=account.id
    )
    return why_not is None


def _link(session: Session, lead: Lead, account: Account, actor: Viewer) -> int | None:
    """Link one lead and send it on; the id of the open question about it, which stays when it is not the account's."""
    asked = select(Review.id).where(Review.lead_id == lead.id, Review.decided_at.is_(None))
    review_id = session.scalars(asked).one_or_none()
    link_to_account(session, lead, account.id, by_hand=True)
    record_event(
        session,
        EventKind.LEAD_LINKED,
        actor=actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"account_id": account.id},
    )
    if goes_on_when_linked(lead.state, lead.review_reason):
        close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED, account_id=account.id, actor=actor)
        resume_routing(session, lead, cause="reviewed", actor=actor)
    return review_id


def _overtaken(session: Session, leads: Sequence[Lead], since: datetime) -> set[uuid.UUID | None]:
    """Of these leads the ones that something newer than the link has happened to."""
    newer = select(Event.lead_id).where(
        Event.lead_id.in_([lead.id for lead in leads]), Event.kind.in_(_COMES_FIRST), Event.at > since
    )
    return set(session.scalars(newer))


def _is_untouched(session: Session, lead: Lead) -> bool:
    return lead.state not in CLOSED_STATES and not is_taken(session, lead)


def _restore(session: Session, lead: Lead, before: Mapping[str, Any], actor: Viewer) -> None:
    """Bring the lead back; one that was on its way starts again, one that was in question is put before a person."""
    review = session.get(Review, before["review_id"]) if before["review_id"] else None
    close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED)
    restore_standing(session, lead, before)
    record_event(
        session,
        EventKind.LEAD_UNLINKED,
        actor=actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"account_id": before["account_id"]} if before["account_id"] else {},
    )
    if lead.state is LeadState.DISTRIBUTING:
        resume_routing(session, lead, cause="reviewed", actor=actor)
    elif review is not None:
        reopen_review(session, review, lead)


def _is_bulk(change: AccountChange) -> bool:
    return change.kind is AccountChangeKind.LINKED_IN_BULK


def _tell(session: Session, kind: EventKind, account_id: int | None, count: int, actor: Viewer) -> None:
    record_event(
        session,
        kind,
        actor=actor,
        manufacturer_id=actor.organisation_id,
        data={"account_id": account_id, "count": count},
    )
