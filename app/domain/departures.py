"""What becomes of the leads of a partner that is paused, suspended or ended: who decides it, and where they go (W-17).

A departure is the time in which they are handed on, one after another.
"""

from __future__ import annotations

from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase

CAUSE = "partner_left"
"""Why leads are decided about anew."""

LISTED_MAILS = frozenset(
    {
        MailKind.DIRECT_QUEUE_TO_MANUFACTURER,
        MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER,
        MailKind.LEAD_ASSIGNED_TO_PARTNER,
        MailKind.OWNER_OFFER_TO_PARTNER,
        MailKind.PUSH_OFFER_TO_PARTNER,
    }
)
"""What nobody is told of one lead at a time: each person reads one list of all that is theirs."""

RESTING = frozenset({PartnershipStatus.PAUSED, PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED})
"""The standing in which a partner that took part is offered nothing."""


class LeadsChoice(StrEnum):
    """What becomes of the leads a partner works when it is paused or suspended."""

    STAY = "stay"
    GO = "go"


class Destination(StrEnum):
    """Where a lead goes whose partner has left."""

    SUCCESSOR = "successor"
    BACKUP = "backup"
    PLAN = "plan"
    DIRECT = "direct"
    REVIEW = "review"


LEADS_CHOICE_LABELS = {
    LeadsChoice.STAY: N_("They stay with it"),
    LeadsChoice.GO: N_("They go to others"),
}
DESTINATION_LABELS = {
    Destination.SUCCESSOR: N_("To the successor"),
    Destination.BACKUP: N_("To the backup partner"),
    Destination.PLAN: N_("On through the distribution plan"),
    Destination.DIRECT: N_("To your own queue"),
    Destination.REVIEW: N_("To a review"),
}
"""What people call them."""


def leads_go(status: PartnershipStatus, chosen: LeadsChoice | None) -> bool:
    """Whether the leads a partner works go to others when its standing becomes `status`.

    The end of a partnership leaves it none, whatever was chosen. Where nobody chose, as in a file, a suspended partner
    keeps none and a paused one all.
    """
    if status is PartnershipStatus.ENDED:
        return True
    if status not in RESTING:
        return False
    return chosen is LeadsChoice.GO or (chosen is None and status is PartnershipStatus.SUSPENDED)


def check_leads_choice(status: PartnershipStatus, chosen: LeadsChoice | None, *, name: str, works_now: int) -> None:
    """Invalid at the field `leads` when a partner that works leads is paused and nobody says what becomes of them.

    The end of a partnership leaves nothing to choose.
    """
    if status in RESTING - {PartnershipStatus.ENDED} and works_now and chosen is None:
        told = Phrase(
            N_("%(name)s works %(count)s leads: say what becomes of them."), {"name": name, "count": works_now}
        )
        raise Invalid(told, fields={"leads": told})
