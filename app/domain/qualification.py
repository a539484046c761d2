"""Who a contact is in the buying decision, and what is known of the deal (BANT and MEDDIC; P-28)."""

from __future__ import annotations

from enum import StrEnum


class ContactRole(StrEnum):
    """The part a contact plays in the prospect's decision."""

    ECONOMIC_BUYER = "economic_buyer"
    DECISION_MAKER = "decision_maker"
    CHAMPION = "champion"
    INFLUENCER = "influencer"
    USER = "user"
    GATEKEEPER = "gatekeeper"


class QualificationField(StrEnum):
    """One thing worth knowing before a deal is forecast: the letters of BANT, then those MEDDIC adds."""

    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"
    METRICS = "metrics"
    DECISION_CRITERIA = "decision_criteria"
    DECISION_PROCESS = "decision_process"
    PAIN = "pain"
    CHAMPION = "champion"
    COMPETITION = "competition"
