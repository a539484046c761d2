"""Handing a lead back, and taking that back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.leads import LeadState
from app.models import Lead
from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.conftest import TimeMachine

WRONG = {"back-reason": "wrong_product", "back-text": "A compressor", "back-quality": "2"}
PROSPECT = ("Katrin", "Vogel", "Hofmann", "k.vogel", "80331", "München")


@pytest.fixture
def lead(session: Session, cast: Cast) -> Lead:
    """A lead that Nordwind has taken from the board; Kansai could have it too."""
    made = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, made, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    return session.get_one(Lead, made.id, populate_existing=True)


def path(lead: Lead, what: str = "return") -> str:
    return f"/leads/{lead.id}/{what}"


@pytest.mark.covers("W-06")
@pytest.mark.parametrize("name", ["nora", "nils", "ines", "carl"])
def test_works(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    answer = browse(name).post(path(lead), data=WRONG)
    assert (answer.status_code, answer.location) == (303, path(lead, "returned"))
    session.refresh(lead)
    assert (lead.state, lead.quality) == (LeadState.DISTRIBUTING, 2)


def test_every_reason_says_what_follows(browse: Browse, lead: Lead) -> None:
    page = browse("nora").get(f"/leads/{lead.id}").text
    asked, decided = page.index("The next partner is asked at once:"), page.index("A person at Acme decides")
    assert asked < page.index("Asks for another product") < decided < page.index("Spam or a test")


def test_who_returned_it_reads_nothing_of_the_prospect_any_more(browse: Browse, lead: Lead) -> None:
    browse("nora").post(path(lead), data=WRONG)
    page = browse("nora").get(path(lead, "returned"))
    assert page.status_code == 200
    assert "A compressor" in page.text
    assert not [word for word in PROSPECT if word in page.text]


@pytest.mark.covers("W-06")
def test_for_ten_minutes_a_returned_lead_is_found_again(browse: Browse, lead: Lead, clock: TimeMachine) -> None:
    browse("nora").post(path(lead), data=WRONG)
    for name in ("nora", "nils"):
        listed = browse(name).get("/leads").text
        assert f'data-returned="{lead.id}"' in listed and "you can take it back until" in listed
        assert not [word for word in PROSPECT if word in listed]
        moved = browse(name).get(f"/leads/{lead.id}")
        assert (moved.status_code, moved.location) == (303, path(lead, "returned"))
    for name in ("kenji", "rita"):
        assert str(lead.id) not in browse(name).get("/leads").text
        assert browse(name).get(f"/leads/{lead.id}").status_code == 404
    assert 'id="just-returned"' not in browse("carl").get("/leads").text
    clock.pass_time(minutes=10, seconds=5)
    assert 'id="just-returned"' not in browse("nora").get("/leads").text
    assert browse("nora").get(f"/leads/{lead.id}").status_code == 404
    assert "A compressor" not in browse("nora").get(path(lead, "returned")).text


def test_what_another_has_taken_is_not_offered_back(browse: Browse, session: Session, cast: Cast, lead: Lead) -> None:
    browse("nora").post(path(lead), data=WRONG)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    assert 'id="just-returned"' not in browse("nora").get("/leads").text
    assert browse("nora").get(f"/leads/{lead.id}").status_code == 404


def test_the_manufacturer_reads_on_the_lead_who_returned_it_and_why(browse: Browse, lead: Lead) -> None:
    browse("nora").post(path(lead), data=WRONG)
    page = browse("carl").get(f"/leads/{lead.id}").text
    assert "Nordwind returned it: Asks for another product" in page
    assert path(lead, "returned") in page
    assert path(lead, "returned") not in browse("vera").get(f"/leads/{lead.id}").text


@pytest.mark.parametrize("name", ["nora", "nils", "carl"])
def test_a_return_is_taken_back(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    browse("nora").post(path(lead), data=WRONG)
    assert "Take it back until" in browse(name).get(path(lead, "returned")).text
    answer = browse(name).post(path(lead, "return/undo"))
    assert (answer.status_code, answer.location) == (303, f"/leads/{lead.id}")
    assert "Katrin Vogel" in browse("nora").get(f"/leads/{lead.id}").text
    assert browse(name).get(path(lead, "returned")).status_code == 404


def test_what_is_sent_twice_happens_once(browse: Browse, session: Session, lead: Lead) -> None:
    nora = browse("nora")
    first, again = (nora.post(path(lead), data=WRONG) for _ in range(2))
    assert (first.location, again.location) == (path(lead, "returned"), path(lead, "returned"))
    nora.post(path(lead, "return/undo"))
    undone = nora.post(path(lead, "return/undo"))
    assert undone.status_code == 409
    assert "There is no return to take back." in undone.text
    assert "Katrin Vogel" in undone.text


def test_too_late_says_so_in_place(browse: Browse, lead: Lead, clock: TimeMachine) -> None:
    browse("nora").post(path(lead), data=WRONG)
    clock.pass_time(minutes=11)
    answer = browse("nora").post(path(lead, "return/undo"))
    assert answer.status_code == 409
    assert "A return can be taken back within" in answer.text
    assert "It can no longer be taken back." in answer.text


def test_a_rule_refuses_with_the_way_out_and_the_form_as_it_was(browse: Browse, lead: Lead) -> None:
    answer = browse("nora").post(path(lead), data={**WRONG, "back-reason": "not_reachable"})
    assert answer.status_code == 409
    assert 'id="return-more" open' in answer.text
    form = answer.text[answer.text.index('id="lead-return-form"') :]
    assert 'href="#back-reason"' in form and form.count("log each attempt") == 2, "in the summary and at the field"
    assert "log each attempt" not in answer.text.removesuffix(form) and "lead-refused" not in answer.text
    assert "A compressor" in answer.text


@pytest.mark.parametrize("what", ["return", "return/undo"])
def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead, what: str) -> None:
    answer = browse(None).post(path(lead, what), data=WRONG)
    assert answer.status_code == 303
    assert "/log-in" in answer.location


@pytest.mark.parametrize("what", ["return", "return/undo"])
@pytest.mark.parametrize("name", ["kenji", "rita", "gina"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str, what: str) -> None:
    if what != "return":
        browse("nora").post(path(lead), data=WRONG)
        assert browse(name).get(path(lead, "returned")).status_code == 404
    assert browse(name).post(path(lead, what), data=WRONG).status_code == 404


@pytest.mark.parametrize("what", ["return", "return/undo"])
@pytest.mark.parametrize("name", ["arne", "vera"])
def test_wrong_role(browse: Browse, lead: Lead, name: str, what: str) -> None:
    browse("nora").post(path(lead), data=WRONG)
    assert browse(name).post(path(lead, what), data=WRONG).status_code == 403
    assert browse(name).get(path(lead, "returned")).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {},
        {**WRONG, "back-reason": "bored"},
        {**WRONG, "back-reason": "other", "back-text": ""},
        {**WRONG, "back-quality": "6"},
        {**WRONG, "back-text": "x" * 2001},
    ],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, data: dict[str, str]) -> None:
    answer = browse("nora").post(path(lead), data=data)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    assert 'id="return-more" open' in answer.text
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED


def test_a_page_that_names_the_prospect_is_left_also_by_htmx(browse: Browse, lead: Lead) -> None:
    nora = browse("nora")
    given = nora.post(path(lead), data=WRONG, headers=HTMX)
    assert (given.status_code, given.headers["HX-Redirect"]) == (204, path(lead, "returned"))
    taken = nora.post(path(lead, "return/undo"), headers=HTMX)
    assert (taken.status_code, taken.headers["HX-Redirect"]) == (204, f"/leads/{lead.id}")
    again = nora.post(path(lead, "return/undo"), headers=HTMX)
    assert again.status_code == 409 and again.text.strip().startswith('<div id="lead"')
