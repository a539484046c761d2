"""The forms of settings and tiers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.network.drafts import SHOWABLE_FIELDS, currencies
from app.web.fields import VersionField, tidy

_NEEDED = InputRequired(_l("This must not be empty."))

SHOWN_FIELD_NAMES = {
    "industry": _l("Industry"),
    "size_band": _l("Size band (staff)"),
    "value_band": _l("Value band"),
    "source_kind": _l("Kind of source"),
    "score_band": _l("Score band"),
    "message": _l("What the prospect wrote, once a person has cleared it"),
}


def _number(label: str, low: int, high: int, hint: str) -> IntegerField:
    return IntegerField(label, [_NEEDED, NumberRange(low, high)], description=hint)


class SettingsForm(FlaskForm):
    """The manufacturer's numbers, and what partners see before the claim."""

    release_score = _number(_l("Release score"), 0, 100, _l("Leads below it stay in nurturing. 0 to 100."))
    contact_hours = _number(_l("Hours to the first contact"), 1, 240, _l("Working hours after a claim."))
    hot_contact_minutes = _number(
        _l("Minutes to the first contact of a hot lead"), 5, 1_440, _l("Working minutes after a claim.")
    )
    cool_down_hours = _number(
        _l("Cool-down in hours"),
        0,
        2_160,
        _l("How long a partner that lost a lead for inaction may not claim it again."),
    )
    merge_days = _number(
        _l("Days in which a repeat is the same lead"), 0, 365, _l("The same person asking for the same again.")
    )
    default_currency = SelectField(_l("Currency"), [_NEEDED], choices=[(code, code) for code in currencies()])
    shown_fields = SelectMultipleField(
        _l("Partners see before the claim"),
        choices=[(name, SHOWN_FIELD_NAMES[name]) for name in SHOWABLE_FIELDS],
        description=_l("Product lines, region, urgency and age always show. Name, contact and company never do."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    version = VersionField()


class TierForm(FlaskForm):
    """A partner level."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=60)], filters=[tidy])
    code = StringField(
        _l("Code"), [_NEEDED, Length(max=40)], filters=[tidy], description=_l("Files name the level by it.")
    )
    rank = _number(_l("Rank"), 1, 99, _l("The higher the number, the higher the level."))
    head_start_minutes = _number(
        _l("Sees a lead after (minutes)"), 0, 10_080, _l("Working minutes after the board opens; 0 sees it at once.")
    )
    max_open_claims = _number(_l("Open claims at most"), 0, 1_000, _l("Claimed leads without a contact attempt."))
    max_claims_per_day = _number(_l("Claims a day at most"), 0, 1_000, _l("Of one partner."))


class UploadForm(FlaskForm):
    """The files of a network."""

    files = MultipleFileField(
        _l("Files"),
        [FileRequired(_l("Choose at least one file."))],
        description=_l("products, partners, territories, authorizations, accounts: CSV or Excel, one or several."),
        render_kw={"accept": ".csv,.xlsx,.txt,.tsv", "multiple": True},
    )


class ApplyForm(FlaskForm):
    """The files that were tried out, travelling with the page so that nothing is kept in between."""

    packed = HiddenField(validators=[InputRequired()])
