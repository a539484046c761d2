"""The kind of a source from the words a list has for it: partners see the kind, never the words."""

from __future__ import annotations

from app.domain.intake.folding import fold
from app.domain.leads import SourceKind

_WORDS: tuple[tuple[SourceKind, str], ...] = (
    (SourceKind.NEWSLETTER, "newsletter|メルマガ|メールマガジン|ニュースレター|rundbrief"),
    (
        SourceKind.TRADE_FAIR,
        "trade fair|trade show|tradeshow|exhibition|expo|messe|fair|event|展示会|見本市|イベント|conference",
    ),
    (
        SourceKind.CAMPAIGN,
        "campaign|kampagne|mailing|advert|anzeige|ads|adwords|キャンペーン|広告|social|linkedin|seo|webinar",
    ),
    (SourceKind.PHONE, "phone|call|telefon|anruf|hotline|電話"),
    (SourceKind.PARTNER, "partner|reseller|händler|代理店|referral|empfehlung|紹介"),
    (
        SourceKind.WEB_FORM,
        "web|form|website|homepage|formular|internet|online|ウェブ|フォーム|サイト|ホームページ|demo request",
    ),
    (SourceKind.API, "api"),
    (SourceKind.FILE, "import|list|liste|リスト|upload"),
    (SourceKind.MANUAL, "manual|manuell|手入力"),
)


def source_kind(text: str, default: SourceKind = SourceKind.OTHER) -> SourceKind:
    """The kind the words speak of; `default` for an empty cell, `other` for words that say nothing."""
    wanted = fold(text)
    if not wanted:
        return default
    return next((kind for kind, line in _KEYS if any(word in wanted for word in line)), SourceKind.OTHER)


_KEYS = tuple((kind, tuple(fold(word) for word in line.split("|"))) for kind, line in _WORDS)
