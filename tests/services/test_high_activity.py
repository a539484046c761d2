"""The third lead of a company within two hours is told to its owner, once, and to a partner without naming anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.notifications import MailKind
from app.jobs import notifications
from app.jobs.notifications import deliver_outbox
from app.models import Account, Event, Lead, ManufacturerSettings, OutboxMessage, User
from app.queries.notifications import mail_facts, reader_of
from app.services.high_activity import note_high_activity
from app.services.profiles import join_profile
from tests import factories
from tests.cast import Cast


def account_of(session: Session, cast: Cast, **values: Any) -> Account:
    account = Account(manufacturer_id=cast.acme.id, code="MEGA", name="Mega Werke AG", **values)
    session.add(account)
    session.flush()
    return account


def lead_before(session: Session, cast: Cast, minutes: int, account: Account | None, **values: Any) -> Lead:
    lead = factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        asked_at=datetime.now(UTC) - timedelta(minutes=minutes),
        company="Mega Werke AG",
        company_key="mega werke",
        company_domain="mega.example",
        account_id=account.id if account else None,
        **values,
    )
    join_profile(session, lead)
    return lead


def told(session: Session, cast: Cast, name: str) -> Any:
    """What the alert says to one person, or None when nobody wrote to them or there is nothing to say."""
    person = cast.people[name]
    owed = session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.kind == MailKind.HIGH_ACTIVITY_TO_OWNER.value, OutboxMessage.user_id == person.id
        )
    ).all()
    assert len(owed) <= 1
    reader = reader_of(session, person.id)
    return mail_facts(session, owed[0], reader) if owed and reader else None


@pytest.mark.covers("P-26")
def test_three_contacts_in_two_hours_alert_the_owner_once(session: Session, cast: Cast) -> None:
    account = account_of(session, cast, owner_user_id=cast.people["ines"].id)
    leads = [lead_before(session, cast, minutes, account) for minutes in (110, 60)]
    assert [note_high_activity(session, lead, account) for lead in leads] == [False, False]
    third = lead_before(session, cast, 1, account)
    assert note_high_activity(session, third, account)
    assert not note_high_activity(session, third, account)
    assert not note_high_activity(session, lead_before(session, cast, 0, account), account)
    event = session.scalars(select(Event).where(Event.kind == EventKind.HIGH_ACTIVITY)).one()
    assert (event.lead_id, event.data) == (third.id, {"account_id": account.id, "count": 3})
    facts = told(session, cast, "ines")
    assert (facts["company"], facts["count"], facts["is_own"]) == ("Mega Werke AG", 3, True)
    assert [reference for _, reference, _ in facts["leads"]] == [lead.reference for lead in (*leads, third)]
    assert session.scalars(select(OutboxMessage.user_id)).all() == [cast.people["ines"].id]


@pytest.mark.covers("P-26")
def test_three_in_a_day_or_of_long_ago_are_no_high_activity(session: Session, cast: Cast) -> None:
    account = account_of(session, cast, owner_user_id=cast.people["ines"].id)
    leads = [lead_before(session, cast, minutes, account) for minutes in (600, 300, 1)]
    old = [lead_before(session, cast, 60 * 24 * 300 + minute, account) for minute in range(3)]
    assert [note_high_activity(session, lead, account) for lead in (*leads, *old)] == [False] * 6


@pytest.mark.covers("P-26")
def test_how_many_within_how_long_is_a_setting(session: Session, cast: Cast) -> None:
    settings = session.get_one(ManufacturerSettings, cast.acme.id)
    settings.high_activity_leads, settings.high_activity_hours = 2, 12
    lead_before(session, cast, 600, None)
    second = lead_before(session, cast, 1, None)
    assert note_high_activity(session, second, None)


@pytest.mark.covers("P-26", "B-01")
def test_a_partner_that_owns_the_company_reads_no_name_before_it_works_every_lead(session: Session, cast: Cast) -> None:
    kansai = cast.partnerships["kansai"]
    account = account_of(session, cast, owner_partnership_id=kansai.id)
    leads = [lead_before(session, cast, minutes, account) for minutes in (30, 20, 10)]
    assert note_high_activity(session, leads[-1], account)
    assert told(session, cast, "kenji") is None
    factories.assignment(session, leads[0], partnership=kansai)
    for number, lead in enumerate(leads[1:]):
        factories.offer(session, factories.round_(session, lead, number=number + 1), kansai)
    blinded = told(session, cast, "kenji")
    assert (blinded["company"], blinded["leads"], blinded["count"]) == ("", [], 3)
    for secret in ("Mega", "mega.example", "Vogel"):
        assert secret not in str(blinded)
    for lead in leads[1:]:
        factories.assignment(session, lead, partnership=kansai)
    assert told(session, cast, "kenji")["company"] == "Mega Werke AG"
    assert told(session, cast, "nora") is None


@pytest.mark.covers("P-26")
def test_without_an_account_whoever_works_the_company_hears_of_it(session: Session, cast: Cast) -> None:
    first = lead_before(session, cast, 30, None)
    factories.assignment(session, first, seller=cast.people["carl"])
    lead_before(session, cast, 20, None)
    assert note_high_activity(session, lead_before(session, cast, 10, None), None)
    assert told(session, cast, "carl")["company"] == "Mega Werke AG"
    gone = session.scalars(select(User).where(User.name == "Carl")).one()
    gone.disabled_at = datetime.now(UTC)
    assert told(session, cast, "carl") is None


@pytest.mark.covers("P-26")
@pytest.mark.parametrize(("language", "subject"), [("en", "Mega Werke AG has asked 3 times"), ("de", "Mega Werke AG")])
def test_the_mail_lists_the_leads_for_the_owner(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, language: str, subject: str
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(notifications, "send_mail", lambda _smtp, **mail: sent.append(mail))
    cast.people["ines"].language = language
    account = account_of(session, cast, owner_user_id=cast.people["ines"].id)
    leads = [lead_before(session, cast, minutes, account) for minutes in (30, 20, 10)]
    assert note_high_activity(session, leads[-1], account)
    session.commit()
    deliver_outbox()
    (mail,) = sent
    assert subject in mail["subject"]
    for lead in leads:
        assert f"/leads/{lead.id}" in mail["text"]
        assert lead.reference in mail["html"]


def test_a_lead_of_no_company_is_no_activity(session: Session, cast: Cast) -> None:
    nobody = factories.lead(session, cast.acme, [cast.products["pump"]], company="", company_key="")
    join_profile(session, nobody)
    assert not note_high_activity(session, nobody, None)
