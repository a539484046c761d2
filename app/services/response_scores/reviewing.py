"""Deciding a territory review: a person looks at the figures, nobody loses territory without that."""

from __future__ import annotations

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.models import TerritoryReview
from app.services.network.writing import network_writing

_KEEPS = Phrase(N_("It keeps its territory."))
_ENDS = Phrase(N_("Its territory is to end."))


def decide_territory_review(*, actor: Viewer, review_id: int, keeps_territory: bool, note: str) -> int:
    """Keep what a person decided about a partner's territory, and why; returns the partnership's id (W-15).

    The decision itself takes no territory away: its lines are ended by hand on the partner's territory page. Raises
    `Forbidden`, `NotFound`, `Invalid` without a note, and `Refused` when it is decided already, so also on a second
    call.
    """
    with network_writing(actor) as writing:
        review = writing.find(TerritoryReview, review_id, locked=True)
        if review.decided_at is not None:
            raise Refused(Phrase(N_("Somebody has decided this already.")), code="decided")
        if not note.strip():
            problem = Phrase(N_("Say why; the reason stays with the review."))
            raise Invalid(problem, fields={"note": problem})
        review.decided_at, review.decided_by_id = read_clock(writing.session), actor.user_id
        review.keeps_territory, review.note = keeps_territory, note.strip()
        writing.record(
            EventKind.TERRITORY_REVIEW_DECIDED,
            partnership_id=review.partnership_id,
            decided=(_KEEPS if keeps_territory else _ENDS).to_json(),
            reason=note.strip(),
        )
        return review.partnership_id
