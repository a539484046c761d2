"""How the demo's leads come in: through the same doors as any other, then routed at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from app.database import transaction
from app.domain.identity import Role, Viewer
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.leads import SourceKind
from app.domain.submissions import Channel
from app.models import ConsentWording
from app.services.demo.history import History, Story
from app.services.demo.inquiry import Inquiry
from app.services.demo.network import World
from app.services.demo.prospects import Prospects
from app.services.demo.telling import ToldLead
from app.services.intake.submissions import receive_submission, settle_submission, take_in_lead
from app.services.intake.web_forms import FormValues, create_form, write_consent_wording
from app.services.lead_routing import route_lead

_KINDS = {Channel.FORM: SourceKind.WEB_FORM, Channel.MANUAL: SourceKind.MANUAL, Channel.API: SourceKind.API}
CURRENCIES = {"acme": "EUR", "aozora": "JPY", "lakeshore": "USD"}


@dataclass(slots=True)
class Door:
    """Where the demo's prospects come in."""

    history: History
    world: World
    prospects: Prospects
    forms: dict[str, int] = field(default_factory=dict)
    wordings: dict[tuple[str, str], int] = field(default_factory=dict)

    def open_forms(self) -> None:
        """A form for each manufacturer, with the wording prospects agree to; Acme has written its own."""
        write_consent_wording(actor=self.world.head_of("acme"), wordings=ACME_WORDINGS)
        for maker, slug, values in FORMS:
            self.forms.setdefault(maker, create_form(actor=self.world.head_of(maker), slug=slug, values=values))
        keys = {manufacturer_id: maker for maker, manufacturer_id in self.world.makers.items()}
        with transaction() as session:
            rows = session.execute(
                select(ConsentWording.manufacturer_id, ConsentWording.language, ConsentWording.id).order_by(
                    ConsentWording.version
                )
            )
            self.wordings = {(keys[row.manufacturer_id], row.language): row.id for row in rows}

    def cells(self, inquiry: Inquiry) -> dict[str, str]:
        """What this prospect writes, by the door's field names."""
        cells = self.prospects.make(inquiry.town, is_executive=inquiry.is_hot, sender=inquiry.sender)
        cells[LeadField.PRODUCTS.value] = inquiry.lines
        cells[LeadField.CONSENT.value] = inquiry.consent
        if inquiry.worth:
            cells[LeadField.AMOUNT.value] = str(inquiry.worth)
            cells[LeadField.CURRENCY.value] = CURRENCIES[inquiry.maker]
        if inquiry.score is not None:
            cells[LeadField.SCORE.value] = str(inquiry.score)
        if inquiry.source:
            cells[LeadField.SOURCE.value] = inquiry.source
        return cells

    def ask(self, inquiry: Inquiry, cells: dict[str, str]) -> Story:
        """The inquiry arrives, is routed, and its fate begins; some prospects ask once more later."""
        lead_id = self.take_in(inquiry, cells)
        route_lead(lead_id=lead_id)
        if inquiry.asks_again_after_days:
            again = self.history.ago(days=inquiry.days - inquiry.asks_again_after_days)
            self.history.begin(self._ask_again(inquiry, cells), again)
        yield from inquiry.fate(ToldLead(lead_id, inquiry.maker, self.history, self.world))

    def take_in(self, inquiry: Inquiry, cells: dict[str, str]) -> uuid.UUID:
        """Bring the cells in through the inquiry's channel; returns the lead they become."""
        arrival = Arrival(
            source_kind=_KINDS[inquiry.channel],
            source_name={Channel.FORM: "Web form", Channel.API: "Marketing cloud"}.get(inquiry.channel, ""),
            currency=CURRENCIES[inquiry.maker],
            wording_id=self.wordings.get((inquiry.maker, cells[LeadField.LANGUAGE.value])),
            ip_address=inquiry.sender.address if inquiry.sender else "",
        )
        if inquiry.channel is Channel.FORM:
            submission_id = receive_submission(
                manufacturer_id=self.world.makers[inquiry.maker],
                channel=Channel.FORM,
                raw=cells,
                arrival=arrival,
                web_form_id=self.forms[inquiry.maker],
            )
            outcome = settle_submission(submission_id)
        else:
            outcome = take_in_lead(actor=self.desk(inquiry.maker), raw=cells, channel=inquiry.channel, arrival=arrival)
        if outcome.lead_id is None:
            raise ValueError(f"the demo's inquiry from {inquiry.town} was not taken in: {outcome.findings}")
        return outcome.lead_id

    def desk(self, maker: str) -> Viewer:
        """Who enters and imports leads at a manufacturer."""
        organisation_id = self.world.makers[maker]
        people = (one for one in self.world.people.values() if one.organisation_id == organisation_id)
        return next(one for one in people if one.role is Role.INSIDE_SALES)

    def _ask_again(self, inquiry: Inquiry, cells: dict[str, str]) -> Story:
        self.take_in(inquiry, cells)
        yield from ()


ACME_WORDINGS = {
    "en": (
        "I agree that Acme Drives passes my inquiry and my contact details to one sales partner, which may call or "
        "write to me about it. I can take this back at any time."
    ),
    "de": (
        "Ich bin einverstanden, dass Acme Drives meine Anfrage und meine Kontaktdaten an einen Vertriebspartner "
        "weitergibt, der mich dazu anrufen oder mir schreiben darf. Ich kann das jederzeit widerrufen."
    ),
    "ja": (
        "Acme Drives が私のお問い合わせ内容と連絡先を販売パートナー1社に提供し、"
        "当該パートナーが電話またはメールで連絡することに同意します。この同意はいつでも撤回できます。"
    ),
}

FORMS = (
    ("acme", "acme-drives", FormValues("Talk to a drive specialist", "An expert near you answers within a day.")),
    (
        "acme",
        "acme-antriebe",
        FormValues("Antriebstechnik anfragen", "Ein Fachbetrieb in Ihrer Nähe meldet sich.", language="de"),
    ),
    (
        "aozora",
        "aozora-robotics",
        FormValues("ロボット導入のご相談", "お近くの販売パートナーがご連絡いたします。", language="ja"),
    ),
    (
        "lakeshore",
        "lakeshore-fluid",
        FormValues("Ask for a quote", "Tell us what you pump, we find who installs it.", campaign="Spring upgrade"),
    ),
)  # fmt: skip
