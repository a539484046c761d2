"""The audit trail's vocabulary: what may have happened, and who may read it."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Which side may read an event: the manufacturer alone, both working the lead, or the partner alone."""

    MANUFACTURER = "manufacturer"
    SHARED = "shared"
    PARTNER = "partner"


class EventKind(StrEnum):
    """One thing that happened. The part before the dot is the feature, for filters."""

    LEAD_RECEIVED = "lead.received"
    LEAD_TOUCHED = "lead.touched"
    LEAD_SCORED = "lead.scored"
    LEAD_CORRECTED = "lead.corrected"
    LEAD_HELD_FOR_NURTURE = "lead.held_for_nurture"
    LEAD_RELEASED = "lead.released"
    LEAD_SENT_TO_REVIEW = "lead.sent_to_review"
    LEAD_REVIEWED = "lead.reviewed"
    LEAD_ROUTED = "lead.routed"
    LEAD_MATCHED = "lead.matched"
    LEAD_SET_BY_RULE = "lead.set_by_rule"
    LEAD_LINKED = "lead.linked"
    LEAD_UNLINKED = "lead.unlinked"
    REVIEW_UNDONE = "lead.review_undone"
    HIGH_ACTIVITY = "lead.high_activity"
    LEAD_ASSIGNED = "lead.assigned"
    LEAD_REVEALED = "lead.revealed"
    LEAD_RETURNED = "lead.returned"
    LEAD_RETURN_UNDONE = "lead.return_undone"
    LEAD_RE_ROUTED = "lead.re_routed"
    LEAD_PLAN_RESUMED = "lead.plan_resumed"
    LEADS_REASSIGN_BEGUN = "lead.several_reassign_begun"
    LEADS_REASSIGNED = "lead.several_reassigned"
    LEAD_STALLED = "lead.stalled"
    LEAD_NURTURE_TOUCH = "lead.nurture_touch"
    LEAD_ESCALATED = "lead.escalated"
    LEAD_WON = "lead.won"
    LEAD_LOST = "lead.lost"
    LEAD_DISQUALIFIED = "lead.disqualified"
    LEAD_WITHDRAWN = "lead.withdrawn"
    LEAD_ERASED = "lead.erased"

    ROUND_OPENED = "round.opened"
    ROUND_CLOSED = "round.closed"
    OFFER_MADE = "offer.made"
    OFFER_SEEN = "offer.seen"
    OFFER_CLAIMED = "offer.claimed"
    OFFER_ACCEPTED = "offer.accepted"
    OFFER_DECLINED = "offer.declined"
    OFFER_EXPIRED = "offer.expired"
    OFFER_WITHDRAWN = "offer.withdrawn"
    CLAIM_REFUSED = "claim.refused"

    ACTIVITY_LOGGED = "activity.logged"
    STAGE_CHANGED = "cockpit.stage_changed"
    FORECAST_CHANGED = "cockpit.forecast_changed"
    FOLLOW_UP_CHANGED = "cockpit.follow_up_changed"
    FOLLOW_UP_PASSED = "cockpit.follow_up_passed"
    CONTACT_OVERDUE = "cockpit.contact_overdue"
    QUALIFICATION_CHANGED = "cockpit.qualification_changed"

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    IP_ADDRESSES_FORGOTTEN = "privacy.ip_addresses_forgotten"

    INTAKE_IMPORTED = "intake.imported"
    INTAKE_QUARANTINED = "intake.quarantined"
    INTAKE_RELEASED = "intake.released"
    FORM_CHANGED = "intake.form_changed"

    MANUFACTURER_CREATED = "network.manufacturer_created"
    PARTNER_CREATED = "network.partner_created"
    PARTNER_CHANGED = "network.partner_changed"
    PARTNERSHIP_CREATED = "network.partnership_created"
    PARTNERSHIP_CHANGED = "network.partnership_changed"
    PARTNER_LEADS_MOVED = "network.partner_leads_moved"
    PARTNERSHIP_PAUSED = "network.partnership_paused"
    PARTNERSHIP_SUSPENDED = "network.partnership_suspended"
    PARTNERSHIP_RESUMED = "network.partnership_resumed"
    PARTNERSHIP_ENDED = "network.partnership_ended"
    TIER_CHANGED = "network.tier_changed"
    PRODUCT_LINE_CREATED = "network.product_line_created"
    PRODUCT_LINE_CHANGED = "network.product_line_changed"
    PRODUCT_LINE_ENDED = "network.product_line_ended"
    TERRITORY_CREATED = "network.territory_created"
    TERRITORY_CHANGED = "network.territory_changed"
    TERRITORY_ENDED = "network.territory_ended"
    AUTHORISATION_CREATED = "network.authorisation_created"
    AUTHORISATION_ENDED = "network.authorisation_ended"
    CERTIFICATION_CREATED = "network.certification_created"
    CERTIFICATION_CHANGED = "network.certification_changed"
    CERTIFICATION_ENDED = "network.certification_ended"
    ACCOUNT_CREATED = "network.account_created"
    ACCOUNT_CHANGED = "network.account_changed"
    ACCOUNT_MERGED = "network.account_merged"
    ACCOUNT_SPLIT = "network.account_split"
    ACCOUNT_CHANGE_UNDONE = "network.account_change_undone"
    PLAN_CHANGED = "network.plan_changed"
    ROUTING_RULE_CHANGED = "network.routing_rule_changed"
    RESPONSE_WARNED = "network.response_warned"
    CLAIMS_SUSPENDED = "network.claims_suspended"
    SUSPENSION_LIFTED = "network.suspension_lifted"
    TERRITORY_REVIEW_OPENED = "network.territory_review_opened"
    TERRITORY_REVIEW_DECIDED = "network.territory_review_decided"
    ABSENCE_CHANGED = "network.absence_changed"
    CALENDAR_CHANGED = "network.calendar_changed"
    ACCOUNTS_REASSIGNED = "network.accounts_reassigned"
    LEADS_LINKED = "network.leads_linked"
    OPPORTUNITY_CREATED = "network.opportunity_created"
    OPPORTUNITY_CHANGED = "network.opportunity_changed"
    LEADS_REMATCHED = "network.leads_rematched"
    NETWORK_IMPORTED = "network.imported"
    VISIBILITY_RECOMPUTED = "network.visibility_recomputed"
    SETTINGS_CHANGED = "settings.changed"

    USER_CREATED = "identity.user_created"
    USER_INVITED = "identity.user_invited"
    USER_JOINED = "identity.user_joined"
    USER_ROLE_CHANGED = "identity.user_role_changed"
    USER_CHANGED = "identity.user_changed"
    USER_DISABLED = "identity.user_disabled"
    USER_ENABLED = "identity.user_enabled"
    LOGGED_IN = "security.logged_in"
    LOGIN_FAILED = "security.login_failed"
    LOGIN_THROTTLED = "security.login_throttled"
    LOGGED_OUT = "security.logged_out"
    SESSION_ENDED = "security.session_ended"
    PASSWORD_RESET_ASKED = "security.password_reset_asked"
    PASSWORD_CHANGED = "security.password_changed"
    API_KEY_CREATED = "security.api_key_created"
    API_KEY_REVOKED = "security.api_key_revoked"
    ACCESS_REFUSED = "security.access_refused"
    DATA_EXPORTED = "security.data_exported"

    @property
    def feature(self) -> str:
        """The feature the event belongs to."""
        return self.value.partition(".")[0]


