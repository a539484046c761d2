"""Accounts that make themselves: a company that asks again and again becomes one the manufacturer knows (P-19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.database import clock_now, transaction
from app.domain.accounts import AccountChangeKind
from app.domain.audit import EventKind
from app.domain.distribution import AssignmentEnd
from app.domain.leads import LeadState
from app.domain.network.account_draft import AccountDraft
from app.domain.owners import standing_owner, standing_partnership
from app.domain.profiles import is_company_domain
from app.models import (
    Account,
    AccountChange,
    AccountDomain,
    Assignment,
    CompanyProfile,
    Lead,
    ManufacturerSettings,
)
from app.queries.owners import partnership_standing, people_standing
from app.queries.reviews.answers import rejected_accounts
from app.services.audit import record_event
from app.services.named_locks import lock_names
from app.services.network.accounts import new_account, record_account
from app.services.network.writing import NetworkWriting
from app.services.profiles import join_profile

_GIVEN_UP = (AssignmentEnd.RETURNED, AssignmentEnd.RE_ROUTED, AssignmentEnd.REASSIGNED)
_NO_LEADS = (LeadState.DISQUALIFIED, LeadState.ERASED)
_LINKED_LATER = timedelta(days=1)


def account_from_leads(session: Session, lead: Lead, profile: CompanyProfile | None) -> Account | None:
    """Make the account of a company whose third lead this is; None while there are fewer, or no domain of its own.

    How many leads it takes is the manufacturer's setting. The account is owned by whoever works, or worked last, the
    first of them; all of them are linked to it and stay with whoever has them. Belongs into the transaction that has
    found no account for the lead and brought it into its profile; the caller holds the lead's lock and decides where
    the lead itself goes. Of two third leads at one moment the second is given the account of the first, and so is a
    second call. A company that a person has unlinked, or whose leads are linked elsewhere, is left to people.
    """
    domain = lead.company_domain
    if domain is None or not is_company_domain(domain) or lead.is_linked_by_hand:
        return None
    lock_names(session, [f"{lead.manufacturer_id}/profile/domain:{domain}"])
    made = _account_made_before(session, lead.manufacturer_id, domain)
    if made is not None and made.id in rejected_accounts(session, lead.manufacturer_id, lead.company_key):
        return None
    if made is None and _is_for_people(session, lead.manufacturer_id, domain, profile):
        return None
    if made is None:
        leads = _leads_up_to(session, lead, domain)
        needed = session.get_one(ManufacturerSettings, lead.manufacturer_id).leads_for_account
        if len(leads) < needed or any(one.account_id for one in leads):
            return None
        made = _make_account(session, lead, domain, leads)
    lead.account_id = made.id
    join_profile(session, lead)
    return made


def link_left_out_leads(*, limit: int = 200) -> int:
    """Link leads that somebody was at work on at the very moment when their company's account was made.

    Returns how many; a second call finds none. Looks at the accounts made within the last day.
    """
    with transaction() as session:
        recent = AccountChange.done_at > select(clock_now()).scalar_subquery() - _LINKED_LATER
        left_out = session.execute(
            select(Lead, AccountDomain.account_id, CompanyProfile.id)
            .join(AccountDomain, AccountDomain.domain == Lead.company_domain)
            .join(AccountChange, AccountChange.account_id == AccountDomain.account_id)
            .outerjoin(CompanyProfile, CompanyProfile.account_id == AccountChange.account_id)
            .where(
                AccountChange.kind == AccountChangeKind.CREATED_FROM_LEADS, AccountChange.undone_at.is_(None), recent
            )
            .where(AccountDomain.manufacturer_id == Lead.manufacturer_id, *_may_be_linked())
            .where(Lead.state != LeadState.RECEIVED)
            .order_by(Lead.id)
            .limit(limit)
            .with_for_update(of=Lead, skip_locked=True)
        ).all()
        for lead, account_id, profile_id in left_out:
            _link(session, lead, account_id, profile_id)
        return len(left_out)


def _account_made_before(session: Session, manufacturer_id: int, domain: str) -> Account | None:
    """The account that the company's leads have made, while this lead waited for its turn or earlier."""
    found = (
        select(Account)
        .join(AccountDomain, AccountDomain.account_id == Account.id)
        .where(AccountDomain.manufacturer_id == manufacturer_id, AccountDomain.domain == domain)
        .where(Account.ended_at.is_(None), _is_made_of_leads(Account.id))
    )
    return session.scalars(found.limit(1)).one_or_none()


def _is_for_people(session: Session, manufacturer_id: int, domain: str, profile: CompanyProfile | None) -> bool:
    """Whether somebody has the domain, the company is known otherwise, or its account was taken back before."""
    if profile is not None and profile.account_id is not None:
        return True
    has_domain = select(AccountDomain.id).where(
        AccountDomain.manufacturer_id == manufacturer_id, AccountDomain.domain == domain
    )
    taken_back = select(AccountChange.id).where(
        AccountChange.manufacturer_id == manufacturer_id,
        AccountChange.kind == AccountChangeKind.CREATED_FROM_LEADS,
        AccountChange.summary["domain"].astext == domain,
        AccountChange.undone_at.is_not(None),
    )
    return bool(session.scalar(select(has_domain.exists() | taken_back.exists())))


