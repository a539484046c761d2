"""A company that asks for the third time becomes an account, of whoever had the first of its leads (P-19)."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.accounts import AccountChangeKind, AccountStatus
from app.domain.audit import EventKind
from app.domain.errors import Refused
from app.domain.leads import LeadState
from app.domain.partners import PartnershipStatus
from app.models import Account, AccountChange, AccountDomain, AccountName, CompanyProfile, Event, Lead, Rematch
from app.models import ManufacturerSettings as Settings
from app.services.accounts.rematching import run_rematches
from app.services.accounts.undoing import undo_change
from app.services.accounts_from_leads import account_from_leads, link_left_out_leads
from app.services.lead_routing import route_lead
from app.services.profiles import join_profile
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine

DAY_ONE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TECHSTART = "techstart.example"


def lead_on_day(session: Session, cast: Cast, day: int, *, domain: str = TECHSTART, **values: Any) -> Lead:
    at = DAY_ONE + timedelta(days=day - 1)
    named = {"company": "TechStart GmbH", "company_key": "techstart"}
    return factories.lead(
        session, cast.acme, [cast.products["pump"]], company_domain=domain, asked_at=at, **(named | values)
    )


def made_by(session: Session, lead: Lead) -> Account | None:
    """What matching does with a lead of no known account."""
    return account_from_leads(session, lead, join_profile(session, lead))


@pytest.mark.covers("P-19")
def test_days_1_5_and_10_make_an_account_of_the_first_owner(session: Session, cast: Cast) -> None:
    first = lead_on_day(session, cast, 1)
    assert made_by(session, first) is None
    factories.assignment(session, first, partnership=cast.partnerships["kansai"])
    fifth = lead_on_day(session, cast, 5, company="Tech-Start GmbH")
    assert made_by(session, fifth) is None
    work = factories.assignment(session, fifth, seller=cast.people["ines"])
    tenth = lead_on_day(session, cast, 10)

    account = made_by(session, tenth)

    assert account is not None
    assert (account.name, account.status, account.country) == ("TechStart GmbH", AccountStatus.PROSPECT, "DE")
    assert (account.owner_partnership_id, account.owner_user_id) == (cast.partnerships["kansai"].id, None)
    assert [domain.domain for domain in account.domains] == [TECHSTART]
    assert session.scalar(select(AccountName.name_key).where(AccountName.account_id == account.id)) == "techstart"
    for lead in (first, fifth, tenth):
        assert lead.account_id == account.id
    assert work.ended_at is None
    profile = session.get_one(CompanyProfile, tenth.profile_id)
    assert profile.account_id == account.id
    assert made_by(session, lead_on_day(session, cast, 11)) is account


@pytest.mark.covers("P-19")
def test_it_is_told_and_can_be_taken_back(session: Session, cast: Cast) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    account = [made_by(session, lead) for lead in leads][-1]
    assert account is not None
    change = session.scalars(select(AccountChange)).one()
    assert (change.kind, change.account_id, change.done_by_id) == (
        AccountChangeKind.CREATED_FROM_LEADS,
        account.id,
        None,
    )
    assert change.before == {"leads": {str(lead.id): None for lead in leads}}
    created = session.scalars(select(Event).where(Event.kind == EventKind.ACCOUNT_CREATED)).one()
    assert (created.actor_user_id, created.data["account_id"]) == (None, account.id)
    matched = session.scalars(select(Event.lead_id).where(Event.kind == EventKind.LEAD_MATCHED))
    assert set(matched) == {leads[0].id, leads[1].id}


@pytest.mark.covers("P-19", "P-15")
def test_an_account_that_was_taken_back_does_not_come_again(session: Session, cast: Cast) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    work = factories.assignment(session, leads[0], seller=cast.people["ines"])
    account = [made_by(session, lead) for lead in leads][-1]
    assert account is not None
    change = session.scalars(select(AccountChange)).one()
    session.commit()

    for _ in range(2):
        assert undo_change(actor=cast.viewer("carl"), change_id=change.id) == account.id

    session.expire_all()
    assert account.ended_at is not None
    assert change.undone_by_id == cast.people["carl"].id
    assert [(lead.account_id, lead.is_linked_by_hand) for lead in leads] == [(None, False)] * 3
    assert work.ended_at is None
    assert session.get_one(CompanyProfile, leads[0].profile_id).account_id is None
    assert made_by(session, lead_on_day(session, cast, 12)) is None


def test_an_account_people_have_built_on_stays(session: Session, cast: Cast) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    account = [made_by(session, lead) for lead in leads][-1]
    assert account is not None
    change = session.scalars(select(AccountChange)).one()
    lead_on_day(session, cast, 12, account_id=account.id, is_linked_by_hand=True)
    account.version = 2
    session.commit()
    with pytest.raises(Refused) as refused:
        undo_change(actor=cast.viewer("carl"), change_id=change.id)
    assert "changed since" in str(refused.value.phrase.to_json())
    assert "by hand since" in str(refused.value.phrase.to_json())


@pytest.mark.covers("P-19")
def test_an_owner_comes_from_the_first_lead_alone(session: Session, cast: Cast) -> None:
    first, second, third = (lead_on_day(session, cast, day) for day in (1, 5, 10))
    factories.assignment(session, second, partnership=cast.partnerships["kansai"])
    factories.assignment(session, first, seller=cast.people["ines"], ended_at=DAY_ONE, end="lost")
    account = made_by(session, third)
    assert account is not None
    assert (account.owner_partnership_id, account.owner_user_id) == (None, cast.people["ines"].id)


@pytest.mark.covers("P-19")
@pytest.mark.parametrize("end", ["returned", "re_routed", "reassigned"])
def test_who_gave_the_first_lead_up_does_not_own_the_account(session: Session, cast: Cast, end: str) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    factories.assignment(session, leads[0], seller=cast.people["ines"], ended_at=DAY_ONE, end="lost")
    factories.assignment(session, leads[0], partnership=cast.partnerships["kansai"], ended_at=DAY_ONE, end=end)
    account = made_by(session, leads[-1])
    assert account is not None
    assert (account.owner_partnership_id, account.owner_user_id) == (None, cast.people["ines"].id)


@pytest.mark.covers("P-19")
def test_an_owner_who_has_left_is_followed(session: Session, cast: Cast) -> None:
    gone, seller = cast.partnerships["kansai"], cast.people["ines"]
    gone.status, gone.successor_partnership_id = PartnershipStatus.ENDED, cast.partnerships["nordwind"].id
    seller.disabled_at, seller.successor_id = DAY_ONE, cast.people["carl"].id
    of_partner = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    factories.assignment(session, of_partner[0], partnership=gone, ended_at=DAY_ONE, end="won")
    named = {"domain": "other.example", "company": "", "company_key": ""}
    named = {"domain": "other.example", "company": "", "company_key": ""}
    of_seller = [lead_on_day(session, cast, day, **named) for day in (1, 5, 10)]
    factories.assignment(session, of_seller[0], seller=seller, ended_at=DAY_ONE, end="won")
    made = [made_by(session, leads[-1]) for leads in (of_partner, of_seller)]
    owners = [(one.owner_partnership_id, one.owner_user_id) for one in made if one is not None]
    assert owners == [(cast.partnerships["nordwind"].id, None), (None, cast.people["carl"].id)]


@pytest.mark.covers("P-19")
def test_other_open_leads_are_matched_with_it(session: Session, cast: Cast) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    session.commit()
    for lead in leads[:2]:
        assert route_lead(lead_id=lead.id)
    assert session.scalars(select(Rematch)).all() == []
    assert route_lead(lead_id=leads[-1].id)
    assert session.scalars(select(Rematch.manufacturer_id)).all() == [cast.acme.id]
    run_rematches()
    assert session.scalars(select(Rematch.id).where(Rematch.finished_at.is_(None))).all() == []


@pytest.mark.covers("P-19")
@pytest.mark.parametrize("domain", ["gmail.com", "mailinator.com", "facebook.com"])
def test_nobody_has_a_public_domain(session: Session, cast: Cast, domain: str) -> None:
    leads = [lead_on_day(session, cast, day, domain=domain) for day in (1, 5, 10)]
    assert [made_by(session, lead) for lead in leads] == [None, None, None]


@pytest.mark.covers("P-19")
def test_how_many_it_takes_is_a_setting_and_spam_does_not_count(session: Session, cast: Cast) -> None:
    session.get_one(Settings, cast.acme.id).leads_for_account = 2
    lead_on_day(session, cast, 1, state=LeadState.DISQUALIFIED)
    assert made_by(session, lead_on_day(session, cast, 5)) is None
    assert made_by(session, lead_on_day(session, cast, 6)) is not None


@pytest.mark.covers("P-19")
def test_leads_count_in_the_order_they_were_asked(session: Session, cast: Cast) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    assert [made_by(session, lead) is not None for lead in leads] == [False, False, True]
    assert made_by(session, lead_on_day(session, cast, 1, domain="globex.example")) is None


@pytest.mark.covers("P-19")
def test_a_company_whose_leads_are_linked_elsewhere_is_left_to_people(session: Session, cast: Cast) -> None:
    other = Account(manufacturer_id=cast.acme.id, code="X", name="X")
    session.add(other)
    session.flush()
    lead_on_day(session, cast, 1, account_id=other.id, is_linked_by_hand=True)
    lead_on_day(session, cast, 5)
    assert made_by(session, lead_on_day(session, cast, 10)) is None
    unlinked = [lead_on_day(session, cast, day, domain="hand.example", is_linked_by_hand=True) for day in (1, 5, 10)]
    assert made_by(session, unlinked[-1]) is None


def test_a_taken_code_is_numbered(session: Session, cast: Cast) -> None:
    session.add(Account(manufacturer_id=cast.acme.id, code=TECHSTART, name="Taken"))
    leads = [lead_on_day(session, cast, day, company="", company_key="") for day in (1, 5, 10)]
    account = [made_by(session, lead) for lead in leads][-1]
    assert account is not None
    assert (account.code, account.name) == (f"{TECHSTART}-2", TECHSTART)


@pytest.mark.covers("P-19")
def test_a_lead_somebody_was_at_work_on_is_linked_later(session: Session, cast: Cast, clock: TimeMachine) -> None:
    leads = [lead_on_day(session, cast, day) for day in (1, 5, 10)]
    account = [made_by(session, lead) for lead in leads][-1]
    assert account is not None
    left_out = lead_on_day(session, cast, 6, state=LeadState.ASSIGNED)
    by_hand = lead_on_day(session, cast, 6, state=LeadState.ASSIGNED, is_linked_by_hand=True)
    session.commit()
    assert link_left_out_leads() == 1
    assert (left_out.account_id, by_hand.account_id) == (account.id, None)
    assert left_out.profile_id == leads[0].profile_id
    assert link_left_out_leads() == 0
    clock.pass_time(days=2)
    lead_on_day(session, cast, 7, state=LeadState.ASSIGNED)
    session.commit()
    assert link_left_out_leads() == 0


@pytest.mark.covers("P-19")
def test_two_third_leads_at_one_moment_make_one_account(app: Flask, committed: Session, committed_cast: Cast) -> None:
    first = lead_on_day(committed, committed_cast, 1)
    factories.assignment(committed, first, partnership=committed_cast.partnerships["kansai"])
    leads = [lead_on_day(committed, committed_cast, day) for day in (5, 10, 10, 10, 10, 11)]
    committed.commit()
    barrier = Barrier(len(leads))

    def match(lead_id: uuid.UUID) -> int | None:
        with app.app_context():
            barrier.wait()
            with transaction() as session:
                made = made_by(session, session.get_one(Lead, lead_id, with_for_update=True))
                found = made.id if made else None
            db.session.remove()
            return found

    with ThreadPoolExecutor(len(leads)) as threads:
        answers = [threads.submit(partial(match, lead.id)) for lead in leads]
        found = {answer.result(30) for answer in answers} - {None}
    with app.app_context():
        link_left_out_leads()
        db.session.remove()
    assert len(found) == 1
    assert committed.scalar(select(func.count()).select_from(AccountDomain)) == 1
    committed.expire_all()
    owner = committed_cast.partnerships["kansai"].id
    assert committed.scalar(select(Account.owner_partnership_id)) == owner
    linked = committed.scalar(select(func.count()).where(Lead.account_id.is_not(None)))
    unlinked = committed.scalars(select(Lead).where(Lead.account_id.is_(None))).all()
    assert linked == len(leads) + 1 - len(unlinked)
    assert all(lead.state is LeadState.RECEIVED for lead in unlinked)
