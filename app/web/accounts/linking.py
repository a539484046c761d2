"""Leads linked with accounts by hand, from the account's side and from the lead's."""

from __future__ import annotations

import uuid

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.identity import Role
from app.domain.labels import label_of
from app.queries.accounts.listing import AccountFilter, list_accounts, similar_accounts
from app.queries.accounts.page import account_name
from app.queries.accounts.parts import LeadLine, lead_line, leads_called, leads_like
from app.services.accounts.linking import link_lead, unlink_lead
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.forms import LinkForm
from app.web.htmx import go_to
from app.web.problems import drawn_as, show_problems

LINKERS = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)
"""The roles that may say whose a lead is; the service checks again."""

_CHOSEN_FROM = 20


@blueprint.get("/<int:account_id>/leads")
@allowed(*LINKERS)
def leads_page(account_id: int) -> str:
    """Look for leads that belong to this account."""
    return _leads_page(account_id, LinkForm())


@blueprint.post("/<int:account_id>/leads")
@allowed(*LINKERS)
def add_lead(account_id: int) -> ResponseReturnValue:
    """Link one lead with this account."""
    viewer = current_viewer()
    account_name(viewer=viewer, account_id=account_id)
    form, lead_id = LinkForm(), _lead_id(request.form.get("lead_id", ""))
    if not form.validate() or lead_id is None:
        return _leads_page(account_id, form), 422
    try:
        link_lead(lead_id=lead_id, account_id=account_id, actor=viewer, reason=form.reason.data or "")
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _leads_page(account_id, form), status
    flash(_("The lead is linked."), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.get("/of-lead/<uuid:lead_id>")
@allowed(*LINKERS)
def lead_page(lead_id: uuid.UUID) -> str:
    """Look for the account of a lead."""
    return _lead_page(lead_id, LinkForm())


@blueprint.post("/of-lead/<uuid:lead_id>")
@allowed(*LINKERS)
def link(lead_id: uuid.UUID) -> ResponseReturnValue:
    """Link a lead with the account chosen, or with none."""
    viewer = current_viewer()
    lead_line(viewer=viewer, lead_id=lead_id)
    form, chosen = LinkForm(), request.form.get("account_id", "")
    if not form.validate() or not (chosen == "none" or chosen.isdecimal()):
        return _lead_page(lead_id, form), 422
    try:
        if chosen == "none":
            unlink_lead(lead_id=lead_id, actor=viewer, reason=form.reason.data or "")
        else:
            link_lead(lead_id=lead_id, account_id=int(chosen), actor=viewer, reason=form.reason.data or "")
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _lead_page(lead_id, form), status
    flash(_("The lead belongs to no account now.") if chosen == "none" else _("The lead is linked."), "success")
    return go_to(url_for("cockpit.detail", lead_id=lead_id))


def _lead_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _leads_page(account_id: int, form: LinkForm) -> str:
    viewer = current_viewer()
    name = account_name(viewer=viewer, account_id=account_id)
    text = request.args.get("q", "").strip()
    return render_template(
        drawn_as("accounts/leads.html", "accounts/_link_leads.html"),
        form=form,
        account_id=account_id,
        name=name,
        text=text,
        rows=_leads_to_choose(account_id, text, name),
        label_of=label_of,
    )


def _leads_to_choose(account_id: int, text: str, name: str) -> list[LeadLine]:
    """The leads searched for; before a search those that look like the account, then those called like it."""
    viewer = current_viewer()
    if text:
        return leads_called(viewer=viewer, text=text, but_account_id=account_id)
    called = leads_called(viewer=viewer, text=name, but_account_id=account_id)
    rows = {lead.id: lead for lead in (*leads_like(viewer=viewer, account_id=account_id), *called)}
    return list(rows.values())


def _lead_page(lead_id: uuid.UUID, form: LinkForm) -> str:
    viewer = current_viewer()
    lead = lead_line(viewer=viewer, lead_id=lead_id)
    text = request.args.get("q", "").strip() or lead.company
    found = list_accounts(viewer=viewer, wanted=AccountFilter(search=text)).rows[:_CHOSEN_FROM] if text else []
    rows = {row.id: row for row in (*found, *(similar_accounts(viewer=viewer, text=text) if text else ()))}
    return render_template(
        drawn_as("accounts/of_lead.html", "accounts/_lead_link.html"),
        form=form,
        lead=lead,
        text=text,
        rows=list(rows.values()),
        label_of=label_of,
    )
