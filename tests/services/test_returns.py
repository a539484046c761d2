"""Handing a lead back, and taking that back: where the lead goes, what is hidden, what is restored."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.board import BoardFilters
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import LeadState, ReviewReason, Stage
from app.domain.notifications import MailKind
from app.domain.returns import ReturnReason, ReturnTo
from app.domain.review import ReviewDecision
from app.models import Assignment, Deadline, Event, Lead, Offer, OutboxMessage, Partnership, Review, Round
from app.queries.board import board_page
from app.queries.cockpit import LeadFilters, lead_page, list_leads
from app.services import cockpit
from app.services.claims import claim_offer
from app.services.cockpit import LeadEdit
from app.services.distribution.assigning import assign_lead
from app.services.returning import return_lead, undo_return
from app.services.reviews import decide_review
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A hot lead that Nordwind has taken from the board; Kansai wanted it too."""
    made = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, made, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    return session.get_one(Lead, made.id, populate_existing=True)


def open_round(session: Session, lead: Lead) -> Round | None:
    wanted = select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def pending(session: Session, lead: Lead) -> list[tuple[str, object]]:
    rows = select(Deadline.kind, Deadline.due_at).where(
        Deadline.lead_id == lead.id, Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None)
    )
    return sorted((kind.value, due_at) for kind, due_at in session.execute(rows))


def attempt(cast: Cast, lead: Lead, name: str = "nora", outcome: ContactOutcome = ContactOutcome.NOT_REACHED) -> None:
    cockpit.log_activity(lead_id=lead.id, actor=cast.viewer(name), kind=ActivityKind.CALL, outcome=outcome)


@pytest.mark.covers("W-06")
def test_the_next_partner_is_asked_and_the_first_sees_nothing_any_more(
    session: Session, cast: Cast, lead: Lead
) -> None:
    nora = cast.viewer("nora")
    returned = return_lead(lead_id=lead.id, actor=nora, reason=ReturnReason.WRONG_PRODUCT, note="A compressor")

    session.refresh(lead)
    assert (returned.goes_to, lead.state) == (ReturnTo.NEXT_ROUND, LeadState.DISTRIBUTING)
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (work.end, work.return_reason, work.return_note) == (
        AssignmentEnd.RETURNED,
        ReturnReason.WRONG_PRODUCT,
        "A compressor",
    )
    push = open_round(session, lead)
    assert push is not None
    assert push.kind is RoundKind.PUSH
    asked = session.scalars(select(Offer.partnership_id).where(Offer.round_id == push.id)).all()
    assert asked == [cast.partnerships["kansai"].id]
    assert session.get_one(Partnership, cast.partnerships["nordwind"].id, populate_existing=True).unworked_claims == 0
    with pytest.raises(NotFound):
        lead_page(viewer=nora, lead_id=lead.id)
    assert list_leads(viewer=nora, filters=LeadFilters(text="Hofmann")).rows == ()
    board = board_page(viewer=nora, filters=BoardFilters())
    assert (board.mine, board.cards, board.exclusive) == ((), (), ())


def test_the_next_owner_reads_what_was_done_and_not_by_whom(session: Session, cast: Cast, lead: Lead) -> None:
    attempt(cast, lead)
    cockpit.log_activity(lead_id=lead.id, actor=cast.viewer("nora"), kind=ActivityKind.NOTE, note="A secret of ours")
    return_lead(
        lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY, note="We are full", quality=4
    )
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))

    page = lead_page(viewer=cast.viewer("kenji"), lead_id=lead.id)
    assert (page.attempts, page.quality) == (1, None)
    told = [entry for entry in page.timeline if entry.kind in ("call", "lead.returned")]
    assert len(told) == 2
    text = str([(entry.text, entry.details, entry.note) for entry in page.timeline])
    assert "Nora" not in text
    assert "Nordwind" not in text
    assert "secret" not in text
    assert "We are full" not in text
    assert "We are full" in str(lead_page(viewer=cast.viewer("carl"), lead_id=lead.id).timeline)


