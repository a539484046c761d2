"""What an account that stays takes over from the one that goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.account_merging import decide_merge
from app.domain.accounts import AccountFlag
from app.domain.network.account_draft import AccountDraft

ENDED, NEXT = date(2026, 1, 31), date(2030, 1, 31)
STRATEGIC, NAMED, DIRECT = AccountFlag.STRATEGIC, AccountFlag.NAMED, AccountFlag.DIRECT_SOURCED


def draft(**values: Any) -> AccountDraft:
    return AccountDraft(code="A", name="A", **values)


@pytest.mark.covers("P-18")
@pytest.mark.parametrize(
    ("staying", "going"),
    [
        (draft(flags=(NAMED,)), draft(flags=(STRATEGIC,), listed_until=ENDED)),
        (draft(flags=(NAMED,), listed_until=ENDED), draft(flags=(STRATEGIC,), listed_until=NEXT)),
    ],
    ids=["ended-at-the-going", "ended-at-the-staying"],
)
def test_a_listing_that_has_ended_is_not_revived(staying: AccountDraft, going: AccountDraft) -> None:
    merged = decide_merge(staying, going).draft
    assert (merged.flags, merged.listed_until) == (staying.flags, staying.listed_until)


def test_a_listing_comes_whole_and_other_marks_add_up() -> None:
    listing = {"listed_until": ENDED, "listed_note": "Board", "listed_owner_user_id": 7}
    going = draft(flags=(STRATEGIC, DIRECT), **listing)
    merged = decide_merge(draft(), going).draft
    assert set(merged.flags) == {STRATEGIC, DIRECT}
    assert (merged.listed_until, merged.listed_note, merged.listed_owner_user_id) == (ENDED, "Board", 7)
    assert set(decide_merge(draft(flags=(NAMED,)), going).draft.flags) == {NAMED, DIRECT}
