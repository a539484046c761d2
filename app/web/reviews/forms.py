"""The pattern by which leads are linked together."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.bulk_linking import LeadPattern

EITHER, BOTH = "either", "both"


class PatternFields:
    """Which leads, and to which account."""

    company = StringField(
        _l("Company is called"),
        [Optional(), Length(max=200)],
        description=_l("* stands for anything: Acme Labs*"),
    )
    domain = StringField(_l("Writes from the domain"), [Optional(), Length(max=200)])
    fits = SelectField(
        _l("With both given"),
        choices=[(BOTH, _l("both must fit")), (EITHER, _l("either is enough"))],
        default=BOTH,
        validators=[Optional()],
    )
    account = StringField(
        _l("To the account"),
        [InputRequired(_l("Name the account.")), Length(max=200)],
        description=_l("Its code, or a name to choose from."),
    )

    def pattern(self) -> LeadPattern:
        """The pattern as the rules take it."""
        return LeadPattern(self.company.data or "", self.domain.data or "", self.fits.data == EITHER)


class PatternForm(PatternFields, FlaskForm):
    """A pattern asked for in the address, so that its preview can be looked at again."""

    class Meta:
        csrf = False


class LinkForm(PatternFields, FlaskForm):
    """The same, confirmed."""

    learns = BooleanField(_l("Remember the name for this account"))
