"""Saving the board's filters under a name, and being mailed about matches."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import OutboxMessage, SavedView
from app.services.saved_views import MAX_VIEWS, owe_view_mails
from tests.boards import put_on_board
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.conftest import TimeMachine

VIEW = {"name": "Bavaria", "query": "region=DE-BY&nonsense=1", "is_mailed": "y"}


def saved(session: Session) -> list[SavedView]:
    return list(session.scalars(select(SavedView).order_by(SavedView.id).execution_options(populate_existing=True)))


def mails(session: Session) -> list[dict[str, object]]:
    kind = "saved_view_match_to_user"
    return list(session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == kind)))


def test_works(browse: Browse, session: Session, cast: Cast) -> None:
    answer = browse("nora").post("/board/views", data=VIEW)
    assert (answer.status_code, answer.location) == (303, "/board?region=DE-BY")
    (view,) = saved(session)
    assert (view.user_id, view.name, view.query, view.is_mailed) == (
        cast.people["nora"].id,
        "Bavaria",
        "region=DE-BY",
        True,
    )
    assert "Bavaria" in browse("nora").get("/board").text
    assert "Bavaria" not in browse("nils").get("/board").text
    assert "Bavaria" in browse("nora").get("/board/views?hot=1").text


def test_the_same_name_again_replaces_it(browse: Browse, session: Session) -> None:
    browse("nora").post("/board/views", data=VIEW)
    browse("nora").post("/board/views", data={"name": "Bavaria", "query": "hot=1"})
    assert [(view.query, view.is_mailed) for view in saved(session)] == [("hot=1", False)]


def test_removing_a_view_is_its_owners_alone(browse: Browse, session: Session) -> None:
    browse("nora").post("/board/views", data=VIEW)
    path = f"/board/views/{saved(session)[0].id}/remove"
    assert browse("nils").post(path).status_code == 404
    assert browse("nora").post(path).location == "/board/views"
    assert browse("nora").post(path).status_code == 404
    assert saved(session) == []


def test_anonymous_goes_to_the_log_in(browse: Browse) -> None:
    assert "/log-in" in browse(None).post("/board/views", data=VIEW).location


def test_manufacturers_save_no_views(browse: Browse) -> None:
    assert browse("ada").post("/board/views", data=VIEW).status_code == 403


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_is_needed(browse: Browse, session: Session, name: str) -> None:
    answer = browse("nora").post("/board/views", data=VIEW | {"name": name})
    assert (answer.status_code, 'id="save-view"' in answer.text) == (422, True)
    assert saved(session) == []


def test_there_is_a_limit(browse: Browse, session: Session, cast: Cast) -> None:
    user_id = cast.people["nora"].id
    session.add_all(SavedView(user_id=user_id, name=str(number), query="") for number in range(MAX_VIEWS))
    session.commit()
    answer = browse("nora").post("/board/views", data=VIEW)
    assert (answer.status_code, "30 saved views" in answer.text) == (422, True)


def test_htmx_is_told_where_to_go(browse: Browse) -> None:
    answer = browse("nora").post("/board/views", data=VIEW, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/board?region=DE-BY")


def test_a_match_owes_one_mail_and_others_none(
    browse: Browse, session: Session, cast: Cast, clock: TimeMachine
) -> None:
    browse("nora").post("/board/views", data=VIEW)
    browse("nils").post("/board/views", data={"name": "Berlin", "query": "region=DE-BE", "is_mailed": "y"})
    browse("rita").post("/board/views", data={"name": "All", "query": "", "is_mailed": "y"})
    clock.pass_time(seconds=1)
    put_on_board(session, cast)
    put_on_board(session, cast)
    assert owe_view_mails() == 1
    view_id = session.scalar(select(SavedView.id).where(SavedView.name == "Bavaria"))
    assert mails(session) == [{"view_id": view_id, "count": 2}]
    assert owe_view_mails() == 0


@pytest.mark.covers("B-04")
def test_a_head_start_delays_the_mail_too(browse: Browse, session: Session, cast: Cast, clock: TimeMachine) -> None:
    browse("kenji").post("/board/views", data={"name": "All", "query": "", "is_mailed": "y"})
    clock.pass_time(seconds=1)
    put_on_board(session, cast, is_hot=False)
    assert owe_view_mails() == 0
    clock.pass_time(hours=13)
    assert owe_view_mails() == 1
