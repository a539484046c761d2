"""Accounts."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.errors import Invalid, Refused
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.labels import label_of
from app.domain.network.drafts import AccountDraft
from app.domain.phrases import N_, Phrase
from app.localisation import phrase_text
from app.queries.network.accounts import (
    AccountFilter,
    account_code,
    account_countries,
    account_id_of_code,
    account_page,
    list_accounts,
)
from app.queries.network.choices import partnership_choices
from app.services.network.accounts import change_account, create_account, end_account
from app.web.access import allowed, current_viewer
from app.web.accounts.forms import AccountForm
from app.web.fields import with_none
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.places import country_choices
from app.web.problems import drawn_as, show_problems

Choice = TypeVar("Choice", bound=StrEnum)

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """The accounts in use, narrowed by the address's filters."""
    viewer = current_viewer()
    wanted = AccountFilter(
        search=request.args.get("q", "").strip(),
        status=_choice(AccountStatus, "status"),
        flag=_choice(AccountFlag, "flag"),
        country=request.args.get("country", ""),
        owner_id=request.args.get("owner", type=int),
        after=request.args.get("after", type=int),
        before=request.args.get("before", type=int),
    )
    return render_template(
        "accounts/index.html",
        wanted=wanted,
        found=list_accounts(viewer=viewer, wanted=wanted),
        statuses=list(AccountStatus),
        flags=list(AccountFlag),
        countries=account_countries(viewer=viewer),
        owners=partnership_choices(viewer=viewer),
        label_of=label_of,
        may_write=viewer.has_role(*NETWORK_WRITERS),
        is_filtered=any((wanted.search, wanted.status, wanted.flag, wanted.country, wanted.owner_id)),
        url_with=_url_with,
    )


@blueprint.get("/new")
@allowed(*NETWORK_WRITERS)
def new() -> str:
    """The form to write a company down."""
    return _page(_filled(AccountForm()))


@blueprint.post("/new")
@allowed(*NETWORK_WRITERS)
def create() -> ResponseReturnValue:
    """Write a company down."""
    form = _filled(AccountForm())
    try:
        if not form.validate():
            return _page(form), 422
        account_id = create_account(actor=current_viewer(), draft=_draft(form))
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(_("%(name)s is written down.", name=form.name.data), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.get("/<int:account_id>")
@allowed(*MANUFACTURER_ROLES)
def detail(account_id: int) -> str:
    """One company."""
    viewer = current_viewer()
    company = account_page(viewer=viewer, account_id=account_id)
    may_write = viewer.has_role(*NETWORK_WRITERS)
    return render_template("accounts/detail.html", company=company, label_of=label_of, may_write=may_write)


@blueprint.get("/<int:account_id>/edit")
@allowed(*NETWORK_WRITERS)
def edit(account_id: int) -> str:
    """The form to change what is known of a company."""
    viewer = current_viewer()
    draft = account_page(viewer=viewer, account_id=account_id).draft
    form = AccountForm(obj=draft, parent_code=account_code(viewer=viewer, account_id=draft.parent_id))
    return _page(_filled(form), account_id)


@blueprint.post("/<int:account_id>/edit")
@allowed(*NETWORK_WRITERS)
def change(account_id: int) -> ResponseReturnValue:
    """Change what is known of a company."""
    viewer = current_viewer()
    account_page(viewer=viewer, account_id=account_id)
    form = _filled(AccountForm())
    try:
        if not form.validate():
            return _page(form, account_id), 422
        change_account(actor=viewer, account_id=account_id, draft=_draft(form))
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form, account_id), status
    flash(_("Saved."), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.post("/<int:account_id>/end")
@allowed(*NETWORK_WRITERS)
def end(account_id: int) -> ResponseReturnValue:
    """Take a company out of use."""
    end_account(actor=current_viewer(), account_id=account_id)
    flash(_("The account is out of use. Its history stays."), "success")
    return go_to(url_for("accounts.index"))


def _filled(form: AccountForm) -> AccountForm:
    partners = with_none(partnership_choices(viewer=current_viewer()), _("None"))
    form.country.choices = [("", _("Not known")), *country_choices()]
    form.status.choices = [(status, phrase_text(label_of(status))) for status in AccountStatus]
    form.flags.choices = [(flag, phrase_text(label_of(flag))) for flag in AccountFlag]
    form.owner_partnership_id.choices = partners
    form.opportunity_owner_partnership_id.choices = partners
    return form


def _draft(form: AccountForm) -> AccountDraft:
    """The form's account; raises `Invalid` when nobody has the parent's code."""
    parent_id = None
    if form.parent_code.data:
        parent_id = account_id_of_code(viewer=current_viewer(), code=form.parent_code.data)
        if parent_id is None:
            reason = Phrase(N_("There is no account %(code)s."), {"code": form.parent_code.data})
            raise Invalid(reason, fields={"parent_code": reason})
    values = {name: form[name].data for name in AccountDraft.__dataclass_fields__ if name in form}
    values |= {"country": values["country"] or None, "flags": tuple(values["flags"] or ())}
    return AccountDraft(**values, parent_id=parent_id)


def _page(form: AccountForm, account_id: int | None = None) -> str:
    if account_id is None:
        url, back_url = url_for("accounts.create"), url_for("accounts.index")
    else:
        url = url_for("accounts.change", account_id=account_id)
        back_url = url_for("accounts.detail", account_id=account_id)
    template = drawn_as("accounts/edit.html", "accounts/_form.html")
    return render_template(template, form=form, url=url, back_url=back_url, account_id=account_id)


def _choice(choices: type[Choice], name: str) -> Choice | None:
    """A word of a vocabulary from the address; what it does not know narrows nothing."""
    text = request.args.get(name, "")
    return choices(text) if text in set(choices) else None


def _url_with(**changes: Any) -> str:
    """This list's address with some of its filters changed; the page begins anew."""
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in {"after", "before"} and value
    }
    return url_for("accounts.index", **{**kept, **changes})
