"""One question about one lead with all its evidence, and the decision a person may still take back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import clock_now, db
from app.domain.consent import ConsentScope
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.leads import LeadState, ReviewReason, SourceKind
from app.domain.money import Money
from app.domain.person_names import full_name
from app.domain.phrases import Phrase
from app.domain.review import (
    ANSWERS,
    CAUSED_BY_ACCOUNT,
    UNDO_WITHIN,
    ReviewDecision,
    ReviewQuestion,
    answers_to,
    best_candidate,
)
from app.models import Account, Consent, Lead, Review, RoutingDecision, User
from app.queries.network.own import own_manufacturer, own_row
from app.queries.push_rankings import ShownRanking, ranking_in_question
from app.queries.reviews.candidates import Candidate, candidates_of
from app.queries.reviews.queue import REVIEWER_ROLES


@dataclass(frozen=True, slots=True)
class ReviewedLead:
    """What the lead says about who asks, from where, for what."""

    id: uuid.UUID
    reference: str
    state: LeadState
    company: str
    email: str | None
    domain: str | None
    website: str
    street: str
    postal_code: str | None
    city: str
    subdivision: str | None
    country: str | None
    person: str
    job_title: str
    department: str
    products: tuple[str, ...]
    title: str
    message: str
    score: int | None
    amount: Money | None
    consent: ConsentScope
    source: SourceKind
    is_hot: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TakenDecision:
    """What was decided, by whom, when, and about which account."""

    decision: ReviewDecision
    by: str
    at: datetime
    account: tuple[int, str] | None
    note: str
    may_be_undone: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One question: about which lead, due when and by whom, between which accounts, with which possible answers.

    `partners` are those a person chooses among, where the plan leaves that choice to one.
    """

    id: int
    reason: ReviewReason
    lead: ReviewedLead
    opened_at: datetime
    due_at: datetime
    now: datetime
    owner_id: int | None
    owner: str
    reviewers: tuple[tuple[int, str], ...]
    candidates: tuple[Candidate, ...]
    answers: tuple[ReviewDecision, ...]
    taken: TakenDecision | None
    why: Phrase | None
    is_contested: bool
    partners: ShownRanking | None

    @property
    def chosen_id(self) -> int | None:
        """The account that is chosen unless a person chooses another: the best one that would not ask again.

        None where the signals contradict each other.
        """
        ids = [one.id for one in self.candidates if self._may_choose(one)]
        return ids[0] if ids and not self.is_contested else None

    @property
    def may_match(self) -> bool:
        """Whether there is an account to choose."""
        return any(self._may_choose(one) for one in self.candidates)

    def _may_choose(self, candidate: Candidate) -> bool:
        return not candidate.is_linked or self.reason not in CAUSED_BY_ACCOUNT


@dataclass(frozen=True, slots=True)
class LatestDecision:
    """The viewer's own latest decision, while it can be taken back."""

    review_id: int
    headline: str
    decision: ReviewDecision
    account: str


def review_page(*, viewer: Viewer, review_id: int, found: Sequence[int] = ()) -> ReviewPage:
    """One question in full, with the accounts `found` by a search among its candidates; `NotFound` when not theirs."""
    review = own_row(viewer, Review, review_id)
    lead = db.session.get_one(Lead, review.lead_id)
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    reviewers = _reviewers(viewer.organisation_id)
    owner = db.session.get(User, review.owner_user_id) if review.owner_user_id else None
    candidates = candidates_of(review, lead, found)
    read = _lead(lead)
    question = ReviewQuestion(
        review.reason,
        [one["account_id"] for one in review.candidates],
        lead.account_id,
        has_consent=read.consent is not ConsentScope.NONE,
    )
    return ReviewPage(
        id=review.id,
        reason=review.reason,
        lead=read,
        opened_at=review.opened_at,
        due_at=review.due_at,
        now=now,
        owner_id=review.owner_user_id,
        owner=owner.name if owner else "",
        reviewers=reviewers,
        candidates=candidates,
        answers=() if review.decided_at else answers_to(question),
        taken=_taken(review, now),
        why=_why(review),
        is_contested=bool(review.candidates) and best_candidate(review.candidates) is None,
        partners=None if review.decided_at else ranking_in_question(lead.id),
    )


