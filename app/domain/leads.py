"""The life of a lead: its states, which may follow which, and when it is released to partners (domain.md §3)."""

from __future__ import annotations

from enum import StrEnum


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
