"""The forms of working a lead, and how the reader's own way of writing times and amounts is read."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.domain.cockpit import OPEN_STAGES, ActivityKind
from app.domain.identity import Viewer
from app.domain.intake.money import parse_money
from app.domain.labels import label_of
from app.domain.leads import LeadState, LostReason, Stage
from app.domain.money import Money
from app.domain.qualification import (
    BANT,
    LONGEST_ANSWER,
    LONGEST_DEPARTMENT,
    MEDDIC,
    ContactRole,
    Qualification,
    QualificationField,
)
from app.domain.returns import DEFAULT_RETURN_RULES, ReturnReason
from app.localisation import number_text, phrase_text
from app.queries.cockpit import SORTS, FilterChoices, LeadPage

LOCAL_TIME = "%Y-%m-%dT%H:%M"
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "INR", "KRW")
_WRITING = {"en": "US", "de": "DE", "ja": "JP"}
"""Whose way of writing numbers goes with a language: whether 1.234 is a thousand or a fraction."""
_QUALITY = [("", _l("Not rated")), *[(str(number), str(number)) for number in range(1, 6)]]


def labelled(values: Any) -> list[tuple[str, str]]:
    """Choices of a select field from values of the domain."""
    return [(value.value, phrase_text(label_of(value))) for value in values]


def to_utc(moment: datetime | None, viewer: Viewer) -> datetime | None:
    """A wall-clock time of a form, in the reader's zone, as aware UTC."""
    return moment.replace(tzinfo=ZoneInfo(viewer.time_zone)).astimezone(UTC) if moment else None


class ActivityForm(FlaskForm):
    """What happened with the prospect. The outcome is the button that is pressed."""

    kind = RadioField(_l("How"), default=ActivityKind.CALL.value)
    note = TextAreaField(_l("Note"), [Length(max=4000)])
    happened_at = DateTimeLocalField(_l("When"), [Optional()], format=LOCAL_TIME, description=_l("Empty means now."))
    submitted_key = HiddenField(default=lambda: uuid.uuid4().hex)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="log-", **keywords)
        self.kind.choices = labelled(kind for kind in ActivityKind if kind is not ActivityKind.NOTE)


class EditForm(FlaskForm):
    """Stage, forecast and follow-up; `version` is the one the reader saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    stage = SelectField(_l("Stage"), [InputRequired()])
    expected_revenue = StringField(_l("Expected revenue"), [Length(max=40)])
    currency = SelectField(_l("Currency"), [InputRequired()])
    close_on = DateField(_l("Close in sight"), [Optional()])
    follow_up_at = DateTimeLocalField(_l("Follow-up"), [Optional()], format=LOCAL_TIME)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="edit-", **keywords)
        self.stage.choices = labelled(OPEN_STAGES)


def _answer(label: Any, question: Any) -> StringField:
    return StringField(label, [Length(max=LONGEST_ANSWER)], render_kw={"placeholder": question})


class QualificationForm(FlaskForm):
    """The contact's role, and one answer per `QualificationField`; `version` is the one the reader saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    contact_role = SelectField(_l("Role of the contact"))
    department = StringField(_l("Department"), [Length(max=LONGEST_DEPARTMENT)])
    budget = _answer(_l("Budget"), _l("Is there money for it, and how much?"))
    authority = _answer(_l("Authority"), _l("Who signs?"))
    need = _answer(_l("Need"), _l("What do they need it for?"))
    timing = _answer(_l("Timing"), _l("By when?"))
    metrics = _answer(_l("Metrics"), _l("Which figure is to get better?"))
    decision_criteria = _answer(_l("Decision criteria"), _l("What do they choose by?"))
    decision_process = _answer(_l("Decision process"), _l("Which steps lead to the order?"))
    pain = _answer(_l("Pain"), _l("What hurts if nothing changes?"))
    champion = _answer(_l("Champion"), _l("Who speaks for us inside?"))
    competition = _answer(_l("Competition"), _l("Who else was asked?"))

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="qualify-", **keywords)
        self.contact_role.choices = [("", _l("Not known")), *labelled(ContactRole)]

    def bant(self) -> list[Field]:
        """What is asked first."""
        return [self[one.value] for one in BANT]

    def meddic(self) -> list[Field]:
        """What is asked of a large deal beside that."""
        return [self[one.value] for one in MEDDIC]

    def known(self) -> Qualification:
        """What the form says."""
        role = ContactRole(self.contact_role.data) if self.contact_role.data else None
        answers = {one: self[one.value].data or "" for one in QualificationField}
        return Qualification(role, self.department.data or "", answers)


