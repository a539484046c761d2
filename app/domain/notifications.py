"""The mails the product sends: one name per event and reader, the name of its templates too."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class MailKind(StrEnum):
    """`event_to_recipient`; `templates/mail/<value>.txt` and `.html` say it."""

    INVITATION_TO_USER = "invitation_to_user"
    PASSWORD_RESET_TO_USER = "password_reset_to_user"
    LEAD_CLAIMED_TO_WINNER = "lead_claimed_to_winner"
    PUSH_OFFER_TO_PARTNER = "push_offer_to_partner"
    CONTACT_OVERDUE_TO_PARTNER = "contact_overdue_to_partner"
    DIRECT_QUEUE_TO_MANUFACTURER = "direct_queue_to_manufacturer"
    LEAD_IN_REVIEW_TO_MANUFACTURER = "lead_in_review_to_manufacturer"
    LEAD_ASSIGNED_TO_PARTNER = "lead_assigned_to_partner"
    OWNER_OFFER_TO_PARTNER = "owner_offer_to_partner"
    OWNER_SILENT_TO_MANUFACTURER = "owner_silent_to_manufacturer"
    ACCOUNT_LEAD_TO_TEAM = "account_lead_to_team"
    ACCOUNT_LEAD_TO_PARTNER = "account_lead_to_partner"
    HIGH_ACTIVITY_TO_OWNER = "high_activity_to_owner"
    REVIEW_OVERDUE_TO_MANUFACTURER = "review_overdue_to_manufacturer"
    ESCALATION_TO_SALES_MANAGER = "escalation_to_sales_manager"
    ESCALATION_TO_CHANNEL_MANAGER = "escalation_to_channel_manager"
    LEAD_RE_ROUTED_TO_PARTNER = "lead_re_routed_to_partner"
    LEAD_TAKEN_TO_SELLER = "lead_taken_to_seller"
    STALLED_TO_PARTNER = "stalled_to_partner"
    STALLED_TO_CHANNEL_MANAGER = "stalled_to_channel_manager"
    FOLLOW_UP_TO_WORKER = "follow_up_to_worker"
    NURTURE_TO_WORKER = "nurture_to_worker"
    LEADS_MOVED_TO_PARTNER = "leads_moved_to_partner"
    LEADS_MOVED_TO_MANUFACTURER = "leads_moved_to_manufacturer"
    LEADS_TAKEN_OVER_TO_WORKER = "leads_taken_over_to_worker"
    LEADS_OFFERED_TO_PARTNER = "leads_offered_to_partner"
    PARTNERSHIP_RESTS_TO_PARTNER = "partnership_rests_to_partner"
    PARTNERSHIP_RESUMED_TO_PARTNER = "partnership_resumed_to_partner"
    LEAD_RETURNED_TO_MANUFACTURER = "lead_returned_to_manufacturer"
    RETURN_UNDONE_TO_MANUFACTURER = "return_undone_to_manufacturer"
    RESPONSE_WARNING_TO_PARTNER = "response_warning_to_partner"
    CLAIMS_SUSPENDED_TO_PARTNER = "claims_suspended_to_partner"
    TERRITORY_REVIEW_TO_CHANNEL_MANAGER = "territory_review_to_channel_manager"
    ROUTING_RULE_TO_COLLEAGUE = "routing_rule_to_colleague"
    SAVED_VIEW_MATCH_TO_USER = "saved_view_match_to_user"


RETRY_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 21_600, 43_200))
"""How long a mail that the server did not take waits before each next try; after the last it is given up."""


def next_try(failures: int, now: datetime) -> datetime | None:
    """When a mail that has failed `failures` times is tried again; None when it is given up."""
    return now + RETRY_WAITS[failures - 1] if failures <= len(RETRY_WAITS) else None
