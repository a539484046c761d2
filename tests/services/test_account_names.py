"""Names and their search keys: written with the account, gone with it, the same for every process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind
from app.domain.network.account_draft import AccountDraft
from app.models import Account, AccountName
from app.queries.matching import candidate_names
from app.queries.network.drafts import draft_of_account
from app.services.account_names import add_name, index_all_names, note_many_names, write_names
from app.services.network.accounts import change_account, create_account, end_account
from tests.cast import Cast

NAME = "Winkelmann Pumpen GmbH"
MISSPELLED = "Wnikelmann Pumpen"


def create(cast: Cast, name: str = NAME, **fields: Any) -> int:
    return create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="W1", name=name, **fields))


def change(session: Session, cast: Cast, account_id: int, **fields: Any) -> None:
    account = session.get_one(Account, account_id)
    draft = replace(draft_of_account(account), **fields)
    change_account(actor=cast.viewer("ada"), account_id=account_id, version=account.version, draft=draft)


def found(session: Session, cast: Cast, company: str) -> set[str]:
    return {one.name for one in candidate_names(session, manufacturer_id=cast.acme.id, company=company)}


@pytest.mark.covers("P-10")
class TestTheIndexIsKeptByTheAccountsTransaction:
    def test_a_new_account_is_found_at_once(self, session: Session, cast: Cast) -> None:
        create(cast)
        assert found(session, cast, MISSPELLED) == {NAME}

    def test_what_is_rolled_back_is_not_found(self, session: Session, cast: Cast) -> None:
        savepoint = session.begin_nested()
        account = Account(manufacturer_id=cast.acme.id, code="W1", name=NAME)
        write_names(account, [(AccountNameKind.NAME, NAME)])
        session.add(account)
        session.flush()
        assert found(session, cast, MISSPELLED) == {NAME}
        savepoint.rollback()
        assert found(session, cast, MISSPELLED) == set()

    def test_a_changed_name_is_found_and_the_old_one_no_longer(self, session: Session, cast: Cast) -> None:
        account_id = create(cast)
        change(session, cast, account_id, name="Brunnenbau Oldenburg")
        assert found(session, cast, "Brunnenbua Oldenburg") == {"Brunnenbau Oldenburg"}
        assert found(session, cast, MISSPELLED) == set()

    def test_an_ended_account_vanishes(self, session: Session, cast: Cast) -> None:
        account_id = create(cast)
        end_account(actor=cast.viewer("ada"), account_id=account_id)
        assert found(session, cast, NAME) == found(session, cast, MISSPELLED) == set()

    def test_the_keys_follow_the_country(self, session: Session, cast: Cast) -> None:
        account_id = create(cast, "Mitsubishi Materials", country="US")
        assert found(session, cast, "ミツビシマテリアル") == set()
        change(session, cast, account_id, country="JP")
        assert found(session, cast, "ミツビシマテリアル") == {"Mitsubishi Materials"}


class TestWriteNames:
    def test_rows_that_stay_keep_what_was_learnt(self, session: Session, cast: Cast) -> None:
        account = session.get_one(Account, create(cast))
        learnt = add_name(account, AccountNameKind.ALIAS, "WIPU", is_learned=True)
        session.flush()
        write_names(account, [(AccountNameKind.NAME, NAME), (AccountNameKind.ALIAS, "WIPU")])
        session.flush()
        assert session.get_one(AccountName, learnt.id).is_learned

    def test_a_name_given_twice_is_one_row(self, session: Session, cast: Cast) -> None:
        account = session.get_one(Account, create(cast))
        assert add_name(account, AccountNameKind.ALIAS, "WIPU") is add_name(account, AccountNameKind.ALIAS, "WIPU")
        assert [row.name for row in account.names] == [NAME, "WIPU"]

    @pytest.mark.covers("P-09")
    def test_an_alias_is_found(self, session: Session, cast: Cast) -> None:
        account = session.get_one(Account, create(cast))
        add_name(account, AccountNameKind.ALIAS, "Hydraulik Nord", is_learned=True)
        session.flush()
        assert found(session, cast, "Hydraulik Nord AG") == {"Hydraulik Nord"}


class TestIndexAllNames:
    def test_names_from_before_the_index_are_found_after_it(self, session: Session, cast: Cast) -> None:
        create(cast)
        session.execute(update(AccountName).values(search_keys=[]))
        session.commit()
        assert found(session, cast, MISSPELLED) == set()
        assert index_all_names(only_new=True) == 1
        assert found(session, cast, MISSPELLED) == {NAME}

    def test_a_second_run_changes_nothing(self, session: Session, cast: Cast) -> None:
        create(cast)
        assert index_all_names() == 0
        assert index_all_names(only_new=True) == 0


def test_many_new_names_are_told_to_the_planner(session: Session, cast: Cast) -> None:
    """Inside the transaction that writes them, where only ANALYZE itself may run."""
    create(cast)
    note_many_names(session, 10_000)
    assert session.scalars(select(AccountName.name)).all() == [NAME]
