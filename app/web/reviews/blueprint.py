"""The blueprint that the pages of the review queue share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.reviews.words import answer_label, disqualify_reasons, signal_label, usual_reason

blueprint = Blueprint("reviews", __name__)


@blueprint.context_processor
def shared_words() -> dict[str, Any]:
    """What the pages call the answers, what speaks for an account, and why a lead is taken out."""
    return {
        "answer_label": answer_label,
        "disqualify_reasons": disqualify_reasons,
        "signal_label": signal_label,
        "usual_reason": usual_reason,
    }
