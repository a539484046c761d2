"""Reading the audit trail."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.leads import Stage
from app.models import Lead
from app.queries.audit.sentences import sentence
from app.queries.audit.trail import PAGE_SIZE, TrailFilters, list_events
from app.services.audit import record_event
from app.services.cockpit import LeadEdit, edit_lead
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead of Acme's that Nora moved from new to qualified."""
    made = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.assignment(session, made, partnership=cast.partnerships["nordwind"])
    session.commit()
    edit_lead(lead_id=made.id, actor=cast.viewer("nora"), version=1, edit=LeadEdit(Stage.QUALIFIED))
    return made


@pytest.mark.covers("A-02")
@pytest.mark.parametrize("name", ["ada", "carl", "arne"])
def test_works(browse: Browse, lead: Lead, name: str) -> None:
    page = browse(name).get("/audit")
    assert page.status_code == 200
    assert "Nora (Nordwind) moved the stage." in page.text
    assert "New → Qualified" in page.text
    assert f"/leads/{lead.id}" in page.text


def test_anonymous_is_asked_to_log_in(browse: Browse) -> None:
    assert browse(None).get("/audit").status_code == 303


@pytest.mark.parametrize("name", ["gina", "nora", "kenji", "rita"])
def test_nobody_reads_anothers_trail(browse: Browse, lead: Lead, name: str) -> None:
    page = browse(name).get("/audit")
    assert page.status_code == 200
    assert "moved the stage" not in page.text
    assert str(lead.id) not in page.text


@pytest.mark.parametrize("name", ["ines", "vera", "nils", "kaori"])
def test_wrong_role(browse: Browse, cast: Cast, name: str) -> None:
    assert browse(name).get("/audit").status_code == 403


def test_only_administrators_read_of_log_ins(browse: Browse, session: Session, cast: Cast) -> None:
    for name, organisation in (("ada", cast.acme), ("nora", cast.nordwind)):
        record_event(session, EventKind.LOGGED_OUT, actor=cast.viewer(name), organisation_id=organisation.id)
    session.commit()
    assert "Ada (Acme) logged out." in browse("ada").get("/audit").text
    assert "logged out" not in browse("carl").get("/audit?feature=security").text
    assert "Nora (Nordwind) logged out." in browse("nora").get("/audit").text
    assert "Nora (Nordwind) logged out." not in browse("ada").get("/audit").text


def test_filters(session: Session, cast: Cast, lead: Lead) -> None:
    record_event(session, EventKind.SETTINGS_CHANGED, actor=cast.viewer("ada"), manufacturer_id=cast.acme.id)
    session.commit()

    def found(**filters: object) -> int:
        trail = list_events(viewer=cast.viewer("ada"), filters=TrailFilters(**filters))  # type: ignore[arg-type]
        return len(trail.lines)

    assert found(feature="settings") == 1
    assert found(kind="cockpit.stage_changed") == 1
    assert found(user_id=cast.people["ada"].id) == 1
    assert found(lead=lead.reference) == found(lead=lead.reference.lower()) == 1
    assert found(lead="nothing") == 0


@pytest.mark.parametrize(
    "query", ["first_on=soon", "before=x", "feature=x", "person=99999999999999999999999", "lead=%25"]
)
def test_strange_filters_do_no_harm(browse: Browse, lead: Lead, query: str) -> None:
    assert browse("ada").get(f"/audit?{query}").status_code == 200


def test_pages_follow_each_other(session: Session, cast: Cast) -> None:
    for _ in range(PAGE_SIZE + 5):
        record_event(session, EventKind.SETTINGS_CHANGED, actor=cast.viewer("ada"), manufacturer_id=cast.acme.id)
    session.commit()
    first = list_events(viewer=cast.viewer("ada"), filters=TrailFilters(feature="settings"))
    second = list_events(viewer=cast.viewer("ada"), filters=TrailFilters(feature="settings"), before=first.next_before)
    assert (len(first.lines), len(second.lines), second.next_before) == (PAGE_SIZE, 5, None)


@pytest.mark.covers("A-01")
@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_is_told_whatever_its_data(browse: Browse, session: Session, cast: Cast, kind: EventKind) -> None:
    for data in (
        {},
        {"old": 1, "new": None, "reason": ["x"], "kind": "pigeon", "expected_revenue": "much", "close_on": 5},
    ):
        record_event(session, kind, actor=cast.viewer("ada"), manufacturer_id=cast.acme.id, data=data)
    session.commit()
    assert str(sentence(kind, {}, actor="A", partner="P", person="Q")) != ""
    assert browse("ada").get("/audit").status_code == 200
