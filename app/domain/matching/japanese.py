"""Japanese companies' names compared: sign by sign, for nothing tells their words apart."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from app.domain.intake.legal_forms import split_japanese_form
from app.domain.matching.differences import Difference, DifferenceKind, is_swap
from app.domain.matching.kana import sound

_OLD_AND_NEW = str.maketrans(
    "髙﨑澤邊邉齋齊廣國澁濱德眞會學櫻嶋島龍瀧體鐵壽榮實應當發圓驛獨佛豐藏繩纖莊檜槇桒栁鷗來萬藝醫經營證總據兩拂廳團圖號縣區雜氣",
    "高崎沢辺辺斎斎広国渋浜徳真会学桜島島竜滝体鉄寿栄実応当発円駅独仏豊蔵縄繊荘桧槙桑柳鴎来万芸医経営証総拠両払庁団図号県区雑気",
)
_SMALL_AND_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヂヅヰヱヲ", "アイウエオツヤユヨワカケジズイエオ")
_FOREIGN = (("ヴア", "バ"), ("ヴイ", "ビ"), ("ヴエ", "ベ"), ("ヴオ", "ボ"), ("ヴ", "ブ"))
_ABBREVIATIONS = ((re.compile("hd$"), "ホールディングス"), (re.compile("hds$"), "ホールディングス"),
                  (re.compile("ホールデイング$"), "ホールデイングス"))  # fmt: skip
_COMMON = re.compile(
    "ホールデイングス|グループ|システムズ?|サービス|テクノロジーズ?|コーポレーシヨン|ジヤパン|ソリユーシヨンズ?"
)
_KATAKANA = re.compile("[\u30a1-\u30fc]+")
_KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LONG_ENOUGH_FOR_A_SIGN_MORE = 6
_LONG_ENOUGH_FOR_A_WRONG_SIGN = 8
"""From so many signs on one that differs in a foreign word in kana is a slip; shorter words are other words."""

_SHORTEST_SOUND = 5
_ALIKE = 80


@lru_cache(maxsize=65_536)
def one_script(compact: str) -> str:
    """The name with new kanji, large kana and without what differs between writings of one foreign word."""
    text = compact.translate(_OLD_AND_NEW).translate(_SMALL_AND_LARGE)
    for old, new in _FOREIGN:
        text = text.replace(old, new)
    for pattern, full in _ABBREVIATIONS:
        text = pattern.sub(full.translate(_SMALL_AND_LARGE), text)
    return re.sub("(?<=[\u30a1-\u30fa])ー(?=$|[^\u30a1-\u30fc])", "", text)


def find_japanese_differences(asked: str, known: str) -> list[Difference]:
    """Every difference between two names without blanks, of which at least one is in Japanese signs."""
    ours, theirs = one_script(asked), one_script(known)
    if ours == theirs:
        return [Difference(DifferenceKind.SIGNS, asked, known)]
    distance = OSA.distance(ours, theirs, score_cutoff=1)
    if distance == 1 and is_swap(ours, theirs) and len(ours) >= 5:
        return [Difference(DifferenceKind.SWAPPED, asked, known)]
    if distance == 1 and _is_slip_in_kana(ours, theirs):
        return [Difference(DifferenceKind.LETTER, asked, known)]
    for one, other in ((ours, theirs), (theirs, ours)):
        if one.startswith(other) or one.endswith(other):
            rest = one.removeprefix(other) if one.startswith(other) else one.removesuffix(other)
            return [Difference(DifferenceKind.ADDED, *((rest, "") if one is ours else ("", rest)))]
    return [Difference(DifferenceKind.REPLACED, asked, known)]


def find_spoken_differences(asked: str, known: str) -> list[Difference]:
    """The one difference between a name in kana and a name in Latin letters: they sound the same, alike, or not.

    Among 2,200 filers with both names, equal sounds of five letters and more are the same company 66 times in 67,
    alike ones 24 times in 25: worth a person's look, never more, for other companies sound like that as well.
    """
    ours, theirs = (None if _KANJI.search(split_japanese_form(name)[0]) else sound(name) for name in (asked, known))
    kind = DifferenceKind.REPLACED
    if ours and theirs and ours.words == theirs.words and ours.consonants == theirs.consonants:
        alike = fuzz.ratio(ours.letters, theirs.letters)
        if min(len(ours.letters), len(theirs.letters)) >= _SHORTEST_SOUND and alike >= _ALIKE:
            kind = DifferenceKind.SOUND if ours.letters == theirs.letters else DifferenceKind.SIMILAR_SOUND
    return [Difference(kind, asked, known)]


def _is_slip_in_kana(ours: str, theirs: str) -> bool:
    """Whether the one sign that differs stands inside a long word in kana that is no common one."""
    edit = next(iter(Levenshtein.editops(ours, theirs)), None)
    if edit is None:
        return False
    longest = _LONG_ENOUGH_FOR_A_WRONG_SIGN if edit.tag == "replace" else _LONG_ENOUGH_FOR_A_SIGN_MORE
    return any(
        run.start() <= place <= run.end() and len(run[0]) >= longest
        for text, place in ((ours, edit.src_pos), (theirs, edit.dest_pos))
        for run in _KATAKANA.finditer(_COMMON.sub(lambda found: " " * len(found[0]), text))
    )
