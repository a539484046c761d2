"""The mails about silence, through a real mail server."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.jobs.notifications import deliver_outbox
from app.services.deadlines import enforce_deadlines
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.mail_server import MailServer, body_of
from tests.silences import pass_until, pending, reserved


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
    assert any("Given to somebody else" in message["Subject"] for message in mail_server.taken)
