"""What people of the demo's world write, in the language they write it in: content, not words of the product."""

from __future__ import annotations

from app.domain.cockpit import ActivityKind, ContactOutcome

JOBS = {
    "en": ("Plant Engineer", "Purchasing Manager", "Maintenance Lead", "Production Manager", "Project Engineer"),
    "de": ("Konstrukteur", "Leiter Einkauf", "Instandhaltungsleiterin", "Produktionsleiter", "Projektingenieurin"),
    "ja": ("生産技術課長", "購買担当", "設備保全係長", "工場長", "設計担当"),
}
EXECUTIVES = {
    "en": ("Chief Operating Officer", "CEO"),
    "de": ("Geschäftsführerin", "Vorstand Technik"),
    "ja": ("代表取締役社長", "専務取締役"),
}
INDUSTRIES = {
    "en": ("Food & beverage", "Chemicals", "Packaging", "Water treatment", "Automotive supplier"),
    "de": ("Maschinenbau", "Lebensmittel", "Verpackung", "Logistik", "Automobilzulieferer"),
    "ja": ("食品", "自動車部品", "物流", "電子部品", "製薬"),
}
MESSAGES = {
    "en": (
        "We are replacing the drives on two lines next quarter and would like an offer, with delivery times.",
        "Our current supplier has discontinued the series. What do you recommend as a replacement?",
        "Please call me about a retrofit; the budget is approved and we want to order this year.",
        "We are comparing three vendors for a new line. Could somebody visit the plant in the next two weeks?",
        "Need pricing for 12 units plus commissioning. Drawings can be sent on request.",
    ),
    "de": (
        "Wir rüsten im nächsten Quartal zwei Linien um und bitten um ein Angebot mit Lieferzeiten.",
        "Unser bisheriger Lieferant hat die Baureihe abgekündigt. Was empfehlen Sie als Ersatz?",
        "Bitte rufen Sie mich wegen eines Umbaus an, das Budget ist freigegeben.",
        "Für eine neue Anlage vergleichen wir drei Anbieter. Kann jemand in den nächsten zwei Wochen vorbeikommen?",
        "Wir benötigen 12 Achsen samt Inbetriebnahme. Zeichnungen sende ich Ihnen gern zu.",
    ),
    "ja": (
        "来期に2ラインの更新を予定しています。納期を含めてお見積りをお願いいたします。",
        "現行品が生産中止となったため、後継機種をご提案いただけますでしょうか。",
        "設備更新の件でお電話をください。予算は承認済みです。",
        "新ラインの立ち上げにあたり3社を比較しています。再来週までにご訪問いただけますか。",
        "12台の価格と立ち上げ支援の費用を教えてください。図面はお送りできます。",
    ),
}

Said = tuple[ActivityKind, ContactOutcome | None]
CALLED, TALKED = (ActivityKind.CALL, ContactOutcome.NOT_REACHED), (ActivityKind.CALL, ContactOutcome.REACHED)
WROTE, MET = (ActivityKind.EMAIL, ContactOutcome.REPLIED), (ActivityKind.VISIT, ContactOutcome.REACHED)
QUOTED, NOTED = (ActivityKind.QUOTE, None), (ActivityKind.NOTE, None)

NOTES: dict[str, dict[Said, str]] = {
    "en": {
        CALLED: "Voicemail, asked to be called back.",
        TALKED: "Confirmed the demand. Decision within six weeks, two competitors in the race.",
        WROTE: "Sent data sheets and references; the reply came with drawings.",
        MET: "Walked the line with maintenance and purchasing. Good atmosphere.",
        QUOTED: "Quote sent, valid for 60 days.",
        NOTED: "Purchasing asks for a lower price; offered commissioning on top instead.",
    },
    "de": {
        CALLED: "Mailbox, um Rückruf gebeten.",
        TALKED: "Bedarf bestätigt. Entscheidung in sechs Wochen, zwei Wettbewerber im Rennen.",
        WROTE: "Datenblätter und Referenzen geschickt, Zeichnungen kamen zurück.",
        MET: "Linie mit Instandhaltung und Einkauf begangen. Gute Stimmung.",
        QUOTED: "Angebot gesendet, 60 Tage gültig.",
        NOTED: "Einkauf möchte nachverhandeln; Inbetriebnahme als Zugabe angeboten.",
    },
    "ja": {
        CALLED: "不在のため、折り返しを依頼。",
        TALKED: "ご要望を確認。6週間以内に決定予定、競合は2社。",
        WROTE: "カタログと導入事例を送付。図面を受領。",
        MET: "保全・購買のご担当者と現場を確認。好感触。",
        QUOTED: "見積書を送付。有効期限60日。",
        NOTED: "購買から値下げの要望。立ち上げ支援を付ける案を提示。",
    },
}
