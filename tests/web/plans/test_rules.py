"""The manufacturer's own routing rules on screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.partners import PartnershipStatus
from app.models import Lead, Offer, RoutingDecision, RoutingRule
from app.services.lead_routing import release_lead, route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm
from tests.web.plans.rule_form import FORM


def rules(session: Session, cast: Cast) -> list[RoutingRule]:
    wanted = select(RoutingRule).where(RoutingRule.manufacturer_id == cast.acme.id).order_by(RoutingRule.position)
    return list(session.scalars(wanted))


@pytest.fixture
def rule(cast: Cast, browse: Browse, session: Session) -> RoutingRule:
    """A rule of Acme's that offers medical leads to Kansai only."""
    only = FORM | {"only_ids": [cast.partnerships["kansai"].id]}
    assert browse("carl").post("/plan/rules/new", data=only).status_code == 303
    return rules(session, cast)[0]


@pytest.mark.covers("T-14", "T-21", "T-22")
class TestAdd(NetworkAction, WithForm):
    form = FORM
    bad = {"if_operator_1": "at_least"}
    form_id = "rule-form"

    def url(self, cast: Cast) -> str:
        return "/plan/rules/new"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return [row.name for row in rules(session, cast)] == ["Medical"]


@pytest.mark.usefixtures("rule")
class TestSaveRule(NetworkAction, OnOneRow, WithForm):
    form = FORM | {"name": "Medical devices", "version": 1}
    bad = {"name": ""}
    form_id = "rule-form"

    @pytest.fixture(autouse=True)
    def known(self, rule: RoutingRule) -> None:
        self.rule_id = rule.id

    def url(self, cast: Cast) -> str:
        return f"/plan/rules/{self.rule_id}"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return [(row.name, row.version) for row in rules(session, cast)] == [("Medical devices", 2)]


@pytest.mark.usefixtures("rule")
class TestMove(NetworkAction, OnOneRow):
    form = {"move": "up"}

    @pytest.fixture(autouse=True)
    def second(self, rule: RoutingRule, cast: Cast, browse: Browse, session: Session) -> None:
        browse("carl").post("/plan/rules/new", data=FORM | {"name": "Second"})
        self.rule_id = rules(session, cast)[1].id

    def url(self, cast: Cast) -> str:
        return f"/plan/rules/{self.rule_id}/move"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return [row.name for row in rules(session, cast)] == ["Second", "Medical"]


class TestRemove(NetworkAction, OnOneRow):
    """After a page of its own that says what becomes of open leads."""

    @pytest.fixture(autouse=True)
    def known(self, rule: RoutingRule) -> None:
        self.rule_id = rule.id

    def url(self, cast: Cast) -> str:
        return f"/plan/rules/{self.rule_id}/remove"

    def test_it_is_asked_first_and_says_what_follows(self, browse: Browse, cast: Cast, session: Session) -> None:
        routed(session, cast, industry="Medical devices")
        page = browse("carl").get(self.url(cast)).text
        assert "1 lead may go to more partners than before." in page
        assert f'action="{self.url(cast)}"' in page
        assert not self.has_worked(cast, session)

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return rules(session, cast) == []


def test_rules_are_read_in_words(browse: Browse, rule: RoutingRule) -> None:
    page = browse("vera").get("/plan/rules").text
    assert "Industry contains medical and Country is DE, AT → only Kansai may have it, it is hot" in page
    assert "Add a rule" not in page
    trail = browse("ada").get("/audit?feature=network").text
    assert "Carl (Acme) changed the routing rules." in trail
    assert "Medical: added" in trail


def test_a_rule_is_drawn_as_it_was_entered(browse: Browse, rule: RoutingRule) -> None:
    page = browse("carl").get(f"/plan/rules/{rule.id}").text
    assert '<option selected value="industry">' in page
    assert 'value="DE, AT"' in page


