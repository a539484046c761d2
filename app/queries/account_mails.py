"""What the mails about an account's lead say: its name to the manufacturer's own people, nothing of it to a partner."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.identity import OrganisationKind
from app.domain.labels import label_of
from app.domain.leads import LeadState
from app.domain.phrases import N_, Phrase
from app.domain.reservations import answer_asked
from app.models import Account, Assignment, Lead, Offer, Partnership, Round, User

_NEXT = {
    RoundKind.OWNER: N_("It is reserved to another owner now."),
    RoundKind.BOARD: N_("It is on the board now: the first partner that claims it has it."),
    RoundKind.PUSH: N_("It is offered to one partner after another now."),
    RoundKind.REGISTRATION: N_("Partners are invited to register the deal now."),
    RoundKind.DIRECT: N_("It waits in the direct queue now."),
}


def team_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead of an account for a colleague who does not work it: which account, whose it is, why it is told."""
    lead = _own_lead(session, payload, organisation_id)
    if lead is None:
        return None
    account = session.get(Account, lead.account_id) if lead.account_id else None
    owner, asked = _worker(session, lead)
    return {
        "lead_id": lead.id,
        "account": account.name if account else lead.company,
        "why": why_told(payload),
        "owner": owner,
        "asked": asked,
    }


def silent_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead whose owner did not answer in time: which partner, and what has become of it since."""
    lead = _own_lead(session, payload, organisation_id)
    partnership = session.get(Partnership, payload["partnership_id"])
    if lead is None or partnership is None:
        return None
    return {"lead_id": lead.id, "partner": partnership.name, "next": what_is_next(session, lead)}


def rule_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A lead a routing rule applied to, for a colleague the rule names: which rule, and what has become of the lead."""
    lead = _own_lead(session, payload, organisation_id)
    if lead is None:
        return None
    return {"lead_id": lead.id, "why": why_told(payload), "next": what_is_next(session, lead)}


def involved_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """Whether a partner is told that a seller works a lead of an account it is involved in: nothing of the prospect."""
    own = select(Partnership.id).where(
        Partnership.id == payload["partnership_id"], Partnership.partner_id == organisation_id
    )
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    if lead is None or session.scalar(own) is None:
        return None
    return {"why": why_told(payload)}


def why_told(payload: Mapping[str, Any]) -> Phrase | None:
    """The reason that stands with the mail that is owed."""
    why = payload.get("why")
    return Phrase.from_json(why) if isinstance(why, dict) else None


def _own_lead(session: Session, payload: Mapping[str, Any], organisation_id: int) -> Lead | None:
    lead = session.get(Lead, uuid.UUID(payload["lead_id"]))
    return lead if lead is not None and lead.manufacturer_id == organisation_id else None


def _worker(session: Session, lead: Lead) -> tuple[str | None, Phrase | None]:
    """Who works the lead, or to whom it is reserved and what it is asked; nobody when neither is so."""
    worked = (
        select(Partnership.name, User.name)
        .select_from(Assignment)
        .outerjoin(Partnership, Partnership.id == Assignment.partnership_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    )
    if (row := session.execute(worked).one_or_none()) is not None:
        return row[0] or row[1], None
    reserved = (
        select(Partnership.name, Round.answer_by, Offer.expires_at)
        .join(Offer, Offer.partnership_id == Partnership.id)
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.lead_id == lead.id, Round.kind == RoundKind.OWNER, Round.closed_at.is_(None))
        .where(Offer.answer.is_(None))
    )
    offer = session.execute(reserved).first()
    if offer is None:
        return None, None
    return offer.name, answer_asked(offer.answer_by, offer.expires_at, OrganisationKind.MANUFACTURER)


def what_is_next(session: Session, lead: Lead) -> Phrase:
    """What has become of a lead, in one sentence."""
    worker, _asked = _worker(session, lead)
    if lead.state is LeadState.ASSIGNED and worker:
        return Phrase(N_("%(name)s works it now."), {"name": worker})
    kind = session.scalar(select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None)))
    if kind is not None:
        return Phrase(_NEXT[kind])
    if lead.state is LeadState.IN_REVIEW:
        return Phrase(N_("It waits for a person to decide what becomes of it."))
    return Phrase(N_("What has become of it: %(state)s."), {"state": label_of(lead.state)})
