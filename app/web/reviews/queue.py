"""The queue with one question beside it: reading, answering, taking back, giving to a colleague."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.errors import Invalid, Refused
from app.domain.labels import label_of
from app.domain.leads import LeadState, ReviewReason
from app.domain.review import ANSWERS, ReviewDecision
from app.localisation import phrase_text
from app.queries.accounts.listing import AccountFilter, list_accounts
from app.queries.reviews import (
    READER_ROLES,
    REVIEWER_ROLES,
    QueuedItem,
    ReviewPage,
    following_review,
    latest_decision,
    open_review_of,
    review_page,
    review_queue,
)
from app.services import reviews
from app.web.access import allowed, current_viewer
from app.web.htmx import is_htmx, redrawn_at
from app.web.reviews.blueprint import blueprint
from app.web.reviews.narrowing import arguments, chips, wanted_filter
from app.web.reviews.words import KEYS, reason_text

FOUND_SHOWN = 5
PAGE, FRAGMENT = "reviews/index.html", "reviews/_reviews.html"


@blueprint.get("/reviews")
@allowed(*READER_ROLES)
def index() -> str:
    """Everything that waits for a person, with the first question open beside it."""
    queue = review_queue(viewer=current_viewer(), wanted=wanted_filter())
    return _drawn(PAGE, next((item.review_id for item in queue.items if item.review_id), None))


@blueprint.get("/reviews/<int:review_id>")
@allowed(*READER_ROLES)
def detail(review_id: int) -> str:
    """One question with its evidence, beside the list."""
    return _drawn(PAGE, review_id)


@blueprint.get("/leads/<uuid:lead_id>/review")
@allowed(*READER_ROLES)
def of_lead(lead_id: uuid.UUID) -> ResponseReturnValue:
    """To the question about a lead, for mails and for the lead's page."""
    review_id = open_review_of(viewer=current_viewer(), lead_id=lead_id)
    return redirect(url_for("reviews.detail", review_id=review_id), code=302)


@blueprint.post("/reviews/<int:review_id>/decide")
@allowed(*REVIEWER_ROLES)
def decide(review_id: int) -> ResponseReturnValue:
    """Answer the question; the next one of the list opens."""
    viewer, wanted = current_viewer(), wanted_filter()
    page = review_page(viewer=viewer, review_id=review_id)
    answer = request.form.get("decision", "")
    if answer not in ANSWERS:
        return _drawn(_template(), review_id, problem=_("Choose one of the answers.")), 422
    decision = ReviewDecision(answer)
    try:
        decided = reviews.decide_review(
            review_id=review_id,
            decision=decision,
            actor=viewer,
            account_id=request.form.get("account_id", type=int),
            note=_note(decision),
            learns="learns" in request.form,
        )
    except Invalid as invalid:
        return _drawn(_template(), review_id, problem=phrase_text(invalid.phrase)), 422
    except Refused as refused:
        return _drawn(_template(), review_id, refused=refused), 409
    following = following_review(viewer=viewer, wanted=wanted, due_at=page.due_at, review_id=review_id)
    return _moved(following, _became(decided, page.lead.company or page.lead.reference))


@blueprint.post("/reviews/<int:review_id>/undo")
@allowed(*REVIEWER_ROLES)
def undo(review_id: int) -> ResponseReturnValue:
    """Take a decision back; its question opens again."""
    viewer = current_viewer()
    page = review_page(viewer=viewer, review_id=review_id)
    try:
        reviews.undo_decision(review_id=review_id, actor=viewer)
    except Refused as refused:
        return _drawn(_template(), review_id, refused=refused), 409
    return _moved(review_id, _("%(company)s: taken back.", company=page.lead.company or page.lead.reference))


@blueprint.post("/reviews/<int:review_id>/owner")
@allowed(*REVIEWER_ROLES)
def give(review_id: int) -> ResponseReturnValue:
    """Give the question to a colleague."""
    viewer = current_viewer()
    review_page(viewer=viewer, review_id=review_id)
    chosen = request.form.get("owner", "")
    if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        return _drawn(_template(), review_id, problem=_("Choose a colleague who may decide about leads.")), 422
    try:
        reviews.give_review(review_id=review_id, user_id=int(chosen) if chosen else None, actor=viewer)
    except Invalid as invalid:
        return _drawn(_template(), review_id, problem=phrase_text(invalid.phrase)), 422
    except Refused as refused:
        return _drawn(_template(), review_id, refused=refused), 409
    return _moved(review_id, _("Saved."))


