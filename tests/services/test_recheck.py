"""What a change of the network makes of offers that are out: they end, come back, or are joined by others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.distribution import RoundOutcome
from app.domain.identity import OrganisationKind
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Certification, Event, Lead, OutboxMessage, Partnership, ResponseEntry, Round
from app.services.departures.moving import move_departing_leads
from app.services.lead_routing import route_lead
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.departures import pause
from tests.pushes import asked_about, push_only, pushed


def doubted(session: Session, partnership: Partnership) -> None:
    """Have the partnership looked at again."""
    partnership.eligibility_version += 1
    session.commit()
    recheck_eligibility()


def routed(session: Session, cast: Cast, product: str = "pump") -> Lead:
    lead = factories.lead(session, cast.acme, [cast.products[product]])
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


@pytest.mark.covers("B-03")
def test_whoever_joins_a_board_late_waits_behind_the_higher_tiers(session: Session, cast: Cast) -> None:
    lead = routed(session, cast)
    newcomer = factories.organisation(session, "Newcomer", OrganisationKind.PARTNER)
    registered = factories.partnership(
        session, cast.acme, newcomer, cast.tiers["registered"], products=[cast.products["pump"]], countries=["DE"]
    )
    doubted(session, registered)
    silver = offer_to(session, lead, cast.partnerships["kansai"])
    late = offer_to(session, lead, registered)
    opened_at = session.scalars(select(Round.opened_at).where(Round.lead_id == lead.id)).one()
    assert late.visible_from >= silver.visible_from > opened_at


def test_an_offer_ends_with_the_certification_as_it_is_now(session: Session, cast: Cast) -> None:
    lead, nordwind = routed(session, cast, "robot"), cast.partnerships["nordwind"]
    closes_at = offer_to(session, lead, nordwind).expires_at
    wanted = select(Certification).where(
        Certification.partnership_id == nordwind.id, Certification.product_line_id == cast.products["robot"].id
    )
    certification, today = session.scalars(wanted).one(), read_clock(session).date()
    certification.valid_until = today
    doubted(session, nordwind)
    assert offer_to(session, lead, nordwind).expires_at.date() <= today + timedelta(days=1)
    certification.valid_until = date(2099, 12, 31)
    doubted(session, nordwind)
    assert offer_to(session, lead, nordwind).expires_at == closes_at


@pytest.mark.covers("W-17", "A-01")
def test_an_offer_taken_back_from_a_paused_partner_counts_as_no_silence(session: Session, cast: Cast) -> None:
    push_only(session, cast)
    rests(session, cast.partnerships["kansai"])
    lead, nordwind = pushed(session, cast), cast.partnerships["nordwind"]
    assert asked_about(session, lead).partnership_id == nordwind.id
    pause(session, cast, None)
    recheck_eligibility()
    move_departing_leads()
    ended = select(Round.outcome).where(Round.lead_id == lead.id, Round.closed_at.is_not(None))
    assert session.scalars(ended).all() == [RoundOutcome.WITHDRAWN]
    told = session.scalars(select(Event).where(Event.kind == EventKind.OFFER_WITHDRAWN, Event.lead_id == lead.id)).one()
    assert (told.partnership_id, told.data) == (nordwind.id, {"standing": "paused"})
    assert not session.scalars(select(ResponseEntry)).all(), "it could do nothing about it"
    lost = select(OutboxMessage).where(OutboxMessage.kind == MailKind.LEAD_RE_ROUTED_TO_PARTNER)
    assert not session.scalars(lost).all()


def rests(session: Session, partnership: Partnership) -> None:
    """Let a partner take no part for now."""
    partnership.status = PartnershipStatus.PAUSED
    doubted(session, partnership)
