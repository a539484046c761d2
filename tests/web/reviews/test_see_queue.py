"""The list of everything that waits for a person, and the evidence of one question."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountStatus
from app.domain.intake.arrival import Arrival
from app.domain.leads import LeadState, ReviewReason, SourceKind
from app.domain.review import ReviewDecision
from app.domain.submissions import Channel
from app.models import Account, Review
from app.services import intake
from app.services.lead_routing import route_lead
from app.services.reviews import decide_review, decide_reviews
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.reviews import ask_about


@pytest.mark.covers("C-07", "K-10")
def test_one_list_holds_everything_that_waits(
    browse: Browse, session: Session, cast: Cast, account: Account, review: Review
) -> None:
    competitor = factories.account(session, cast.acme, "Rivalis AG", status=AccountStatus.COMPETITOR)
    ask_about(session, cast, reason=ReviewReason.COMPETITOR, company="Rivalis", account_id=competitor.id)
    ask_about(session, cast, reason=ReviewReason.NOBODY_ELIGIBLE, company="Lonely KG")
    arrival = Arrival(source_kind=SourceKind.PHONE)
    submission_id = intake.receive_submission(
        manufacturer_id=cast.acme.id, channel=Channel.MANUAL, raw={"company": "Unreadable"}, arrival=arrival
    )
    intake.settle_submission(submission_id)
    page = browse("ines").get("/reviews").text
    assert "4 questions wait for a person" in page
    for text in ("Hofman Präzision", "Rivalis", "Lonely KG", "Unreadable", f"/intake/{submission_id}"):
        assert text in page
    for chip in ("May be a known company 1", "A competitor asks 1", "Could not be read 1", "Mine 0", "Overdue 0"):
        assert chip in page
    only = browse("ines").get("/reviews?reason=competitor").text
    assert ("Rivalis" in only, "Lonely KG" in only, "Unreadable" in only) == (True, False, False)


@pytest.mark.covers("P-10", "P-15")
def test_the_evidence_stands_side_by_side(browse: Browse, account: Account, review: Review) -> None:
    page = browse("ines").get(f"/reviews/{review.id}").text
    assert "<mark>Hofmann</mark> Präzision <mark>GmbH</mark>" in page
    for text in ("76 of 100", "One word is spelled differently", "hofmann.example", "Nordwind", "Katrin Vogel"):
        assert text in page
    assert "reserved to Nordwind. The partner is asked to answer within 4 working hours; if nobody does" in page
    assert f'value="{account.id}"' in page
    for key in "1mnaxp":
        assert f'data-key="{key}"' in page


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (AccountStatus.COMPETITOR, "comes back to this queue: A competitor asks"),
        (AccountStatus.PROSPECT, "goes to partners by the plan; nobody owns this account"),
    ],
)
def test_each_account_says_what_would_happen(
    browse: Browse, session: Session, cast: Cast, status: AccountStatus, outcome: str
) -> None:
    candidate = factories.account(session, cast.acme, "Somebody KG", status=status)
    review = ask_about(session, cast, candidate)
    assert outcome in browse("ines").get(f"/reviews/{review.id}").text


def test_a_sellers_account_goes_to_the_colleague(browse: Browse, session: Session, cast: Cast) -> None:
    own = factories.account(session, cast.acme, "Direct KG", owner_user_id=cast.people["carl"].id)
    review = ask_about(session, cast, own)
    assert "goes to your colleague Carl" in browse("ines").get(f"/reviews/{review.id}").text


@pytest.mark.covers("P-32")
def test_the_competitor_itself_is_not_chosen_beforehand(browse: Browse, session: Session, cast: Cast) -> None:
    competitor = factories.account(session, cast.acme, "Rivalis AG", status=AccountStatus.COMPETITOR)
    review = ask_about(session, cast, reason=ReviewReason.COMPETITOR, account_id=competitor.id)
    page = browse("ines").get(f"/reviews/{review.id}").text
    assert ("linked now" in page, "checked" in page.partition(f'id="choose-{competitor.id}"')[2].partition(">")[0]) == (
        True,
        False,
    )
    assert '<option value="competitor" selected>' in page


@pytest.mark.covers("P-15")
def test_where_the_signals_contradict_each_other_nothing_is_chosen_and_the_card_says_why(
    browse: Browse, session: Session, cast: Cast
) -> None:
    by_domain = factories.account(session, cast.acme, "Nordhaus GmbH", "nordhaus.example", city="Kiel")
    by_name = factories.account(session, cast.acme, "Elster Blechtechnik")
    lead = factories.lead(
        session, cast.acme, [cast.products["pump"]], company="Elster Blechtechnik", company_key="elster blechtechnik",
        company_domain="nordhaus.example", state=LeadState.RECEIVED,
    )  # fmt: skip
    session.commit()
    route_lead(lead_id=lead.id)
    review = session.scalars(select(Review).where(Review.lead_id == lead.id)).one()
    page = browse("ines").get(f"/reviews/{review.id}").text
    assert "The signals name different accounts" in page
    for account in (by_domain, by_name):
        radio = page.partition(f'id="choose-{account.id}"')[2].partition(">")[0]
        assert ("checked" in radio, f'id="choose-{account.id}"' in page) == (False, True)
    evidence = page.partition(f'id="candidate-{by_domain.id}"')[2].partition('id="candidate-')[0]
    assert ("Same domain" in evidence, "Similar name" in evidence, "Kiel" in evidence) == (True, False, True)

    together = decide_reviews(review_ids=[review.id], decision=ReviewDecision.MATCHED, actor=cast.viewer("ines"))
    assert (together.decided, str(together.refused[review.id])) == (
        0,
        "The signals contradict each other: decide it by itself.",
    )


def test_without_an_account_to_choose_it_is_assigned_by_hand(browse: Browse, session: Session, cast: Cast) -> None:
    review = ask_about(session, cast, reason=ReviewReason.NOBODY_ELIGIBLE)
    page = browse("ines").get(f"/reviews/{review.id}").text
    assert ('id="answer-matched"' in page, 'class="button primary" href="/leads/' in page) == (False, True)
    account = factories.account(session, cast.acme, "Zimmermann Werke AG")
    session.commit()
    found = browse("ines").get(f"/reviews/{review.id}?search={account.name}").text
    assert ('id="answer-matched"' in found, "found by your search" in found) == (True, True)


def test_any_account_is_found_by_its_name(browse: Browse, session: Session, cast: Cast, review: Review) -> None:
    other = factories.account(session, cast.acme, "Zimmermann Werke AG")
    session.commit()
    page = browse("ines").get(f"/reviews/{review.id}?search=Zimmermann").text
    assert f'id="choose-{other.id}"' in page


def test_mine_and_overdue(browse: Browse, session: Session, cast: Cast, account: Account, clock: TimeMachine) -> None:
    ask_about(session, cast, account, company="Early GmbH", owner_user_id=cast.people["ines"].id)
    clock.pass_time(days=5)
    ask_about(session, cast, account, company="Late GmbH")
    page = browse("ines").get("/reviews").text
    assert ("Overdue since" in page, page.index("Early GmbH") < page.index("Late GmbH")) == (True, True)
    for address in ("/reviews?mine=1", "/reviews?overdue=1"):
        narrowed = browse("ines").get(address).text
        assert ("Early GmbH" in narrowed, "Late GmbH" in narrowed) == (True, False)
    assert "Early GmbH" not in browse("carl").get("/reviews?mine=1").text


def test_an_empty_queue_says_so(browse: Browse) -> None:
    page = browse("ines").get("/reviews").text
    assert ("No question waits for a person" in page, "Nothing waits here" in page) == (True, True)


def test_a_viewer_reads_only(browse: Browse, review: Review) -> None:
    page = browse("vera").get(f"/reviews/{review.id}").text
    assert ("Hofman Präzision" in page, "<mark>Hofmann</mark>" in page) == (True, True)
    assert ('name="decision"' in page, 'type="radio"' in page, 'data-key="m"' in page) == (False, False, False)


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("nora", 403), ("arne", 403), (None, 303)])
def test_others_see_nothing(browse: Browse, review: Review, name: str | None, status: int) -> None:
    browser = browse(name)
    assert browser.get(f"/reviews/{review.id}").status_code == status
    assert browser.get(f"/leads/{review.lead_id}/review").status_code == status


def test_another_manufacturers_list_is_its_own(browse: Browse, review: Review) -> None:
    assert "Hofman" not in browse("gina").get("/reviews").text


@pytest.mark.covers("K-10")
def test_the_leads_page_leads_to_the_question(browse: Browse, review: Review) -> None:
    address = f"/leads/{review.lead_id}/review"
    assert f'href="{address}"' in browse("ines").get(f"/leads/{review.lead_id}").text
    assert browse("ines").get(address).location == f"/reviews/{review.id}"


def test_a_lead_nobody_was_asked_about_has_none(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    assert browse("ines").get(f"/leads/{lead.id}/review").status_code == 404


def test_what_was_decided_stays_readable(browse: Browse, cast: Cast, account: Account, review: Review) -> None:
    decide_review(
        review_id=review.id, decision=ReviewDecision.MATCHED, actor=cast.viewer("carl"), account_id=account.id
    )
    page = browse("ines").get(f"/reviews/{review.id}").text
    assert (
        "It is this company" in page,
        "Carl, " in page,
        'name="decision"' in page.partition('id="together"')[0],
    ) == (
        True,
        True,
        False,
    )
    assert "Carl" in browse("ines").get(f"/leads/{review.lead_id}").text


@pytest.mark.covers("C-07", "A-03")
def test_a_lead_nobody_may_have_comes_with_what_a_person_can_do(browse: Browse, session: Session, cast: Cast) -> None:
    lonely = ask_about(session, cast, reason=ReviewReason.NOBODY_ELIGIBLE, company="Lonely KG")
    page = browse("ines").get(f"/reviews/{lonely.id}").text
    section = page[page.index('id="review-nobody"') :].partition("</section>")[0]
    for address in (f"/leads/{lonely.lead_id}/assign", f"/leads/{lonely.lead_id}/routing#considered"):
        assert f'href="{address}"' in section
    assert page.count('id="review-assign"') == 1
    assert "review-nobody" not in browse("vera").get(f"/reviews/{lonely.id}").text