STANDING_EVENTS = (
    EventKind.PARTNERSHIP_PAUSED,
    EventKind.PARTNERSHIP_SUSPENDED,
    EventKind.PARTNERSHIP_RESUMED,
    EventKind.PARTNERSHIP_ENDED,
)
"""What tells since when a partnership rests or takes part again, who decided so, and why; found by an index."""

_SHARED = frozenset(
    {
        EventKind.LEAD_ASSIGNED,
        EventKind.LEAD_RETURNED,
        EventKind.LEAD_RETURN_UNDONE,
        EventKind.LEAD_RE_ROUTED,
        EventKind.LEAD_PLAN_RESUMED,
        EventKind.LEAD_STALLED,
        EventKind.LEAD_NURTURE_TOUCH,
        EventKind.LEAD_ESCALATED,
        EventKind.LEAD_WON,
        EventKind.LEAD_LOST,
        EventKind.LEAD_DISQUALIFIED,
        EventKind.LEAD_WITHDRAWN,
        EventKind.ACTIVITY_LOGGED,
        EventKind.STAGE_CHANGED,
        EventKind.FORECAST_CHANGED,
        EventKind.FOLLOW_UP_CHANGED,
        EventKind.FOLLOW_UP_PASSED,
        EventKind.CONTACT_OVERDUE,
        EventKind.QUALIFICATION_CHANGED,
        EventKind.CONSENT_WITHDRAWN,
    }
)


def audience_of(kind: EventKind) -> Audience:
    """Who may read an event of `kind` unless its writer says otherwise: the manufacturer alone, if it is not listed."""
    return Audience.SHARED if kind in _SHARED else Audience.MANUFACTURER
