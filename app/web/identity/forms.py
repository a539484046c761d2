"""The forms of signing in and of people."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.labels import label_of
from app.domain.owners import Belonging, Handover
from app.domain.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.domain.people import LONGEST_NAME
from app.localisation import LANGUAGES, TIME_ZONES, phrase_text
from app.web.fields import Choices, IdField, with_none

LONGEST_EMAIL = 254
CHOOSE = _l("Choose one.")
PASSWORD_HINT = _l(
    "At least %(count)s characters. Three or four words in a row are strong and easy to remember.",
    count=SHORTEST_PASSWORD,
)


def email_field(autocomplete: str = "email") -> EmailField:
    """An address."""
    needed = InputRequired(_l("Type the e-mail address."))
    return EmailField(_l("E-mail"), [needed, Length(max=LONGEST_EMAIL)], render_kw={"autocomplete": autocomplete})


def name_field(autocomplete: str = "name") -> StringField:
    """A person's name."""
    needed = InputRequired(_l("Type the name."))
    return StringField(_l("Name"), [needed, Length(max=LONGEST_NAME)], render_kw={"autocomplete": autocomplete})


def new_password_field() -> PasswordField:
    """A password that is being chosen; browsers offer to make one."""
    return PasswordField(
        _l("New password"),
        [InputRequired(_l("Type a password.")), Length(max=LONGEST_PASSWORD)],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "minlength": SHORTEST_PASSWORD},
    )


def present_password_field(label: str) -> PasswordField:
    """A password that is known."""
    needed = InputRequired(_l("Type your password."))
    return PasswordField(label, [needed, Length(max=LONGEST_PASSWORD)], render_kw={"autocomplete": "current-password"})


class LogInForm(FlaskForm):
    """E-mail and password, and where to go afterwards."""

    email = email_field("username")
    password = present_password_field(_l("Password"))
    next = HiddenField()


class EmailForm(FlaskForm):
    """Where to send a link to."""

    email = email_field("username")


class NewPasswordForm(FlaskForm):
    """A new password."""

    password = new_password_field()


class JoinForm(FlaskForm):
    """What somebody who was invited says of itself."""

    name = name_field()
    password = new_password_field()


class ManagerForm(FlaskForm):
    """Who answers for a person's accounts when the person has left without a successor."""

    manager = IdField(_l("Manager"), description=_l("Gets the leads of this person's accounts when nobody else does."))


class DisableForm(FlaskForm):
    """Who takes over what a person of the manufacturer owns: one for all, or another for one kind of it."""

    successor = IdField(
        _l("Successor"), description=_l("Takes over what is listed, and gets the leads that come in for it later.")
    )
    accounts = IdField()
    listings = IdField()
    opportunities = IdField()
    teams = IdField()
    reviews = IdField()
    leads = IdField()
    posts = IdField()
    partners = IdField()

    def offer(self, takers: Callable[[Belonging | None], Choices], *, is_needed: bool) -> None:
        """Give each list those who can take that kind over; a successor is needed by whoever owns something."""
        self.successor.choices = with_none(takers(None), _("Choose") if is_needed else _("Nobody"))
        self.successor.flags.required = is_needed
        for kind in Belonging:
            self[kind.value].label.text = phrase_text(label_of(kind))
            self[kind.value].choices = with_none(takers(kind), _("Successor"))

    def handover(self) -> Handover:
        """Who was chosen, as the service wants it."""
        apart = {kind: self[kind.value].data for kind in Belonging if self[kind.value].data is not None}
        return Handover(self.successor.data, apart)


class ProfileForm(FlaskForm):
    """A person's own settings."""

    name = name_field()
    language = SelectField(_l("Language"), [InputRequired(CHOOSE)], choices=list(LANGUAGES.items()))
    time_zone = SelectField(
        _l("Time zone"),
        [InputRequired(CHOOSE)],
        choices=[(zone, zone) for zone in TIME_ZONES],
        description=_l("Times are shown in this zone. Every time names its zone."),
    )
    is_shortcuts_on = BooleanField(_l("Single-key shortcuts"), description=_l("The key ? lists them."))


class PasswordChangeForm(FlaskForm):
    """The present password and the new one."""

    current = present_password_field(_l("Present password"))
    password = new_password_field()


class InviteAdminForm(FlaskForm):
    """Whom to invite."""

    name = name_field("off")
    email = email_field("off")


class InviteForm(InviteAdminForm):
    """Whom to invite, and as what."""

    role = SelectField(_l("Role"), [InputRequired(CHOOSE)])


class RoleForm(FlaskForm):
    """A person's role."""

    role = SelectField(_l("Role"), [InputRequired(CHOOSE)])


class KeyForm(FlaskForm):
    """A key's name and what it may do."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Type a name.")), Length(max=LONGEST_NAME)],
        description=_l("Which programme will use it?"),
        render_kw={"autocomplete": "off"},
    )
    scopes = SelectMultipleField(
        _l("It may"),
        [InputRequired(_l("Choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
