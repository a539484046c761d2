"""Lifting a suspension of claims by a person's decision."""

from __future__ import annotations

from sqlalchemy import select

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.models import ClaimSuspension, Partnership
from app.services.network.writing import network_writing


def lift_suspension(*, actor: Viewer, partnership_id: int, reason: str) -> None:
    """Let a partner claim again before its suspension is over, with the reason; the score stays what it is.

    A lifted suspension does not count towards a territory review. Raises `Forbidden`, `NotFound`, `Invalid` without a
    reason, and `Refused` when nothing is suspended, so also on a second call.
    """
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        now = read_clock(writing.session)
        until = partnership.claims_suspended_until
        if until is None or until <= now:
            raise Refused(Phrase(N_("This partner's claims are not suspended.")), code="not_suspended")
        if not reason.strip():
            problem = Phrase(N_("Say why; the reason stays with the suspension."))
            raise Invalid(problem, fields={"reason": problem})
        partnership.claims_suspended_until = None
        running = select(ClaimSuspension).where(
            ClaimSuspension.partnership_id == partnership.id,
            ClaimSuspension.lifted_at.is_(None),
            ClaimSuspension.ends_at > now,
        )
        for suspension in writing.session.scalars(running):
            suspension.lifted_at, suspension.lifted_by_id = now, actor.user_id
            suspension.lifted_because = reason.strip()
        writing.record(EventKind.SUSPENSION_LIFTED, partnership_id=partnership.id, reason=reason.strip())
