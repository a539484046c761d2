"""The list of accounts, and the page of one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.identity import MANUFACTURER_ROLES, Viewer
from app.domain.labels import label_of
from app.localisation import phrase_text
from app.queries.accounts.family import account_family
from app.queries.accounts.history import account_history, changes_to_undo
from app.queries.accounts.leads import account_leads
from app.queries.accounts.listing import (
    AccountFilter,
    AccountList,
    AccountRow,
    account_countries,
    list_accounts,
    similar_accounts,
)
from app.queries.accounts.page import account_page
from app.queries.accounts.rematches import rematch_state
from app.queries.accounts.route import account_route
from app.queries.network.choices import partnership_choices, seller_choices
from app.web.access import allowed, current_viewer
from app.web.accounts.blueprint import blueprint
from app.web.accounts.linking import LINKERS
from app.web.partner_pages import NETWORK_WRITERS

Choice = TypeVar("Choice", bound=StrEnum)

_FILTERS = ("q", "status", "flag", "country", "owner", "deal", "active")


@blueprint.get("")
@allowed(*MANUFACTURER_ROLES)
def index() -> str:
    """The accounts in use, narrowed by the address's filters."""
    viewer = current_viewer()
    wanted = wanted_accounts()
    found = list_accounts(viewer=viewer, wanted=wanted)
    return render_template(
        "accounts/index.html",
        wanted=wanted,
        found=found,
        similar=_similar(viewer, wanted, found),
        rematch=rematch_state(viewer=viewer),
        export_url=url_for("accounts.export", **_narrowing()),
        statuses=[(one.value, phrase_text(label_of(one))) for one in AccountStatus],
        flags=[(one.value, phrase_text(label_of(one))) for one in AccountFlag],
        countries=account_countries(viewer=viewer),
        owners=_owner_choices(viewer),
        owner=request.args.get("owner", ""),
        label_of=label_of,
        may_write=viewer.has_role(*NETWORK_WRITERS),
        is_filtered=wanted != AccountFilter(after=wanted.after, before=wanted.before),
        url_with=_url_with,
    )


@blueprint.get("/<int:account_id>")
@allowed(*MANUFACTURER_ROLES)
def detail(account_id: int) -> str:
    """One company."""
    viewer = current_viewer()
    return render_template(
        "accounts/detail.html",
        company=account_page(viewer=viewer, account_id=account_id),
        family=account_family(viewer=viewer, account_id=account_id),
        leads=account_leads(viewer=viewer, account_id=account_id),
        route=account_route(viewer=viewer, account_id=account_id),
        history=account_history(viewer=viewer, account_id=account_id),
        changes=changes_to_undo(viewer=viewer, account_id=account_id),
        may_link=viewer.has_role(*LINKERS),
        label_of=label_of,
        may_write=viewer.has_role(*NETWORK_WRITERS),
    )


def wanted_accounts() -> AccountFilter:
    """What the address narrows the list to; what it says that nobody knows narrows nothing."""
    owner = request.args.get("owner", "")
    return AccountFilter(
        search=request.args.get("q", "").strip(),
        status=_choice(AccountStatus, "status"),
        flag=_choice(AccountFlag, "flag"),
        country=request.args.get("country", ""),
        owner_id=_number(owner),
        seller_id=_number(owner.removeprefix("u")) if owner.startswith("u") else None,
        has_no_owner=owner == "none",
        has_open_deal="deal" in request.args,
        is_active="active" in request.args,
        after=request.args.get("after", type=int),
        before=request.args.get("before", type=int),
    )


def _similar(viewer: Viewer, wanted: AccountFilter, found: AccountList) -> list[AccountRow]:
    """What may have been meant, when what was typed is found on less than one page."""
    if not wanted.search or wanted.after or wanted.before or found.has_next:
        return []
    return similar_accounts(viewer=viewer, text=wanted.search, but_ids={row.id for row in found.rows})


def _owner_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """Nobody, the partners, then our own people."""
    partners = [(str(number), name) for number, name in partnership_choices(viewer=viewer)]
    people = [(f"u{number}", name) for number, name in seller_choices(viewer=viewer)]
    return [("none", _("Nobody")), *partners, *people]


def _choice(choices: type[Choice], name: str) -> Choice | None:
    text = request.args.get(name, "")
    return choices(text) if text in set(choices) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _url_with(**changes: Any) -> str:
    """This list's address with some of its filters changed; the page begins anew."""
    return url_for("accounts.index", **{**_narrowing(), **changes})


def _narrowing() -> dict[str, Any]:
    """The filters of this list's address that are set."""
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}
