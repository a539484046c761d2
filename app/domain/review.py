"""What a person of the manufacturer decides about a lead that no rule decides (C-07)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid, Refused
from app.domain.leads import LeadState, ReviewReason
from app.domain.phrases import N_, Phrase


class ReviewDecision(StrEnum):
    """How a review ended."""

    MATCHED = "matched"
    NOT_THIS = "not_this"
    NEW_ACCOUNT = "new_account"
    DISQUALIFIED = "disqualified"
    SENT_TO_PLAN = "sent_to_plan"
    ASSIGNED = "assigned"
    NO_LONGER_NEEDED = "no_longer_needed"


ANSWERS = (
    ReviewDecision.MATCHED,
    ReviewDecision.NOT_THIS,
    ReviewDecision.NEW_ACCOUNT,
    ReviewDecision.DISQUALIFIED,
    ReviewDecision.SENT_TO_PLAN,
)
"""What a person may answer, in the order they are offered; the other decisions follow from something else."""

UNDO_WITHIN = timedelta(minutes=10)
"""How long a decision can be taken back."""

_ANSWERS_TO: dict[ReviewReason, frozenset[ReviewDecision]] = {
    # The plan would find nobody again, with or without another account; a person may still assign it by hand.
    ReviewReason.NOBODY_ELIGIBLE: frozenset({ReviewDecision.MATCHED, ReviewDecision.DISQUALIFIED}),
    ReviewReason.CONSENT_PROBLEM: frozenset({ReviewDecision.DISQUALIFIED, ReviewDecision.SENT_TO_PLAN}),
    # What could not be read is no lead yet: it is mended on its own page.
    ReviewReason.QUARANTINED: frozenset(),
}
CAUSED_BY_ACCOUNT = frozenset({ReviewReason.COMPETITOR, ReviewReason.PARTNER_COMPANY})
"""Here the account the lead is linked to is the question, so it is no answer."""

_ABOUT_ACCOUNT = CAUSED_BY_ACCOUNT | {
    ReviewReason.NEAR_MATCH,
    ReviewReason.OWNER_CONFLICT,
    ReviewReason.NOBODY_ELIGIBLE,
}


@dataclass(frozen=True, slots=True)
class ReviewQuestion:
    """What an answer is checked against: why a person is asked, about which accounts, and what the lead permits."""

    reason: ReviewReason
    candidate_ids: Collection[int] = ()
    linked_id: int | None = None
    has_consent: bool = True


def best_candidate(candidates: Collection[Mapping[str, Any]]) -> int | None:
    """The account that a question's stored candidates speak for most; None when they contradict each other."""
    best = next(iter(candidates), None)
    return None if best is None or best.get("is_contested") else int(best["account_id"])


def goes_on_when_linked(state: LeadState, reason: ReviewReason | None) -> bool:
    """Whether a lead is routed again as soon as a person says whose it is.

    One on its way is, and one in question where the account answers it; any other question stays open, and a lead that
    has not been released only waits.
    """
    return state is LeadState.DISTRIBUTING or (state is LeadState.IN_REVIEW and reason in _ABOUT_ACCOUNT)


class AlreadyDecided(Refused):
    """Somebody else was faster: `by` decided `decision` at `at`."""

    def __init__(self, decision: Phrase, by: str, at: datetime) -> None:
        values = {"name": by, "decision": decision, "time": at}
        told = N_("%(name)s decided at %(time)s: %(decision)s.") if by else N_("Decided at %(time)s: %(decision)s.")
        super().__init__(
            Phrase(told, values),
            code="already_decided",
            remedy=Phrase(N_("Nothing of yours was saved. Go on with the next one, or take the decision back.")),
        )


def answers_to(question: ReviewQuestion) -> tuple[ReviewDecision, ...]:
    """Which answers a person is offered, in their order.

    “Not this” only where an account is in question, the plan only where the prospect has agreed to be called.
    """
    allowed = _ANSWERS_TO.get(question.reason, frozenset(ANSWERS))
    if not question.candidate_ids and question.linked_id is None:
        allowed -= {ReviewDecision.NOT_THIS}
    if not question.has_consent:
        allowed -= {ReviewDecision.SENT_TO_PLAN}
    return tuple(answer for answer in ANSWERS if answer in allowed)


def decide_answer(
    question: ReviewQuestion, decision: ReviewDecision, *, account_id: int | None = None, note: str = ""
) -> ReviewDecision:
    """The answer when it can stand.

    Raises `Refused` where the question has no such answer, the prospect has not agreed to be called, or the account is
    the very one that made the question; `Invalid` without the account of a match or the reason of a disqualification.
    """
    if decision is ReviewDecision.SENT_TO_PLAN and not question.has_consent:
        raise Refused(
            Phrase(N_("The prospect has not agreed to be called.")),
            code="consent",
            remedy=Phrase(N_("Ask the prospect for consent first.")),
        )
    if decision not in answers_to(question):
        raise Refused(Phrase(N_("This question has no such answer.")), code="no_such_answer")
    if decision is ReviewDecision.MATCHED and account_id is None:
        problem = Phrase(N_("Choose the account the lead belongs to."))
        raise Invalid(problem, fields={"account_id": problem})
    if decision is ReviewDecision.MATCHED and question.reason in CAUSED_BY_ACCOUNT:
        _refuse_same(question, account_id)
    if decision is ReviewDecision.DISQUALIFIED and not note.strip():
        problem = Phrase(N_("Say why; the reason stays with the lead."))
        raise Invalid(problem, fields={"note": problem})
    return decision


def _refuse_same(question: ReviewQuestion, account_id: int | None) -> None:
    if account_id == question.linked_id:
        raise Refused(
            Phrase(N_("The lead waits because it belongs to this account.")),
            code="same_account",
            remedy=Phrase(N_("Choose another account, send it to the plan, or disqualify it.")),
        )


def is_worth_learning(key: str, own_keys: Collection[str], *, is_anothers: bool) -> bool:
    """Whether a lead's company name becomes an alias of the account a person matched it with.

    Not when the account goes by it already, and never when it is another account's name: what a prospect types must
    not draw that account's leads away. `key` and `own_keys` are normalised names.
    """
    return bool(key) and key not in own_keys and not is_anothers


def decide_undo(decision: ReviewDecision | None, decided_at: datetime | None, now: datetime, *, is_taken: bool) -> None:
    """Raise `Refused` unless a decision can still be taken back: a person's, 10 minutes old at most, nobody has it."""
    if decision not in ANSWERS or decided_at is None:
        raise Refused(Phrase(N_("There is no decision to take back.")), code="not_decided")
    if is_taken:
        raise Refused(
            Phrase(N_("Somebody works this lead already.")),
            code="taken",
            remedy=Phrase(N_("Assign it by hand if it must go to somebody else.")),
        )
    if now - decided_at > UNDO_WITHIN:
        raise Refused(
            Phrase(N_("A decision can be taken back within %(time)s."), {"time": UNDO_WITHIN}),
            code="too_late",
            remedy=Phrase(N_("Assign it by hand if it must go to somebody else.")),
        )
