"""In which encoding a text file was written, when nothing in the file says so.

UTF-8 and UTF-16 prove themselves. Between the two legacy encodings of our files, Windows Western (cp1252) and
Windows Japanese (cp932), both decodings are scored by how much of what is not ASCII looks like real writing.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_SAMPLE = 200_000
_PLAUSIBLE = 0.6

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_WESTERN_LETTERS = "".join(chr(point) for point in range(0xC0, 0x100) if point not in (0xD7, 0xF7)) + "ŒœŠšŽžŸ"
_WESTERN = re.compile(f"[{_WESTERN_LETTERS}€£§°©®«»·²³½¿¡–—„“”‘’…•™\u00a0]")
_NOT_ASCII_RUN = re.compile(r"[^\x00-\x7f]+")
_JAPANESE = re.compile(r"[\u3000-\u303f\u3041-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_HALF_WIDTH_KANA_RUN = re.compile(r"[\uff61-\uff9f]{2,}")
_COMMON_KANJI_LEADS = frozenset(range(0x88, 0x98))


def guess_encoding(data: bytes) -> str:
    """The codec name to decode `data` with; the same bytes always give the same answer."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if wide := _unmarked_utf16(data[:_SAMPLE]):
        return wide
    if b"\x1b$" in data and _decodes(data, "iso2022_jp"):
        return "iso2022_jp"
    if _decodes(data, "utf-8"):
        return "utf-8"
    return _legacy_encoding(data)


def _unmarked_utf16(sample: bytes) -> str:
    """UTF-16 without its mark shows as zero bytes in every other place."""
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) / half > 0.3 and sample[0::2].count(0) / half < 0.05:
        return "utf-16-le"
    if sample[0::2].count(0) / half > 0.3 and sample[1::2].count(0) / half < 0.05:
        return "utf-16-be"
    return ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _legacy_encoding(data: bytes) -> str:
    tellable = _telling_lines(data)
    japanese, western = score_japanese(tellable), score_western(tellable)
    if max(japanese, western) >= _PLAUSIBLE:
        return "cp932" if japanese > western else "cp1252"
    best = from_bytes(tellable).best()
    return best.encoding if best and _decodes(data, best.encoding) else "cp1252"


def _telling_lines(data: bytes) -> bytes:
    """The lines with anything beyond ASCII, wherever in the file they are, up to a sample's length."""
    lines, size = [], 0
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def score_western(data: bytes) -> float:
    """How much of the text beyond ASCII is Western letters and signs, 0 to 1. Long runs of them are not words."""
    text = data.decode("cp1252", errors="replace")
    good = total = 0
    for run in _NOT_ASCII_RUN.findall(text):
        total += len(run)
        if len(run) <= 2:
            good += len(_WESTERN.findall(run))
    return good / total if total else 0.0


def score_japanese(data: bytes) -> float:
    """How much of the text beyond ASCII is Japanese as people write it, 0 to 1; 0 when it does not decode.

    A single rare kanji or half-width kana between Latin letters is an umlaut read wrongly.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return 0.0
    good = total = 0
    for run in _NOT_ASCII_RUN.findall(text):
        total += len(run)
        good += sum(len(kana) for kana in _HALF_WIDTH_KANA_RUN.findall(run))
        good += sum(1 for sign in _JAPANESE.findall(run) if len(run) > 1 or _is_common(sign))
    return good / total if total else 0.0


def _is_common(sign: str) -> bool:
    """Kana, full-width forms, or a kanji of the first level of the Japanese standard."""
    return not "\u4e00" <= sign <= "\u9fff" or sign.encode("cp932", errors="replace")[0] in _COMMON_KANJI_LEADS
