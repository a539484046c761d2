"""Reading the demo's mails: safely, links and all, and never another file."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

NAME = "20261121T201500123456-0a1b2c3d"
LATER = "20261121T211500123456-0a1b2c3d"


def _keep(directory: Path, name: str, *, subject: str, to: str, html: str = "") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Pullboard <pullboard@localhost>", to, subject
    message.set_content("<b>Hello</b>\nhttps://leads.example/join/token-1\n")
    message.add_alternative(html or "<html><head></head><body><script>alert(1)</script>Hi</body></html>", "html")
    (directory / f"{name}.eml").write_bytes(bytes(message))


@pytest.fixture
def directory(demo_app: Flask) -> Path:
    path: Path = demo_app.extensions["config"].var / "mailbox"
    path.mkdir()
    _keep(path, NAME, subject="Ihre Einladung", to="Nora <nora@nordwind.example>")
    _keep(path, LATER, subject="リードのご案内", to="Kenji <kenji@kansai-motion.example>")
    return path


def test_lists_newest_first_and_finds_by_recipient(visitor: FlaskClient, directory: Path) -> None:
    page = visitor.get("/demo/mailbox").text
    assert page.index("リードのご案内") < page.index("Ihre Einladung")
    found = visitor.get("/demo/mailbox?to=NORA").text
    assert "Ihre Einladung" in found
    assert "リードのご案内" not in found


def test_an_empty_mailbox_says_what_to_do(visitor: FlaskClient) -> None:
    assert "No mail yet" in visitor.get("/demo/mailbox").text


def test_shows_text_as_text_with_links_that_work(visitor: FlaskClient, directory: Path) -> None:
    page = visitor.get(f"/demo/mailbox/{NAME}").text
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert 'href="https://leads.example/join/token-1"' in page
    assert "alert(1)" not in page


def test_the_html_of_a_mail_can_do_nothing(visitor: FlaskClient, directory: Path) -> None:
    page, framed = visitor.get(f"/demo/mailbox/{NAME}"), visitor.get(f"/demo/mailbox/{NAME}/as-sent")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("name", ["../secret_key", "..%2fsecret_key", "secret_key", NAME.replace("2026", "2025"), "x"])
def test_opens_no_other_file(visitor: FlaskClient, directory: Path, name: str) -> None:
    (directory.parent / "secret_key").write_text("secret")
    (directory / "secret_key.eml").write_text("secret")
    for address in (f"/demo/mailbox/{name}", f"/demo/mailbox/{name}/as-sent"):
        assert visitor.get(address).status_code == 404
