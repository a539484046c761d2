"""Companies for the tests of accounts, each written down once per test."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.network.account_draft import AccountDraft
from app.models import Account
from app.services.network.accounts import create_account
from tests.cast import Cast


def company(cast: Cast, code: str, name: str, *, person: str = "ada", **values: Any) -> int:
    """The id of the account of that code, written down if it is not there."""
    session = object_session(cast.acme)
    assert session is not None
    found = session.scalars(select(Account.id).where(Account.code == code)).one_or_none()
    if found is not None:
        return found
    return create_account(actor=cast.viewer(person), draft=AccountDraft(code=code, name=name, **values))


def known(session: Session, code: str) -> Account:
    """The account of that code as it stands now."""
    session.expire_all()
    return session.scalars(select(Account).where(Account.code == code)).one()
