"""Legal forms of companies, by every way they are written, as the ends (or beginnings) of a folded name."""

from __future__ import annotations

import re
from functools import cache

_FORMS = {
    "Inc.": "inc|incorporated|co inc|company inc|and co inc",
    "Corp.": "corp|corporation",
    "Co.": "co|company|and co|and company",
    "Co. Ltd.": "co ltd|co limited|company ltd|company limited|and co ltd",
    "LLC": "llc|limited liability company|limited liability co",
    "Ltd.": "ltd|limited",
    "LP": "lp|limited partnership",
    "LLP": "llp|limited liability partnership",
    "LLLP": "lllp",
    "PLLC": "pllc",
    "PC": "professional corporation|professional corp",
    "PLC": "plc|public limited company",
    "CIC": "cic|community interest company",
    "Pty Ltd": "pty ltd|pty limited|pty",
    "Pte Ltd": "pte ltd|pte limited",
    "Pvt Ltd": "pvt ltd|private limited|pvt limited|private ltd",
    "GmbH": "gmbh|mbh|gesellschaft mit beschraenkter haftung|mit beschraenkter haftung|gesmbh|ges mbh|gesellschaft mbh",
    "gGmbH": "ggmbh|gemeinnuetzige gmbh|gemeinnuetzige gesellschaft mbh",
    "GmbH & Co. KG": "gmbh and co kg|gmbh and cokg|gmbh co kg|mbh and co kg|gmbh and co kommanditgesellschaft|"
    "gmbh and compagnie kg|gesellschaft mit beschraenkter haftung and co kommanditgesellschaft|mbh co kg",
    "GmbH & Co. KGaA": "gmbh and co kgaa|gmbh co kgaa|gmbh and co kommanditgesellschaft auf aktien",
    "GmbH & Co. OHG": "gmbh and co ohg|gmbh co ohg",
    "AG & Co. KG": "ag and co kg|ag co kg|aktiengesellschaft and co kg|ag and co kommanditgesellschaft",
    "AG & Co. KGaA": "ag and co kgaa|ag co kgaa|aktiengesellschaft and co kgaa|"
    "ag and co kommanditgesellschaft auf aktien",
    "AG & Co. OHG": "ag and co ohg",
    "SE & Co. KG": "se and co kg|se co kg",
    "SE & Co. KGaA": "se and co kgaa|se co kgaa",
    "UG & Co. KG": "ug and co kg|ug haftungsbeschraenkt and co kg",
    "& Co. KG": "and co kg|co kg|and compagnie kg",
    "AG": "ag|aktiengesellschaft|akg",
    "SE": "se|societas europaea",
    "KG": "kg|kommanditgesellschaft",
    "KGaA": "kgaa|kommanditgesellschaft auf aktien|kg aa",
    "OHG": "ohg|offene handelsgesellschaft|and co ohg",
    "GbR": "gbr|egbr|gesellschaft buergerlichen rechts",
    "PartG": "partg|partgmbb|partg mbb|partnerschaftsgesellschaft|partnerschaftsgesellschaft mbb",
    "UG": "ug|ug haftungsbeschraenkt|unternehmergesellschaft|unternehmergesellschaft haftungsbeschraenkt",
    "e.K.": "ek|ekfm|ekfr|e kfm|e kfr|eingetragener kaufmann|eingetragene kauffrau",
    "e.V.": "ev|eingetragener verein",
    "eG": "eg|eingetragene genossenschaft",
    "OG": "og|offene gesellschaft",
    "e.U.": "eingetragenes unternehmen",
    "SA de CV": "sa de cv|sab de cv|sociedad anonima de capital variable",
    "S. de R.L.": "s de rl de cv|s de rl",
    "SA": "sa|societe anonyme|sociedad anonima|sau|sociedad anonima unipersonal|spolka akcyjna",
    "SAS": "sas|sasu|societe par actions simplifiee|societa in accomandita semplice",
    "SARL": "sarl|sa rl|s a r l|eurl|societe a responsabilite limitee",
    "SCI": "sci|societe civile immobiliere",
    "SNC": "snc|societe en nom collectif|societa in nome collettivo",
    "SCA": "sca|societe en commandite par actions|sapa",
    "SCOP": "scop",
    "GIE": "gie",
    "& Cie": "et cie|and cie|et compagnie|and compagnie",
    "SpA": "spa|societa per azioni",
    "Srl": "srl|srls|societa a responsabilita limitata|societatea cu raspundere limitata|sagl|scarl|scrl",
    "Soc. coop.": "soc coop|societa cooperativa|s coop|sociedad cooperativa|soc cooperativa",
    "SL": "sl|slu|sll|sociedad limitada|sociedad de responsabilidad limitada",
    "BV": "bv|besloten vennootschap|bvba|sprl",
    "NV": "nv|naamloze vennootschap",
    "VOF": "vof|vennootschap onder firma",
    "CV": "cv|commanditaire vennootschap",
    "AB": "ab|aktiebolag|aktiebolaget",
    "A/S": "as|a s|asa|aps|aktieselskab|anpartsselskab",
    "Oy": "oy|oyj|osakeyhtioe",
    "Sp. z o.o.": "sp z oo|sp z o o|spolka z ograniczona odpowiedzialnoscia",
    "s.r.o.": "sro|s r o|spol s r o",
    "JSC": "jsc|ojsc|pjsc|cjsc|joint stock company|open joint stock company|public joint stock company|oao|pao|zao|ao|"
    "оао|пао|зао|ао|акционерное общество|публичное акционерное общество|открытое акционерное общество",
    "OOO": "ooo|ооо|общество с ограниченной ответственностью",
    "株式会社": "kk|kabushiki kaisha|kabushiki gaisha|kabushikikaisha|kabushikigaisha",
    "有限会社": "yk|yugen kaisha|yuugen kaisha|yugen gaisha",
    "合同会社": "gk|godo kaisha|goudou kaisha",
}
LEGAL_WORDS = frozenset(word for line in _FORMS.values() for word in re.split(r"[ |]", line) if len(word) >= 3)
"""The words legal forms are written with."""

