"""A partner hands a lead back: for which defects, and where the lead goes then (domain.md §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid, Refused
from app.domain.leads import LeadState, ReviewReason
from app.domain.phrases import N_, Phrase


class ReturnReason(StrEnum):
    """What is wrong with the lead: a defect, not a disappointment."""

    WRONG_CONTACT_DATA = "wrong_contact_data"
    NOT_REACHABLE = "not_reachable"
    DENIES_HAVING_ASKED = "denies_having_asked"
    ALREADY_OUR_CUSTOMER = "already_our_customer"
    WRONG_PRODUCT = "wrong_product"
    OUT_OF_TERRITORY = "out_of_territory"
    CONSENT_PROBLEM = "consent_problem"
    SPAM_OR_TEST = "spam_or_test"
    NO_CAPACITY = "no_capacity"
    OTHER = "other"


RETURN_LABELS = {
    ReturnReason.WRONG_CONTACT_DATA: N_("Wrong contact data"),
    ReturnReason.NOT_REACHABLE: N_("Not reachable after several attempts"),
    ReturnReason.DENIES_HAVING_ASKED: N_("Denies having asked"),
    ReturnReason.ALREADY_OUR_CUSTOMER: N_("Duplicate, or already our customer"),
    ReturnReason.WRONG_PRODUCT: N_("Asks for another product"),
    ReturnReason.OUT_OF_TERRITORY: N_("Outside our territory"),
    ReturnReason.CONSENT_PROBLEM: N_("Does not want to be contacted"),
    ReturnReason.SPAM_OR_TEST: N_("Spam or a test"),
    ReturnReason.NO_CAPACITY: N_("No capacity at present"),
    ReturnReason.OTHER: N_("Another reason"),
}
"""What people call the reasons."""

MISROUTES = frozenset({ReturnReason.OUT_OF_TERRITORY, ReturnReason.WRONG_PRODUCT, ReturnReason.ALREADY_OUR_CUSTOMER})
"""Returns that say the lead was given to the wrong partner (domain.md §10, A-04)."""

DEFAULT_REVIEWED: dict[ReturnReason, ReviewReason] = {
    ReturnReason.WRONG_CONTACT_DATA: ReviewReason.RETURNED,
    ReturnReason.SPAM_OR_TEST: ReviewReason.RETURNED,
    ReturnReason.CONSENT_PROBLEM: ReviewReason.CONSENT_PROBLEM,
    ReturnReason.DENIES_HAVING_ASKED: ReviewReason.CONSENT_PROBLEM,
}
"""What goes to a person: wrong data and consent (domain.md §8).

