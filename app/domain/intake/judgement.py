"""What a manufacturer makes of a reading: which of its products are meant, whom the consent names, the score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.consent import ConsentScope
from app.domain.intake.arrival import Arrival
from app.domain.intake.consent import Consent
from app.domain.intake.duplicates import Request
from app.domain.intake.executives import DEFAULT_TITLE_RULES, TitleRules
from app.domain.intake.fields import LeadField
from app.domain.intake.folding import fold
from app.domain.intake.reading import IntakeDefaults, LeadReading, read_lead
from app.domain.intake.scoring import DEFAULT_SCORE_RULES, ScoreLine, ScoreRule, score_lead
from app.domain.phrases import N_, Phrase
from app.domain.submissions import Finding

GIVEN_SCORE = N_("Given by the source")


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product line of the catalogue."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """One manufacturer's catalogue, partner codes and numbers, as far as the door asks."""

    manufacturer_id: int
    products: Mapping[str, KnownProduct] = field(default_factory=dict)
    """Product line by folded code and folded name (`catalogue_of`)."""
    partnership_ids: Mapping[str, int] = field(default_factory=dict)
    """Partnership by folded code."""
    score_rules: Sequence[ScoreRule] = DEFAULT_SCORE_RULES
    merge_within: timedelta = timedelta(days=30)
    time_zone: str = "UTC"
    language: str = "en"
    currency: str = ""
    titles: TitleRules = DEFAULT_TITLE_RULES


def catalogue_of(products: Iterable[KnownProduct]) -> dict[str, KnownProduct]:
    """The lines by what people write for them, in any case and width; a code goes before a name."""
    known = list(products)
    return {fold(product.name): product for product in known} | {fold(product.code): product for product in known}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One arrival read and held against the catalogue. It becomes a lead unless a finding is fatal."""

    reading: LeadReading
    products: tuple[KnownProduct, ...]
    partnership_ids: tuple[int, ...]
    score: int
    score_lines: tuple[ScoreLine, ...]
    findings: tuple[Finding, ...]

    @property
    def is_readable(self) -> bool:
        """Whether a lead can be made of it."""
        return not any(finding.is_fatal for finding in self.findings)

    @property
    def title(self) -> str:
        """The blinded headline: names of our own products, never a word of the prospect's."""
        return ", ".join(product.name for product in self.products)

    def request(self, asked_at: datetime) -> Request:
        """What tells this request from another; `asked_at` is when the prospect asked."""
        reading = self.reading
        return Request(
            external_id=reading.external_id,
            email=reading.email.address if reading.email.is_usable else "",
            phone=reading.phone.number if reading.phone.is_usable else "",
            company_key=reading.company.key,
            products=frozenset(str(product.id) for product in self.products),
            received_at=asked_at,
        )


def judge_lead(cells: Mapping[LeadField, str], arrival: Arrival, rules: IntakeRules) -> Judgement:
    """Read one arrival and hold it against the manufacturer's catalogue, partners and score rules.

    Fatal, beside what `read_lead` calls fatal: no product, a product or a named partner nobody knows, a suspicion.
    The same cells under the same rules always give the same judgement.
    """
    reading = read_lead(cells, _defaults(arrival, rules))
    products = tuple(dict.fromkeys(known for text in reading.products if (known := rules.products.get(fold(text)))))
    partnership_ids = tuple(
        dict.fromkeys(
            rules.partnership_ids[fold(code)]
            for code in reading.consent.partner_codes
            if fold(code) in rules.partnership_ids
        )
    )
    score, lines = _scored(reading, rules)
    return Judgement(reading, products, partnership_ids, score, lines, tuple(_findings(reading, arrival, rules)))


def _defaults(arrival: Arrival, rules: IntakeRules) -> IntakeDefaults:
    return IntakeDefaults(
        country=arrival.country,
        currency=arrival.currency,
        home_currency=rules.currency,
        time_zone=rules.time_zone,
        language=arrival.language or rules.language,
        source=arrival.source_kind,
        consent=Consent(ConsentScope.NONE),
        titles=rules.titles,
    )


def _scored(reading: LeadReading, rules: IntakeRules) -> tuple[int, tuple[ScoreLine, ...]]:
    if reading.score is not None:
        return reading.score, (ScoreLine(GIVEN_SCORE, reading.score),)
    result = score_lead(reading, rules.score_rules)
    return result.total, result.lines


def _findings(reading: LeadReading, arrival: Arrival, rules: IntakeRules) -> Iterator[Finding]:
    if arrival.suspicion:
        yield Finding("", Phrase(arrival.suspicion))
    for problem in reading.problems:
        yield Finding(problem.field.value, problem.phrase, problem.is_fatal)
    if not reading.products:
        yield Finding(LeadField.PRODUCTS.value, Phrase(N_("No product is named.")))
    for text in reading.products:
        if fold(text) not in rules.products:
            unknown = Phrase(N_("“%(text)s” is not a product of the catalogue."), {"text": text[:120]})
            yield Finding(LeadField.PRODUCTS.value, unknown)
    for code in reading.consent.partner_codes:
        if fold(code) not in rules.partnership_ids:
            stranger = Phrase(N_("“%(code)s” is not the code of a partner of ours."), {"code": code[:60]})
            yield Finding(LeadField.CONSENT.value, stranger)
