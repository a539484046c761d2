"""People and companies who ask: made up by Faker in their own language, the same with every seeding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from anyascii import anyascii
from faker import Faker

from app.domain.intake.fields import LeadField
from app.services.demo.inquiry import Sender
from app.services.demo.texts import EXECUTIVES, INDUSTRIES, JOBS, MESSAGES

SEED = 20_260


@dataclass(frozen=True, slots=True)
class Town:
    """Where a prospect sits. The door finds the subdivision by the postal code where that tells it."""

    city: str
    postal_code: str
    country: str
    region: str = ""


TOWNS = {
    "hamburg": Town("Hamburg", "20457", "DE"), "kiel": Town("Kiel", "24103", "DE"),
    "luebeck": Town("Lübeck", "23552", "DE"), "hannover": Town("Hannover", "30159", "DE"),
    "bremen": Town("Bremen", "28195", "DE"), "berlin": Town("Berlin", "10115", "DE"),
    "munich": Town("München", "80331", "DE"), "nuremberg": Town("Nürnberg", "90402", "DE"),
    "stuttgart": Town("Stuttgart", "70173", "DE"), "passau": Town("Passau", "94032", "DE"),
    "cologne": Town("Köln", "50667", "DE"), "frankfurt": Town("Frankfurt am Main", "60311", "DE"),
    "dresden": Town("Dresden", "01067", "DE"), "saarbruecken": Town("Saarbrücken", "66111", "DE"),
    "vienna": Town("Wien", "1010", "AT", "Wien"), "linz": Town("Linz", "4020", "AT", "Oberösterreich"),
    "zurich": Town("Zürich", "8001", "CH", "Zürich"), "bern": Town("Bern", "3011", "CH", "Bern"),
    "lausanne": Town("Lausanne", "1003", "CH", "Vaud"), "lugano": Town("Lugano", "6900", "CH", "Ticino"),
    "new york": Town("New York", "10001", "US"), "philadelphia": Town("Philadelphia", "19103", "US"),
    "houston": Town("Houston", "77002", "US"), "dallas": Town("Dallas", "75201", "US"),
    "denver": Town("Denver", "80202", "US"), "seattle": Town("Seattle", "98101", "US"),
    "miami": Town("Miami", "33130", "US"), "salt lake city": Town("Salt Lake City", "84101", "US"),
    "osaka": Town("大阪市北区", "530-0001", "JP"), "kobe": Town("神戸市中央区", "650-0021", "JP"),
    "kyoto": Town("京都市下京区", "600-8216", "JP"), "tokyo": Town("千代田区", "100-0005", "JP"),
    "yokohama": Town("横浜市西区", "220-0011", "JP"), "fukuoka": Town("福岡市博多区", "812-0011", "JP"),
    "sapporo": Town("札幌市中央区", "060-0001", "JP"),
}  # fmt: skip

_LOCALES = {"DE": "de_DE", "AT": "de_AT", "CH": "de_CH", "US": "en_US", "JP": "ja_JP"}
_LANGUAGES = {"DE": "de", "AT": "de", "CH": "de", "US": "en", "JP": "ja"}
_NUMBERS = {
    # Germany and the United States keep these ranges for films and examples; the others are not in service.
    "DE": "+49 30 23125 {:03}", "US": "+1 212 555 01{:02}", "AT": "+43 1 7115 {:04}", "CH": "+41 44 000 00 {:02}",
    "JP": "+81 3 0000 {:04}",
}  # fmt: skip


class Prospects:
    """Makes one prospect after the other; the same calls in the same order make the same people."""

    def __init__(self) -> None:
        self._fakers = {country: Faker(locale) for country, locale in _LOCALES.items()}
        for number, faker in enumerate(self._fakers.values()):
            faker.seed_instance(SEED + number)
        self._number = count(11)
        self._domains: set[str] = set()

    def make(self, town: str, *, is_executive: bool = False, sender: Sender | None = None) -> dict[str, str]:
        """The cells a prospect of that town fills in about itself, by the door's field names."""
        said = sender or Sender("")
        place = TOWNS[town]
        faker, language, number = self._fakers[place.country], _LANGUAGES[place.country], next(self._number)
        company = said.company or faker.company()
        given, family = faker.first_name(), faker.last_name()
        domain = said.domain or self._domain(company)
        titles = EXECUTIVES if is_executive else JOBS
        cells = {
            LeadField.GIVEN_NAME: given,
            LeadField.FAMILY_NAME: family,
            LeadField.COMPANY: company,
            LeadField.EMAIL: f"{_latin(given)[:1]}.{_latin(family)}@{domain}",
            LeadField.PHONE: _NUMBERS[place.country].format(number % 100),
            LeadField.JOB_TITLE: said.job_title or titles[language][number % len(titles[language])],
            LeadField.DEPARTMENT: said.department,
            LeadField.INDUSTRY: INDUSTRIES[language][number % len(INDUSTRIES[language])],
            LeadField.EMPLOYEES: str((8, 35, 90, 180, 420, 1_300)[number % 6]),
            LeadField.CITY: place.city,
            LeadField.POSTAL_CODE: place.postal_code,
            LeadField.REGION: place.region,
            LeadField.COUNTRY: place.country,
            LeadField.LANGUAGE: language,
            LeadField.MESSAGE: MESSAGES[language][number % len(MESSAGES[language])],
        }
        return {name.value: text for name, text in cells.items()}

    def _domain(self, company: str) -> str:
        readable = _latin(company)[:24].strip("-") or "company"
        domain, further = readable, count(2)
        while domain in self._domains:
            domain = f"{readable}-{next(further)}"
        self._domains.add(domain)
        return f"{domain}.example"


def _latin(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-") or "x"
