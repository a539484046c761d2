"""Response scores: noting what a partner did or left undone, counting it, and what follows from a fallen score."""

from app.services.response_scores.lifting import lift_suspension
from app.services.response_scores.noting import note_response
from app.services.response_scores.reviewing import decide_territory_review
from app.services.response_scores.settling import recount_lapsed_scores, settle_responses

__all__ = [
    "decide_territory_review",
    "lift_suspension",
    "note_response",
    "recount_lapsed_scores",
    "settle_responses",
]
