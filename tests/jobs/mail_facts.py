"""Facts for a mail of each kind, and the address that each must name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.departures import Destination
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.domain.phrases import Phrase
from app.domain.returns import ReturnReason
from app.queries.departure_mails import AskedAlone, ListedLead

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEAD_ID, OFFER_ID = uuid.uuid4(), uuid.uuid4()
WORK: Mapping[str, Any] = {
    "lead_id": LEAD_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "is_hot": True,
    "manufacturer": "Acme",
    "due_at": NOON,
    "reason": "Knows the plant.",
}
OWN_LEAD: Mapping[str, Any] = {
    "lead_id": LEAD_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "review_reason": None,
    "is_hot": False,
}
LINK: Mapping[str, Any] = {"link_id": 7, "expires_at": NOON, "token": "one-time-token"}
OFFER: Mapping[str, Any] = {
    "offer_id": OFFER_ID,
    "title": "Robot cells",
    "reference": "L-3C9496",
    "place": "DE-BY",
    "manufacturer": "Acme",
    "expires_at": NOON,
    "asked": Phrase("Please answer by %(answer_by)s.", {"answer_by": NOON}),
    "reasons": [Phrase("%(territory)s is yours", {"territory": "DE-BY"})],
}
OF_ACCOUNT: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "account": "Zeisigwerk",
    "owner": "Ines",
    "asked": None,
    "why": Phrase("An executive of a strategic account asks."),
    "partner": "Nordwind",
    "next": Phrase("It waits in the direct queue now."),
}
RETURNED: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "reason": ReturnReason.WRONG_PRODUCT,
    "note": "They need a compressor.",
    "next": Phrase("It waits in the direct queue now."),
}
_GONE = {"company": "Wave Robotics", "partner": "Kansai", "title": "Pumps", "reference": "L-1", "subdivision": "DE-HH"}
DEPARTED: dict[str, object] = {
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "partnership_id": 7,
    "status": PartnershipStatus.ENDED,
    "keeps_work": False,
    "worked": 0,
    "is_stopped": True,
    "count": 1,
    "groups": {Destination.SUCCESSOR: [{**_GONE, "lead_id": LEAD_ID}]},
    "leads": [{**_GONE, "id": LEAD_ID}],
}
OFFERED: Mapping[str, Any] = {
    "manufacturer": "Acme",
    "offered": [(AskedAlone(OFFER_ID, NOON), ListedLead(LEAD_ID, "L-3C9496", "Robot cells", "DE", "DE-BY"))],
}
RESTING: Mapping[str, Any] = {
    "manufacturer": "Acme",
    "status": PartnershipStatus.PAUSED,
    "works": 2,
    "do_leads_go": True,
    "offers": 2,
    "alone": 1,
    "contacts": [("Carl", "carl@acme.example")],
}
SILENCE: Mapping[str, Any] = {
    **OWN_LEAD,
    "manufacturer": "Acme",
    "partner": "Nordwind",
    "other": "Acme",
    "other_zone": "Asia/Tokyo",
    "offer_id": None,
    "since": NOON,
    "due_at": NOON,
    "last_at": NOON,
    "days": 31,
    "next": Phrase("If nothing happens by %(due_at)s, the channel manager is told.", {"due_at": NOON}),
    "why": Phrase("Nobody answered the offer in time."),
}
BURST: Mapping[str, Any] = {
    "company": "Zeisigwerk",
    "manufacturer": "Acme",
    "count": 3,
    "leads": [(LEAD_ID, "L-3C9496", "Robot cells")],
    "is_own": True,
}
LOW_SCORE: Mapping[str, Any] = {
    "partnership_id": 7,
    "manufacturer": "Acme",
    "score": 45,
    "suspends_below": 50,
    "suspension_days": 14,
    "suspended_until": NOON,
    "mend": Phrase("On %(at)s a loss lapses.", {"at": NOON}),
}
TERRITORY_REVIEW: Mapping[str, Any] = {"territory_review_id": 7, "partner": "Nordwind", "score": 45}
FACTS: dict[MailKind, tuple[Mapping[str, Any], str]] = {
    MailKind.RESPONSE_WARNING_TO_PARTNER: (LOW_SCORE, "/response-score/7"),
    MailKind.CLAIMS_SUSPENDED_TO_PARTNER: (LOW_SCORE, "/response-score/7"),
    MailKind.TERRITORY_REVIEW_TO_CHANNEL_MANAGER: (TERRITORY_REVIEW, "/territory-reviews/7"),
    MailKind.INVITATION_TO_USER: (LINK, "/join/one-time-token"),
    MailKind.PASSWORD_RESET_TO_USER: (LINK, "/reset-password/one-time-token"),
    MailKind.LEAD_CLAIMED_TO_WINNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.LEAD_ASSIGNED_TO_PARTNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.CONTACT_OVERDUE_TO_PARTNER: (WORK, f"/leads/{LEAD_ID}"),
    MailKind.PUSH_OFFER_TO_PARTNER: (OFFER, f"/offers/{OFFER_ID}"),
    MailKind.DIRECT_QUEUE_TO_MANUFACTURER: (OWN_LEAD, "/direct-queue"),
    MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER: (OWN_LEAD, f"/leads/{LEAD_ID}/review"),
    MailKind.REVIEW_OVERDUE_TO_MANUFACTURER: (OWN_LEAD, f"/leads/{LEAD_ID}/review"),
    MailKind.OWNER_OFFER_TO_PARTNER: (OFFER, f"/offers/{OFFER_ID}"),
    MailKind.OWNER_SILENT_TO_MANUFACTURER: (OF_ACCOUNT, f"/leads/{LEAD_ID}/routing"),
    MailKind.ACCOUNT_LEAD_TO_TEAM: (OF_ACCOUNT, f"/leads/{LEAD_ID}"),
    MailKind.ACCOUNT_LEAD_TO_PARTNER: (OF_ACCOUNT, "/board"),
    MailKind.HIGH_ACTIVITY_TO_OWNER: (BURST, "/leads"),
    MailKind.LEAD_RETURNED_TO_MANUFACTURER: (RETURNED, f"/leads/{LEAD_ID}"),
    MailKind.RETURN_UNDONE_TO_MANUFACTURER: (RETURNED, f"/leads/{LEAD_ID}"),
    MailKind.ESCALATION_TO_SALES_MANAGER: ({**SILENCE, "offer_id": OFFER_ID}, f"/offers/{OFFER_ID}"),
    MailKind.ESCALATION_TO_CHANNEL_MANAGER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.LEAD_RE_ROUTED_TO_PARTNER: (SILENCE, "/board"),
    MailKind.LEAD_TAKEN_TO_SELLER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.STALLED_TO_PARTNER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.STALLED_TO_CHANNEL_MANAGER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.FOLLOW_UP_TO_WORKER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.NURTURE_TO_WORKER: (SILENCE, f"/leads/{LEAD_ID}"),
    MailKind.ROUTING_RULE_TO_COLLEAGUE: (OF_ACCOUNT, f"/leads/{LEAD_ID}"),
    MailKind.LEADS_MOVED_TO_PARTNER: (DEPARTED, "/leads"),
    MailKind.LEADS_MOVED_TO_MANUFACTURER: (DEPARTED, "/partners/7"),
    MailKind.LEADS_TAKEN_OVER_TO_WORKER: (DEPARTED, f"/leads/{LEAD_ID}"),
    MailKind.LEADS_OFFERED_TO_PARTNER: (OFFERED, f"/offers/{OFFER_ID}"),
    MailKind.PARTNERSHIP_RESTS_TO_PARTNER: (RESTING, "/leads"),
    MailKind.PARTNERSHIP_RESUMED_TO_PARTNER: ({**RESTING, "status": PartnershipStatus.ACTIVE}, "/board"),
    MailKind.SAVED_VIEW_MATCH_TO_USER: ({"name": "Bayern", "query": "region=DE-BY", "count": 2}, "/board?region=DE-BY"),
}
