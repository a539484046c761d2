"""Leads of one company come into one profile, whatever they were called and however many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.review import ReviewDecision
from app.models import Account, AccountDomain, CompanyProfile, CompanyProfileKey, Lead
from app.queries.profiles import company_of_lead, members_of_profile
from app.services.matching import link_to_account
from app.services.profiles import join_profile, unite_accounts_profiles
from app.services.reviews.deciding import decide_review
from app.services.reviews.undoing import undo_decision
from tests import factories
from tests.cast import Cast
from tests.reviews import ask_about


def lead_of(session: Session, cast: Cast, domain: str | None, company: str, key: str, **values: Any) -> Lead:
    return factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        company=company,
        company_key=key,
        company_domain=domain,
        **values,
    )


def account_of(session: Session, cast: Cast, name: str) -> Account:
    account = Account(manufacturer_id=cast.acme.id, code=name, name=name)
    session.add(account)
    session.flush()
    return account


@pytest.mark.covers("P-18", "I-05")
def test_leads_of_one_domain_share_a_profile(session: Session, cast: Cast) -> None:
    first = lead_of(session, cast, "acmecorp.example", "Acme Corp", "acmecorp")
    second = lead_of(session, cast, "acmecorp.example", "ACME Pumpenwerke", "acme pumpenwerke")
    stranger = lead_of(session, cast, "other.example", "Other Pumpenwerke", "other pumpenwerke")
    profiles = [join_profile(session, lead) for lead in (first, second, stranger, first)]
    assert profiles[0] is profiles[1] is profiles[3]
    assert stranger.profile_id != first.profile_id
    assert session.scalar(select(func.count()).select_from(CompanyProfile)) == 2


@pytest.mark.covers("P-18", "P-12")
def test_free_mail_is_recognised_by_the_name_in_its_country_alone(session: Session, cast: Cast) -> None:
    own = lead_of(session, cast, "hofmann.example", "Hofmann Präzision GmbH", "hofmann praezision")
    private = lead_of(session, cast, "gmail.com", "Hofmann Präzision", "hofmann praezision")
    abroad = lead_of(session, cast, None, "Hofmann Präzision", "hofmann praezision", country="US", subdivision=None)
    nameless = lead_of(session, cast, "gmail.com", "", "")
    for lead in (own, private, abroad, nameless):
        join_profile(session, lead)
    assert own.profile_id == private.profile_id
    assert abroad.profile_id not in (None, own.profile_id)
    assert nameless.profile_id is None


@pytest.mark.covers("P-18")
def test_a_lead_that_bridges_two_profiles_makes_them_one(session: Session, cast: Cast) -> None:
    account = account_of(session, cast, "Acme Corporation")
    known = lead_of(session, cast, "acme.example", "Acme Corporation", "acme", account_id=account.id)
    unknown = lead_of(session, cast, "acmecorp.example", "A. Corp Werke", "a corp werke")
    join_profile(session, unknown)
    join_profile(session, known)
    assert known.profile_id != unknown.profile_id
    bridge = lead_of(session, cast, "acmecorp.example", "Acme Corporation", "acme", account_id=account.id)
    profile = join_profile(session, bridge)
    assert profile is not None
    assert (profile.account_id, profile.id) == (account.id, min(known.profile_id or 0, unknown.profile_id or 0))
    for lead in (known, unknown, bridge):
        assert set(session.scalars(members_of_profile(lead.profile_id))) == {known.profile_id, unknown.profile_id}
    later = lead_of(session, cast, "acme.example", "Acme", "acme")
    assert join_profile(session, later) is profile
    picture = company_of_lead(viewer=cast.viewer("ada"), lead_id=unknown.id)
    assert picture is not None
    assert {one.id for one in picture.leads} == {known.id, unknown.id, bridge.id, later.id}
    assert set(picture.domains) == {"acme.example", "acmecorp.example"}


def test_a_lead_that_changes_its_account_changes_its_profile(session: Session, cast: Cast) -> None:
    right, wrong = account_of(session, cast, "Right"), account_of(session, cast, "Wrong")
    first = lead_of(session, cast, "firm.example", "Firm Werke", "firm werke", account_id=wrong.id)
    join_profile(session, first)
    wrongly = first.profile_id
    first.account_id, first.is_linked_by_hand = right.id, True
    assert join_profile(session, first) is not None
    assert first.profile_id != wrongly
    first.account_id = None
    profile = join_profile(session, first)
    assert profile is not None
    assert (profile.account_id, profile.id in (wrongly,)) == (None, False)


def test_a_merged_account_brings_its_profile_along(session: Session, cast: Cast) -> None:
    into, gone = account_of(session, cast, "Into"), account_of(session, cast, "Gone")
    leads = [
        lead_of(session, cast, f"{name}.example", f"{name} Werke", f"{name} werke", account_id=account.id)
        for name, account in (("gone", gone), ("into", into))
    ]
    for lead in leads:
        join_profile(session, lead)
    for _ in range(2):
        unite_accounts_profiles(session, gone.id, into.id)
    profile = session.get_one(CompanyProfile, leads[0].profile_id)
    assert profile.account_id == into.id
    assert session.get_one(CompanyProfile, leads[1].profile_id).merged_into_id == profile.id
    keys = session.scalars(select(CompanyProfileKey.profile_id))
    assert set(keys) == {profile.id}


@pytest.mark.covers("K-11")
def test_a_partner_sees_only_its_own_leads_of_the_company(session: Session, cast: Cast) -> None:
    own = lead_of(session, cast, "acme.example", "Acme Werke", "acme werke")
    other = lead_of(session, cast, "acme.example", "Acme Werke Süd", "acme werke sued", family_name="Geheim")
    for lead, name in ((own, "nordwind"), (other, "kansai")):
        join_profile(session, lead)
        factories.assignment(session, lead, partnership=cast.partnerships[name])
    ours = company_of_lead(viewer=cast.viewer("ada"), lead_id=own.id)
    theirs = company_of_lead(viewer=cast.viewer("nora"), lead_id=own.id)
    assert ours is not None
    assert theirs is not None
    assert ({lead.id for lead in ours.leads}, ours.owners) == ({own.id, other.id}, ("Kansai", "Nordwind"))
    assert ([lead.id for lead in theirs.leads], theirs.total, theirs.owners) == ([own.id], 1, ())
    assert "Geheim" not in str(theirs)
    assert "Süd" not in str(theirs)
    assert company_of_lead(viewer=cast.viewer("nora"), lead_id=other.id) is None
    assert company_of_lead(viewer=cast.viewer("gina"), lead_id=own.id) is None


@pytest.mark.covers("P-18")
def test_two_leads_of_a_company_at_one_moment_make_one_profile(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    leads = [
        lead_of(committed, committed_cast, "rush.example", "Rush Werke", "rush werke", family_name=str(number))
        for number in range(8)
    ]
    committed.commit()
    barrier = Barrier(len(leads))

    def join(lead_id: object) -> int | None:
        with app.app_context():
            barrier.wait()
            with transaction() as session:
                lead = session.get_one(Lead, lead_id, with_for_update=True)
                profile = join_profile(session, lead)
                found = profile.id if profile else None
            db.session.remove()
            return found

    with ThreadPoolExecutor(len(leads)) as threads:
        answers = [threads.submit(partial(join, lead.id)) for lead in leads]
        found = {answer.result(30) for answer in answers}
    assert len(found) == 1
    assert committed.scalar(select(func.count()).select_from(CompanyProfile)) == 1


@pytest.mark.covers("P-18", "P-15")
def test_a_lead_that_leaves_an_account_takes_along_what_only_it_said(session: Session, cast: Cast) -> None:
    account = account_of(session, cast, "Right Werke")
    session.add(AccountDomain(manufacturer_id=cast.acme.id, account_id=account.id, domain="right.example"))
    own = lead_of(session, cast, "right.example", "Right Werke", "right werke", account_id=account.id)
    mistaken = lead_of(session, cast, "wrong.example", "Wrong Pumpen", "wrong pumpen")
    join_profile(session, own)
    link_to_account(session, mistaken, account.id, by_hand=True)
    later = lead_of(session, cast, "wrong.example", "Wrong Pumpen Nord", "wrong pumpen nord")
    kin = lead_of(session, cast, "right.example", "Right Werke Nord", "right werke nord")
    for lead in (later, kin):
        join_profile(session, lead)
    assert mistaken.profile_id == later.profile_id == own.profile_id

    link_to_account(session, mistaken, None, by_hand=False)
    assert mistaken.profile_id == later.profile_id
    assert mistaken.profile_id not in (None, own.profile_id)
    assert kin.profile_id == own.profile_id
    keys = select(CompanyProfileKey.key).where(CompanyProfileKey.profile_id == own.profile_id)
    assert set(session.scalars(keys)) == {
        "domain:right.example",
        "name:DE:rightwerke",
        "name:DE:rightwerkenord",
    }
    assert session.get_one(CompanyProfile, mistaken.profile_id).account_id is None


def test_a_second_lead_of_the_account_keeps_what_both_say(session: Session, cast: Cast) -> None:
    account = account_of(session, cast, "Right Werke")
    pair = [
        lead_of(session, cast, "right.example", "Right Werke", "right werke", account_id=account.id) for _ in range(2)
    ]
    for lead in pair:
        join_profile(session, lead)
    link_to_account(session, pair[0], None, by_hand=True)
    assert pair[0].profile_id != pair[1].profile_id
    keys = select(CompanyProfileKey.profile_id).distinct()
    assert session.scalars(keys).all() == [pair[1].profile_id]


def test_a_new_account_taken_back_has_no_profile_any_more(session: Session, cast: Cast) -> None:
    review = ask_about(session, cast, factories.account(session, cast.acme, "Hofmann Group"), company="Hofmann Labs")
    decided = decide_review(review_id=review.id, decision=ReviewDecision.NEW_ACCOUNT, actor=cast.viewer("ines"))
    of_it = select(CompanyProfile.id).where(CompanyProfile.account_id == decided.account_id)
    assert session.scalar(of_it) is not None
    undo_decision(review_id=review.id, actor=cast.viewer("ines"))
    assert session.scalar(of_it) is None
