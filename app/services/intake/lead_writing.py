"""What a judged arrival leaves behind: a new lead, or a touch on the lead it repeats."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival
from app.domain.intake.domains import company_domain_of
from app.domain.intake.judgement import Judgement
from app.domain.intake.reading import LeadReading
from app.domain.leads import LeadState, decide_move
from app.models import Consent, Lead, LeadTouch, ProductLine, Submission
from app.services.audit import record_event
from app.services.routing_rules import note_change


def write_lead(
    session: Session,
    lead_id: uuid.UUID,
    submission: Submission,
    arrival: Arrival,
    judgement: Judgement,
    *,
    asked_at: datetime,
    actor: Viewer | None,
) -> bool:
    """Make the lead, its product lines, its consent and the first line of its trail; it is to be routed."""
    lead = Lead(
        id=lead_id,
        manufacturer_id=submission.manufacturer_id,
        state=LeadState.RECEIVED,
        asked_at=asked_at,
        title=judgement.title,
        score=judgement.score,
        score_lines=[{"label": line.label, "points": line.points} for line in judgement.score_lines],
        is_hot=judgement.reading.is_executive,
        ip_address=arrival.ip_address or None,
        **_columns(judgement.reading, arrival),
    )
    lead.product_lines = [session.get_one(ProductLine, product.id) for product in judgement.products]
    lead.consent = _consent(lead_id, arrival, judgement, asked_at)
    session.add(lead)
    record_event(
        session,
        EventKind.LEAD_RECEIVED,
        actor=actor,
        manufacturer_id=submission.manufacturer_id,
        lead_id=lead_id,
        data={
            "channel": submission.channel.value,
            "import_id": submission.import_id,
            "score": judgement.score,
            "is_hot": lead.is_hot,
            "consent": judgement.reading.consent.scope.value,
        },
    )
    return True


def write_touch(
    session: Session,
    lead_id: uuid.UUID,
    submission: Submission,
    arrival: Arrival,
    judgement: Judgement,
    *,
    asked_at: datetime,
    actor: Viewer | None,
) -> bool:
    """Keep on the lead that its prospect asked again; True when the lead is to be routed anew because of it.

    Only a lead held for nurture changes by it: a consent given now replaces the missing one, a higher score counts.
    Then it is back at the door, as it is where a routing rule asks about waiting leads. A box left empty the second
    time withdraws nothing, and a lead that partners already see stays as it is.
    """
    reading = judgement.reading
    session.flush()
    session.add(
        LeadTouch(
            lead_id=lead_id,
            submission_id=submission.id,
            external_id=reading.external_id or None,
            source_kind=reading.source_kind,
            source_name=reading.source or arrival.source_name,
            message=reading.message,
            asked_at=asked_at,
        )
    )
    record_event(
        session,
        EventKind.LEAD_TOUCHED,
        actor=actor,
        manufacturer_id=submission.manufacturer_id,
        lead_id=lead_id,
        data={"channel": submission.channel.value, "import_id": submission.import_id},
    )
    return _warm_up(session, lead_id, arrival, judgement, asked_at)


def _warm_up(session: Session, lead_id: uuid.UUID, arrival: Arrival, judgement: Judgement, asked_at: datetime) -> bool:
    lead = session.scalar(
        select(Lead).where(Lead.id == lead_id, Lead.state == LeadState.NURTURING).with_for_update(of=Lead)
    )
    if lead is None:
        return False
    has_risen = judgement.score > (lead.score or 0)
    if has_risen:
        lead.score = judgement.score
        lead.score_lines = [{"label": line.label, "points": line.points} for line in judgement.score_lines]
    before = session.get_one(Consent, lead_id)
    is_new_consent = before.scope is ConsentScope.NONE and judgement.reading.consent.scope is not ConsentScope.NONE
    if is_new_consent:
        session.merge(_consent(lead_id, arrival, judgement, asked_at))
        record_event(
            session,
            EventKind.CONSENT_GIVEN,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead_id,
            data={"scope": judgement.reading.consent.scope.value, "wording_id": arrival.wording_id},
        )
    if has_risen or is_new_consent:
        lead.state = decide_move(lead.state, LeadState.RECEIVED)
        return True
    return note_change(session, lead)


def _consent(lead_id: uuid.UUID, arrival: Arrival, judgement: Judgement, asked_at: datetime) -> Consent:
    return Consent(
        lead_id=lead_id,
        scope=judgement.reading.consent.scope,
        partnership_ids=list(judgement.partnership_ids),
        wording_id=arrival.wording_id,
        language=arrival.language or judgement.reading.language,
        source=arrival.source_name,
        proof=arrival.proof,
        given_at=asked_at,
    )


def _columns(reading: LeadReading, arrival: Arrival) -> dict[str, Any]:
    """The reading as the lead's columns; what could not be read stays with the submission, as received."""
    return {
        "external_id": reading.external_id or None,
        "given_name": reading.person.given or ("" if reading.person.family else reading.person.full),
        "family_name": reading.person.family,
        "job_title": reading.job_title,
        "department": reading.department,
        "email": reading.email.address if reading.email.is_usable else None,
        "phone": reading.phone.number if reading.phone.is_usable else None,
        "company": reading.company.display,
        "company_key": reading.company.key,
        "corporate_number": reading.corporate_number or None,
        "company_domain": company_domain_of(reading.email_domain, reading.website_domain) or None,
        "website": reading.website,
        "street": reading.street,
        "city": reading.city,
        "postal_code": reading.postal_code or None,
        "subdivision": reading.subdivision or None,
        "country": reading.country or None,
        "industry": reading.industry,
        "employees": reading.employees,
        "language": reading.language,
        "message": reading.message,
        "source_kind": reading.source_kind,
        "source_name": reading.source or arrival.source_name,
        "campaign": reading.campaign or arrival.campaign,
        "amount_cents": reading.amount.cents if reading.amount else None,
        "currency": reading.amount.currency if reading.amount else None,
    }
