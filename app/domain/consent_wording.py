"""The text a prospect agrees to: what a manufacturer starts with, and what a wording must say."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase

MANUFACTURER_PLACE = "{manufacturer}"
SHORTEST_WORDING = 40
LONGEST_WORDING = 4000

DEFAULT_WORDINGS: Mapping[str, str] = {
    "en": (
        "I agree that {manufacturer} passes my inquiry and my contact details to a sales partner, so that the partner "
        "can contact me by telephone or e-mail about it. I can withdraw this consent at any time with effect for the "
        "future."
    ),
    "de": (
        "Ich bin einverstanden, dass {manufacturer} meine Anfrage und meine Kontaktdaten an einen Vertriebspartner "
        "weitergibt, damit dieser mich dazu telefonisch oder per E-Mail kontaktieren kann. Ich kann diese Einwilligung "
        "jederzeit mit Wirkung für die Zukunft widerrufen."
    ),
    "ja": (
        "{manufacturer}が私のお問い合わせ内容と連絡先を販売パートナーに提供し、当該パートナーが電話または電子メールで私に連絡する"
        "ことに同意します。この同意は、将来に向かっていつでも撤回することができます。"
    ),
}
"""Version 1 of every manufacturer, in the languages of its forms, until it writes its own."""


def check_wordings(wordings: Mapping[str, str]) -> dict[str, str]:
    """The wordings of a new version, trimmed, by language; `Invalid` names each language whose text cannot be used.

    A language without a text is left out; at least one is needed. The text names the manufacturer or its place.
    """
    given = {language: wording.strip() for language, wording in wordings.items() if wording.strip()}
    too_short = Phrase(
        N_("Say in at least %(shortest)s characters who may call the prospect about what."),
        {"shortest": SHORTEST_WORDING},
    )
    too_long = Phrase(N_("Use at most %(longest)s characters."), {"longest": LONGEST_WORDING})
    fields = {language: too_short for language, wording in given.items() if len(wording) < SHORTEST_WORDING}
    fields |= {language: too_long for language, wording in given.items() if len(wording) > LONGEST_WORDING}
    if fields or not given:
        raise Invalid(Phrase(N_("A consent wording is needed in at least one language.")), fields=fields)
    return given


def worded(wording: str, manufacturer: str) -> str:
    """The wording as the prospect reads it."""
    return wording.replace(MANUFACTURER_PLACE, manufacturer)
