"""The tables: columns, constraints, indexes; one module per table family.

May import `app.domain` (enums) and `app.database`; holds no queries and no rules.
"""

from app.models.account import (
    Account,
    AccountChange,
    AccountDomain,
    AccountIpRange,
    AccountName,
    AccountProductLine,
    AccountTeamMember,
    CompanyProfile,
    CompanyProfileKey,
    Opportunity,
    Rematch,
)
from app.models.audit import Event, Reveal
from app.models.availability import Absence
from app.models.catalog import ProductLine
from app.models.claim import Assignment, Offer
from app.models.cockpit import Activity
from app.models.deadline import Deadline
from app.models.departure import DepartedLead, Departure
from app.models.distribution import (
    DistributionPlan,
    OwedRecheck,
    PushTurn,
    Round,
    RoutingDecision,
    RoutingRule,
    RuleApplication,
)
from app.models.identity import ApiKey, AuthSession, OneTimeLink, Organisation, User
from app.models.intake import ConsentWording, ImportMapping, ImportProblem, LeadImport, Submission, WebForm
from app.models.integrations import IdempotencyKey
from app.models.lead import Consent, Lead, LeadProductLine, LeadTouch
from app.models.notification import OutboxMessage
from app.models.partner import Authorisation, Certification, Partnership, TerritoryRule, Tier
from app.models.place import PostalPlace
from app.models.process import ProcessHeartbeat
from app.models.response import ClaimSuspension, ResponseEntry, TerritoryReview
from app.models.review import Review
from app.models.settings import ManufacturerSettings, SavedView, ScoreRule

__all__ = [
    "Absence",
    "Account",
    "AccountChange",
    "AccountDomain",
    "AccountIpRange",
    "AccountName",
    "AccountProductLine",
    "AccountTeamMember",
    "Activity",
    "ApiKey",
    "Assignment",
    "AuthSession",
    "Authorisation",
    "Certification",
    "ClaimSuspension",
    "CompanyProfile",
    "CompanyProfileKey",
    "Consent",
    "ConsentWording",
    "Deadline",
    "DepartedLead",
    "Departure",
    "DistributionPlan",
    "Event",
    "IdempotencyKey",
    "ImportMapping",
    "ImportProblem",
    "Lead",
    "LeadImport",
    "LeadProductLine",
    "LeadTouch",
    "ManufacturerSettings",
    "Offer",
    "OneTimeLink",
    "Opportunity",
    "Organisation",
    "OutboxMessage",
    "OwedRecheck",
    "Partnership",
    "PostalPlace",
    "ProcessHeartbeat",
    "ProductLine",
    "PushTurn",
    "Rematch",
    "ResponseEntry",
    "Reveal",
    "Review",
    "Round",
    "RoutingDecision",
    "RoutingRule",
    "RuleApplication",
    "SavedView",
    "ScoreRule",
    "Submission",
    "TerritoryReview",
    "TerritoryRule",
    "Tier",
    "User",
    "WebForm",
]
