"""Logging in: one page, one answer for every failure, a fresh cookie for success."""

from __future__ import annotations

from tests.browsing import Browse


def test_a_signed_in_browser_is_its_person(browse: Browse) -> None:
    assert browse("nora").get("/log-in").location == "/"
    assert browse(None).get("/log-in").status_code == 200
