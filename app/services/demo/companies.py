"""The companies each manufacturer of the demo's world knows. All are invented.

The first ones have a relationship that decides whose their leads are; the later ones are there to be mistaken for.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus, TeamRole


@dataclass(frozen=True, slots=True)
class Deal:
    """An open deal of a partner with the company, in its manufacturer's currency."""

    partner: str
    name: str
    line: str
    worth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A known company. `partner` and `seller` own it, by their names in the cast; days count from the world's now."""

    maker: str = "acme"
    name: str
    town: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    kana: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    status: AccountStatus = AccountStatus.PROSPECT
    flags: tuple[AccountFlag, ...] = ()
    partner: str = ""
    seller: str = ""
    parent: str = ""
    keeps_own_owner: bool = False
    listed_for: str = ""
    listed_days: tuple[int, int] | None = None
    note: str = ""
    contract: int | None = None
    health: AccountHealth | None = None
    has_open_ticket: bool = False
    is_enterprise: bool = False
    churned_days_ago: int | None = None
    bought: tuple[str, ...] = ()
    team: tuple[tuple[str, TeamRole], ...] = ()
    deal: Deal | None = None


CUSTOMER, CHURNED, COMPETITOR = AccountStatus.CUSTOMER, AccountStatus.CHURNED, AccountStatus.COMPETITOR
STRATEGIC, NAMED = (AccountFlag.STRATEGIC,), (AccountFlag.NAMED,)
MANAGED, DIRECT = (AccountFlag.PARTNER_MANAGED,), (AccountFlag.DIRECT_SOURCED,)

FAMILY = (
    Company(name="Nordlicht Windkraft AG", town="hamburg", domains=("nordlicht-wind.example",), aliases=("NLW",),
            status=CUSTOMER, flags=MANAGED, partner="nordwind", contract=240_000, health=AccountHealth.GOOD,
            bought=("SERVO", "GEAR", "LINEAR")),
    Company(name="Nordlicht Rotorblatt GmbH", town="bremen", domains=("nordlicht-rotor.example",), status=CUSTOMER,
            parent="Nordlicht Windkraft AG"),
    Company(name="Nordlicht Service Süd GmbH", town="munich", domains=("nordlicht-sued.example",), status=CUSTOMER,
            parent="Nordlicht Windkraft AG", partner="isarwerk"),
    Company(name="Nordlicht Windkraft Österreich GmbH", town="vienna", domains=("nordlicht-wind-at.example",),
            status=CUSTOMER, parent="Nordlicht Windkraft AG", partner="donau", keeps_own_owner=True),
    Company(name="Voltara Energie SE", town="munich", domains=("voltara.example", "voltara-energie.example"),
            status=CUSTOMER, flags=STRATEGIC, partner="isarwerk", contract=910_000, is_enterprise=True,
            health=AccountHealth.GOOD, note="Frame agreement until the end of next year.",
            team=(("hanna", TeamRole.ACCOUNT_EXECUTIVE), ("vera", TeamRole.CUSTOMER_SUCCESS),
                  ("viktor", TeamRole.SALES_VP))),
    Company(name="Voltara Netz GmbH", town="nuremberg", domains=("voltara-netz.example",), status=CUSTOMER,
            parent="Voltara Energie SE"),
)  # fmt: skip

RELATED = (
    Company(name="International Conveyor Machines GmbH", town="hannover", domains=("icm-group.example",),
            aliases=("ICM", "Interconveyor"), status=CUSTOMER, partner="nordwind", contract=38_000, bought=("GEAR",)),
    Company(name="Falkenstein Pumpenwerke GmbH", town="frankfurt", domains=("falkenstein-pumpen.example",),
            flags=NAMED, listed_for="alpstein", listed_days=(-60, 120),
            note="Alpstein equips the sister plant in Zürich; agreed for this half-year."),
    Company(name="Seehafen Logistik AG", town="hamburg", domains=("seehafen-logistik.example",), status=CUSTOMER,
            flags=DIRECT, seller="hanna", partner="nordwind", contract=46_000, bought=("LINEAR",)),
    Company(name="Kranich Lebensmittelwerke GmbH", town="berlin", domains=("kranich-lebensmittel.example",),
            status=CUSTOMER, seller="hanna", contract=180_000, bought=("SERVO", "GEAR"),
            team=(("ines", TeamRole.ACCOUNT_MANAGER), ("vera", TeamRole.CUSTOMER_SUCCESS))),
    Company(name="Ostsee Molkerei eG", town="kiel", domains=("ostsee-molkerei.example",), status=CUSTOMER,
            partner="nordwind", has_open_ticket=True, health=AccountHealth.LOW, contract=27_000, bought=("SERVO",),
            team=(("vera", TeamRole.CUSTOMER_SUCCESS),)),
    Company(name="Hansekai Terminalbetrieb GmbH", town="luebeck", domains=("hansekai.example",),
            deal=Deal("nordwind", "Container crane 4", "SERVO", 160_000)),
    Company(name="Innviertler Textilmaschinen GmbH", town="linz", domains=("innviertler.example",), status=CHURNED,
            partner="donau", churned_days_ago=70),
    Company(name="Altmühl Papierfabrik KG", town="nuremberg", domains=("altmuehl-papier.example",), status=CHURNED,
            partner="isarwerk", churned_days_ago=500),
    Company(name="Donaukraft Walzwerke AG", town="munich", domains=("donaukraft.example",), status=CUSTOMER,
            partner="isarwerk", contract=74_000, bought=("GEAR", "LINEAR")),
    Company(name="Horlogerie du Léman SA", town="lausanne", domains=("horlogerie-leman.example",), partner="lacbleu"),
    Company(name="Bodan Käsereitechnik AG", town="zurich", domains=("bodan-kaese.example",), status=CUSTOMER,
            partner="alpstein", contract=64_000, bought=("SERVO",)),
    Company(name="Movento Antriebstechnik AG", town="stuttgart", domains=("movento.example",), status=COMPETITOR),
    Company(name="Hayate Drive Systems K.K.", town="osaka", domains=("hayate-drive.example",), status=COMPETITOR),
)  # fmt: skip

