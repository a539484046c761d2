"""What people call the words of the domain: one short label per value, translated when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.account_labels import ACCOUNT_LABELS
from app.domain.api_keys import ApiScope
from app.domain.availability import ABSENCE_LABELS, AbsenceKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.consent import ConsentScope
from app.domain.deadlines import Clock
from app.domain.departures import DESTINATION_LABELS, LEADS_CHOICE_LABELS, Destination, LeadsChoice
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, DeclineReason, OfferAnswer, RoundKind, RoundOutcome
from app.domain.identity import Role
from app.domain.leads import LeadState, LostReason, ReviewReason, SourceKind, Stage
from app.domain.overlap import OVERLAP_LABELS, OverlapPolicy
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.domain.qualification import ContactRole, QualificationField
from app.domain.ranking import RankingPart
from app.domain.returns import RETURN_LABELS, ReturnReason
from app.domain.review import ReviewDecision

_STAGES = {
    Stage.NEW: N_("New"),
    Stage.CONTACTED: N_("Contacted"),
    Stage.QUALIFIED: N_("Qualified"),
    Stage.PROPOSAL: N_("Proposal"),
    Stage.NEGOTIATION: N_("Negotiation"),
    Stage.WON: N_("Won"),
    Stage.LOST: N_("Lost"),
}
_STATES = {
    LeadState.RECEIVED: N_("Received"),
    LeadState.NURTURING: N_("Nurturing"),
    LeadState.IN_REVIEW: N_("In review"),
    LeadState.DISTRIBUTING: N_("On offer"),
    LeadState.ASSIGNED: N_("Being worked"),
    LeadState.WON: N_("Won"),
    LeadState.LOST: N_("Lost"),
    LeadState.DISQUALIFIED: N_("Disqualified"),
    LeadState.WITHDRAWN: N_("Withdrawn"),
    LeadState.ERASED: N_("Erased"),
}
_LOST_REASONS = {
    LostReason.PRICE: N_("Price"),
    LostReason.COMPETITOR: N_("Competitor"),
    LostReason.NO_BUDGET: N_("No budget"),
    LostReason.POSTPONED: N_("Postponed"),
    LostReason.NOT_REACHABLE: N_("Not reachable"),
    LostReason.PRODUCT_DOES_NOT_FIT: N_("Product does not fit"),
    LostReason.BOUGHT_ELSEWHERE: N_("Bought direct or elsewhere"),
    LostReason.PROJECT_CANCELLED: N_("Project cancelled"),
    LostReason.NO_REAL_NEED: N_("No real need"),
    LostReason.OTHER: N_("Another reason"),
}
_SOURCES = {
    SourceKind.WEB_FORM: N_("Web form"),
    SourceKind.TRADE_FAIR: N_("Trade fair"),
    SourceKind.CAMPAIGN: N_("Campaign"),
    SourceKind.NEWSLETTER: N_("Newsletter"),
    SourceKind.API: N_("API"),
    SourceKind.FILE: N_("Imported file"),
    SourceKind.MANUAL: N_("Entered by hand"),
    SourceKind.PHONE: N_("Phone"),
    SourceKind.PARTNER: N_("Partner"),
    SourceKind.OTHER: N_("Another source"),
}
_REVIEW_REASONS = {
    ReviewReason.NOBODY_ELIGIBLE: N_("No partner is eligible"),
    ReviewReason.COMPETITOR: N_("A competitor asks"),
    ReviewReason.PARTNER_COMPANY: N_("A partner asks"),
    ReviewReason.NEAR_MATCH: N_("May be a known company"),
    ReviewReason.DUPLICATE: N_("May be a duplicate"),
    ReviewReason.OWNER_CONFLICT: N_("Two owners"),
    ReviewReason.QUARANTINED: N_("Could not be read"),
    ReviewReason.RETURNED: N_("Returned by a partner"),
    ReviewReason.CONSENT_PROBLEM: N_("Consent in doubt"),
    ReviewReason.MANUAL_REVIEW: N_("A person decides"),
}
_ACTIVITIES = {
    ActivityKind.CALL: N_("Call"),
    ActivityKind.EMAIL: N_("E-mail"),
    ActivityKind.MEETING: N_("Meeting"),
    ActivityKind.VISIT: N_("Visit"),
    ActivityKind.MESSAGE: N_("Message"),
    ActivityKind.QUOTE: N_("Quote"),
    ActivityKind.NOTE: N_("Note"),
}
_OUTCOMES = {
    ContactOutcome.REACHED: N_("Reached"),
    ContactOutcome.NOT_REACHED: N_("Not reached"),
    ContactOutcome.WRONG_CONTACT: N_("Wrong contact"),
    ContactOutcome.REPLIED: N_("Replied"),
}
_CONSENTS = {
    ConsentScope.ANY_ELIGIBLE: N_("Any eligible partner"),
    ConsentScope.NAMED_PARTNERS: N_("Named partners only"),
    ConsentScope.MANUFACTURER_ONLY: N_("The manufacturer only"),
    ConsentScope.NONE: N_("No consent"),
}
_ROUNDS = {
    RoundKind.OWNER: N_("Owner"),
    RoundKind.BOARD: N_("Board"),
    RoundKind.PUSH: N_("Push"),
    RoundKind.REGISTRATION: N_("Deal registration"),
    RoundKind.DIRECT: N_("Direct queue"),
}
_ORIGINS = {
    AssignmentOrigin.CLAIM: N_("Claimed on the board"),
    AssignmentOrigin.PUSH: N_("Accepted an exclusive offer"),
    AssignmentOrigin.OWNER: N_("Owner of the account"),
    AssignmentOrigin.RULING: N_("Awarded by a ruling"),
    AssignmentOrigin.HAND: N_("Assigned by hand"),
}
_ROLES = {
    Role.ADMIN: N_("Administrator"),
    Role.CHANNEL_MANAGER: N_("Channel manager"),
    Role.ARBITER: N_("Arbiter"),
    Role.INSIDE_SALES: N_("Inside sales"),
    Role.VIEWER: N_("Viewer"),
    Role.PARTNER_ADMIN: N_("Sales manager"),
    Role.PARTNER_SALES: N_("Sales"),
}
_API_SCOPES = {
    ApiScope.BOARD: N_("See the board"),
    ApiScope.CLAIM: N_("Claim and decline offers"),
    ApiScope.LEADS: N_("Read claimed leads"),
    ApiScope.LEADS_READ: N_("Read leads"),
    ApiScope.LEADS_WRITE: N_("Hand in leads"),
}
_PARTNERSHIPS = {
    PartnershipStatus.INVITED: N_("Invited"),
    PartnershipStatus.ACTIVE: N_("Active"),
    PartnershipStatus.PAUSED: N_("Paused"),
    PartnershipStatus.SUSPENDED: N_("Suspended"),
    PartnershipStatus.ENDED: N_("Ended"),
}
_DECLINES = {
    DeclineReason.NO_CAPACITY: N_("No capacity at present"),
    DeclineReason.WRONG_FIT: N_("Does not fit us"),
    DeclineReason.NOT_OUR_PRODUCT: N_("Not our product"),
    DeclineReason.OUT_OF_TERRITORY: N_("Outside our territory"),
    DeclineReason.CONFLICT_OF_INTEREST: N_("Conflict of interest"),
    DeclineReason.TOO_SMALL: N_("Too small"),
    DeclineReason.OTHER: N_("Another reason"),
}
_ANSWERS = {
    OfferAnswer.CLAIMED: N_("Taken"),
    OfferAnswer.DECLINED: N_("Declined"),
    OfferAnswer.EXPIRED: N_("No answer in time"),
    OfferAnswer.WITHDRAWN: N_("Withdrawn"),
    OfferAnswer.LOST_RACE: N_("Another was first"),
}
_OUTCOMES_OF_ROUNDS = {
    RoundOutcome.CLAIMED: N_("Claimed"),
    RoundOutcome.ACCEPTED: N_("Accepted"),
    RoundOutcome.AWARDED: N_("Awarded"),
    RoundOutcome.ASSIGNED_BY_HAND: N_("Assigned by hand"),
    RoundOutcome.DECLINED: N_("Declined"),
    RoundOutcome.EXPIRED: N_("Nobody answered in time"),
    RoundOutcome.NOBODY_ELIGIBLE: N_("Nobody left to ask"),
    RoundOutcome.WITHDRAWN: N_("Withdrawn"),
}
_ENDS = {
    AssignmentEnd.WON: N_("Won"),
    AssignmentEnd.LOST: N_("Lost"),
    AssignmentEnd.DISQUALIFIED: N_("Disqualified"),
    AssignmentEnd.RETURNED: N_("Returned"),
    AssignmentEnd.RE_ROUTED: N_("Re-routed"),
    AssignmentEnd.REASSIGNED: N_("Assigned to somebody else"),
    AssignmentEnd.WITHDRAWN: N_("Withdrawn"),
    AssignmentEnd.ERASED: N_("Erased"),
}
_RANKING_PARTS = {
    RankingPart.NEARNESS: N_("Nearness"),
    RankingPart.CERTIFICATION: N_("Certification"),
    RankingPart.RESPONSE_RATE: N_("Response rate"),
    RankingPart.CONVERSION: N_("Conversion"),
    RankingPart.FREE_CAPACITY: N_("Free capacity"),
    RankingPart.TIER: N_("Tier"),
    RankingPart.SIZE: N_("Size"),
    RankingPart.ROTATION: N_("Rotation"),
}
_REVIEWS = {
    ReviewDecision.MATCHED: N_("It is this company"),
    ReviewDecision.NOT_THIS: N_("It is another company"),
    ReviewDecision.NEW_ACCOUNT: N_("It is a new account"),
    ReviewDecision.DISQUALIFIED: N_("Disqualified"),
    ReviewDecision.SENT_TO_PLAN: N_("Sent on to the distribution plan"),
    ReviewDecision.ASSIGNED: N_("Assigned by hand"),
    ReviewDecision.NO_LONGER_NEEDED: N_("No longer needed"),
}
_CONTACT_ROLES = {
    ContactRole.ECONOMIC_BUYER: N_("Economic buyer"),
    ContactRole.DECISION_MAKER: N_("Decision maker"),
    ContactRole.CHAMPION: N_("Champion"),
    ContactRole.INFLUENCER: N_("Influencer"),
    ContactRole.USER: N_("User of the product"),
    ContactRole.GATEKEEPER: N_("Gatekeeper"),
}
_QUALIFICATION = {
    QualificationField.BUDGET: N_("Budget"),
    QualificationField.AUTHORITY: N_("Authority"),
    QualificationField.NEED: N_("Need"),
    QualificationField.TIMING: N_("Timing"),
    QualificationField.METRICS: N_("Metrics"),
    QualificationField.DECISION_CRITERIA: N_("Decision criteria"),
    QualificationField.DECISION_PROCESS: N_("Decision process"),
    QualificationField.PAIN: N_("Pain"),
    QualificationField.CHAMPION: N_("Champion"),
    QualificationField.COMPETITION: N_("Competition"),
}
_CLOCKS = {Clock.WORKING: N_("of working time"), Clock.WALL: N_("around the clock")}
_LABELS: dict[type[StrEnum], Mapping[Any, str]] = {
    PartnershipStatus: _PARTNERSHIPS,
    Stage: _STAGES,
    LeadState: _STATES,
    LostReason: _LOST_REASONS,
    SourceKind: _SOURCES,
    ReviewReason: _REVIEW_REASONS,
    ActivityKind: _ACTIVITIES,
    ContactOutcome: _OUTCOMES,
    ConsentScope: _CONSENTS,
    RoundKind: _ROUNDS,
    AssignmentOrigin: _ORIGINS,
    AssignmentEnd: _ENDS,
    RankingPart: _RANKING_PARTS,
    OverlapPolicy: OVERLAP_LABELS,
    DeclineReason: _DECLINES,
    OfferAnswer: _ANSWERS,
    RoundOutcome: _OUTCOMES_OF_ROUNDS,
    Role: _ROLES,
    ApiScope: _API_SCOPES,
    ReviewDecision: _REVIEWS,
    ContactRole: _CONTACT_ROLES,
    QualificationField: _QUALIFICATION,
    ReturnReason: RETURN_LABELS,
    AbsenceKind: ABSENCE_LABELS,
    Clock: _CLOCKS,
    LeadsChoice: LEADS_CHOICE_LABELS,
    Destination: DESTINATION_LABELS,
    **ACCOUNT_LABELS,
}


def label_of(value: StrEnum) -> Phrase:
    """The label of one value of the domain; a value nobody named is called by its own word."""
    return Phrase(_LABELS.get(type(value), {}).get(value, value.value.replace("_", " ").capitalize()))
