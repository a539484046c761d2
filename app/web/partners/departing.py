"""Ending a partnership, and letting the leads of a resting partner go to others; both say where they would go."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.departures import RESTING
from app.domain.identity import MANUFACTURER_ROLES
from app.queries.belongings import what_partnership_owns
from app.queries.departure_preview import departure_preview
from app.queries.departures import departure_progress
from app.queries.network.choices import partnership_choices, taker_choices
from app.queries.network.partners import PartnerOverview, partner_overview
from app.services.network.partnerships import end_partnership, move_leads
from app.web.access import allowed, current_viewer
from app.web.fields import owner_choices
from app.web.htmx import go_to, is_htmx, polled
from app.web.markup import reader_language
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.partners.blueprint import blueprint
from app.web.partners.forms import EndForm
from app.web.problems import drawn_as, saved


@blueprint.get("/<int:partnership_id>/end")
@allowed(*NETWORK_WRITERS)
def end_page(partnership_id: int) -> str:
    """What ending the partnership means, where its leads would go, and the button."""
    partner = partner_overview(viewer=current_viewer(), partnership_id=partnership_id)
    form = _end_form(partner, formdata=request.args)
    form.version.raw_data, form.version.data = None, partner.version
    return _end_page(partner, form)


@blueprint.post("/<int:partnership_id>/end")
@allowed(*NETWORK_WRITERS)
def end(partnership_id: int) -> ResponseReturnValue:
    """End the partnership."""
    viewer = current_viewer()
    partner = partner_overview(viewer=viewer, partnership_id=partnership_id)
    form = _end_form(partner, formdata=request.form)
    if not form.validate():
        return _end_page(partner, form), 422
    version, successor = form.version.data or 0, form.successor.data
    return saved(
        form,
        lambda: end_partnership(actor=viewer, partnership_id=partnership_id, version=version, successor=successor),
        lambda: _end_page(partner, form),
        done=_("The partnership has ended."),
        url=url_for("partners.detail", partnership_id=partnership_id),
    )


@blueprint.get("/<int:partnership_id>/move-leads")
@allowed(*NETWORK_WRITERS)
def move_page(partnership_id: int) -> str:
    """Where the leads would go that a resting partner still works, and the button."""
    viewer = current_viewer()
    return render_template(
        "partners/move_leads.html",
        preview=departure_preview(viewer=viewer, partnership_id=partnership_id),
        resting=RESTING,
        **partner_context(viewer, partnership_id),
    )


@blueprint.post("/<int:partnership_id>/move-leads")
@allowed(*NETWORK_WRITERS)
def move(partnership_id: int) -> ResponseReturnValue:
    """Let the leads of a resting partner go to others."""
    move_leads(actor=current_viewer(), partnership_id=partnership_id)
    return go_to(url_for("partners.detail", partnership_id=partnership_id))


@blueprint.get("/<int:partnership_id>/departure")
@allowed(*MANUFACTURER_ROLES)
def departure(partnership_id: int) -> ResponseReturnValue:
    """How many of a departing partner's leads have gone; polled while some are left, then the page is shown anew."""
    viewer = current_viewer()
    progress = departure_progress(viewer=viewer, partnership_id=partnership_id)
    if progress is None or not (is_htmx() and progress.is_under_way):
        if progress is not None and is_htmx() and not progress.is_stopped:
            flash(_("The leads that were to go have gone: see below where."), "success")
        return go_to(url_for("partners.detail", partnership_id=partnership_id))
    return polled(
        f"{progress.version}-{reader_language()}",
        lambda: render_template(
            "partners/_departure.html", departure=progress, **partner_context(viewer, partnership_id)
        ),
    )


def _end_form(partner: PartnerOverview, **values: object) -> EndForm:
    """The form with everybody who may take over."""
    viewer = current_viewer()
    form = EndForm(**values)
    partners = partnership_choices(viewer=viewer, but_id=partner.id)
    is_needed = bool(what_partnership_owns(viewer=viewer, partnership_id=partner.id))
    nobody = _("Choose") if is_needed else _("Nobody")
    form.successor.choices = owner_choices(taker_choices(viewer=viewer), partners, nobody)
    form.successor.flags.required = is_needed
    return form


def _end_page(partner: PartnerOverview, form: EndForm) -> str:
    viewer = current_viewer()
    known = [choice[0] for choice in form.successor.choices or ()]
    chosen = form.successor.data if request.values.get("successor", "") in known else None
    return render_template(
        drawn_as("partners/end.html", "partners/_end.html"),
        form=form,
        owned=what_partnership_owns(viewer=viewer, partnership_id=partner.id),
        preview=departure_preview(viewer=viewer, partnership_id=partner.id, successor=chosen),
        **partner_context(viewer, partner.id),
    )
