"""The mails about a lead reserved to its owner say by when to answer, and when it goes on, as the pages do."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.identity import OrganisationKind
from app.domain.reservations import answer_asked
from app.jobs.notifications import deliver_outbox
from app.localisation import phrase_text
from app.models import Lead, User
from app.services.deadlines import enforce_deadlines
from app.services.departures.moving import move_departing_leads
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import end
from tests.mail_server import MailServer, body_of
from tests.silences import open_round, pass_until, pending, reserved


def asked(session: Session, lead: Lead, reader: User, kind: OrganisationKind) -> str:
    waiting = open_round(session, lead)
    assert waiting is not None and waiting.closes_at is not None and waiting.answer_by is not None
    return phrase_text(answer_asked(waiting.answer_by, waiting.closes_at, kind), "en", reader.time_zone)


@pytest.mark.covers("W-02", "W-03", "W-04")
@pytest.mark.parametrize("is_hot", [False, True])
def test_offer_and_alerts_say_both_moments(
    cast: Cast, session: Session, mail_server: MailServer, clock: TimeMachine, is_hot: bool
) -> None:
    nora, carl = cast.people["nora"], cast.people["carl"]
    lead = reserved(session, cast, is_hot=is_hot)
    partner = asked(session, lead, nora, OrganisationKind.PARTNER)
    own = asked(session, lead, carl, OrganisationKind.MANUFACTURER)
    deliver_outbox()
    assert partner in mail_to(mail_server, nora)
    for told, reader in ((partner, nora), (own, carl)):
        mail_server.taken.clear()
        pass_until(session, clock, pending(session, lead)[0])
        enforce_deadlines()
        deliver_outbox()
        assert told in mail_to(mail_server, reader)


@pytest.mark.covers("W-03", "W-16")
def test_the_sales_manager_reads_of_a_reminder_where_the_others_read_who_is_told(
    cast: Cast, session: Session, mail_server: MailServer
) -> None:
    nora, nils = cast.people["nora"], cast.people["nils"]
    cast.partnerships["nordwind"].sales_manager_id = nora.id
    session.commit()
    reserved(session, cast)
    deliver_outbox()
    to_nora, to_nils = mail_to(mail_server, nora), mail_to(mail_server, nils)
    assert "you are reminded as your company's sales manager." in to_nora and "is told." not in to_nora
    assert "the sales manager of your company is told." in to_nils and "you are reminded" not in to_nils


def mail_to(server: MailServer, reader: User, kind: str = "plain") -> str:
    """What the reader got, as text or as a page."""
    (message,) = (one for one in server.taken if reader.email in one["To"])
    return " ".join(body_of(message, kind).split())


@pytest.mark.covers("W-02", "W-16")
def test_the_list_about_a_partner_that_left_says_both_moments_of_what_is_reserved(
    cast: Cast, session: Session, mail_server: MailServer
) -> None:
    kenji, kansai = cast.people["kenji"], cast.partnerships["kansai"]
    lead = reserved(session, cast)
    end(cast, Owner(partnership_id=kansai.id))
    move_departing_leads()
    mail_server.taken.clear()
    deliver_outbox()
    told = asked(session, lead, kenji, OrganisationKind.PARTNER)
    for kind in ("plain", "html"):
        listed = mail_to(mail_server, kenji, kind)
        assert lead.reference in listed and told in listed
