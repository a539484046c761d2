"""Company profiles: every lead of a company finds its others, whatever name or domain it came with (P-18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.domain.profiles import KnownProfile, ProfileKeys, keys_kept, profile_keys, profiles_of_company
from app.models import AccountDomain, CompanyProfile, CompanyProfileKey, Lead
from app.queries.profiles import members_of_profile
from app.services.named_locks import lock_names

_TRIES = 5
_NEW = insert(CompanyProfile).returning(CompanyProfile)
_NEW_KEY = insert(CompanyProfileKey).on_conflict_do_nothing()
_BY_KEY = (
    select(CompanyProfileKey.key, CompanyProfile.id, CompanyProfile.merged_into_id)
    .join(CompanyProfile, CompanyProfile.id == CompanyProfileKey.profile_id)
    .where(
        CompanyProfileKey.manufacturer_id == bindparam("manufacturer_id"),
        CompanyProfileKey.key.in_(bindparam("keys", expanding=True)),
    )
)


def join_profile(session: Session, lead: Lead) -> CompanyProfile | None:
    """Bring a lead into its company's profile, made if there is none; None for a lead that names no company.

    Belongs into the transaction that has decided `lead.account_id`, after it; the caller holds the lead's lock. A lead
    that shows two profiles to be one company merges them. Two leads of a company at one moment come into one profile. A
    second call changes nothing; after a change of the account it brings the lead into that account's profile.
    """
    keys = keys_of(lead)
    if not keys.present and lead.account_id is None:
        lead.profile_id = None
        return None
    with session.no_autoflush:  # The lead is not looked at here: it is written once, with its profile.
        profile = _settled_profile(session, lead, keys)
        if profile is None:
            lock_companies(session, [lead])
            profile = _joined_profile(session, lead, keys)
    lead.profile_id = profile.id
    return profile


def leave_profile(session: Session, lead: Lead, account_id: int | None) -> None:
    """Let a lead that was an account's go out of that account's profile, which forgets what only this lead told it.

    Leads of no account that came in by nothing else go too, each to its own company. Belongs between the change of
    `lead.account_id` and `join_profile`; `account_id` is the account it was. Without a change nothing happens.
    """
    if lead.profile_id is None or account_id is None or account_id == lead.account_id:
        return
    profile = session.get_one(CompanyProfile, _standing_profile(session, lead.profile_id))
    lead.profile_id = None
    if profile.account_id != account_id:
        return
    lock_companies(session, [lead], account_id=account_id)
    session.flush()
    kept = _keys_kept(session, profile.id, account_id)
    forgotten = delete(CompanyProfileKey).where(
        CompanyProfileKey.profile_id == profile.id, CompanyProfileKey.key.not_in(kept)
    )
    if session.scalars(forgotten.returning(CompanyProfileKey.key)).all():
        stranded = _stranded(session, profile.id, kept)
        lock_companies(session, stranded)
        for one in stranded:
            one.profile_id = None
            join_profile(session, one)


def lock_companies(session: Session, leads: Iterable[Lead], *, account_id: int | None = None) -> None:
    """Let nobody else decide about the profiles of these leads until the transaction ends.

    Whoever brings many leads into profiles in one transaction calls it for all of them first, so that two who do never
    wait for each other in a ring. Accounts come before what their leads say; `account_id` is one they are to join.
    """
    leads = list(leads)
    accounts = {
        (lead.manufacturer_id, f"account:{one}")
        for lead in leads
        for one in {lead.account_id, account_id}
        if one is not None
    }
    said = {(lead.manufacturer_id, key) for lead in leads for key in keys_of(lead).present}
    for names in (accounts, said):
        lock_names(session, (f"{manufacturer_id}/profile/{name}" for manufacturer_id, name in names))


def keys_of(lead: Lead) -> ProfileKeys:
    """What a lead's company is recognised by."""
    return _keys(lead.company_domain, lead.company, lead.company_key, lead.country)


