"""Looking at the leads that are owed it, lead by lead, for as long as one run may take."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.phrases import Phrase
from app.models import Lead, Partnership, RoutingDecision
from app.services.faults import is_its_own
from app.services.owed_rechecks import leads_owed, owe_for_network, put_off, take_owed
from app.services.rechecking.looking import recheck_lead

RULES_CHANGED = "rules_changed"
"""Why leads are decided about anew where a rule was changed."""
LONGEST_RUN_SECONDS = 60

log = structlog.get_logger(__name__)


def recheck_eligibility(*, limit: int = 500, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Look again at the leads that changed rules touch, and at every open one where the network has changed.

    Offers of partners that are no longer eligible are withdrawn, those of partners that still are come back to their
    boards, newly eligible ones are added, and leads that nobody could have start their plan. Until then an offer made
    under an older version is hidden, so no wrong partner ever sees it.

    Each lead is a transaction of its own that also takes what the lead is owed. So a process that is killed or whose
    time is up loses nothing, the next call goes on, and a second one finds nothing to do. A lead that fails, or meets a
    time-out or a deadlock, is logged, keeps its stale offers hidden, is tried again in a while and stops no other. Up
    to `limit` changed partnerships are begun with; the run ends after `seconds`. Returns how many leads were looked at.
    """
    began, looked_at = time.monotonic(), 0
    for manufacturer_id in _changed_networks():
        with transaction() as session:
            owe_for_network(session, manufacturer_id, limit=limit)
    with transaction() as session:
        lead_ids = leads_owed(session)
    for lead_id in lead_ids:
        if time.monotonic() - began > seconds:
            break
        looked_at += _try(lead_id)
    return looked_at


def _changed_networks() -> Sequence[int]:
    """The manufacturers with partnerships in doubt."""
    in_doubt = select(Partnership.manufacturer_id).where(Partnership.checked_version < Partnership.eligibility_version)
    with transaction() as session:
        return session.scalars(in_doubt.distinct().order_by(Partnership.manufacturer_id)).all()


def _try(lead_id: uuid.UUID) -> bool:
    """Look at one lead; what is not the lead's fault ends the run, and the lead is owed its look as before."""
    try:
        _look_at(lead_id)
    except Exception as error:
        if not is_its_own(error):
            raise
        log.error("lead_not_rechecked", lead_id=str(lead_id), exc_info=error)
        with transaction() as session:
            put_off(session, lead_id)
        return False
    return True


def _look_at(lead_id: uuid.UUID) -> None:
    """Look at one lead for a changed rule first: whoever comes first then says that it was the rule."""
    with transaction() as session:
        lead = session.get_one(Lead, lead_id, with_for_update=True, populate_existing=True)
        owed = take_owed(session, lead)
        if owed.reasons:
            _follow_changed_rules(session, lead, owed.reasons)
        if owed.partnership_ids:
            recheck_lead(session, lead, owed.partnership_ids)


def _follow_changed_rules(session: Session, lead: Lead, why: Sequence[Phrase]) -> None:
    """Look at everybody anew; each decision that is made says first which rule was changed."""
    decisions = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)
    known = set(session.scalars(decisions.with_only_columns(RoutingDecision.id)))
    recheck_lead(session, lead, None, cause=RULES_CHANGED)
    session.flush()
    for decision in session.scalars(decisions.where(RoutingDecision.id.not_in(known))):
        decision.reasons = [*(phrase.to_json() for phrase in why), *decision.reasons]
