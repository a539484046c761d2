"""The form of a routing rule: partners looked for, places by name, and what it refuses before it is saved."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import OrganisationKind
from app.domain.lead_conditions import LeadField, Operator
from app.models import Organisation, Partnership, RoutingRule
from app.services.claims import claim_offer
from tests import factories
from tests.boards import offer_to
from tests.browsing import Browse
from tests.cast import Cast
from tests.ruling import ids, keep, routed
from tests.web.plans.rule_form import FORM

ADD = "/plan/rules/new"
NO_CONDITION = {"if_field_1": "", "if_field_4": "", "if_value_4": ""}


def kept(session: Session) -> list[RoutingRule]:
    return list(session.scalars(select(RoutingRule)))


def conditions(session: Session) -> str:
    return str(kept(session)[0].conditions)


@pytest.fixture
def network(session: Session, cast: Cast) -> list[Partnership]:
    """Sixty partners more than fit on a page."""
    partner = factories.organisation(session, "Chain", OrganisationKind.PARTNER)
    made = []
    for number in range(60):
        partner = factories.organisation(session, f"Shop {number:02}", OrganisationKind.PARTNER)
        made.append(factories.partnership(session, cast.acme, partner, cast.tiers["silver"]))
    session.commit()
    return made


def boxes(page: str) -> list[str]:
    return re.findall(r'name="only_ids" value="(\d+)"', page)


@pytest.mark.covers("T-21")
def test_only_chosen_and_found_partners_are_on_the_page(
    browse: Browse, session: Session, network: list[Partnership]
) -> None:
    """However many there are; what was entered and ticked stays while somebody looks for another."""
    carl = browse("carl")
    assert len(boxes(carl.get(ADD).text)) == 10
    ticked = str(network[57].id)
    found = carl.post(ADD, data=FORM | {"find": "1", "search": "shop 4", "only_ids": [ticked], "name": "Draft"})
    assert found.status_code == 200
    assert boxes(found.text) == [ticked, *(str(one.id) for one in network[40:50])]
    assert f'value="{ticked}" id="only_ids-{ticked}" aria-label="Only these: {network[57].name}" checked' in found.text
    assert 'value="Draft"' in found.text
    assert "1 partner ticked" in found.text
    assert kept(session) == []
    nobody = carl.post(ADD, data=FORM | {"find": "1", "search": "nobody"})
    assert "No partner is called so." in nobody.text
    assert carl.post(ADD, data=FORM | {"only_ids": [ticked], "search": "shop 4"}).status_code == 303
    assert {"kind": "only", "partnership_ids": [int(ticked)]} in kept(session)[0].actions


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        (NO_CONDITION, "junction", "Say which leads"),
        ({"junction": "every"}, "junction", "A rule for every lead has no conditions"),
        ({"makes_hot": []}, "destination", "The rule does nothing yet"),
        (
            {"if_field_1": "country", "if_operator_1": "is", "if_value_1": "FR"},
            "if_value_4",
            "Country cannot be all of this at once",
        ),
        ({"if_field_1": "subdivision", "if_operator_1": "is", "if_value_1": "Atlantis"}, "if_value_1", "no state"),
    ],
)
def test_what_can_never_act_is_refused_beside_its_field(
    browse: Browse, session: Session, wrong: dict[str, Any], field: str, told: str
) -> None:
    answer = browse("carl").post(ADD, data=FORM | wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert kept(session) == []


def test_a_rule_for_every_lead_is_chosen_in_words(browse: Browse, session: Session) -> None:
    assert browse("carl").post(ADD, data=FORM | NO_CONDITION | {"junction": "every"}).status_code == 303
    (row,) = kept(session)
    assert row.conditions == {"all": []}
    assert '<option selected value="every">' in browse("carl").get(f"/plan/rules/{row.id}").text


def test_states_are_offered_and_read_by_name(browse: Browse, cast: Cast, session: Session) -> None:
    session.get_one(Organisation, cast.acme.id).country = "DE"
    session.commit()
    place = {"if_field_1": "subdivision", "if_operator_1": "is", "if_field_4": "", "if_value_4": ""}
    page = browse("carl").post(ADD, data=FORM | place | {"find": "1"}).text
    assert '<option value="DE-BY">Bayern</option>' in page
    assert re.search(r'<input[^>]*list="rule-list-1"[^>]*name="if_value_1"', page)
    assert browse("carl").post(ADD, data=FORM | place | {"if_value_1": "Bavaria, DE-BE"}).status_code == 303
    assert "'value': 'DE-BY, DE-BE'" in conditions(session)


@pytest.mark.covers("T-21")
def test_a_trial_and_the_save_say_what_becomes_of_open_leads(browse: Browse, cast: Cast, session: Session) -> None:
    """And count neither what is worked nor what went to its owner."""
    taken = routed(session, cast, industry="Medical devices", country="DE", is_hot=True)
    claim_offer(offer_id=offer_to(session, taken, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    factories.account(session, cast.acme, "Hofmann Präzision GmbH", owner_partnership_id=cast.partnerships["kansai"].id)
    for company in ("Hofmann Präzision GmbH", "Ziegler AG", "Zeisig AG"):
        routed(session, cast, industry="Medical devices", country="DE", company=company)
    form = FORM | {"only_ids": sorted(ids(cast, "kansai"))}
    carl = browse("carl")
    trial = carl.post(ADD, data=form | {"try": "1"}).text
    said = "2 leads that are offered now are taken from 1 partner within seconds."
    assert said in trial
    assert "2 open leads looked at" in trial
    assert "3 of the newest 3 leads meet it" in trial
    assert trial.count("looked at anew") == 2
    assert trial.count("nothing: it is settled") == 1
    carl.post(ADD, data=form)
    assert f"The rule is added. {said}" in carl.get("/plan/rules").text


def test_a_rule_that_touches_nothing_open_says_so(browse: Browse, cast: Cast, session: Session) -> None:
    routed(session, cast, industry="Mining")
    carl = browse("carl")
    carl.post(ADD, data=FORM)
    told = "The rule is added. No lead that is offered now changes."
    assert told in carl.get("/plan/rules").text


def test_moving_a_rule_says_what_becomes_of_open_leads(browse: Browse, cast: Cast, session: Session) -> None:
    keep(cast, (LeadField.SCORE, Operator.AT_LEAST, "90"), only_ids=ids(cast, "kansai"), name="High")
    routed(session, cast, score=80)
    raising = keep(cast, score=95, name="Raise")
    carl = browse("carl")
    carl.post(f"/plan/rules/{raising}/move", data={"move": "up"})
    assert "1 lead that is offered now is taken from 1 partner within seconds." in carl.get("/plan/rules").text
