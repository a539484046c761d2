"""Which job titles are those of an executive, whose lead is hot (domain.md §5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 300
_EXECUTIVE = r"""
\bc[eftoismrdp]o\b
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
\binhaber
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
最高.{1,4}責任者
代表(?:者|社員|理事|執行役)?$
理事長
頭取
オーナー
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
\b(?:product|process|system) owner\b
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
    """Patterns that make a title an executive's, and patterns that unmake it; a manufacturer may keep its own."""

    executive: Sequence[str]
    not_executive: Sequence[str]


DEFAULT_TITLE_RULES = TitleRules(tuple(_EXECUTIVE.strip().splitlines()), tuple(_NOT_EXECUTIVE.strip().splitlines()))


def is_executive(job_title: str, rules: TitleRules = DEFAULT_TITLE_RULES) -> bool:
    """Whether the title is that of somebody who decides for the company: CEO, Geschäftsführer, 代表取締役.

    People who work for an executive (assistants, secretaries, staff offices) are not. English, German and Japanese
    titles are told by the same rules, whatever the language of the lead.
    """
    title = unicodedata.normalize("NFKC", job_title[:_LONGEST]).casefold().strip()
    if not title or _matches(title, rules.not_executive):
        return False
    return _matches(title, rules.executive)


def _matches(title: str, patterns: Sequence[str]) -> bool:
    return any(re.search(pattern, title) for pattern in patterns)
