"""What a decision teaches: the lead's company name as an alias, the company as an account of its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.accounts import AccountNameKind
from app.domain.audit import EventKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.intake.companies import company_name
from app.domain.intake.domains import is_disposable, is_free_mail
from app.domain.network.account_draft import AccountDraft
from app.domain.phrases import N_, Phrase
from app.domain.review import is_worth_learning
from app.models import Account, AccountDomain, AccountName, Lead
from app.services.account_names import add_name
from app.services.accounts.unmaking import free_profile
from app.services.audit import record_event
from app.services.named_locks import lock_names
from app.services.network.accounts import new_account, record_account
from app.services.network.writing import NetworkWriting
from app.services.profiles import lock_companies


def learn_alias(session: Session, account: Account, company: str, actor: Viewer) -> AccountName | None:
    """Let an account go by the name a lead gave, once a person has said that it is the same company.

    None when it does already, or when another account goes by that name. The caller holds the account's lock, and owes
    a matching of the other open leads at the end of its transaction.
    """
    read = company_name(company)
    same_key = select(AccountName.account_id).where(
        AccountName.manufacturer_id == account.manufacturer_id, AccountName.name_key == read.key
    )
    others = same_key.join(Account, Account.id == AccountName.account_id).where(
        Account.id != account.id, Account.ended_at.is_(None)
    )
    is_anothers = session.scalar(others.limit(1)) is not None
    if not is_worth_learning(read.key, [name.name_key for name in account.names], is_anothers=is_anothers):
        return None
    alias = add_name(account, AccountNameKind.ALIAS, read.display, is_learned=True)
    account.version += 1
    session.flush()
    record_event(
        session,
        EventKind.ACCOUNT_CHANGED,
        actor=actor,
        manufacturer_id=account.manufacturer_id,
        data={"account_id": account.id, "code": account.code, "alias": alias.name},
    )
    return alias


def forget_alias(session: Session, alias_id: int | None) -> bool:
    """Take back an alias that was learnt; False when it is gone or somebody has made it the account's own."""
    alias = session.get(AccountName, alias_id) if alias_id is not None else None
    if alias is None or not alias.is_learned:
        return False
    account = session.get_one(Account, alias.account_id, with_for_update={"key_share": True})
    account.names.remove(alias)
    account.version += 1
    session.flush()
    return True


def account_of_lead(session: Session, lead: Lead, actor: Viewer) -> Account:
    """Make an account from what the lead says: company, domain (never that of free mail), country and place.

    `Invalid` when the lead names no company, `Refused` when an account in use has its domain, or its name in its
    country. Of two who make one company at once the second is refused.
    """
    if not lead.company.strip():
        problem = Phrase(N_("The lead names no company to make an account of."))
        raise Invalid(problem, fields={"decision": problem})
    domains = _own_domains(lead)
    _refuse_known(session, lead, domains)
    draft = AccountDraft(
        code=_free_code(session, lead),
        name=lead.company,
        country=lead.country,
        city=lead.city,
        corporate_number=lead.corporate_number,
        domains=domains,
    )
    writing = NetworkWriting(session, lead.manufacturer_id, actor)
    account = new_account(writing, draft)
    session.add(account)
    session.flush()
    record_account(writing, account, draft)
    return account


def give_up_account(session: Session, account_id: int | None) -> bool:
    """Take an account that was made of a lead out of use again; False when other leads are linked to it by now."""
    account = session.get(Account, account_id, with_for_update={"key_share": True}) if account_id is not None else None
    if account is None or account.ended_at is not None:
        return False
    if session.scalar(select(Lead.id).where(Lead.account_id == account.id).limit(1)) is not None:
        return False
    free_profile(session, account.id)
    account.ended_at = session.scalar(select(clock_now()))
    account.version += 1
    return True


def _free_code(session: Session, lead: Lead) -> str:
    """The lead's reference; the whole id where another account has that."""
    taken = select(Account.id).where(Account.manufacturer_id == lead.manufacturer_id, Account.code == lead.reference)
    return lead.reference if session.scalar(taken) is None else f"L-{lead.id.hex.upper()}"


def _own_domains(lead: Lead) -> tuple[str, ...]:
    domain = lead.company_domain or ""
    return () if not domain or is_free_mail(domain) or is_disposable(domain) else (domain,)


def _refuse_known(session: Session, lead: Lead, domains: Sequence[str]) -> None:
    """Raise `Refused` when the company is an account; until the transaction ends nobody else makes it one."""
    key = company_name(lead.company).key
    lock_companies(session, [lead])
    lock_names(session, [f"{lead.manufacturer_id}/account/name:{key}"])
    has_domain = Account.domains.any(AccountDomain.domain.in_(domains))
    has_name = Account.names.any(AccountName.name_key == key) & Account.country.is_not_distinct_from(lead.country)
    known = select(Account.name).where(
        Account.manufacturer_id == lead.manufacturer_id, Account.ended_at.is_(None), has_domain | has_name
    )
    name = session.scalar(known.order_by(Account.id).limit(1))
    if name is not None:
        raise Refused(Phrase(N_("%(name)s is known already: match it instead."), {"name": name}), code="known_already")
