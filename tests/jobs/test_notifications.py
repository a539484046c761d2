"""The outbox against a real mail server: each mail in its reader's language, once, and none of them stops another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import CHECKOUT
from app.domain.departures import Destination
from app.domain.distribution import RoundKind
from app.domain.identity import Role
from app.domain.notifications import RETRY_WAITS, MailKind
from app.domain.partners import PartnershipStatus
from app.domain.phrases import Phrase
from app.domain.returns import ReturnReason
from app.jobs.notifications import deliver_outbox, draw_mail
from app.models import OutboxMessage, SavedView
from app.queries.notifications import OwedMail, Reader
from app.services.identity import invite_user
from app.services.notifications import owe_mail
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.mail_server import BASE_URL, MailServer, body_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEAD_ID, OFFER_ID = uuid.uuid4(), uuid.uuid4()
WORK: Mapping[str, Any] = {
    "lead_id": LEAD_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "is_hot": True,
    "manufacturer": "Acme",
    "due_at": NOON,
    "reason": "Knows the plant.",
}
OWN_LEAD: Mapping[str, Any] = {
    "lead_id": LEAD_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "review_reason": None,
    "is_hot": False,
}
LINK: Mapping[str, Any] = {"link_id": 7, "expires_at": NOON, "token": "one-time-token"}
OFFER: Mapping[str, Any] = {
    "offer_id": OFFER_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "manufacturer": "Acme",
    "expires_at": NOON,
    "reasons": [Phrase("%(territory)s is yours", {"territory": "DE-BY"})],
}
OF_ACCOUNT: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "account": "Zeisigwerk",
    "owner": "Ines",
    "reserved_until": None,
    "why": Phrase("An executive of a strategic account asks."),
    "partner": "Nordwind",
    "next": Phrase("It waits in the direct queue now."),
}
RETURNED: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "reason": ReturnReason.WRONG_PRODUCT,
    "note": "They need a compressor.",
    "next": Phrase("It waits in the direct queue now."),
}
_GONE = {"company": "Wave Robotics", "partner": "Kansai", "title": "Pumps", "reference": "L-1", "subdivision": "DE-HH"}
DEPARTED: dict[str, object] = {
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "partnership_id": 7,
    "status": PartnershipStatus.ENDED,
    "is_stopped": True,
    "count": 1,
    "groups": {Destination.SUCCESSOR: [{**_GONE, "lead_id": LEAD_ID}]},
    "leads": [{**_GONE, "id": LEAD_ID}],
}
SILENCE: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "other": "Acme",
    "other_zone": "Asia/Tokyo",
    "offer_id": None,
    "since": NOON,
    "due_at": NOON,
    "last_at": NOON,
    "days": 31,
    "next": Phrase("If nothing happens by %(due_at)s, the channel manager is told.", {"due_at": NOON}),
    "why": Phrase("Nobody answered the offer in time."),
}
BURST: Mapping[str, Any] = {
    "company": "Zeisigwerk",
    "manufacturer": "Acme",
    "count": 3,
    "leads": [(LEAD_ID, "L-3C9496", "Robot cells")],
    "is_own": True,
}
LOW_SCORE: Mapping[str, Any] = {
    "partnership_id": 7,
    "manufacturer": "Acme",
    "score": 45,
    "suspends_below": 50,
    "suspension_days": 14,
    "suspended_until": NOON,
    "mend": Phrase("On %(at)s a loss lapses.", {"at": NOON}),
}
TERRITORY_REVIEW: Mapping[str, Any] = {"territory_review_id": 7, "partner": "Nordwind", "score": 45}
FACTS: dict[MailKind, tuple[Mapping[str, Any], str]] = {
    MailKind.RESPONSE_WARNING_TO_PARTNER: (LOW_SCORE, "/response-score/7"),
    MailKind.CLAIMS_SUSPENDED_TO_PARTNER: (LOW_SCORE, "/response-score/7"),
    MailKind.TERRITORY_REVIEW_TO_CHANNEL_MANAGER: (TERRITORY_REVIEW, "/territory-reviews/7"),
    MailKind.INVITATION_TO_USER: (LINK, "/join/one-time-token"),
    MailKind.PASSWORD_RESET_TO_USER: (LINK, "/reset-password/one-time-token"),
    MailKind.LEAD_CLAIMED_TO_WINNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.LEAD_ASSIGNED_TO_PARTNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.CONTACT_OVERDUE_TO_PARTNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.PUSH_OFFER_TO_PARTNER: (OFFER, f"/offers/{OFFER_ID}"),
    MailKind.DIRECT_QUEUE_TO_MANUFACTURER: (OWN_LEAD, "/direct-queue"),
    MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER: (OWN_LEAD, f"/leads/{LEAD_ID}/review"),
    MailKind.REVIEW_OVERDUE_TO_MANUFACTURER: (OWN_LEAD, f"/leads/{LEAD_ID}/review"),
    MailKind.OWNER_OFFER_TO_PARTNER: (OFFER, f"/offers/{OFFER_ID}"),
    MailKind.OWNER_SILENT_TO_MANUFACTURER: (OF_ACCOUNT, f"/leads/{LEAD_ID}/routing"),
    MailKind.ACCOUNT_LEAD_TO_TEAM: (OF_ACCOUNT, f"/leads/{LEAD_ID}"),
    MailKind.ACCOUNT_LEAD_TO_PARTNER: (OF_ACCOUNT, "/board"),
    MailKind.HIGH_ACTIVITY_TO_OWNER: (BURST, "/leads"),
    MailKind.LEAD_RETURNED_TO_MANUFACTURER: (RETURNED, f"/leads/{LEAD_ID}"),
    MailKind.ESCALATION_TO_SALES_MANAGER: ({**SILENCE, "offer_id": OFFER_ID}, f"/offers/{OFFER_ID}"),
    MailKind.ESCALATION_TO_CHANNEL_MANAGER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.LEAD_RE_ROUTED_TO_PARTNER: (SILENCE, "/board"),
    MailKind.LEAD_TAKEN_TO_SELLER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.STALLED_TO_PARTNER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.STALLED_TO_CHANNEL_MANAGER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.FOLLOW_UP_TO_WORKER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.NURTURE_TO_WORKER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.ROUTING_RULE_TO_COLLEAGUE: (OF_ACCOUNT, f"/leads/{LEAD_ID}"),
    MailKind.LEADS_MOVED_TO_PARTNER: (DEPARTED, "/leads"),
    MailKind.LEADS_MOVED_TO_MANUFACTURER: (DEPARTED, "/partners/7"),
    MailKind.LEADS_TAKEN_OVER_TO_WORKER: (DEPARTED, f"/leads/{LEAD_ID}"),
    MailKind.SAVED_VIEW_MATCH_TO_USER: ({"name": "Bayern", "query": "region=DE-BY", "count": 2}, "/board?region=DE-BY"),
}
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


def _reader(language: str) -> Reader:
    return Reader(1, 2, "Nordwind", "Nora Hansen", "nora@nordwind.example", language, "Europe/Berlin")


def _owed(session: Session) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_every_kind_has_facts_here_and_both_templates() -> None:
    assert set(FACTS) == set(MailKind)
    for kind in MailKind:
        for form in ("txt", "html"):
            assert (CHECKOUT / "templates" / "mail" / f"{kind.value}.{form}").is_file()


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@pytest.mark.parametrize("kind", list(MailKind))
def test_draws_in_the_readers_language_with_an_address_of_this_installation(
    app: Flask, kind: MailKind, language: str
) -> None:
    facts, path = FACTS[kind]
    with app.app_context():
        subject, text, html = draw_mail(OwedMail(1, kind, _reader(language), facts), BASE_URL)
    assert subject.strip() == subject != ""
    assert "\n" not in subject
    assert f"{BASE_URL}{path}" in text
    assert f'href="{BASE_URL}{path}"' in html
    assert f'<html lang="{language}">' in html
    assert "Nora Hansen" in text
    assert "<style" not in html, "styles are inlined: mail programs drop style sheets"


def test_a_subject_says_which_lead_it_is_about_and_where(app: Flask) -> None:
    with app.app_context():
        subject, text, html = draw_mail(
            OwedMail(1, MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER, _reader("en"), OWN_LEAD), BASE_URL
        )
    assert subject == "Please decide: Robot cells (L-3C9496, Bayern)"
    assert "(L-3C9496, Bayern)" in text
    assert "(L-3C9496, Bayern)" in html


def test_times_are_in_the_readers_zone_with_its_name(app: Flask) -> None:
    with app.app_context():
        _, text, _ = draw_mail(OwedMail(1, MailKind.LEAD_CLAIMED_TO_WINNER, _reader("en"), WORK), BASE_URL)
    assert "13:00 CET" in text


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
    nora, ines = cast.people["nora"].id, cast.people["ines"].id
    owe_mail(session, MailKind.PUSH_OFFER_TO_PARTNER, user_id=nora, payload={"offer_id": str(offer.id)})
    for kind, user_id, lead in (
        (MailKind.LEAD_CLAIMED_TO_WINNER, nora, worked),
        (MailKind.LEAD_ASSIGNED_TO_PARTNER, nora, worked),
        (MailKind.DIRECT_QUEUE_TO_MANUFACTURER, ines, blinded),
        (MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER, ines, blinded),
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
