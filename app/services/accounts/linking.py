"""A lead made an account's by a person, or nobody's: matching leaves it alone from then on (P-15)."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.domain.review import ReviewDecision, goes_on_when_linked
from app.models import Account, Lead
from app.services.audit import record_event
from app.services.distribution.assigning import lock_lead
from app.services.distribution.reviewing import close_review
from app.services.lead_routing import resume_routing
from app.services.matching import link_to_account
from app.services.network.accounts import refuse_ended


def link_lead(*, lead_id: uuid.UUID, account_id: int, actor: Viewer, reason: str) -> None:
    """Say which account a lead belongs to, with a reason.

    An open lead that nobody works yet is routed again at once, unless a person is asked about something else than its
    account; a lead somebody works stays theirs. Raises `NotFound`, `Forbidden`, `Invalid` without a reason, `Refused`
    when the account is out of use. A second call changes nothing.
    """
    _link(lead_id, account_id, actor, reason)


def unlink_lead(*, lead_id: uuid.UUID, actor: Viewer, reason: str) -> None:
    """Say that a lead belongs to no account, with a reason; otherwise like `link_lead`."""
    _link(lead_id, None, actor, reason)


def _link(lead_id: uuid.UUID, account_id: int | None, actor: Viewer, reason: str) -> None:
    if not reason.strip():
        problem = Phrase(N_("Say why: the reason stays with the lead."))
        raise Invalid(problem, fields={"reason": problem})
    with transaction() as session:
        lead = lock_lead(session, lead_id, actor)
        if account_id is not None:
            _lock_account(session, lead, account_id)
        if lead.is_linked_by_hand and lead.account_id == account_id:
            return
        before = lead.account_id
        link_to_account(session, lead, account_id, by_hand=True)
        record_event(
            session,
            EventKind.LEAD_LINKED if account_id is not None else EventKind.LEAD_UNLINKED,
            actor=actor,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"account_id": account_id or before, "before_id": before, "reason": reason.strip()},
        )
        if before != account_id and goes_on_when_linked(lead.state, lead.review_reason):
            answer = ReviewDecision.MATCHED if account_id is not None else ReviewDecision.NO_LONGER_NEEDED
            close_review(session, lead, answer, account_id=account_id, actor=actor, note=reason.strip())
            resume_routing(session, lead, cause="linked_by_hand", actor=actor)


def _lock_account(session: Session, lead: Lead, account_id: int) -> None:
    """Hold the account as it is, so that it cannot be merged away before the link is there."""
    rows = select(Account).where(Account.id == account_id, Account.manufacturer_id == lead.manufacturer_id)
    account = session.scalars(rows.with_for_update(of=Account, read=True)).one_or_none()
    if account is None:
        raise NotFound
    refuse_ended(account)
