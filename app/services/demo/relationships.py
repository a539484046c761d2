"""The leads of companies the demo's manufacturers know, or seem to know: whose each is, and what a person must say."""

from __future__ import annotations

from app.domain.leads import LostReason, Stage
from app.domain.submissions import Channel
from app.services.demo.inquiry import Inquiry, Sender, euro
from app.services.demo.stories import claimed, declined, kept, lost, waits, won

API = Channel.API
CONTACTED, QUALIFIED, PROPOSAL = Stage.CONTACTED, Stage.QUALIFIED, Stage.PROPOSAL
VOLTARA = Sender("Voltara Energie SE", "voltara.example")
TAUBERFELD = Sender("Tauberfeld Verpackung GmbH", "tauberfeld.example")
HOHENAU = Sender("Hohenau Feinblech GmbH", "hohenau.example")

RESERVED = (
    # To a parent's owner, by an alias, to a strategic account's owner, to the owner named for a while.
    Inquiry("acme", "bremen", "SERVO", waits(), hours=0.8, worth=72_000,
            sender=Sender("Nordlicht Rotorblatt", "nordlicht-rotor.example")),
    Inquiry("acme", "munich", "GEAR", waits(), hours=1.7, worth=44_000, sender=Sender("ICM", "icm-sued.example")),
    Inquiry("acme", "munich", "ROBOT", waits(), hours=0.4, worth=520_000, is_hot=True, sender=VOLTARA),
    Inquiry("acme", "frankfurt", "LINEAR", waits(), hours=2.2, worth=88_000,
            sender=Sender("Falkenstein Pumpenwerke", "falkenstein-pumpen.example")),
    # Three contacts of one customer within two hours: one owner, and an alert.
    Inquiry("acme", "munich", "GEAR", claimed("theresa", CONTACTED, after=0.2), hours=1.6, worth=35_000,
            sender=Sender("Donaukraft Walzwerke AG", "donaukraft.example", "Instandhaltungsleiterin")),
    Inquiry("acme", "munich", "LINEAR", waits(), hours=1.0, worth=61_000,
            sender=Sender("Donaukraft Walzwerke AG", "donaukraft.example", "Leiter Einkauf")),
    Inquiry("acme", "munich", "SERVO", waits(), hours=0.3, worth=127_000,
            sender=Sender("Donaukraft", "donaukraft.example", "Werksleiter")),
    # The first two were anybody's; the third makes the account, which is the first one's owner's.
    Inquiry("acme", "hamburg", "GEAR", claimed("nora", CONTACTED), days=9, worth=15_000, sender=TAUBERFELD),
    Inquiry("acme", "hamburg", "LINEAR", claimed("nils", CONTACTED), days=5, worth=21_000, sender=TAUBERFELD),
    Inquiry("acme", "hamburg", "SERVO", waits(), hours=1.4, worth=58_000, sender=TAUBERFELD),
    # Lost once, back again.
    Inquiry("acme", "linz", "LINEAR", lost("felix", LostReason.NO_BUDGET, at=QUALIFIED), days=43, worth=30_000,
            sender=HOHENAU),
    Inquiry("acme", "linz", "LINEAR", waits(), hours=2.6, worth=34_000, sender=HOHENAU),
    Inquiry("aozora", "osaka", "VISION", waits(), hours=1.9, worth=4_700_000,
            sender=Sender("㈱みなと食品", "minato-group.example")),
    Inquiry("aozora", "kobe", "AMR", waits(), hours=0.4, worth=31_000_000, is_hot=True,
            sender=Sender("瀬戸内重工業", "setouchi-heavy.example")),
    Inquiry("lakeshore", "houston", "PUMP", waits(), hours=1.2, worth=83_000,
            sender=Sender("Empire Paper Corporation", "empirepaper.example")),
    Inquiry("lakeshore", "denver", "VALVE", waits(), hours=2.4, worth=57_000,
            sender=Sender("Silver Mesa Mining", "silvermesa.example")),
)  # fmt: skip

SENT_ON = (
    # The owner said nothing, said no, or the company left too long ago to be anybody's.
    Inquiry("acme", "lausanne", "SERVO", waits(), days=14, worth=39_000,
            sender=Sender("Horlogerie du Léman SA", "horlogerie-leman.example")),
    Inquiry("acme", "bremen", "SERVO", declined("nora", waits()), hours=6.4, worth=26_000,
            sender=Sender("Mühlenbruch Kälte AG", "muehlenbruch.example")),
    Inquiry("acme", "nuremberg", "LINEAR", waits(), hours=3.3, worth=48_000,
            sender=Sender("Altmühl Papierfabrik KG", "altmuehl-papier.example")),
    # Nobody knows yet that these are Voltara's: a person links them by pattern.
    Inquiry("acme", "munich", "LINEAR", waits(), hours=3.6, worth=42_000,
            sender=Sender("Voltara Ladepark GmbH", "voltara-ladepark.example")),
    Inquiry("acme", "nuremberg", "SERVO", waits(), hours=5.1, worth=66_000,
            sender=Sender("Voltara Ladepark Franken", "ladepark-franken.example")),
)  # fmt: skip

