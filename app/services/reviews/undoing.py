"""Taking a decision back while nobody has acted on it: the question is open again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import Refused
from app.domain.identity import Viewer
from app.domain.leads import CLOSED_STATES
from app.domain.phrases import N_, Phrase
from app.domain.review import ANSWERS, decide_undo
from app.models import Lead, Review
from app.services.audit import record_event
from app.services.rematch_asking import owe_rematch
from app.services.reviews.learning import forget_alias, give_up_account
from app.services.reviews.locking import lock_review
from app.services.reviews.restoring import is_taken, link_of, reopen_review, restore_standing


def undo_decision(*, review_id: int, actor: Viewer) -> None:
    """Take the decision about a lead back within 10 minutes, as long as nobody has claimed it.

    Lead, link, learnt alias, new account and round are as before, and the question is open again with its first due
    time. Anybody who may decide may take back. Raises `NotFound`, `Forbidden` and `Refused`; so does a second call.
    """
    with transaction() as session:
        review, lead = lock_review(session, review_id, actor)
        now = read_clock(session)
        decision = review.decision if "lead" in review.before else None  # Else it followed from something else.
        decide_undo(decision, review.decided_at, now, is_taken=is_taken(session, lead))
        _refuse_overtaken(session, review, lead)
        before = review.before
        restore_standing(session, lead, before["lead"])
        has_changed = forget_alias(session, before.get("alias_id"))
        has_changed |= give_up_account(session, before.get("new_account_id"))
        reopen_review(session, review, lead)
        record_event(
            session,
            EventKind.REVIEW_UNDONE,
            actor=actor,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"decision": decision.value if decision else ""},
        )
        if has_changed:
            owe_rematch(session, lead.manufacturer_id, requested_by_id=actor.user_id)


def _refuse_overtaken(session: Session, review: Review, lead: Lead) -> None:
    """A person has decided about the lead again since, or linked it, or it has been closed: that comes first."""
    later = select(Review.id).where(
        Review.lead_id == lead.id, Review.decision.in_(ANSWERS), Review.decided_at > review.decided_at
    )
    is_closed_since = lead.state in CLOSED_STATES and lead.state.value != review.before.get("left_as")
    is_linked_since = link_of(lead) != review.before.get("left_link", link_of(lead))
    if is_closed_since or is_linked_since or session.scalar(later.limit(1)) is not None:
        raise Refused(
            Phrase(N_("Something else has been decided about this lead since.")),
            code="overtaken",
            remedy=Phrase(N_("Load the page again to see where it stands now.")),
        )
