"""Moving several leads by hand: choose who takes them, look at what happens to each, say why, see what was done."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.reassigning import LEADS_AT_ONCE, REASSIGNER_ROLES, Taker
from app.queries.reassigning import preview_reassign, reassigned, taker_choice
from app.services.reassigning import reassign_leads
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.problems import show_problems
from app.web.slipping.blueprint import blueprint
from app.web.slipping.forms import MoveForm, read_taker, seen_leads, ticked_leads


@blueprint.get("/leads/reassign")
@allowed(*REASSIGNER_ROLES)
def reassign() -> ResponseReturnValue:
    """The ticked leads, whom they may go to, and, once that is chosen, what would become of each."""
    lead_ids = ticked_leads()
    if not lead_ids:
        flash(_("Tick the leads to move first."), "warning")
        return go_to(url_for("slipping.index"))
    to = request.args.get("to", "")
    form = MoveForm(formdata=None, to=to, token=uuid.uuid4().hex)
    return _page(lead_ids, read_taker(to), form)


@blueprint.post("/leads/reassign")
@allowed(*REASSIGNER_ROLES)
def move() -> ResponseReturnValue:
    """Move the previewed leads; what cannot be moved stays, and the next page says why."""
    form, leads = MoveForm(), seen_leads()
    taker = read_taker(form.to.data or "")
    if taker is None:
        flash(_("Choose who takes them."), "warning")
        return _page(list(leads)[:LEADS_AT_ONCE], None, form), 422
    status = 422
    if form.validate() and _is_confirmed(form, list(leads)[:LEADS_AT_ONCE], taker):
        try:
            event_id = reassign_leads(
                leads=leads,
                taker=taker,
                actor=current_viewer(),
                reason=form.reason.data or "",
                token=form.token.data or "",
                is_confirmed=form.is_confirmed.data,
            )
            return go_to(url_for("slipping.moved", move_id=event_id))
        except (Invalid, Refused) as error:
            status = show_problems(form, error)
    return _page(list(leads)[:LEADS_AT_ONCE], taker, form), status


@blueprint.get("/leads/reassign/<int:move_id>")
@allowed(*REASSIGNER_ROLES)
def moved(move_id: int) -> str:
    """What became of each lead that was moved, and why some were not."""
    return render_template("slipping/moved.html", move=reassigned(viewer=current_viewer(), event_id=move_id))


def _is_confirmed(form: MoveForm, lead_ids: Collection[uuid.UUID], taker: Taker) -> bool:
    """Whether nothing speaks against the move, or the person has said that it is meant."""
    if form.is_confirmed.data:
        return True
    if not preview_reassign(viewer=current_viewer(), lead_ids=lead_ids, taker=taker).needs_word:
        return True
    form.is_confirmed.errors = [_("Read what speaks against it above, then tick this box or choose somebody else.")]
    return False


def _page(lead_ids: Collection[uuid.UUID], taker: Taker | None, form: MoveForm) -> str:
    viewer, search = current_viewer(), request.values.get("search", "")
    preview = preview_reassign(viewer=viewer, lead_ids=lead_ids, taker=taker)
    return render_template(
        "slipping/reassign.html",
        preview=preview,
        choice=taker_choice(viewer=viewer, lead_ids=[lead.id for lead in preview.leads], search=search),
        taker=taker,
        to=form.to.data,
        form=form,
        search=search,
        is_cut=len(request.args.getlist("lead")) > LEADS_AT_ONCE,
        most=LEADS_AT_ONCE,
    )
