"""Mail out by SMTP: one message, one connection, short time-outs."""

from __future__ import annotations

import smtplib
import ssl
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr

from app.config import Smtp


class _WholeSubjects(EmailPolicy):
    """Folds a subject with letters beyond ASCII as encoded words from end to end.

    The standard library folds it between plain and encoded words, and readers then see one space more.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        text = str(value)
        if name.lower() != "subject" or text.isascii():
            return super().fold_binary(name, value)
        folded = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


def send_mail(
    smtp: Smtp,
    *,
    to_name: str,
    to_email: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    thread_id: str | None,
    timeout: float,
) -> None:
    """Hand one message to the mail server; any refusal or silence raises.

    `message_id` stays the same when a delivery is repeated, `thread_id` holds the mails about one lead together.
    """
    message = EmailMessage(_WholeSubjects())
    sender_name, sender_email = parseaddr(smtp.sender)
    domain = sender_email.partition("@")[2] or "localhost"
    message["From"] = Address(sender_name, addr_spec=sender_email)
    message["To"] = Address(to_name, addr_spec=to_email)
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if thread_id:
        message["References"] = f"<{thread_id}@{domain}>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP(smtp.host, smtp.port, timeout=timeout) as connection:
        if smtp.starttls:
            connection.starttls(context=ssl.create_default_context())
        if smtp.user:
            connection.login(smtp.user, smtp.password)
        connection.send_message(message)
