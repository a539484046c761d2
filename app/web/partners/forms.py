"""The forms of partners."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from app.domain.departures import LeadsChoice
from app.domain.network.values import read_domain, read_postal_code
from app.localisation import LANGUAGES, TIME_ZONES
from app.web.fields import IdField, OwnerField, SubdivisionField, VersionField, reading, tidy

_NEEDED = InputRequired(_l("This must not be empty."))
_CAP = [Optional(), NumberRange(0, 1_000)]


class PartnerForm(FlaskForm):
    """A partner and its standing."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=200)], filters=[tidy])
    code = StringField(
        _l("Code"),
        [_NEEDED, Length(max=40)],
        filters=[tidy],
        description=_l("Your own number for this partner. Files name it."),
    )
    country = SelectField(_l("Country"), [Optional()])
    subdivision = SubdivisionField(
        _l("Subdivision"),
        description=_l("ISO 3166-2, such as DE-BY. Its public holidays count."),
    )
    postal_code = StringField(
        _l("Postal code"),
        filters=[reading(read_postal_code)],
        description=_l("Where the partner sits. The nearness of leads is reckoned from it."),
    )
    domain = StringField(
        _l("Internet domain"),
        filters=[reading(read_domain)],
        description=_l("A lead from this domain is the partner itself, and is never offered to it."),
    )
    language = SelectField(_l("Language"), [_NEEDED], choices=list(LANGUAGES.items()))
    time_zone = SelectField(_l("Time zone"), [_NEEDED], choices=[(zone, zone) for zone in TIME_ZONES])
    working_hours = StringField(
        _l("Working hours"),
        [_NEEDED],
        filters=[tidy],
        description=_l("Such as mon-thu 08:00-17:00; fri 08:00-14:00. Deadlines run in these hours."),
    )
    tier_id = IdField(_l("Tier"), [_NEEDED])
    status = SelectField(
        _l("Status"), [_NEEDED], id="standing", description=_l("Only an active partner is offered leads.")
    )
    max_open_claims = IntegerField(
        _l("Open claims at most"),
        _CAP,
        description=_l("Claimed leads without a contact attempt. Empty: as the tier has it."),
    )
    max_claims_per_day = IntegerField(_l("Claims a day at most"), _CAP, description=_l("Empty: as the tier has it."))
    channel_manager_id = IdField(_l("Channel manager"), description=_l("Is told when the partner stays silent."))
    sales_manager_id = IdField(_l("Sales manager"), description=_l("Is told first when a lead waits too long."))
    backup_partnership_id = IdField(
        _l("Backup partner"), description=_l("Gets the lead when this partner does not act.")
    )
    successor_partnership_id = IdField(
        _l("Successor"),
        description=_l(
            "Takes this partner's leads over, and gets those of its accounts, once it takes no part any more."
        ),
    )


class PartnerEditForm(PartnerForm):
    """A partner's edit, with the version it began from; `leads` is asked where the partner works some."""

    leads = RadioField(
        _l("The leads it works"),
        [Optional(), AnyOf(list(LeadsChoice))],
        choices=[],
        validate_choice=False,
        description=_l("Say it when you pause or suspend the partner. Leads offered to it alone always go on."),
    )
    reason = StringField(
        _l("Why its standing changes"),
        [Length(max=500)],
        filters=[tidy],
        description=_l("Say it when you change the status. It stays with you."),
    )
    version = VersionField()


class PauseForm(FlaskForm):
    """Why a partner is offered nothing for now, and what becomes of the leads it works."""

    reason = StringField(
        _l("Why"),
        [_NEEDED, Length(max=500)],
        filters=[tidy],
        description=_l("Stays with you: the partner does not read it."),
    )
    leads = RadioField(
        _l("The leads it works"),
        [InputRequired(_l("Say what becomes of them."))],
        choices=[],
    )
    version = VersionField()


class ResumeForm(FlaskForm):
    """Why a partner takes part again."""

    reason = StringField(
        _l("Why"), [Length(max=500)], filters=[tidy], description=_l("May stay empty. The partner does not read it.")
    )


class EndForm(FlaskForm):
    """The end of a partnership, with the version it was decided on, and who takes over what it owns."""

    successor = OwnerField(
        _l("Successor"),
        description=_l(
            "A partner or one of your own people: takes over its accounts, its open deals and, as far as told below, "
            "its leads."
        ),
    )
    version = VersionField()


class CertificationForm(FlaskForm):
    """The days a certification is valid on."""

    valid_from = DateField(_l("Valid from"), [Optional()])
    valid_until = DateField(_l("Valid until"), [_NEEDED])