@pytest.mark.parametrize(
    ("reason", "review"),
    [
        (ReturnReason.WRONG_CONTACT_DATA, ReviewReason.RETURNED),
        (ReturnReason.SPAM_OR_TEST, ReviewReason.RETURNED),
        (ReturnReason.CONSENT_PROBLEM, ReviewReason.CONSENT_PROBLEM),
        (ReturnReason.DENIES_HAVING_ASKED, ReviewReason.CONSENT_PROBLEM),
    ],
)
def test_wrong_data_and_consent_go_to_a_person(
    session: Session, cast: Cast, lead: Lead, reason: ReturnReason, review: ReviewReason
) -> None:
    attempt(cast, lead)
    returned = return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=reason)

    session.refresh(lead)
    assert (returned.goes_to, lead.state, lead.review_reason) == (ReturnTo.REVIEW, LeadState.IN_REVIEW, review)
    asked = session.scalars(select(Review).where(Review.lead_id == lead.id, Review.decided_at.is_(None))).one()
    assert asked.reason is review
    assert open_round(session, lead) is None
    assert [kind for kind, _ in pending(session, lead)] == ["review_due"]


def test_channel_manager_and_trail_are_told(session: Session, cast: Cast, lead: Lead) -> None:
    return_lead(lead_id=lead.id, actor=cast.viewer("nils"), reason=ReturnReason.OUT_OF_TERRITORY, quality=2)

    mails = select(OutboxMessage).where(OutboxMessage.kind == MailKind.LEAD_RETURNED_TO_MANUFACTURER.value)
    assert [mail.user_id for mail in session.scalars(mails)] == [cast.people["carl"].id]
    told = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_RETURNED)).one()
    assert (told.data["reason"], told.data["quality"]) == ("out_of_territory", 2)
    assert told.partnership_id == cast.partnerships["nordwind"].id
    session.refresh(lead)
    assert lead.quality == 2


def test_not_reachable_takes_three_attempts_of_ones_own(session: Session, cast: Cast, lead: Lead) -> None:
    def give_back() -> None:
        return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NOT_REACHABLE)

    for _ in range(2):
        attempt(cast, lead)
    with pytest.raises(Refused) as refused:
        give_back()
    assert refused.value.code == "too_few_attempts"
    attempt(cast, lead)
    give_back()
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    with pytest.raises(Refused) as refused:
        return_lead(lead_id=lead.id, actor=cast.viewer("kenji"), reason=ReturnReason.NOT_REACHABLE)
    assert refused.value.code == "too_few_attempts"


def test_who_went_on_without_a_documented_contact_says_so_first(session: Session, cast: Cast, lead: Lead) -> None:
    edit = LeadEdit(Stage.QUALIFIED)
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, edit=edit)
    with pytest.raises(Refused) as refused:
        return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    assert refused.value.code == "undocumented"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": None}, "reason"), ({"reason": ReturnReason.OTHER, "note": " "}, "text"), ({"quality": 6}, "quality")],
)
def test_unusable_returns_change_nothing(
    session: Session, cast: Cast, lead: Lead, values: dict[str, object], field: str
) -> None:
    given = {"reason": ReturnReason.NO_CAPACITY} | values
    with pytest.raises(Invalid) as refused:
        return_lead(lead_id=lead.id, actor=cast.viewer("nora"), **given)  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED


@pytest.mark.parametrize("name", ["kenji", "rita", "gina"])
def test_others_find_nothing(session: Session, cast: Cast, lead: Lead, name: str) -> None:
    with pytest.raises(NotFound):
        return_lead(lead_id=lead.id, actor=cast.viewer(name), reason=ReturnReason.NO_CAPACITY)
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    with pytest.raises(NotFound):
        undo_return(lead_id=lead.id, actor=cast.viewer(name))


def test_readers_may_not(session: Session, cast: Cast, lead: Lead) -> None:
    with pytest.raises(Forbidden):
        return_lead(lead_id=lead.id, actor=cast.viewer("vera"), reason=ReturnReason.NO_CAPACITY)
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    with pytest.raises(Forbidden):
        undo_return(lead_id=lead.id, actor=cast.viewer("vera"))


def test_a_seller_returns_what_was_given_by_hand(session: Session, cast: Cast) -> None:
    made = factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.NURTURING)
    session.commit()
    ines, carl = cast.viewer("ines"), cast.viewer("carl")
    assign_lead(lead_id=made.id, actor=carl, reason="Yours", user_id=ines.user_id)
    return_lead(lead_id=made.id, actor=ines, reason=ReturnReason.NO_CAPACITY)

    session.refresh(made)
    board = open_round(session, made)
    assert board is not None
    assert (made.state, board.kind) == (LeadState.DISTRIBUTING, RoundKind.BOARD)
    undo_return(lead_id=made.id, actor=ines)
    session.refresh(made)
    assert made.state is LeadState.ASSIGNED


