"""The forms of settings and tiers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.deadlines import Clock
from app.domain.labels import label_of
from app.domain.network.settings_draft import SETTINGS_RANGES, SHOWABLE_FIELDS, currencies
from app.localisation import phrase_text
from app.web.fields import Choices, IdField, LinesField, VersionField, tidy, with_none

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


def _clock(label: str) -> SelectField:
    hint = _l("Working time is that of whoever has the lead.")
    return SelectField(
        label, [_NEEDED], choices=[(clock, clock.value) for clock in Clock], coerce=Clock, description=hint
    )


class SettingField(IntegerField):
    """A number of the settings; its range is what the settings have for its name."""

    def __init__(self, label: str, hint: str, **given: Any) -> None:
        needed = [_NEEDED, NumberRange(*SETTINGS_RANGES[given["name"]])]
        super().__init__(label, needed, description=hint, **given)


class SettingsForm(FlaskForm):
    """The manufacturer's numbers, and what partners see before the claim."""

    release_score = SettingField(_l("Release score"), _l("Leads below it stay in nurturing. 0 to 100."))
    contact_hours = SettingField(
        _l("Hours to the first contact"),
        _l("From the claim on; a lead that is claimed already keeps its time."),
    )
    contact_clock = _clock(_l("These hours are"))
    hot_contact_minutes = SettingField(
        _l("Minutes to the first contact of a hot lead"), _l("From the claim on, whoever has it.")
    )
    hot_contact_clock = _clock(_l("These minutes are"))
    cool_down_hours = SettingField(
        _l("Cool-down in hours"),
        _l("So long a partner may not claim a lead that it lost for inaction. Holds at once."),
    )
    merge_days = SettingField(
        _l("Days in which a repeat is the same lead"), _l("The same person asking for the same again.")
    )
    default_currency = SelectField(_l("Currency"), [_NEEDED], choices=[(code, code) for code in currencies()])
    shown_fields = SelectMultipleField(
        _l("Partners see before the claim"),
        choices=[(name, SHOWN_FIELD_NAMES[name]) for name in SHOWABLE_FIELDS],
        description=_l("Product lines, region, urgency and age always show. Name, contact and company never do."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    match_score = SettingField(
        _l("Known for sure above"), _l("A lead whose match scores higher goes to the account's owner at once.")
    )
    near_match_score = SettingField(
        _l("A person decides from"), _l("From here up to the score beside, the lead waits in the review queue.")
    )
    is_competitor_disqualified = BooleanField(
        _l("Disqualify competitors at once"), description=_l("Otherwise a person decides about their leads.")
    )
    contract_threshold = SettingField(
        _l("Contract value of an account manager"),
        _l("Customers from this value on, in your currency, go to their account manager, others to sales."),
    )
    churned_months = SettingField(
        _l("Months a lost customer keeps its owner"), _l("Later its leads follow the distribution plan.")
    )
    owner_contact_minutes = SettingField(
        _l("Minutes to the first contact of an owner's lead"), _l("From when the owner has it.")
    )
    owner_contact_clock = _clock(_l("These minutes are"))
    stalled_days = SettingField(
        _l("Remind after (days)"),
        _l("Days without an activity until whoever works the lead is reminded."),
    )
    stalled_escalation_days = SettingField(
        _l("Channel manager after (days)"),
        _l("Days until the channel manager is told; later than the reminder."),
    )
    stalled_return_days = SettingField(
        _l("Give to others after (days)"),
        _l("The lead goes to the backup partner, the next round or direct sales, and the response score falls."),
    )
    nurture_every_days = SettingField(
        _l("Keep warm every (days)"),
        _l("Whoever works a long deal is told to get in touch again, unless a follow-up is set."),
    )
    nurture_until_day = SettingField(
        _l("Keep warm until day"),
        _l("From the assignment on; 0: never. A follow-up date holds off reminders no longer than this."),
    )
    leads_for_account = SettingField(
        _l("Leads that make an account"), _l("So many leads of one unknown company become an account.")
    )
    high_activity_leads = SettingField(_l("High activity: leads"), _l("So many leads of one company alert its owner …"))
    high_activity_hours = SettingField(_l("High activity: hours"), _l("… when they come within so many hours."))
    executive_titles = LinesField(
        _l("More titles of executives"),
        description=_l("One on each line. Usual titles in English, German and Japanese are known already."),
    )
    ip_address_days = SettingField(
        _l("Days an IP address is kept"), _l("For matching only; partners never see it. 30 at most.")
    )
    is_response_scored = BooleanField(
        _l("Keep a response score of each partner"),
        description=_l("Answering costs nothing, silence does. Each partner sees its own score and how to mend it."),
    )
    accepted_points = SettingField(_l("Points for a lead taken"), _l("Claimed, or accepted when asked."))
    declined_points = SettingField(_l("Points for an offer declined"), _l("A no is an answer too."))
    feedback_points = SettingField(
        _l("Points for feedback on a lead"), _l("Once for each lead whose quality is rated.")
    )
    silence_cost = SettingField(
        _l("Points lost by silence"), _l("An offer to one partner alone passed without an answer.")
    )
    re_route_cost = SettingField(
        _l("Points lost with a lead"), _l("It went to somebody else because nobody worked it.")
    )
    warning_score = SettingField(
        _l("A partner is warned below"),
        _l("Everybody starts at 100. Told once, when the score falls."),
    )
    suspension_score = SettingField(
        _l("Claims are suspended below"),
        _l("Below the warning; 0: never. The second time in a quarter, a person looks at the territory."),
    )
    suspension_days = SettingField(
        _l("Days claims are suspended"), _l("A suspension that has begun keeps its end; a person can lift it.")
    )
    infraction_days = SettingField(
        _l("Days until a loss lapses"), _l("Then it no longer counts. Holds for earlier losses too.")
    )
    sales_vp_id = IdField(
        _l("Vice president of sales"), description=_l("Is told when an executive of a strategic account asks.")
    )
    customer_success_id = IdField(
        _l("Customer success"), description=_l("Is told of a customer with an open ticket or in low health.")
    )
    win_back_id = IdField(
        _l("Winning back"), description=_l("Has the leads of customers who left long ago; nobody: the plan decides.")
    )
    reviewer_id = IdField(_l("Reviewer"), description=_l("Has the leads that wait for a person's decision."))
    version = VersionField()

    def offer(self, people: Choices) -> None:
        """Give each list of people its choices, and the clocks their names."""
        for clock in (self.contact_clock, self.hot_contact_clock, self.owner_contact_clock):
            clock.choices = [(one, phrase_text(label_of(one))) for one in Clock]
        self.sales_vp_id.choices = with_none(people, _("Nobody"))
        self.customer_success_id.choices = with_none(people, _("Nobody"))
        self.win_back_id.choices = with_none(people, _("Nobody"))
        self.reviewer_id.choices = with_none(people, _("Everybody who assigns leads"))


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
