"""Finding the account a lead belongs to, and what follows for its company: profile, automatic account, alert."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.intake.domains import is_disposable, is_free_mail, is_public_site, registrable_domain
from app.domain.matching.decision import LeadCompany, MatchDecision, MatchKind, Thresholds, decide_match
from app.models import Account, Lead, ManufacturerSettings
from app.queries.matching import match_evidence
from app.queries.reviews.answers import rejected_accounts
from app.services.accounts_from_leads import account_from_leads
from app.services.audit import record_event
from app.services.high_activity import note_high_activity
from app.services.profiles import join_profile, leave_profile
from app.services.rematch_asking import owe_rematch


def match_lead(session: Session, lead: Lead) -> MatchDecision:
    """Find the account of a lead's company by every signal there is, and write it down with its reasons.

    A lead linked by hand keeps its account, and an account that a person has ruled out for this name stays out. Where
    no account is known, the third lead of one company domain makes one. The caller holds the lead's lock and ends its
    transaction with `let_others_find`; a second call finds the accounts as they are then.
    """
    if lead.is_linked_by_hand:
        kind = MatchKind.MATCHED if lead.account_id is not None else MatchKind.NONE
        return MatchDecision(kind, lead.account_id, lead.match_score or 0)
    settings = session.get_one(ManufacturerSettings, lead.manufacturer_id)
    company = company_of(lead)
    evidence = match_evidence(session, manufacturer_id=lead.manufacturer_id, lead=company, address=lead.ip_address)
    evidence = evidence.without(rejected_accounts(session, lead.manufacturer_id, lead.company_key))
    thresholds = Thresholds(match=settings.match_score, near=settings.near_match_score)
    decision = decide_match(company, evidence, thresholds)
    before = lead.account_id
    lead.account_id = decision.account_id
    lead.match_score = decision.score if decision.signals else None
    lead.match_signals = [signal.to_json() for signal in decision.signals]
    leave_profile(session, lead, before)
    profile = join_profile(session, lead)
    account = account_from_leads(session, lead, profile) if decision.kind is MatchKind.NONE else None
    has_made = account is not None and lead.account_id != before
    if account is None and lead.account_id is not None:
        account = session.get_one(Account, lead.account_id)
    note_high_activity(session, lead, account)
    if lead.account_id is not None and lead.account_id != before:
        record_event(
            session,
            EventKind.LEAD_MATCHED,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"account_id": lead.account_id, "score": decision.score},
        )
    return replace(decision, has_made_account=has_made)


def let_others_find(session: Session, lead: Lead, match: MatchDecision) -> None:
    """Have the other open leads matched with an account that a match has just made; last in the transaction."""
    if match.has_made_account:
        owe_rematch(session, lead.manufacturer_id)


def link_to_account(session: Session, lead: Lead, account_id: int | None, *, by_hand: bool) -> None:
    """Make a lead an account's, or nobody's; by hand it stays so whatever matching would say.

    What only this lead told of the account it leaves no longer recognises that company.
    The caller holds the lead's lock and has checked that the account is its manufacturer's and in use.
    """
    before, lead.account_id = lead.account_id, account_id
    lead.is_linked_by_hand = by_hand
    lead.account_level = None
    session.flush()
    leave_profile(session, lead, before)
    join_profile(session, lead)


def company_of(lead: Lead) -> LeadCompany:
    """What a lead says about its company; free and throw-away mail and pages on public sites say nothing."""
    website = registrable_domain(lead.website) if lead.website else ""
    return LeadCompany(
        company=lead.company,
        email_domain=_telling(lead.company_domain or ""),
        website_domain="" if is_public_site(website) else _telling(website),
        country=lead.country or "",
        corporate_number=lead.corporate_number or "",
    )


def review_candidates(decision: MatchDecision) -> list[dict[str, Any]]:
    """The accounts a person chooses from, best first, each with its signals, as the review keeps them."""
    return [
        {
            "account_id": account_id,
            "score": max((one.score for one in decision.signals if one.account_id == account_id), default=0),
            "signals": [one.to_json() for one in decision.signals if one.account_id == account_id],
            "is_contested": decision.is_contested,
        }
        for account_id in decision.candidates
    ]


def _telling(domain: str) -> str:
    return "" if is_free_mail(domain) or is_disposable(domain) else domain
