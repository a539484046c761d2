"""Where the day begins."""

from __future__ import annotations

from flask import url_for

from tests.browsing import Browse


def test_everybody_begins_on_their_first_page(browse: Browse) -> None:
    partner, manufacturer = browse("nils"), browse("vera")
    with partner.application.test_request_context():
        board, leads = url_for("board.index"), url_for("cockpit.index")
    assert partner.get("/").location == board
    assert manufacturer.get("/").location == leads


def test_anonymous_goes_to_the_log_in_page(browse: Browse) -> None:
    assert browse(None).get("/").location == "/log-in"
