"""A person's saved board filters, and the mails about leads that match them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.board import BoardFilters, query_text, read_query
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import PARTNER_ROLES, Viewer
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.models import SavedView, User
from app.queries.board import newly_visible
from app.queries.people import who_reads_for
from app.services.notifications import owe_mail

MAX_NAME_LENGTH = 60
MAX_VIEWS = 30
"""Saved views per person; each mailed one is looked at every minute."""


def save_view(*, actor: Viewer, name: str, filters: BoardFilters, is_mailed: bool) -> int:
    """Keep a board filter under a name; the same name again replaces it. Returns the view's id.

    A view that is to be mailed tells of leads that come from now on. Raises `Forbidden` for the manufacturer's side,
    `Invalid` without a name, with one too long, and when there are `MAX_VIEWS` already.
    """
    if not actor.has_role(*PARTNER_ROLES):
        raise Forbidden
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        problem = Phrase(N_("Give the view a name of up to %(limit)s characters."), {"limit": MAX_NAME_LENGTH})
        raise Invalid(problem, fields={"name": problem})
    with transaction() as session:
        # The person's row orders two savings at once.
        session.get(User, actor.user_id, with_for_update=True)
        views = session.scalars(select(SavedView).where(SavedView.user_id == actor.user_id)).all()
        view = next((one for one in views if one.name == name), None)
        if view is None:
            _refuse_too_many(len(views))
            view = SavedView(user_id=actor.user_id, name=name)
            session.add(view)
        view.query = query_text(filters)
        view.is_mailed = is_mailed
        view.checked_at = read_clock(session)
        session.flush()
        return view.id


def _refuse_too_many(count: int) -> None:
    if count >= MAX_VIEWS:
        problem = Phrase(N_("You have %(limit)s saved views already. Remove one first."), {"limit": MAX_VIEWS})
        raise Invalid(problem, fields={"name": problem}, code="too_many")


def remove_view(*, actor: Viewer, view_id: int) -> None:
    """Forget a saved view of the actor's own. Raises `NotFound` for anybody else's, and on a second call."""
    with transaction() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.user_id != actor.user_id:
            raise NotFound
        session.delete(view)


def owe_view_mails(*, limit: int = 500) -> int:
    """Owe one mail for each saved view that has new leads since it was last looked at, oldest look first.

    Whoever is away is told of nothing, then or later; a deputy who stands in is. Returns how many mails were owed. A
    second call at once finds nothing new; two at the same time share the work.
    """
    owed = 0
    with transaction() as session:
        views = session.scalars(
            select(SavedView)
            .where(SavedView.is_mailed)
            .order_by(SavedView.checked_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for view in views:
            owed += _owe_matches(session, view)
    return owed


def _owe_matches(session: Session, view: SavedView) -> bool:
    now = read_clock(session)
    since, view.checked_at = view.checked_at, now
    reader_id = who_reads_for(session, session.get_one(User, view.user_id))
    if reader_id is None:
        return False
    reader = _viewer(session.get_one(User, reader_id))
    count = newly_visible(viewer=reader, filters=read_query(view.query), since=since, until=now)
    if count:
        payload = {"view_id": view.id, "count": count}
        key = f"view:{view.id}:{now.isoformat()}"
        owe_mail(session, MailKind.SAVED_VIEW_MATCH_TO_USER, user_id=reader_id, payload=payload, once_key=key)
    return count > 0


def _viewer(user: User) -> Viewer:
    return Viewer(user.id, user.organisation_id, user.organisation.kind, user.role)