def _why(review: Review) -> Phrase | None:
    """Why a person was asked, in the words of the decision that asked."""
    asked = select(RoutingDecision.reasons).where(
        RoutingDecision.lead_id == review.lead_id,
        RoutingDecision.outcome == "in_review",
        RoutingDecision.decided_at <= review.opened_at,
    )
    reasons = db.session.scalar(asked.order_by(RoutingDecision.id.desc()).limit(1))
    return Phrase.from_json(reasons[0]) if reasons else None


def open_review_of(*, viewer: Viewer, lead_id: uuid.UUID) -> int:
    """The open question about a lead, else its latest one; `NotFound` when nobody was ever asked."""
    asked = select(Review.id).where(Review.lead_id == lead_id, Review.manufacturer_id == own_manufacturer(viewer))
    review_id = db.session.scalar(asked.order_by(Review.decided_at.is_(None).desc(), Review.id.desc()).limit(1))
    if review_id is None:
        raise NotFound
    return review_id


def latest_decision(*, viewer: Viewer) -> LatestDecision | None:
    """What the viewer decided last, if that was within the time in which it can be taken back."""
    row = db.session.execute(
        select(Review, Lead, Account.name)
        .join(Lead, Lead.id == Review.lead_id)
        .outerjoin(Account, Account.id == Review.account_id)
        .where(
            Review.manufacturer_id == viewer.organisation_id,
            Review.decided_by_id == viewer.user_id,
            Review.decision.in_(ANSWERS),
            Review.before.has_key("lead"),
            Review.decided_at > select(clock_now()).scalar_subquery() - UNDO_WITHIN,
        )
        .order_by(Review.decided_at.desc(), Review.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.Review.decision is None:
        return None
    lead: Lead = row.Lead
    headline = lead.company or full_name(lead.given_name, lead.family_name) or lead.reference
    return LatestDecision(row.Review.id, headline, row.Review.decision, row.name or "")


def _reviewers(manufacturer_id: int) -> tuple[tuple[int, str], ...]:
    people = select(User.id, User.name).where(
        User.organisation_id == manufacturer_id, User.disabled_at.is_(None), User.role.in_(REVIEWER_ROLES)
    )
    return tuple((row.id, row.name) for row in db.session.execute(people.order_by(User.name)))


def _lead(lead: Lead) -> ReviewedLead:
    consent = db.session.get(Consent, lead.id)
    return ReviewedLead(
        id=lead.id,
        reference=lead.reference,
        state=lead.state,
        company=lead.company,
        email=lead.email,
        domain=lead.company_domain,
        website=lead.website,
        street=lead.street,
        postal_code=lead.postal_code,
        city=lead.city,
        subdivision=lead.subdivision,
        country=lead.country,
        person=full_name(lead.given_name, lead.family_name),
        job_title=lead.job_title,
        department=lead.department,
        products=tuple(line.name for line in lead.product_lines),
        title=lead.title,
        message=lead.message,
        score=lead.score,
        amount=Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None,
        consent=consent.scope if consent and consent.withdrawn_at is None else ConsentScope.NONE,
        source=lead.source_kind,
        is_hot=lead.is_hot,
        received_at=lead.received_at,
    )


def _taken(review: Review, now: datetime) -> TakenDecision | None:
    if review.decision is None or review.decided_at is None:
        return None
    by = db.session.get(User, review.decided_by_id) if review.decided_by_id else None
    account = db.session.get(Account, review.account_id) if review.account_id else None
    return TakenDecision(
        decision=review.decision,
        by=by.name if by else "",
        at=review.decided_at,
        account=(account.id, account.name) if account else None,
        note=review.note,
        may_be_undone="lead" in review.before and now - review.decided_at <= UNDO_WITHIN,
    )
