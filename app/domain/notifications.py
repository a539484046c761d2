"""The mails the product sends: one name per event and reader, the name of its templates too."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """`event_to_recipient`; `templates/mail/<value>.txt` and `.html` say it."""

    INVITATION_TO_USER = "invitation_to_user"
    PASSWORD_RESET_TO_USER = "password_reset_to_user"  # noqa: S105 - a mail's name
    LEAD_CLAIMED_TO_WINNER = "lead_claimed_to_winner"
    PUSH_OFFER_TO_PARTNER = "push_offer_to_partner"
    CONTACT_OVERDUE_TO_PARTNER = "contact_overdue_to_partner"
    DIRECT_QUEUE_TO_MANUFACTURER = "direct_queue_to_manufacturer"
    LEAD_IN_REVIEW_TO_MANUFACTURER = "lead_in_review_to_manufacturer"
    LEAD_ASSIGNED_TO_PARTNER = "lead_assigned_to_partner"
    SAVED_VIEW_MATCH_TO_USER = "saved_view_match_to_user"
    LEAD_RECEIVED_TO_PROSPECT = "lead_received_to_prospect"
