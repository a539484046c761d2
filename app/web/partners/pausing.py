"""Pausing a partner and taking it up again; each page says what becomes of its offers and its leads first."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.departures import RESTING, LeadsChoice
from app.domain.labels import label_of
from app.domain.partners import PartnershipStatus
from app.localisation import phrase_text
from app.queries.departure_preview import departure_preview
from app.queries.network.partners import PartnerOverview, partner_overview
from app.services.network.pausing import pause_partnership, resume_partnership
from app.web.access import allowed, current_viewer
from app.web.partner_pages import NETWORK_WRITERS, partner_context
from app.web.partners.blueprint import blueprint
from app.web.partners.forms import PauseForm, ResumeForm
from app.web.problems import drawn_as, saved


@blueprint.get("/<int:partnership_id>/pause")
@allowed(*NETWORK_WRITERS)
def pause_page(partnership_id: int) -> str:
    """What pausing the partner means for its offers and its leads, and the button."""
    partner = partner_overview(viewer=current_viewer(), partnership_id=partnership_id)
    return _pause_page(partner, _pause_form(partner, PauseForm(version=partner.version)))


@blueprint.post("/<int:partnership_id>/pause")
@allowed(*NETWORK_WRITERS)
def pause(partnership_id: int) -> ResponseReturnValue:
    """Pause the partner."""
    viewer = current_viewer()
    partner = partner_overview(viewer=viewer, partnership_id=partnership_id)
    form = _pause_form(partner, PauseForm())
    if not form.validate():
        return _pause_page(partner, form), 422
    return saved(
        form,
        lambda: pause_partnership(
            actor=viewer,
            partnership_id=partnership_id,
            version=form.version.data or 0,
            leads=LeadsChoice(form.leads.data) if form.leads else None,
            reason=form.reason.data or "",
        ),
        lambda: _pause_page(partner, form),
        done=_("%(name)s is paused, and is told so.", name=partner.draft.name),
        url=url_for("partners.detail", partnership_id=partnership_id),
    )


@blueprint.get("/<int:partnership_id>/resume")
@allowed(*NETWORK_WRITERS)
def resume_page(partnership_id: int) -> str:
    """What it means that a partner takes part again, and the button."""
    partner = partner_overview(viewer=current_viewer(), partnership_id=partnership_id)
    return _resume_page(partner, ResumeForm())


@blueprint.post("/<int:partnership_id>/resume")
@allowed(*NETWORK_WRITERS)
def resume(partnership_id: int) -> ResponseReturnValue:
    """Let the partner take part again."""
    viewer = current_viewer()
    partner = partner_overview(viewer=viewer, partnership_id=partnership_id)
    form = ResumeForm()
    if not form.validate():
        return _resume_page(partner, form), 422
    return saved(
        form,
        lambda: resume_partnership(actor=viewer, partnership_id=partnership_id, reason=form.reason.data or ""),
        lambda: _resume_page(partner, form),
        done=_("%(name)s takes part again, and is told so.", name=partner.draft.name),
        url=url_for("partners.detail", partnership_id=partnership_id),
    )


def _pause_form(partner: PartnerOverview, form: PauseForm) -> PauseForm:
    """The form; of a partner that works nothing nobody has to say what becomes of its leads."""
    form.leads.choices = [(choice.value, phrase_text(label_of(choice))) for choice in LeadsChoice]
    if not partner.works_now:
        del form.leads
    return form


def _pause_page(partner: PartnerOverview, form: PauseForm) -> str:
    viewer = current_viewer()
    return render_template(
        drawn_as("partners/pause.html", "partners/_pause.html"),
        form=form,
        is_active=partner.draft.status is PartnershipStatus.ACTIVE,
        preview=departure_preview(viewer=viewer, partnership_id=partner.id),
        **partner_context(viewer, partner.id),
    )


def _resume_page(partner: PartnerOverview, form: ResumeForm) -> str:
    return render_template(
        drawn_as("partners/resume.html", "partners/_resume.html"),
        form=form,
        is_resting=partner.draft.status in RESTING - {PartnershipStatus.ENDED},
        **partner_context(current_viewer(), partner.id),
    )
