"""Mail on its way out: what a reader's mailbox makes of it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.adapters.mail import send_mail
from tests.mail_server import served


@pytest.mark.parametrize(
    "subject",
    [
        "Reserved to you: Palletising cell for a bakery line (L-FF40BF, Baden-Württemberg)",
        "Für Sie reserviert: Roboterzelle für eine größere Bäckereistraße (L-FF40BF, Österreich)",
        "お客様専用：製パンライン用パレタイジングセル、既存設備の更新に合わせた導入の相談（L-FF40BF、北海道）",
        "Offered to you alone: a subject of plain letters that is longer than one line of a mail (L-FF40BF)",
    ],
)
def test_a_long_subject_arrives_as_it_was_written(app: Flask, subject: str) -> None:
    with served(app) as server:
        send_mail(
            app.extensions["config"].smtp,
            to_name="Nora Beispiel",
            to_email="nora@nordwind.example",
            subject=subject,
            text="A lead.",
            html="<p>A lead.</p>",
            message_id="1",
            thread_id=None,
            timeout=5,
        )
    [taken] = server.taken
    assert taken["Subject"] == subject
    assert max(len(line) for line in taken.as_bytes().splitlines()) < 100
