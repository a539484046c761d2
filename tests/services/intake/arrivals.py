"""What the tests of the door send: one request that can be read, and files in the shapes people have them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.intake.arrival import Arrival
from app.domain.leads import SourceKind
from app.domain.submissions import Channel
from app.models import Lead, Organisation
from app.services import intake

KATRIN = {
    "external_id": "",
    "given_name": "Katrin",
    "family_name": "Vogel",
    "job_title": "Einkäuferin",
    "company": "Hofmann Präzision GmbH",
    "email": "K.Vogel@Hofmann-Praezision.example",
    "phone": "089 5550101",
    "country": "Deutschland",
    "postal_code": "80331",
    "city": "München",
    "products": "pump",
    "amount": "38.000,00 €",
    "score": "70",
    "consent": "any",
    "message": "Bitte um Rückruf.",
}

CSV_DE = (
    "Lead-ID;Firma;Vorname;Nachname;Position;E-Mail;Telefon;PLZ;Ort;Bundesland;Land;Produktinteresse;"
    "Erwarteter Umsatz;Score;Einwilligung;Quelle;Nachricht;Erstellt am\n"
    "D-1;Müller & Söhne KG;Jörg;Müller;Geschäftsführer;joerg@mueller-soehne.example;+49 221 5550101;50667;Köln;NW;"
    'Deutschland;PUMP;38.000,00 €;70;any;Messe;"Große Anlage;\nbitte anrufen";2026-05-20 21:54\n'
    "D-2;Jäger AG;Ute;Jäger;Einkäuferin;ute@jaeger.example;0711 5550102;70173;Stuttgart;Baden-Württemberg;"
    "Deutschland;ROBOT, PUMP;12.000,00 €;45;none;Messe;;2026-05-21 08:00\n"
    "D-3;Größe GmbH;Max;Groß;Meister;max@groesse.example;0911 5550103;90402;Nürnberg;BY;"
    "Absurdistan;PUMP;;60;any;Messe;;\n"
).encode("cp1252")

CSV_JA = (
    "問い合わせ番号,会社名,氏名,役職,メールアドレス,電話番号,郵便番号,都道府県,住所,国,希望製品,予算,スコア,同意,流入元,お問い合わせ内容\n"
    "J-1,㈱アクメ商事,高橋 翔,代表取締役,sho@acme-shoji.example,03-8496-4082,260-0015,千葉県,千葉市中央区富士見,日本,"
    'PUMP、ROBOT,"￥1,800,000",95,any,展示会,カタログを送ってください。\n'
).encode("cp932")

CSV_EN = (
    b"Record ID,First Name,Last Name,Company Name,Email,State/Region,Postal Code,Country/Region,Product Interest,"
    b"Expected Amount,Lead Score,Partner Consent,Message\r\n"
    b'E-1,Linda,Smith,Acme Parts Inc,linda@acmeparts.example,NY,14206,United States,Industrial pumps,"$38,000",60,any,'
    b'"We need a ""quote"".\nThanks!"\r\n'
    b"E-2,Mary,Wilson,Cummings LLC,mary@gmail.com,TX,75201,USA,Steam engines,,55,any,\r\n"
)


def send(manufacturer: Organisation, channel: Channel = Channel.API, **changes: str) -> intake.Outcome:
    """One request, stored and settled."""
    return intake.settle_submission(store(manufacturer, channel, **changes))


def store(manufacturer: Organisation, channel: Channel = Channel.API, **changes: str) -> int:
    """One request, stored only."""
    return intake.receive_submission(
        manufacturer_id=manufacturer.id,
        channel=channel,
        raw=KATRIN | changes,
        arrival=Arrival(source_kind=SourceKind.API),
    )


def count(session: Session, model: type[Any] = Lead) -> int:
    """How many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0