@blueprint.post("/reviews/together")
@allowed(*REVIEWER_ROLES)
def together() -> ResponseReturnValue:
    """Give every ticked question the same answer."""
    ids = request.form.getlist("review_id", type=int)
    answer = request.form.get("decision", "")
    if not ids or answer not in ANSWERS:
        first = review_queue(viewer=current_viewer(), wanted=wanted_filter()).items
        opened = next((item.review_id for item in first if item.review_id), None)
        return _drawn(_template(), opened, problem=_("Tick the leads, and choose one answer for all of them.")), 422
    decision = ReviewDecision(answer)
    done = reviews.decide_reviews(
        review_ids=ids, decision=decision, actor=current_viewer(), note=_note(decision), learns="learns" in request.form
    )
    queue = review_queue(viewer=current_viewer(), wanted=wanted_filter())
    opened = next((item.review_id for item in queue.items if item.review_id), None)
    said = ngettext(
        "%(num)s lead: %(decision)s.", "%(num)s leads: %(decision)s.", done.decided, decision=_told(decision)
    )
    for phrase, count in done.reasons:
        said = f"{said} {count} × {phrase_text(phrase)}"
    return _moved(opened, said)


def _moved(review_id: int | None, message: str) -> ResponseReturnValue:
    """Show another question of the same list, or the list alone when none is left."""
    kept = arguments(wanted_filter())
    url = url_for("reviews.detail", review_id=review_id, **kept) if review_id else url_for("reviews.index", **kept)
    return redrawn_at(lambda: _drawn(FRAGMENT, review_id), url, message)


def _drawn(template: str, review_id: int | None, *, problem: str = "", refused: Refused | None = None) -> str:
    viewer, wanted = current_viewer(), wanted_filter()
    search = request.args.get("search", "").strip()
    found = list_accounts(viewer=viewer, wanted=AccountFilter(search=search)).rows[:FOUND_SHOWN] if search else []
    queue = review_queue(viewer=viewer, wanted=wanted)
    review = review_page(viewer=viewer, review_id=review_id, found=[row.id for row in found]) if review_id else None
    return render_template(
        template,
        queue=queue,
        review=review,
        now=queue.now,
        chips=chips(queue, wanted),
        kept=arguments(wanted),
        latest=latest_decision(viewer=viewer),
        neighbours=_neighbours(queue.items, review),
        search=search,
        keys=KEYS,
        may_decide=viewer.has_role(*REVIEWER_ROLES),
        learns_by_itself=review is not None and review.reason is ReviewReason.NEAR_MATCH,
        is_moved=is_htmx(),
        problem=problem,
        refused=refused,
    )


def _neighbours(items: tuple[QueuedItem, ...], review: ReviewPage | None) -> dict[str, int | None]:
    """The questions above and below the open one; for one that is no longer in the list, the first."""
    ids = [item.review_id for item in items if item.review_id]
    if review is None or review.id not in ids:
        return {"previous": None, "next": ids[0] if ids else None}
    place = ids.index(review.id)
    return {"previous": ids[place - 1] if place else None, "next": ids[place + 1] if place + 1 < len(ids) else None}


def _note(decision: ReviewDecision) -> str:
    note = request.form.get("note", "").strip()
    return reason_text(request.form.get("why", ""), note) if decision is ReviewDecision.DISQUALIFIED else note


def _became(decided: reviews.Decided, company: str) -> str:
    """What was decided, and what really became of the lead: it may wait here again."""
    said = _("%(company)s: %(decision)s.", company=company, decision=_told(decided.decision))
    if decided.has_learnt:
        said = _("%(said)s The name was remembered.", said=said)
    if decided.state is LeadState.IN_REVIEW and decided.waits_for is not None:
        reason = phrase_text(label_of(decided.waits_for))
        return _("%(said)s But it waits here again: %(reason)s.", said=said, reason=reason)
    if decided.decision is not ReviewDecision.DISQUALIFIED:
        said = _("%(said)s Now: %(state)s.", said=said, state=phrase_text(label_of(decided.state)))
    return said


def _told(decision: ReviewDecision) -> str:
    return phrase_text(label_of(decision))


def _template() -> str:
    return FRAGMENT if is_htmx() else PAGE
