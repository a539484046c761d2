"""The mails about a departed partner's leads: one for each person, with the list, and nothing of another partner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Base, read_clock
from app.domain.account_routing.facts import Owner
from app.domain.availability import AbsenceKind
from app.domain.departures import LeadsChoice
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.jobs.notifications import deliver_outbox
from app.models import Absence, Offer, OutboxMessage
from app.queries.notifications import mail_facts, reader_of
from app.services.departures.moving import move_departing_leads
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.departures import end, forget_mails, look_after, pause, works
from tests.mail_server import MailServer, body_of
from tests.silences import reserved


def rows_in(facts: object) -> list[Base]:
    """The rows of the database among what a mail is drawn from, however deep."""
    if isinstance(facts, Base):
        return [facts]
    parts = facts.values() if isinstance(facts, dict) else facts if isinstance(facts, list | tuple) else ()
    return [row for part in parts for row in rows_in(part)]


@pytest.mark.covers("W-16", "B-02")
def test_a_list_is_drawn_from_no_row_that_holds_more_than_it_says(session: Session, cast: Cast) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    works(session, cast, 2)
    end(cast)
    move_departing_leads()
    wanted = (MailKind.LEADS_MOVED_TO_PARTNER, MailKind.LEADS_OFFERED_TO_PARTNER)
    owed = session.scalars(select(OutboxMessage).where(OutboxMessage.kind.in_(wanted))).all()
    assert {message.kind for message in owed} == set(wanted)
    for message in owed:
        reader = reader_of(session, message.user_id)
        assert reader is not None
        facts = mail_facts(session, message, reader)
        assert facts
        assert rows_in(facts) == []


@pytest.mark.covers("W-16", "W-17")
def test_each_side_reads_its_own_list(session: Session, cast: Cast, mail_server: MailServer) -> None:
    leads = works(session, cast, 3)
    end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    move_departing_leads()
    deliver_outbox()
    told = {message["Subject"]: message for message in mail_server.taken}
    assert set(told) == {
        "3 leads of Acme are no longer yours",
        "3 leads of Nordwind have gone on",
        "3 leads of Acme are yours now",
        "Acme has ended the partnership",
    }
    assert len(mail_server.taken) == 6, "two of each partner, the channel manager, and once more the sales manager"
    for kind in ("plain", "html"):
        lost, taken, moved = (body_of(told[subject], kind) for subject in sorted(told) if subject[0] == "3")
        assert all(lead.reference in body for lead in leads for body in (lost, moved, taken))
        assert "Kansai" in moved and "Nordwind" in moved
        assert "Kansai" not in lost, "where they went is not the partner's business"
        assert "Nordwind" not in taken, "nor is who had them the successor's"
        assert leads[0].company not in lost, "it is no longer shown to who had it"


@pytest.mark.covers("W-07", "W-16")
def test_the_backup_can_answer_each_lead_from_its_list(session: Session, cast: Cast, mail_server: MailServer) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    leads = works(session, cast, 2)
    end(cast)
    move_departing_leads()
    deliver_outbox()
    subject = "2 leads of Acme are offered to you alone"
    [first, second] = [message for message in mail_server.taken if message["Subject"] == subject]
    assert "kenji" in str(first["To"]) and "kaori" in str(second["To"])
    asked = session.scalars(select(Offer.id).where(Offer.is_exclusive)).all()
    for kind in ("plain", "html"):
        body = body_of(first, kind)
        assert all(f"/offers/{offer_id}" in body for offer_id in asked)
        assert all(lead.reference in body and lead.company not in body for lead in leads)
        assert "Nordwind" not in body, "in whose place it is asked"


@pytest.mark.covers("W-16", "W-17")
def test_a_paused_partner_reads_what_it_keeps_and_whom_to_ask(
    session: Session, cast: Cast, mail_server: MailServer
) -> None:
    works(session, cast, 2)
    reserved(session, cast)
    look_after(session, cast, "carl", "nordwind")
    forget_mails(session)
    pause(session, cast, LeadsChoice.STAY)
    deliver_outbox()
    [paused] = mail_server.taken
    assert (paused["Subject"], "nora" in str(paused["To"])) == ("Acme offers you no leads for now", True)
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    deliver_outbox()
    [_, resumed] = mail_server.taken
    assert resumed["Subject"] == "Acme offers you leads again"
    for kind in ("plain", "html"):
        body = " ".join(body_of(paused, kind).split())
        assert "The 2 leads you work stay yours" in body
        assert "1 open offer was taken back. 1 of them was made to you alone." in body
        assert "Carl answers your questions: " + cast.people["carl"].email in body
        assert "/board" in body_of(resumed, kind)


@pytest.mark.covers("W-16", "W-17")
def test_whose_leads_go_reads_the_same_in_both_mails(session: Session, cast: Cast, mail_server: MailServer) -> None:
    works(session, cast, 3)
    forget_mails(session)
    pause(session, cast, LeadsChoice.GO)
    move_departing_leads()
    deliver_outbox()
    to_nora = [message for message in mail_server.taken if "nora" in str(message["To"])]
    [paused, lost] = sorted(to_nora, key=lambda message: str(message["Subject"]), reverse=True)
    assert lost["Subject"] == "3 leads of Acme are no longer yours"
    for kind in ("plain", "html"):
        body = " ".join(body_of(paused, kind).split())
        assert "The 3 leads you worked go to others: another mail lists them." in body
        assert "none of its leads." not in body.replace("offered none of its leads until", "")
    [moved] = [message for message in mail_server.taken if message["Subject"] == "3 leads of Nordwind have gone on"]
    assert "It worked all of them." in body_of(moved, "plain")


@pytest.mark.covers("W-16")
def test_a_sales_manager_who_is_away_reads_of_the_pause_as_well_as_the_deputy(session: Session, cast: Cast) -> None:
    nora, nils = cast.people["nora"], cast.people["nils"]
    away = {"organisation_id": cast.nordwind.id, "kind": AbsenceKind.VACATION, "starts_at": read_clock(session)}
    session.add(Absence(**away, user_id=nora.id, deputy_id=nils.id))
    session.commit()
    pause(session, cast, None)
    told = select(OutboxMessage.user_id).where(OutboxMessage.kind == MailKind.PARTNERSHIP_RESTS_TO_PARTNER)
    assert set(session.scalars(told)) == {nora.id, nils.id}


def test_only_offers_that_stood_on_its_board_were_taken_back(session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    later = put_on_board(session, cast)
    offer_to(session, later, cast.partnerships["nordwind"]).visible_from = read_clock(session) + timedelta(hours=2)
    session.commit()
    pause(session, cast, None)
    owed = select(OutboxMessage.payload).where(OutboxMessage.kind == MailKind.PARTNERSHIP_RESTS_TO_PARTNER)
    assert [payload["offers"] for payload in session.scalars(owed)] == [1]


def test_a_pause_that_is_over_is_not_told_any_more(session: Session, cast: Cast, mail_server: MailServer) -> None:
    pause(session, cast, None)
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    deliver_outbox()
    assert [message["Subject"] for message in mail_server.taken] == ["Acme offers you leads again"]
