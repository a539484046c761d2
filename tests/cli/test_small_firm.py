"""A small manufacturer with twelve distributors and nobody for a CRM: three files and the defaults are enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.distribution import RoundKind
from app.domain.leads import LeadState
from app.models import DistributionPlan, Lead, Offer, Partnership, Round

# Twelve regional distributors: by region where a region is one's own, by postal code where two share one.
DISTRIBUTORS = {
    "Antriebstechnik Nord KG": ("DE-SH", "", "24103"),
    "Hansa Fördertechnik": ("DE-HH", "", "20095"),
    "Weser Industriebedarf": ("DE-NI", "", "30159"),
    "Rhein-Ruhr Pumpen GmbH": ("DE-NW", "4", "44135"),
    "Kölner Anlagenbau": ("DE-NW", "5", "50667"),
    "Main Technik AG": ("DE-HE", "", "60311"),
    "Saar-Pfalz Maschinen": ("DE-RP", "", "55116"),
    "Neckar Antriebe": ("DE-BW", "", "70173"),
    "Isar Pumpentechnik": ("DE-BY", "8", "80331"),
    "Franken Fluid GmbH": ("DE-BY", "9", "90402"),
    "Elbe Industrieservice": ("DE-SN", "", "01067"),
    "Spree Technik GmbH": ("DE-BE", "", "10115"),
}


def _write_files(folder: Path) -> None:
    codes = {name: f"H{number}" for number, name in enumerate(DISTRIBUTORS, start=1)}
    (folder / "products.csv").write_text("code,name\nPUMP,Pumpen\n")
    (folder / "partners.csv").write_text(
        "code,name,country,timezone\n"
        + "".join(f"{code},{name},Deutschland,Europe/Berlin\n" for name, code in codes.items())
    )
    (folder / "territories.csv").write_text(
        "partner,country,subdivision,postal_prefix\n"
        + "".join(f"{codes[name]},DE,{region},{prefix}\n" for name, (region, prefix, _) in DISTRIBUTORS.items())
    )
    (folder / "authorizations.csv").write_text(
        "partner,product\n" + "".join(f"{code},PUMP\n" for code in codes.values())
    )


def _write_leads(file: Path, *, phone: str) -> None:
    rows = "".join(
        f"L{number};Betrieb {number} GmbH;anna@betrieb{number}.example;{phone};{postal_code};Deutschland;PUMP;ja\n"
        for number, (_, _, postal_code) in enumerate(DISTRIBUTORS.values(), start=1)
    )
    file.write_text("Nr;Firma;E-Mail;Telefon;PLZ;Land;Produkt;Einwilligung\n" + rows)


def _run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.covers("T-25")
def test_twelve_distributors_are_served_from_three_files(app: Flask, committed: Session, tmp_path: Path) -> None:
    network = tmp_path / "network"
    network.mkdir()
    _write_files(network)
    _write_leads(tmp_path / "messe.csv", phone="040 555010")
    _run(app, "users", "create-admin", "--manufacturer", "Kleinpumpen", "--email", "chefin@kleinpumpen.example")
    _run(app, "network", "import", str(network), "--manufacturer", "Kleinpumpen")
    said = _run(app, "leads", "import", str(tmp_path / "messe.csv"), "--manufacturer", "Kleinpumpen")
    assert "12 rows: 12 created" in said
    assert "12 leads routed.\nThey stand: 12 on offer." in said

    offered = committed.execute(
        select(Lead.postal_code, Partnership.code, Round.kind)
        .join(Offer, Offer.lead_id == Lead.id)
        .join(Round, Round.id == Offer.round_id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
    ).all()
    expected = {(place, f"H{n}", RoundKind.BOARD) for n, (_, _, place) in enumerate(DISTRIBUTORS.values(), start=1)}
    assert {tuple(row) for row in offered} == expected
    assert len(offered) == len(DISTRIBUTORS), "each lead has the one distributor whose region it is in"
    assert set(committed.scalars(select(Lead.state))) == {LeadState.DISTRIBUTING}
    assert committed.scalars(select(DistributionPlan.version)).all() == [1], "nobody had to touch the plan"


@pytest.mark.covers("B-09")
def test_leads_that_no_partner_sees_are_told_at_once(app: Flask, committed: Session, tmp_path: Path) -> None:
    _write_files(tmp_path)
    _write_leads(tmp_path / "messe.csv", phone="")
    _run(app, "network", "import", str(tmp_path), "--manufacturer", "Kleinpumpen")
    said = _run(app, "leads", "import", str(tmp_path / "messe.csv"), "--manufacturer", "Kleinpumpen")
    assert "They stand: 12 nurturing.\nNurturing: below the release score" in said