Spam is wrong data, and who denies having asked never agreed to be called: neither is handed to the next partner.
"""


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """The numbers of a return ⚙: attempts before a prospect is not reachable, what a person looks at (domain.md §8).

    `undo_within` is how long a partner may take its return back (issue 4).
    """

    attempts_until_unreachable: int = 3
    undo_within: timedelta = timedelta(minutes=10)
    reviewed: Mapping[ReturnReason, ReviewReason] = field(default_factory=lambda: dict(DEFAULT_REVIEWED))

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {
            "attempts_until_unreachable": self.attempts_until_unreachable,
            "undo_within_seconds": int(self.undo_within.total_seconds()),
            "reviewed": {reason.value: review.value for reason, review in self.reviewed.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReturnRules:
        """Read what `to_json` wrote."""
        return cls(
            data["attempts_until_unreachable"],
            timedelta(seconds=data["undo_within_seconds"]),
            {ReturnReason(reason): ReviewReason(review) for reason, review in data["reviewed"].items()},
        )


DEFAULT_RETURN_RULES = ReturnRules()


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """What a return is judged by. The counts are of the assignment that ends, not of those before it.

    `has_begun`: the partner has gone on to a later stage, or logged a quote: it must have spoken with the prospect.
    """

    state: LeadState
    contact_attempts: int = 0
    times_reached: int = 0
    has_begun: bool = False


class ReturnTo(StrEnum):
    """Where a returned lead goes."""

    REVIEW = "review"
    NEXT_ROUND = "next_round"


@dataclass(frozen=True, slots=True)
class Returned:
    """The assignment ends; the lead goes to a person (`review_reason` says why) or to the next round.

    `is_misroute` counts in the figure of leads that went to the wrong partner.
    """

    reason: ReturnReason
    text: str
    goes_to: ReturnTo
    review_reason: ReviewReason | None = None
    is_misroute: bool = False


def decide_return(
    facts: ReturnFacts, reason: ReturnReason | None, text: str = "", rules: ReturnRules = DEFAULT_RETURN_RULES
) -> Returned:
    """Decide whether a partner may hand back the lead it works, and where that goes (domain.md §8).

    Before the first attempt every defect may be named, save those that only a call can show; after one it must be
    documented. Who does not want to be contacted is never made to wait for paperwork.
    Raises `Invalid` without a reason, or without words for another reason; `Refused` when nobody works the lead, or
    what was done is not logged. A second return finds nobody working the lead.
    """
    if facts.state is not LeadState.ASSIGNED:
        raise Refused(
            Phrase(N_("Nobody works this lead at present.")),
            code="not_assigned",
            remedy=Phrase(N_("It must be claimed or assigned first.")),
        )
    if reason is None:
        raise _invalid("reason", Phrase(N_("Please choose why you return the lead.")))
    if reason is ReturnReason.OTHER and not text.strip():
        raise _invalid("text", Phrase(N_("Please say in a few words why.")))
    _refuse_undocumented(facts, reason, rules)
    review = rules.reviewed.get(reason)
    return Returned(
        reason,
        text.strip(),
        ReturnTo.NEXT_ROUND if review is None else ReturnTo.REVIEW,
        review_reason=review,
        is_misroute=reason in MISROUTES,
    )


NOT_THIS_REASON = frozenset({"undocumented", "was_reached", "too_few_attempts"})
"""The codes of what refuses the reason, not the return: another one may be given, or contact logged first."""


def _invalid(field_name: str, problem: Phrase) -> Invalid:
    return Invalid(problem, fields={field_name: problem}, code=f"{field_name}_missing")


def _refuse_undocumented(facts: ReturnFacts, reason: ReturnReason, rules: ReturnRules) -> None:
    if reason is ReturnReason.CONSENT_PROBLEM:
        return
    if reason is ReturnReason.NOT_REACHABLE:
        _refuse_too_early(facts, rules)
    needs_attempt = facts.has_begun or reason is ReturnReason.DENIES_HAVING_ASKED
    if needs_attempt and not facts.contact_attempts:
        raise Refused(
            Phrase(N_("No contact with the prospect is logged yet.")),
            code="undocumented",
            remedy=Phrase(N_("Log the call, mail or meeting with its outcome, then return the lead.")),
        )


def _refuse_too_early(facts: ReturnFacts, rules: ReturnRules) -> None:
    if facts.times_reached:
        raise Refused(
            Phrase(N_("The prospect was reached before.")),
            code="was_reached",
            remedy=Phrase(N_("Close the lead as lost, or set a follow-up date.")),
        )
    if facts.contact_attempts < rules.attempts_until_unreachable:
        values = {"made": facts.contact_attempts, "needed": rules.attempts_until_unreachable}
        raise Refused(
            Phrase(
                N_("A prospect counts as not reachable after %(needed)s logged attempts; logged so far: %(made)s."),
                values,
            ),
            code="too_few_attempts",
            remedy=Phrase(N_("Try another time of day or another way, and log each attempt.")),
        )


def may_undo_return(
    returned_at: datetime | None, now: datetime, *, is_taken: bool, rules: ReturnRules = DEFAULT_RETURN_RULES
) -> bool:
    """Whether a partner may still take its return back: within 10 minutes, and while nobody else has the lead."""
    return returned_at is not None and not is_taken and now - returned_at <= rules.undo_within


def decide_undo_return(
    returned_at: datetime | None, now: datetime, *, is_taken: bool, rules: ReturnRules = DEFAULT_RETURN_RULES
) -> None:
    """Raise `Refused`, saying why, unless `may_undo_return`. `is_taken`: another took it, or a person has decided."""
    if may_undo_return(returned_at, now, is_taken=is_taken, rules=rules):
        return
    if returned_at is None:
        raise Refused(Phrase(N_("There is no return to take back.")), code="not_returned")
    if is_taken:
        raise Refused(
            Phrase(N_("Somebody else has this lead already, or a person has decided about it.")),
            code="taken",
            remedy=Phrase(N_("Ask your channel manager if it must come back to you.")),
        )
    raise Refused(
        Phrase(N_("A return can be taken back within %(time)s."), {"time": rules.undo_within}),
        code="too_late",
        remedy=Phrase(N_("Ask your channel manager if it must come back to you.")),
    )
