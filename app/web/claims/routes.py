"""One offer: look at it, claim it, decline it."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.distribution import DeclineReason
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import PARTNER_ROLES, Viewer
from app.localisation import phrase_text
from app.queries.board import OfferView, claimable_count, offer_view
from app.services.claims import claim_offer, decline_offer
from app.services.offers import mark_seen
from app.web.access import allowed, current_viewer
from app.web.claims.forms import DeclineForm
from app.web.htmx import go_to, is_htmx
from app.web.offers import draw_answer

blueprint = Blueprint("claims", __name__, url_prefix="/offers")


@blueprint.get("/<uuid:offer_id>")
@allowed(*PARTNER_ROLES)
def detail(offer_id: uuid.UUID) -> str:
    """One offer, blinded as long as it is not the partner's own."""
    return _page(_view(offer_id, current_viewer()))


@blueprint.post("/<uuid:offer_id>/claim")
@allowed(*PARTNER_ROLES)
def claim(offer_id: uuid.UUID) -> ResponseReturnValue:
    """Take the lead: the row drawn anew, or the lead's page; refused, the row or the page with the reason."""
    viewer = current_viewer()
    try:
        claimed = claim_offer(offer_id=offer_id, actor=viewer)
    except Refused as refusal:
        return _refused(offer_id, viewer, refusal)
    if is_htmx():
        return draw_answer(_view(offer_id, viewer), claimable_count(viewer=viewer), is_new=True)
    return go_to(url_for("cockpit.detail", lead_id=claimed.lead_id))


@blueprint.post("/<uuid:offer_id>/decline")
@allowed(*PARTNER_ROLES)
def decline(offer_id: uuid.UUID) -> ResponseReturnValue:
    """Say no, with a reason; then back to the board."""
    viewer = current_viewer()
    form = DeclineForm()
    if not form.validate():
        return _page(_view(offer_id, viewer), form), 422
    try:
        decline_offer(
            offer_id=offer_id, actor=viewer, reason=DeclineReason(form.reason.data), note=form.text.data or ""
        )
    except Invalid as error:
        form.text.errors = [phrase_text(error.phrase)]
        return _page(_view(offer_id, viewer), form), 422
    except Refused as refusal:
        return _refused(offer_id, viewer, refusal)
    flash(_("Declined. This lead is not offered to you again."), "success")
    return go_to(url_for("board.index"))


@blueprint.post("/seen")
@allowed(*PARTNER_ROLES)
def seen() -> ResponseReturnValue:
    """Note which offers a person has had on the screen; sent by the page itself, since looking must not write."""
    mark_seen(offer_ids=_readable_ids(request.form.getlist("offer")), actor=current_viewer())
    return Response(status=204)


def _readable_ids(texts: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError:
        raise NotFound from None


def _view(offer_id: uuid.UUID, viewer: Viewer) -> OfferView:
    view = offer_view(viewer=viewer, offer_id=offer_id)
    if view is None:
        raise NotFound
    return view


def _refused(offer_id: uuid.UUID, viewer: Viewer, refusal: Refused) -> ResponseReturnValue:
    """The rule, the number and the remedy, in the row or on the offer's page; of a hidden offer the words alone."""
    view = offer_view(viewer=viewer, offer_id=offer_id)
    if view is None:
        raise refusal
    if is_htmx():
        return draw_answer(view, claimable_count(viewer=viewer), refusal=refusal), 409
    return _page(view, refusal=refusal), 409


def _page(view: OfferView, form: DeclineForm | None = None, refusal: Refused | None = None) -> str:
    return render_template("claims/detail.html", view=view, form=form or DeclineForm(), refusal=refusal)
