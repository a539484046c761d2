"""The demo's mailbox: messages that the SMTP catcher kept as files, read back for its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
_PARSER = BytesParser(policy=policy.default)


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One message: its name in the mailbox, when it came, for whom, and what it says."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str = ""
    html: str = ""


def list_mails(directory: Path, *, limit: int = 100, to: str = "") -> list[KeptMail]:
    """The latest messages, newest first; with `to` only those whose recipient holds that text."""
    names = sorted((path.stem for path in directory.glob("*.eml")), reverse=True)
    found: list[KeptMail] = []
    for name in names:
        mail = read_mail(directory, name)
        if mail is not None and to.casefold() in mail.to.casefold():
            found.append(mail)
        if len(found) == limit:
            break
    return found


def read_mail(directory: Path, name: str) -> KeptMail | None:
    """One message by its name; None when there is none, or the name could not be the catcher's."""
    path = directory / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = _PARSER.parsebytes(path.read_bytes())
    return KeptMail(
        name=name,
        at=datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def empty_mailbox(directory: Path) -> None:
    """Throw every message away."""
    for path in directory.glob("*.eml"):
        path.unlink(missing_ok=True)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
