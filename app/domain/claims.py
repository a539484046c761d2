"""Who may take an offer now, and how it is declined: every refusal names its rule, its number and its remedy.

Seeing is decided by `lead_routing`; here a partner that may see a lead wants it (domain.md §4 "May claim now").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.deadlines import Span
from app.domain.distribution import DeclineReason, OfferAnswer
from app.domain.errors import Invalid, Refused
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase

DEFAULT_OPEN_CLAIM_CAP = 5
"""Claims without a contact attempt a partner may hold at once (domain.md §4)."""
DEFAULT_DAILY_CLAIM_CAP = 10
"""Claims a partner may make on one of its days (domain.md §4)."""
CONTACT_WINDOW = Span(minutes=4 * 60)
"""Working time until the first contact attempt: the first step of the escalation ladder (domain.md §6)."""
HOT_CONTACT_WINDOW = Span(minutes=5)
"""The same for a hot lead (domain.md §6, W-12)."""


class ClaimRule(StrEnum):
    """The rules that may refuse a claim, in the order they are asked. The values are stable for the API."""

    ANSWERED = "already_answered"
    TAKEN = "taken"
    ROUND_CLOSED = "round_closed"
    WINDOW_CLOSED = "window_closed"
    PARTNERSHIP = "partnership_not_active"
    NOT_ELIGIBLE = "not_eligible"
    ON_LEAVE = "on_leave"
    SUSPENDED = "claims_suspended"
    COOL_DOWN = "cool_down"
    HEAD_START = "head_start"
    OPEN_CAP = "open_claim_cap"
    DAILY_CAP = "daily_claim_cap"


class ClaimRefused(Refused):
    """The offer cannot be taken now. `number` is the limit that was reached, `restored_at` when it lifts by itself."""

    def __init__(
        self,
        rule: ClaimRule,
        phrase: Phrase,
        remedy: Phrase,
        *,
        number: int | None = None,
        restored_at: datetime | None = None,
    ) -> None:
        super().__init__(phrase, code=rule.value, remedy=remedy)
        self.rule = rule
        self.number = number
        self.restored_at = restored_at


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What is known about an offer and its partnership at the moment of the claim. Moments are aware UTC.

    `answer` is this partnership's own earlier answer, `taken_at` when anybody took the lead. The caps are the
    partnership's own if set, else its tier's, else the manufacturer's; `None` is no cap. `is_owners` when the lead is
    reserved to the partnership as the owner of its company.
    """

    now: datetime
    visible_from: datetime
    closes_at: datetime
    is_round_open: bool = True
    is_eligible: bool = True
    answer: OfferAnswer | None = None
    taken_at: datetime | None = None
    status: PartnershipStatus = PartnershipStatus.ACTIVE
    is_paused: bool = False
    on_leave_until: datetime | None = None
    suspended_until: datetime | None = None
    cool_down_until: datetime | None = None
    open_claims: int = 0
    open_claim_cap: int | None = DEFAULT_OPEN_CLAIM_CAP
    claims_today: int = 0
    daily_claim_cap: int | None = DEFAULT_DAILY_CLAIM_CAP
    is_hot: bool = False
    is_owners: bool = False


@dataclass(frozen=True, slots=True)
class ClaimGranted:
    """The offer is this partnership's. `is_repeat` when it took it before: then nothing is to be written again."""

    contact_window: Span
    is_repeat: bool = False


def decide_claim(
    facts: ClaimFacts, *, contact_window: Span = CONTACT_WINDOW, hot_contact_window: Span = HOT_CONTACT_WINDOW
) -> ClaimGranted:
    """Decide whether a partnership takes a lead now, from the board or as an exclusive offer; the first wins (B-06).

    The caps bind both: a partner that is full says so by declining, or makes room first. They do not bind a lead that
    is reserved to its owner: that relationship was there before (P-01). An exclusive offer has no head start, its
    `visible_from` is when it was made.
    Raises `ClaimRefused`. A repeat by the winner is granted again. The database's constraint still has the last word.
    """
    window = hot_contact_window if facts.is_hot else contact_window
    if facts.answer is OfferAnswer.CLAIMED:
        return ClaimGranted(window, is_repeat=True)
    _refuse_closed_offer(facts)
    _refuse_partnership(facts)
    _refuse_head_start(facts)
    if not facts.is_owners:
        _refuse_full(facts)
    return ClaimGranted(window)


@dataclass(frozen=True, slots=True)
class Declined:
    """The offer is declined; `is_repeat` when it was before: then nothing is to be written again."""

    reason: DeclineReason
    text: str = ""
    is_repeat: bool = False


def decide_decline(facts: ClaimFacts, *, reason: DeclineReason, text: str = "") -> Declined:
    """Decide whether an offer may be declined; a paused or full partner may always say no.

    Raises `Invalid` when the reason is `other` and says no more, `ClaimRefused` when there is nothing left to decline.
    """
    if reason is DeclineReason.OTHER and not text.strip():
        problem = Phrase(N_("Please say in a few words why."))
        raise Invalid(problem, fields={"text": problem}, code="reason_missing")
    if facts.answer is OfferAnswer.DECLINED:
        return Declined(reason, text.strip(), is_repeat=True)
    if facts.answer is OfferAnswer.CLAIMED:
        raise ClaimRefused(
            ClaimRule.ANSWERED,
            Phrase(N_("You have taken this lead.")),
            Phrase(N_("Ask your channel manager if you cannot work it.")),
        )
    _refuse_closed_offer(facts)
    return Declined(reason, text.strip())


