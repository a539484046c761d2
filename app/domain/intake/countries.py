"""Countries by the names people give them, in the languages of our forms."""

from __future__ import annotations

from functools import cache

import pycountry
from babel import Locale

from app.domain.intake.folding import fold, foldings

_LANGUAGES = ("en", "de", "ja", "fr", "it", "es", "nl")
_FURTHER_NAMES = {
    "US": "USA|U.S.|United States of America|America|Amerika|US of A|Vereinigte Staaten von Amerika|"
    "米国|アメリカ|合衆国",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Großbritannien|Vereinigtes Königreich|"
    "英国|イギリス",
    "DE": "BRD|Bundesrepublik Deutschland|Federal Republic of Germany|D|GER|独国",
    "AT": "A|AUT",
    "CH": "Suisse|Svizzera|Swiss|Schweizerische Eidgenossenschaft",
    "JP": "Nippon|Nihon|JPN|日本国|にほん",
    "KR": "Korea|South Korea|Südkorea|韓国|대한민국",
    "CN": "China|PR China|P.R. China|People's Republic of China|VR China|中国|中華人民共和国",
    "TW": "Taiwan|台湾|Chinese Taipei",
    "HK": "Hong Kong|Hongkong|香港",
    "NL": "Holland|The Netherlands|Nederland",
    "CZ": "Czech Republic|Tschechische Republik",
    "RU": "Russia|Russland|ロシア",
    "TR": "Turkey|Türkei",
    "VN": "Vietnam|Viet Nam",
    "AE": "UAE|U.A.E.|VAE",
    "IT": "Italia",
    "ES": "España|Espana",
    "SE": "Sverige",
    "PL": "Polska",
}


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country's name or code in any of our languages; None when it is none."""
    return _countries().get(fold(text)) if text.strip() else None


@cache
def _countries() -> dict[str, str]:
    codes = {country.alpha_2 for country in pycountry.countries}
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for name in (country.alpha_2, country.alpha_3, country.name, getattr(country, "official_name", "")):
            names |= dict.fromkeys(foldings(name), country.alpha_2)
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in codes:
                names |= {key: code for key in foldings(name) if key not in names}
    for code, line in _FURTHER_NAMES.items():
        for name in line.split("|"):
            names |= dict.fromkeys(foldings(name), code)
    return names
