"""Questions to look at and to answer."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Account, Review
from tests import factories
from tests.cast import Cast
from tests.reviews import ask_about


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    """A customer of Nordwind's."""
    owner_id = cast.partnerships["nordwind"].id
    return factories.account(
        session, cast.acme, "Hofmann Präzision GmbH", "hofmann.example", owner_partnership_id=owner_id
    )


@pytest.fixture
def review(session: Session, cast: Cast, account: Account) -> Review:
    """A company spelled nearly like the customer's."""
    return ask_about(session, cast, account, company="Hofman Präzision", company_key="hofman praezision")
