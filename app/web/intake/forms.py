"""What the manufacturer's people fill in at the door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.consent import ConsentScope
from app.domain.intake.fields import LeadField
from app.domain.labels import label_of
from app.domain.leads import SourceKind
from app.domain.submissions import Channel, SubmissionState
from app.localisation import LANGUAGES, phrase_text
from app.queries.intake.submissions import SubmissionDetail
from app.queries.intake.web_forms import Choice
from app.web.fields import LinesField
from app.web.intake.words import channel_label, field_label, state_label
from app.web.places import country_choices

ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 (BOM)"),
    ("cp1252", "Windows Western (cp1252)"),
    ("cp932", "Windows Japanese (cp932)"),
    ("utf-16", "UTF-16"),
    ("iso2022_jp", "ISO-2022-JP"),
)
DELIMITERS = ((",", _l("Comma ,")), (";", _l("Semicolon ;")), ("\t", _l("Tabulator")), ("|", _l("Bar |")))
HAND_SOURCES = (
    SourceKind.PHONE,
    SourceKind.TRADE_FAIR,
    SourceKind.CAMPAIGN,
    SourceKind.NEWSLETTER,
    SourceKind.PARTNER,
    SourceKind.MANUAL,
    SourceKind.OTHER,
)


class FilterForm(Form):
    """What the list of arrivals is narrowed to."""

    state = SelectField(_l("What became of it"), [Optional()])
    channel = SelectField(_l("Way in"), [Optional()])
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def offer(self) -> None:
        """Fill the choices."""
        self.state.choices = [("", _l("All")), *((state.value, state_label(state)) for state in SubmissionState)]
        self.channel.choices = [("", _l("All")), *((channel.value, channel_label(channel)) for channel in Channel)]


class LeadForm(FlaskForm):
    """One lead entered by hand. The names of the fields are those of `LeadField`."""

    products = SelectMultipleField(
        _l("Products"),
        [InputRequired(_l("Choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    company = StringField(_l("Company"), [Optional(), Length(max=200)])
    given_name = StringField(_l("First name"), [Optional(), Length(max=200)])
    family_name = StringField(_l("Last name"), [Optional(), Length(max=200)])
    job_title = StringField(_l("Position"), [Optional(), Length(max=200)])
    department = StringField(_l("Department"), [Optional(), Length(max=200)])
    corporate_number = StringField(
        _l("Company number"),
        [Optional(), Length(max=60)],
        description=_l("Of the trade or tax register, if it is known."),
    )
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254)])
    phone = TelField(_l("Telephone"), [Optional(), Length(max=60)])
    country = SelectField(_l("Country"), [InputRequired(_l("Choose the country."))])
    region = StringField(_l("Region"), [Optional(), Length(max=100)])
    postal_code = StringField(_l("Postal code"), [Optional(), Length(max=20)])
    city = StringField(_l("City"), [Optional(), Length(max=100)])
    street = StringField(_l("Street"), [Optional(), Length(max=200)])
    amount = StringField(
        _l("Amount"),
        [Optional(), Length(max=60)],
        description=_l("What it may be worth, with its currency: 38,000 EUR."),
    )
    score = StringField(
        _l("Score"), [Optional(), Length(max=10)], description=_l("0 to 100. Left empty, the score rules decide.")
    )
    message = TextAreaField(_l("What is needed"), [Optional(), Length(max=5000)], render_kw={"rows": 4})
    source_kind = SelectField(_l("Source"), [InputRequired()])
    source = StringField(_l("Name of the source"), [Optional(), Length(max=200)])
    campaign = StringField(_l("Campaign"), [Optional(), Length(max=200)])
    consent = SelectField(
        _l("Consent"),
        [InputRequired()],
        description=_l("Who the prospect agreed may call. Without consent no partner sees it."),
    )
    confirmed = BooleanField(_l("It is another request: save it"))

    def offer(self, products: list[Choice]) -> None:
        """Fill the choices."""
        self.products.choices = [(product.code, product.name) for product in products]
        self.country.choices = [("", "–"), *country_choices()]
        self.source_kind.choices = [(kind.value, phrase_text(label_of(kind))) for kind in HAND_SOURCES]
        scopes = (ConsentScope.NONE, ConsentScope.ANY_ELIGIBLE, ConsentScope.MANUFACTURER_ONLY)
        self.consent.choices = [(scope.value, phrase_text(label_of(scope))) for scope in scopes]

    def cells(self) -> dict[str, str]:
        """What was typed, by the fields of a lead."""
        names = {field.value for field in LeadField} - {LeadField.PRODUCTS.value}
        typed = {field.name: str(field.data or "") for field in self if field.name in names}
        return {**typed, LeadField.PRODUCTS.value: ";".join(self.products.data or [])}


class UploadForm(FlaskForm):
    """A file of leads."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or Excel, up to 25 MB. Drop it here or choose it."),
    )


