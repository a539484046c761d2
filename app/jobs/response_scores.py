"""Response scores: counting what was noted, and what has lapsed."""

from __future__ import annotations

from app.services import response_scores


def settle_responses() -> int:
    """Count the answers and silences noted since, with what follows from them."""
    return response_scores.settle_responses()


def recount_lapsed_scores() -> int:
    """Count scores anew whose losses may have lapsed."""
    return response_scores.recount_lapsed_scores()
