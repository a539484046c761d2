"""The board, its news, and a person's saved views of it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.domain.availability import AbsenceKind
from app.domain.board import BoardFilters, query_text, read_query
from app.domain.errors import Invalid
from app.domain.identity import PARTNER_ROLES, Role, Viewer
from app.localisation import phrase_text
from app.queries.absences import absence_standing
from app.queries.board import BoardNews, BoardPage, board_news, board_page, list_views
from app.queries.partner_standing import list_rests
from app.services.saved_views import remove_view, save_view
from app.web.access import allowed, current_viewer
from app.web.board.filters import active_filters, board_url, filter_menus, sort_menu, switches
from app.web.board.forms import ViewForm
from app.web.htmx import go_to, polled
from app.web.offers import draw_standing

blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.get("")
@allowed(*PARTNER_ROLES)
def index() -> str:
    """The leads the partner may claim now."""
    viewer = current_viewer()
    filters = BoardFilters.from_query(request.args)
    board = board_page(viewer=viewer, filters=filters, after=request.args.get("after"))
    return render_template(
        "board/index.html",
        board=board,
        views=list_views(viewer=viewer),
        active=active_filters(filters, board.choices),
        menus=[*filter_menus(filters, board.choices), sort_menu(filters)],
        switches=switches(filters),
        view_url=board_url(filters, "board.views"),
        next_url=board_url(filters, after=board.next_after) if board.next_after else None,
        unseen=[card.offer_id for card in (*board.exclusive, *board.cards) if not card.is_seen],
        **_away(viewer),
        **_news_addresses(filters, board.now),
    )


def _away(viewer: Viewer) -> dict[str, object]:
    """Whether the person or the company is away, and what a person may say of itself in two taps."""
    return {
        "away": absence_standing(viewer=viewer),
        "away_kinds": [
            (AbsenceKind.NOT_THIS_WEEK.value, _("Myself: not this week")),
            (AbsenceKind.PAUSE.value, _("Myself: pause")),
        ],
        "away_viewer_id": viewer.user_id,
        "may_speak_for_all": viewer.role is Role.PARTNER_ADMIN,
        "rests": list_rests(viewer=viewer),
    }


@blueprint.get("/news")
@allowed(*PARTNER_ROLES)
def news() -> Response:
    """What happened since the page was drawn: a line about new leads, the rows that went, the claims that are left."""
    filters = BoardFilters.from_query(request.args)
    since = _moment(request.args.get("since", ""))
    found = board_news(viewer=current_viewer(), filters=filters, since=since)
    version = f"{found.version}-{since.timestamp()}-{get_locale()}"
    return polled(version, lambda: _draw_news(found, filters, since))


@blueprint.get("/views")
@allowed(*PARTNER_ROLES)
def views() -> str:
    """The person's saved views, and the present filters to be saved as another."""
    filters = BoardFilters.from_query(request.args)
    return _views_page(ViewForm(formdata=None, query=query_text(filters)))


@blueprint.post("/views")
@allowed(*PARTNER_ROLES)
def save() -> ResponseReturnValue:
    """Keep filters under a name, and show the board by them."""
    form = ViewForm()
    if not form.validate():
        return _views_page(form), 422
    filters = read_query(form.query.data or "")
    try:
        save_view(actor=current_viewer(), name=form.name.data or "", filters=filters, is_mailed=form.is_mailed.data)
    except Invalid as error:
        form.name.errors = [phrase_text(error.phrase)]
        return _views_page(form), 422
    flash(_("The view “%(name)s” is saved.", name=form.name.data), "success")
    return go_to(board_url(filters))


@blueprint.post("/views/<int:view_id>/remove")
@allowed(*PARTNER_ROLES)
def remove(view_id: int) -> ResponseReturnValue:
    """Forget a saved view."""
    remove_view(actor=current_viewer(), view_id=view_id)
    flash(_("The view is removed."), "success")
    return go_to(url_for("board.views"))


def _views_page(form: ViewForm) -> str:
    viewer = current_viewer()
    filters = read_query(form.query.data or "")
    page: BoardPage = board_page(viewer=viewer, filters=filters, limit=1)
    return render_template(
        "board/views.html",
        form=form,
        views=list_views(viewer=viewer),
        active=active_filters(filters, page.choices),
        found=page.found,
    )


def _draw_news(found: BoardNews, filters: BoardFilters, since: datetime) -> str:
    region = render_template("board/_news.html", news=found, **_news_addresses(filters, since))
    gone = (render_template("board/_gone_lead.html", card=card, is_out_of_band=True) for card in found.gone)
    return region + "".join(gone) + draw_standing(found.standings)


def _news_addresses(filters: BoardFilters, since: datetime) -> dict[str, str]:
    return {
        "board_url": board_url(filters),
        "news_url": board_url(filters, "board.news", since=since.isoformat()),
    }


def _moment(text: str) -> datetime:
    """The moment in the address; one that cannot be read is long ago, and the query has its own limit."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
