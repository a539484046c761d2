"""The leads of the demo's world that nobody knows yet: who asks whom for what, when, and what becomes of it."""

from __future__ import annotations

from app.domain.leads import LostReason, Stage
from app.domain.submissions import Channel
from app.services.demo.inquiry import Inquiry, dollar, euro, yen
from app.services.demo.stories import (
    by_hand,
    claimed,
    declined,
    disqualified,
    lost,
    pushed,
    released,
    waits,
    withdrawn,
    won,
)

FORM, HAND, API = Channel.FORM, Channel.MANUAL, Channel.API
NEW, CONTACTED, QUALIFIED, PROPOSAL, NEGOTIATION = (
    Stage.NEW,
    Stage.CONTACTED,
    Stage.QUALIFIED,
    Stage.PROPOSAL,
    Stage.NEGOTIATION,
)

ON_THE_BOARD = (
    Inquiry("acme", "hamburg", "SERVO", waits(), hours=1.62, worth=85_000, is_hot=True),
    Inquiry("acme", "kiel", "GEAR", waits(), hours=0.35, worth=18_000),
    Inquiry("acme", "hannover", "LINEAR, SERVO", waits(), hours=3.1, worth=140_000, channel=HAND, source="phone"),
    Inquiry("acme", "bremen", "SAFETY", waits(), hours=9.4, worth=32_000),
    Inquiry("acme", "berlin", "SERVO", waits(), hours=15.2, worth=56_000, channel=API, source="campaign"),
    Inquiry("acme", "luebeck", "ROBOT", waits(), hours=22.8, worth=310_000),
    Inquiry("acme", "munich", "SERVO", waits(), hours=1.2, worth=64_000),
    Inquiry("acme", "stuttgart", "ROBOT, SAFETY", waits(), hours=6.7, worth=420_000, source="trade fair"),
    Inquiry("acme", "nuremberg", "GEAR", waits(), hours=18.5, worth=9_500),
    Inquiry("acme", "cologne", "LINEAR", waits(), hours=4.6, worth=27_000),
    Inquiry("acme", "dresden", "SERVO", waits(), hours=2.4, worth=16_000),
    Inquiry("acme", "zurich", "SERVO, GEAR", waits(), hours=5.5, worth=98_000),
    Inquiry("acme", "bern", "SAFETY", waits(), hours=0.9, worth=41_000),
    Inquiry("acme", "lausanne", "LINEAR", waits(), hours=2.1, worth=34_000),
    Inquiry("acme", "vienna", "LINEAR", waits(), hours=7.9, worth=23_000),
    Inquiry("acme", "osaka", "GEAR", waits(), hours=8.3, worth=21_000),
    Inquiry("acme", "berlin", "SERVO", waits(), hours=1.9, worth=70_000, consent="named: AC-001"),
    Inquiry("aozora", "hamburg", "AMR", waits(), hours=2.7, worth=9_800_000),
    Inquiry("aozora", "vienna", "VISION", waits(), hours=11.4, worth=3_200_000),
    Inquiry("aozora", "osaka", "COBOT", waits(), hours=0.5, worth=5_400_000),
    Inquiry("aozora", "kyoto", "AMR, VISION", waits(), hours=1.55, worth=26_000_000, is_hot=True),
    Inquiry("aozora", "tokyo", "COBOT", waits(), hours=13.1, worth=7_100_000),
    Inquiry("aozora", "fukuoka", "AMR", waits(), hours=17.6, worth=4_500_000),
    Inquiry("aozora", "seattle", "VISION", waits(), hours=3.8, worth=3_900_000),
    Inquiry("lakeshore", "hamburg", "VALVE", waits(), hours=4.1, worth=36_000),
    Inquiry("lakeshore", "new york", "PUMP", waits(), hours=0.7, worth=52_000),
    Inquiry("lakeshore", "philadelphia", "SKID", waits(), hours=10.2, worth=260_000),
    Inquiry("lakeshore", "houston", "PUMP, VALVE", waits(), hours=5.2, worth=115_000),
    Inquiry("lakeshore", "zurich", "SKID", waits(), hours=12.6, worth=175_000),
    Inquiry("lakeshore", "denver", "VALVE", waits(), hours=20.4, worth=14_000),
)

