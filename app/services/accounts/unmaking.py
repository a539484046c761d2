"""Taking back an account that its leads have made (P-19)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.phrases import N_, Phrase
from app.models import Account, CompanyProfile, Lead
from app.services.matching import link_to_account
from app.services.network.writing import NetworkWriting
from app.services.profiles import lock_companies


def faults_of_unmaking(account: Account, leads: Collection[Lead]) -> list[Phrase]:
    """Why the account has to stay: people have taken it for their own since."""
    faults = []
    if account.ended_at is not None:
        faults.append(Phrase(N_("%(name)s is out of use."), {"name": account.name}))
    if account.version != 1:
        faults.append(Phrase(N_("%(name)s has been changed since."), {"name": account.name}))
    if any(lead.is_linked_by_hand for lead in leads):
        faults.append(Phrase(N_("Leads have been linked to it by hand since.")))
    return faults


def leads_of(writing: NetworkWriting, account: Account, locked: Collection[UUID]) -> list[Lead]:
    """The account's leads, whose rows are locked."""
    own = select(Lead).where(Lead.account_id == account.id, Lead.id.in_(locked)).order_by(Lead.id)
    return list(writing.session.scalars(own))


def unmake_account(writing: NetworkWriting, account: Account, leads: Collection[Lead]) -> None:
    """Take the account out of use; its leads belong to none again and stay with whoever works them.

    It does not come again by itself: its domain stays with it.
    """
    session = writing.session
    account.ended_at = clock_now()
    lock_companies(session, leads, account_id=account.id)
    free_profile(session, account.id)
    for lead in leads:
        link_to_account(session, lead, None, by_hand=False)


def free_profile(session: Session, account_id: int) -> None:
    """Let the company profile of an account that goes out of use be no account's any more."""
    session.execute(
        update(CompanyProfile)
        .where(CompanyProfile.account_id == account_id)
        .values(account_id=None)
        .execution_options(synchronize_session="fetch")
    )
