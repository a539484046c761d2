"""Which job titles are those of an executive, whose lead is hot (domain.md §5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST = 300
_LATIN = re.compile("[a-zà-ž]", re.IGNORECASE)
_EXECUTIVE = r"""
\bc[a-z]o\b
\bc\.\s?[a-z]\.\s?o\b
\b(?:ciso|chro)\b
\bchief\b.*\bofficer\b
\bpresident\b
\bchair(?:man|woman|person)?\b
\b[se]?vp\b
\b(?:co-?)?founder\b
\bowner\b
\bproprietor\b
\bmanaging (?:director|partner)\b
\bgeneral manager\b
\bexecutive director\b
\bboard (?:member|director)\b
\bmember of the (?:executive )?board\b
geschäftsführ(?:er|erin|ung|ende[rs]?)\b
geschaeftsfuehr(?:er|erin|ung)\b
\bgf\b
\bvorst(?:and|ände|ändin)
inhaber(?:in)?\b
\beigentümer
\bteilhaber
\b(?:mit)?gründer
\bgesellschafter
\bgeneraldirektor
\baufsichtsrat
\bgeschäftsleit(?:ung|er|erin)\b
\bpräsident
\b(?:kaufmännische|technische)r? (?:geschäfts)?direktor
取締役
社長
会長
専務
常務
執行役
最高.{1,12}責任者
役員$
代表(?:者|社員|理事|執行役)?$
理事長
頭取
オーナー
マネージングディレクター
創業者
経営者
"""
_NOT_EXECUTIVE = r"""
assisten[tz]
\bassistant
\bsecretary\b
sekretär
\bpa to\b
\bto the\b
\boffice of\b
\breport(?:s|ing) to\b
\bstudent\b
\bintern(?:ship)?\b
\bpraktikant
\btrainee\b
referent
\b(?:product|process|system|service|data|application|platform|project|risk) owner\b
プロダクトオーナー
\bformer\b
\bex-
\behemalig
\bstab(?:sstelle)?\b
\bvorstandsstab
\bbüro der
秘書
補佐
アシスタント
室$
付$
^元
社長室
"""


@dataclass(frozen=True, slots=True)
class TitleRules:
    """Patterns that make a title an executive's, and patterns that unmake it."""

    executive: Sequence[str]
    not_executive: Sequence[str]


DEFAULT_TITLE_RULES = TitleRules(tuple(_EXECUTIVE.strip().splitlines()), tuple(_NOT_EXECUTIVE.strip().splitlines()))


def title_rules_with(further: Iterable[str]) -> TitleRules:
    """The rules with a manufacturer's own titles, as its people write them: each also where more stands around it."""
    patterns = (_pattern_of(title) for title in further if _folded(title))
    return TitleRules((*DEFAULT_TITLE_RULES.executive, *patterns), DEFAULT_TITLE_RULES.not_executive)


def is_executive(job_title: str, rules: TitleRules = DEFAULT_TITLE_RULES) -> bool:
    """Whether the title is that of somebody who decides for the company: CEO, Geschäftsführer, 代表取締役.

    People who work for an executive (assistants, secretaries, staff offices) are not. English, German and Japanese
    titles are told by the same rules, whatever the language of the lead.
    """
    title = _folded(job_title)
    if not title or _matches(title, rules.not_executive):
        return False
    return _matches(title, rules.executive)


def _matches(title: str, patterns: Sequence[str]) -> bool:
    return any(re.search(pattern, title) for pattern in patterns)


def _folded(title: str) -> str:
    return unicodedata.normalize("NFKC", title[:_LONGEST]).casefold().strip()


def _pattern_of(title: str) -> str:
    """The title as whole words; Japanese has none to be told apart."""
    wanted = re.escape(_folded(title))
    return rf"(?<!\w){wanted}(?!\w)" if _LATIN.search(title) else wanted
