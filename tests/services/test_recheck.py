"""What a change of the network makes of offers that are out: they end, come back, or are joined by others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import Span
from app.domain.distribution import DeclineReason, DistributionPlan, RoundKind, RoundOutcome, RoundPlan
from app.domain.identity import OrganisationKind
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Certification, Event, Lead, Offer, OutboxMessage, Partnership, ResponseEntry, Round
from app.services import rechecking
from app.services.claims import decline_offer
from app.services.lead_routing import route_lead
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.departures import pause
from tests.pushes import asked_about, push_only, pushed
from tests.silences import reserved


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
    ended = select(Round.outcome).where(Round.lead_id == lead.id, Round.closed_at.is_not(None))
    assert session.scalars(ended).all() == [RoundOutcome.WITHDRAWN]
    told = session.scalars(select(Event).where(Event.kind == EventKind.OFFER_WITHDRAWN, Event.lead_id == lead.id)).one()
    assert (told.partnership_id, told.data) == (nordwind.id, {"standing": "paused"})
    assert not session.scalars(select(ResponseEntry)).all(), "it could do nothing about it"
    lost = select(OutboxMessage).where(OutboxMessage.kind == MailKind.LEAD_RE_ROUTED_TO_PARTNER)
    assert not session.scalars(lost).all()


@pytest.mark.covers("P-01", "W-17")
@pytest.mark.parametrize("then", [RoundKind.DIRECT, RoundKind.BOARD])
def test_a_partner_that_is_back_gets_its_own_lead_that_nobody_has(
    session: Session, cast: Cast, then: RoundKind
) -> None:
    if then is RoundKind.BOARD:
        rests(session, cast.partnerships["kansai"])
    day = Span(is_same_day=True)
    facts = DistributionPlan((RoundPlan(RoundKind.OWNER, Span(minutes=240)), RoundPlan(then, day)))
    push_only(session, cast, rounds=facts.to_json())
    lead = reserved(session, cast)
    pause(session, cast, None)
    recheck_eligibility()
    session.refresh(lead)
    assert lead.state is (LeadState.DISTRIBUTING if then is RoundKind.DIRECT else LeadState.IN_REVIEW)
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    recheck_eligibility()
    again = asked_about(session, lead)
    assert again.partnership_id == cast.partnerships["nordwind"].id
    waiting = select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None))
    assert session.scalars(waiting).all() == [RoundKind.OWNER]
    recheck_eligibility()
    assert asked_about(session, lead).id == again.id, "once"


def rests(session: Session, partnership: Partnership) -> None:
    """Let a partner take no part for now."""
    partnership.status = PartnershipStatus.PAUSED
    doubted(session, partnership)


def test_a_lead_its_owner_declined_does_not_come_back_to_it(session: Session, cast: Cast) -> None:
    lead = reserved(session, cast)
    decline_offer(offer_id=asked_about(session, lead).id, actor=cast.viewer("nora"), reason=DeclineReason.NO_CAPACITY)
    pause(session, cast, None)
    recheck_eligibility()
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    recheck_eligibility()
    owners = select(Offer).join(Round, Round.id == Offer.round_id).where(Round.kind == RoundKind.OWNER)
    assert len(session.scalars(owners).all()) == 1


@pytest.mark.covers("W-06", "A-03")
def test_a_database_that_breaks_amid_the_leads_leaves_all_of_them_to_be_looked_at(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, nordwind = routed(session, cast), cast.partnerships["nordwind"]
    nordwind.eligibility_version += 1
    session.commit()

    def broken(*_: object) -> None:
        raise OperationalError("", {}, Exception("the connection was lost"))

    monkeypatch.setattr(rechecking, "_recheck", broken)
    with pytest.raises(OperationalError):
        recheck_eligibility()
    monkeypatch.undo()
    assert recheck_eligibility() == 1
    assert offer_to(session, lead, nordwind).eligibility_version == nordwind.eligibility_version
