"""The mails about silence, through a real mail server."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.escalation import EscalationAction
from app.jobs.notifications import deliver_outbox
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.mail_server import MailServer, body_of
from tests.silences import ladder, pass_until, pending, reserved, watched


@pytest.mark.covers("W-03", "W-04", "G-01")
def test_each_mail_says_what_comes_next_and_nothing_of_the_prospect(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer
) -> None:
    lead = reserved(session, cast)
    deliver_outbox()
    for step in pending(session, lead)[:2]:
        mail_server.taken.clear()
        pass_until(session, clock, step)
        enforce_deadlines()
        deliver_outbox()
        (message,) = mail_server.taken
        assert "If nothing happens by" in body_of(message, "plain")
        assert lead.email not in str(message) and "Zeisig" not in body_of(message, "plain")
    pass_until(session, clock, pending(session, lead)[-1])
    enforce_deadlines()
    deliver_outbox()
    assert any("You are not asked any more" in message["Subject"] for message in mail_server.taken)
    assert not any("Please do not contact" in str(message) for message in mail_server.taken)


@pytest.mark.covers("W-04", "A-03")
def test_the_channel_manager_reads_that_nobody_takes_a_lead_and_what_comes_then(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer, browse: Browse
) -> None:
    watched(cast, board=ladder((EscalationAction.ALERT_CHANNEL_MANAGER, 30)))
    lead = put_on_board(session, cast)
    assert "the channel manager is told" in browse("carl").get(f"/leads/{lead.id}").text
    pass_until(session, clock, pending(session, lead)[0])
    enforce_deadlines()
    deliver_outbox()
    (message,) = [one for one in mail_server.taken if "Nobody has taken it yet" in one["Subject"]]
    body = " ".join(body_of(message, "plain").split())
    assert "has been on the board since" in body and "nobody has claimed it" in body
    assert "If nobody claims it by" in body and "the distribution plan goes on" in body
    assert "nobody has claimed it" in body_of(message, "html")
    assert "If nobody claims it by" in browse("ada").get(f"/leads/{lead.id}").text


def test_a_lead_that_was_taken_meanwhile_is_not_written_about(
    session: Session, cast: Cast, clock: TimeMachine, mail_server: MailServer
) -> None:
    watched(cast, board=ladder((EscalationAction.ALERT_CHANNEL_MANAGER, 30)))
    lead = put_on_board(session, cast)
    pass_until(session, clock, pending(session, lead)[0])
    enforce_deadlines()
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    deliver_outbox()
    assert not [one for one in mail_server.taken if "Nobody has taken it yet" in one["Subject"]]
