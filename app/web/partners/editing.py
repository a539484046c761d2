"""Taking a partner in, and changing it."""

from __future__ import annotations

from typing import TypeVar

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.departures import LeadsChoice
from app.domain.errors import Invalid, Refused
from app.domain.labels import label_of
from app.domain.network.changes import StaleEdit
from app.domain.network.drafts import PartnershipDraft
from app.domain.partners import PartnershipStatus
from app.localisation import phrase_text
from app.queries.departure_preview import departure_preview
from app.queries.network.choices import (
    channel_manager_choices,
    partnership_choices,
    sales_manager_choices,
    tier_choices,
)
from app.queries.network.partners import PartnerOverview, partner_overview
from app.services.network.partnerships import change_partnership, create_partnership
from app.web.access import allowed, current_viewer
from app.web.fields import with_none
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.partners.blueprint import blueprint
from app.web.partners.forms import PartnerEditForm, PartnerForm
from app.web.places import country_choices
from app.web.problems import both_versions, drawn_as, show_problems

Form = TypeVar("Form", bound=PartnerForm)
_FIELDS = tuple(PartnershipDraft.__dataclass_fields__)


@blueprint.get("/new")
@allowed(*NETWORK_WRITERS)
def new() -> str:
    """The form to take a partner in."""
    return _new_page(_filled(PartnerForm()))


@blueprint.post("/new")
@allowed(*NETWORK_WRITERS)
def create() -> ResponseReturnValue:
    """Take a partner in."""
    form = _filled(PartnerForm())
    if not form.validate():
        return _new_page(form), 422
    try:
        partnership_id = create_partnership(actor=current_viewer(), draft=_draft(form))
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _new_page(form), status
    flash(_("%(name)s is taken in. Say next what it may sell, and where.", name=form.name.data), "success")
    return go_to(url_for("partners.products", partnership_id=partnership_id))


@blueprint.get("/<int:partnership_id>/edit")
@allowed(*NETWORK_WRITERS)
def edit(partnership_id: int) -> str:
    """The form to change a partner."""
    partner = partner_overview(viewer=current_viewer(), partnership_id=partnership_id)
    form = _filled(PartnerEditForm(obj=partner.draft, version=partner.version), partner)
    return _edit_page(partner, form)


@blueprint.post("/<int:partnership_id>/edit")
@allowed(*NETWORK_WRITERS)
def change(partnership_id: int) -> ResponseReturnValue:
    """Change a partner; when somebody saved meanwhile, show both versions."""
    viewer = current_viewer()
    partner = partner_overview(viewer=viewer, partnership_id=partnership_id)
    form = _filled(PartnerEditForm(), partner)
    if not form.validate():
        return _edit_page(partner, form), 422
    try:
        change_partnership(
            actor=viewer,
            partnership_id=partnership_id,
            version=form.version.data or 0,
            draft=_draft(form),
            leads=_leads_choice(form),
            reason=form.reason.data or "",
        )
    except StaleEdit as stale:
        show_problems(form, stale)
        return _edit_page(partner, form, stale), 409
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _edit_page(partner, form), status
    flash(_("Saved."), "success")
    return go_to(url_for("partners.detail", partnership_id=partnership_id))


def _filled(form: Form, partner: PartnerOverview | None = None) -> Form:
    """The form with what there is to choose from."""
    viewer = current_viewer()
    own_id = partner.id if partner else None
    is_ended = partner is not None and partner.draft.status is PartnershipStatus.ENDED
    statuses = [status for status in PartnershipStatus if is_ended or status is not PartnershipStatus.ENDED]
    form.country.choices = [("", _("Not known")), *country_choices()]
    form.status.choices = [(status.value, phrase_text(label_of(status))) for status in statuses]
    form.tier_id.choices = tier_choices(viewer=viewer)
    form.channel_manager_id.choices = with_none(channel_manager_choices(viewer=viewer), _("Nobody"))
    form.backup_partnership_id.choices = with_none(partnership_choices(viewer=viewer, but_id=own_id), _("None"))
    form.successor_partnership_id.choices = with_none(partnership_choices(viewer=viewer, but_id=own_id), _("None"))
    if partner is None:
        del form.sales_manager_id
        form.status.data = form.status.data or PartnershipStatus.ACTIVE.value
        form.time_zone.data = form.time_zone.data or viewer.time_zone
        form.working_hours.data = form.working_hours.data or "mon-fri 09:00-17:00"
    else:
        managers = sales_manager_choices(viewer=viewer, partnership_id=partner.id)
        form.sales_manager_id.choices = with_none(managers, _("Nobody"))
    if isinstance(form, PartnerEditForm):
        form.leads.choices = [(choice.value, phrase_text(label_of(choice))) for choice in LeadsChoice]
        if is_ended or partner is None or not partner.works_now:
            del form.leads
    return form


def _leads_choice(form: PartnerEditForm) -> LeadsChoice | None:
    chosen = form.leads.data if form.leads else None
    return LeadsChoice(chosen) if chosen else None


def _draft(form: PartnerForm) -> PartnershipDraft:
    values = {name: form[name].data for name in _FIELDS if name in form}
    values |= {"status": PartnershipStatus(values["status"]), "country": values["country"] or None}
    return PartnershipDraft(**values)


def _new_page(form: PartnerForm) -> str:
    return render_template(
        drawn_as("partners/new.html", "partners/_form.html"),
        form=form,
        url=url_for("partners.create"),
        back_url=url_for("partners.index"),
        versions=[],
    )


def _edit_page(partner: PartnerOverview, form: PartnerEditForm, stale: StaleEdit | None = None) -> str:
    return render_template(
        drawn_as("partners/edit.html", "partners/_form.html"),
        form=form,
        url=url_for("partners.change", partnership_id=partner.id),
        back_url=url_for("partners.detail", partnership_id=partner.id),
        versions=both_versions(form, stale) if stale else [],
        preview=departure_preview(viewer=current_viewer(), partnership_id=partner.id) if form.leads else None,
        **partner_context(current_viewer(), partner.id),
    )
