"""Answering a question about a lead: what becomes of it, and what is learnt from the answer."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.labels import label_of
from app.domain.leads import LeadState, ReviewReason, decide_move
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import decided_by_hand
from app.domain.review import AlreadyDecided, ReviewDecision, ReviewQuestion, best_candidate, decide_answer
from app.models import Consent, Lead, Review, User
from app.services.audit import record_event
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.reviewing import close_review
from app.services.lead_routing import resume_routing
from app.services.matching import link_to_account
from app.services.rematch_asking import owe_rematch
from app.services.reviews.learning import account_of_lead, learn_alias
from app.services.reviews.locking import lock_account, lock_review
from app.services.reviews.restoring import link_of, standing_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the lead: its state now, why it waits for a person again if it does, and whose account it is."""

    review_id: int
    lead_id: uuid.UUID
    decision: ReviewDecision
    state: LeadState
    waits_for: ReviewReason | None
    account_id: int | None
    has_learnt: bool


@dataclass(slots=True)
class DecidedTogether:
    """How many of a set were decided, and of each that was not, why."""

    decided: int = 0
    refused: dict[int, Phrase] = field(default_factory=dict)

    @property
    def reasons(self) -> list[tuple[Phrase, int]]:
        """Why some were not decided, and how many for each reason."""
        phrases = {str(phrase): phrase for phrase in self.refused.values()}
        return [(phrases[text], count) for text, count in Counter(map(str, self.refused.values())).most_common()]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer that stands, with what it is about. `learns` is whether the lead's name becomes an alias."""

    lead: Lead
    actor: Viewer
    account_id: int | None
    note: str
    learns: bool


def decide_review(
    *,
    review_id: int,
    decision: ReviewDecision,
    actor: Viewer,
    account_id: int | None = None,
    note: str = "",
    learns: bool = False,
) -> Decided:
    """Answer a question about a lead; the lead goes on at once as the answer says (C-07).

    A match links the account and, with `learns`, remembers the lead's name as an alias of it; “not this” remembers
    that this company is none of the candidates; a new account is made of what the lead says. Raises `NotFound`,
    `Forbidden`, `Invalid` without an account or a reason where one is needed, and `Refused`: `AlreadyDecided` for a
    second call or a second person.
    """
    with transaction() as session:
        review, lead = lock_review(session, review_id, actor)
        _refuse_decided(session, review)
        decide_answer(_question(session, review, lead), decision, account_id=account_id, note=note)
        before = {"lead": standing_of(lead)}
        made = _TAKE[decision](session, _Answer(lead, actor, account_id, note.strip(), learns))
        close_review(
            session, lead, decision, account_id=made.get("account_id"), actor=actor, note=note, before=before | made
        )
        _tell(session, lead, decision, made, actor)
        if decision is not ReviewDecision.DISQUALIFIED:
            is_for_plan = decision is ReviewDecision.SENT_TO_PLAN
            cause = "released" if is_for_plan else "reviewed"
            told = (decided_by_hand(person=actor.name, reason=note),) if is_for_plan else ()
            resume_routing(session, lead, cause=cause, actor=actor, by_plan_only=is_for_plan, reasons=told)
        review.before = review.before | {"left_as": lead.state.value, "left_link": link_of(lead)}
        if made.keys() & {"alias_id", "new_account_id"}:
            owe_rematch(session, lead.manufacturer_id, requested_by_id=actor.user_id)
        return Decided(
            review.id, lead.id, decision, lead.state, lead.review_reason, lead.account_id, "alias_id" in made
        )


