"""How a person's name is written."""

from __future__ import annotations

import re

EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af々]")
"""Kana, Han and Hangul: names written in them begin with the family's."""


def full_name(given: str, family: str) -> str:
    """The name as its own culture writes it: 桃子 of the family 中村 is 中村 桃子; an empty part leaves no gap."""
    parts = (family, given) if EAST_ASIAN.search(given + family) else (given, family)
    return " ".join(filter(None, parts))
