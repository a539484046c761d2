"""Accounts merged, split and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.account_merging import OwnerKept
from app.domain.accounts import AccountFlag, AccountNameKind, AccountStatus, TeamRole
from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import LeadState
from app.domain.network.account_draft import AccountDraft
from app.models import Account, AccountChange, Event, Lead, Rematch
from app.queries.network.drafts import draft_of_account
from app.services import named_locks, profiles
from app.services.accounts.merging import merge_accounts
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.splitting import SplitOff, split_account
from app.services.accounts.team import Place, add_team_member
from app.services.accounts.undoing import undo_change
from app.services.network.accounts import change_account, create_account
from tests import factories
from tests.cast import Cast


def account(cast: Cast, code: str, name: str, **values: Any) -> int:
    return create_account(actor=cast.viewer("ada"), draft=AccountDraft(code=code, name=name, **values))


def draft(session: Session, account_id: int) -> AccountDraft:
    session.expire_all()
    return draft_of_account(session.get_one(Account, account_id))


def lead_of(session: Session, cast: Cast, account_id: int, **values: Any) -> Lead:
    return factories.lead(session, cast.acme, [cast.products["pump"]], account_id=account_id, **values)


def events(session: Session, kind: EventKind) -> Sequence[Event]:
    return session.scalars(select(Event).where(Event.kind == kind)).all()


@pytest.fixture
def two(session: Session, cast: Cast) -> tuple[int, int]:
    """Hofmann twice: what each of the two knows, with a child, a deal, a team and a lead at the one that will go."""
    going = account(
        cast,
        "A-1",
        "Hofmann Präzision GmbH",
        aliases=("HPG",),
        domains=("hofmann.example", "hpg.example"),
        networks=("192.0.2.0/24",),
        status=AccountStatus.CUSTOMER,
        flags=(AccountFlag.NAMED,),
        city="München",
        product_line_ids=(cast.products["pump"].id,),
    )
    staying = account(cast, "A-2", "Hofmann Group", domains=("hofmann.example",), country="DE")
    account(cast, "A-3", "Hofmann Labs", parent_id=going)
    deal = OpportunityDraft(name="Line 4", owner_partnership_id=cast.partnerships["kansai"].id)
    create_opportunity(actor=cast.viewer("carl"), account_id=going, draft=deal)
    place = Place(user_id=cast.people["ines"].id, role=TeamRole.CUSTOMER_SUCCESS)
    add_team_member(actor=cast.viewer("carl"), account_id=going, place=place)
    lead_of(session, cast, going, state=LeadState.LOST)
    session.commit()
    return going, staying


@pytest.mark.covers("P-18", "I-05")
def test_everything_of_an_account_goes_over(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, staying = two
    merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying)
    merged = draft(session, staying)
    assert merged.aliases == ("Hofmann Präzision GmbH", "HPG")
    assert set(merged.domains) == {"hofmann.example", "hpg.example"}
    assert (merged.networks, merged.status, merged.city) == (("192.0.2.0/24",), AccountStatus.CUSTOMER, "München")
    assert (merged.flags, merged.product_line_ids) == ((AccountFlag.NAMED,), (cast.products["pump"].id,))
    kept, gone = session.get_one(Account, staying), session.get_one(Account, going)
    assert [deal.name for deal in kept.opportunities] == ["Line 4"]
    assert [member.role for member in kept.team] == [TeamRole.CUSTOMER_SUCCESS]
    assert session.scalars(select(Lead.account_id)).all() == [staying]
    assert session.scalars(select(Account.parent_id).where(Account.code == "A-3")).one() == staying
    assert gone.ended_at is not None and gone.merged_into_id == staying
    [event] = events(session, EventKind.ACCOUNT_MERGED)
    assert (event.data["account_id"], event.data["going_id"], event.data["leads"]) == (staying, going, 1)


def test_taking_a_merge_back_restores_both(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, staying = two
    before = [draft(session, one) for one in two]
    change = merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying)
    assert undo_change(actor=cast.viewer("ada"), change_id=change) == staying
    assert [draft(session, one) for one in two] == before
    back = session.get_one(Account, going)
    assert (back.ended_at, back.merged_into_id) == (None, None)
    assert ([deal.name for deal in back.opportunities], len(back.team)) == (["Line 4"], 1)
    assert [name.name for name in back.names if name.kind is AccountNameKind.NAME] == ["Hofmann Präzision GmbH"]
    assert session.scalars(select(Lead.account_id)).all() == [going]
    assert session.scalars(select(Account.parent_id).where(Account.code == "A-3")).one() == going
    assert undo_change(actor=cast.viewer("ada"), change_id=change) == staying
    assert len(events(session, EventKind.ACCOUNT_CHANGE_UNDONE)) == 1


def test_what_was_changed_since_is_said_and_nothing_taken_back(
    session: Session, cast: Cast, two: tuple[int, int]
) -> None:
    going, staying = two
    actor = cast.viewer("carl")
    change = merge_accounts(actor=actor, account_id=going, into_id=staying)
    now = session.get_one(Account, staying)
    edited = AccountDraft(code="A-2", name="Hofmann Group", city="Berlin", domains=("hofmann.example",))
    change_account(actor=actor, account_id=staying, version=now.version, draft=edited)
    with pytest.raises(Refused, match=r"City.*Names.*Domains"):
        undo_change(actor=actor, change_id=change)
    assert session.get_one(Account, going).merged_into_id == staying


def test_a_lead_that_went_elsewhere_since_stays_there(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, staying = two
    other = account(cast, "A-9", "Elsewhere KG")
    change = merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying)
    session.scalars(select(Lead)).one().account_id = other
    session.commit()
    undo_change(actor=cast.viewer("carl"), change_id=change)
    assert session.scalars(select(Lead.account_id)).all() == [other]


def test_a_person_says_whose_owner_stays(session: Session, cast: Cast) -> None:
    partner, seller = cast.partnerships["nordwind"].id, cast.people["ines"].id
    going = account(cast, "A-1", "One", owner_partnership_id=partner)
    staying = account(cast, "A-2", "Two", owner_user_id=seller)
    with pytest.raises(Invalid) as refused:
        merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying)
    assert "owner" in refused.value.fields
    change = merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying, owner_kept=OwnerKept.GOING)
    assert (draft(session, staying).owner_partnership_id, draft(session, staying).owner_user_id) == (partner, None)
    undo_change(actor=cast.viewer("carl"), change_id=change)
    assert (draft(session, staying).owner_partnership_id, draft(session, staying).owner_user_id) == (None, seller)


def test_a_second_merge_finds_it_done_and_another_is_refused(
    session: Session, cast: Cast, two: tuple[int, int]
) -> None:
    going, staying = two
    actor = cast.viewer("carl")
    first = merge_accounts(actor=actor, account_id=going, into_id=staying)
    assert merge_accounts(actor=actor, account_id=going, into_id=staying) == first
    third = account(cast, "A-9", "Third")
    for one, other in ((going, third), (third, going)):
        with pytest.raises(Refused):
            merge_accounts(actor=actor, account_id=one, into_id=other)
    with pytest.raises(Invalid):
        merge_accounts(actor=actor, account_id=third, into_id=third)


def test_a_parent_merged_into_its_grandchild_makes_no_circle(session: Session, cast: Cast) -> None:
    top = account(cast, "T", "Top")
    parent = account(cast, "P", "Parent", parent_id=top)
    middle = account(cast, "M", "Middle", parent_id=parent)
    child = account(cast, "C", "Child", parent_id=middle)
    change = merge_accounts(actor=cast.viewer("ada"), account_id=parent, into_id=child)
    assert [draft(session, one).parent_id for one in (child, middle)] == [top, child]
    undo_change(actor=cast.viewer("ada"), change_id=change)
    assert [draft(session, one).parent_id for one in (child, middle)] == [middle, parent]


def test_only_ones_own_accounts_and_only_for_those_who_may(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, staying = two
    change = merge_accounts(actor=cast.viewer("carl"), account_id=going, into_id=staying)
    for name in ("vera", "ines", "nora"):
        with pytest.raises(Forbidden):
            merge_accounts(actor=cast.viewer(name), account_id=going, into_id=staying)
        with pytest.raises(Forbidden):
            undo_change(actor=cast.viewer(name), change_id=change)
    with pytest.raises(NotFound):
        merge_accounts(actor=cast.viewer("gina"), account_id=going, into_id=staying)
    with pytest.raises(NotFound):
        undo_change(actor=cast.viewer("gina"), change_id=change)


def split_off(session: Session, cast: Cast, account_id: int) -> tuple[int, Lead]:
    """The alias HPG, its domain and one lead go to a new account of that name."""
    whole = session.get_one(Account, account_id)
    lead = session.scalars(select(Lead).where(Lead.account_id == account_id)).one()
    wanted = SplitOff(
        name="HPG",
        code="A-8",
        name_ids=[one.id for one in whole.names if one.name == "HPG"],
        domain_ids=[one.id for one in whole.domains if one.domain == "hpg.example"],
        lead_ids=[lead.id],
    )
    return split_account(actor=cast.viewer("carl"), account_id=account_id, wanted=wanted), lead


@pytest.mark.covers("P-18")
def test_a_part_becomes_an_account_of_its_own_and_back(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, _staying = two
    before = draft(session, going)
    made, lead = split_off(session, cast, going)
    assert (draft(session, made).name, draft(session, made).aliases) == ("HPG", ())
    assert draft(session, made).domains == ("hpg.example",)
    assert (draft(session, going).aliases, draft(session, going).domains) == ((), ("hofmann.example",))
    assert (lead.account_id, lead.is_linked_by_hand) == (made, True)
    late = lead_of(session, cast, made)
    session.commit()
    change = session.scalars(select(AccountChange.id)).one()
    undo_change(actor=cast.viewer("carl"), change_id=change)
    assert draft(session, going) == before
    assert (lead.account_id, lead.is_linked_by_hand, late.account_id) == (going, False, going)
    assert session.get_one(Account, made).ended_at is not None


def test_a_split_that_somebody_built_on_stays(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, _staying = two
    made, _lead = split_off(session, cast, going)
    edited = AccountDraft(code="A-8", name="HPG", domains=("hpg.example", "hpg2.example"))
    change_account(actor=cast.viewer("carl"), account_id=made, version=1, draft=edited)
    change = session.scalars(select(AccountChange.id)).one()
    with pytest.raises(Refused, match="HPG has been changed since"):
        undo_change(actor=cast.viewer("carl"), change_id=change)


def test_many_leads_lock_their_companies_at_once(
    session: Session, cast: Cast, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who move many leads at one moment cannot wait for each other: all names are taken first, in order."""
    going, _staying = two
    leads = [lead_of(session, cast, going, company_domain=f"{name}.example") for name in ("zulu", "alpha")]
    session.commit()
    taken: list[set[str]] = []

    def lock_names(on: Session, names: Iterable[str]) -> None:
        taken.append(set(names))
        named_locks.lock_names(on, taken[-1])

    monkeypatch.setattr(profiles, "lock_names", lock_names)
    actor = cast.viewer("carl")
    split_account(
        actor=actor, account_id=going, wanted=SplitOff(name="Z", code="Z", lead_ids=[one.id for one in leads])
    )
    assert taken[0] | taken[1] >= set.union(*taken)
    assert {name.rpartition(":")[2] for name in taken[1]} >= {"zulu.example", "alpha.example"}
    taken.clear()
    undo_change(actor=actor, change_id=session.scalars(select(AccountChange.id)).one())
    assert taken[0] | taken[1] >= set.union(*taken)
    assert {name.rpartition(":")[2] for name in taken[1]} >= {"zulu.example", "alpha.example"}


def test_what_cannot_be_split_off(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    going, staying = two
    actor = cast.viewer("carl")
    main = [one.id for one in session.get_one(Account, going).names if one.kind is AccountNameKind.NAME]
    foreign = [one.id for one in session.get_one(Account, staying).domains]
    for wanted, field in (
        (SplitOff(name="New", code="N"), "names"),
        (SplitOff(name="New", code="N", name_ids=main), "names"),
        (SplitOff(name="New", code="N", domain_ids=foreign), "domains"),
        (SplitOff(name="New", code="A-2", lead_ids=list(session.scalars(select(Lead.id)))), "code"),
        (SplitOff(name=" ", code="N", lead_ids=list(session.scalars(select(Lead.id)))), "name"),
    ):
        with pytest.raises(Invalid) as refused:
            split_account(actor=actor, account_id=going, wanted=wanted)
        assert field in refused.value.fields
    assert session.scalar(select(func.count()).select_from(Account)) == 3


def test_one_new_match_is_owed_however_much_changes(session: Session, cast: Cast, two: tuple[int, int]) -> None:
    merge_accounts(actor=cast.viewer("carl"), account_id=two[0], into_id=two[1])
    assert session.scalar(select(func.count()).select_from(Rematch)) == 1
