"""The review queue: everything that waits for a person of the manufacturer, and the evidence of one question."""

from app.queries.reviews.answers import reasons_answered, rejected_accounts
from app.queries.reviews.candidates import Candidate, CandidateName
from app.queries.reviews.page import LatestDecision, ReviewPage, latest_decision, open_review_of, review_page
from app.queries.reviews.queue import (
    READER_ROLES,
    REVIEWER_ROLES,
    QueuedItem,
    ReviewFilter,
    ReviewQueue,
    following_review,
    review_queue,
)

__all__ = [
    "READER_ROLES",
    "REVIEWER_ROLES",
    "Candidate",
    "CandidateName",
    "LatestDecision",
    "QueuedItem",
    "ReviewFilter",
    "ReviewPage",
    "ReviewQueue",
    "following_review",
    "latest_decision",
    "open_review_of",
    "reasons_answered",
    "rejected_accounts",
    "review_page",
    "review_queue",
]
