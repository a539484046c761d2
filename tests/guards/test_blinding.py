"""Canaries: every hidden field of a lead holds a unique string, and nothing a partner can reach before the claim sings.

Every address with GET is asked as an eligible partner, with filters, orders and searches; writes that are refused;
the API with a key; the mails it gets; every line that is logged meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import logs
from app.domain.accounts import AccountLevel, AccountNameKind
from app.domain.board import BoardFilters
from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.leads import SourceKind
from app.domain.qualification import ContactRole
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.domain.submissions import Channel, SubmissionState
from app.domain.visibility import CHOOSABLE
from app.jobs import notifications
from app.jobs.notifications import deliver_outbox
from app.models import Account, AccountDomain, AccountName, Lead, LeadTouch, ManufacturerSettings, Submission
from app.services.deadlines import enforce_deadlines
from app.services.identity import create_api_key
from app.services.profiles import join_profile
from app.services.routing_rules import create_rule
from app.services.saved_views import owe_view_mails, save_view
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.guards.canaries import (
    CANARIES,
    ELSEWHERE,
    KNOWN,
    NOTED,
    RULE,
    SEEN_BY_THE_WINNER,
    SINGING,
    songs,
)
from tests.guards.walking import Walker


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead on both partners' boards that shows all a manufacturer can choose to show; its text is not cleared."""
    session.get_one(ManufacturerSettings, cast.acme.id).shown_fields = [field.value for field in CHOOSABLE]
    keep_rule(cast)
    lead = put_on_board(
        session, cast, **CANARIES, amount_cents=73_519_375_19, currency="EUR", employees=73_317_331, industry="Food"
    )
    match_with_account(session, cast, lead)
    touch, raw = ELSEWHERE
    session.add(
        LeadTouch(
            lead_id=lead.id, source_kind=SourceKind.PHONE, source_name=touch, message=touch, asked_at=lead.asked_at
        )
    )
    session.add(
        Submission(
            manufacturer_id=cast.acme.id,
            channel=Channel.MANUAL,
            state=SubmissionState.CREATED,
            raw={"message": raw},
            lead_id=lead.id,
        )
    )
    session.commit()
    return lead


def keep_rule(cast: Cast) -> None:
    """A rule that every lead of that company meets."""
    conditions = ConditionGroup(parts=(FieldCondition(LeadField.COMPANY, Operator.IS, CANARIES["company"]),))
    actions = RuleActions(preferred_ids=frozenset({cast.partnerships["nordwind"].id}), score=91)
    create_rule(actor=cast.viewer("carl"), rule=RoutingRule(RULE, conditions, actions))


def match_with_account(session: Session, cast: Cast, lead: Lead) -> None:
    """The lead is an account's of Nordwind, for reasons, and in its profile; something was noted of the deal."""
    account = Account(
        manufacturer_id=cast.acme.id,
        code="K-1",
        name=KNOWN["account"],
        owner_partnership_id=cast.partnerships["nordwind"].id,
        names=[
            AccountName(manufacturer_id=cast.acme.id, kind=AccountNameKind.ALIAS, name=KNOWN["alias"], name_key="uhu")
        ],
        domains=[AccountDomain(manufacturer_id=cast.acme.id, domain=KNOWN["domain"])],
    )
    session.add(account)
    session.flush()
    lead.account_id, lead.account_level, lead.match_score = account.id, AccountLevel.CUSTOMER, 98
    reasons = [{"text": KNOWN["signal"], "values": {}}]
    lead.match_signals = [{"kind": "name", "account_id": account.id, "score": 98, "reasons": reasons}]
    lead.contact_role, lead.qualification = ContactRole.ECONOMIC_BUYER, {"budget": NOTED}
    join_profile(session, lead)


def walker(app: Flask, browse: Browse, session: Session, cast: Cast, lead: Lead, name: str) -> Walker:
    """Somebody of a partner with its own offer of the lead, and a key for everything."""
    partner = {"nora": "nordwind", "kenji": "kansai"}[name]
    things = {
        "offer_id": offer_to(session, lead, cast.partnerships[partner]).id,
        "lead_id": lead.id,
        "partnership_id": cast.partnerships[partner].id,
        "product_line_id": cast.products["pump"].id,
        "user_id": cast.people[name].id,
    }
    key = create_api_key(name="Own tool", scopes=["board", "claim", "leads"], actor=cast.viewer(name)).secret
    return Walker(app, browse(name), things, key)


