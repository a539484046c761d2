"""An account's team and its deals."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.accounts import OpportunityState, TeamRole
from app.domain.labels import label_of
from app.localisation import phrase_text
from app.queries.accounts.page import OpportunityView, account_name, opportunity
from app.queries.network.choices import partnership_choices, product_line_choices, seller_choices
from app.queries.plans import own_currency
from app.services.accounts.opportunities import (
    OpportunityDraft,
    change_opportunity,
    close_opportunity,
    create_opportunity,
)
from app.services.accounts.team import Place, add_team_member, remove_team_member
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.forms import OpportunityForm, TeamForm, amount_text, read_amount
from app.web.fields import with_none
from app.web.htmx import go_to
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as, saved


@blueprint.get("/<int:account_id>/team")
@allowed(*NETWORK_WRITERS)
def team_page(account_id: int) -> str:
    """The form to take a person into the team."""
    return _team_page(account_id, _team_form())


@blueprint.post("/<int:account_id>/team")
@allowed(*NETWORK_WRITERS)
def add_member(account_id: int) -> ResponseReturnValue:
    """Take a person into the team."""
    viewer = current_viewer()
    account_name(viewer=viewer, account_id=account_id)
    form = _team_form()
    if not form.validate():
        return _team_page(account_id, form), 422
    place = Place(
        user_id=form.user_id.data or 0,
        role=form.role.data,
        department=form.department.data or "",
        product_line_id=form.product_line_id.data,
    )
    return saved(
        form,
        lambda: add_team_member(actor=viewer, account_id=account_id, place=place),
        lambda: _team_page(account_id, form),
        done=_("The person is in the team."),
        url=url_for("accounts.detail", account_id=account_id),
    )


@blueprint.post("/team/<int:member_id>/remove")
@allowed(*NETWORK_WRITERS)
def remove_member(member_id: int) -> ResponseReturnValue:
    """Take a person out of a team."""
    account_id = remove_team_member(actor=current_viewer(), member_id=member_id)
    flash(_("The person is no longer in the team."), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


@blueprint.get("/<int:account_id>/opportunities/new")
@allowed(*NETWORK_WRITERS)
def new_opportunity(account_id: int) -> str:
    """The form to write a deal down."""
    return _deal_page(account_id, _deal_form(OpportunityForm(currency=own_currency(viewer=current_viewer()))))


@blueprint.post("/<int:account_id>/opportunities/new")
@allowed(*NETWORK_WRITERS)
def add_opportunity(account_id: int) -> ResponseReturnValue:
    """Write a deal down."""
    viewer = current_viewer()
    account_name(viewer=viewer, account_id=account_id)
    form = _deal_form(OpportunityForm())
    draft = _deal(form)
    if draft is None:
        return _deal_page(account_id, form), 422
    return saved(
        form,
        lambda: create_opportunity(actor=viewer, account_id=account_id, draft=draft),
        lambda: _deal_page(account_id, form),
        done=_("The deal is written down."),
        url=url_for("accounts.detail", account_id=account_id),
    )


@blueprint.get("/opportunities/<int:opportunity_id>")
@allowed(*NETWORK_WRITERS)
def edit_opportunity(opportunity_id: int) -> str:
    """The form to change a deal, and the buttons to close it."""
    account_id, deal = opportunity(viewer=current_viewer(), opportunity_id=opportunity_id)
    return _deal_page(account_id, _deal_form(_form_of(deal)), deal)


@blueprint.post("/opportunities/<int:opportunity_id>")
@allowed(*NETWORK_WRITERS)
def save_opportunity(opportunity_id: int) -> ResponseReturnValue:
    """Change a deal."""
    viewer = current_viewer()
    account_id, known = opportunity(viewer=viewer, opportunity_id=opportunity_id)
    form = _deal_form(OpportunityForm())
    draft = _deal(form)
    if draft is None:
        return _deal_page(account_id, form, known), 422
    return saved(
        form,
        lambda: change_opportunity(actor=viewer, opportunity_id=opportunity_id, draft=draft),
        lambda: _deal_page(account_id, form, known),
        done=_("Saved."),
        url=url_for("accounts.detail", account_id=account_id),
    )


@blueprint.post("/opportunities/<int:opportunity_id>/close")
@allowed(*NETWORK_WRITERS)
def end_opportunity(opportunity_id: int) -> ResponseReturnValue:
    """Close a deal as won or lost."""
    viewer = current_viewer()
    account_id, deal = opportunity(viewer=viewer, opportunity_id=opportunity_id)
    state = request.form.get("state", "")
    if state not in (OpportunityState.WON, OpportunityState.LOST):
        flash(_("Choose won or lost."), "error")
        return _deal_page(account_id, _deal_form(_form_of(deal)), deal), 422
    close_opportunity(actor=viewer, opportunity_id=opportunity_id, state=OpportunityState(state))
    flash(_("The deal is closed."), "success")
    return go_to(url_for("accounts.detail", account_id=account_id))


def _team_form() -> TeamForm:
    viewer, form = current_viewer(), TeamForm()
    form.user_id.choices = with_none(seller_choices(viewer=viewer), _("Choose one"))
    form.role.choices = [(role, phrase_text(label_of(role))) for role in TeamRole]
    form.product_line_id.choices = with_none(product_line_choices(viewer=viewer), _("All"))
    return form


def _team_page(account_id: int, form: TeamForm) -> str:
    name = account_name(viewer=current_viewer(), account_id=account_id)
    template = drawn_as("accounts/team.html", "accounts/_team_form.html")
    return render_template(template, form=form, account_id=account_id, name=name)


def _form_of(deal: OpportunityView) -> OpportunityForm:
    """The form as the deal stands."""
    return OpportunityForm(
        formdata=None,
        name=deal.name,
        owner_partnership_id=deal.owner.partnership_id,
        owner_user_id=deal.owner.user_id,
        product_line_id=deal.product_line_id,
        amount=amount_text(deal.amount.cents if deal.amount else None),
        currency=deal.amount.currency if deal.amount else own_currency(viewer=current_viewer()),
    )


def _deal_form(form: OpportunityForm) -> OpportunityForm:
    viewer = current_viewer()
    form.offer(
        owner_partnership_id=with_none(partnership_choices(viewer=viewer), _("None")),
        owner_user_id=with_none(seller_choices(viewer=viewer), _("Nobody")),
        product_line_id=with_none(product_line_choices(viewer=viewer), _("Not known")),
    )
    return form


def _deal(form: OpportunityForm) -> OpportunityDraft | None:
    """The form's deal; None when a field carries an error."""
    is_valid = form.validate()
    amount = read_amount(form.amount, form.currency.data or "", current_viewer().language)
    if not is_valid or form.amount.errors:
        return None
    return OpportunityDraft(
        name=form.name.data or "",
        owner_partnership_id=form.owner_partnership_id.data,
        owner_user_id=form.owner_user_id.data,
        product_line_id=form.product_line_id.data,
        amount=amount,
    )


def _deal_page(account_id: int, form: OpportunityForm, deal: OpportunityView | None = None) -> str:
    name = account_name(viewer=current_viewer(), account_id=account_id)
    url = (
        url_for("accounts.save_opportunity", opportunity_id=deal.id)
        if deal
        else url_for("accounts.add_opportunity", account_id=account_id)
    )
    template = drawn_as("accounts/opportunity.html", "accounts/_opportunity_form.html")
    return render_template(template, form=form, account_id=account_id, name=name, deal=deal, url=url)
