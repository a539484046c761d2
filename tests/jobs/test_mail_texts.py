"""Every kind of mail as it reads: in the reader's language and zone, with an address of this installation."""

from __future__ import annotations

import pytest
from flask import Flask

from app.config import CHECKOUT
from app.domain.notifications import MailKind
from app.jobs.notifications import draw_mail
from app.queries.notifications import OwedMail, Reader
from tests.jobs.mail_facts import FACTS, OWN_LEAD, WORK
from tests.mail_server import BASE_URL


def _reader(language: str) -> Reader:
    return Reader(1, 2, "Nordwind", "Nora Hansen", "nora@nordwind.example", language, "Europe/Berlin")


def test_every_kind_has_facts_here_and_both_templates() -> None:
    assert set(FACTS) == set(MailKind)
    for kind in MailKind:
        for form in ("txt", "html"):
            assert (CHECKOUT / "templates" / "mail" / f"{kind.value}.{form}").is_file()


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@pytest.mark.parametrize("kind", list(MailKind))
def test_draws_in_the_readers_language_with_an_address_of_this_installation(
    app: Flask, kind: MailKind, language: str
) -> None:
    facts, path = FACTS[kind]
    with app.app_context():
        subject, text, html = draw_mail(OwedMail(1, kind, _reader(language), facts), BASE_URL)
    assert subject.strip() == subject != ""
    assert "\n" not in subject
    assert f"{BASE_URL}{path}" in text
    assert f'href="{BASE_URL}{path}"' in html
    assert f'<html lang="{language}">' in html
    assert "Nora Hansen" in text
    assert "<style" not in html, "styles are inlined: mail programs drop style sheets"


def test_a_subject_says_which_lead_it_is_about_and_where(app: Flask) -> None:
    with app.app_context():
        subject, text, html = draw_mail(
            OwedMail(1, MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER, _reader("en"), OWN_LEAD), BASE_URL
        )
    assert subject == "Please decide: Robot cells (L-3C9496, Bayern)"
    assert "(L-3C9496, Bayern)" in text
    assert "(L-3C9496, Bayern)" in html


def test_times_are_in_the_readers_zone_with_its_name(app: Flask) -> None:
    with app.app_context():
        _, text, _ = draw_mail(OwedMail(1, MailKind.LEAD_CLAIMED_TO_WINNER, _reader("en"), WORK), BASE_URL)
    assert "13:00 CET" in text