class ShapeForm(FlaskForm):
    """How a text file is to be read."""

    encoding = SelectField(_l("Encoding"))
    delimiter = SelectField(_l("Columns are parted by"), choices=DELIMITERS)

    def offer(self, encoding: str) -> None:
        """The encodings, with the one that was sniffed even if it is none of ours."""
        known = dict(ENCODINGS)
        self.encoding.choices = list((known | {encoding: known.get(encoding, encoding)}).items())


class ImportDefaultsForm(FlaskForm):
    """What holds where a row of the file says nothing."""

    country = SelectField(_l("Country, where the row names none"))
    source_kind = SelectField(_l("Source, where the row names none"))

    def offer(self) -> None:
        """Fill the choices."""
        self.country.choices = [("", _l("None: such rows wait in quarantine")), *country_choices()]
        self.source_kind.choices = [(kind.value, phrase_text(label_of(kind))) for kind in SourceKind]


class RejectForm(FlaskForm):
    """Why an arrival is no lead."""

    reason = StringField(_l("Why it is no lead"), [InputRequired(_l("Say why.")), Length(max=300)])


class WebFormForm(FlaskForm):
    """One hosted form."""

    slug = StringField(
        _l("Address"),
        [Length(max=60)],
        description=_l("The part after /f/. Lower case letters, digits and hyphens; it cannot be changed later."),
    )
    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), Length(max=120)])
    intro = TextAreaField(_l("Introduction"), [Optional(), Length(max=600)], render_kw={"rows": 3})
    language = SelectField(_l("Language"), [InputRequired()], choices=list(LANGUAGES.items()))
    campaign = StringField(_l("Campaign"), [Optional(), Length(max=120)])
    product_line_ids = SelectMultipleField(
        _l("Products to choose from"),
        [Optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("None ticked means all."),
    )
    consent_scope = RadioField(
        _l("Who may call whoever agrees"), [InputRequired()], coerce=ConsentScope, default=ConsentScope.ANY_ELIGIBLE
    )
    named_partnership_ids = SelectMultipleField(
        _l("Partners named"),
        [Optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Only where the consent names partners."),
    )
    allowed_origins = LinesField(
        _l("Websites that may show it"),
        description=_l("One address per line, like https://www.example.com. Others cannot put it into their pages."),
        render_kw={"rows": 3},
    )
    is_active = BooleanField(_l("Takes requests"), default=True)

    def offer(self, products: list[Choice], partners: list[Choice]) -> None:
        """Fill the choices."""
        self.product_line_ids.choices = [(product.id, product.name) for product in products]
        self.named_partnership_ids.choices = [(partner.id, partner.name) for partner in partners]
        scopes = (ConsentScope.ANY_ELIGIBLE, ConsentScope.NAMED_PARTNERS, ConsentScope.MANUFACTURER_ONLY)
        self.consent_scope.choices = [(scope, phrase_text(label_of(scope))) for scope in scopes]


class WordingForm(FlaskForm):
    """A new version of the consent text, one text per language."""

    en = TextAreaField("English", [Optional()], render_kw={"rows": 5, "lang": "en"})
    de = TextAreaField("Deutsch", [Optional()], render_kw={"rows": 5, "lang": "de"})
    ja = TextAreaField("日本語", [Optional()], render_kw={"rows": 5, "lang": "ja"})


def correction_form(detail: SubmissionDetail) -> FlaskForm:
    """A form over every field of one arrival, filled with what was received; each reason stands beside its field."""
    fields = {
        field.value: (TextAreaField if field is LeadField.MESSAGE else StringField)(field_label(field.value))
        for field in LeadField
    }
    received = {field.value: cell for field, cell in detail.cells.items()}
    made = type("CorrectionForm", (FlaskForm,), fields)(formdata=None, data=received)
    for finding in detail.row.findings:
        text = phrase_text(finding.phrase)
        if finding.field:
            made[finding.field].errors = [*made[finding.field].errors, text]
        else:
            made.form_errors.append(text)
    return made
