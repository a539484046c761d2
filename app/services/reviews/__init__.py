"""Deciding about leads that no rule decides: one question, several together, whole patterns; and taking it back."""

from app.services.reviews.bulk_linking import BulkLinked, BulkUndone, link_in_bulk, undo_bulk_link
from app.services.reviews.deciding import Decided, DecidedTogether, decide_review, decide_reviews
from app.services.reviews.owning import give_review
from app.services.reviews.undoing import undo_decision

__all__ = [
    "BulkLinked",
    "BulkUndone",
    "Decided",
    "DecidedTogether",
    "decide_review",
    "decide_reviews",
    "give_review",
    "link_in_bulk",
    "undo_bulk_link",
    "undo_decision",
]
