"""One text of a file read as a value, a row as what it states, and drafts that cannot stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.config import CHECKOUT
from app.domain.accounts import AccountFlag
from app.domain.errors import Invalid
from app.domain.network import values
from app.domain.network.changes import changes_between
from app.domain.network.drafts import (
    AccountDraft,
    PartnershipDraft,
    ProductLineDraft,
    SettingsDraft,
    check_certification,
    is_in_circle,
)
from app.domain.network.files import COLUMNS, FileRow, NetworkFile, OpenedFile, read_file


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.read_text, "  Two   words ", "Two words"),
        (values.read_country, "Deutschland", "DE"),
        (values.read_country, " ", None),
        (values.read_subdivision, "de-by", "DE-BY"),
        (lambda text: values.read_subdivision(text, "DE"), "Hamburg", "DE-HH"),
        (lambda text: values.read_subdivision(text, "DE"), "hh", "DE-HH"),
        (values.read_postal_code, "600-8216", "6008216"),
        (values.read_time_zone, "", "UTC"),
        (values.read_language, "JA", "ja"),
        (values.read_count, " 12 ", 12),
        (values.read_count, "", None),
        (values.read_date, "2027-06-09 00:00:00", date(2027, 6, 9)),
        (values.read_date, "", None),
        (values.read_yes_no, "Ja", True),
        (values.read_yes_no, "", False),
        (values.read_domain, "https://www.acme.co.jp/x", "acme.co.jp"),
        (values.read_domains, "a.example|www.a.example;b.example", ("a.example", "b.example")),
        (values.read_list, "one|two\none", ("one", "two")),
        (values.any_of(AccountFlag), "named|partner managed", (AccountFlag.NAMED, AccountFlag.PARTNER_MANAGED)),
    ],
)
def test_what_can_be_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.read_country, "Atlantis"),
        (values.read_subdivision, "Bayern"),
        (values.read_postal_code, "８０３31!"),
        (values.read_time_zone, "CEST"),
        (values.read_language, "fr"),
        (values.read_count, "-1"),
        (values.read_count, "１２"),
        (values.read_count, "99999999999"),
        (values.read_date, "31.12.2026"),
        (values.read_yes_no, "perhaps"),
        (values.read_domain, "not a domain"),
        (values.one_of(AccountFlag), ""),
        (values.any_of(AccountFlag), "named|important"),
    ],
)
def test_what_cannot_be_read(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(Invalid):
        read(text)


def test_a_missing_column_states_nothing_and_an_empty_cell_states_none() -> None:
    cells = {" Code ": "P1", "NAME": "One", "max_open_claims": "", "note": "x"}
    rows, faults = read_file(NetworkFile.PARTNERS, OpenedFile(("code", "name"), (FileRow(2, cells),)))
    assert faults == []
    assert dict(rows[0].fields) == {"code": "P1", "name": "One", "max_open_claims": None}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ProductLineDraft(code=" ", name="x"), "code"),
        (PartnershipDraft(code="a", name="x", tier_id=1, working_hours="never"), "working_hours"),
        (PartnershipDraft(code="a", name="x", tier_id=1, country="DE", subdivision="US-NY"), "subdivision"),
        (PartnershipDraft(code="a", name="x", tier_id=1, postal_code="80331"), "postal_code"),
        (PartnershipDraft(code="a", name="x", tier_id=1, max_open_claims=-1), "max_open_claims"),
        (AccountDraft(code="a", name="x", churned_on=date(2026, 1, 1)), "churned_on"),
        (SettingsDraft(release_score=101), "release_score"),
        (SettingsDraft(default_currency="XXX"), "default_currency"),
        (SettingsDraft(shown_fields=("email",)), "shown_fields"),
        (SettingsDraft(shown_fields=("ip_address",)), "shown_fields"),
    ],
)
def test_drafts_that_cannot_stand(
    draft: ProductLineDraft | PartnershipDraft | AccountDraft | SettingsDraft, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        draft.check()
    assert list(refusal.value.fields) == [field]


def test_certifications_need_an_end_after_their_beginning() -> None:
    check_certification(date(2026, 1, 1), date(2026, 1, 1))
    for days in ((None, None), (date(2026, 1, 2), date(2026, 1, 1))):
        with pytest.raises(Invalid):
            check_certification(*days)


def test_only_what_differs_is_a_change() -> None:
    before, after = ProductLineDraft(code="A", name="One"), ProductLineDraft(code="A", name="Two")
    changes = changes_between(before, after)
    assert (dict(changes.before), dict(changes.after)) == ({"name": "One"}, {"name": "Two"})
    assert changes.touches(frozenset({"name"})) and not changes.touches(frozenset({"code"}))
    assert not changes_between(before, before)


@pytest.mark.parametrize(
    ("start", "is_circle"), [("a", True), ("b", True), ("d", True), ("e", False), ("f", False), ("unknown", False)]
)
def test_circles_of_parents(start: str, is_circle: bool) -> None:
    parents: dict[int | str, int | str | None] = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "f", "f": None}
    assert is_in_circle(start, parents) is is_circle


@pytest.mark.parametrize("kind", list(NetworkFile))
def test_the_manual_lists_the_columns(kind: NetworkFile) -> None:
    manual = (CHECKOUT / "docs" / "network-files.md").read_text()
    columns = (f"**`{one.header}`**" if one.is_required else f"`{one.header}`" for one in COLUMNS[kind])
    assert f"| `{kind.value}.csv` | {', '.join(columns)} |" in manual
