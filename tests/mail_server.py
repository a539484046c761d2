"""A real mail server on this machine, for tests that look at what was sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask

BASE_URL = "https://leads.example"


@dataclass
class MailServer:
    """A mail server on this machine that keeps what it takes. `refused` addresses get a 550."""

    taken: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse some, take the others."""
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message."""
        self.taken.append(message_from_bytes(bytes(envelope.content or b""), policy=policy.default))
        return "250 ok"

    def subjects_of(self, address: str) -> list[str]:
        """The subjects of what an address got."""
        return [message["Subject"] for message in self.taken if address in message["To"]]


@contextmanager
def served(app: Flask) -> Iterator[MailServer]:
    """A running mail server that the application sends through."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    before = app.extensions["config"]
    smtp = replace(before.smtp, host="127.0.0.1", port=port)
    app.extensions["config"] = replace(before, smtp=smtp, base_url=BASE_URL)
    yield server
    app.extensions["config"] = before
    controller.stop()


def body_of(message: EmailMessage, kind: str) -> str:
    """The body of a message as `plain` or `html`."""
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())
