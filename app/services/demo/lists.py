"""Lists that the demo's manufacturers have brought in: a trade fair, a webinar, with rows that cannot be read."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.database import transaction
from app.domain.intake.fields import LeadField
from app.domain.leads import LostReason, SourceKind, Stage
from app.models import Lead
from app.services.demo.arrivals import Door
from app.services.demo.history import Story
from app.services.demo.inquiry import Inquiry, euro
from app.services.demo.stories import claimed, lost, waits
from app.services.demo.telling import ToldLead
from app.services.intake.import_run import advance_import
from app.services.intake.imports import map_import, start_import, upload_import
from app.services.lead_routing import route_received_leads

_F = LeadField


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A file somebody brought in so many days ago. `broken` are rows of which a cell is changed to this."""

    maker: str
    by: str
    filename: str
    days: int
    encoding: str
    delimiter: str
    headers: Mapping[LeadField, str]
    inquiries: tuple[Inquiry, ...]
    broken: tuple[tuple[LeadField, str], ...] = ()
    source: SourceKind = SourceKind.TRADE_FAIR

    def bring_in(self, door: Door) -> Story:
        """Upload, map, run; then each of its leads goes its way."""
        actor = door.world.people[self.by]
        rows = [door.cells(inquiry) | {_F.EXTERNAL_ID.value: self._number(n)} for n, inquiry in self._numbered()]
        spoilt = [
            door.cells(self.inquiries[0]) | {_F.EXTERNAL_ID.value: self._number(90 + n), name.value: text}
            for n, (name, text) in enumerate(self.broken)
        ]
        import_id = upload_import(actor=actor, filename=self.filename, data=self._file(rows + spoilt))
        names = {header: name.value for name, header in self.headers.items()}
        map_import(actor=actor, import_id=import_id, fields_by_header=names, source=self.source)
        start_import(actor=actor, import_id=import_id, is_dry_run=False)
        advance_import(import_id)
        route_received_leads()
        for number, inquiry in self._numbered():
            lead = ToldLead(self._lead_id(door, number), self.maker, door.history, door.world)
            door.history.begin(inquiry.fate(lead), door.history.present)
        yield from ()

    def _numbered(self) -> list[tuple[int, Inquiry]]:
        return list(enumerate(self.inquiries, start=1))

    def _number(self, number: int) -> str:
        return f"{self.filename[:4].upper().strip('-_')}-{number:04}"

    def _file(self, rows: list[dict[str, str]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerow(self.headers.values())
        writer.writerows([row.get(name.value, "") for name in self.headers] for row in rows)
        return text.getvalue().encode(self.encoding)

    def _lead_id(self, door: Door, number: int) -> uuid.UUID:
        with transaction() as session:
            wanted = select(Lead.id).where(
                Lead.manufacturer_id == door.world.makers[self.maker], Lead.external_id == self._number(number)
            )
            return session.scalars(wanted).one()


_GERMAN = {
    _F.EXTERNAL_ID: "Lead-Nummer", _F.GIVEN_NAME: "Vorname", _F.FAMILY_NAME: "Nachname", _F.COMPANY: "Firma",
    _F.JOB_TITLE: "Position", _F.EMAIL: "E-Mail", _F.PHONE: "Telefon", _F.POSTAL_CODE: "PLZ", _F.CITY: "Ort",
    _F.COUNTRY: "Land", _F.PRODUCTS: "Produkt", _F.AMOUNT: "Budget", _F.CURRENCY: "Währung",
    _F.CONSENT: "Einwilligung", _F.MESSAGE: "Nachricht",
}  # fmt: skip
_JAPANESE = {
    _F.EXTERNAL_ID: "問い合わせ番号", _F.FAMILY_NAME: "姓", _F.GIVEN_NAME: "名", _F.COMPANY: "会社名",
    _F.JOB_TITLE: "役職", _F.EMAIL: "メールアドレス", _F.PHONE: "電話番号", _F.POSTAL_CODE: "郵便番号",
    _F.CITY: "市区町村", _F.COUNTRY: "国", _F.PRODUCTS: "製品", _F.AMOUNT: "予算", _F.CONSENT: "同意",
}  # fmt: skip
_ENGLISH = {
    _F.EXTERNAL_ID: "Lead ID", _F.GIVEN_NAME: "First name", _F.FAMILY_NAME: "Last name", _F.COMPANY: "Company",
    _F.JOB_TITLE: "Title", _F.EMAIL: "Email", _F.POSTAL_CODE: "ZIP", _F.CITY: "City", _F.COUNTRY: "Country",
    _F.PRODUCTS: "Product interest", _F.SCORE: "Score", _F.CONSENT: "Consent",
}  # fmt: skip


LISTS = (
    ImportedList(
        "acme", "ines", "messekontakte-antriebstage.csv", 20, "cp1252", ";", _GERMAN,
        (
            Inquiry("acme", "hamburg", "GEAR", claimed("nils", Stage.QUALIFIED, euro(29_000)), worth=30_000),
            Inquiry("acme", "munich", "SERVO", claimed("theresa", Stage.CONTACTED), worth=47_000),
            Inquiry("acme", "hannover", "LINEAR", lost("hauke", LostReason.NO_REAL_NEED, at=Stage.CONTACTED, quality=1),
                    worth=12_000),
            Inquiry("acme", "vienna", "GEAR", claimed("felix", Stage.PROPOSAL, euro(66_000)), worth=70_000),
            Inquiry("acme", "frankfurt", "SERVO", waits(), consent="none"),
        ),
        ((_F.PRODUCTS, "Wärmepumpe"), (_F.COUNTRY, "Nordland"), (_F.CONSENT, "named: AC-999")),
    ),
    ImportedList(
        "aozora", "misaki", "展示会_来場者.csv", 17, "cp932", ",", _JAPANESE,
        (
            Inquiry("aozora", "osaka", "COBOT", claimed("kaori", Stage.CONTACTED), worth=5_200_000),
            Inquiry("aozora", "tokyo", "AMR", claimed("haruka", Stage.CONTACTED), worth=11_000_000),
            Inquiry("aozora", "sapporo", "VISION", waits(), worth=2_000_000),
        ),
        ((_F.PRODUCTS, "自動販売機"),),
    ),
    ImportedList(
        "lakeshore", "dana", "webinar-attendees.csv", 3, "utf-8-sig", ",", _ENGLISH,
        (
            Inquiry("lakeshore", "new york", "PUMP", waits(), score=31),
            Inquiry("lakeshore", "philadelphia", "SKID", claimed("olivia"), score=72),
            Inquiry("lakeshore", "houston", "VALVE", waits(), score=22),
        ),
        source=SourceKind.CAMPAIGN,
    ),
)  # fmt: skip
