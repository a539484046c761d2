"""Canaries: a unique string for every hidden field of a lead, and ears for them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from werkzeug.test import TestResponse

CANARIES: dict[str, str] = {
    "given_name": "Zarquona",
    "family_name": "Quibblethorpe",
    "job_title": "Oberzwirnmeisterin",
    "email": "zq.canary@mailhost.example",
    "phone": "+49301234987",
    "phone_as_given": "030 / 1234-987 Durchwahl",
    "company": "Vexilloid Maschinenbau GmbH",
    "company_key": "vexilloid maschinenbau",
    "company_domain": "vexilloid.example",
    "website": "www.vexilloid-werke.example",
    "street": "Knurrhahnweg 17",
    "city": "Zirbelhausen",
    "postal_code": "80917",
    "message": "Unser Kesselhaus braucht Hilfe",
    "ip_address": "203.0.113.77",
    "corporate_number": "HRB77123FLENSBURG",
    "department": "Abteilung Drehfluegel",
    "external_id": "CRM-EXT-99417",
    "source_name": "Hausmesse Plauderton",
    "campaign": "Kampagne Nebelkraehe",
    "lost_to": "Mitbewerber Schluckspecht",
    "closing_note": "Notiz vom Abschluss Q",
}
EXACT: dict[str, tuple[str, ...]] = {
    "amount_cents": ("7351937519", "73519375", "73,519,375", "73.519.375"),
    "employees": ("73317331", "73,317,331", "73.317.331"),
    "phone": ("+49 30 1234987",),
}
ELSEWHERE = ("Beruehrung-Nachtigall", "Rohfassung-Kolibri")
KNOWN = {
    "account": "Kontofalke Holding AG",
    "alias": "Uhu Werke",
    "domain": "kontofalke.example",
    "signal": "Signalkauz",
}
"""What is known of the company: its account, and why the lead was matched with it."""
NOTED = "Haushaltslerche bis Mai"
RULE = "Regelwachtel"
"""The name of a routing rule that has Nordwind asked first: partners are told that, and nothing of a rule."""
SINGING = (
    *CANARIES.values(), *(text for texts in EXACT.values() for text in texts), *ELSEWHERE, *KNOWN.values(), NOTED, RULE
)  # fmt: skip
CONTACT = ("given_name", "family_name", "email", "phone", "company", "street", "city", "postal_code", "message")
SEEN_BY_THE_WINNER = tuple(CANARIES[name] for name in CONTACT)


def songs(text: str, listened_for: Iterable[str] = SINGING) -> list[str]:
    """The canaries that can be heard; a number only by itself, since any id may hold its digits by chance."""
    heard = text.lower()
    return [
        canary
        for canary in listened_for
        if (re.search(rf"(?<!\w){canary}(?!\w)", heard) if canary.isdecimal() else canary.lower() in heard)
    ]


def heard_in(answer: TestResponse) -> str:
    """An answer's head and body as one text; a workbook is opened, since its compression would hide a canary."""
    body = answer.data
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as workbook:
            body = b"".join(workbook.read(name) for name in workbook.namelist())
    return f"{answer.headers}\n{body.decode(errors='replace')}"