SEEN_BY_SEVERAL = (
    Inquiry("acme", "hamburg", "SERVO", waits(), hours=0.6, worth=93_000, is_hot=True),
    Inquiry("acme", "bremen", "GEAR", waits(), hours=13.2, worth=28_000),
    Inquiry("acme", "hannover", "LINEAR", waits(), hours=14.7, worth=62_000),
    Inquiry("acme", "hamburg", "GEAR", waits(), hours=17.3, worth=46_000, source="trade fair"),
    Inquiry("acme", "berlin", "LINEAR", waits(), hours=12.9, worth=37_000),
    Inquiry("acme", "berlin", "GEAR", waits(), hours=19.6, worth=24_000, channel=API, source="campaign"),
    Inquiry("acme", "munich", "GEAR", waits(), hours=0.9, worth=31_000),
    Inquiry("acme", "nuremberg", "SERVO", waits(), hours=2.7, worth=78_000),
    Inquiry("acme", "munich", "LINEAR", waits(), hours=7.1, worth=19_000),
    Inquiry("acme", "zurich", "LINEAR", waits(), hours=13.8, worth=57_000),
    Inquiry("acme", "bern", "SERVO", waits(), hours=16.9, worth=45_000),
    Inquiry("acme", "dresden", "GEAR", waits(), hours=12.4, worth=22_000),
    Inquiry("aozora", "kobe", "AMR", waits(), hours=1.3, worth=8_600_000, is_hot=True),
    Inquiry("aozora", "kyoto", "VISION", waits(), hours=15.9, worth=3_300_000),
    Inquiry("lakeshore", "houston", "VALVE", waits(), hours=14.2, worth=64_000),
)

OFFERED_ALONE = (
    Inquiry("acme", "kiel", "SERVO, SAFETY", pushed(), hours=24.9, worth=150_000),
    Inquiry("acme", "passau", "LINEAR", pushed(), hours=24.6, worth=19_000),
    Inquiry("aozora", "kobe", "AMR", pushed(), hours=25.1, worth=12_500_000),
    Inquiry("lakeshore", "salt lake city", "VALVE", pushed(), hours=25.3, worth=33_000),
    Inquiry("acme", "hannover", "GEAR", pushed(declines=1), hours=25.4, worth=45_000),
)

WAITING_FOR_A_PERSON = (
    Inquiry("acme", "cologne", "GEAR", pushed(declines=3), hours=27.5, worth=12_000),
    Inquiry("acme", "munich", "SERVO", waits(), hours=5.8, worth=88_000, consent="manufacturer only"),
    Inquiry("acme", "bremen", "LINEAR", pushed(declines=3), hours=28.5, worth=22_000),
    Inquiry("lakeshore", "denver", "PUMP", pushed(declines=3), hours=27, worth=48_000),
    Inquiry("aozora", "tokyo", "VISION", waits(), hours=2.2, worth=2_800_000, consent="manufacturer only"),
    Inquiry("acme", "saarbruecken", "SERVO", waits(), hours=7.3, worth=61_000),
    Inquiry("acme", "cologne", "SAFETY", waits(), hours=16.4, worth=39_000),
    Inquiry("acme", "lugano", "GEAR", waits(), days=3, worth=15_000),
    Inquiry("aozora", "sapporo", "AMR", waits(), hours=19.1, worth=8_000_000),
    Inquiry("lakeshore", "miami", "PUMP", waits(), days=2, worth=42_000),
    Inquiry("lakeshore", "denver", "SKID", waits(), days=1, worth=130_000),
)

NURTURED = (
    Inquiry("acme", "frankfurt", "SERVO", waits(), days=6, score=28, channel=API, source="newsletter"),
    Inquiry("acme", "linz", "GEAR", waits(), days=12, worth=8_000, consent="none"),
    Inquiry("aozora", "yokohama", "COBOT", waits(), days=9, score=41, channel=API, source="campaign"),
    Inquiry("lakeshore", "salt lake city", "VALVE", waits(), days=15, score=35, channel=API, source="newsletter"),
    Inquiry("lakeshore", "new york", "SKID", waits(), days=4, worth=90_000, consent="none"),
)