_PARTS_OF_FORMS = frozenset("limited liability partnership beschraenkter haftung haftungsbeschraenkt".split())

_FORMS_IN_FRONT = frozenset(
    "sarl|sasu|eurl|srl|jsc|ojsc|pjsc|oao|ooo|pao|zao|ооо|оао|пао|зао|ао|joint stock company|"
    "open joint stock company|public joint stock company|limited liability company|"
    "общество с ограниченной ответственностью|акционерное общество|публичное акционерное общество|"
    "открытое акционерное общество|societatea cu raspundere limitata".split("|")
)
"""Forms put before the name that are no common word or brand there: `SAS Institute` must keep its first word."""

JAPANESE_FORMS = {
    "株式会社": ("株式会社", "株式會社", "(株)", "カブシキガイシャ", "カブシキカイシャ"),
    "有限会社": ("有限会社", "有限會社", "(有)", "ユウゲンガイシャ"),
    "合同会社": ("合同会社", "(同)", "ゴウドウガイシャ"),
    "合資会社": ("合資会社", "(資)"),
    "合名会社": ("合名会社", "(名)"),
    "一般社団法人": ("一般社団法人", "(一社)"),
    "一般財団法人": ("一般財団法人", "(一財)"),
    "公益社団法人": ("公益社団法人", "(公社)"),
    "公益財団法人": ("公益財団法人", "(公財)"),
    "社団法人": ("社団法人", "(社)"),
    "財団法人": ("財団法人", "(財)"),
    "医療法人": ("医療法人社団", "医療法人財団", "医療法人", "(医)"),
    "学校法人": ("学校法人", "(学)"),
    "社会福祉法人": ("社会福祉法人", "(福)"),
    "特定非営利活動法人": ("特定非営利活動法人", "NPO法人", "npo法人"),
    "独立行政法人": ("地方独立行政法人", "独立行政法人", "(独)"),
    "国立大学法人": ("国立大学法人",),
    "相互会社": ("相互会社",),
}
"""Written in front or behind, `㈱` and `㍿` being `(株)` and `株式会社` after NFKC."""

_STATES = ("in liquidation", "in insolvenz", "i l", "il", "in liqu", "in gruendung", "i gr")


def split_legal_form(words: list[str]) -> tuple[list[str], str]:
    """The words of a folded Latin name without its legal form, and that form; a name of nothing else keeps it.

    Forms may stand one behind another (`Ford Motor Company LLC`): all come off, the last one is the form.
    """
    words, form = _without_state(words), ""
    while found := _ending_of(words):
        words, form = words[: -found[0]], form or found[1]
    count = _form_in_front(words)
    return words[count:], (_endings()[tuple(words[:count])] if count else form)


@cache
def is_form_word(word: str) -> bool:
    """Whether a word of a folded name is a legal form, or one that only those hold: `gmbh`, `company`, `haftung`."""
    return (word,) in _endings() or word in _PARTS_OF_FORMS


def _form_in_front(words: list[str]) -> int:
    """How many of the first words are a legal form that stands there."""
    longest = min(len(words) - 1, _longest())
    return next((count for count in range(longest, 0, -1) if " ".join(words[:count]) in _FORMS_IN_FRONT), 0)


def _ending_of(words: list[str]) -> tuple[int, str] | None:
    """How many of the last words are a legal form, and which, the longest first."""
    for count in range(min(len(words) - 1, _longest()), 0, -1):
        if form := _endings().get(tuple(words[-count:])):
            return count, form
    return None


def split_japanese_form(name: str) -> tuple[str, str]:
    """A Japanese name (NFKC) without its legal form, in front, behind or before a branch, and that form."""
    for form, spellings in JAPANESE_FORMS.items():
        for spelling in spellings:
            if spelling in name and (rest := name.replace(spelling, " ", 1).strip()):
                return rest, form
    return name, ""


def _without_state(words: list[str]) -> list[str]:
    for state in _STATES:
        count = len(state.split())
        if len(words) > count + 1 and words[-count:] == state.split():
            return words[:-count]
    return words


@cache
def _endings() -> dict[tuple[str, ...], str]:
    return {tuple(spelling.split()): form for form, line in _FORMS.items() for spelling in line.split("|")}


@cache
def _longest() -> int:
    return max(len(ending) for ending in _endings())
