"""Which leads are of one company: what a company profile recognises them by (P-18)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.intake.domains import is_disposable, is_free_mail, is_public_site
from app.domain.matching.genericness import is_generic
from app.domain.matching.names import match_name
from app.domain.matching.weights import WordWeights


@dataclass(frozen=True, slots=True)
class ProfileKeys:
    """What a lead says of its company, as keys: its own domain, and its name within its country; "" for nothing."""

    domain: str = ""
    name: str = ""

    @property
    def present(self) -> tuple[str, ...]:
        """The keys there are, in the order in which they are locked and written."""
        return tuple(key for key in (self.domain, self.name) if key)


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile that one of a lead's keys or its account leads to; `has_domain` says whether it knows any domain."""

    id: int
    account_id: int | None
    keys: frozenset[str]
    has_domain: bool


def profile_keys(*, domain: str | None, company: str, company_key: str, country: str | None) -> ProfileKeys:
    """The keys of a lead. Free, disposable and public domains are no company's, nor is a name that many may have."""
    own = domain if domain and is_company_domain(domain) else None
    is_telling = bool(company_key and country) and not is_generic(match_name(company), WordWeights())
    return ProfileKeys(
        domain=f"domain:{own}" if own else "",
        name=f"name:{country}:{company_key.replace(' ', '')}" if is_telling else "",
    )


def is_company_domain(domain: str) -> bool:
    """Whether a registrable domain can speak for one company."""
    return not (is_free_mail(domain) or is_disposable(domain) or is_public_site(domain))


def profiles_of_company(
    known: Sequence[KnownProfile], keys: ProfileKeys, *, account_id: int | None, is_linked_by_hand: bool
) -> tuple[KnownProfile, ...]:
    """Those of the known profiles that are the lead's company, the oldest first; several of them are one company.

    The account a lead is linked to goes before everything, its domain before its name. A name recognises a lead that
    has no domain; for a lead with one it only finds a profile that knows no domain yet. Profiles of two accounts are
    never one company, and a lead that a person has linked to no account stays away from all that have one.
    """
    possible = [
        one
        for one in known
        if _is_of(one, account_id) or (_may_hold(one, account_id, is_linked_by_hand) and _recognises(one, keys))
    ]
    certain = sorted(possible, key=lambda one: (one.account_id is None, keys.domain not in one.keys, one.id))
    accounts = {one.account_id for one in possible} - {None}
    if len(accounts) > 1:
        kept = certain[0].account_id if account_id is None else account_id
        possible = [one for one in possible if one.account_id in (None, kept)]
    return tuple(sorted(possible, key=lambda one: one.id))


def keys_kept(own: Collection[str], loose: Collection[ProfileKeys]) -> frozenset[str]:
    """What an account's profile still goes by after a lead has left the account.

    `own` is what the account and its leads say; of the leads that are no account's only those count that hang together
    with them, be it through one another.
    """
    kept = set(own)
    while more := {key for one in loose if kept.intersection(one.present) for key in one.present} - kept:
        kept |= more
    return frozenset(kept)


def _is_of(profile: KnownProfile, account_id: int | None) -> bool:
    return account_id is not None and profile.account_id == account_id


def _may_hold(profile: KnownProfile, account_id: int | None, is_linked_by_hand: bool) -> bool:
    return profile.account_id is None or (account_id is None and not is_linked_by_hand)


def _recognises(profile: KnownProfile, keys: ProfileKeys) -> bool:
    is_by_name_alone = bool(keys.domain) and profile.keys == {keys.name}
    return not is_by_name_alone or not profile.has_domain
