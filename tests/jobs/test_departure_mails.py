"""The mails about a departed partner's leads: one for each person, with the list, and nothing of another partner."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.jobs.notifications import deliver_outbox
from app.services.departures.moving import move_departing_leads
from tests.cast import Cast
from tests.departures import end, works
from tests.mail_server import MailServer, body_of


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
    }
    assert len(mail_server.taken) == 5, "two of each partner, and the channel manager"
    for kind in ("plain", "html"):
        lost, taken, moved = (body_of(told[subject], kind) for subject in sorted(told))
        assert all(lead.reference in body for lead in leads for body in (lost, moved, taken))
        assert "Kansai" in moved and "Nordwind" in moved
        assert "Kansai" not in lost, "where they went is not the partner's business"
        assert "Nordwind" not in taken, "nor is who had them the successor's"
        assert leads[0].company not in lost, "it is no longer shown to who had it"
