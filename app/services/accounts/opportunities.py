"""Deals with an account: opened, changed and closed by a person."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import clock_now
from app.domain.accounts import OpportunityState
from app.domain.audit import EventKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.money import Money
from app.domain.network.changes import Changes
from app.domain.phrases import N_, Phrase
from app.models import Opportunity, ProductLine
from app.services.network.accounts import check_partner, check_person, find_account_in_use
from app.services.network.writing import NetworkWriting, network_writing


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityDraft:
    """A deal as a form states it; its owner is a partnership or one of the manufacturer's people."""

    name: str = ""
    owner_partnership_id: int | None = None
    owner_user_id: int | None = None
    product_line_id: int | None = None
    amount: Money | None = None

    def check(self) -> None:
        """Raise `Invalid` unless exactly one owner is named."""
        if (self.owner_partnership_id is None) == (self.owner_user_id is None):
            reason = Phrase(N_("Choose the partner or the person who works on it, one of the two."))
            raise Invalid(reason, fields={"owner_partnership_id": reason})


def create_opportunity(*, actor: Viewer, account_id: int, draft: OpportunityDraft) -> int:
    """Write down an open deal; returns its id. Leads of the company go to its owner from now on (P-04).

    A second call is a second deal.
    """
    with network_writing(actor) as writing:
        account = find_account_in_use(writing, account_id)
        _check(writing, draft)
        deal = Opportunity(manufacturer_id=writing.manufacturer_id, account_id=account.id, **_columns(draft))
        writing.session.add(deal)
        writing.session.flush()
        writing.record(
            EventKind.OPPORTUNITY_CREATED,
            account_id=account.id,
            opportunity_id=deal.id,
            name=draft.name,
            code=account.code,
        )
        writing.doubt_matches()
        return deal.id


def change_opportunity(*, actor: Viewer, opportunity_id: int, draft: OpportunityDraft) -> None:
    """Change an open deal; `Refused` once it is closed. The same again changes nothing."""
    with network_writing(actor) as writing:
        deal = _find_open(writing, opportunity_id)
        _check(writing, draft, deal)
        wanted = _columns(draft)
        changes = Changes(
            {name: getattr(deal, name) for name, value in wanted.items() if getattr(deal, name) != value},
            {name: value for name, value in wanted.items() if getattr(deal, name) != value},
        )
        if not changes:
            return
        for name, value in changes.after.items():
            setattr(deal, name, value)
        _record(writing, deal, changes)


def close_opportunity(*, actor: Viewer, opportunity_id: int, state: OpportunityState) -> None:
    """Close a deal as won or lost; `Refused` when it is closed already."""
    if state is OpportunityState.OPEN:
        reason = Phrase(N_("Choose won or lost."))
        raise Invalid(reason, fields={"state": reason})
    with network_writing(actor) as writing:
        deal = _find_open(writing, opportunity_id)
        changes = Changes({"state": deal.state.value}, {"state": state.value})
        deal.state, deal.closed_at = state, clock_now()
        _record(writing, deal, changes)


def _find_open(writing: NetworkWriting, opportunity_id: int) -> Opportunity:
    deal = writing.find(Opportunity, opportunity_id, locked=True)
    if deal.state is not OpportunityState.OPEN:
        raise Refused(Phrase(N_("This deal is closed already.")), code="opportunity_closed")
    return deal


def _check(writing: NetworkWriting, draft: OpportunityDraft, deal: Opportunity | None = None) -> None:
    draft.check()
    partner, person = (deal.owner_partnership_id, deal.owner_user_id) if deal else (None, None)
    check_partner(writing, draft.owner_partnership_id, "owner_partnership_id", but=partner)
    check_person(writing, draft.owner_user_id, "owner_user_id", but=person)
    if draft.product_line_id is not None:
        writing.find(ProductLine, draft.product_line_id)


def _columns(draft: OpportunityDraft) -> dict[str, str | int | None]:
    return {
        "name": draft.name.strip(),
        "owner_partnership_id": draft.owner_partnership_id,
        "owner_user_id": draft.owner_user_id,
        "product_line_id": draft.product_line_id,
        "amount_cents": draft.amount.cents if draft.amount else None,
        "currency": draft.amount.currency if draft.amount else None,
    }


def _record(writing: NetworkWriting, deal: Opportunity, changes: Changes) -> None:
    writing.record(
        EventKind.OPPORTUNITY_CHANGED, changes, account_id=deal.account_id, opportunity_id=deal.id, name=deal.name
    )
    writing.doubt_matches()
