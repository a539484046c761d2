"""The outbox against a real mail server: each mail in its reader's language, once, and none of them stops another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.identity import Role
from app.domain.leads import LeadState
from app.domain.notifications import RETRY_WAITS, MailKind
from app.jobs.notifications import deliver_outbox
from app.models import OutboxMessage, SavedView
from app.services.identity import invite_user
from app.services.notifications import owe_mail
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.jobs.mail_facts import NOON
from tests.mail_server import BASE_URL, MailServer, body_of

PROSPECT = {
    "given_name": "Canaria",
    "family_name": "Zeisig",
    "company": "Zeisigwerk GmbH",
    "email": "c.zeisig@zeisigwerk.example",
    "phone": "+498999998123",
    "city": "Zeisigstadt",
    "postal_code": "80331",
    "message": "Zeisigs Wunsch",
}
CANARIES = ("Canaria", "Zeisig", "zeisig", "998123", "80331")


def _owed(session: Session) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.mark.covers("W-16")
def test_delivers_once_however_often_the_job_runs(session: Session, cast: Cast, mail_server: MailServer) -> None:
    invite_user(email="lena@nordwind.example", name="Lena Sommer", role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
    assert deliver_outbox() == 1
    assert deliver_outbox() == 0
    (message,) = mail_server.taken
    assert "lena@nordwind.example" in message["To"]
    assert f"{BASE_URL}/join/" in body_of(message, "plain")
    assert _owed(session)[0].sent_at is not None


def test_a_mail_is_owed_once_per_key(session: Session, cast: Cast, mail_server: MailServer) -> None:
    view = SavedView(user_id=cast.people["nora"].id, name="Bayern", query="region=DE-BY")
    session.add(view)
    session.flush()
    for _ in range(3):
        owe_mail(
            session,
            MailKind.SAVED_VIEW_MATCH_TO_USER,
            user_id=view.user_id,
            payload={"view_id": view.id, "count": 1},
            once_key="view-1",
        )
    session.commit()
    deliver_outbox()
    assert len(mail_server.taken) == 1


def test_a_refused_mail_is_tried_again_later_and_stops_no_other(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer
) -> None:
    mail_server.refused = {"first@nordwind.example"}
    for name in ("first", "second"):
        invite_user(email=f"{name}@nordwind.example", name=name, role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
    deliver_outbox()
    assert mail_server.subjects_of("second@nordwind.example")
    first, second = _owed(session)
    assert (first.sent_at, first.failures, first.given_up_at) == (None, 1, None)
    assert second.sent_at is not None
    assert deliver_outbox() == 0, "not before its time"
    mail_server.refused = set()
    clock.pass_time(seconds=RETRY_WAITS[0].total_seconds() + 1)
    deliver_outbox()
    assert len(mail_server.subjects_of("first@nordwind.example")) == 1


def test_a_mail_that_is_always_refused_is_given_up(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer
) -> None:
    mail_server.refused = {"gone@nordwind.example"}
    invite_user(email="gone@nordwind.example", name="Gone", role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
    for wait in (*RETRY_WAITS, RETRY_WAITS[-1]):
        deliver_outbox()
        clock.pass_time(seconds=wait.total_seconds() + 1)
    (message,) = _owed(session)
    assert message.given_up_at is not None
    assert message.failures == len(RETRY_WAITS) + 1
    assert mail_server.taken == []


def test_a_mail_server_that_is_away_loses_nothing(app: Flask, session: Session, cast: Cast) -> None:
    before = app.extensions["config"]
    app.extensions["config"] = replace(before, smtp=replace(before.smtp, host="127.0.0.1", port=1))
    try:
        invite_user(email="later@nordwind.example", name="L", role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
        deliver_outbox()
    finally:
        app.extensions["config"] = before
    (message,) = _owed(session)
    assert (message.sent_at, message.given_up_at, message.failures) == (None, None, 1)


def test_what_has_become_pointless_is_given_up_unsent(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer
) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    push = factories.round_(session, lead, RoundKind.PUSH)
    offer = factories.offer(session, push, cast.partnerships["nordwind"], is_exclusive=True)
    nora = cast.people["nora"].id
    owe_mail(session, MailKind.PUSH_OFFER_TO_PARTNER, user_id=nora, payload={"offer_id": str(offer.id)})
    owe_mail(session, MailKind.LEAD_CLAIMED_TO_WINNER, user_id=nora, payload={"lead_id": str(lead.id)})
    invite_user(email="late@nordwind.example", name="Late", role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
    clock.pass_time(days=30)
    deliver_outbox()
    assert mail_server.taken == []
    assert all(message.given_up_at is not None for message in _owed(session))


def test_a_disabled_person_gets_nothing_any_more(session: Session, cast: Cast, mail_server: MailServer) -> None:
    view = SavedView(user_id=cast.people["nils"].id, name="Bayern", query="region=DE-BY")
    session.add(view)
    session.flush()
    payload = {"view_id": view.id, "count": 1}
    owe_mail(session, MailKind.SAVED_VIEW_MATCH_TO_USER, user_id=view.user_id, payload=payload)
    cast.people["nils"].disabled_at = NOON
    session.commit()
    deliver_outbox()
    assert mail_server.taken == []


def test_nothing_of_the_prospect_stands_in_a_subject_nor_in_a_mail_before_the_claim(
    session: Session, cast: Cast, mail_server: MailServer
) -> None:
    blinded = factories.lead(session, cast.acme, [cast.products["pump"]], title="Industrial pumps", **PROSPECT)
    push = factories.round_(session, blinded, RoundKind.PUSH)
    offer = factories.offer(session, push, cast.partnerships["nordwind"], is_exclusive=True)
    worked = factories.lead(session, cast.acme, [cast.products["pump"]], title="Industrial pumps", **PROSPECT)
    factories.assignment(session, worked, partnership=cast.partnerships["nordwind"])
    queued = factories.lead(session, cast.acme, [cast.products["pump"]], title="Industrial pumps", **PROSPECT)
    factories.round_(session, queued, RoundKind.DIRECT)
    asked = factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        title="Industrial pumps",
        **(PROSPECT | {"state": LeadState.IN_REVIEW}),
    )
    nora, ines = cast.people["nora"].id, cast.people["ines"].id
    owe_mail(session, MailKind.PUSH_OFFER_TO_PARTNER, user_id=nora, payload={"offer_id": str(offer.id)})
    for kind, user_id, lead in (
        (MailKind.LEAD_CLAIMED_TO_WINNER, nora, worked),
        (MailKind.LEAD_ASSIGNED_TO_PARTNER, nora, worked),
        (MailKind.DIRECT_QUEUE_TO_MANUFACTURER, ines, queued),
        (MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER, ines, asked),
    ):
        owe_mail(session, kind, user_id=user_id, payload={"lead_id": str(lead.id)})
    session.commit()
    deliver_outbox()
    assert len(mail_server.taken) == 5
    for message in mail_server.taken:
        assert not [canary for canary in CANARIES if canary in message["Subject"]]
    (offered,) = [message for message in mail_server.taken if f"/offers/{offer.id}" in body_of(message, "plain")]
    everything = (
        "".join(str(value) for value in offered.values()) + body_of(offered, "plain") + body_of(offered, "html")
    )
    assert not [canary for canary in CANARIES if canary in everything]


def test_mails_about_one_lead_make_one_thread(session: Session, cast: Cast, mail_server: MailServer) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], title="Industrial pumps")
    factories.assignment(session, lead, partnership=cast.partnerships["nordwind"])
    for kind in (MailKind.LEAD_CLAIMED_TO_WINNER, MailKind.CONTACT_OVERDUE_TO_PARTNER):
        owe_mail(session, kind, user_id=cast.people["nora"].id, payload={"lead_id": str(lead.id)})
    session.commit()
    deliver_outbox()
    first, second = mail_server.taken
    assert first["References"] == second["References"] != None  # noqa: E711 - both have it, and it is the same
    assert first["Message-ID"] != second["Message-ID"]
