"""What people call the fields of an account, where a form does not say it."""

from __future__ import annotations

from app.domain.phrases import N_

FIELD_WORDS = {
    "name": N_("Name"),
    "code": N_("Code"),
    "country": N_("Country"),
    "city": N_("City"),
    "corporate_number": N_("Corporate number"),
    "aliases": N_("Other names"),
    "kana": N_("Names in kana"),
    "english": N_("English names"),
    "domains": N_("Internet domains"),
    "networks": N_("Networks of its own"),
    "status": N_("Status"),
    "flags": N_("Marks"),
    "owner_partnership_id": N_("Owner"),
    "owner_user_id": N_("Direct seller"),
    "keeps_own_owner": N_("Keeps its own owner beside the parent's"),
    "listed_from": N_("Listed from"),
    "listed_until": N_("Listed until"),
    "listed_owner_partnership_id": N_("Listed for the partner"),
    "listed_owner_user_id": N_("Listed for one of us"),
    "listed_note": N_("Note on the listing"),
    "contract_cents": N_("Contract value"),
    "health": N_("Health"),
    "has_open_ticket": N_("Has an open support ticket"),
    "is_enterprise": N_("Enterprise"),
    "churned_on": N_("Left on"),
    "product_line_ids": N_("Product lines it has bought"),
    "parent_id": N_("Parent"),
    "team": N_("Team"),
    "is_ended": N_("Out of use"),
}
