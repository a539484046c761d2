"""The mails about an account's lead: whom they name to whom, sent through a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.jobs.notifications import deliver_outbox
from app.models import Lead
from app.services.notifications import owe_mail
from tests import factories
from tests.cast import Cast
from tests.mail_server import MailServer, body_of

PROSPECT = {"given_name": "Canaria", "family_name": "Zeisig", "company": "Zeisigwerk", "title": "Industrial pumps"}
CANARIES = ("Canaria", "Zeisig", "zeisig")


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead of an account that is Nordwind's."""
    own = factories.account(session, cast.acme, "Zeisigwerk", owner_partnership_id=cast.partnerships["nordwind"].id)
    return factories.lead(session, cast.acme, [cast.products["pump"]], account_id=own.id, **PROSPECT)


def sent(server: MailServer, session: Session) -> str:
    """All of the one mail that is sent: its headings and both its bodies."""
    session.commit()
    deliver_outbox()
    (message,) = server.taken
    return everything_of(message)


def everything_of(message: EmailMessage) -> str:
    """What a mail shows to anybody who gets hold of it."""
    return "".join(str(value) for value in message.values()) + body_of(message, "plain") + body_of(message, "html")


@pytest.mark.covers("P-34")
def test_an_owners_offer_names_nobody(session: Session, cast: Cast, lead: Lead, mail_server: MailServer) -> None:
    owner_round = factories.round_(session, lead, RoundKind.OWNER)
    offer = factories.offer(session, owner_round, cast.partnerships["nordwind"], is_exclusive=True)
    payload = {"offer_id": str(offer.id)}
    owe_mail(session, MailKind.OWNER_OFFER_TO_PARTNER, user_id=cast.people["nora"].id, payload=payload)
    mail = sent(mail_server, session)
    assert "An existing relationship of yours" in mail
    assert f"/offers/{offer.id}" in mail
    assert not [canary for canary in CANARIES if canary in mail]


def test_an_owners_offer_that_is_over_is_not_mailed(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer
) -> None:
    owner_round = factories.round_(session, lead, RoundKind.OWNER)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    offer = factories.offer(session, owner_round, cast.partnerships["nordwind"], expires_at=long_ago)
    payload = {"offer_id": str(offer.id)}
    owe_mail(session, MailKind.OWNER_OFFER_TO_PARTNER, user_id=cast.people["nora"].id, payload=payload)
    session.commit()
    deliver_outbox()
    assert mail_server.taken == []


@pytest.mark.covers("P-23", "P-24")
def test_the_team_reads_account_owner_and_reason(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer
) -> None:
    factories.assignment(session, lead, seller=cast.people["ines"])
    why = Phrase("An executive of a strategic account asks.")
    payload = {"lead_id": str(lead.id), "why": why.to_json(), "partnership_id": None}
    owe_mail(session, MailKind.ACCOUNT_LEAD_TO_TEAM, user_id=cast.people["carl"].id, payload=payload)
    mail = sent(mail_server, session)
    for told in ("Account: Zeisigwerk.", "An executive of a strategic account asks.", "Ines works the lead."):
        assert told in mail
    assert "Zeisigwerk" not in mail_server.taken[0]["Subject"]


def test_the_team_reads_to_whom_a_lead_is_reserved(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer
) -> None:
    owner_round = factories.round_(session, lead, RoundKind.OWNER)
    factories.offer(session, owner_round, cast.partnerships["nordwind"], is_exclusive=True)
    payload = {"lead_id": str(lead.id)}
    owe_mail(session, MailKind.ACCOUNT_LEAD_TO_TEAM, user_id=cast.people["carl"].id, payload=payload)
    mail = sent(mail_server, session)
    assert "The lead is reserved to Nordwind. The partner is asked to answer by" in mail


@pytest.mark.covers("P-35")
def test_an_involved_partner_reads_nothing_of_the_prospect(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer
) -> None:
    factories.assignment(session, lead, seller=cast.people["ines"])
    payload = {"lead_id": str(lead.id), "partnership_id": cast.partnerships["nordwind"].id}
    owe_mail(session, MailKind.ACCOUNT_LEAD_TO_PARTNER, user_id=cast.people["nora"].id, payload=payload)
    mail = sent(mail_server, session)
    assert "A seller of Acme takes this lead." in mail
    assert str(lead.id) not in mail
    assert not [canary for canary in CANARIES if canary in mail]


@pytest.mark.covers("P-30")
def test_a_silent_owner_is_named_with_what_comes_next(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer
) -> None:
    factories.round_(session, lead, RoundKind.BOARD)
    payload = {"lead_id": str(lead.id), "partnership_id": cast.partnerships["nordwind"].id}
    owe_mail(session, MailKind.OWNER_SILENT_TO_MANUFACTURER, user_id=cast.people["carl"].id, payload=payload)
    mail = sent(mail_server, session)
    assert "Nordwind has this relationship, and did not answer in time." in mail
    assert "It is on the board now" in mail
    assert not [canary for canary in CANARIES if canary in mail]


@pytest.mark.parametrize("stranger", ["gina", "rita", "kenji"])
@pytest.mark.parametrize(
    "kind",
    [MailKind.ACCOUNT_LEAD_TO_TEAM, MailKind.ACCOUNT_LEAD_TO_PARTNER, MailKind.OWNER_SILENT_TO_MANUFACTURER],
)
def test_strangers_are_told_nothing(
    session: Session, cast: Cast, lead: Lead, mail_server: MailServer, kind: MailKind, stranger: str
) -> None:
    payload = {"lead_id": str(lead.id), "partnership_id": cast.partnerships["nordwind"].id}
    owe_mail(session, kind, user_id=cast.people[stranger].id, payload=payload)
    session.commit()
    deliver_outbox()
    assert mail_server.taken == []