OWNED = (
    Inquiry("acme", "hamburg", "LINEAR", kept("hanna"), hours=1.1, worth=40_000,
            sender=Sender("Seehafen Logistik", "seehafen-logistik.example")),
    Inquiry("acme", "hamburg", "LINEAR", kept("hanna", PROPOSAL, euro(46_000)), days=19, worth=45_000,
            sender=Sender("Seehafen Logistik AG", "seehafen-logistik.example")),
    Inquiry("acme", "berlin", "GEAR", kept("ines", QUALIFIED, euro(90_000)), days=6, worth=85_000,
            sender=Sender("Kranich Lebensmittelwerke", "kranich-lebensmittel.example")),
    Inquiry("acme", "kiel", "SERVO", claimed("nora", CONTACTED), days=3, worth=27_000,
            sender=Sender("Ostsee-Molkerei e.G.", "ostsee-molkerei.example")),
    Inquiry("acme", "luebeck", "SERVO", claimed("nils", QUALIFIED, euro(160_000)), days=8, worth=150_000,
            sender=Sender("Hansekai Terminalbetrieb", "hansekai.example")),
    Inquiry("acme", "linz", "GEAR", claimed("johanna", CONTACTED), days=4, worth=33_000,
            sender=Sender("Innviertler Textilmaschinen", "innviertler.example")),
    Inquiry("acme", "zurich", "SERVO", claimed("reto", PROPOSAL, euro(58_000)), days=16, worth=60_000,
            sender=Sender("Bodan Käsereitechnik AG", "bodan-kaese.example", "Leiter Technik")),
    Inquiry("acme", "bern", "GEAR", claimed("claire", CONTACTED), days=2, worth=24_000,
            sender=Sender("Bodan Kaesereitechnik", "bodan-kaese.example", "Einkäuferin")),
    Inquiry("acme", "hamburg", "SERVO", won("nora", euro(118_000)), days=57, worth=120_000,
            sender=Sender("Nordlicht Windkraft AG", "nordlicht-wind.example")),
    Inquiry("acme", "munich", "ROBOT", won("lukas", euro(395_000)), days=60, worth=400_000, sender=VOLTARA),
    Inquiry("aozora", "tokyo", "COBOT", claimed("kaori", CONTACTED), days=4, worth=6_600_000,
            sender=Sender("瀬戸内精機", "setouchi-seiki.example")),
    Inquiry("aozora", "fukuoka", "VISION", claimed("daichi", CONTACTED), days=3, worth=2_400_000,
            sender=Sender("玄海物流", "genkai-butsuryu.example")),
    Inquiry("lakeshore", "philadelphia", "SKID", claimed("marcus", CONTACTED), days=5, worth=190_000,
            sender=Sender("Delaware Valley Water", "dvwater.example")),
)  # fmt: skip

FOR_A_PERSON = (
    Inquiry("acme", "stuttgart", "SERVO", waits(), hours=4.2, worth=9_000,
            sender=Sender("Movento Antriebstechnik", "movento.example")),
    Inquiry("acme", "cologne", "GEAR", waits(), hours=2.8, worth=14_000,
            sender=Sender("Rheintal Antriebe KG", "rheintal.example")),
    Inquiry("acme", "munich", "LINEAR", waits(), hours=1.3, worth=51_000,
            sender=Sender("Nordlicht Service Süd", "nordlicht-sued.example")),
    # Near matches: like a known name, a shared domain, a common name, two of one name, signals that disagree.
    Inquiry("acme", "hannover", "LINEAR", waits(), hours=0.5, worth=36_000, sender=Sender("Steinmetz Anlagenbau AG")),
    Inquiry("acme", "bremen", "SERVO", waits(), hours=0.9, worth=29_000, sender=Sender("Mühlenbrock Kälte GmbH")),
    Inquiry("acme", "zurich", "GEAR", waits(), hours=1.5, worth=53_000, sender=Sender("Brunner Hydraulics")),
    Inquiry("acme", "cologne", "LINEAR", waits(), hours=2.1, worth=75_000, sender=Sender("Fischer & Lang Extruder")),
    Inquiry("acme", "kiel", "SERVO", waits(), hours=2.5, worth=82_000, sender=Sender("Hansen Robotics AG")),
    Inquiry("acme", "munich", "GEAR", waits(), hours=2.9, worth=17_000, sender=Sender("Alpen Molkereien GmbH")),
    Inquiry("acme", "nuremberg", "LINEAR", waits(), hours=3.4, worth=31_000,
            sender=Sender("Dietrich Walzen GmbH", address="203.0.113.77")),
    Inquiry("acme", "dresden", "SERVO", waits(), hours=3.8, worth=20_000,
            sender=Sender("Elster Gruppe", "elster-gruppe.example")),
    Inquiry("acme", "hamburg", "GEAR", waits(), hours=4.4, worth=12_000, sender=Sender("Logistics Solutions")),
    Inquiry("acme", "luebeck", "SERVO", waits(), hours=4.9, worth=67_000,
            sender=Sender("Sonnenhof Automation", "sonnenhof-gruppe.example")),
    Inquiry("acme", "berlin", "GEAR", waits(), hours=5.6, worth=38_000, channel=API, source="campaign",
            sender=Sender("Kranich Lebensmittelwerke GmbH", "hansekai.example")),
    Inquiry("acme", "luebeck", "LINEAR", waits(), hours=6.1, worth=49_000, sender=Sender("Bergström Pumpar AB")),
    Inquiry("aozora", "tokyo", "AMR", waits(), hours=1.1, worth=1_000_000,
            sender=Sender("ノヴァロボ株式会社", "novarobo.example")),
    Inquiry("aozora", "tokyo", "VISION", waits(), hours=2.7, worth=3_100_000,
            sender=Sender("Saito Seimitsu", "saito-works.example")),
    Inquiry("aozora", "yokohama", "AMR", waits(), hours=3.5, worth=7_800_000, sender=Sender("Hikari Robotics")),
    Inquiry("aozora", "kobe", "AMR", waits(), hours=4.7, worth=5_500_000,
            sender=Sender("Setouchi Seiki", "setouchi-kiki.example")),
)  # fmt: skip

OF_KNOWN_COMPANIES = (*RESERVED, *SENT_ON, *OWNED, *FOR_A_PERSON)
