"""A translation says the same values as its source: none lost, none invented, each plural form filled."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from app.config import CHECKOUT

CATALOGUES = sorted((CHECKOUT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"))
# %(name)s of a phrase, %% for a percent sign, and {time} which the page's script fills in.
VALUE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


def messages(path: Path) -> list[Message]:
    """Every message of a catalogue but its header."""
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=path.parent.parent.name) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_holds_the_values_of_its_source(path: Path) -> None:
    """A name misspelt here would be a page that cannot be drawn in that language."""
    wrong = [
        (message.id, said)
        for message in messages(path)
        for said in forms(message.string)
        if Counter(VALUE.findall(said)) not in [Counter(VALUE.findall(source)) for source in forms(message.id)]
    ]
    assert CATALOGUES
    assert not wrong


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_plural_form_is_filled(path: Path) -> None:
    """German has two forms, Japanese one."""
    with path.open("rb") as file:
        wanted = read_po(file, locale=path.parent.parent.name).num_plurals
    plurals = [message for message in messages(path) if message.pluralizable]
    assert plurals
    assert all(len(message.string) == wanted and all(message.string) for message in plurals)