def _is_made_of_leads(account_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(
        AccountChange.account_id == account_id,
        AccountChange.kind == AccountChangeKind.CREATED_FROM_LEADS,
        AccountChange.undone_at.is_(None),
    )


def _leads_up_to(session: Session, lead: Lead, domain: str) -> Sequence[Lead]:
    """The leads of a company up to this one, in the order in which they were asked."""
    asked = (Lead.asked_at, Lead.received_at, Lead.id)
    return session.scalars(
        select(Lead)
        .where(
            Lead.manufacturer_id == lead.manufacturer_id,
            Lead.company_domain == domain,
            Lead.state.not_in(_NO_LEADS),
            Lead.account_id.is_not(None) | ~Lead.is_linked_by_hand,
            tuple_(*asked) <= tuple_(lead.asked_at, lead.received_at, lead.id),
        )
        .order_by(*asked)
    ).all()


def _make_account(session: Session, lead: Lead, domain: str, leads: Sequence[Lead]) -> Account:
    partnership_id, user_id = _owner_of(session, leads[0])
    draft = AccountDraft(
        code=_free_code(session, lead.manufacturer_id, domain),
        name=_usual_name(leads) or domain,
        country=leads[0].country,
        domains=(domain,),
        owner_partnership_id=partnership_id,
        owner_user_id=user_id,
    )
    writing = NetworkWriting(session, lead.manufacturer_id, actor=None)
    account = new_account(writing, draft)
    session.add(account)
    session.flush()
    record_account(writing, account, draft)
    others = _lock_others(session, lead, leads)
    for other in others:
        _link(session, other, account.id, lead.profile_id)
    linked = [str(one.id) for one in (*others, lead)]
    session.add(
        AccountChange(
            manufacturer_id=lead.manufacturer_id,
            kind=AccountChangeKind.CREATED_FROM_LEADS,
            account_id=account.id,
            before={"leads": dict.fromkeys(linked)},
            summary={"domain": domain, "leads": len(linked)},
        )
    )
    return account


def _owner_of(session: Session, first: Lead) -> tuple[int | None, int | None]:
    """Whose the first lead is, or was last: a partnership, or one of the manufacturer's sellers.

    Whoever gave it up, or had it taken away, does not count; who has left is followed by who answers now.
    """
    kept = Assignment.end.is_(None) | Assignment.end.not_in(_GIVEN_UP)
    worked = select(Assignment).where(Assignment.lead_id == first.id, kept).order_by(Assignment.id.desc()).limit(1)
    work = session.scalars(worked).one_or_none()
    if work is None:
        return None, None
    if work.partnership_id is not None:
        return standing_partnership(work.partnership_id, partnership_standing(session, [work.partnership_id])), None
    people = people_standing(session, first.manufacturer_id, [work.user_id] if work.user_id else [])
    return None, standing_owner(work.user_id, people)


def _usual_name(leads: Sequence[Lead]) -> str:
    """The name most of the leads give, in the spelling of the first that gives it."""
    named = [lead for lead in leads if lead.company_key]
    if not named:
        return ""
    usual = Counter(lead.company_key for lead in named).most_common(1)[0][0]
    return next(lead.company for lead in named if lead.company_key == usual)


def _free_code(session: Session, manufacturer_id: int, wanted: str) -> str:
    """The domain as a code, numbered where it is taken."""
    taken = set(
        session.scalars(
            select(Account.code).where(
                Account.manufacturer_id == manufacturer_id, Account.code.startswith(wanted, autoescape=True)
            )
        )
    )
    codes = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)


def _lock_others(session: Session, lead: Lead, leads: Sequence[Lead]) -> Sequence[Lead]:
    """Lock the company's leads without waiting: whoever holds one may be waiting for this very transaction.

    One that is being matched finds the account by itself, any other is linked by `link_left_out_leads`.
    """
    return session.scalars(
        select(Lead)
        .where(Lead.id.in_([one.id for one in leads if one.id != lead.id]), *_may_be_linked())
        .order_by(Lead.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def _may_be_linked() -> tuple[ColumnElement[bool], ...]:
    return Lead.account_id.is_(None), ~Lead.is_linked_by_hand, Lead.state.not_in(_NO_LEADS)


def _link(session: Session, lead: Lead, account_id: int, profile_id: int | None) -> None:
    """Link one more lead of the company; its profile is the same, by the domain they share."""
    lead.account_id = account_id
    lead.profile_id = lead.profile_id or profile_id
    record_event(
        session,
        EventKind.LEAD_MATCHED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"account_id": account_id},
    )
