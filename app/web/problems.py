"""What a service found, put where the person entered it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field

from app.domain.errors import Invalid, Refused
from app.domain.network.changes import StaleEdit
from app.localisation import phrase_text, value_text
from app.web.htmx import go_to, is_htmx


@dataclass(frozen=True, slots=True)
class BothVersions:
    """One field that differs between what was saved meanwhile and what the person wants."""

    label: str
    theirs: str
    yours: str


def drawn_as(page: str, fragment: str) -> str:
    """The template of a refused form: the fragment for a POST of htmx, else the page, as a GET always is."""
    return fragment if request.method == "POST" and is_htmx() else page


def show_problems(form: FlaskForm, error: Invalid | Refused) -> int:
    """Put each reason beside its field, the rest on top of the form; returns the status the page is to have."""
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, phrase in fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, phrase_text(phrase)]
        else:
            form.form_errors.append(phrase_text(phrase))
    if not fields:
        remedy = getattr(error, "remedy", None)
        form.form_errors.append(" ".join(phrase_text(text) for text in (error.phrase, remedy) if text))
    return 422 if isinstance(error, Invalid) else 409


def saved(
    form: FlaskForm, save: Callable[[], object], draw: Callable[[], str], *, done: str, url: str
) -> ResponseReturnValue:
    """Do what a valid form asks for: say it is done and go on to `url`, else draw the form with what was refused.

    A form that somebody's newer version has overtaken goes on from that one.
    """
    try:
        save()
    except (Invalid, Refused) as error:
        status = show_problems(form, error)
        if isinstance(error, StaleEdit):
            form["version"].raw_data, form["version"].data = None, error.version
        return draw(), status
    flash(done, "success")
    return go_to(url)


def both_versions(form: FlaskForm, stale: StaleEdit) -> list[BothVersions]:
    """Where the saved version and the person's differ, in words; the form goes on from the saved one."""
    form["version"].data = stale.version
    form["version"].raw_data = None
    changes = stale.differences
    return [
        BothVersions(form[name].label.text, _text(form[name], value), _text(form[name], changes.after[name]))
        for name, value in changes.before.items()
        if name in form
    ]


def _text(field: Field, value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_text(field, item) for item in value) or "–"
    labels = {str(choice): str(label) for choice, label in getattr(field, "choices", None) or ()}
    return labels.get("" if value is None else str(value)) or value_text(value)
