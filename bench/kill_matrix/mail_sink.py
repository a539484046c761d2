"""A mail server on this machine that takes everything and counts what it has taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<mail-(\d+)@", re.IGNORECASE | re.MULTILINE)


class MailSink:
    """How often each mail of the outbox has come in, by its row's id, which its Message-ID names."""

    def __init__(self) -> None:
        self.taken: Counter[int] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Count one message."""
        found = _MESSAGE_ID.search(bytes(envelope.content or b""))
        if found:
            self.taken[int(found.group(1))] += 1
        return "250 ok"


@contextmanager
def mail_sink(port: int) -> Iterator[MailSink]:
    """A running mail server."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