BEING_WORKED = (
    Inquiry("acme", "hamburg", "LINEAR", claimed("nora", after=0.4), hours=2.9, worth=37_000),
    # Claimed and never called: both sides were told, and then it was offered to others.
    Inquiry("acme", "nuremberg", "SAFETY", claimed("lukas"), days=14, worth=26_000),
    Inquiry("lakeshore", "houston", "VALVE", claimed("travis"), hours=14.5, worth=24_000),
    Inquiry("lakeshore", "dallas", "PUMP", claimed("travis"), hours=18.2, worth=58_000),
    Inquiry("aozora", "kobe", "VISION", claimed("kaori"), hours=21.4, worth=3_600_000),
    Inquiry("acme", "hamburg", "SERVO", claimed("nils", CONTACTED), days=8, worth=44_000),
    Inquiry("acme", "berlin", "GEAR", claimed("hauke", CONTACTED), days=10, worth=13_000),
    Inquiry("aozora", "hamburg", "COBOT", claimed("nora", QUALIFIED, yen(6_900_000)), days=14, worth=6_000_000),
    Inquiry("lakeshore", "bremen", "SKID", claimed("nils", PROPOSAL, euro(128_000)), days=24, worth=140_000),
    Inquiry("acme", "kiel", "ROBOT", claimed("nora", NEGOTIATION, euro(388_000)), days=34, worth=350_000),
    Inquiry("acme", "munich", "LINEAR", claimed("theresa", QUALIFIED, euro(52_000)), days=13, worth=50_000),
    Inquiry("acme", "stuttgart", "SERVO", claimed("lukas", PROPOSAL, euro(74_000)), days=22, worth=80_000,
            asks_again_after_days=6),
    Inquiry("acme", "zurich", "ROBOT", claimed("reto", NEGOTIATION, euro(265_000)), days=36, worth=240_000),
    Inquiry("lakeshore", "zurich", "PUMP", claimed("claire", CONTACTED), days=9, worth=30_000),
    Inquiry("acme", "vienna", "SAFETY", claimed("johanna", QUALIFIED, euro(33_000)), days=15, worth=35_000),
    Inquiry("aozora", "osaka", "AMR", declined("haruka", claimed("kenji", PROPOSAL, yen(14_200_000))), days=26,
            worth=15_000_000),
    Inquiry("aozora", "tokyo", "AMR", claimed("haruka", QUALIFIED, yen(8_400_000)), days=14, worth=9_000_000),
    Inquiry("lakeshore", "philadelphia", "PUMP", claimed("olivia", NEGOTIATION, dollar(176_000)), days=33,
            worth=180_000),
    Inquiry("lakeshore", "new york", "VALVE", claimed("marcus", CONTACTED), days=8, worth=19_000),
    Inquiry("acme", "seattle", "SERVO", claimed("hannah", QUALIFIED, euro(48_000)), days=15, worth=50_000),
    Inquiry("acme", "luebeck", "GEAR", pushed(accepts=True), days=9, worth=20_000),
    Inquiry("acme", "frankfurt", "LINEAR",
            by_hand("ines", "rheintal", "Knows the plant from an earlier project.", first=pushed(declines=3),
                    worked_by="sven", stage=CONTACTED), days=10, worth=31_000),
    Inquiry("acme", "berlin", "SAFETY",
            by_hand("ines", "ines", "The prospect wants to talk to the manufacturer only.", first=waits(),
                    stage=CONTACTED), days=9, worth=60_000, consent="manufacturer only"),
    Inquiry("acme", "dresden", "GEAR",
            released("ada", "Met the customer at the fair, the need is real.", claimed("jana", CONTACTED)), days=12,
            score=38, channel=API, source="newsletter"),
)  # fmt: skip

CLOSED = (
    Inquiry("acme", "hamburg", "SERVO", won("nora", euro(92_000)), days=44, worth=90_000),
    Inquiry("acme", "hannover", "SAFETY", won("nils", euro(41_500), 4), days=50, worth=40_000),
    Inquiry("acme", "munich", "ROBOT", won("lukas", euro(510_000)), days=55, worth=450_000, is_hot=True),
    Inquiry("acme", "bern", "GEAR", won("reto", euro(17_800), 4), days=47, worth=20_000),
    Inquiry("aozora", "kyoto", "COBOT", won("kenji", yen(7_700_000)), days=49, worth=7_000_000),
    Inquiry("aozora", "yokohama", "VISION", won("haruka", yen(4_100_000), 4), days=52, worth=4_000_000),
    Inquiry("lakeshore", "new york", "PUMP", won("olivia", dollar(98_000)), days=46, worth=100_000),
    Inquiry("acme", "bremen", "LINEAR", lost("nora", LostReason.PRICE, at=PROPOSAL), days=40, worth=48_000),
    Inquiry("acme", "stuttgart", "GEAR",
            lost("theresa", LostReason.COMPETITOR, at=PROPOSAL, competitor="Movento"), days=42, worth=36_000),
    Inquiry("acme", "linz", "SERVO", lost("felix", LostReason.POSTPONED, at=QUALIFIED), days=38, worth=25_000),
    Inquiry("aozora", "osaka", "VISION", lost("kaori", LostReason.NO_BUDGET, at=CONTACTED, quality=2), days=35,
            worth=3_000_000),
    Inquiry("lakeshore", "houston", "PUMP", lost("travis", LostReason.PRODUCT_DOES_NOT_FIT, at=CONTACTED), days=30,
            worth=22_000),
    Inquiry("acme", "hamburg", "GEAR", disqualified("ines", "A student asks for a thesis."), days=16, worth=1_000),
    Inquiry("lakeshore", "philadelphia", "VALVE", disqualified("dana", "A test by our own agency."), days=11),
    Inquiry("acme", "berlin", "LINEAR",
            withdrawn("carl", "The prospect took the consent back by telephone.", claimed("nora", CONTACTED)), days=18,
            worth=29_000),
)  # fmt: skip

INQUIRIES = (*ON_THE_BOARD, *SEEN_BY_SEVERAL, *OFFERED_ALONE, *WAITING_FOR_A_PERSON, *NURTURED, *BEING_WORKED, *CLOSED)
