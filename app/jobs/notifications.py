"""The outbox: each owed mail is drawn in its reader's language and handed to the mail server."""

from __future__ import annotations

import time

import css_inline
from flask import current_app
from flask_babel import force_locale

from app.adapters.mail import send_mail
from app.config import Config
from app.queries.notifications import OwedMail
from app.services.mail_delivery import deliver_next

LONGEST_RUN_SECONDS = 60


def deliver_outbox() -> int:
    """Send what is due, until nothing is or a minute has passed; returns how many mails were looked at."""
    began, looked_at = time.monotonic(), 0
    while time.monotonic() - began < LONGEST_RUN_SECONDS and deliver_next(_send):
        looked_at += 1
    return looked_at


def _send(mail: OwedMail) -> None:
    config: Config = current_app.extensions["config"]
    subject, text, html = draw_mail(mail, config.base_url)
    lead_id = mail.facts.get("lead_id")
    send_mail(
        config.smtp,
        to_name=mail.reader.name,
        to_email=mail.reader.email,
        subject=subject,
        text=text,
        html=html,
        message_id=f"mail-{mail.id}",
        thread_id=f"lead-{lead_id}" if lead_id else None,
        timeout=config.timeouts.smtp_seconds,
    )


def draw_mail(mail: OwedMail, base_url: str) -> tuple[str, str, str]:
    """Subject, text and HTML of one mail, as its reader reads it: language, zone, addresses of this installation."""
    with current_app.test_request_context(base_url=base_url), force_locale(mail.reader.language):
        values = {"reader": mail.reader, "zone": mail.reader.time_zone, **mail.facts}
        plain = current_app.jinja_env.get_template(f"mail/{mail.kind.value}.txt")
        context = plain.new_context(values)
        subject = "".join(plain.blocks["subject"](context)).strip()
        text = plain.render(values)
        html = current_app.jinja_env.get_template(f"mail/{mail.kind.value}.html").render(values, subject=subject)
    return subject, text, css_inline.inline(html, keep_style_tags=False)
