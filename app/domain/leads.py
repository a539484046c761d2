"""The life of a lead: its states, which may follow which, and when it is released to partners (domain.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.consent import ConsentScope
from app.domain.errors import Refused
from app.domain.phrases import N_, Phrase


class LeadState(StrEnum):
    """Where a lead is in its life."""

    RECEIVED = "received"
    NURTURING = "nurturing"
    IN_REVIEW = "in_review"
    DISTRIBUTING = "distributing"
    ASSIGNED = "assigned"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Stage(StrEnum):
    """How far the partner has come with the prospect (domain.md §8)."""

    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"


class LostReason(StrEnum):
    """Why a lead was lost (domain.md §8)."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_BUDGET = "no_budget"
    POSTPONED = "postponed"
    NOT_REACHABLE = "not_reachable"
    PRODUCT_DOES_NOT_FIT = "product_does_not_fit"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    PROJECT_CANCELLED = "project_cancelled"
    NO_REAL_NEED = "no_real_need"
    OTHER = "other"


class SourceKind(StrEnum):
    """The way a lead came in. Partners see the kind before a claim, never the source's own text."""

    WEB_FORM = "web_form"
    TRADE_FAIR = "trade_fair"
    CAMPAIGN = "campaign"
    NEWSLETTER = "newsletter"
    API = "api"
    FILE = "file"
    MANUAL = "manual"
    PHONE = "phone"
    PARTNER = "partner"
    OTHER = "other"


class ReviewReason(StrEnum):
    """Why a person of the manufacturer must decide about a lead."""

    NOBODY_ELIGIBLE = "nobody_eligible"
    COMPETITOR = "competitor"
    PARTNER_COMPANY = "partner_company"
    NEAR_MATCH = "near_match"
    DUPLICATE = "duplicate"
    OWNER_CONFLICT = "owner_conflict"
    QUARANTINED = "quarantined"
    RETURNED = "returned"
    CONSENT_PROBLEM = "consent_problem"
    MANUAL_REVIEW = "manual_review"


_OPEN_MOVES: dict[LeadState, frozenset[LeadState]] = {
    LeadState.RECEIVED: frozenset(
        {
            LeadState.NURTURING,
            LeadState.IN_REVIEW,
            LeadState.DISTRIBUTING,
            LeadState.ASSIGNED,
            LeadState.DISQUALIFIED,
        }
    ),
    LeadState.NURTURING: frozenset(
        {
            LeadState.RECEIVED,
            LeadState.IN_REVIEW,
            LeadState.DISTRIBUTING,
            LeadState.ASSIGNED,
            LeadState.DISQUALIFIED,
        }
    ),
    LeadState.IN_REVIEW: frozenset(
        {LeadState.NURTURING, LeadState.DISTRIBUTING, LeadState.ASSIGNED, LeadState.DISQUALIFIED}
    ),
    LeadState.DISTRIBUTING: frozenset(
        {LeadState.NURTURING, LeadState.IN_REVIEW, LeadState.ASSIGNED, LeadState.DISQUALIFIED}
    ),
    LeadState.ASSIGNED: frozenset(
        {LeadState.DISTRIBUTING, LeadState.IN_REVIEW, LeadState.WON, LeadState.LOST, LeadState.DISQUALIFIED}
    ),
}

CLOSED_STATES = frozenset(
    {LeadState.WON, LeadState.LOST, LeadState.DISQUALIFIED, LeadState.WITHDRAWN, LeadState.ERASED}
)


def may_move(before: LeadState, after: LeadState) -> bool:
    """Whether a lead may go from one state to another (domain.md §3).

    Any lead may be withdrawn, and any erased, once; an erased one never comes back. Staying is not a move.
    """
    if before is after or before is LeadState.ERASED:
        return False
    if after in (LeadState.WITHDRAWN, LeadState.ERASED):
        return True
    return after in _OPEN_MOVES.get(before, frozenset())


def decide_move(before: LeadState, after: LeadState) -> LeadState:
    """The state after a move; raises `Refused` with code `state` when the life of a lead has no such step."""
    if not may_move(before, after):
        raise Refused(
            Phrase(N_("The lead is no longer where this step begins.")),
            code="state",
            remedy=Phrase(N_("Load the page again to see where it stands now.")),
        )
    return after


DEFAULT_RELEASE_SCORE = 50
"""The score a lead needs before partners see it, until the manufacturer sets another (B-09)."""


@dataclass(frozen=True, slots=True)
class Released:
    """The lead may be distributed; `may_go_to_partners` is false when only the manufacturer may call."""

    may_go_to_partners: bool


@dataclass(frozen=True, slots=True)
class HeldForNurture:
    """The lead stays with marketing, and why."""

    reason: Phrase


def decide_release(
    *, score: int | None, consent_scope: ConsentScope, release_score: int = DEFAULT_RELEASE_SCORE
) -> Released | HeldForNurture:
    """Decide whether a lead is hot enough, and permitted, to be distributed (B-09, I-07).

    Without consent, without a score or below the release score it is held for nurture. Consent for the manufacturer
    only releases it to the direct queue and to nobody else.
    """
    if consent_scope is ConsentScope.NONE:
        return HeldForNurture(Phrase(N_("The prospect has not agreed to be called.")))
    if score is None:
        return HeldForNurture(Phrase(N_("The lead has no score yet.")))
    if score < release_score:
        values = {"score": score, "release_score": release_score}
        return HeldForNurture(Phrase(N_("The score %(score)s is below the release score %(release_score)s."), values))
    return Released(may_go_to_partners=consent_scope is not ConsentScope.MANUFACTURER_ONLY)
