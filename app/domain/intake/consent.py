"""What the consent column says: who may get in touch with the prospect."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.domain.consent import ConsentScope
from app.domain.intake.folding import fold

_NAMED = re.compile(
    r"^(?:named|named partners?|partners?|nur|only|namentlich|指定)\s*[:=：]\s*(?P<codes>.+)$", re.IGNORECASE
)
_SCOPE_WORDS = {
    ConsentScope.ANY_ELIGIBLE: (
        "any|any eligible|any_eligible|all|all partners|yes|y|true|1|x|granted|opt-in|opted in|given|agreed|accepted|"
        "ja|j|wahr|alle|alle partner|erteilt|zugestimmt|einverstanden|eingewilligt|vorhanden|liegt vor|"
        "はい|同意|同意する|同意します|同意済|同意済み|同意あり|有|あり|可|許可|全て|すべて|○|〇|◯|✓|✔"
    ),
    ConsentScope.NONE: (
        "none|no|n|false|0|denied|refused|opt-out|opted out|withdrawn|revoked|not given|not granted|declined|"
        "nein|falsch|keine|kein|nicht erteilt|abgelehnt|widerrufen|verweigert|liegt nicht vor|"
        "いいえ|同意しない|同意しません|同意なし|不同意|未同意|無|なし|不可|拒否|×|✕|✗"
    ),
    ConsentScope.MANUFACTURER_ONLY: (
        "manufacturer only|manufacturer_only|manufacturer|vendor only|direct only|no partners|"
        "nur hersteller|hersteller|nur herstellerkontakt|keine partner|nur direkt|"
        "メーカーのみ|製造元のみ|自社のみ|メーカー限定"
    ),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """How far the permission reaches; `partner_codes` are those named when the scope is `named_partners`."""

    scope: ConsentScope
    partner_codes: tuple[str, ...] = ()


def parse_consent(text: str) -> Consent | None:
    """The consent a cell speaks of: `any`, `none`, `named:P003|P014`, `manufacturer_only`, yes/no, ja/nein, 同意.

    None for an empty cell and for words it does not know: silence and riddles are not consent.
    """
    wanted = unicodedata.normalize("NFKC", text).strip()
    if named := _NAMED.match(wanted):
        codes = tuple(dict.fromkeys(code for code in re.split(r"[\s|,;/、]+", named["codes"]) if code))
        return Consent(ConsentScope.NAMED_PARTNERS, codes) if codes else None
    scope = _WORDS.get(fold(wanted)) or _WORDS.get(wanted)
    return Consent(scope) if scope else None


_WORDS = {
    key: scope for scope, line in _SCOPE_WORDS.items() for word in line.split("|") for key in (fold(word) or word, word)
}
