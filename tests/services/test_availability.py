"""Who is away: what it stops, whom it tells instead, and that it ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.availability import AbsenceKind, BoardEffect
from app.domain.board import BoardFilters
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Role
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Absence, Event, Offer, OutboxMessage, Review
from app.queries.absences import absence_standing, absences_of_partner, list_absences, partners_away
from app.queries.board import board_page
from app.queries.network.partners import PartnerFilter, list_partners
from app.queries.notifications import mail_facts, reader_of
from app.queries.people import people_to_tell
from app.services.availability import end_absence, set_absence
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.reviewing import open_review
from app.services.saved_views import owe_view_mails, save_view
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import reserved

PAUSE, VACATION, THIS_WEEK = AbsenceKind.PAUSE, AbsenceKind.VACATION, AbsenceKind.NOT_THIS_WEEK


def in_days(session: Session, days: int) -> datetime:
    return read_clock(session) + timedelta(days=days)


def away(session: Session, cast: Cast, name: str, *, deputy: str | None = None, days: int = 5) -> int:
    actor = cast.viewer(name)
    deputy_id = cast.people[deputy].id if deputy else None
    ends_at = in_days(session, days)
    return set_absence(actor=actor, kind=VACATION, user_id=actor.user_id, ends_at=ends_at, deputy_id=deputy_id)


@pytest.mark.covers("T-15")
def test_a_paused_partner_sees_its_board_and_claims_nothing_until_it_is_back(session: Session, cast: Cast) -> None:
    nora, nils = cast.viewer("nora"), cast.viewer("nils")
    lead = put_on_board(session, cast)
    offer_id = offer_to(session, lead, cast.partnerships["nordwind"]).id
    absence_id = set_absence(actor=nora, kind=PAUSE, user_id=None)

    assert len(board_page(viewer=nils, filters=BoardFilters()).cards) == 1
    assert absence_standing(viewer=nils).whole.board is not BoardEffect.SHOWN
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_id, actor=nils)
    assert refused.value.rule is ClaimRule.ON_LEAVE
    assert refused.value.restored_at is None
    end_absence(absence_id=absence_id, actor=nora)
    assert absence_standing(viewer=nils).whole.board is BoardEffect.SHOWN
    assert claim_offer(offer_id=offer_id, actor=nils).lead_id == lead.id


def test_a_vacation_names_its_end_and_ends_by_itself(session: Session, cast: Cast, clock: TimeMachine) -> None:
    nora = cast.viewer("nora")
    ends_at = in_days(session, 0) + timedelta(hours=1)
    set_absence(actor=nora, kind=VACATION, user_id=None, ends_at=ends_at)
    lead = put_on_board(session, cast)
    offer_id = offer_to(session, lead, cast.partnerships["nordwind"]).id
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_id, actor=nora)
    assert (refused.value.rule, refused.value.restored_at) == (ClaimRule.ON_LEAVE, ends_at)
    clock.pass_time(hours=1, seconds=1)
    assert partners_away(session, [cast.nordwind.id]) == frozenset()
    assert claim_offer(offer_id=offer_id, actor=nora).lead_id == lead.id


def test_not_this_week_keeps_the_claim_and_ends_with_the_week(session: Session, cast: Cast) -> None:
    nora = cast.viewer("nora")
    set_absence(actor=nora, kind=THIS_WEEK, user_id=None)
    [line] = list_absences(viewer=nora)
    assert line.ends_at is not None
    assert timedelta(0) < line.ends_at - read_clock(session) <= timedelta(days=10)
    assert partners_away(session, [cast.nordwind.id, cast.kansai.id]) == {cast.nordwind.id}
    lead = put_on_board(session, cast)
    assert claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=nora)


@pytest.mark.parametrize(("names", "is_away"), [(("nora",), False), (("nora", "nils"), True)])
def test_a_partner_is_away_when_each_of_its_people_is(
    session: Session, cast: Cast, names: tuple[str, ...], is_away: bool
) -> None:
    for name in names:
        away(session, cast, name)
    assert (cast.nordwind.id in partners_away(session, [cast.nordwind.id])) is is_away


@pytest.mark.covers("W-17", "T-15")
def test_mails_go_to_the_deputy_else_to_colleagues_and_never_to_nobody(session: Session, cast: Cast) -> None:
    nora, nils = cast.people["nora"].id, cast.people["nils"].id
    heads = [Role.PARTNER_ADMIN]
    assert people_to_tell(session, cast.nordwind.id, heads) == [nora]
    away(session, cast, "nora")
    assert people_to_tell(session, cast.nordwind.id, heads) == [nils]
    assert people_to_tell(session, cast.nordwind.id) == [nils]
    away(session, cast, "nils")
    assert people_to_tell(session, cast.nordwind.id, heads) == [nora]
    ada = cast.people["ada"].id
    away(session, cast, "carl", deputy="ada")
    assert people_to_tell(session, cast.acme.id, [Role.CHANNEL_MANAGER]) == [ada]


def test_a_manufacturers_person_without_a_deputy_is_told_all_the_same(session: Session, cast: Cast) -> None:
    away(session, cast, "carl")
    assert people_to_tell(session, cast.acme.id, [Role.CHANNEL_MANAGER]) == [cast.people["carl"].id]


def test_a_review_is_the_deputys_meanwhile(session: Session, cast: Cast) -> None:
    away(session, cast, "carl", deputy="ines")
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    review = open_review(session, lead, ReviewReason.MANUAL_REVIEW, owner_user_id=cast.people["carl"].id)
    assert session.get_one(Review, review.id).owner_user_id == cast.people["ines"].id


def test_the_same_tap_twice_says_it_once(session: Session, cast: Cast) -> None:
    nora = cast.viewer("nora")
    first, again = (set_absence(actor=nora, kind=THIS_WEEK, user_id=None) for _ in range(2))
    assert first == again
    assert len(session.scalars(select(Absence)).all()) == 1


def test_what_is_said_stands_in_the_trail(session: Session, cast: Cast) -> None:
    nora = cast.viewer("nora")
    whole = set_absence(actor=nora, kind=PAUSE, user_id=None)
    end_absence(absence_id=whole, actor=nora)
    away(session, cast, "nils")
    told = session.scalars(select(Event).where(Event.kind == EventKind.ABSENCE_CHANGED).order_by(Event.id)).all()
    assert [(event.manufacturer_id, event.data["is_over"]) for event in told] == [
        (cast.acme.id, False),
        (cast.acme.id, True),
        (None, False),
    ]


def test_one_that_has_not_begun_is_struck_out(session: Session, cast: Cast) -> None:
    nora = cast.viewer("nora")
    starts_at, ends_at = in_days(session, 3), in_days(session, 5)
    absence_id = set_absence(actor=nora, kind=VACATION, user_id=nora.user_id, starts_at=starts_at, ends_at=ends_at)
    assert partners_away(session, [cast.nordwind.id]) == frozenset()
    end_absence(absence_id=absence_id, actor=nora)
    assert list_absences(viewer=nora) == ()


def test_heads_speak_for_their_people_and_nobody_else_does(session: Session, cast: Cast) -> None:
    nora, nils = cast.viewer("nora"), cast.viewer("nils")
    absence_id = set_absence(actor=nora, kind=PAUSE, user_id=nils.user_id)
    end_absence(absence_id=absence_id, actor=nils)
    for user_id in (nora.user_id, None):
        with pytest.raises(Forbidden):
            set_absence(actor=nils, kind=PAUSE, user_id=user_id)
    with pytest.raises(Forbidden):
        set_absence(actor=cast.viewer("ada"), kind=PAUSE, user_id=None)
    with pytest.raises(NotFound):
        set_absence(actor=nora, kind=PAUSE, user_id=cast.people["kenji"].id)
    mine = set_absence(actor=nora, kind=PAUSE, user_id=None)
    with pytest.raises(NotFound):
        end_absence(absence_id=mine, actor=cast.viewer("kenji"))
    with pytest.raises(Forbidden):
        end_absence(absence_id=mine, actor=nils)


@pytest.mark.parametrize(
    ("days", "deputy", "field"),
    [(None, None, "ends_at"), (-1, None, "ends_at"), (3, "nora", "deputy_id"), (3, "kenji", "deputy_id")],
)
def test_unusable_absences(session: Session, cast: Cast, days: int | None, deputy: str | None, field: str) -> None:
    nora = cast.viewer("nora")
    with pytest.raises(Invalid) as refused:
        set_absence(
            actor=nora,
            kind=VACATION,
            user_id=nora.user_id,
            ends_at=in_days(session, days) if days is not None else None,
            deputy_id=cast.people[deputy].id if deputy else None,
        )
    assert set(refused.value.fields) == {field}


@pytest.mark.covers("W-17", "T-15")
def test_push_passes_by_who_is_away(session: Session, cast: Cast, clock: TimeMachine) -> None:
    set_absence(actor=cast.viewer("nora"), kind=THIS_WEEK, user_id=None)
    lead = put_on_board(session, cast)
    board = offer_to(session, lead, cast.partnerships["nordwind"]).round_id
    clock.pass_time(hours=3)
    enforce_deadlines()
    asked = session.scalars(select(Offer.partner_id).where(Offer.lead_id == lead.id, Offer.round_id != board)).all()
    assert asked == [cast.kansai.id]


@pytest.mark.covers("T-15")
def test_nobody_claims_while_away_himself(session: Session, cast: Cast) -> None:
    nora, nils = cast.viewer("nora"), cast.viewer("nils")
    lead = put_on_board(session, cast)
    offer_id = offer_to(session, lead, cast.partnerships["nordwind"]).id
    absence_id = set_absence(actor=nils, kind=PAUSE, user_id=nils.user_id)
    with pytest.raises(ClaimRefused) as refused:
        claim_offer(offer_id=offer_id, actor=nils)
    assert refused.value.rule is ClaimRule.ON_LEAVE
    assert refused.value.remedy is not None
    session.refresh(lead)
    assert lead.state is LeadState.DISTRIBUTING
    end_absence(absence_id=absence_id, actor=nils)
    set_absence(actor=nora, kind=PAUSE, user_id=nora.user_id)
    assert claim_offer(offer_id=offer_id, actor=nils).lead_id == lead.id, "a colleague's absence is no hindrance"


@pytest.mark.covers("T-15")
@pytest.mark.parametrize("is_whole", [True, False])
def test_who_hides_the_board_sees_only_what_is_offered_to_it_alone(
    session: Session, cast: Cast, is_whole: bool
) -> None:
    nora, nils = cast.viewer("nora"), cast.viewer("nils")
    put_on_board(session, cast)
    alone = reserved(session, cast)
    absence_id = set_absence(actor=nora, kind=PAUSE, user_id=None if is_whole else nora.user_id, hides_board=True)

    page = board_page(viewer=nora, filters=BoardFilters())
    assert ([card.reference for card in page.exclusive], page.cards) == ([alone.reference], ())
    assert absence_standing(viewer=nora).is_board_hidden
    assert bool(board_page(viewer=nils, filters=BoardFilters()).cards) is not is_whole
    assert board_page(viewer=cast.viewer("kenji"), filters=BoardFilters()).cards, "it is nobody else's absence"
    end_absence(absence_id=absence_id, actor=nora)
    assert len(board_page(viewer=nora, filters=BoardFilters()).cards) == 1


@pytest.mark.covers("W-16", "T-15")
@pytest.mark.parametrize(
    ("who", "deputy", "told"),
    [(None, None, ["nils"]), ("nils", None, []), ("nils", "nora", ["nora"]), ("whole", None, [])],
)
def test_mails_of_saved_views_rest_while_somebody_is_away(
    session: Session, cast: Cast, who: str | None, deputy: str | None, told: list[str]
) -> None:
    save_view(actor=cast.viewer("nils"), name="All", filters=BoardFilters(), is_mailed=True)
    if who == "whole":
        set_absence(actor=cast.viewer("nora"), kind=PAUSE, user_id=None)
    elif who is not None:
        away(session, cast, who, deputy=deputy)
    put_on_board(session, cast)
    assert owe_view_mails() == len(told)
    owed = select(OutboxMessage).where(OutboxMessage.kind == MailKind.SAVED_VIEW_MATCH_TO_USER)
    messages = session.scalars(owed).all()
    assert [one.user_id for one in messages] == [cast.people[name].id for name in told]
    for one in messages:
        reader = reader_of(session, one.user_id)
        assert reader is not None
        facts = mail_facts(session, one, reader)
        assert facts is not None and facts["count"] == 1
        assert facts["stands_in_for"] == ("Nils" if who else None)


@pytest.mark.covers("W-17", "T-15")
def test_the_manufacturer_sees_who_is_away_until_when_and_who_stands_in(session: Session, cast: Cast) -> None:
    vera, partnership_id = cast.viewer("vera"), cast.partnerships["nordwind"].id
    away(session, cast, "nora", deputy="nils", days=3)
    [line] = absences_of_partner(viewer=vera, partnership_id=partnership_id)
    assert (line.person, line.deputy) == ("Nora", "Nils")
    rows = {row.name: row for row in list_partners(viewer=vera, wanted=PartnerFilter()).rows}
    assert (rows["Nordwind"].is_away, rows["Kansai"].is_away) == (False, False), "Nils is there"
    away(session, cast, "nils", days=2)
    [row] = list_partners(viewer=vera, wanted=PartnerFilter(search="Nordwind")).rows
    assert row.is_away
    ends = [one.ends_at for one in absences_of_partner(viewer=vera, partnership_id=partnership_id) if one.ends_at]
    assert (len(ends), row.returns_at) == (2, min(ends))
    set_absence(actor=cast.viewer("nora"), kind=PAUSE, user_id=None)
    [row] = list_partners(viewer=vera, wanted=PartnerFilter(search="Nordwind")).rows
    assert (row.is_away, row.returns_at) == (True, None)
    with pytest.raises(NotFound):
        absences_of_partner(viewer=cast.viewer("gina"), partnership_id=partnership_id)


@pytest.mark.covers("W-17")
def test_who_is_away_at_a_partner_that_has_ended_is_not_told_its_manufacturer(session: Session, cast: Cast) -> None:
    vera, nordwind = cast.viewer("vera"), cast.partnerships["nordwind"]
    away(session, cast, "nora", deputy="nils", days=3)
    seen = {}
    for status in PartnershipStatus:
        nordwind.status = status
        session.commit()
        lines = absences_of_partner(viewer=vera, partnership_id=nordwind.id)
        seen[status] = [(line.person, line.deputy) for line in lines]
    assert seen.pop(PartnershipStatus.ENDED) == []
    assert all(lines == [("Nora", "Nils")] for lines in seen.values())
