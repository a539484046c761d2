"""Newer partners get their share of what is pushed, and high leads go to experienced ones first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import DeclineReason
from app.domain.phrases import Phrase
from app.domain.ranking import RankingPart
from app.models import PushTurn
from app.services.claims import decline_offer
from tests.cast import Cast
from tests.pushes import another_partner, asked_about, push_only, pushed, worked

BY_TIER = {RankingPart.TIER.value: 1}
"""Nordwind is always the best, whatever happens."""


def engage(session: Session, cast: Cast, **choice: Any) -> None:
    """Nordwind has had many leads, Kansai none; both have room for all that comes."""
    push_only(session, cast, weights=BY_TIER, **choice)
    for _ in range(5):
        worked(session, cast, cast.partnerships["nordwind"])
    for name in ("nordwind", "kansai"):
        cast.partnerships[name].max_open_claims = 100
    session.commit()


def asked_in_turn(session: Session, cast: Cast, count: int, **values: Any) -> list[str]:
    names = {partnership.id: name for name, partnership in cast.partnerships.items()}
    return [names[asked_about(session, pushed(session, cast, **values)).partnership_id] for _ in range(count)]


@pytest.mark.covers("T-27", "T-05")
def test_of_twenty_five_offers_every_fifth_is_a_newcomers(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=5)
    assert asked_in_turn(session, cast, 25) == (["nordwind"] * 4 + ["kansai"]) * 5


@pytest.mark.covers("T-27")
def test_without_a_floor_the_best_has_them_all(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=0)
    assert set(asked_in_turn(session, cast, 10)) == {"nordwind"}


@pytest.mark.covers("T-27")
def test_who_has_had_enough_leads_is_no_newcomer_any_more(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=2, newcomer_below=2)
    assert asked_in_turn(session, cast, 4) == ["nordwind", "kansai", "nordwind", "kansai"]
    for _ in range(2):
        worked(session, cast, cast.partnerships["kansai"])
    session.commit()
    assert set(asked_in_turn(session, cast, 6)) == {"nordwind"}


@pytest.mark.covers("T-27")
def test_only_offers_a_newcomer_could_have_had_are_counted(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=3)
    cast.partnerships["kansai"].unworked_claims = 100
    session.commit()
    assert asked_in_turn(session, cast, 7) == ["nordwind"] * 7
    cast.partnerships["kansai"].unworked_claims = 0
    session.commit()
    assert asked_in_turn(session, cast, 3) == ["nordwind", "nordwind", "kansai"]


@pytest.mark.covers("T-27")
def test_who_is_asked_next_after_a_decline_counts_too(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=5)
    lead = pushed(session, cast)
    decline_offer(offer_id=asked_about(session, lead).id, actor=cast.viewer("nora"), reason=DeclineReason.TOO_SMALL)
    offer = asked_about(session, lead)
    assert offer.partnership_id == cast.partnerships["kansai"].id
    assert [str(Phrase.from_json(one)) for one in offer.ranking["reasons"]] == ["Nobody else is eligible."]
    assert session.scalar(select(PushTurn.since_newcomer)) == 0, "the newcomer was asked"


@pytest.mark.covers("T-11", "T-12")
@pytest.mark.parametrize(
    ("limits", "lead", "experienced"),
    [
        ({"score": 80, "value": None}, {"score": 85}, True),
        ({"score": 80, "value": None}, {"score": 79}, False),
        ({"score": None, "value": {"cents": 5_000_000, "currency": "EUR"}}, {"amount_cents": 5_000_000}, True),
        ({"score": None, "value": {"cents": 5_000_000, "currency": "EUR"}}, {"amount_cents": 4_999_999}, False),
        ({"score": None, "value": None}, {"score": 100, "amount_cents": 9_000_000}, False),
    ],
)
def test_high_leads_go_to_experienced_partners_first(
    session: Session, cast: Cast, limits: dict[str, Any], lead: dict[str, Any], experienced: bool
) -> None:
    engage(session, cast)
    push_only(session, cast, experience=limits, weights=BY_TIER)
    better = another_partner(session, cast, "Sudring", "platinum")
    cast.partnerships["nordwind"].tier_id = cast.tiers["gold"].id
    session.commit()
    offer = asked_about(session, pushed(session, cast, currency="EUR", **lead))
    assert offer.partnership_id == (cast.partnerships["nordwind"].id if experienced else better.id)
    told = [str(Phrase.from_json(one)) for one in offer.ranking["reasons"]]
    assert ("A lead of high value or score goes to an experienced partner first." in told) is experienced


@pytest.mark.covers("T-27", "T-11")
def test_the_share_of_newcomers_holds_for_high_leads_too(session: Session, cast: Cast) -> None:
    engage(session, cast, fairness_every=3, experience={"score": 50, "value": None})
    assert asked_in_turn(session, cast, 6, score=95) == ["nordwind", "nordwind", "kansai"] * 2
