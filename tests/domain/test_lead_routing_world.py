"""The eligibility rules against a world nobody tuned: every lead for the board, every partner, as `truth.csv` says."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.catalog import ProductLine
from app.domain.consent import ConsentScope
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.partners import DEFAULT_TIERS, Certification, PartnershipStatus
from app.domain.territories import Place, TerritoryMode, TerritoryRule

WORLD = Path(__file__).resolve().parents[3] / "shared" / "data" / "world"
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TIERS = {tier.key: tier for tier in DEFAULT_TIERS}
_IN_ORDER = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
PREFECTURES = _IN_ORDER.split()
LEAD_FILES = [
    (
        ("leads_us.csv", "utf-8", ",", "US"),
        ("Record ID", "State/Region", "Postal Code", "Product Interest", "Partner Consent"),
    ),
    (("leads_de.csv", "cp1252", ";", "DE"), ("Lead-ID", "Bundesland", "PLZ", "Produktinteresse", "Einwilligung")),
    (("leads_jp.csv", "cp932", ",", "JP"), ("問い合わせ番号", "都道府県", "郵便番号", "希望製品", "同意")),
]

pytestmark = pytest.mark.skipif(not WORLD.exists(), reason=f"the test world is not at {WORLD}")


def rows(name: str, encoding: str = "utf-8", delimiter: str = ",") -> Iterator[dict[str, str]]:
    with (WORLD / name).open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def partner_number(code: str) -> int:
    return int(code.removeprefix("P"))


def read_partnerships() -> list[PartnershipFacts]:
    territory: dict[str, list[TerritoryRule]] = defaultdict(list)
    for row in rows("territories.csv"):
        bounds = {"postal_from": row["postal_from"] or None, "postal_to": row["postal_to"] or None}
        rule = TerritoryRule(TerritoryMode(row["mode"]), row["country"], row["subdivision"] or None, **bounds)
        territory[row["partner"]].append(rule)
    certifications: dict[str, list[Certification]] = defaultdict(list)
    for row in rows("authorizations.csv"):
        until = date.fromisoformat(row["certified_until"]) if row["certified_until"] else None
        certifications[row["partner"]].append(Certification(row["product"], valid_until=until))
    return [
        PartnershipFacts(
            partner_number(row["code"]),
            PartnershipStatus(row["status"]),
            TIERS[row["tier"]],
            tuple(territory[row["code"]]),
            frozenset(certification.product_line for certification in certifications[row["code"]]),
            tuple(certifications[row["code"]]),
        )
        for row in rows("partners.csv")
    ]


def read_leads() -> Iterator[tuple[str, LeadFacts]]:
    lines = {
        row["code"]: ProductLine(row["code"], TIERS[row["min_tier"]], row["requires_certification"] == "1")
        for row in rows("products.csv")
    }
    for (name, encoding, delimiter, country), columns in LEAD_FILES:
        for row in rows(name, encoding, delimiter):
            external_id, region, postal_code, products, consent = (row[column] for column in columns)
            number = f"{PREFECTURES.index(region) + 1:02}" if country == "JP" else region
            scope, _, named = consent.partition(":")
            yield (
                external_id,
                LeadFacts(
                    Place(country, f"{country}-{number}", postal_code),
                    tuple(lines[code] for code in re.split("[;,、] ?", products)),
                    ConsentScope.NAMED_PARTNERS if scope == "named" else ConsentScope.ANY_ELIGIBLE,
                    frozenset(map(partner_number, named.split("|"))) if named else frozenset(),
                ),
            )


@pytest.mark.covers("B-04", "T-01", "T-02", "T-04")
def test_eligible_partners_agree_with_the_truth() -> None:
    truth = {
        row["external_id"]: {partner_number(code) for code in row["eligible"].split("|") if code}
        for row in rows("truth.csv")
        if row["expected"] == "board"
    }
    partnerships = read_partnerships()
    decided = {
        external_id: {
            partnership.partnership_id
            for partnership in partnerships
            if decide_eligibility(lead, partnership, now=NOW, today=TODAY).is_eligible
        }
        for external_id, lead in read_leads()
        if external_id in truth
    }
    assert len(decided) == len(truth) > 0
    assert decided == truth
