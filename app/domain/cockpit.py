"""Working a lead: activities and their counting, stages, closing, who must act next (domain.md §2, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.distribution import RoundKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import OrganisationKind
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.money import Money
from app.domain.phrases import N_, Phrase
from app.domain.reservations import answer_asked


class ActivityKind(StrEnum):
    """Something that happened with the prospect."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    MESSAGE = "message"
    QUOTE = "quote"
    NOTE = "note"


class ContactOutcome(StrEnum):
    """What came of a contact attempt."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_CONTACT = "wrong_contact"
    REPLIED = "replied"


_CONTACT_KINDS = frozenset(
    {
        ActivityKind.CALL,
        ActivityKind.EMAIL,
        ActivityKind.MEETING,
        ActivityKind.VISIT,
        ActivityKind.MESSAGE,
    }
)
_REACHED = frozenset({ContactOutcome.REACHED, ContactOutcome.REPLIED})


def is_contact_attempt(kind: ActivityKind, outcome: ContactOutcome | None) -> bool:
    """Whether an activity counts as a contact attempt: a way of contact, with an outcome (domain.md §2)."""
    return kind in _CONTACT_KINDS and outcome is not None


def counts_as_reached(kind: ActivityKind, outcome: ContactOutcome | None) -> bool:
    """Whether an activity counts as having reached the prospect: an attempt that was answered."""
    return is_contact_attempt(kind, outcome) and outcome in _REACHED


OPEN_STAGES = tuple(stage for stage in Stage if stage not in (Stage.WON, Stage.LOST))
"""The stages a lead passes while it is worked, in their order."""


class StaleEdit(Refused):
    """Somebody else changed the lead since this page was loaded. Carries both versions, so that a person decides.

    `mine` and `theirs` hold the fields in which the two differ.
    """

    code = "stale_edit"

    def __init__(self, current_version: int, mine: Mapping[str, object], theirs: Mapping[str, object]) -> None:
        super().__init__(
            Phrase(N_("Somebody else changed this lead in the meantime. Nothing of yours was saved.")),
            remedy=Phrase(N_("Compare both versions, then save again what is to stay.")),
        )
        self.current_version = current_version
        self.mine = dict(mine)
        self.theirs = dict(theirs)


def decide_edit(
    expected_version: int, current_version: int, *, mine: Mapping[str, object], theirs: Mapping[str, object]
) -> dict[str, object]:
    """The fields an edit really changes: what is in `mine` and differs from `theirs`, the row as it is now.

    Raises `StaleEdit` when the row is no longer the version the editor saw, unless both say the same.
    """
    changed = {name: value for name, value in mine.items() if theirs.get(name) != value}
    if changed and expected_version != current_version:
        raise StaleEdit(current_version, changed, {name: theirs.get(name) for name in changed})
    return changed


def decide_stage_change(state: LeadState, after: Stage) -> Stage:
    """The stage after a change. Stages may be skipped and taken back, while the lead is being worked.

    Raises `Refused`: a lead that nobody works has no stage to change, and winning or losing is said by closing.
    """
    _refuse_not_worked(state)
    if after not in OPEN_STAGES:
        raise Refused(
            Phrase(N_("A lead is won or lost by closing it.")),
            code="close_instead",
            remedy=Phrase(N_("Use “Close” and give the result.")),
        )
    return after


@dataclass(frozen=True, slots=True)
class Closed:
    """How a lead ends: won (with the revenue, if it is known) or lost (with the reason)."""

    state: LeadState
    stage: Stage
    revenue: Money | None = None
    lost_reason: LostReason | None = None
    lost_to: str = ""
    text: str = ""


def decide_won(state: LeadState, *, revenue: Money | None = None, text: str = "") -> Closed:
    """Close a lead as won. Raises `Refused` when nobody works it, `Invalid` for a negative revenue."""
    _refuse_not_worked(state)
    if revenue is not None and revenue.cents < 0:
        raise _invalid("revenue", Phrase(N_("The revenue cannot be negative.")))
    return Closed(LeadState.WON, Stage.WON, revenue=revenue, text=text.strip())


def decide_lost(state: LeadState, *, reason: LostReason | None, competitor: str = "", text: str = "") -> Closed:
    """Close a lead as lost, with a reason; a competitor is named, another reason is said in words (domain.md §8).

    Raises `Refused` when nobody works it, `Invalid` when the reason or its detail is missing.
    """
    _refuse_not_worked(state)
    if reason is None:
        raise _invalid("lost_reason", Phrase(N_("Please choose why the lead was lost.")))
    if reason is LostReason.COMPETITOR and not competitor.strip():
        raise _invalid("lost_to", Phrase(N_("Please name the competitor.")))
    if reason is LostReason.OTHER and not text.strip():
        raise _invalid("text", Phrase(N_("Please say in a few words why.")))
    lost_to = competitor.strip() if reason is LostReason.COMPETITOR else ""
    return Closed(LeadState.LOST, Stage.LOST, lost_reason=reason, lost_to=lost_to, text=text.strip())


def _invalid(field: str, problem: Phrase) -> Invalid:
    return Invalid(problem, fields={field: problem})


def _refuse_not_worked(state: LeadState) -> None:
    if state is not LeadState.ASSIGNED:
        raise Refused(
            Phrase(N_("Nobody works this lead at present.")),
            code="not_assigned",
            remedy=Phrase(N_("It must be claimed or assigned first.")),
        )


class DutyOf(StrEnum):
    """Whose turn it is."""

    MANUFACTURER = "manufacturer"
    PARTNERS = "partners"
    PARTNER = "partner"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what next, until when; `due_at` is `None` when nothing presses."""

    who: DutyOf
    what: Phrase
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What decides whose turn it is. Moments are aware UTC; `round_kind` is the open round's.

    `round_answer_by` is when the answer is due that an owner's round waits for.
    """

    state: LeadState
    round_kind: RoundKind | None = None
    round_closes_at: datetime | None = None
    contact_attempts: int = 0
    contact_due_at: datetime | None = None
    follow_up_at: datetime | None = None
    round_answer_by: datetime | None = None


_DUTY_BY_STATE: dict[LeadState, tuple[DutyOf, Phrase]] = {
    LeadState.RECEIVED: (DutyOf.MANUFACTURER, Phrase(N_("The lead is being checked."))),
    LeadState.NURTURING: (DutyOf.MANUFACTURER, Phrase(N_("Marketing keeps in touch until the lead is ready."))),
    LeadState.IN_REVIEW: (DutyOf.MANUFACTURER, Phrase(N_("The manufacturer must decide what happens to the lead."))),
    LeadState.WON: (DutyOf.NOBODY, Phrase(N_("The lead is won; nothing is left to do."))),
    LeadState.LOST: (DutyOf.NOBODY, Phrase(N_("The lead is lost; nothing is left to do."))),
    LeadState.DISQUALIFIED: (DutyOf.NOBODY, Phrase(N_("The lead was disqualified; nothing is left to do."))),
    LeadState.WITHDRAWN: (DutyOf.NOBODY, Phrase(N_("The lead was withdrawn; do not contact the prospect."))),
    LeadState.ERASED: (DutyOf.NOBODY, Phrase(N_("The lead's personal data was erased."))),
}
_DUTY_BY_ROUND: dict[RoundKind, tuple[DutyOf, Phrase]] = {
    RoundKind.OWNER: (DutyOf.PARTNERS, Phrase(N_("The account's owner must accept or decline."))),
    RoundKind.BOARD: (DutyOf.PARTNERS, Phrase(N_("A partner may claim the lead on the board."))),
    RoundKind.PUSH: (DutyOf.PARTNERS, Phrase(N_("The partner it is offered to must accept or decline."))),
    RoundKind.REGISTRATION: (DutyOf.PARTNERS, Phrase(N_("Partners may register the deal with a plan."))),
    RoundKind.DIRECT: (DutyOf.MANUFACTURER, Phrase(N_("The manufacturer must take or assign the lead."))),
}


def next_duty(facts: DutyFacts, now: datetime) -> Duty:
    """Who must act next on a lead, and until when: the cockpit's top line (domain.md §8)."""
    if facts.state is LeadState.ASSIGNED:
        return _partners_duty(facts, now)
    if facts.state is LeadState.DISTRIBUTING:
        if facts.round_kind is None:
            return Duty(DutyOf.MANUFACTURER, Phrase(N_("The next round is being opened.")))
        who, what = _DUTY_BY_ROUND[facts.round_kind]
        return _duty(who, _reservation(facts) or what, facts.round_answer_by or facts.round_closes_at, now)
    return Duty(*_DUTY_BY_STATE[facts.state])


def _partners_duty(facts: DutyFacts, now: datetime) -> Duty:
    if not facts.contact_attempts:
        return _duty(DutyOf.PARTNER, Phrase(N_("Contact the prospect.")), facts.contact_due_at, now)
    if facts.follow_up_at is not None:
        return _duty(DutyOf.PARTNER, Phrase(N_("Follow up with the prospect.")), facts.follow_up_at, now)
    return Duty(DutyOf.PARTNER, Phrase(N_("Set a follow-up date, or close the lead.")))


def _reservation(facts: DutyFacts) -> Phrase | None:
    """What the manufacturer, the only one to see a lead in its rounds, is told of an owner's time."""
    if facts.round_answer_by is None or facts.round_closes_at is None:
        return None
    return answer_asked(facts.round_answer_by, facts.round_closes_at, OrganisationKind.MANUFACTURER)


def _duty(who: DutyOf, what: Phrase, due_at: datetime | None, now: datetime) -> Duty:
    return Duty(who, what, due_at, is_overdue=due_at is not None and due_at <= now)
