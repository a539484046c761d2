"""What a lead's columns can be, and what people call them in English, German and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class LeadField(StrEnum):
    """A column the door understands. Anything else is kept as received."""

    EXTERNAL_ID = "external_id"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    JOB_TITLE = "job_title"
    DEPARTMENT = "department"
    COMPANY = "company"
    CORPORATE_NUMBER = "corporate_number"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    PRODUCTS = "products"
    AMOUNT = "amount"
    CURRENCY = "currency"
    SCORE = "score"
    CONSENT = "consent"
    SOURCE = "source"
    CAMPAIGN = "campaign"
    MESSAGE = "message"
    CREATED_AT = "created_at"
    INDUSTRY = "industry"
    EMPLOYEES = "employees"
    LANGUAGE = "language"
    URGENCY = "urgency"


SYNONYMS: Mapping[LeadField, tuple[str, ...]] = {
    LeadField.EXTERNAL_ID: (
        "external id|lead id|record id|id|lead number|inquiry id|inquiry number|reference|reference number|request id",
        "Lead-Nummer|Lead-Nr.|Anfragenummer|Anfrage-ID|Vorgangsnummer|Datensatz-ID|Kennung|Referenz",
        "問い合わせ番号|お問い合わせ番号|問合せ番号|問合せID|リードID|リード番号|受付番号|管理番号|レコードID",
    ),
    LeadField.GIVEN_NAME: ("first name|given name|forename|firstname", "Vorname|Rufname", "名|名前（名）|下の名前"),
    LeadField.FAMILY_NAME: (
        "last name|family name|surname|lastname",
        "Nachname|Familienname|Zuname",
        "姓|苗字|名字|名前（姓）",
    ),
    LeadField.FULL_NAME: (
        "full name|name|contact name|contact|contact person|lead name|person",
        "Ansprechpartner|Kontakt|Kontaktperson|Vor- und Nachname|Vollständiger Name|Name des Ansprechpartners",
        "氏名|お名前|名前|担当者名|ご担当者名|担当者|ご氏名|担当者氏名",
    ),
    LeadField.JOB_TITLE: (
        "job title|title|position|role|job|function|job role|contact title",
        "Berufsbezeichnung|Stelle|Funktion|Stellung|Rolle|Jobtitel|Stellenbezeichnung",
        "役職|役職名|職位|肩書|肩書き|職種|部署・役職|部署役職",
    ),
    LeadField.DEPARTMENT: (
        "department|department name|division|team|business unit",
        "Abteilung|Bereich|Fachbereich|Geschäftsbereich",
        "部署|部署名|部門|部門名|所属|所属部署|所属部門|ご所属",
    ),
    LeadField.COMPANY: (
        "company|company name|organisation|organization|account|account name|business name|employer|firm",
        "Firma|Firmenname|Unternehmen|Unternehmensname|Organisation|Betrieb",
        "会社名|企業名|貴社名|御社名|会社|法人名|組織名|勤務先|団体名|社名",
    ),
    LeadField.CORPORATE_NUMBER: (
        "corporate number|company number|company registration number|commercial register number|vat number|vat id",
        "Handelsregisternummer|Handelsregister-Nr.|USt-IdNr.|USt-ID|Umsatzsteuer-ID|UID-Nummer",
        "法人番号|会社法人等番号",
    ),
    LeadField.EMAIL: (
        "email|email address|e-mail|mail|mail address|work email|business email|contact email",
        "E-Mail-Adresse|Mailadresse|Mail-Adresse|E-Mail geschäftlich|Emailadresse",
        "メールアドレス|メール|Eメール|Eメールアドレス|電子メール|Ｅメール|mailアドレス|emailアドレス",
    ),
    LeadField.PHONE: (
        "phone|phone number|telephone|telephone number|work phone|business phone|mobile|mobile phone|cell|tel|phone no",
        "Telefon|Telefonnummer|Tel.|Tel.-Nr.|Rufnummer|Telefon geschäftlich|Mobil|Mobilnummer|Handy|Durchwahl",
        "電話番号|電話|TEL|ご連絡先電話番号|携帯電話|携帯番号|連絡先電話番号|携帯電話番号",
    ),
    LeadField.WEBSITE: (
        "website|web site|url|company website|homepage|domain|company domain|web",
        "Webseite|Internetseite|Internet|Firmenwebsite",
        "ウェブサイト|ホームページ|会社URL|WEBサイト|企業URL|サイトURL|HP",
    ),
    LeadField.STREET: (
        "street|address|street address|address line 1|address 1|mailing address",
        "Straße|Adresse|Anschrift|Straße und Hausnummer|Straße Nr.|Str.",
        "住所|ご住所|番地|町名・番地|所在地|住所1",
    ),
    LeadField.CITY: ("city|town|locality|municipality", "Ort|Stadt|Wohnort|Gemeinde", "市区町村|市町村|市|都市"),
    LeadField.REGION: (
        "state|region|state/region|state/province|province|county|prefecture|subdivision",
        "Bundesland|Kanton|Landkreis|Bundesland/Kanton|Provinz",
        "都道府県|県|都道府県名|地域|州",
    ),
    LeadField.POSTAL_CODE: (
        "postal code|zip|zip code|postcode|post code|zip/postal code|zipcode|postal/zip code",
        "PLZ|Postleitzahl",
        "郵便番号|〒|郵便",
    ),
    LeadField.COUNTRY: (
        "country|country/region|country code|nation|country/territory",
        "Land|Staat|Länderkennzeichen|Ländercode",
        "国|国名|国・地域|国/地域|国コード",
    ),
    LeadField.PRODUCTS: (
        "product|products|product interest|products of interest|product line|product lines|interest|interested in|"
        "requested product|requested products",
        "Produkt|Produkte|Produktinteresse|Interesse|Produktlinie|Produktgruppe|Interessiert an|Gewünschtes Produkt",
        "希望製品|製品|製品名|商品|商品名|関心製品|興味のある製品|ご希望製品|対象製品|希望商品",
    ),
    LeadField.AMOUNT: (
        "amount|expected amount|budget|value|deal value|expected revenue|deal size|estimated value|lead value|"
        "opportunity amount|estimated budget",
        "Betrag|Umsatz|Erwarteter Umsatz|Auftragswert|Wert|Auftragsvolumen|Volumen|Umsatzerwartung|Projektvolumen",
        "予算|金額|見込金額|想定金額|予定金額|ご予算|受注見込額|見込み金額|想定予算",
    ),
    LeadField.CURRENCY: ("currency|currency code|amount currency", "Währung", "通貨|通貨コード"),
    LeadField.SCORE: (
        "score|lead score|rating|lead rating|hubspot score",
        "Punktzahl|Bewertung|Lead-Bewertung|Punkte|Leadscore",
        "スコア|リードスコア|評価|点数",
    ),
    LeadField.CONSENT: (
        "consent|partner consent|opt-in|optin|permission|marketing consent|consent to contact|gdpr consent",
        "Einwilligung|Zustimmung|DSGVO-Einwilligung|Datenschutz-Einwilligung|Weitergabe erlaubt|Einverständnis|"
        "Partner-Einwilligung|Kontakterlaubnis",
        "同意|個人情報の同意|同意有無|第三者提供同意|個人情報同意|提供同意|同意状況",
    ),
    LeadField.SOURCE: (
        "source|lead source|original source|channel|origin",
        "Quelle|Herkunft|Lead-Quelle|Kanal|Leadquelle",
        "流入元|流入経路|ソース|リードソース|情報源|獲得経路|チャネル|経路",
    ),
    LeadField.CAMPAIGN: (
        "campaign|campaign name|utm campaign",
        "Kampagne|Kampagnenname|Aktion",
        "キャンペーン|キャンペーン名|施策名",
    ),
    LeadField.MESSAGE: (
        "message|comment|comments|notes|note|description|inquiry|question|enquiry|remarks|inquiry text",
        "Nachricht|Anfrage|Bemerkung|Kommentar|Notiz|Text|Beschreibung|Anmerkung|Freitext|Anfragetext|Bemerkungen",
        "お問い合わせ内容|問い合わせ内容|備考|コメント|メッセージ|内容|ご質問|問合せ内容|ご要望|お問合せ内容",
    ),
    LeadField.CREATED_AT: (
        "created at|create date|created|created date|date|creation date|submitted at|submission date|received at|"
        "timestamp|date created",
        "Erstellt am|Datum|Eingang|Eingangsdatum|Erstellungsdatum|Eingegangen am|Angelegt am|Erfasst am|Zeitstempel",
        "作成日時|日時|受付日時|登録日|登録日時|作成日|問い合わせ日時|送信日時|受付日|お問い合わせ日時",
    ),
    LeadField.INDUSTRY: ("industry|sector|branch|vertical", "Branche|Industrie|Wirtschaftszweig", "業種|業界|産業"),
    LeadField.EMPLOYEES: (
        "employees|number of employees|company size|headcount|staff|employee count",
        "Mitarbeiter|Mitarbeiterzahl|Anzahl Mitarbeiter|Unternehmensgröße|Beschäftigte|Firmengröße",
        "従業員数|社員数|企業規模|従業員規模",
    ),
    LeadField.LANGUAGE: ("language|preferred language|locale", "Sprache|Bevorzugte Sprache", "言語|使用言語|希望言語"),
    LeadField.URGENCY: (
        "urgency|timeframe|timeline|priority|purchase timeframe|time frame",
        "Dringlichkeit|Priorität|Zeitrahmen|Kaufzeitpunkt|Zeithorizont",
        "緊急度|導入時期|優先度|購入時期|希望時期|導入予定時期",
    ),
}
"""The names of each field, the surest first; `|` parts them, one line per language."""