class CloseForm(FlaskForm):
    """Won or lost, why, and how good the lead was."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    result = RadioField(_l("Result"), [InputRequired(_l("Choose won or lost."))])
    expected_revenue = StringField(_l("Revenue"), [Length(max=40)], description=_l("If it was won."))
    currency = SelectField(_l("Currency"), [InputRequired()])
    lost_reason = SelectField(_l("Why lost"), default="", description=_l("If it was lost."))
    lost_to = StringField(_l("Lost to which competitor"), [Length(max=200)])
    quality = SelectField(_l("How good was the lead (5 is best)"), choices=_QUALITY, default="")
    text = TextAreaField(_l("Note"), [Length(max=2000)])

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="close-", **keywords)
        self.result.choices = labelled((Stage.WON, Stage.LOST))
        self.lost_reason.choices = [("", "–"), *labelled(LostReason)]


class TakeOutForm(FlaskForm):
    """Disqualify or withdraw, with the reason."""

    state = RadioField(_l("What becomes of the lead"), [InputRequired(_l("Choose one of the two."))])
    reason = TextAreaField(
        _l("Reason"), [InputRequired(_l("Say why; the reason stays with the lead.")), Length(max=2000)]
    )

    def __init__(self, *arguments: Any, may_withdraw: bool = False, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="out-", **keywords)
        states = (LeadState.DISQUALIFIED, LeadState.WITHDRAWN) if may_withdraw else (LeadState.DISQUALIFIED,)
        self.state.choices = labelled(states)


class ReturnForm(FlaskForm):
    """Why the lead is handed back, and how good it was. The reasons stand in groups of what follows from them."""

    reason = RadioField(
        _l("What is wrong with it"),
        [InputRequired(_l("Please choose why you return the lead."))],
        description=_l(
            "Not reachable: after %(count)s logged attempts. Denies having asked: after a logged contact.",
            count=DEFAULT_RETURN_RULES.attempts_until_unreachable,
        ),
    )
    text = TextAreaField(
        _l("In a few words"),
        [Length(max=2000)],
        description=_l("The manufacturer reads it, another partner never does."),
    )
    quality = SelectField(_l("How good was the lead (5 is best)"), choices=_QUALITY, default="")

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, prefix="back-", **keywords)
        reviewed = DEFAULT_RETURN_RULES.reviewed
        self.reason.choices = labelled(sorted(ReturnReason, key=lambda reason: reason in reviewed))


class FilterForm(FlaskForm):
    """The list's filters, as they stand in the URL."""

    q = SearchField(_l("Search"), [Length(max=100)], description=_l("Company, person, e-mail, city or L-number"))
    state = SelectField(_l("State"))
    stage = SelectField(_l("Stage"))
    partner = SelectField(_l("Partner"))
    manufacturer = SelectField(_l("Manufacturer"))
    product = SelectField(_l("Product line"))
    sort = SelectField(_l("Sort by"))
    overdue = BooleanField()
    hot = BooleanField()
    open = BooleanField()

    def __init__(self, arguments: Any, choices: FilterChoices, sort_labels: dict[str, str]) -> None:
        super().__init__(arguments, meta={"csrf": False})
        everything = [("", _l("All"))]
        self.state.choices = everything + labelled(LeadState)
        self.stage.choices = everything + labelled(Stage)
        for field, pairs in (
            (self.partner, choices.partners),
            (self.manufacturer, choices.manufacturers),
            (self.product, choices.products),
        ):
            field.choices = everything + [(str(number), name) for number, name in pairs]
        self.sort.choices = [(key, sort_labels[key]) for key in SORTS]


def read_amount(form: EditForm | CloseForm, viewer: Viewer) -> Money | None:
    """The amount as the reader writes it; None when empty or when the field now carries an error."""
    text = (form.expected_revenue.data or "").strip()
    if not text:
        return None
    amount = parse_money(text, country=_WRITING.get(viewer.language, "US"), currency=form.currency.data or "")
    if amount is None:
        form.expected_revenue.errors = [*form.expected_revenue.errors, _l("This cannot be read as an amount.")]
    return amount


def offer_currencies(form: EditForm | CloseForm, page: LeadPage) -> None:
    """Offer the usual currencies and the one the lead has."""
    known = dict.fromkeys((page.currency, *CURRENCIES))
    form.currency.choices = [(code, code) for code in known]


def amount_text(amount: Money | None) -> str:
    """An amount as the reader would type it."""
    if amount is None:
        return ""
    return number_text(amount.cents // 100 if amount.cents % 100 == 0 else amount.cents / 100)
