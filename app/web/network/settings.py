"""The manufacturer's numbers and levels."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.network.changes import StaleEdit
from app.domain.network.drafts import SettingsDraft, TierDraft
from app.queries.network.choices import seller_choices
from app.queries.network.settings import list_tiers, manufacturer_settings, tier_draft
from app.services.network.settings import change_settings, change_tier, create_tier
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.network.blueprint import blueprint
from app.web.network.forms import SettingsForm, TierForm
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import both_versions, drawn_as, show_problems


@blueprint.get("/settings")
@allowed(*MANUFACTURER_ROLES)
def settings() -> str:
    """The numbers and levels; those who may write get them as a form."""
    page = manufacturer_settings(viewer=current_viewer())
    return _settings_page(_form(obj=page.draft, version=page.version))


@blueprint.post("/settings")
@allowed(*NETWORK_WRITERS)
def change() -> ResponseReturnValue:
    """Change the numbers; when somebody saved meanwhile, show both versions."""
    form = _form()
    if not form.validate():
        return _settings_page(form), 422
    values = {name: form[name].data for name in SettingsDraft.__dataclass_fields__}
    lists = {name: tuple(values[name] or ()) for name in ("shown_fields", "executive_titles")}
    draft = SettingsDraft(**values | lists)
    try:
        change_settings(actor=current_viewer(), version=form.version.data or 0, draft=draft)
    except StaleEdit as stale:
        show_problems(form, stale)
        return _settings_page(form, stale), 409
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _settings_page(form), status
    flash(_("Saved. Deadlines that run keep their time."), "success")
    return go_to(url_for("network.settings"))


@blueprint.get("/settings/tiers/new")
@allowed(*NETWORK_WRITERS)
def new_tier() -> str:
    """The form to add a level."""
    return _tier_page(TierForm())


@blueprint.post("/settings/tiers/new")
@allowed(*NETWORK_WRITERS)
def add_tier() -> ResponseReturnValue:
    """Add a level."""
    form = TierForm()
    if not form.validate():
        return _tier_page(form), 422
    try:
        create_tier(actor=current_viewer(), draft=_tier(form))
    except Invalid as error:
        show_problems(form, error)
        return _tier_page(form), 422
    flash(_("%(name)s is added.", name=form.name.data), "success")
    return go_to(url_for("network.settings"))


@blueprint.get("/settings/tiers/<int:tier_id>")
@allowed(*NETWORK_WRITERS)
def edit_tier(tier_id: int) -> str:
    """The form to change a level."""
    return _tier_page(TierForm(obj=tier_draft(viewer=current_viewer(), tier_id=tier_id)), tier_id)


@blueprint.post("/settings/tiers/<int:tier_id>")
@allowed(*NETWORK_WRITERS)
def save_tier(tier_id: int) -> ResponseReturnValue:
    """Change a level."""
    viewer = current_viewer()
    tier_draft(viewer=viewer, tier_id=tier_id)
    form = TierForm()
    if not form.validate():
        return _tier_page(form, tier_id), 422
    try:
        change_tier(actor=viewer, tier_id=tier_id, draft=_tier(form))
    except Invalid as error:
        show_problems(form, error)
        return _tier_page(form, tier_id), 422
    flash(_("Saved."), "success")
    return go_to(url_for("network.settings"))


def _tier(form: TierForm) -> TierDraft:
    return TierDraft(**{name: form[name].data for name in TierDraft.__dataclass_fields__})


def _form(**values: object) -> SettingsForm:
    """The form with everybody who may be named."""
    form = SettingsForm(**values)
    form.offer(seller_choices(viewer=current_viewer()))
    return form


def _settings_page(form: SettingsForm, stale: StaleEdit | None = None) -> str:
    viewer = current_viewer()
    return render_template(
        drawn_as("network/settings.html", "network/_settings_form.html"),
        form=form,
        tiers=list_tiers(viewer=viewer),
        versions=both_versions(form, stale) if stale else [],
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


def _tier_page(form: TierForm, tier_id: int | None = None) -> str:
    url = url_for("network.save_tier", tier_id=tier_id) if tier_id else url_for("network.add_tier")
    template = drawn_as("network/tier.html", "network/_tier_form.html")
    return render_template(template, form=form, url=url, tier_id=tier_id)
