"""What a prospect fills in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.intake.fields import LeadField
from app.queries.intake.web_forms import PublicForm
from app.web.places import country_choices

TRAP = "fax_number"
NOT_CELLS = frozenset({"agreed", "began", "lang", TRAP, "products"})


def _needed(text: Any) -> list[Any]:
    return [InputRequired(text), Length(max=200)]


class ProspectForm(FlaskForm):
    """One request. The names of the fields are those of `LeadField`; `fax_number` is hidden from people.

    It has no token: nobody is signed in here, and in another site's frame the browser keeps no cookie for it.
    """

    class Meta:
        """Nothing of a session to protect."""

        csrf = False

    products = SelectMultipleField(
        _l("What is it about?"),
        [InputRequired(_l("Choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    message = TextAreaField(_l("Your request"), [Optional(), Length(max=5000)], render_kw={"rows": 5})
    given_name = StringField(
        _l("First name"), _needed(_l("Type your first name.")), render_kw={"autocomplete": "given-name"}
    )
    family_name = StringField(
        _l("Last name"), _needed(_l("Type your last name.")), render_kw={"autocomplete": "family-name"}
    )
    company = StringField(_l("Company"), _needed(_l("Type your company.")), render_kw={"autocomplete": "organization"})
    job_title = StringField(
        _l("Position"), [Optional(), Length(max=200)], render_kw={"autocomplete": "organization-title"}
    )
    department = StringField(_l("Department"), [Optional(), Length(max=200)])
    email = EmailField(_l("E-mail"), _needed(_l("Type your e-mail address.")), render_kw={"autocomplete": "email"})
    phone = TelField(_l("Telephone"), [Optional(), Length(max=60)], render_kw={"autocomplete": "tel"})
    country = SelectField(
        _l("Country"), [InputRequired(_l("Choose your country."))], render_kw={"autocomplete": "country"}
    )
    postal_code = StringField(
        _l("Postal code"), [Optional(), Length(max=20)], render_kw={"autocomplete": "postal-code"}
    )
    city = StringField(_l("City"), [Optional(), Length(max=100)], render_kw={"autocomplete": "address-level2"})
    agreed = BooleanField(_l("I agree"))
    fax_number = StringField(_l("Leave this empty"))
    began = HiddenField()
    lang = HiddenField()

    def offer(self, form: PublicForm) -> None:
        """Fill the choices: the form's product lines, the countries in the page's language."""
        self.products.choices = [(str(product.id), product.name) for product in form.products]
        self.country.choices = [("", "–"), *country_choices()]
        if len(form.products) == 1 and not self.is_submitted():
            self.products.data = [str(form.products[0].id)]

    def cells(self, form: PublicForm) -> dict[str, str]:
        """What was typed, by the fields of a lead; products by their code."""
        codes = {str(product.id): product.code for product in form.products}
        typed = {field.name: field.data or "" for field in self if _is_cell(field)}
        return {**typed, LeadField.PRODUCTS.value: ";".join(codes[chosen] for chosen in self.products.data or [])}


def _is_cell(field: Field) -> bool:
    return field.name not in NOT_CELLS