def close_to_claims(session: Session, cast: Cast, maximum: int | None) -> None:
    """Let no claim through, so that every claim is a refusal, or open again."""
    for name in ("nordwind", "kansai"):
        cast.partnerships[name].max_open_claims = maximum
    session.commit()


@pytest.fixture
def everything_is_logged(app: Flask) -> Iterator[None]:
    """Log lines of every level, as a person looking for a fault would have them."""
    config = app.extensions["config"]
    logs.configure(replace(config, log_level="DEBUG"))
    yield
    logs.configure(config)


@pytest.mark.covers("B-02", "B-07", "P-14", "G-02")
@pytest.mark.parametrize("name", ["nora", "kenji"])
def test_no_page_no_answer_and_no_log_line_sings_before_the_claim(
    app: Flask,
    browse: Browse,
    session: Session,
    cast: Cast,
    lead: Lead,
    name: str,
    everything_is_logged: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    close_to_claims(session, cast, 0)
    offer_id = str(offer_to(session, lead, cast.partnerships["nordwind" if name == "nora" else "kansai"]).id)
    heard: dict[str, list[str]] = {}
    showing = 0
    for address, text in walker(app, browse, session, cast, lead, name).answers():
        showing += offer_id in text
        if found := songs(text):
            heard[address] = found
    assert heard == {}
    assert showing > 20, "the lead was hardly shown, so nothing is proven"
    output = capsys.readouterr()
    assert "request" in output.err, "nothing was logged, so nothing is proven"
    assert songs(output.out + output.err) == []


@pytest.mark.covers("B-02")
def test_searching_for_what_is_hidden_finds_nothing(browse: Browse, session: Session, cast: Cast, lead: Lead) -> None:
    nora = browse("nora")
    for parameter in ("text", "q", "search"):
        for canary in SINGING:
            found = nora.get("/leads", query_string={parameter: canary}).text
            assert (str(lead.id) in found, lead.reference in found) == (False, False)
    everything = nora.get("/board").text.count("data-offer=")
    narrowed = {nora.get("/board", query_string={"search": text}).text.count("data-offer=") for text in SINGING[:4]}
    assert narrowed == {everything}


@pytest.mark.covers("B-02")
def test_no_mail_sings_before_the_claim(
    session: Session, cast: Cast, clock: TimeMachine, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(notifications, "send_mail", lambda _smtp, **mail: sent.append(mail))
    save_view(actor=cast.viewer("nora"), name="All", filters=BoardFilters(), is_mailed=True)
    clock.pass_time(seconds=1)
    put_on_board(session, cast, **(CANARIES | {"external_id": "CRM-EXT-99417-2"}))
    owe_view_mails()
    clock.pass_time(hours=3)
    enforce_deadlines()
    deliver_outbox()
    to_partners = [mail for mail in sent if mail["to_email"].partition("@")[2].startswith(("nordwind", "kansai"))]
    assert {"alone" in mail["subject"].lower() for mail in to_partners} == {True, False}
    assert {mail["to_email"]: songs(repr(mail)) for mail in to_partners if songs(repr(mail))} == {}


@pytest.mark.covers("B-06", "B-07")
def test_after_the_claim_the_winner_sees_it_and_the_loser_still_nothing(
    app: Flask, browse: Browse, session: Session, cast: Cast, lead: Lead
) -> None:
    nora, offer = browse("nora"), offer_to(session, lead, cast.partnerships["nordwind"])
    assert nora.post(f"/offers/{offer.id}/claim").status_code == 303
    page = nora.get(f"/leads/{lead.id}").text
    assert set(songs(page)) >= {*SEEN_BY_THE_WINNER, NOTED}
    assert songs(page, (CANARIES["ip_address"], RULE, *(KNOWN[name] for name in ("alias", "domain", "signal")))) == []
    loser = walker(app, browse, session, cast, lead, "kenji")
    assert {address: songs(text) for address, text in loser.answers() if songs(text)} == {}


def test_the_canaries_can_sing(browse: Browse, lead: Lead) -> None:
    page = browse("ada").get(f"/leads/{lead.id}").text
    assert set(songs(page)) >= {
        *SEEN_BY_THE_WINNER,
        "73,519,375",
        CANARIES["department"],
        KNOWN["account"],
        NOTED,
        RULE,
    }


def test_who_is_asked_first_is_told_so_and_nobody_else(browse: Browse, lead: Lead) -> None:
    told = "The manufacturer likes to give you leads of this kind"
    assert [told in browse(name).get("/board").text for name in ("nora", "kenji")] == [True, False]
