"""What keeps a page from doing what we did not write: CSP with a nonce, headers, a check of where writes come from."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from app.domain.errors import Forbidden
from app.domain.phrases import N_, Phrase

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
STATIC_ENDPOINT = "static"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def init_security(app: Flask) -> None:
    """Give templates `csp_nonce()` and `hx()`, refuse writes sent from other sites, and put the headers on answers."""
    app.jinja_env.globals.update(csp_nonce=csp_nonce, hx=hx)
    app.before_request(refuse_other_sites)
    app.after_request(set_security_headers)


def csp_nonce() -> str:
    """The one nonce of this answer; scripts and htmx elements that carry another are dead."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def hx() -> Markup:
    """The attribute without which the browser ignores an element's other hx- attributes (hx-csp)."""
    return Markup('hx-nonce="{}"').format(csp_nonce())


def allow_framing(response: Response, ancestors: str = "*") -> Response:
    """Let other sites show this one answer in a frame (`ancestors` as in frame-ancestors): the embeddable web form."""
    response.headers["Content-Security-Policy"] = _content_security_policy(ancestors)
    return response


def show_own_frames(response: Response) -> Response:
    """Let this one answer hold frames of our own: the demo's mailbox shows a mail as it was sent."""
    response.headers["Content-Security-Policy"] = _content_security_policy("'none'") + "; frame-src 'self'"
    return response


def refuse_other_sites() -> None:
    """Stop a write that a browser sends on behalf of another site; programs send neither header and pass."""
    if request.method not in SAFE_METHODS and _comes_from_elsewhere():
        raise Forbidden(Phrase(N_("This request came from another site. Open the page here and try again.")))


def set_security_headers(response: Response) -> Response:
    """Add what is not set yet: a view may have widened its own policy, never by accident."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _content_security_policy("'none'"))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != STATIC_ENDPOINT:
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _comes_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.host
    except ValueError:
        return True


def _content_security_policy(ancestors: str) -> str:
    upgrade = "; upgrade-insecure-requests" if request.is_secure and not current_app.debug else ""
    return (
        "default-src 'none'; "
        f"script-src 'nonce-{csp_nonce()}'; "
        "style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {ancestors}{upgrade}"
    )