@pytest.mark.covers("T-21")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_rule_is_tried_on_the_newest_leads(
    browse: Browse, cast: Cast, session: Session, headers: dict[str, str]
) -> None:
    for industry in ("Medical devices", "Mining"):
        factories.lead(session, cast.acme, [cast.products["pump"]], industry=industry)
    factories.lead(session, cast.globex, [cast.products["drive"]], industry="Medical devices")
    session.commit()
    answer = browse("carl").post("/plan/rules/new", data=FORM | {"try": "1"}, headers=headers)
    assert answer.status_code == 200
    assert "1 of the newest 2 leads meet it" in answer.text
    assert answer.text.lstrip().startswith("<form" if headers else "<!doctype html>")
    assert rules(session, cast) == []


def test_a_stale_rule_says_what_was_saved(browse: Browse, rule: RoutingRule, session: Session) -> None:
    browse("ada").post(f"/plan/rules/{rule.id}", data=FORM | {"version": 1, "if_value_1": "dental"})
    late = FORM | {"version": 1, "if_value_1": "optical"}
    answer = browse("carl").post(f"/plan/rules/{rule.id}", data=late)
    assert answer.status_code == 409
    assert "Industry contains dental" in answer.text
    assert browse("carl").post(f"/plan/rules/{rule.id}", data=late | {"version": 2}).status_code == 303


@pytest.mark.parametrize("field", ["only_ids", "excluded_ids", "preferred_ids", "notified_ids"])
def test_only_own_partners_and_colleagues_are_named(browse: Browse, cast: Cast, session: Session, field: str) -> None:
    stranger = cast.people["gina"].id if field == "notified_ids" else cast.partnerships["rival"].id
    answer = browse("carl").post("/plan/rules/new", data=FORM | {field: [stranger]})
    assert answer.status_code == 422
    assert rules(session, cast) == []


EVERYTHING = FORM | {
    "trigger": "returned",
    "min_tier": "gold",
    "product": "PUMP",
    "score": "80",
    "destination": "review",
}


@pytest.mark.covers("T-21")
def test_every_action_is_kept_and_read_in_words(browse: Browse, cast: Cast, session: Session) -> None:
    partner, ada = cast.partnerships["nordwind"].id, cast.people["ada"].id
    form = EVERYTHING | {"only_ids": [partner], "preferred_ids": [partner], "notified_ids": [ada]}
    assert browse("carl").post("/plan/rules/new", data=form).status_code == 303
    (row,) = rules(session, cast)
    page = browse("vera").get("/plan/rules").text
    for said in ("A lead is returned:", "only Nordwind may have it", "asked first: Nordwind", "told at once: Ada"):
        assert said in page
    edit = browse("carl").get(f"/plan/rules/{row.id}").text
    for chosen in ("returned", "gold", "PUMP", "review"):
        assert f'<option selected value="{chosen}">' in edit
    ticked = [
        name for tag in re.findall(r"<input[^>]* checked[^>]*>", edit) for name in re.findall(r'name="(\w+)"', tag)
    ]
    assert sorted(ticked) == ["is_active", "makes_hot", "notified_ids", "only_ids", "preferred_ids"]


def test_a_partner_that_has_ended_stays_named(browse: Browse, cast: Cast, session: Session, rule: RoutingRule) -> None:
    """Without it the rule would open to everybody when it is saved again."""
    kansai = cast.partnerships["kansai"]
    kansai.status = PartnershipStatus.ENDED
    session.commit()
    only = FORM | {"version": 1, "only_ids": [kansai.id], "name": "Renamed"}
    assert browse("carl").post(f"/plan/rules/{rule.id}", data=only).status_code == 303
    assert {"kind": "only", "partnership_ids": [kansai.id]} in rules(session, cast)[0].actions


@pytest.mark.covers("T-21")
def test_a_trial_says_how_many_partners_are_left(browse: Browse, cast: Cast, session: Session) -> None:
    routed(session, cast, industry="Medical devices")
    nordwind = [cast.partnerships["nordwind"].id]
    form = FORM | {"try": "1", "only_ids": nordwind, "preferred_ids": nordwind}
    assert "1 of 2, 1 asked first" in browse("carl").post("/plan/rules/new", data=form).text
    page = browse("carl").post("/plan/rules/new", data=FORM | {"try": "1", "min_tier": "gold"}).text
    assert "1 of 2" in page
    assert "could go to no partner" not in page
    nobody = FORM | {"try": "1", "min_tier": "gold", "excluded_ids": nordwind}
    assert (
        "1 of the newest leads could go to no partner any more."
        in browse("carl").post("/plan/rules/new", data=nobody).text
    )


