"""Making two accounts one, parting one in two, and taking either back."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.account_merging import OwnerKept
from app.domain.errors import Invalid, Refused
from app.domain.labels import label_of
from app.queries.accounts.listing import AccountFilter, list_accounts, similar_accounts
from app.queries.accounts.merging import MergePreview, merge_preview
from app.queries.accounts.page import account_name, account_told_apart
from app.queries.accounts.parts import AccountParts, account_parts
from app.services.accounts.merging import merge_accounts
from app.services.accounts.splitting import SplitOff, split_account
from app.services.accounts.undoing import undo_change
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.forms import MergeForm, SplitForm
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as, show_problems

_CHOSEN_FROM = 20


@blueprint.get("/<int:account_id>/merge")
@allowed(*NETWORK_WRITERS)
def merge_page(account_id: int) -> str:
    """Choose the account that this one goes into; then see what would move."""
    into_id = request.args.get("into", type=int)
    if into_id is not None and into_id != account_id:
        preview = merge_preview(viewer=current_viewer(), account_id=account_id, into_id=into_id)
        return _preview_page(_merge_form(preview), preview)
    return _choice_page(account_id)


@blueprint.post("/<int:account_id>/merge")
@allowed(*NETWORK_WRITERS)
def merge(account_id: int) -> ResponseReturnValue:
    """Merge this account into another."""
    viewer = current_viewer()
    account_name(viewer=viewer, account_id=account_id)
    into_id = request.form.get("into_id", type=int)
    if into_id is None or into_id == account_id:
        flash(_("Choose another account than this one."), "error")
        return _choice_page(account_id), 422
    preview = merge_preview(viewer=viewer, account_id=account_id, into_id=into_id)
    form = _merge_form(preview, is_sent=True)
    if not form.validate():
        return _preview_page(form, preview), 422
    try:
        merge_accounts(actor=viewer, account_id=account_id, into_id=into_id, owner_kept=form.owner.data or None)
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _preview_page(form, preview), status
    flash(
        _(
            "%(staying)s is kept. %(going)s was the same company and has ended.",
            going=preview.going[1],
            staying=preview.staying[1],
        ),
        "success",
    )
    return go_to(url_for("accounts.detail", account_id=into_id))


@blueprint.get("/<int:account_id>/split")
@allowed(*NETWORK_WRITERS)
def split_page(account_id: int) -> str:
    """Choose what belongs to another company."""
    parts = account_parts(viewer=current_viewer(), account_id=account_id)
    return _split_page(account_id, _split_form(parts), parts)


@blueprint.post("/<int:account_id>/split")
@allowed(*NETWORK_WRITERS)
def split(account_id: int) -> ResponseReturnValue:
    """Make a new account of what was chosen."""
    viewer = current_viewer()
    parts = account_parts(viewer=viewer, account_id=account_id)
    form = _split_form(parts)
    if not form.validate():
        return _split_page(account_id, form, parts), 422
    wanted = SplitOff(
        name=form.name.data or "",
        code=form.code.data or "",
        name_ids=form.names.data or (),
        domain_ids=form.domains.data or (),
        lead_ids=form.leads.data or (),
        keeps_owner=bool(form.keeps_owner.data),
    )
    try:
        made_id = split_account(actor=viewer, account_id=account_id, wanted=wanted)
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _split_page(account_id, form, parts), status
    flash(_("%(name)s is an account of its own now.", name=form.name.data), "success")
    return go_to(url_for("accounts.detail", account_id=made_id))


@blueprint.post("/changes/<int:change_id>/undo")
@allowed(*NETWORK_WRITERS)
def undo(change_id: int) -> ResponseReturnValue:
    """Take a merge or split back."""
    account_id = undo_change(actor=current_viewer(), change_id=change_id)
    flash(_("It is as it was before."), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


def _merge_form(preview: MergePreview, *, is_sent: bool = False) -> MergeForm:
    form = MergeForm() if is_sent else MergeForm(formdata=None, into_id=preview.staying[0])
    form.owner.flags.required = True
    form.owner.choices = [(OwnerKept.STAYING, preview.staying_owner), (OwnerKept.GOING, preview.going_owner)]
    return form


def _choice_page(account_id: int) -> str:
    viewer = current_viewer()
    name = account_name(viewer=viewer, account_id=account_id)
    title = account_told_apart(viewer=viewer, account_id=account_id)
    text = request.args.get("q", "").strip()
    rows = similar_accounts(viewer=viewer, text=text or name)
    if text:
        rows = [*list_accounts(viewer=viewer, wanted=AccountFilter(search=text)).rows[:_CHOSEN_FROM], *rows]
    choices = {row.id: row for row in rows if row.id != account_id}
    return render_template(
        "accounts/merge_choice.html",
        account_id=account_id,
        name=name,
        title=title,
        text=text,
        rows=list(choices.values()),
        label_of=label_of,
    )


def _preview_page(form: MergeForm, preview: MergePreview) -> str:
    template = drawn_as("accounts/merge.html", "accounts/_merge.html")
    return render_template(template, form=form, preview=preview)


def _split_form(parts: AccountParts) -> SplitForm:
    form = SplitForm()
    form.names.choices = list(parts.names)
    form.domains.choices = list(parts.domains)
    form.leads.choices = [
        (lead.id, " · ".join(filter(None, (lead.company, lead.person, lead.domain, lead.reference))))
        for lead in parts.leads
    ]
    return form


def _split_page(account_id: int, form: SplitForm, parts: AccountParts) -> str:
    return render_template(
        drawn_as("accounts/split.html", "accounts/_split.html"),
        form=form,
        parts=parts,
        account_id=account_id,
        name=account_name(viewer=current_viewer(), account_id=account_id),
    )
