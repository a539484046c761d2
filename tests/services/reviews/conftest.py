"""A question about a lead, and the account that it may belong to."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Account, Review
from tests import factories
from tests.cast import Cast
from tests.reviews import TYPED, ask_about


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    """A customer of Nordwind's."""
    return factories.account(session, cast.acme, owner_partnership_id=cast.partnerships["nordwind"].id)


@pytest.fixture
def review(session: Session, cast: Cast, account: Account) -> Review:
    """A lead whose company is spelled nearly like the customer's name."""
    return ask_about(session, cast, account, **TYPED)
