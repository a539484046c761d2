"""An account that made itself says so on its page, and can be taken back there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import Account
from app.services.accounts_from_leads import account_from_leads
from app.services.profiles import join_profile
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    """What the third lead of one company has made."""
    made = None
    for day in (10, 5, 1):
        asked_at = datetime.now(UTC) - timedelta(days=day)
        lead = factories.lead(
            session, cast.acme, [cast.products["pump"]], company_domain="hofmann.example", asked_at=asked_at
        )
        made = account_from_leads(session, lead, join_profile(session, lead))
    session.commit()
    assert made is not None
    return made


@pytest.mark.covers("P-19")
def test_its_page_says_what_made_it_and_takes_it_back(browse: Browse, session: Session, account: Account) -> None:
    page = browse("carl").get(f"/accounts/{account.id}").text
    assert "Made by itself from 3 leads" in page
    change = page.partition('id="change-')[2].partition('"')[0]
    assert "Take it back" not in browse("vera").get(f"/accounts/{account.id}").text
    assert browse("carl").post(f"/accounts/changes/{change}/undo").status_code == 303
    session.refresh(account)
    assert account.ended_at is not None
    assert "Made by itself" not in browse("carl").get(f"/accounts/{account.id}").text
