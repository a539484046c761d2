"""What an account's page says has happened: who it went to, and who came into its team."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.accounts import TeamRole
from app.domain.network.account_draft import AccountDraft
from app.domain.owners import Handover
from app.localisation import phrase_text
from app.models import Account
from app.queries.accounts.history import account_history
from app.queries.network.drafts import draft_of_account
from app.services import identity
from app.services.accounts.team import Place, add_team_member, remove_team_member
from app.services.network.accounts import change_account, create_account
from app.services.network.reassigning import reassign_accounts
from tests.cast import Cast

pytestmark = pytest.mark.covers("P-30")


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    """An account of Ines's."""
    draft = AccountDraft(code="A-1", name="Hofmann", owner_user_id=cast.people["ines"].id)
    return session.get_one(Account, create_account(actor=cast.viewer("ada"), draft=draft))


def told(cast: Cast, account: Account) -> list[str]:
    """The details of the account's latest line."""
    return [phrase_text(one) for one in account_history(viewer=cast.viewer("vera"), account_id=account.id)[0].details]


def test_an_owner_change_names_both(session: Session, cast: Cast, account: Account) -> None:
    values = {"owner_user_id": None, "owner_partnership_id": cast.partnerships["kansai"].id}
    draft = replace(draft_of_account(account), **values)
    change_account(actor=cast.viewer("ada"), account_id=account.id, version=account.version, draft=draft)
    assert set(told(cast, account)) == {"Owner: – → Kansai", "Direct seller: Ines → –"}


def test_bought_lines_and_parents_are_named(session: Session, cast: Cast, account: Account) -> None:
    parent = create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="P", name="Hofmann Group"))
    pump = cast.products["pump"]
    draft = replace(draft_of_account(account), parent_id=parent, product_line_ids=(pump.id,), is_enterprise=True)
    change_account(actor=cast.viewer("ada"), account_id=account.id, version=account.version, draft=draft)
    assert set(told(cast, account)) == {
        "Parent: – → Hofmann Group",
        f"Product lines it has bought: – → {pump.name}",
        "Enterprise: no → yes",
    }


def test_a_change_of_the_team_names_the_person(session: Session, cast: Cast, account: Account) -> None:
    place = Place(user_id=cast.people["carl"].id, role=TeamRole.CUSTOMER_SUCCESS)
    member_id = add_team_member(actor=cast.viewer("ada"), account_id=account.id, place=place)
    assert told(cast, account) == ["Carl (Acme)", "Team: – → Customer success"]
    remove_team_member(actor=cast.viewer("ada"), member_id=member_id)
    assert told(cast, account) == ["Carl (Acme)", "Team: Customer success → –"]


def test_a_reassignment_stands_in_the_history_of_each_account_it_moved(
    session: Session, cast: Cast, account: Account
) -> None:
    ines = Owner(user_id=cast.people["ines"].id)
    other = create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="A-2", name="Krüger"))
    kansai = Owner(partnership_id=cast.partnerships["kansai"].id)
    reassign_accounts(actor=cast.viewer("ada"), owner=ines, new_owner=kansai, reason="Nearer.")
    assert told(cast, account) == ["Ines → Kansai", "“Nearer.”"]
    assert len(account_history(viewer=cast.viewer("vera"), account_id=other)) == 1, "only that it was written down"


def test_a_hand_over_stands_in_the_history(session: Session, cast: Cast, account: Account) -> None:
    handover = Handover(cast.people["carl"].id)
    identity.disable_user(user_id=cast.people["ines"].id, actor=cast.viewer("ada"), handover=handover)
    assert told(cast, account) == ["Ines → Carl"]