_LOOK_AT_BOARD = Phrase(N_("Look at the board for other leads."))
_ASK_CHANNEL_MANAGER = Phrase(N_("Ask your channel manager at the manufacturer."))


_SAY_YOU_ARE_BACK = Phrase(N_("Say on the board that you are back, then claim again."))


def _refuse_closed_offer(facts: ClaimFacts) -> None:
    if facts.answer is OfferAnswer.DECLINED:
        raise ClaimRefused(ClaimRule.ANSWERED, Phrase(N_("You declined this lead.")), _ASK_CHANNEL_MANAGER)
    if facts.taken_at is not None:
        phrase = Phrase(N_("Another partner took this lead on %(taken_at)s."), {"taken_at": facts.taken_at})
        raise ClaimRefused(ClaimRule.TAKEN, phrase, _LOOK_AT_BOARD)
    if facts.now >= facts.closes_at:
        phrase = Phrase(N_("The time to take this lead ended on %(closes_at)s."), {"closes_at": facts.closes_at})
        raise ClaimRefused(ClaimRule.WINDOW_CLOSED, phrase, _LOOK_AT_BOARD)
    if not facts.is_round_open or facts.answer is not None:
        raise ClaimRefused(ClaimRule.ROUND_CLOSED, Phrase(N_("This lead is no longer offered.")), _LOOK_AT_BOARD)


def _refuse_partnership(facts: ClaimFacts) -> None:
    if facts.status is not PartnershipStatus.ACTIVE:
        raise ClaimRefused(
            ClaimRule.PARTNERSHIP, Phrase(N_("Your partnership is not active at present.")), _ASK_CHANNEL_MANAGER
        )
    if not facts.is_eligible:
        phrase = Phrase(N_("This lead is no longer open to you: a rule about your partnership changed."))
        raise ClaimRefused(ClaimRule.NOT_ELIGIBLE, phrase, _ASK_CHANNEL_MANAGER)
    if facts.is_paused:
        raise ClaimRefused(ClaimRule.ON_LEAVE, Phrase(N_("You have paused new leads.")), _SAY_YOU_ARE_BACK)
    if facts.on_leave_until is not None and facts.now < facts.on_leave_until:
        raise ClaimRefused(
            ClaimRule.ON_LEAVE,
            Phrase(N_("You are on leave until %(until)s."), {"until": facts.on_leave_until}),
            _SAY_YOU_ARE_BACK,
            restored_at=facts.on_leave_until,
        )
    if facts.suspended_until is not None and facts.now < facts.suspended_until:
        raise ClaimRefused(
            ClaimRule.SUSPENDED,
            Phrase(N_("Your claims are suspended until %(until)s."), {"until": facts.suspended_until}),
            Phrase(N_("Work the leads you have; answering offers raises your response score.")),
            restored_at=facts.suspended_until,
        )
    if facts.cool_down_until is not None and facts.now < facts.cool_down_until:
        raise ClaimRefused(
            ClaimRule.COOL_DOWN,
            Phrase(N_("You lost this lead because nobody answered or called in time.")),
            Phrase(N_("You may claim it again from %(until)s."), {"until": facts.cool_down_until}),
            restored_at=facts.cool_down_until,
        )


def _refuse_head_start(facts: ClaimFacts) -> None:
    if facts.now < facts.visible_from:
        raise ClaimRefused(
            ClaimRule.HEAD_START,
            Phrase(N_("Partners of a higher tier may take this lead first.")),
            Phrase(N_("It opens to you on %(opens_at)s."), {"opens_at": facts.visible_from}),
            restored_at=facts.visible_from,
        )


def _refuse_full(facts: ClaimFacts) -> None:
    if facts.open_claim_cap is not None and facts.open_claims >= facts.open_claim_cap:
        values = {"open": facts.open_claims, "cap": facts.open_claim_cap}
        raise ClaimRefused(
            ClaimRule.OPEN_CAP,
            Phrase(N_("You hold %(open)s leads without a contact attempt; the limit is %(cap)s."), values),
            Phrase(
                N_("Log a contact attempt for one of them, or ask your channel manager to give it to somebody else.")
            ),
            number=facts.open_claim_cap,
        )
    if facts.daily_claim_cap is not None and facts.claims_today >= facts.daily_claim_cap:
        values = {"today": facts.claims_today, "cap": facts.daily_claim_cap}
        raise ClaimRefused(
            ClaimRule.DAILY_CAP,
            Phrase(N_("You claimed %(today)s leads today; the limit is %(cap)s a day."), values),
            Phrase(N_("You may claim again tomorrow.")),
            number=facts.daily_claim_cap,
        )
