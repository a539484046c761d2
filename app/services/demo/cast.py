"""Who lives in the demo's world. All companies and people are invented; their addresses end in `.example`.

Places are written as territories are read: `DE`, `DE-BY`, `DE 94*` (a prefix), `DE 01000-09999` (a range);
`!` excludes.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.identity import Role
from app.domain.partners import PartnershipStatus


@dataclass(frozen=True, slots=True)
class Member:
    """A person: the part of the address before the @, the name, what it does, how it reads."""

    key: str
    name: str
    role: Role
    language: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A product line, and what it demands: a tier, a certification."""

    code: str
    name: str
    min_tier: str = ""
    is_certified: bool = False


@dataclass(frozen=True, slots=True)
class Maker:
    """A manufacturer with its people and product lines."""

    key: str
    name: str
    country: str
    subdivision: str
    language: str
    time_zone: str
    currency: str
    lines: tuple[Line, ...]
    people: tuple[Member, ...]

    @property
    def domain(self) -> str:
        """Where its people have their addresses."""
        return f"{self.key}.example"


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner's place in one programme. `certified` gives days until a certification ends; below 0 it has lapsed."""

    maker: str
    tier: str
    places: tuple[str, ...]
    lines: tuple[str, ...]
    certified: tuple[tuple[str, int], ...] = ()
    status: PartnershipStatus = PartnershipStatus.ACTIVE
    max_open_claims: int | None = None
    backup: str = ""


@dataclass(frozen=True, slots=True)
class Dealer:
    """A partner with its people and its standings at one or more manufacturers."""

    key: str
    name: str
    country: str
    subdivision: str
    language: str
    time_zone: str
    people: tuple[Member, ...]
    standings: tuple[Standing, ...]
    working_hours: str = "mon-fri 09:00-17:00"

    @property
    def domain(self) -> str:
        """Where its people have their addresses."""
        return f"{self.key}.example"


ADMIN, CHANNEL, ARBITER, INSIDE, VIEWER = (
    Role.ADMIN,
    Role.CHANNEL_MANAGER,
    Role.ARBITER,
    Role.INSIDE_SALES,
    Role.VIEWER,
)
LEADER, SALES = Role.PARTNER_ADMIN, Role.PARTNER_SALES

MAKERS = (
    Maker(
        "acme", "Acme Drives", "DE", "DE-BW", "de", "Europe/Berlin", "EUR",
        (
            Line("SERVO", "Servo drives"),
            Line("GEAR", "Gear motors"),
            Line("LINEAR", "Linear axes"),
            Line("SAFETY", "Safety controllers", "silver", is_certified=True),
            Line("ROBOT", "Robot cells", "gold", is_certified=True),
        ),
        (
            Member("ada", "Ada Lindner", ADMIN, "en"),
            Member("carl", "Carl Vogt", CHANNEL, "de"),
            Member("arne", "Arne Falk", ARBITER, "de"),
            Member("ines", "Ines Roth", INSIDE, "en"),
            Member("vera", "Vera Haas", VIEWER, "de"),
            Member("hanna", "Hanna Brandt", INSIDE, "de"),
            Member("viktor", "Viktor Stein", VIEWER, "en"),
        ),
    ),
    Maker(
        "aozora", "Aozora Robotics 青空ロボティクス", "JP", "JP-13", "ja", "Asia/Tokyo", "JPY",
        (
            Line("AMR", "搬送ロボット AMR"),
            Line("COBOT", "協働ロボット Cobot", "silver", is_certified=True),
            Line("VISION", "画像検査装置 Vision"),
        ),
        (
            Member("takumi", "佐々木 匠", ADMIN, "ja"),
            Member("ren", "石川 蓮", CHANNEL, "ja"),
            Member("misaki", "高橋 美咲", INSIDE, "ja"),
        ),
    ),
    Maker(
        "lakeshore", "Lakeshore Fluid Systems", "US", "US-IL", "en", "America/Chicago", "USD",
        (
            Line("PUMP", "Process pumps"),
            Line("VALVE", "Control valves"),
            Line("SKID", "Filtration skids", "silver", is_certified=True),
        ),
        (
            Member("grace", "Grace Miller", ADMIN, "en"),
            Member("omar", "Omar Reyes", CHANNEL, "en"),
            Member("dana", "Dana Whitfield", INSIDE, "en", "America/New_York"),
        ),
    ),
)  # fmt: skip

