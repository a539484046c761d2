"""The forms of an account."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.domain.account_merging import OwnerKept
from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus, TeamRole
from app.domain.errors import Invalid
from app.domain.intake.money import parse_money
from app.domain.money import Money
from app.domain.network.settings_draft import currencies
from app.domain.network.values import read_company_number, read_network, read_own_domain
from app.localisation import number_text, phrase_text
from app.web.fields import IdField, LinesField, VersionField, reading, tidy

_NEEDED = InputRequired(_l("This must not be empty."))
_WRITING = {"en": "US", "de": "DE", "ja": "JP"}
"""Whose way of writing numbers goes with a language: whether 1.234 is a thousand or a fraction."""


_CURRENCY_SIGNS = "€$£¥"


def _typed_amount(value: object) -> str:
    """An amount as it was typed; one that comes from the account, in hundredths, as its reader would type it."""
    return amount_text(value) if isinstance(value, int) else tidy(str(value or ""))


def _each(read: Callable[[str], object]) -> Callable[[Any], tuple[object, ...]]:
    """A filter that reads line by line; all the lines that cannot be read are told at once."""

    def read_lines(lines: tuple[str, ...] | None) -> tuple[object, ...]:
        found, faults = [], []
        for line in lines or ():
            try:
                found.append(read(line))
            except Invalid as error:
                faults.append(phrase_text(error.phrase))
        if faults:
            raise ValueError(" ".join(faults))
        return tuple(dict.fromkeys(filter(None, found)))

    return read_lines


def ticks(label: Any, **values: Any) -> SelectMultipleField:
    """Several of a few choices, each with a box."""
    return SelectMultipleField(
        label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[], **values
    )


def _health(value: object) -> AccountHealth | None:
    return AccountHealth(str(value)) if value else None


class AccountForm(FlaskForm):
    """A company the manufacturer knows."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=300)], filters=[tidy])
    code = StringField(
        _l("Code"), [_NEEDED, Length(max=40)], filters=[tidy], description=_l("Its number in your system.")
    )
    country = SelectField(_l("Country"), [Optional()])
    city = StringField(_l("City"), [Length(max=100)], filters=[tidy])
    corporate_number = StringField(
        _l("Corporate number"),
        filters=[reading(read_company_number)],
        description=_l("From the trade or tax register."),
    )
    parent_code = StringField(
        _l("Code of the parent company"), filters=[tidy], description=_l("A parent's owner owns its subsidiaries.")
    )
    aliases = LinesField(_l("Other names"), description=_l("One on each line. Leads are matched with them too."))
    kana = LinesField(_l("Names in kana"), description=_l("For companies in Japan."))
    english = LinesField(_l("English names"), description=_l("How it writes itself abroad."))
    domains = LinesField(
        _l("Internet domains"),
        filters=[_each(read_own_domain)],
        description=_l("One on each line: the surest way to know a company."),
    )
    networks = LinesField(
        _l("Networks of its own"),
        filters=[_each(read_network)],
        description=_l("IP ranges such as 192.0.2.0/24: they only support other signs, and partners never see them."),
    )
    status = SelectField(_l("Status"), [_NEEDED], id="standing", coerce=AccountStatus)
    churned_on = DateField(_l("Left on"), [Optional()], description=_l("For a churned account."))
    health = SelectField(_l("Health"), [Optional()], coerce=_health)
    contract_cents = StringField(_l("Contract value"), [Length(max=40)], filters=[_typed_amount])
    contract_currency = SelectField(_l("Currency"), [Optional()])
    has_open_ticket = BooleanField(_l("Has an open support ticket"))
    is_enterprise = BooleanField(
        _l("Enterprise: departments have specialists"), description=_l("Name them in the account's team.")
    )
    product_line_ids = ticks(_l("Product lines it has bought"), coerce=int)
    owner_partnership_id = IdField(_l("Owned by the partner"))
    owner_user_id = IdField(
        _l("Owned by one of us"), description=_l("With both, a directly sourced account is the person's.")
    )
    keeps_own_owner = BooleanField(_l("Keeps its own owner beside the parent's"))
    flags = ticks(_l("Marks"), coerce=AccountFlag)
    listed_from = DateField(_l("Listed from"), [Optional()], description=_l("Empty: as long as it is marked."))
    listed_until = DateField(_l("Listed until"), [Optional()])
    listed_owner_partnership_id = IdField(_l("Listed for the partner"), description=_l("Empty: its owner."))
    listed_owner_user_id = IdField(_l("Listed for one of us"))
    listed_note = TextAreaField(_l("Note on the listing"), [Length(max=1000)], filters=[lambda text: text or ""])

    def offer(self, **choices: Sequence[tuple[object, str]]) -> None:
        """Give each list its choices."""
        for name, pairs in choices.items():
            self[name].choices = pairs
        self.contract_currency.choices = [("", "–"), *((code, code) for code in currencies())]

    def read_contract(self, language: str) -> Money | None:
        """The contract's value as its reader writes it; None when empty or when a field now carries an error."""
        text, currency = str(self.contract_cents.data or ""), self.contract_currency.data or ""
        if text and not currency and not any(sign.isalpha() or sign in _CURRENCY_SIGNS for sign in text):
            self.contract_currency.errors = [*self.contract_currency.errors, _l("Say the currency of the contract.")]
            return None
        return read_amount(self.contract_cents, currency, language)


