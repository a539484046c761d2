"""The hosted form: drawn in the prospect's language, in our page or in another site's frame."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.domain.errors import Invalid
from app.extensions import csrf, limiter
from app.localisation import LANGUAGES
from app.queries.intake.web_forms import PublicForm, consent_wording, list_public_partners, public_form
from app.services import intake
from app.web.access import public
from app.web.forms.forms import ProspectForm
from app.web.forms.time_stamp import drawn_now, suspicion_of
from app.web.problems import show_problems
from app.web.security import allow_framing

PER_ADDRESS = "10 per minute; 100 per day"

blueprint = Blueprint("forms", __name__, url_prefix="/f")


@blueprint.get("/<slug>")
@public
def fill_in(slug: str) -> Response:
    """The empty form."""
    form = public_form(slug)
    return _in_language(form, lambda language: _form_page(form, _prospect_form(form, language), language))


@blueprint.post("/<slug>")
@public
@limiter.limit(PER_ADDRESS)
def send(slug: str) -> ResponseReturnValue:
    """Take in what was filled in; the thank-you page follows, for programs too."""
    form = public_form(slug)
    language = _language(form)
    with force_locale(language):
        filled = _prospect_form(form, language)
        sender = intake.Sender(
            ip_address=request.remote_addr or "",
            language=language,
            is_trapped=bool(filled.fax_number.data),
            suspicion=suspicion_of(filled.began.data or ""),
        )
        is_complete = filled.validate() or sender.is_trapped
        if is_complete:
            try:
                intake.send_form(
                    slug=slug, cells=filled.cells(form), has_agreed=bool(filled.agreed.data), sender=sender
                )
                return redirect(url_for("forms.thanks", slug=slug, lang=language), code=303)
            except Invalid as error:
                show_problems(filled, error)
        return _framed(form, _form_page(form, filled, language), status=422)


@blueprint.get("/<slug>/thanks")
@public
def thanks(slug: str) -> Response:
    """What happens next."""
    form = public_form(slug)
    return _in_language(form, lambda language: render_template("forms/thanks.html", form=form, language=language))


@blueprint.get("/<slug>/partners")
@public
def partners(slug: str) -> Response:
    """Who may call whoever agrees."""
    form = public_form(slug)
    return _in_language(
        form,
        lambda language: render_template(
            "forms/partners.html", form=form, partners=list_public_partners(form), language=language
        ),
    )


csrf.exempt(blueprint)


def _prospect_form(form: PublicForm, language: str) -> ProspectForm:
    filled = ProspectForm()
    filled.offer(form)
    if not filled.is_submitted():
        filled.began.data = drawn_now()
        filled.lang.data = language
    return filled


def _form_page(form: PublicForm, filled: ProspectForm, language: str) -> str:
    return render_template(
        "forms/form.html",
        form=form,
        filled=filled,
        wording=consent_wording(form, language),
        language=language,
        form_languages=[
            (code, name, url_for("forms.fill_in", slug=form.slug, lang=code)) for code, name in LANGUAGES.items()
        ],
    )


def _language(form: PublicForm) -> str:
    """The language asked for by the switch; else the form's own."""
    asked = request.values.get("lang", "")
    return asked if asked in LANGUAGES else form.language


def _in_language(form: PublicForm, draw: Callable[[str], str]) -> Response:
    language = _language(form)
    with force_locale(language):
        return _framed(form, draw(language))


def _framed(form: PublicForm, page: str, status: int = 200) -> Response:
    """The page, which the manufacturer's own sites may show in a frame, and no other."""
    response = make_response(page, status)
    if form.allowed_origins:
        allow_framing(response, "'self' " + " ".join(form.allowed_origins))
    return response
