"""Writing a company down, changing what is known of it, taking it out of use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus
from app.domain.errors import Invalid, Refused
from app.domain.labels import label_of
from app.domain.network.account_draft import AccountDraft
from app.domain.network.changes import StaleEdit
from app.domain.phrases import N_, Phrase
from app.localisation import phrase_text
from app.queries.accounts.listing import account_id_of_code, accounts_sharing_domains
from app.queries.accounts.page import account_code, account_draft
from app.queries.network.choices import partnership_choices, product_line_choices, seller_choices
from app.services.network.accounts import change_account, create_account, end_account
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.forms import AccountEditForm, AccountForm, amount_text
from app.web.fields import with_none
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.places import country_choices
from app.web.problems import BothVersions, both_versions, drawn_as, show_problems

_UNLIKE_THE_FORM = frozenset({"parent_id", "contract_cents", "contract_currency"})

_NEEDED = frozenset({"code", "name"})
_LISTS = ("aliases", "kana", "english", "domains", "networks", "product_line_ids", "flags")


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
        draft = _draft(form)
        if draft is None:
            return _page(form), 422
        account_id = create_account(actor=current_viewer(), draft=draft)
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form), status
    flash(_("%(name)s is written down.", name=form.name.data), "success")
    _warn_of_shared(draft.domains, account_id)
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.get("/<int:account_id>/edit")
@allowed(*NETWORK_WRITERS)
def edit(account_id: int) -> str:
    """The form to change what is known of a company."""
    viewer = current_viewer()
    draft, version = account_draft(viewer=viewer, account_id=account_id)
    form = AccountEditForm(
        obj=draft,
        version=version,
        parent_code=account_code(viewer=viewer, account_id=draft.parent_id),
    )
    _filled(form)
    return _page(form, account_id)


@blueprint.post("/<int:account_id>/edit")
@allowed(*NETWORK_WRITERS)
def change(account_id: int) -> ResponseReturnValue:
    """Change what is known of a company; when somebody saved meanwhile, show both versions."""
    viewer = current_viewer()
    before, _version = account_draft(viewer=viewer, account_id=account_id)
    form = AccountEditForm()
    _filled(form)
    try:
        draft = _draft(form, account_id)
        if draft is None:
            return _page(form, account_id), 422
        change_account(actor=viewer, account_id=account_id, version=form.version.data or 0, draft=draft)
    except StaleEdit as stale:
        show_problems(form, stale)
        return _page(form, account_id, stale), 409
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(form, account_id), status
    flash(_("Saved."), "success")
    _warn_of_shared([domain for domain in draft.domains if domain not in before.domains], account_id)
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.post("/<int:account_id>/end")
@allowed(*NETWORK_WRITERS)
def end(account_id: int) -> ResponseReturnValue:
    """Take a company out of use."""
    end_account(actor=current_viewer(), account_id=account_id)
    flash(_("The account is out of use. Its history stays."), "success")
    return go_to(url_for("accounts.index"))


def _filled(form: AccountForm) -> AccountForm:
    """The form with what there is to choose from."""
    viewer = current_viewer()
    partners = with_none(partnership_choices(viewer=viewer), _("None"))
    people = with_none(seller_choices(viewer=viewer), _("Nobody"))
    form.offer(
        country=[("", _("Not known")), *country_choices()],
        status=[(status, phrase_text(label_of(status))) for status in AccountStatus],
        health=[("", _("Not known")), *((health, phrase_text(label_of(health))) for health in AccountHealth)],
        flags=[(flag, phrase_text(label_of(flag))) for flag in AccountFlag],
        product_line_ids=product_line_choices(viewer=viewer),
        owner_partnership_id=partners,
        owner_user_id=people,
        listed_owner_partnership_id=partners,
        listed_owner_user_id=people,
    )
    return form


def _draft(form: AccountForm, account_id: int | None = None) -> AccountDraft | None:
    """The form's account; None when a field carries an error. All that is wrong is found in one round."""
    form.validate()
    contract = form.read_contract(current_viewer().language)
    parent_id = _parent_id(form)
    _refuse_taken_code(form, account_id)
    wrong = {field.name for field in form if field.errors}
    names = AccountDraft.__dataclass_fields__.keys() - _UNLIKE_THE_FORM
    values: dict[str, Any] = {name: form[name].data for name in names - (wrong - _NEEDED)}
    values |= {name: tuple(values[name] or ()) for name in values.keys() & set(_LISTS)}
    values["country"] = values.get("country") or None
    values["contract_cents"] = contract.cents if contract else None
    values["contract_currency"] = contract.currency if contract else None
    draft = AccountDraft(**values, parent_id=parent_id)
    _show_faults(form, draft, wrong)
    return None if form.errors else draft


def _show_faults(form: AccountForm, draft: AccountDraft, wrong: set[str]) -> None:
    """Put beside the fields what the rules say of those that could be read."""
    try:
        draft.check()
    except Invalid as error:
        if told := {name: phrase for name, phrase in error.fields.items() if name not in wrong}:
            show_problems(form, Invalid(error.phrase, fields=told))


def _refuse_taken_code(form: AccountForm, account_id: int | None) -> None:
    code = form.code.data or ""
    if code and account_id_of_code(viewer=current_viewer(), code=code) not in (None, account_id):
        reason = Phrase(N_("The code %(code)s is taken."), {"code": code})
        show_problems(form, Invalid(reason, fields={"code": reason}))


def _parent_id(form: AccountForm) -> int | None:
    """The parent's id; None for no parent, and when the field now carries an error, for nobody has the code."""
    if not form.parent_code.data:
        return None
    parent_id = account_id_of_code(viewer=current_viewer(), code=form.parent_code.data)
    if parent_id is None:
        reason = Phrase(N_("There is no account %(code)s."), {"code": form.parent_code.data})
        show_problems(form, Invalid(reason, fields={"parent_code": reason}))
    return parent_id


def _warn_of_shared(domains: Collection[str], account_id: int) -> None:
    """Name the accounts that have one of these domains as well: it may be one company written down twice."""
    for domain, title in accounts_sharing_domains(viewer=current_viewer(), domains=domains, but_id=account_id):
        flash(
            _("%(domain)s is a domain of %(account)s too. Is it the same company?", domain=domain, account=title),
            "warning",
        )


def _page(form: AccountForm, account_id: int | None = None, stale: StaleEdit | None = None) -> str:
    if account_id is None:
        url, back_url = url_for("accounts.create"), url_for("accounts.index")
    else:
        url = url_for("accounts.change", account_id=account_id)
        back_url = url_for("accounts.detail", account_id=account_id)
    return render_template(
        drawn_as("accounts/edit.html", "accounts/_form.html"),
        form=form,
        url=url,
        back_url=back_url,
        account_id=account_id,
        versions=_versions(form, stale) if stale else [],
    )


def _versions(form: AccountForm, stale: StaleEdit) -> list[BothVersions]:
    """Both versions in words; the contract's value as people write it."""
    values = stale.differences.before, stale.differences.after
    lines = dict(zip((name for name in values[0] if name in form), both_versions(form, stale), strict=True))
    if "contract_cents" in lines:
        theirs, yours = (amount_text(side["contract_cents"]) or "–" for side in values)
        lines["contract_cents"] = replace(lines["contract_cents"], theirs=theirs, yours=yours)
    return list(lines.values())
