"""A person's keys for the API."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.api_keys import SCOPES_OF
from app.domain.errors import Invalid
from app.domain.labels import label_of
from app.localisation import phrase_text
from app.queries.identity import own_account
from app.services import identity
from app.web.access import EVERYBODY, allowed, current_viewer
from app.web.htmx import is_htmx, redrawn_or_redirect
from app.web.identity.blueprint import blueprint
from app.web.identity.forms import KeyForm
from app.web.identity.tabs import own_tabs
from app.web.problems import show_problems


@blueprint.get("/account/keys")
@allowed(*EVERYBODY)
def api_keys() -> str:
    """The person's keys that work, and the form for a new one."""
    return _keys_page(_key_form())


@blueprint.post("/account/keys")
@allowed(*EVERYBODY)
def create_api_key() -> ResponseReturnValue:
    """Make a key and answer with its secret: here and nowhere else, so there is no redirect to carry it."""
    form = _key_form()
    try:
        if not form.validate():
            return _drawn_keys(form), 422
        created = identity.create_api_key(
            name=form.name.data or "", scopes=form.scopes.data or [], actor=current_viewer()
        )
    except Invalid as error:
        show_problems(form, error)
        return _drawn_keys(form), 422
    return _drawn_keys(_key_form(is_fresh=True), secret=created.secret)


@blueprint.post("/account/keys/<int:key_id>/revoke")
@allowed(*EVERYBODY)
def revoke_api_key(key_id: int) -> ResponseReturnValue:
    """End one of the person's keys."""
    identity.revoke_api_key(key_id=key_id, actor=current_viewer())
    return redrawn_or_redirect(lambda: _drawn_keys(_key_form(is_fresh=True)), url_for("identity.api_keys"))


def _key_form(*, is_fresh: bool = False) -> KeyForm:
    form = KeyForm(formdata=None) if is_fresh else KeyForm()
    scopes = SCOPES_OF[current_viewer().organisation_kind]
    form.scopes.choices = [(scope.value, phrase_text(label_of(scope))) for scope in scopes]
    if not form.is_submitted() or is_fresh:
        form.scopes.data = [scope.value for scope in scopes]
    return form


def _drawn_keys(form: KeyForm, secret: str | None = None) -> str:
    if not is_htmx():
        return _keys_page(form, secret)
    keys = own_account(viewer=current_viewer()).keys
    return render_template("identity/_keys.html", form=form, keys=keys, secret=secret, label_of=label_of)


def _keys_page(form: KeyForm, secret: str | None = None) -> str:
    keys = own_account(viewer=current_viewer()).keys
    return render_template(
        "identity/keys.html", form=form, keys=keys, secret=secret, label_of=label_of, tabs=own_tabs("api_keys")
    )
