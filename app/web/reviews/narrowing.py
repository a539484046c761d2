"""The filters of the queue: read from the address, drawn as chips, kept in every link of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.domain.labels import label_of
from app.domain.leads import ReviewReason
from app.localisation import phrase_text
from app.queries.reviews import ReviewFilter, ReviewQueue


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter with how many it leaves; an active one's link takes it off again."""

    label: str
    url: str
    is_active: bool


def wanted_filter() -> ReviewFilter:
    """What the address narrows the list to; anything unknown narrows nothing."""
    reason = request.args.get("reason", "")
    return ReviewFilter(
        reason=ReviewReason(reason) if reason in list(ReviewReason) else None,
        is_mine=request.args.get("mine") == "1",
        is_overdue=request.args.get("overdue") == "1",
    )


def arguments(wanted: ReviewFilter) -> dict[str, Any]:
    """The filter as it stands in an address."""
    said = {
        "reason": wanted.reason.value if wanted.reason else "",
        "mine": "1" if wanted.is_mine else "",
        "overdue": "1" if wanted.is_overdue else "",
    }
    return {name: value for name, value in said.items() if value}


def chips(queue: ReviewQueue, wanted: ReviewFilter) -> list[Chip]:
    """Mine, overdue, and each reason for which anything waits; an active filter always has its chip."""
    reasons = [reason for reason in ReviewReason if queue.counts.get(reason) or reason is wanted.reason]
    return [
        _chip(_("Mine"), queue.mine, replace(wanted, is_mine=not wanted.is_mine), wanted.is_mine),
        _chip(_("Overdue"), queue.overdue, replace(wanted, is_overdue=not wanted.is_overdue), wanted.is_overdue),
        *(
            _chip(
                phrase_text(label_of(reason)),
                queue.counts.get(reason, 0),
                replace(wanted, reason=None if reason is wanted.reason else reason),
                reason is wanted.reason,
            )
            for reason in reasons
        ),
    ]


def _chip(label: str, count: int, after: ReviewFilter, is_active: bool) -> Chip:
    return Chip(f"{label} {count}", url_for("reviews.index", **arguments(after)), is_active)
