"""The only reader and writer of HX- headers: what kind of answer is wanted, and how to give it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue


def is_htmx() -> bool:
    """Whether htmx asked; a browser going back in its history wants the full page like any other."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def redrawn_or_redirect(draw: Callable[[], str], url: str, message: str = "") -> ResponseReturnValue:
    """Answer a POST that worked: the re-drawn fragment for htmx, 303 to `url` for a browser; `message` with each."""
    if is_htmx():
        return draw() + (render_template("shared/_said.html", message=message) if message else "")
    if message:
        flash(message, "success")
    return redirect(url, code=303)


def redrawn_at(draw: Callable[[], str], url: str, message: str) -> ResponseReturnValue:
    """Answer a POST after which the same region shows another thing: `url` is where the reader is then."""
    response = make_response(redrawn_or_redirect(draw, url, message))
    if is_htmx():
        response.headers["HX-Push-Url"] = url
    return response


def go_to(url: str) -> ResponseReturnValue:
    """Answer a POST after which another page is to be shown: htmx is told to go there, a browser gets a 303."""
    if not is_htmx():
        return redirect(url, code=303)
    return Response(status=204, headers={"HX-Redirect": url})


def polled(version: str, draw: Callable[[], str]) -> Response:
    """Answer a polled region: 304 when the reader already has `version`, else the drawn fragment with its ETag.

    `version` is made of the data (ids, times, language), never of the HTML: that holds a new nonce each time.
    The answer stays out of the browser's cache for the same reason; app.js keeps the ETag and sends it.
    """
    is_known = request.if_none_match.contains_weak(version)
    response = Response(status=304) if is_known else make_response(draw())
    response.set_etag(version, weak=True)
    return response


def shown_in(response: Response, selector: str, swap: str = "innerHTML") -> Response:
    """Make htmx put this answer into `selector` whatever the element that asked had planned (errors, notices)."""
    if is_htmx():
        response.headers["HX-Retarget"] = selector
        response.headers["HX-Reswap"] = swap
    return response