def decide_reviews(
    *, review_ids: Collection[int], decision: ReviewDecision, actor: Viewer, note: str = "", learns: bool = False
) -> DecidedTogether:
    """Give the same answer to several questions, each by itself: one that is refused stops no other.

    A match takes each lead's own best candidate, and is refused where the signals contradict each other. Strangers' ids
    raise `NotFound`; the rest stays decided.
    """
    together = DecidedTogether()
    for review_id in sorted(set(review_ids)):
        try:
            best = _best_candidate(review_id, actor) if decision is ReviewDecision.MATCHED else None
            decide_review(
                review_id=review_id, decision=decision, actor=actor, account_id=best, note=note, learns=learns
            )
            together.decided += 1
        except (Refused, Invalid) as error:
            together.refused[review_id] = error.phrase
    return together


def _best_candidate(review_id: int, actor: Viewer) -> int | None:
    with transaction() as session:
        review = session.get(Review, review_id)
        if review is None or review.manufacturer_id != actor.organisation_id:
            raise NotFound
        best = best_candidate(review.candidates)
        if best is None and review.candidates:
            raise Refused(Phrase(N_("The signals contradict each other: decide it by itself.")), code="contested")
        return best


def _refuse_decided(session: Session, review: Review) -> None:
    if review.decided_at is not None and review.decision is not None:
        by = session.get(User, review.decided_by_id) if review.decided_by_id else None
        raise AlreadyDecided(label_of(review.decision), by.name if by else "", review.decided_at)


def _question(session: Session, review: Review, lead: Lead) -> ReviewQuestion:
    consent = session.get(Consent, lead.id)
    has_consent = consent is not None and consent.withdrawn_at is None and consent.scope is not ConsentScope.NONE
    candidate_ids = [one["account_id"] for one in review.candidates]
    return ReviewQuestion(review.reason, candidate_ids, lead.account_id, has_consent)


def _match(session: Session, answer: _Answer) -> dict[str, Any]:
    assert answer.account_id is not None
    account = lock_account(session, answer.account_id, answer.actor)
    link_to_account(session, answer.lead, account.id, by_hand=True)
    made: dict[str, Any] = {"account_id": account.id}
    alias = learn_alias(session, account, answer.lead.company, answer.actor) if answer.learns else None
    return made | ({"alias_id": alias.id} if alias else {})


def _reject(session: Session, answer: _Answer) -> dict[str, Any]:
    """None of the candidates: a link that was there goes, and the rules may still find another account one day."""
    if answer.lead.account_id is not None:
        link_to_account(session, answer.lead, None, by_hand=False)
    return {}


def _make_account(session: Session, answer: _Answer) -> dict[str, Any]:
    account = account_of_lead(session, answer.lead, answer.actor)
    link_to_account(session, answer.lead, account.id, by_hand=True)
    return {"account_id": account.id, "new_account_id": account.id}


def _disqualify(session: Session, answer: _Answer) -> dict[str, Any]:
    lead, now = answer.lead, read_clock(session)
    lead.state = decide_move(lead.state, LeadState.DISQUALIFIED)
    lead.review_reason = None
    lead.closing_note, lead.closed_at = answer.note, now
    lead.version, lead.updated_at = lead.version + 1, now
    cancel_promises(session, lead.id)
    record_event(
        session,
        EventKind.LEAD_DISQUALIFIED,
        actor=answer.actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
    )
    return {}


def _leave(_session: Session, _answer: _Answer) -> dict[str, Any]:
    return {}


_TAKE: Mapping[ReviewDecision, Callable[[Session, _Answer], dict[str, Any]]] = {
    ReviewDecision.MATCHED: _match,
    ReviewDecision.NOT_THIS: _reject,
    ReviewDecision.NEW_ACCOUNT: _make_account,
    ReviewDecision.DISQUALIFIED: _disqualify,
    ReviewDecision.SENT_TO_PLAN: _leave,
}
"""What each answer does to the lead before it goes on; it returns what there is to take back."""


def _tell(session: Session, lead: Lead, decision: ReviewDecision, made: Mapping[str, Any], actor: Viewer) -> None:
    data = {"decision": decision.value} | {name: made[name] for name in ("account_id",) if name in made}
    record_event(
        session,
        EventKind.LEAD_REVIEWED,
        actor=actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data=data,
    )
