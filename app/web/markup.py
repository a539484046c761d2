"""What templates call to write attributes and words; the macros that use these are `templates/shared/macros.html`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup, escape
from wtforms import BooleanField, Field, FileField, HiddenField, RadioField, SelectMultipleField
from wtforms.widgets import ListWidget

from app.domain.labels import label_of
from app.domain.phrases import Phrase
from app.localisation import phrase_text
from app.web.security import hx

ALERT_KINDS = {"success": "won", "error": "hot", "warning": "wait"}


def init_markup(app: Flask) -> None:
    """Give templates `attributes()`, `input_attributes()`, `box_attributes()`, `field_shape()`, `words` and more."""
    app.jinja_env.globals.update(
        attributes=attributes,
        input_attributes=input_attributes,
        box_attributes=box_attributes,
        field_shape=field_shape,
        reader_language=reader_language,
        alert_kind=lambda category: ALERT_KINDS.get(category, "accent"),
    )
    app.jinja_env.filters["words"] = words
    app.jinja_env.filters["label"] = lambda value: phrase_text(label_of(value))


def words(text: object) -> str:
    """A phrase, a stored phrase, a lazy or a plain string as text in the reader's language."""
    return phrase_text(text) if isinstance(text, Phrase | Mapping) else str(text)


def reader_language() -> str:
    """The language the page is drawn in, as the `lang` attribute wants it."""
    return str(get_locale() or "en").replace("_", "-")


def attributes(values: Mapping[str, Any]) -> Markup:
    """Keyword arguments as HTML attributes: `hx_post="/x"` becomes `hx-post="/x"`, and the nonce joins by itself.

    None and False leave an attribute out, True writes the name alone, a trailing underscore is dropped (`class_`).
    """
    parts = [_attribute(name, value) for name, value in values.items() if value is not None and value is not False]
    if any(name.startswith("hx") for name in values):
        parts.append(hx())
    return Markup("").join(Markup(" ") + part for part in parts)


def _attribute(name: str, value: object) -> Markup:
    name = name.rstrip("_").replace("_", "-")
    return escape(name) if value is True else Markup('{}="{}"').format(name, value)


def field_shape(field: Field) -> str:
    """How a field is laid out: `hidden`, `tick` (one box), `choices` (a group of them), `file` or `line`."""
    if isinstance(field, HiddenField):
        return "hidden"
    if isinstance(field, BooleanField):
        return "tick"
    if isinstance(field, RadioField | SelectMultipleField) and isinstance(field.widget, ListWidget):
        return "choices"
    return "file" if isinstance(field, FileField) else "line"


def input_attributes(field: Field, hint: object, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a field's input carries: the class, and which texts describe it or say that it is wrong."""
    described = [f"{field.id}-error"] if field.errors else []
    described += [f"{field.id}-hint"] if hint else []
    given = {name.rstrip("_").replace("_", "-"): value for name, value in values.items()}
    if field_shape(field) in {"line", "file"}:
        given["class"] = f"input {given.get('class', '')}".strip()
    if described:
        given["aria-describedby"] = " ".join(described)
    if field.errors:
        given["aria-invalid"] = "true"
    return given


def box_attributes(field: Field, option: Any) -> dict[str, Any]:
    """What each box of a choice carries: its own, and where several may be ticked no `required`, which means all."""
    given = {"required": False} if isinstance(field, SelectMultipleField) else {}
    return given | option.choice.render_kw
