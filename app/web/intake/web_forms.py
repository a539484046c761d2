"""The hosted forms of the manufacturer, and the text prospects agree to."""

from __future__ import annotations

from flask import current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.config import Config
from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES, Role
from app.domain.labels import label_of
from app.queries.intake.web_forms import (
    FormDetail,
    form_detail,
    list_forms,
    list_partner_choices,
    list_product_choices,
    list_wordings,
)
from app.services import intake
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.intake.blueprint import blueprint
from app.web.intake.forms import WebFormForm, WordingForm
from app.web.problems import show_problems

OWNERS = (Role.ADMIN, Role.CHANNEL_MANAGER)


@blueprint.get("/forms")
@allowed(*MANUFACTURER_ROLES)
def web_forms() -> str:
    """The forms, with what came through each."""
    viewer = current_viewer()
    return render_template(
        "intake/web_forms.html",
        forms=list_forms(viewer=viewer),
        address_of=address_of,
        label_of=label_of,
        may_change=viewer.role in OWNERS,
    )


@blueprint.get("/forms/new")
@allowed(*OWNERS)
def new_web_form() -> str:
    """The empty form."""
    return _page(_filled())


@blueprint.post("/forms/new")
@allowed(*OWNERS)
def create_web_form() -> ResponseReturnValue:
    """Open a form at its address."""
    form = _filled()
    if not form.validate():
        return _page(form), 422
    try:
        form_id = intake.create_form(actor=current_viewer(), slug=(form.slug.data or "").strip(), values=_values(form))
    except Invalid as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(_("The form is open. Put its address or its code into your pages."), "success")
    return go_to(url_for("intake.web_form", form_id=form_id))


@blueprint.get("/forms/<int:form_id>")
@allowed(*OWNERS)
def web_form(form_id: int) -> str:
    """One form with its address, the code to embed it, and its settings."""
    detail = form_detail(viewer=current_viewer(), form_id=form_id)
    return _page(_filled(detail), detail)


@blueprint.post("/forms/<int:form_id>")
@allowed(*OWNERS)
def change_web_form(form_id: int) -> ResponseReturnValue:
    """Change it."""
    viewer = current_viewer()
    detail = form_detail(viewer=viewer, form_id=form_id)
    form = _filled()
    if not form.validate():
        return _page(form, detail), 422
    try:
        intake.change_form(actor=viewer, form_id=form_id, values=_values(form))
    except Invalid as error:
        status = show_problems(form, error)
        return _page(form, detail), status
    flash(_("Saved."), "success")
    return go_to(url_for("intake.web_form", form_id=form_id))


@blueprint.get("/wording")
@allowed(*MANUFACTURER_ROLES)
def wording() -> str:
    """What prospects agree to, version by version."""
    return _wording_page(None)


@blueprint.post("/wording")
@allowed(*OWNERS)
def publish_wording() -> ResponseReturnValue:
    """Publish a new version; earlier consents keep the words they were given to."""
    form = WordingForm()
    texts = {language: form[language].data or "" for language in ("en", "de", "ja")}
    try:
        version = intake.write_consent_wording(actor=current_viewer(), wordings=texts)
    except Invalid as error:
        show_problems(form, error)
        return _wording_page(form), 422
    flash(_("Version %(version)s is shown on every form from now on.", version=version), "success")
    return go_to(url_for("intake.wording"))


def address_of(slug: str) -> str:
    """Where prospects find the form."""
    config: Config = current_app.extensions["config"]
    return config.base_url + url_for("forms.fill_in", slug=slug)


def _embed_code(detail: FormDetail) -> str:
    """What the manufacturer pastes into its own page."""
    code = Markup('<iframe src="{}?lang={}" title="{}" width="100%" height="1100" loading="lazy"></iframe>')
    return str(code.format(address_of(detail.slug), detail.language, detail.title))


def _filled(detail: FormDetail | None = None) -> WebFormForm:
    viewer = current_viewer()
    form = WebFormForm(obj=detail)
    form.offer(list_product_choices(viewer=viewer), list_partner_choices(viewer=viewer))
    return form


def _values(form: WebFormForm) -> intake.FormValues:
    return intake.FormValues(
        title=form.title.data or "",
        intro=(form.intro.data or "").strip(),
        language=form.language.data or "en",
        campaign=(form.campaign.data or "").strip(),
        product_line_ids=tuple(form.product_line_ids.data or ()),
        consent_scope=form.consent_scope.data,
        named_partnership_ids=tuple(form.named_partnership_ids.data or ()),
        allowed_origins=tuple(form.allowed_origins.data or ()),
        is_active=bool(form.is_active.data),
    )


def _page(form: WebFormForm, detail: FormDetail | None = None) -> str:
    return render_template(
        "intake/web_form.html",
        form=form,
        detail=detail,
        address=address_of(detail.slug) if detail else "",
        embed_code=_embed_code(detail) if detail else "",
    )


def _wording_page(form: WordingForm | None) -> str:
    viewer = current_viewer()
    versions = list_wordings(viewer=viewer)
    return render_template(
        "intake/wording.html",
        form=form or WordingForm(formdata=None, data=versions[0].texts if versions else {}),
        versions=versions,
        may_change=viewer.role in OWNERS,
    )
