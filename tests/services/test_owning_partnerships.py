"""Partnerships that leave: what they own passes on, or they stay (P-30)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.account_routing.facts import Owner
from app.domain.accounts import AccountFlag, OpportunityState
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.owners import Belonging
from app.domain.partners import PartnershipStatus
from app.models import Account, Event, Opportunity, Organisation, Partnership
from app.queries.belongings import what_partnership_owns
from app.queries.network.drafts import draft_of_partnership
from app.services.network.partnerships import change_partnership, end_partnership
from app.services.owners.holding import hold_owner
from tests import factories
from tests.cast import Cast
from tests.races import at_once


@pytest.fixture
def accounts(session: Session, cast: Cast) -> dict[str, Account]:
    """What Nordwind owns: an account of its own, one it shares with a seller, a listing."""
    nordwind = cast.partnerships["nordwind"].id
    made = {
        "own": factories.account(session, cast.acme, "Hofmann", owner_partnership_id=nordwind),
        "shared": factories.account(
            session,
            cast.acme,
            "Krüger",
            owner_partnership_id=nordwind,
            owner_user_id=cast.people["ines"].id,
            flags=[AccountFlag.DIRECT_SOURCED.value],
        ),
        "listed": factories.account(session, cast.acme, "Vogel", listed_owner_partnership_id=nordwind),
    }
    for state in (OpportunityState.OPEN, OpportunityState.WON):
        deal = Opportunity(
            manufacturer_id=cast.acme.id, account_id=made["listed"].id, owner_partnership_id=nordwind, state=state
        )
        session.add(deal)
    session.commit()
    return made


def end(cast: Cast, successor: Owner | None) -> None:
    partnership = cast.partnerships["nordwind"]
    end_partnership(
        actor=cast.viewer("carl"), partnership_id=partnership.id, version=partnership.version, successor=successor
    )


def test_what_it_owns(cast: Cast, accounts: dict[str, Account]) -> None:
    owned = what_partnership_owns(viewer=cast.viewer("vera"), partnership_id=cast.partnerships["nordwind"].id)
    assert {group.kind: (group.count, group.names) for group in owned} == {
        Belonging.ACCOUNTS: (2, ("Hofmann", "Krüger")),
        Belonging.LISTINGS: (1, ("Vogel",)),
        Belonging.OPPORTUNITIES: (1, ("Vogel",)),
    }
    with pytest.raises(NotFound):
        what_partnership_owns(viewer=cast.viewer("gina"), partnership_id=cast.partnerships["nordwind"].id)


@pytest.mark.covers("P-30")
def test_another_partner_takes_over(session: Session, cast: Cast, accounts: dict[str, Account]) -> None:
    kansai, ines = cast.partnerships["kansai"].id, cast.people["ines"].id
    end(cast, Owner(partnership_id=kansai))
    session.expire_all()
    assert cast.partnerships["nordwind"].successor_partnership_id == kansai
    assert accounts["own"].owner_partnership_id == accounts["listed"].listed_owner_partnership_id == kansai
    assert (accounts["shared"].owner_partnership_id, accounts["shared"].owner_user_id) == (kansai, ines)
    deals = {row.state: row.owner_partnership_id for row in session.scalars(select(Opportunity))}
    assert deals == {OpportunityState.OPEN: kansai, OpportunityState.WON: cast.partnerships["nordwind"].id}
    told = session.scalars(select(Event.data).where(Event.kind == EventKind.ACCOUNTS_REASSIGNED)).one()
    assert (told["from"], told["to"], told["accounts"]) == ("Nordwind", "Kansai", 2)


@pytest.mark.covers("P-30")
def test_a_seller_takes_over(session: Session, cast: Cast, accounts: dict[str, Account]) -> None:
    carl, ines = cast.people["carl"].id, cast.people["ines"].id
    end(cast, Owner(user_id=carl))
    session.expire_all()
    assert (accounts["own"].owner_partnership_id, accounts["own"].owner_user_id) == (None, carl)
    assert (accounts["shared"].owner_partnership_id, accounts["shared"].owner_user_id) == (None, ines)
    assert (accounts["listed"].listed_owner_partnership_id, accounts["listed"].listed_owner_user_id) == (None, carl)
    assert cast.partnerships["nordwind"].successor_partnership_id is None


@pytest.mark.covers("P-30")
def test_nothing_is_left_to_nobody(session: Session, cast: Cast, accounts: dict[str, Account]) -> None:
    with pytest.raises(Invalid):
        end(cast, None)
    cast.partnerships["kansai"].status = PartnershipStatus.SUSPENDED
    session.commit()
    with pytest.raises(Invalid):
        end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    with pytest.raises(NotFound):
        end(cast, Owner(partnership_id=cast.partnerships["rival"].id))
    with pytest.raises(Invalid):
        end(cast, Owner(partnership_id=cast.partnerships["nordwind"].id))
    session.expire_all()
    assert cast.partnerships["nordwind"].status is PartnershipStatus.ACTIVE
    assert accounts["own"].owner_partnership_id == cast.partnerships["nordwind"].id


@pytest.mark.covers("P-30")
def test_suspending_asks_who_gets_the_leads_meanwhile(
    session: Session, cast: Cast, accounts: dict[str, Account]
) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    stands = draft_of_partnership(nordwind, session.get_one(Organisation, nordwind.partner_id))
    suspended = replace(stands, status=PartnershipStatus.SUSPENDED)
    carl = cast.viewer("carl")
    with pytest.raises(Invalid) as refused:
        change_partnership(actor=carl, partnership_id=nordwind.id, version=nordwind.version, draft=suspended)
    assert "successor_partnership_id" in refused.value.fields
    with pytest.raises(Invalid):
        change_partnership(
            actor=carl,
            partnership_id=nordwind.id,
            version=nordwind.version,
            draft=replace(suspended, status=PartnershipStatus.ENDED, successor_partnership_id=kansai.id),
        )
    draft = replace(suspended, successor_partnership_id=kansai.id)
    change_partnership(actor=carl, partnership_id=nordwind.id, version=nordwind.version, draft=draft)
    session.expire_all()
    assert (nordwind.status, nordwind.successor_partnership_id) == (PartnershipStatus.SUSPENDED, kansai.id)
    assert accounts["own"].owner_partnership_id == nordwind.id, "it comes back to its accounts"


def test_a_partnership_that_owns_nothing_ends_alone(session: Session, cast: Cast) -> None:
    end(cast, None)
    session.expire_all()
    assert cast.partnerships["nordwind"].status is PartnershipStatus.ENDED


@pytest.mark.covers("P-30")
@pytest.mark.parametrize("turn", range(4))
def test_an_account_given_to_a_partnership_that_ends_is_never_left_without(
    app: Flask, committed: Session, committed_cast: Cast, turn: int
) -> None:
    cast = committed_cast
    carl, acme_id, nordwind = cast.viewer("carl"), cast.acme.id, cast.partnerships["nordwind"]
    account_id = factories.account(committed, cast.acme, "Hofmann").id
    committed.commit()
    nordwind_id, version = nordwind.id, nordwind.version
    committed.rollback()

    def give() -> None:
        with transaction() as session:
            row = session.get_one(Account, account_id, with_for_update=True)
            hold_owner(session, acme_id, Owner(partnership_id=nordwind_id))
            row.owner_partnership_id = nordwind_id

    def leave() -> None:
        end_partnership(actor=carl, partnership_id=nordwind_id, version=version)

    at_once(app, *((give, leave) if turn % 2 else (leave, give)))
    committed.expire_all()
    has_ended = committed.get_one(Partnership, nordwind_id).status is PartnershipStatus.ENDED
    owner_id = committed.get_one(Account, account_id).owner_partnership_id
    assert owner_id == (None if has_ended else nordwind_id)
