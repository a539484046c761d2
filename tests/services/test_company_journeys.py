"""One company over days and hours, from the door to whoever has it: profile, account, owner, alert."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.accounts import AccountLevel
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind
from app.domain.notifications import MailKind
from app.models import Account, AccountIpRange, Event, Lead, Offer, OutboxMessage, Round
from app.queries.notifications import mail_facts, reader_of
from app.services.accounts_from_leads import link_left_out_leads
from app.services.claims import claim_offer
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.conftest import TimeMachine


def asks(session: Session, cast: Cast, name: str, **values: Any) -> Lead:
    """A person of TechStart in Munich asks now, and the lead is routed."""
    filled = {"company": "TechStart Systeme GmbH", "company_key": "techstart systeme"}
    lead = factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        family_name=name,
        **(
            {
                "email": f"{name.lower()}@techstart.example",
                "company_domain": "techstart.example",
                "asked_at": read_clock(session),
            }
            | filled
            | values
        ),
    )
    session.commit()
    assert route_lead(lead_id=lead.id)
    session.refresh(lead)
    return lead


def open_round(session: Session, lead: Lead) -> Round:
    return session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()


@pytest.mark.covers("P-19", "P-18", "P-01")
def test_days_1_5_10_and_later_all_come_to_the_first_lead_s_owner(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    first = asks(session, cast, "Erste")
    claim_offer(offer_id=offer_to(session, first, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    clock.pass_time(days=4)
    fifth = asks(session, cast, "Fuenfte")
    assert (open_round(session, fifth).kind, fifth.account_id) == (RoundKind.BOARD, None)
    clock.pass_time(days=5)

    tenth = asks(session, cast, "Zehnte")

    account = session.scalars(select(Account)).one()
    session.refresh(fifth)
    session.refresh(first)
    assert {first.account_id, fifth.account_id, tenth.account_id} == {account.id}
    assert account.owner_partnership_id == cast.partnerships["nordwind"].id
    assert open_round(session, fifth).kind is RoundKind.BOARD
    later = asks(session, cast, "Spaete", company="Techstart", company_key="techstart")
    for lead in (tenth, later):
        owners = open_round(session, lead)
        offer = session.scalars(select(Offer).where(Offer.round_id == owners.id)).one()
        assert (owners.kind, offer.partnership_id) == (RoundKind.OWNER, cast.partnerships["nordwind"].id)
        assert lead.account_level is AccountLevel.EARLIER_LEAD
    assert len({lead.profile_id for lead in (first, fifth, tenth, later)}) == 1


@pytest.mark.covers("P-26", "P-19")
def test_three_contacts_within_two_hours_come_to_one_owner_who_is_told(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    nordwind = cast.partnerships["nordwind"]
    factories.account(
        session,
        cast.acme,
        "TechStart Systeme GmbH",
        "techstart.example",
        owner_partnership_id=nordwind.id,
    )
    leads = []
    for name in ("Eins", "Zwei", "Drei", "Vier"):
        leads.append(asks(session, cast, name))
        clock.pass_time(minutes=40)
    offers = [session.scalars(select(Offer).where(Offer.lead_id == lead.id)).one() for lead in leads]
    assert {offer.partnership_id for offer in offers} == {nordwind.id}
    noted = session.scalars(select(Event.lead_id).where(Event.kind == EventKind.HIGH_ACTIVITY)).all()
    assert noted == [leads[2].id]
    owed = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.HIGH_ACTIVITY_TO_OWNER)).all()
    told = {message.user_id for message in owed}
    assert told == {cast.people["nora"].id, cast.people["nils"].id}
    reader = reader_of(session, cast.people["nora"].id)
    assert reader is not None
    facts = mail_facts(session, owed[0], reader)
    assert facts is not None
    assert (facts["count"], facts["company"], facts["leads"]) == (3, "", [])
    assert "TechStart" not in str(facts)


@pytest.mark.covers("P-40", "P-14", "G-02")
def test_an_address_alone_is_noted_and_moves_nothing(session: Session, cast: Cast) -> None:
    account = factories.account(
        session,
        cast.acme,
        "Mega Werke AG",
        "mega.example",
        owner_partnership_id=cast.partnerships["kansai"].id,
    )
    session.add(AccountIpRange(manufacturer_id=cast.acme.id, account_id=account.id, network="203.0.113.0/24"))
    visit = asks(
        session,
        cast,
        "Besuch",
        email="besuch@gmail.com",
        company_domain=None,
        company="",
        company_key="",
        ip_address="203.0.113.9",
    )
    assert (visit.account_id, visit.account_level) == (None, AccountLevel.NONE)
    assert [(signal["kind"], signal["account_id"]) for signal in visit.match_signals] == [("ip_range", account.id)]
    assert open_round(session, visit).kind is RoundKind.BOARD
    assert "203.0.113.9" not in str(visit.match_signals)
    assert {offer.partnership_id for offer in session.scalars(select(Offer))} == {
        cast.partnerships["nordwind"].id,
        cast.partnerships["kansai"].id,
    }


def test_old_leads_of_an_import_alert_nobody(session: Session, cast: Cast) -> None:
    long_ago = read_clock(session) - timedelta(days=400)
    for name in ("Eins", "Zwei", "Drei"):
        asks(session, cast, name, asked_at=long_ago)
    assert session.scalars(select(Event).where(Event.kind == EventKind.HIGH_ACTIVITY)).all() == []


@pytest.mark.covers("P-19", "P-26", "B-04")
def test_a_company_that_asks_eight_times_at_one_moment_is_one_company(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    now = read_clock(committed)
    ids = [
        factories.lead(
            committed,
            committed_cast.acme,
            [committed_cast.products["pump"]],
            company="TechStart Systeme GmbH",
            company_key="techstart systeme",
            company_domain="techstart.example",
            asked_at=now - timedelta(minutes=8 - number),
        ).id
        for number in range(8)
    ]
    committed.commit()
    barrier = Barrier(len(ids))

    def route(lead_id: uuid.UUID) -> bool:
        with app.app_context():
            barrier.wait()
            routed = route_lead(lead_id=lead_id)
            db.session.remove()
            return routed

    with ThreadPoolExecutor(len(ids)) as threads:
        answers = [threads.submit(partial(route, lead_id)) for lead_id in ids]
        assert all(answer.result(30) for answer in answers)
    with app.app_context():
        link_left_out_leads()
        db.session.remove()
    committed.expire_all()
    account = committed.scalars(select(Account)).one()
    leads = committed.scalars(select(Lead)).all()
    assert {lead.account_id for lead in leads} == {account.id}
    assert len({lead.profile_id for lead in leads}) == 1
    assert len(committed.scalars(select(Event).where(Event.kind == EventKind.HIGH_ACTIVITY)).all()) == 1