def test_out_of_the_last_round_it_goes_to_a_person(session: Session, cast: Cast) -> None:
    made = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.round_(session, made, RoundKind.DIRECT)
    session.commit()
    partnership_id = cast.partnerships["nordwind"].id
    assign_lead(lead_id=made.id, actor=cast.viewer("carl"), reason="Theirs", partnership_id=partnership_id)
    return_lead(lead_id=made.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    session.refresh(made)
    assert (made.state, made.review_reason) == (LeadState.IN_REVIEW, ReviewReason.RETURNED)


@pytest.mark.parametrize("reason", [ReturnReason.NO_CAPACITY, ReturnReason.SPAM_OR_TEST])
@pytest.mark.parametrize("name", ["nora", "nils", "carl"])
def test_a_return_taken_back_leaves_all_as_it_was(
    session: Session, cast: Cast, lead: Lead, reason: ReturnReason, name: str
) -> None:
    attempt(cast, lead, outcome=ContactOutcome.REACHED)
    follow_up = session.scalar(select(clock_now())).replace(year=2099, second=0, microsecond=0)
    edit = LeadEdit(Stage.QUALIFIED, follow_up_at=follow_up)
    cockpit.edit_lead(lead_id=lead.id, actor=cast.viewer("nora"), version=lead.version, edit=edit)
    promises = pending(session, lead)
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=reason, quality=1)
    session.refresh(lead)
    assert (lead.stage, lead.follow_up_at, lead.quality) == (Stage.NEW, None, 1)
    undo_return(lead_id=lead.id, actor=cast.viewer(name))

    session.refresh(lead)
    assert (lead.state, lead.stage, lead.follow_up_at) == (LeadState.ASSIGNED, Stage.QUALIFIED, follow_up)
    assert (lead.quality, lead.review_reason) == (None, None)
    assert pending(session, lead) == promises
    assert promises != []
    assert open_round(session, lead) is None
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (work.ended_at, work.end, work.return_reason, work.return_note) == (None, None, None, "")
    assert lead_page(viewer=cast.viewer("nora"), lead_id=lead.id).prospect.person == "Katrin Vogel"
    later = session.scalars(select(Offer).where(Offer.lead_id == lead.id, Offer.is_exclusive)).all()
    assert {offer.answer for offer in later} <= {OfferAnswer.WITHDRAWN}
    kinds = session.scalars(select(Event.kind).where(Event.lead_id == lead.id).order_by(Event.id)).all()
    assert kinds[-1] is EventKind.LEAD_RETURN_UNDONE
    with pytest.raises(Refused) as again:
        undo_return(lead_id=lead.id, actor=cast.viewer(name))
    assert again.value.code == "not_returned"


def test_the_promise_of_a_first_contact_holds_again_and_takes_its_place(
    session: Session, cast: Cast, lead: Lead
) -> None:
    promises = pending(session, lead)
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    undo_return(lead_id=lead.id, actor=cast.viewer("nora"))
    assert pending(session, lead) == promises
    assert session.get_one(Partnership, cast.partnerships["nordwind"].id, populate_existing=True).unworked_claims == 1


def test_ten_minutes_are_all_there_is(session: Session, cast: Cast, lead: Lead, clock: TimeMachine) -> None:
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    clock.pass_time(minutes=10, seconds=5)
    with pytest.raises(Refused) as refused:
        undo_return(lead_id=lead.id, actor=cast.viewer("nora"))
    assert refused.value.code == "too_late"


def test_what_another_has_taken_stays_taken(session: Session, cast: Cast, lead: Lead) -> None:
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.NO_CAPACITY)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    with pytest.raises(Refused) as refused:
        undo_return(lead_id=lead.id, actor=cast.viewer("nora"))
    assert refused.value.code == "taken"


def test_what_a_person_has_decided_stays_decided(session: Session, cast: Cast, lead: Lead) -> None:
    return_lead(lead_id=lead.id, actor=cast.viewer("nora"), reason=ReturnReason.SPAM_OR_TEST)
    review_id = session.scalars(select(Review.id).where(Review.lead_id == lead.id)).one()
    decide_review(review_id=review_id, decision=ReviewDecision.SENT_TO_PLAN, actor=cast.viewer("carl"))
    with pytest.raises(Refused) as refused:
        undo_return(lead_id=lead.id, actor=cast.viewer("nora"))
    assert refused.value.code == "taken"