MISTAKABLE = (
    Company(name="Steinmetz Anlagenbauer GmbH", town="hannover", domains=("steinmetz-anlagen.example",),
            status=CUSTOMER, partner="nordwind"),
    Company(name="Mühlenbruch Kälte AG", town="bremen", domains=("muehlenbruch.example",), partner="nordwind"),
    Company(name="Brunner Hydraulik GmbH", town="vienna", domains=("brunner-hydraulik.example",), status=CUSTOMER,
            partner="donau"),
    Company(name="Fischer Lange Extruder GmbH", town="cologne", domains=("fischer-lange.example",)),
    Company(name="Hansen Robotik GmbH", town="kiel", domains=("hansen-robotik.example",), status=CUSTOMER,
            partner="nordwind"),
    Company(name="Alpen Molkerei AG", town="munich", domains=("alpen-molkerei.example",), status=CUSTOMER,
            partner="isarwerk"),
    Company(name="Diederich Walzen KG", town="linz", domains=("diederich-walzen.example",), partner="donau",
            networks=("203.0.113.64/27",)),
    Company(name="Elster Blechtechnik GmbH", town="dresden", domains=("elster-gruppe.example",), status=CUSTOMER,
            partner="elbtal"),
    Company(name="Elster Gusstechnik GmbH", town="dresden", domains=("elster-gruppe.example",)),
    Company(name="Logistics Solutions GmbH", town="vienna", domains=("logsol.example",), partner="donau"),
    Company(name="Sonnenhof Automation GmbH", town="luebeck", domains=("sonnenhof-automation.example",),
            partner="nordwind"),
    Company(name="Sonnenhof Automation GmbH", town="munich", domains=("sonnenhof.example",), status=CUSTOMER,
            partner="isarwerk"),
    Company(name="Bergström Pumpen GmbH", town="luebeck", domains=("bergstroem.example",), partner="nordwind"),
)  # fmt: skip

OF_AOZORA = (
    Company(maker="aozora", name="株式会社みなと食品", town="osaka", domains=("minato-foods.example",),
            kana=("ミナトショクヒン",), english=("Minato Foods Co., Ltd.",), status=CUSTOMER, partner="kansai-motion",
            contract=8_400_000, bought=("COBOT",)),
    Company(maker="aozora", name="瀬戸内重工業株式会社", town="kobe", domains=("setouchi-heavy.example",),
            kana=("セトウチジュウコウギョウ",), english=("Setouchi Heavy Industries, Ltd.",), aliases=("瀬戸内重工",),
            status=CUSTOMER, flags=STRATEGIC, partner="kansai-motion", is_enterprise=True,
            team=(("misaki", TeamRole.ACCOUNT_EXECUTIVE), ("takumi", TeamRole.SALES_VP))),
    Company(maker="aozora", name="瀬戸内精機株式会社", town="tokyo", domains=("setouchi-seiki.example",),
            kana=("セトウチセイキ",), parent="瀬戸内重工業株式会社", status=CUSTOMER),
    Company(maker="aozora", name="株式会社斎藤精密", town="tokyo", domains=("saito-seimitsu.example",),
            kana=("サイトウセイミツ",), status=CUSTOMER, partner="musashi-fa"),
    Company(maker="aozora", name="ヒカリロボティックス株式会社", town="yokohama", domains=("hikari-robo.example",),
            partner="musashi-fa"),
    Company(maker="aozora", name="玄海物流株式会社", town="fukuoka", domains=("genkai-butsuryu.example",),
            kana=("ゲンカイブツリュウ",), status=CHURNED, partner="hakata-mecha", churned_days_ago=45),
    Company(maker="aozora", name="ノヴァロボ株式会社", town="tokyo", domains=("novarobo.example",),
            english=("Novarobo Inc.",), status=COMPETITOR),
)  # fmt: skip

OF_LAKESHORE = (
    Company(maker="lakeshore", name="Empire Paper Corp.", town="new york", domains=("empirepaper.example",),
            status=CUSTOMER, partner="hudson", contract=320_000, bought=("PUMP", "VALVE")),
    Company(maker="lakeshore", name="Prairie Dairy Cooperative", town="houston", domains=("prairiedairy.example",),
            status=CUSTOMER, partner="lonestar"),
    Company(maker="lakeshore", name="Silver Mesa Mining LLC", town="salt lake city", domains=("silvermesa.example",),
            flags=NAMED, listed_for="greatbasin", listed_days=(-30, 60)),
    Company(maker="lakeshore", name="Delaware Valley Water", town="philadelphia", domains=("dvwater.example",),
            deal=Deal("hudson", "Pump station 7", "SKID", 210_000)),
)  # fmt: skip

COMPANIES = (*FAMILY, *RELATED, *MISTAKABLE, *OF_AOZORA, *OF_LAKESHORE)
