"""The accounts of one owner, and giving some or all of them to another."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.account_routing.facts import Owner
from app.domain.errors import Invalid, Refused
from app.domain.labels import label_of
from app.queries.belongings import OwnedAccounts, owned_accounts
from app.queries.network.choices import partnership_choices, taker_choices
from app.services.network.reassigning import reassign_accounts
from app.web.access import allowed, current_viewer
from app.web.fields import owner_choices
from app.web.htmx import go_to
from app.web.owners.forms import ReassignForm
from app.web.partner_pages import NETWORK_WRITERS
from app.web.problems import drawn_as, show_problems

blueprint = Blueprint("owners", __name__, url_prefix="/owners")


@blueprint.get("/people/<int:user_id>")
@allowed(*NETWORK_WRITERS)
def of_person(user_id: int) -> str:
    """The accounts of one of the manufacturer's own people."""
    return _asked(Owner(user_id=user_id))


@blueprint.post("/people/<int:user_id>")
@allowed(*NETWORK_WRITERS)
def give_from_person(user_id: int) -> ResponseReturnValue:
    """Give accounts of a person to another owner."""
    return _given(Owner(user_id=user_id), url_for("owners.of_person", user_id=user_id))


@blueprint.get("/partners/<int:partnership_id>")
@allowed(*NETWORK_WRITERS)
def of_partner(partnership_id: int) -> str:
    """The accounts of a partner."""
    return _asked(Owner(partnership_id=partnership_id))


@blueprint.post("/partners/<int:partnership_id>")
@allowed(*NETWORK_WRITERS)
def give_from_partner(partnership_id: int) -> ResponseReturnValue:
    """Give accounts of a partner to another owner."""
    return _given(Owner(partnership_id=partnership_id), url_for("owners.of_partner", partnership_id=partnership_id))


def _asked(owner: Owner) -> str:
    owned = owned_accounts(viewer=current_viewer(), owner=owner)
    return _page(owner, owned, _form())


def _given(owner: Owner, url: str) -> ResponseReturnValue:
    viewer = current_viewer()
    owned = owned_accounts(viewer=viewer, owner=owner)
    form = _form()
    if not form.validate():
        return _page(owner, owned, form), 422
    try:
        count = reassign_accounts(
            actor=viewer,
            owner=owner,
            new_owner=form.new_owner.data,
            reason=form.reason.data or "",
            account_ids=None if form.is_all.data else form.accounts.data,
        )
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        return _page(owner, owned, form), status
    flash(ngettext("%(num)s account has another owner.", "%(num)s accounts have another owner.", count), "success")
    return go_to(url)


def _form() -> ReassignForm:
    viewer = current_viewer()
    form = ReassignForm()
    people, partners = taker_choices(viewer=viewer), partnership_choices(viewer=viewer)
    form.new_owner.choices = owner_choices(people, partners, _("Choose"))
    return form


def _page(owner: Owner, owned: OwnedAccounts, form: ReassignForm) -> str:
    return render_template(
        drawn_as("owners/accounts.html", "owners/_reassign.html"),
        owner=owner,
        owned=owned,
        form=form,
        label_of=label_of,
    )
