"""Response scores: counting what partners did or left undone, and what follows from a fallen score."""

from app.services.response_scores.lifting import lift_suspension
from app.services.response_scores.reviewing import decide_territory_review
from app.services.response_scores.settling import recount_lapsed_scores, settle_responses

__all__ = [
    "decide_territory_review",
    "lift_suspension",
    "recount_lapsed_scores",
    "settle_responses",
]
