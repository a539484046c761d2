"""`flask mailbox`: an SMTP server that delivers nothing and keeps every message as a file, for the demo."""

from __future__ import annotations

import asyncio
import secrets
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.config import Config

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024


class MailboxDirectory:
    """Keeps each message as `<time>-<random>.eml`; a reader never meets half a file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's names
        """Write one message down before saying yes to it."""
        recipients = ", ".join(envelope.rcpt_tos).encode()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        draft = self._directory / f"{name}.new"
        draft.write_bytes(b"X-Envelope-To: " + recipients + b"\r\n" + (envelope.original_content or b""))
        draft.replace(self._directory / f"{name}.eml")
        return "250 Kept"


@click.command()
@with_appcontext
def mailbox() -> None:
    """Receive mail at SMTP_PORT on 127.0.0.1 and keep it under PULLBOARD_VAR/mailbox until SIGTERM."""
    config: Config = current_app.extensions["config"]
    asyncio.run(_serve(MailboxDirectory(config.var / "mailbox"), config.smtp.port))


async def _serve(directory: MailboxDirectory, port: int) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(directory, data_size_limit=LARGEST_MESSAGE_BYTES, enable_SMTPUTF8=True), "127.0.0.1", port
    )
    async with server:
        await stopped.wait()


COMMANDS = (mailbox,)
