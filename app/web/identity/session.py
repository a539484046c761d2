"""Flask-Login's glue: the cookie carries a random token, everything else is read from its row with every request."""

from __future__ import annotations

from flask import Request, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.extensions import login_manager
from app.queries.identity import SignedInUser, api_user, signed_in_user
from app.services import identity
from app.web.cookie import TOKEN
from app.web.errors import API_PREFIX
from app.web.htmx import go_to, is_htmx
from app.web.legible import split_address

# Ours is checked against its row with every request; Flask-Login's own marks would only add to the cookie.
login_manager.session_protection = None


@login_manager.request_loader
def load_person(asked: Request) -> SignedInUser | None:
    """The person behind a request: on pages the cookie's, for the API the key's. Neither opens the other's door."""
    person = _holder_of_key(asked) if asked.path.startswith(API_PREFIX) else _holder_of_cookie()
    g.person_to_see = person if person and person.is_seen_stale else None
    return person


@login_manager.unauthorized_handler
def ask_to_log_in() -> ResponseReturnValue:
    """Send an anonymous reader to the log-in page, and back to where they wanted to go afterwards."""
    if request.path.startswith(API_PREFIX):
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not is_htmx() else None
    address = url_for("identity.log_in", next=wanted if wanted != "/" else None)
    return go_to(address) if is_htmx() else redirect(address, code=303)


def own_path(address: str | None) -> str:
    """`address` when it is a path of this site, else the start page: nobody is sent elsewhere after signing in."""
    parts = split_address(address)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    if not address or not is_ours or address.startswith("//") or any(c in address for c in "\\\r\n\t"):
        return "/"
    return address


def keep_alive(response: Response) -> Response:
    """Write "last seen" once the answer stands; `load_person` asks for it at most once a minute."""
    person: SignedInUser | None = g.pop("person_to_see", None)
    if person and person.session_id is not None:
        identity.see_session(person.session_id)
    elif person and person.api_key_id is not None:
        identity.see_api_key(person.api_key_id)
    return response


def _holder_of_cookie() -> SignedInUser | None:
    token = session.get(TOKEN)
    return signed_in_user(token=token) if token else None


def _holder_of_key(asked: Request) -> SignedInUser | None:
    given = asked.authorization
    return api_user(secret=given.token) if given and given.type == "bearer" and given.token else None
