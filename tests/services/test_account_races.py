"""Two wills about one account at one moment: the second waits, then meets what the first has left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.domain.network.account_draft import AccountDraft
from app.models import Account, AccountChange, Lead, Rematch
from app.services.accounts.linking import link_lead
from app.services.accounts.merging import merge_accounts
from app.services.accounts.rematching import ask_for_rematch, run_rematches
from app.services.accounts.undoing import undo_change
from app.services.lead_routing import route_lead
from app.services.network.accounts import create_account
from tests import factories
from tests.cast import Cast
from tests.races import one_after_the_other


@pytest.fixture
def accounts(committed: Session, committed_cast: Cast) -> tuple[int, int, int]:
    """Three companies of Acme's."""
    ada = committed_cast.viewer("ada")
    first, second, third = (
        create_account(actor=ada, draft=AccountDraft(code=code, name=f"{code} Optics", domains=(f"{code}.example",)))
        for code in ("one", "two", "three")
    )
    return first, second, third


def hold(session: Session, account_id: int) -> None:
    """Keep everybody waiting who wants to change the account."""
    session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()


def merged(committed: Session) -> dict[int, int | None]:
    committed.expire_all()
    return {row.id: row.merged_into_id for row in committed.scalars(select(Account))}


def test_of_two_merges_of_one_account_one_is_done(
    app: Flask, committed: Session, committed_cast: Cast, accounts: tuple[int, int, int]
) -> None:
    one, two, three = accounts
    ada = committed_cast.viewer("ada")
    committed.commit()
    done, refused = one_after_the_other(
        app,
        partial(hold, account_id=one),
        partial(merge_accounts, actor=ada, account_id=one, into_id=two),
        partial(merge_accounts, actor=ada, account_id=one, into_id=three),
    )
    assert isinstance(done, int) and isinstance(refused, Refused)
    assert merged(committed) == {one: two, two: None, three: None}


def test_two_accounts_are_not_merged_into_each_other(
    app: Flask, committed: Session, committed_cast: Cast, accounts: tuple[int, int, int]
) -> None:
    one, two, _three = accounts
    ada = committed_cast.viewer("ada")
    committed.commit()
    done, refused = one_after_the_other(
        app,
        partial(hold, account_id=one),
        partial(merge_accounts, actor=ada, account_id=one, into_id=two),
        partial(merge_accounts, actor=ada, account_id=two, into_id=one),
    )
    assert isinstance(done, int) and isinstance(refused, Refused)
    assert list(merged(committed).values()).count(None) == 2


def test_the_same_merge_twice_at_once_is_one_change_and_so_is_taking_it_back(
    app: Flask, committed: Session, committed_cast: Cast, accounts: tuple[int, int, int]
) -> None:
    one, two, _three = accounts
    ada = committed_cast.viewer("ada")
    committed.commit()
    merge = partial(merge_accounts, actor=ada, account_id=one, into_id=two)
    first, second = one_after_the_other(app, partial(hold, account_id=one), merge, merge)
    assert first == second == committed.scalars(select(AccountChange.id)).one()
    committed.commit()
    undo = partial(undo_change, actor=ada, change_id=first)
    assert one_after_the_other(app, partial(hold, account_id=one), undo, undo) == [two, two]
    assert merged(committed) == {one: None, two: None, _three: None}


def test_a_lead_routed_while_its_account_is_merged_ends_at_the_account_that_stays(
    app: Flask, committed: Session, committed_cast: Cast, accounts: tuple[int, int, int]
) -> None:
    one, two, _three = accounts
    lead = factories.lead(
        committed,
        committed_cast.acme,
        [committed_cast.products["pump"]],
        company="One Optics",
        company_domain="one.example",
        email="m@one.example",
    )
    committed.commit()
    one_after_the_other(
        app,
        partial(hold, account_id=one),
        partial(merge_accounts, actor=committed_cast.viewer("ada"), account_id=one, into_id=two),
        partial(route_lead, lead_id=lead.id),
    )
    run_rematches()
    committed.expire_all()
    assert (lead.account_id, merged(committed)[one]) == (two, two)


def test_a_lead_linked_while_its_account_is_merged_is_not_lost(
    app: Flask, committed: Session, committed_cast: Cast, accounts: tuple[int, int, int]
) -> None:
    one, two, _three = accounts
    lead = factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]], state=LeadState.NURTURING)
    committed.commit()
    ines = committed_cast.viewer("ines")
    merge = partial(merge_accounts, actor=committed_cast.viewer("ada"), account_id=one, into_id=two)
    link = partial(link_lead, lead_id=lead.id, account_id=one, actor=ines, reason="The same plant.")
    done, refused = one_after_the_other(app, partial(hold, account_id=one), merge, link)
    assert isinstance(done, int) and isinstance(refused, Refused)
    committed.expire_all()
    assert lead.account_id is None
    third = accounts[2]
    link = partial(link_lead, lead_id=lead.id, account_id=two, actor=ines, reason="The same plant.")
    merge = partial(merge_accounts, actor=committed_cast.viewer("ada"), account_id=two, into_id=third)
    committed.commit()
    one_after_the_other(app, partial(hold, account_id=two), link, merge)
    committed.expire_all()
    assert (lead.account_id, lead.is_linked_by_hand) == (third, True)


def test_two_processes_at_one_run_look_at_each_lead_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    for _ in range(6):
        factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]], state=LeadState.NURTURING)
    committed.commit()
    ask_for_rematch(actor=committed_cast.viewer("ada"))
    run_rematches(seconds=-1)
    committed.commit()

    def look() -> int:
        with app.app_context():
            return run_rematches()

    with ThreadPoolExecutor(2) as processes:
        looked_at = [each.result() for each in [processes.submit(look), processes.submit(look)]]
    assert sum(looked_at) == 6
    run = committed.scalars(select(Rematch).execution_options(populate_existing=True)).one()
    assert (run.done, run.total) == (6, 6) and run.finished_at is not None
    assert len(committed.scalars(select(Lead)).all()) == 6
