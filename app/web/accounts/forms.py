"""The form of an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.network.values import read_domains
from app.web.fields import IdField, LinesField, reading, tidy

_NEEDED = InputRequired(_l("This must not be empty."))


def _each_domain(lines: tuple[str, ...] | None) -> object:
    return reading(read_domains)("|".join(lines or ()))


class AccountForm(FlaskForm):
    """A company the manufacturer knows."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=300)], filters=[tidy])
    code = StringField(
        _l("Code"), [_NEEDED, Length(max=40)], filters=[tidy], description=_l("Its number in your system.")
    )
    country = SelectField(_l("Country"), [Optional()])
    aliases = LinesField(_l("Other names"), description=_l("One on each line. Leads are matched with them too."))
    domains = LinesField(
        _l("Internet domains"),
        filters=[_each_domain],
        description=_l("One on each line: the surest way to know a company."),
    )
    status = SelectField(_l("Status"), [_NEEDED], id="standing", coerce=AccountStatus)
    churned_on = DateField(_l("Left on"), [Optional()], description=_l("For a churned account."))
    flags = SelectMultipleField(
        _l("Marks"), coerce=AccountFlag, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    owner_partnership_id = IdField(_l("Owned by the partner"))
    opportunity_owner_partnership_id = IdField(_l("Open opportunity of the partner"))
    parent_code = StringField(
        _l("Code of the parent company"), filters=[tidy], description=_l("A parent's owner owns its subsidiaries.")
    )
