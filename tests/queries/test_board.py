"""What stands on whose board."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.bands import SizeBand, ValueBand, value_band
from app.domain.board import BoardFilters, BoardSort
from app.domain.distribution import DeclineReason, RoundKind
from app.domain.leads import LeadState
from app.domain.money import Money
from app.domain.partners import PartnershipStatus
from app.models import Lead, ManufacturerSettings, Organisation
from app.queries.board import BoardPage, LeadCard, board_news, board_page, offer_card
from app.queries.board.scope import BAND_ORDER, value_rank
from app.services.claims import claim_offer, decline_offer
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine


def board(cast: Cast, name: str, **filters: object) -> BoardPage:
    return board_page(viewer=cast.viewer(name), filters=BoardFilters(**filters))  # type: ignore[arg-type]


def references(page: BoardPage) -> list[str]:
    return [card.reference for card in (*page.exclusive, *page.cards)]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.covers("B-04")
def test_each_of_the_cast_sees_its_own_board(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    seen = {name: references(board(cast, name)) for name in ("nora", "nils", "kenji", "rita", "ada", "gina")}
    expected = [lead.reference]
    assert seen == {"nora": expected, "nils": expected, "kenji": expected, "rita": [], "ada": [], "gina": []}


@pytest.mark.covers("B-04")
def test_a_head_start_hides_the_lead_until_it_has_passed(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast, is_hot=False)
    assert references(board(cast, "nora")) == [lead.reference]
    assert board(cast, "kenji").total == 0
    offer = offer_to(session, lead, cast.partnerships["kansai"])
    assert offer_card(viewer=cast.viewer("kenji"), offer_id=offer.id) is None
    clock.pass_time(hours=13)
    assert references(board(cast, "kenji")) == [lead.reference]


def test_what_is_over_is_not_shown_even_when_no_worker_came_by(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    put_on_board(session, cast)
    clock.pass_time(hours=2, minutes=1)
    assert board(cast, "nora").total == 0


@pytest.mark.covers("B-04")
def test_an_older_standing_hides_the_offer_at_once(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    cast.partnerships["nordwind"].eligibility_version += 1
    session.commit()
    assert board(cast, "nora").total == 0
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    assert offer_card(viewer=cast.viewer("nora"), offer_id=offer.id) is None
    assert board(cast, "kenji").total == 1


@pytest.mark.parametrize("status", [PartnershipStatus.PAUSED, PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED])
def test_a_partnership_that_is_not_active_has_no_board(session: Session, cast: Cast, status: PartnershipStatus) -> None:
    put_on_board(session, cast)
    cast.partnerships["nordwind"].status = status
    session.commit()
    assert (board(cast, "nora").total, board(cast, "nora").standings) == (0, ())


def test_answered_offers_leave_the_board(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    nora = cast.viewer("nora")
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    decline_offer(offer_id=offer.id, actor=nora, reason=DeclineReason.NO_CAPACITY)
    assert board(cast, "nora").total == 0
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    page = board(cast, "kenji")
    assert (page.total, [one.lead_id for one in page.mine]) == (0, [lead.id])
    assert page.standings[0].open_claims == 1


def test_a_lost_race_is_shown_for_a_while_and_never_by_whom(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast)
    opened_at = read_clock(session)
    clock.pass_time(minutes=1)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    page = board(cast, "kenji")
    assert [one.reference for one in page.gone] == [lead.reference]
    assert "Nordwind" not in repr(page.gone)
    news = board_news(viewer=cast.viewer("kenji"), filters=BoardFilters(), since=opened_at)
    assert (news.count, [one.reference for one in news.gone]) == (0, [lead.reference])
    assert board_news(viewer=cast.viewer("rita"), filters=BoardFilters(), since=opened_at).gone == ()
    clock.pass_time(minutes=31)
    assert board(cast, "kenji").gone == ()


def test_a_colleague_sees_the_contact_data_only_by_opening_the_lead(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    assert board(cast, "nora").mine[0].person == "Katrin Vogel"
    assert (board(cast, "nils").mine[0].person, board(cast, "nils").mine[0].email) == ("", "")


def test_news_count_what_matches_the_filters(session: Session, cast: Cast, clock: TimeMachine) -> None:
    opened_at = read_clock(session)
    clock.pass_time(seconds=5)
    put_on_board(session, cast)
    put_on_board(session, cast, subdivision="DE-BE", postal_code="10115")
    viewer = cast.viewer("nora")
    assert board_news(viewer=viewer, filters=BoardFilters(), since=opened_at).count == 2
    assert board_news(viewer=viewer, filters=BoardFilters(region="DE-BE"), since=opened_at).count == 1
    clock.pass_time(seconds=5)
    assert board_news(viewer=viewer, filters=BoardFilters(), since=read_clock(session)).count == 0


def test_the_card_holds_what_the_manufacturer_shows_and_no_more(session: Session, cast: Cast) -> None:
    values = {"employees": 120, "amount_cents": 60_000_00, "currency": "EUR", "industry": "Food", "message": "Call me"}
    put_on_board(session, cast, **values)
    card = board(cast, "nora").cards[0]
    assert (card.size_band, card.value_band, card.industry) == (SizeBand.MEDIUM, ValueBand.MEDIUM, "Food")
    assert (card.postal_area, card.region, card.title, card.partners) == ("80xxx", "DE-BY", "Industrial pumps", 2)
    assert card.message is None
    session.get_one(ManufacturerSettings, cast.acme.id).shown_fields = []
    session.commit()
    card = board(cast, "nora").cards[0]
    chosen = (card.size_band, card.value_band, card.industry, card.source_kind, card.score_band, card.currency)
    assert chosen == (None,) * 6


def test_hidden_bands_can_neither_be_filtered_nor_sorted_by(session: Session, cast: Cast) -> None:
    put_on_board(session, cast, amount_cents=60_000_00, currency="EUR", employees=120)
    assert board(cast, "nora", value=ValueBand.MEDIUM, size=SizeBand.MEDIUM).found == 1
    session.get_one(ManufacturerSettings, cast.acme.id).shown_fields = []
    session.commit()
    assert board(cast, "nora", value=ValueBand.MEDIUM).found == 0
    assert board(cast, "nora", size=SizeBand.MEDIUM).found == 0


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ({"region": "DE-BY"}, True),
        ({"region": "DE"}, True),
        ({"region": "DE-BE"}, False),
        ({"hot": True}, True),
        ({"closing": True}, True),
        ({"exclusive": True}, False),
        ({"product": 0}, False),
        ({"manufacturer": 0}, False),
        ({"size": SizeBand.MICRO}, False),
    ],
)
def test_filters(session: Session, cast: Cast, filters: dict[str, object], is_found: bool) -> None:
    put_on_board(session, cast, employees=120)
    page = board(cast, "nora", **filters)
    assert (page.found, len(page.cards), page.total) == (is_found, is_found, 1)


def test_sql_knows_the_same_bands_as_the_rule(session: Session, cast: Cast) -> None:
    amounts = [None, 0, 1, 9_999_99, 10_000_00, 49_999_99, 50_000_00, 249_999_99, 250_000_00, 1_000_000_00]
    for currency in ("EUR", "JPY"):
        for cents in amounts:
            cents = cents if cents is None or currency == "EUR" else cents * 100
            lead = factories.lead(session, cast.acme, [], amount_cents=cents, currency=currency)
            rank = session.query(value_rank()).filter(Lead.id == lead.id).scalar()
            money = Money(cents, currency) if cents is not None else None
            assert BAND_ORDER[rank] is value_band(money), (cents, currency)


@pytest.mark.parametrize("sort", list(BoardSort))
def test_pages_hold_every_offer_once_in_order(session: Session, cast: Cast, sort: BoardSort) -> None:
    amounts = [1_000_00, 60_000_00, 60_000_01, 300_000_00, None]
    leads = [put_on_board(session, cast, amount_cents=amount, currency="EUR") for amount in amounts]
    viewer, filters = cast.viewer("nora"), BoardFilters(sort=sort)
    seen, after = [], None
    for _ in range(4):
        page = board_page(viewer=viewer, filters=filters, after=after, limit=2)
        seen += [card.reference for card in page.cards]
        after = page.next_after
        if after is None:
            break
    assert sorted(seen) == sorted(lead.reference for lead in leads)
    if sort is BoardSort.VALUE:
        assert (seen[0], seen[-1]) == (leads[3].reference, leads[4].reference)
    assert board_page(viewer=viewer, filters=filters, after="garbage", limit=2).cards


def test_an_exclusive_offer_stands_apart(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.DISTRIBUTING)
    push = factories.round_(session, lead, RoundKind.PUSH)
    factories.offer(session, push, cast.partnerships["nordwind"], is_exclusive=True)
    session.commit()
    page = board(cast, "nora")
    assert ([card.reference for card in page.exclusive], page.cards, page.total) == ([lead.reference], (), 1)
    assert page.exclusive[0].partners == 1


def test_one_board_over_all_manufacturers(session: Session, cast: Cast) -> None:
    put_on_board(session, cast)
    gold, drive = cast.partnerships["rival"].tier, cast.products["drive"]
    factories.partnership(session, cast.globex, cast.nordwind, gold, products=[drive], countries=["DE"])
    lead = factories.lead(session, cast.globex, [drive], is_hot=True)
    session.commit()
    route_lead(lead_id=lead.id)
    page = board(cast, "nora")
    assert {card.manufacturer for card in page.cards} == {"Acme", "Globex"}
    assert [one.manufacturer for one in page.standings] == ["Acme", "Globex"]
    assert board(cast, "kenji").total == 1


def test_the_number_of_statements_does_not_grow(session: Session, cast: Cast) -> None:
    def statements() -> int:
        session.expire_all()
        with counted() as seen:
            board(cast, "nora")
        return len(seen)

    for _ in range(3):
        put_on_board(session, cast)
    few = statements()
    for _ in range(12):
        put_on_board(session, cast)
    assert statements() == few > 0


def test_cards_are_made_of_nothing_else() -> None:
    names = {field.name for field in dataclasses.fields(LeadCard)}
    hidden = (
        "company person email phone city street postal_code website external_id lead_id employees amount_cents score"
    )
    assert not names & set(hidden.split())


def test_time_zone_of_the_partner_decides_what_is_today(session: Session, cast: Cast, clock: TimeMachine) -> None:
    session.get_one(Organisation, cast.nordwind.id).time_zone = "Asia/Tokyo"
    lead = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    assert board(cast, "nora").standings[0].claims_today == 1
    clock.pass_time(days=1)
    assert board(cast, "nora").standings[0].claims_today == 0
    assert board(cast, "nora").mine == ()
