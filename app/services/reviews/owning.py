"""Whose a question is: the person who is to answer it by the end of the day."""

from __future__ import annotations

from app.database import transaction
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.models import User
from app.services.distribution.reviewing import DIRECT_ROLES
from app.services.notifications import owe_mail
from app.services.reviews.locking import lock_review


def give_review(*, review_id: int, user_id: int | None, actor: Viewer) -> None:
    """Give a question to a colleague who may decide, or to nobody in particular; a new owner is told by mail.

    Raises `NotFound`, `Forbidden`, `Invalid` for somebody who may not decide, `Refused` once it is decided. A second
    call changes nothing.
    """
    with transaction() as session:
        review, lead = lock_review(session, review_id, actor)
        if review.decided_at is not None:
            raise Refused(Phrase(N_("This question is decided already.")), code="already_decided")
        if user_id is not None:
            user = session.get(User, user_id, with_for_update={"read": True, "of": User}, populate_existing=True)
            is_colleague = user is not None and user.organisation_id == actor.organisation_id
            if user is None or not is_colleague or user.disabled_at is not None or user.role not in DIRECT_ROLES:
                problem = Phrase(N_("Choose a colleague who may decide about leads."))
                raise Invalid(problem, fields={"owner": problem})
        if review.owner_user_id == user_id:
            return
        review.owner_user_id = user_id
        if user_id is not None and user_id != actor.user_id:
            owe_mail(
                session,
                MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER,
                user_id=user_id,
                payload={"lead_id": str(lead.id)},
                once_key=f"review-owner:{review.id}:{user_id}",
            )
