"""What follows when a score falls: a warning, claims suspended for a time, a territory review for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.identity import Role
from app.domain.notifications import MailKind
from app.domain.response_score import ResponseRules, StandingChange, StandingStep, decide_standing
from app.models import ClaimSuspension, Partnership, TerritoryReview
from app.queries.people import people_to_tell
from app.queries.response_figures import figures_of
from app.services.audit import record_event
from app.services.notifications import owe_mails


def follow_fall(
    session: Session, partnership: Partnership, before: int, after: int, *, rules: ResponseRules, now: datetime
) -> None:
    """Do what the change of a score from `before` to `after` leads to; nothing when it leads to nothing.

    The caller holds the partnership's lock. A partnership that has ended is left in peace.
    """
    if partnership.ended_at is not None:
        return
    until = partnership.claims_suspended_until
    change = decide_standing(
        before,
        after,
        _suspensions_in_quarter(session, partnership.id, rules, now),
        is_suspended=until is not None and until > now,
        rules=rules,
    )
    if change is None:
        return
    if change.step is StandingStep.WARNING:
        _warn(session, partnership, after, change, now)
    else:
        _suspend(session, partnership, after, change, now)
        if change.needs_territory_review:
            _open_review(session, partnership, after, rules, now)


def _suspensions_in_quarter(session: Session, partnership_id: int, rules: ResponseRules, now: datetime) -> int:
    """Suspensions begun within a quarter; one that a person has lifted does not count against the partner."""
    since = now - timedelta(days=rules.quarter_days)
    counted = select(func.count()).where(
        ClaimSuspension.partnership_id == partnership_id,
        ClaimSuspension.starts_at > since,
        ClaimSuspension.lifted_at.is_(None),
    )
    return session.scalar(counted) or 0


def _warn(session: Session, partnership: Partnership, score: int, change: StandingChange, now: datetime) -> None:
    _record(session, EventKind.RESPONSE_WARNED, partnership, {"score": score, "why": change.reason.to_json()})
    _tell_partner(session, partnership, MailKind.RESPONSE_WARNING_TO_PARTNER, f"warned:{partnership.id}:{now}")


def _suspend(session: Session, partnership: Partnership, score: int, change: StandingChange, now: datetime) -> None:
    until = now + (change.suspended_for or timedelta())
    partnership.claims_suspended_until = until
    suspension = ClaimSuspension(
        manufacturer_id=partnership.manufacturer_id,
        partnership_id=partnership.id,
        score=score,
        starts_at=now,
        ends_at=until,
    )
    session.add(suspension)
    session.flush()
    told = {"score": score, "until": until.isoformat(), "why": change.reason.to_json()}
    _record(session, EventKind.CLAIMS_SUSPENDED, partnership, told)
    _tell_partner(session, partnership, MailKind.CLAIMS_SUSPENDED_TO_PARTNER, f"suspended:{suspension.id}")


def _open_review(session: Session, partnership: Partnership, score: int, rules: ResponseRules, now: datetime) -> None:
    """Put the territory before a person, with the figures of the quarter, unless it lies there already."""
    is_open = select(TerritoryReview.id).where(
        TerritoryReview.partnership_id == partnership.id, TerritoryReview.decided_at.is_(None)
    )
    if session.scalar(is_open) is not None:
        return
    since = now - timedelta(days=rules.quarter_days)
    figures = figures_of(session, partnership.manufacturer_id, since, partnership_id=partnership.id)
    review = TerritoryReview(
        manufacturer_id=partnership.manufacturer_id,
        partnership_id=partnership.id,
        figures={"score": score, "days": rules.quarter_days} | figures[partnership.id].to_json(),
        opened_at=now,
    )
    session.add(review)
    session.flush()
    _record(session, EventKind.TERRITORY_REVIEW_OPENED, partnership, {"score": score})
    payload, once = {"review_id": review.id}, f"territory_review:{review.id}"
    people = _who_looks_after(session, partnership)
    owe_mails(session, MailKind.TERRITORY_REVIEW_TO_CHANNEL_MANAGER, people, payload=payload, once=once)


def _tell_partner(session: Session, partnership: Partnership, kind: MailKind, once: str) -> None:
    people = people_to_tell(session, partnership.partner_id, [Role.PARTNER_ADMIN])
    owe_mails(session, kind, people, payload={"partnership_id": partnership.id}, once=once)


def _who_looks_after(session: Session, partnership: Partnership) -> list[int]:
    """The partnership's channel manager, all of them where it has none, the administrators where there are none."""
    everybody = people_to_tell(session, partnership.manufacturer_id, [Role.CHANNEL_MANAGER])
    if partnership.channel_manager_id is not None:
        return [partnership.channel_manager_id]
    return everybody or people_to_tell(session, partnership.manufacturer_id, [Role.ADMIN])


def _record(session: Session, kind: EventKind, partnership: Partnership, data: dict[str, object]) -> None:
    record_event(session, kind, manufacturer_id=partnership.manufacturer_id, partnership_id=partnership.id, data=data)