def test_a_trial_looks_at_leads_to_which_the_trigger_has_happened(browse: Browse, cast: Cast, session: Session) -> None:
    held = routed(session, cast, industry="Medical devices", score=5)
    released = FORM | {"try": "1", "trigger": "released"}
    assert "There is no such lead yet." in browse("carl").post("/plan/rules/new", data=released).text
    release_lead(lead_id=held.id, actor=cast.viewer("carl"), reason="Called in person")
    page = browse("carl").post("/plan/rules/new", data=released).text
    assert "1 of the newest 1 leads meet it" in page
    assert "A person releases a lead" in page


def test_the_history_says_who_changed_what(browse: Browse, cast: Cast, session: Session, rule: RoutingRule) -> None:
    browse("ada").post(f"/plan/rules/{rule.id}", data=FORM | {"version": 1, "score": "90"})
    browse("carl").post(f"/plan/rules/{rule.id}/remove")
    page = browse("vera").get("/plan/rules/history").text
    assert page.index("Medical: removed") < page.index("Medical: changed") < page.index("Medical: added")
    assert "only Kansai may have it, it is hot → it is hot, its score is 90" in page


def routed(session: Session, cast: Cast, **values: Any) -> Lead:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **({"score": 80} | values))
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


@pytest.mark.covers("T-10", "A-01")
@pytest.mark.usefixtures("rule")
def test_a_rule_says_who_may_see_a_lead(cast: Cast, session: Session) -> None:
    medical, mining = routed(session, cast, industry="Medical devices"), routed(session, cast, industry="Mining")
    offered = {
        lead: set(session.scalars(select(Offer.partnership_id).where(Offer.lead_id == lead.id)))
        for lead in (medical, mining)
    }
    kansai, nordwind = cast.partnerships["kansai"].id, cast.partnerships["nordwind"].id
    assert offered == {medical: {kansai}, mining: {kansai, nordwind}}
    assert (medical.is_hot, mining.is_hot) == (True, False)
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == medical.id)).one()
    assert any("Medical" in str(reason["values"]) for reason in decision.reasons)
    (left_out,) = [one for one in decision.considered if one["partnership_id"] == nordwind]
    assert left_out["results"][-1]["finding"] == "not_named"


@pytest.mark.covers("T-19")
@pytest.mark.parametrize(("destination", "state"), [("nurture", "nurturing"), ("review", "in_review")])
def test_a_rule_sends_a_lead_elsewhere(
    browse: Browse, cast: Cast, session: Session, destination: str, state: str
) -> None:
    browse("carl").post("/plan/rules/new", data=FORM | {"destination": destination})
    assert routed(session, cast, industry="Medical devices").state == state
    assert routed(session, cast, industry="Mining").state == "distributing"


@pytest.mark.covers("P-01")
def test_an_existing_relationship_comes_before_the_rules(browse: Browse, cast: Cast, session: Session) -> None:
    nordwind = cast.partnerships["nordwind"]
    form = FORM | {"destination": "nurture", "excluded_ids": [nordwind.id]}
    browse("carl").post("/plan/rules/new", data=form)
    factories.account(session, cast.acme, "Hofmann Präzision GmbH", owner_partnership_id=nordwind.id)
    lead = routed(session, cast, industry="Medical devices")
    assert lead.state == "distributing"
    assert session.scalars(select(Offer.partnership_id).where(Offer.lead_id == lead.id)).all() == [nordwind.id]


def test_a_rule_that_is_off_does_nothing(browse: Browse, cast: Cast, session: Session) -> None:
    off = {name: value for name, value in FORM.items() if name != "is_active"} | {"destination": "review"}
    browse("carl").post("/plan/rules/new", data=off)
    assert routed(session, cast, industry="Medical devices").state == "distributing"