_DRIVES = ("SERVO", "GEAR", "LINEAR")
_ALL_ACME = (*_DRIVES, "SAFETY", "ROBOT")
_ALL_AOZORA = ("AMR", "COBOT", "VISION")
_FLUID = ("PUMP", "VALVE")

DEALERS = (
    Dealer(
        "nordwind", "Nordwind Technik GmbH", "DE", "DE-HH", "de", "Europe/Berlin",
        (
            Member("nora", "Nora Hansen", LEADER, "en"),
            Member("nils", "Nils Petersen", SALES, "de"),
            Member("hauke", "Hauke Jensen", SALES, "de"),
        ),
        (
            Standing(
                "acme", "platinum", ("DE-HH", "DE-SH", "DE-NI", "DE-HB", "DE-BE", "DE-MV"), _ALL_ACME,
                (("SAFETY", 210), ("ROBOT", 75)), backup="rheintal",
            ),
            Standing("aozora", "gold", ("DE", "AT"), _ALL_AOZORA, (("COBOT", 120),)),
            Standing("lakeshore", "gold", ("DE", "!DE-BY"), (*_FLUID, "SKID"), (("SKID", 300),)),
        ),
    ),
    Dealer(
        "isarwerk", "Isarwerk Automation GmbH", "DE", "DE-BY", "de", "Europe/Berlin",
        (
            Member("lukas", "Lukas Huber", LEADER, "de"),
            Member("theresa", "Theresa Bauer", SALES, "de"),
        ),
        (
            Standing(
                "acme", "gold", ("DE-BY", "DE-BW", "DE-BE", "DE-SN", "!DE 94*"), _ALL_ACME,
                (("SAFETY", 30), ("ROBOT", 330)), backup="donau",
            ),
        ),
        "mon-thu 08:00-17:00; fri 08:00-14:00",
    ),
    Dealer(
        "rheintal", "Rheintal Antriebe KG", "DE", "DE-NW", "de", "Europe/Berlin",
        (Member("sven", "Sven Kallweit", LEADER, "de"), Member("aylin", "Aylin Demir", SALES, "de")),
        (
            Standing("acme", "silver", ("DE-NW", "DE-RP", "DE-HE", "DE-HB", "DE-HH", "DE 30000-31999"),
                     (*_DRIVES, "SAFETY"), (("SAFETY", -40),)),
            Standing("lakeshore", "registered", ("DE-NW",), _FLUID),
        ),
    ),
    Dealer(
        "elbtal", "Elbtal Robotik UG", "DE", "DE-SN", "de", "Europe/Berlin",
        (Member("jana", "Jana Kretzschmar", LEADER, "de"),),
        (Standing("acme", "registered", ("DE-SN", "DE-TH", "DE-BE", "DE-MV"), _DRIVES),),
    ),
    Dealer(
        "donau", "Donau Motion GmbH", "AT", "AT-4", "de", "Europe/Vienna",
        (Member("johanna", "Johanna Gruber", LEADER, "de"), Member("felix", "Felix Wimmer", SALES, "de")),
        (
            Standing("acme", "gold", ("AT", "DE-BY", "DE 94*"), _ALL_ACME, (("SAFETY", 150), ("ROBOT", -12))),
            Standing("aozora", "silver", ("AT",), ("AMR", "VISION")),
        ),
    ),
    Dealer(
        "alpstein", "Alpstein Engineering AG", "CH", "CH-ZH", "de", "Europe/Zurich",
        (Member("reto", "Reto Graf", LEADER, "de"), Member("claire", "Claire Rochat", SALES, "en")),
        (
            Standing("acme", "platinum", ("CH", "!CH-TI"), _ALL_ACME, (("SAFETY", 90), ("ROBOT", 90))),
            Standing("lakeshore", "silver", ("CH", "AT"), (*_FLUID, "SKID"), (("SKID", 45),)),
        ),
    ),
    Dealer(
        "lacbleu", "Lac Bleu Automatisation SA", "CH", "CH-GE", "en", "Europe/Zurich",
        (Member("amelie", "Amélie Favre", LEADER, "en"),),
        (Standing("acme", "silver", ("CH-VD", "CH-GE", "CH-NE", "CH-BE", "CH-ZH"), _DRIVES),),
        "mon-sun 00:00-24:00",
    ),
    Dealer(
        "hudson", "Hudson Flow Partners Inc.", "US", "US-NY", "en", "America/New_York",
        (Member("olivia", "Olivia Reed", LEADER, "en"), Member("marcus", "Marcus Bell", SALES, "en")),
        (
            Standing("lakeshore", "platinum", ("US-NY", "US-NJ", "US-CT", "US-PA"), (*_FLUID, "SKID"),
                     (("SKID", 180),)),
            Standing("acme", "registered", ("US-NY", "US-NJ"), _DRIVES),
        ),
    ),
    Dealer(
        "lonestar", "Lone Star Process Supply LLC", "US", "US-TX", "en", "America/Chicago",
        (Member("travis", "Travis Cole", LEADER, "en"),),
        (Standing("lakeshore", "silver", ("US-TX", "US-OK", "US-LA"), _FLUID, max_open_claims=2, backup="hudson"),),
    ),
    Dealer(
        "greatbasin", "Great Basin Controls LLC", "US", "US-UT", "en", "America/Denver",
        (Member("wyatt", "Wyatt Lund", LEADER, "en"),),
        (Standing("lakeshore", "gold", ("US-UT", "US-NV", "US-CO", "US-TX"), (*_FLUID, "SKID"),
                  (("SKID", -5),)),),
    ),
    Dealer(
        "cascade", "Cascade Motion Co.", "US", "US-WA", "en", "America/Los_Angeles",
        (Member("hannah", "Hannah Park", LEADER, "en"),),
        (
            Standing("acme", "silver", ("US-WA", "US-OR", "US-CA"), _DRIVES),
            Standing("aozora", "silver", ("US",), _ALL_AOZORA, (("COBOT", 60),)),
        ),
    ),
    Dealer(
        "kansai-motion", "関西モーション株式会社", "JP", "JP-27", "ja", "Asia/Tokyo",
        (Member("kenji", "田中 健二", LEADER, "ja"), Member("kaori", "山本 かおり", SALES, "ja")),
        (
            Standing("aozora", "platinum", ("JP-27", "JP-28", "JP-26", "JP-29"), _ALL_AOZORA, (("COBOT", 240),)),
            Standing("acme", "silver", ("JP",), (*_DRIVES, "SAFETY"), (("SAFETY", 100),)),
        ),
        "mon-fri 09:00-18:00",
    ),
    Dealer(
        "musashi-fa", "武蔵FAシステム株式会社", "JP", "JP-13", "ja", "Asia/Tokyo",
        (Member("haruka", "小林 春香", LEADER, "ja"),),
        (Standing("aozora", "gold", ("JP-13", "JP-14", "JP-11", "JP-12", "JP-26", "JP-28", "JP-27 530*"), _ALL_AOZORA,
                  (("COBOT", 15),)),),
    ),
    Dealer(
        "hakata-mecha", "博多メカトロ有限会社", "JP", "JP-40", "ja", "Asia/Tokyo",
        (Member("daichi", "松尾 大地", LEADER, "ja"),),
        (Standing("aozora", "silver", ("JP-40", "JP-41", "JP-43"), ("AMR", "VISION"),
                  status=PartnershipStatus.ACTIVE),),
    ),
    Dealer(
        "tokai-handling", "東海ハンドリング株式会社", "JP", "JP-23", "ja", "Asia/Tokyo",
        (Member("sakura", "伊藤 さくら", LEADER, "ja"),),
        (Standing("aozora", "registered", ("JP-23", "JP-21", "JP-24"), ("AMR",),
                  status=PartnershipStatus.PAUSED),),
    ),
)  # fmt: skip