class AccountEditForm(AccountForm):
    """A company as it stands; `version` is the one the edit began from."""

    version = VersionField()


def read_amount(field: StringField, currency: str, language: str) -> Money | None:
    """An amount as the reader writes it; None when empty or when the field now carries an error."""
    text = (field.data or "").strip()
    if not text:
        return None
    amount = parse_money(text, country=_WRITING.get(language, "US"), currency=currency)
    if amount is None:
        field.errors = [*field.errors, _l("This cannot be read as an amount.")]
    return amount


def amount_text(cents: int | None) -> str:
    """An amount as the reader would type it."""
    if cents is None:
        return ""
    return number_text(cents // 100 if cents % 100 == 0 else cents / 100)


class OpportunityForm(FlaskForm):
    """A deal with an account."""

    name = StringField(_l("Deal"), [Length(max=200)], filters=[tidy], description=_l("What it is about."))
    owner_partnership_id = IdField(
        _l("Worked by the partner"), description=_l("Exactly one is needed: the partner, or one of us.")
    )
    owner_user_id = IdField(_l("Worked by one of us"))
    product_line_id = IdField(_l("Product line"))
    amount = StringField(_l("Worth"), [Length(max=40)], filters=[tidy])
    currency = SelectField(_l("Currency"), [Optional()])

    def offer(self, **choices: Sequence[tuple[object, str]]) -> None:
        """Give each list its choices."""
        for name in ("owner_partnership_id", "owner_user_id"):
            self[name].flags.required = True  # One of the two, so that neither is called optional.
        for name, pairs in choices.items():
            self[name].choices = pairs
        self.currency.choices = [(code, code) for code in currencies()]


class TeamForm(FlaskForm):
    """A person's place in an account's team."""

    user_id = IdField(_l("Person"), [_NEEDED])
    role = SelectField(_l("Role"), [_NEEDED], coerce=TeamRole)
    department = StringField(
        _l("Department"), [Length(max=100)], filters=[tidy], description=_l("Of a specialist: as leads name it.")
    )
    product_line_id = IdField(_l("Product line"))


class MergeForm(FlaskForm):
    """Which account this one goes into, and whose owner stays."""

    into_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    owner = RadioField(_l("Whose owner stays"), [Optional()], coerce=lambda value: OwnerKept(value) if value else None)


class SplitForm(FlaskForm):
    """What goes to a new account."""

    name = StringField(_l("Name of the new account"), [_NEEDED, Length(max=300)], filters=[tidy])
    code = StringField(_l("Its code"), [_NEEDED, Length(max=40)], filters=[tidy])
    names = ticks(_l("Names that are its own"), coerce=int)
    domains = ticks(_l("Domains that are its own"), coerce=int)
    leads = ticks(_l("Leads that came from it"), coerce=lambda value: uuid.UUID(str(value)))
    keeps_owner = BooleanField(_l("The same owner"))


class LinkForm(FlaskForm):
    """Why a lead is an account's, or is not."""

    reason = StringField(
        _l("Why"), [InputRequired(_l("Say why: the reason stays with the lead.")), Length(max=1000)], filters=[tidy]
    )
