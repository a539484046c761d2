"""Forms, consent wordings and what prospects send through them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.consent import ConsentScope
from app.domain.consent_wording import DEFAULT_WORDINGS
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.submissions import SubmissionState
from app.models import Consent, ConsentWording, Lead, Submission, WebForm
from app.queries.intake.web_forms import consent_wording, list_public_partners, public_form
from app.services import intake
from app.services.intake import FormValues, Sender
from tests.cast import Cast
from tests.services.intake.arrivals import KATRIN, count

CELLS = {name: text for name, text in KATRIN.items() if name not in ("consent", "score", "external_id")}


def open_form(cast: Cast, **values: object) -> int:
    """Acme's form at /f/acme."""
    return intake.create_form(
        actor=cast.viewer("ada"),
        slug="acme",
        values=FormValues(title="Ask Acme", **values),  # type: ignore[arg-type]
    )


@pytest.mark.covers("G-01", "I-01")
def test_consent_keeps_the_very_words_it_was_given_to(session: Session, cast: Cast) -> None:
    open_form(cast)
    outcome = intake.send_form(
        slug="acme", cells=CELLS, has_agreed=True, sender=Sender(ip_address="192.0.2.7", language="de")
    )
    intake.write_consent_wording(
        actor=cast.viewer("ada"), wordings={"de": "Ein ganz neuer Text über die Weitergabe an Partner."}
    )
    consent = session.get_one(Consent, outcome.lead_id)
    wording = session.get_one(ConsentWording, consent.wording_id)
    assert (wording.version, wording.wording) == (1, DEFAULT_WORDINGS["de"])
    assert (consent.scope, consent.language) == (ConsentScope.ANY_ELIGIBLE, "de")
    assert "/f/acme" in consent.proof
    assert session.get_one(Lead, outcome.lead_id).ip_address == "192.0.2.7"


def test_an_unticked_box_is_no_consent(session: Session, cast: Cast) -> None:
    open_form(cast)
    outcome = intake.send_form(slug="acme", cells=CELLS, has_agreed=False, sender=Sender())
    consent = session.get_one(Consent, outcome.lead_id)
    assert (consent.scope, consent.wording_id, consent.proof) == (ConsentScope.NONE, None, "")


@pytest.mark.covers("G-01")
def test_a_form_may_name_the_partners(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    open_form(cast, consent_scope=ConsentScope.NAMED_PARTNERS, named_partnership_ids=(nordwind.id,))
    outcome = intake.send_form(slug="acme", cells=CELLS, has_agreed=True, sender=Sender())
    assert session.get_one(Consent, outcome.lead_id).partnership_ids == [nordwind.id]
    assert [partner.id for partner in list_public_partners(public_form("acme"))] == [nordwind.id]


def test_what_a_prospect_can_mend_is_told_and_not_stored(session: Session, cast: Cast) -> None:
    open_form(cast)
    with pytest.raises(Invalid) as told:
        intake.send_form(slug="acme", cells=CELLS | {"email": "katrin(at)hofmann"}, has_agreed=True, sender=Sender())
    assert set(told.value.fields) == {"email"}
    assert count(session, Submission) == 0


@pytest.mark.parametrize(
    ("sender", "state"),
    [
        (Sender(is_trapped=True), SubmissionState.REJECTED),
        (Sender(suspicion="It was too fast."), SubmissionState.QUARANTINED),
    ],
)
def test_programs_make_no_lead_but_nothing_is_lost(
    session: Session, cast: Cast, sender: Sender, state: SubmissionState
) -> None:
    open_form(cast)
    assert intake.send_form(slug="acme", cells=CELLS, has_agreed=True, sender=sender).state is state
    assert (count(session), count(session, Submission)) == (0, 1)


def test_a_person_clears_a_suspicion(session: Session, cast: Cast) -> None:
    open_form(cast)
    intake.send_form(slug="acme", cells=CELLS, has_agreed=True, sender=Sender(suspicion="It was too fast."))
    waiting = session.scalars(select(Submission.id)).one()
    session.rollback()
    outcome = intake.correct_submission(actor=cast.viewer("ines"), submission_id=waiting, corrections={})
    assert outcome.state is SubmissionState.CREATED


def test_a_wording_makes_a_version_once(session: Session, cast: Cast) -> None:
    ada = cast.viewer("ada")
    texts = {"en": "You agree that a partner of {manufacturer} calls you about this.", "de": ""}
    assert intake.write_consent_wording(actor=ada, wordings=texts) == 1
    assert intake.write_consent_wording(actor=ada, wordings=texts) == 1
    assert intake.write_consent_wording(actor=ada, wordings=texts | {"en": texts["en"] + " Soon."}) == 2
    with pytest.raises(Invalid) as told:
        intake.write_consent_wording(actor=ada, wordings={"ja": "短い"})
    assert set(told.value.fields) == {"ja"}


def test_a_wording_in_another_language_than_the_page_is_better_than_none(session: Session, cast: Cast) -> None:
    open_form(cast)
    intake.write_consent_wording(
        actor=cast.viewer("ada"), wordings={"en": "You agree that a partner of {manufacturer} calls you about this."}
    )
    wording = consent_wording(public_form("acme"), "ja")
    assert wording is not None
    assert (wording.language, wording.version) == ("en", 2)
    assert wording.text == "You agree that a partner of Acme calls you about this."


@pytest.mark.parametrize(
    ("slug", "values", "field"),
    [
        ("A b", {}, "slug"),
        ("-x-", {}, "slug"),
        ("fine", {"title": " "}, "title"),
        ("fine", {"consent_scope": ConsentScope.NAMED_PARTNERS}, "named_partnership_ids"),
        ("fine", {"allowed_origins": ("https://*.example",)}, "allowed_origins"),
        ("fine", {"allowed_origins": ("http://www.example.com",)}, "allowed_origins"),
        ("fine", {"allowed_origins": ("https://www.example.com/shop",)}, "allowed_origins"),
    ],
)
def test_a_form_that_cannot_be_is_refused(
    session: Session, cast: Cast, slug: str, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as told:
        intake.create_form(
            actor=cast.viewer("ada"),
            slug=slug,
            values=FormValues(**({"title": "x"} | values)),  # type: ignore[arg-type]
        )
    assert set(told.value.fields) == {field}


def test_an_address_is_taken_once_in_the_installation(session: Session, cast: Cast) -> None:
    open_form(cast)
    with pytest.raises(Invalid):
        intake.create_form(actor=cast.viewer("gina"), slug="acme", values=FormValues(title="Ours"))


def test_a_form_that_is_switched_off_is_not_there(session: Session, cast: Cast) -> None:
    form_id = open_form(cast)
    intake.change_form(actor=cast.viewer("ada"), form_id=form_id, values=FormValues(title="Ask", is_active=False))
    assert session.get_one(WebForm, form_id).title == "Ask"
    with pytest.raises(NotFound):
        intake.send_form(slug="acme", cells=CELLS, has_agreed=True, sender=Sender())


def test_who_may_change_forms(session: Session, cast: Cast) -> None:
    form_id = open_form(cast)
    drive = cast.products["drive"].id
    for name, refusal in (("ines", Forbidden), ("nora", NotFound), ("gina", NotFound)):
        with pytest.raises(refusal):
            intake.change_form(actor=cast.viewer(name), form_id=form_id, values=FormValues(title="x"))
    with pytest.raises(NotFound):
        intake.change_form(
            actor=cast.viewer("ada"), form_id=form_id, values=FormValues(title="x", product_line_ids=(drive,))
        )
