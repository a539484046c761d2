"""The pages of accounts ask the database as often for many rows as for few, and tell nobody of somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.domain.accounts import TeamRole
from app.domain.errors import NotFound
from app.domain.leads import LeadState
from app.domain.network.account_draft import AccountDraft
from app.queries.accounts.family import account_family
from app.queries.accounts.history import account_history, changes_to_undo
from app.queries.accounts.leads import account_leads
from app.queries.accounts.listing import AccountFilter, list_accounts, similar_accounts
from app.queries.accounts.merging import merge_preview
from app.queries.accounts.page import account_page
from app.queries.accounts.parts import account_parts, leads_called
from app.queries.accounts.rematches import rematch_state
from app.queries.accounts.route import account_route
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.team import Place, add_team_member
from app.services.network.accounts import create_account
from tests import factories
from tests.cast import Cast
from tests.counting import statements


def furnish(session: Session, cast: Cast, parent_id: int, first: int, last: int) -> None:
    """A subsidiary, a lead, a deal and a person of the team for each number."""
    ada = cast.viewer("ada")
    for number in range(first, last):
        draft = AccountDraft(code=f"C-{number}", name=f"Siemens {number} GmbH", parent_id=parent_id)
        create_account(actor=ada, draft=draft)
        deal = OpportunityDraft(name=f"Deal {number}", owner_partnership_id=cast.partnerships["kansai"].id)
        create_opportunity(actor=ada, account_id=parent_id, draft=deal)
        place = Place(user_id=cast.people["ines"].id, role=TeamRole.SPECIALIST, department=f"Plant {number}")
        add_team_member(actor=ada, account_id=parent_id, place=place)
        factories.lead(session, cast.acme, [cast.products["pump"]], account_id=parent_id, state=LeadState.NURTURING)
        session.commit()


@pytest.mark.covers("K-11")
def test_more_rows_take_no_more_statements(session: Session, cast: Cast) -> None:
    vera = cast.viewer("vera")
    parent = create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="P", name="Siemens AG"))
    reads: tuple[Callable[[], object], ...] = (
        lambda: list_accounts(viewer=vera, wanted=AccountFilter(search="siemens")),
        lambda: similar_accounts(viewer=vera, text="simens"),
        lambda: account_page(viewer=vera, account_id=parent),
        lambda: account_family(viewer=vera, account_id=parent),
        lambda: account_leads(viewer=vera, account_id=parent),
        lambda: account_history(viewer=vera, account_id=parent),
        lambda: changes_to_undo(viewer=vera, account_id=parent),
        lambda: account_route(viewer=vera, account_id=parent),
        lambda: account_parts(viewer=vera, account_id=parent),
        lambda: leads_called(viewer=vera, text="hofmann"),
        lambda: rematch_state(viewer=vera),
    )
    furnish(session, cast, parent, 0, 3)
    few = [statements(read) for read in reads]
    furnish(session, cast, parent, 3, 9)
    assert [statements(read) for read in reads] == few
    assert max(few) <= 20


def test_nothing_of_another_manufacturer_is_told(session: Session, cast: Cast) -> None:
    own = create_account(actor=cast.viewer("ada"), draft=AccountDraft(code="P", name="Siemens AG"))
    theirs = create_account(actor=cast.viewer("gina"), draft=AccountDraft(code="P", name="Siemens AG"))
    factories.lead(session, cast.globex, [cast.products["drive"]], company="Siemens AG", company_key="siemens")
    session.commit()
    for viewer in (cast.viewer("vera"), cast.viewer("nora")):
        for read in (account_page, account_family, account_leads, account_history, account_route, account_parts):
            with pytest.raises(NotFound):
                read(viewer=viewer, account_id=theirs)  # type: ignore[operator]
    vera = cast.viewer("vera")
    with pytest.raises(NotFound):
        merge_preview(viewer=vera, account_id=own, into_id=theirs)
    assert [row.id for row in list_accounts(viewer=vera, wanted=AccountFilter(search="Siemens")).rows] == [own]
    assert [row.id for row in similar_accounts(viewer=vera, text="Simens")] == [own]
    assert leads_called(viewer=vera, text="Siemens") == []


@pytest.mark.covers("P-20", "P-21")
def test_the_page_says_where_the_next_lead_would_go(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"].id
    parent = create_account(
        actor=cast.viewer("ada"), draft=AccountDraft(code="P", name="Siemens AG", owner_partnership_id=nordwind)
    )
    child = AccountDraft(code="C", name="Siemens Labs", parent_id=parent)
    route = account_route(viewer=cast.viewer("vera"), account_id=create_account(actor=cast.viewer("ada"), draft=child))
    assert route.owner == cast.partnerships["nordwind"].name
    assert any("parent" in str(reason) for reason in route.reasons)
