"""Pausing a partner and taking it up again, each by one action with its reason."""

from __future__ import annotations

from dataclasses import replace

from app.domain.departures import RESTING, LeadsChoice, check_leads_choice
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.queries.holdings import count_worked
from app.services.network.partnerships import hold_partner, write_partnership
from app.services.network.writing import network_writing


def pause_partnership(
    *, actor: Viewer, partnership_id: int, version: int, leads: LeadsChoice | None, reason: str
) -> None:
    """Offer a partner nothing until somebody resumes the partnership; its people are told at once.

    `leads` says whether those it works stay with it, `reason` why: the partner does not read that. `Invalid` without
    one of them, `Refused` for a partner that takes no part, `StaleEdit` when `version` is not the newest. A second call
    changes nothing.
    """
    with network_writing(actor) as writing:
        held = hold_partner(writing, partnership_id)
        partnership = held.partnership
        if partnership.status is PartnershipStatus.PAUSED:
            return
        if partnership.status is not PartnershipStatus.ACTIVE:
            raise Refused(
                Phrase(N_("%(name)s takes no part at present."), {"name": partnership.name}), code="takes_no_part"
            )
        paused = replace(held.draft, status=PartnershipStatus.PAUSED)
        held.refuse_edit_of_older(version, paused)
        if not reason.strip():
            problem = Phrase(N_("Say why the partner is paused."))
            raise Invalid(problem, fields={"reason": problem})
        works_now = count_worked(writing.session, partnership.id)
        check_leads_choice(paused.status, leads, name=partnership.name, works_now=works_now)
        write_partnership(writing, partnership, held.organisation, paused, leads=leads, reason=reason)


def resume_partnership(*, actor: Viewer, partnership_id: int, reason: str = "") -> None:
    """Let a paused or suspended partner take part again: it is offered leads from now on, and told so.

    What is its own and nobody has taken meanwhile comes back to it with the recheck. `Refused` for a partner that has
    ended or has not begun. A second call changes nothing.
    """
    with network_writing(actor) as writing:
        held = hold_partner(writing, partnership_id)
        partnership = held.partnership
        if partnership.status is PartnershipStatus.ACTIVE:
            return
        if partnership.status not in RESTING - {PartnershipStatus.ENDED}:
            raise Refused(Phrase(N_("%(name)s is not paused."), {"name": partnership.name}), code="not_paused")
        active = replace(held.draft, status=PartnershipStatus.ACTIVE)
        write_partnership(writing, partnership, held.organisation, active, reason=reason)