def unite_accounts_profiles(session: Session, account_id: int, into_account_id: int) -> None:
    """Let the leads of an account that is merged into another stand in the other's profile; twice is like once."""
    of_account = {
        row.account_id: row
        for row in session.scalars(
            select(CompanyProfile)
            .where(CompanyProfile.account_id.in_((account_id, into_account_id)))
            .order_by(CompanyProfile.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    if account_id in of_account:
        _merge(session, sorted(of_account.values(), key=lambda row: row.id), into_account_id)


def _keys_kept(session: Session, profile_id: int, account_id: int) -> frozenset[str]:
    """What the account's profile still goes by: its own domains, its leads, and who hangs together with them."""
    domains = session.scalars(select(AccountDomain.domain).where(AccountDomain.account_id == account_id))
    said = (Lead.company_domain, Lead.company, Lead.company_key, Lead.country)
    linked = session.execute(select(*said).where(Lead.account_id == account_id).distinct())
    loose = session.execute(select(*said).where(*_is_loose(profile_id)).distinct())
    own = {f"domain:{domain}" for domain in domains} | {key for row in linked for key in _keys(*row).present}
    return keys_kept(own, [_keys(*row) for row in loose])


def _stranded(session: Session, profile_id: int, kept: frozenset[str]) -> list[Lead]:
    """Leads of no account that nothing ties to the profile any more, but for those somebody is at work on now."""
    loose = select(Lead).where(*_is_loose(profile_id)).order_by(Lead.id)
    rows = session.scalars(loose.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    return [lead for lead in rows if not kept.intersection(keys_of(lead).present)]


def _is_loose(profile_id: int) -> tuple[ColumnElement[bool], ...]:
    return Lead.profile_id.in_(members_of_profile(profile_id)), Lead.account_id.is_(None)


def _keys(domain: str | None, company: str, company_key: str, country: str | None) -> ProfileKeys:
    return profile_keys(domain=domain, company=company, company_key=company_key, country=country)


def _settled_profile(session: Session, lead: Lead, keys: ProfileKeys) -> CompanyProfile | None:
    """The profile that knows the lead's account and all it says already, so that nothing is left to decide."""
    known = _known_profiles(session, lead, keys)
    chosen = _of_company(known, lead, keys)
    is_known = len(chosen) == 1 and lead.account_id in (None, chosen[0].account_id)
    if not is_known or _taken(known, keys) != set(keys.present):
        return None
    return session.get_one(CompanyProfile, chosen[0].id)


def _joined_profile(session: Session, lead: Lead, keys: ProfileKeys) -> CompanyProfile:
    for _ in range(_TRIES):
        known = _known_profiles(session, lead, keys)
        chosen = _of_company(known, lead, keys)
        profile = _united(session, lead, chosen) if chosen else _new_profile(session, lead)
        if profile is not None:
            _leave_keys(session, lead.manufacturer_id, profile.id, set(keys.present) - _taken(known, keys))
            return profile
    raise RuntimeError("the profiles of this company changed at every look")


def _of_company(known: Sequence[KnownProfile], lead: Lead, keys: ProfileKeys) -> tuple[KnownProfile, ...]:
    return profiles_of_company(known, keys, account_id=lead.account_id, is_linked_by_hand=lead.is_linked_by_hand)


def _known_profiles(session: Session, lead: Lead, keys: ProfileKeys) -> list[KnownProfile]:
    """What the lead's keys and its account lead to, each profile once, as it stands now."""
    given = {"manufacturer_id": lead.manufacturer_id, "keys": list(keys.present)}
    found: dict[int, set[str]] = {}
    for key, profile_id, merged_into_id in session.execute(_BY_KEY, given):
        standing = profile_id if merged_into_id is None else _standing_profile(session, merged_into_id)
        found.setdefault(standing, set()).add(key)
    if not found and lead.account_id is None:
        return []
    led_to: ColumnElement[bool] = CompanyProfile.id.in_(found)
    if lead.account_id is not None:
        led_to = led_to | (CompanyProfile.account_id == lead.account_id)
    other = aliased(CompanyProfileKey)
    has_domain = exists().where(other.profile_id == CompanyProfile.id, other.key.startswith("domain:"))
    rows = session.execute(
        select(CompanyProfile.id, CompanyProfile.account_id, has_domain).where(led_to).order_by(CompanyProfile.id)
    )
    return [KnownProfile(row[0], row[1], frozenset(found.get(row[0], ())), row[2]) for row in rows]


def _standing_profile(session: Session, profile_id: int) -> int:
    """The profile that one has been merged into, or itself."""
    standing = profile_id
    while True:
        merged = select(CompanyProfile.merged_into_id).where(CompanyProfile.id == standing)
        into = session.scalar(merged)
        if into is None:
            return standing
        standing = into


def _united(session: Session, lead: Lead, chosen: Sequence[KnownProfile]) -> CompanyProfile | None:
    """The chosen profiles as one, with the lead's account; None when somebody changed one of them meanwhile."""
    account_id = next((one.account_id for one in chosen if one.account_id), lead.account_id)
    if len(chosen) == 1 and chosen[0].account_id == account_id:
        return session.get_one(CompanyProfile, chosen[0].id)
    rows = list(
        session.scalars(
            select(CompanyProfile)
            .where(CompanyProfile.id.in_([one.id for one in chosen]))
            .order_by(CompanyProfile.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )
    if [(row.id, row.account_id, row.merged_into_id) for row in rows] != [
        (one.id, one.account_id, None) for one in chosen
    ]:
        return None
    return _merge(session, rows, account_id)


def _merge(session: Session, rows: Sequence[CompanyProfile], account_id: int | None) -> CompanyProfile:
    """Merge locked profiles into the oldest of them, which is the account's from now on."""
    oldest, *others = rows
    for other in others:
        other.account_id, other.merged_into_id = None, oldest.id
    session.flush()
    oldest.account_id = account_id
    session.execute(
        update(CompanyProfileKey)
        .where(CompanyProfileKey.profile_id.in_([other.id for other in others]))
        .values(profile_id=oldest.id)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return oldest


def _new_profile(session: Session, lead: Lead) -> CompanyProfile:
    made = {
        "manufacturer_id": lead.manufacturer_id,
        "account_id": lead.account_id,
        "name": lead.company or lead.company_domain or "",
    }
    return session.execute(_NEW, made).scalar_one()


def _taken(known: Iterable[KnownProfile], keys: ProfileKeys) -> set[str]:
    return {key for one in known for key in one.keys if key in keys.present}


def _leave_keys(session: Session, manufacturer_id: int, profile_id: int, free: Iterable[str]) -> None:
    """Let later leads find the profile by what this lead says; a key that is another profile's stays there."""
    rows = [{"manufacturer_id": manufacturer_id, "key": key, "profile_id": profile_id} for key in sorted(free)]
    if rows:
        session.execute(_NEW_KEY, rows)
