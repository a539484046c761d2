"""A return that is taken back: who is told, which mails are not sent any more, and that no promise is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import DeadlineKind
from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.reassigning import Taker
from app.domain.returns import ReturnReason
from app.domain.routing_rules import RuleTrigger
from app.domain.rule_actions import RuleDestination
from app.models import Deadline, Lead, Review
from app.queries.notifications import OwedMail
from app.services.claims import claim_offer
from app.services.lead_routing import release_lead
from app.services.mail_delivery import deliver_next
from app.services.returning import return_lead, undo_return
from tests.boards import offer_to
from tests.cast import Cast
from tests.ruling import keep
from tests.services.test_reassigning import mailed, move, seen_by
from tests.silences import claimed

UNDONE = MailKind.RETURN_UNDONE_TO_MANUFACTURER
OFFICE = ["ada", "carl", "ines"]


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead that Nils of Nordwind has taken from the board."""
    return claimed(session, cast)


def give_back(cast: Cast, lead: Lead, reason: ReturnReason = ReturnReason.NO_CAPACITY) -> None:
    return_lead(lead_id=lead.id, actor=cast.viewer("nils"), reason=reason)


def delivered() -> list[tuple[MailKind, str]]:
    sent: list[OwedMail] = []
    while deliver_next(sent.append):
        pass
    return [(mail.kind, mail.reader.name) for mail in sent]


@pytest.mark.covers("W-06")
def test_whoever_was_told_of_the_return_is_told_that_it_is_taken_back(session: Session, cast: Cast, lead: Lead) -> None:
    give_back(cast, lead)
    assert mailed(session, cast, MailKind.LEAD_RETURNED_TO_MANUFACTURER) == ["carl"]
    undo_return(lead_id=lead.id, actor=cast.viewer("nora"))
    assert mailed(session, cast, UNDONE) == ["carl"]
    (told,) = [kind for kind, name in delivered() if name == "Carl"]
    assert told is UNDONE


@pytest.mark.covers("W-06", "C-07")
def test_whoever_was_asked_what_becomes_of_it_is_told_too(session: Session, cast: Cast, lead: Lead) -> None:
    give_back(cast, lead, ReturnReason.SPAM_OR_TEST)
    assert mailed(session, cast, MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER) == OFFICE
    undo_return(lead_id=lead.id, actor=cast.viewer("nils"))
    assert mailed(session, cast, UNDONE) == OFFICE
    assert session.scalars(select(Review).where(Review.lead_id == lead.id, Review.decided_at.is_(None))).all() == []
    assert {kind for kind, name in delivered() if name in ("Ada", "Carl", "Ines")} == {UNDONE}


@pytest.mark.covers("W-06", "W-07")
def test_nobody_is_sent_to_a_queue_the_lead_has_left(session: Session, cast: Cast, lead: Lead) -> None:
    kansai = cast.partnerships["kansai"]
    kansai.max_open_claims = 0
    session.commit()
    give_back(cast, lead)
    assert mailed(session, cast, MailKind.DIRECT_QUEUE_TO_MANUFACTURER) == OFFICE
    undo_return(lead_id=lead.id, actor=cast.viewer("nils"))
    assert mailed(session, cast, UNDONE) == OFFICE
    assert MailKind.DIRECT_QUEUE_TO_MANUFACTURER not in {kind for kind, _name in delivered()}


@pytest.mark.covers("W-06", "B-04")
def test_the_partner_that_was_asked_alone_is_told_and_reads_of_nobody_else(
    session: Session, cast: Cast, lead: Lead
) -> None:
    give_back(cast, lead)
    assert offer_to(session, lead, cast.partnerships["kansai"]).is_exclusive
    undo_return(lead_id=lead.id, actor=cast.viewer("nils"))
    assert mailed(session, cast, MailKind.LEAD_RE_ROUTED_TO_PARTNER) == ["kaori", "kenji"]
    sent: list[OwedMail] = []
    while deliver_next(sent.append):
        pass
    to_kansai = [mail for mail in sent if mail.reader.organisation == "Kansai"]
    assert {mail.kind for mail in to_kansai} == {MailKind.LEAD_RE_ROUTED_TO_PARTNER}
    assert not [mail for mail in to_kansai if "Nordwind" in str(mail.facts) or "Katrin" in str(mail.facts)]
    assert {mail.facts["had_it"] for mail in to_kansai} == {False}


@pytest.mark.covers("W-06")
def test_who_works_it_again_is_told_where_somebody_else_took_it_back(session: Session, cast: Cast, lead: Lead) -> None:
    give_back(cast, lead)
    undo_return(lead_id=lead.id, actor=cast.viewer("carl"))
    assert mailed(session, cast, UNDONE) == []
    assert mailed(session, cast, MailKind.LEAD_ASSIGNED_TO_PARTNER) == ["nils"]


@pytest.mark.covers("W-06", "K-06")
def test_a_follow_up_that_outlived_another_ones_work_is_a_promise_again(
    session: Session, cast: Cast, lead: Lead
) -> None:
    lead.follow_up_at = read_clock(session) + timedelta(days=3)
    session.commit()
    move(cast, seen_by(cast, lead), Taker())
    kansai = cast.partnerships["kansai"]
    claim_offer(offer_id=offer_to(session, lead, kansai).id, actor=cast.viewer("kenji"))
    agreed = select(Deadline.due_at).where(
        Deadline.lead_id == lead.id, Deadline.kind == DeadlineKind.FOLLOW_UP_DUE, Deadline.cancelled_at.is_(None)
    )
    assert len(session.scalars(agreed).all()) == 1
    return_lead(lead_id=lead.id, actor=cast.viewer("kenji"), reason=ReturnReason.NO_CAPACITY)
    assert session.scalars(agreed).all() == []
    undo_return(lead_id=lead.id, actor=cast.viewer("kenji"))
    session.refresh(lead)
    assert session.scalars(agreed).all() == [lead.follow_up_at]


@pytest.mark.covers("W-06", "T-21")
def test_a_return_that_a_rule_nurtured_is_taken_back_unless_a_person_let_the_lead_go(
    session: Session, cast: Cast, lead: Lead
) -> None:
    keep(cast, trigger=RuleTrigger.RETURNED, destination=RuleDestination.NURTURE)
    for is_let_go in (False, True):
        give_back(cast, lead)
        session.refresh(lead)
        assert lead.state is LeadState.NURTURING
        if is_let_go:
            release_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="They asked again")
            with pytest.raises(Refused, match="or a person has decided about it"):
                undo_return(lead_id=lead.id, actor=cast.viewer("nils"))
        else:
            undo_return(lead_id=lead.id, actor=cast.viewer("nils"))
            session.refresh(lead)
            assert lead.state is LeadState.ASSIGNED
