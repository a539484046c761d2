"""Linking every lead of a company to one account: the pattern, the preview, the link, and taking it back."""

from __future__ import annotations

import uuid

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.errors import Invalid, Refused
from app.localisation import phrase_text
from app.queries.accounts.listing import AccountFilter, AccountRow, account_id_of_code, list_accounts
from app.queries.reviews import READER_ROLES, REVIEWER_ROLES
from app.queries.reviews.bulk import BulkPreview, bulk_preview, list_bulk_links
from app.services import reviews
from app.web.access import allowed, current_viewer
from app.web.htmx import go_to
from app.web.problems import show_problems
from app.web.reviews.blueprint import blueprint
from app.web.reviews.forms import LinkForm, PatternForm

ACCOUNTS_OFFERED = 8


@blueprint.get("/reviews/bulk-link")
@allowed(*READER_ROLES)
def bulk_link() -> ResponseReturnValue:
    """Ask for a pattern; with one given, show what linking it would do."""
    form = PatternForm(request.args)
    if not request.args:
        return _page(form)
    return _previewed(form)


@blueprint.post("/reviews/bulk-link")
@allowed(*REVIEWER_ROLES)
def link() -> ResponseReturnValue:
    """Link the ticked leads, as far as the pattern finds them now."""
    form = LinkForm()
    account_id = _account_id(form) if form.validate() else None
    if account_id is None:
        return _page(form), 422
    ticked = request.form.getlist("lead_id", type=uuid.UUID)
    try:
        if not ticked:
            preview = bulk_preview(viewer=current_viewer(), pattern=form.pattern(), account_id=account_id)
            return _page(form, preview=preview, refusal=_("Tick the leads to link.")), 422
        done = reviews.link_in_bulk(
            pattern=form.pattern(),
            account_id=account_id,
            actor=current_viewer(),
            learns=form.learns.data,
            lead_ids=ticked,
        )
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(ngettext("%(num)s lead was linked.", "%(num)s leads were linked.", done.linked), "success")
    return go_to(url_for("reviews.bulk_link"))


@blueprint.post("/reviews/bulk-links/<int:bulk_link_id>/undo")
@allowed(*REVIEWER_ROLES)
def undo_link(bulk_link_id: int) -> ResponseReturnValue:
    """Take a bulk link back as a whole."""
    try:
        undone = reviews.undo_bulk_link(change_id=bulk_link_id, actor=current_viewer())
    except Refused as refused:
        return _page(PatternForm(formdata=None), refusal=phrase_text(refused.phrase)), 409
    said = ngettext("%(num)s lead is as it was.", "%(num)s leads are as they were.", undone.restored)
    if undone.kept:
        kept = ngettext(
            "%(num)s stays: somebody has acted on it since.", "%(num)s stay: somebody has acted on them.", undone.kept
        )
        said = f"{said} {kept}"
    flash(said, "success")
    return go_to(url_for("reviews.bulk_link"))


def _previewed(form: PatternForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(form), 422
    account_id = _account_id(form)
    if account_id is None:
        return _page(form, offered=_accounts_like(form.account.data or "")), 422
    try:
        preview = bulk_preview(viewer=current_viewer(), pattern=form.pattern(), account_id=account_id)
    except Invalid as invalid:
        status = show_problems(form, invalid)
        return _page(form), status
    return _page(form, preview=preview)


def _account_id(form: PatternForm | LinkForm) -> int | None:
    """The account of the code that was given, or the one that is called like this; else a problem of the field."""
    named = (form.account.data or "").strip()
    account_id = account_id_of_code(viewer=current_viewer(), code=named)
    if account_id is not None:
        return account_id
    alike = _accounts_like(named)
    called = [account for account in alike if account.name.casefold() == named.casefold()] or alike
    if len(called) == 1:
        return called[0].id
    problem = _("Several accounts go by this name: choose one.") if alike else _("No account goes by this name.")
    form.account.errors = [*form.account.errors, problem]
    return None


def _accounts_like(text: str) -> list[AccountRow]:
    return list_accounts(viewer=current_viewer(), wanted=AccountFilter(search=text)).rows[:ACCOUNTS_OFFERED]


def _page(
    form: PatternForm | LinkForm,
    *,
    preview: BulkPreview | None = None,
    offered: list[AccountRow] | None = None,
    refusal: str = "",
) -> str:
    viewer = current_viewer()
    return render_template(
        "reviews/bulk_link.html",
        form=form,
        preview=preview,
        offered=offered or [],
        asked=request.values,
        earlier=list_bulk_links(viewer=viewer),
        may_decide=viewer.has_role(*REVIEWER_ROLES),
        refusal=refusal,
        full_name=form.pattern().full_name,
    )
