"""Linking all leads of a company at once: by what they are found, and which of them are left alone (P-16)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Invalid
from app.domain.intake.companies import spelled_words
from app.domain.intake.domains import is_disposable, is_free_mail, registrable_domain
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.matching.names import match_name
from app.domain.phrases import N_, Phrase

ANY = "*"
ESCAPE = "\\"
FEWEST_LETTERS = 2
"""Fewer than these and a pattern would catch companies that have nothing to do with each other; 日立 has two."""
FEWEST_WORDS, FEWEST_SIGNS = 2, 4
"""What a whole name has at least; it is counted in signs where writers leave no blanks."""

ASSIGNED = Phrase(N_("Somebody works it already"))
CLOSED = Phrase(N_("It is closed"))
LINKED_BY_HAND = Phrase(N_("Somebody linked it to another account by hand"))
LINKED_ALREADY = Phrase(N_("It belongs to this account already"))


@dataclass(frozen=True, slots=True)
class LeadPattern:
    """Leads whose company is called like this (`*` stands for anything), or that write from this domain.

    With both given a lead must fit both, or one of them where `is_either`.
    """

    company: str = ""
    domain: str = ""
    is_either: bool = False

    def check(self) -> None:
        """Raise `Invalid` when the pattern says too little, or names a domain anybody can write from."""
        if not self.company.strip() and not self.domain.strip():
            _refuse("company", Phrase(N_("Give a company's name or a domain.")))
        if self.company.strip() and sum(sign.isalnum() for sign in self.company) < FEWEST_LETTERS:
            _refuse("company", Phrase(N_("Give at least two letters of the name.")))
        if self.domain.strip() and not self.own_domain:
            _refuse("domain", Phrase(N_("This is no company's own domain.")))

    @property
    def own_domain(self) -> str:
        """The registrable domain; "" for none, and for free and throw-away mail."""
        domain = registrable_domain(self.domain)
        return "" if is_free_mail(domain) or is_disposable(domain) else domain

    @property
    def full_name(self) -> str:
        """The company's whole name, which an account may go by from now on; "" for a fragment of one."""
        written = self.company.strip()
        name = written.removesuffix(ANY).strip()
        is_whole = len(spelled_words(name)) >= FEWEST_WORDS or (match_name(name).is_cjk and len(name) >= FEWEST_SIGNS)
        return name if is_whole and ANY not in name else ""

    @property
    def name_like(self) -> str:
        """The pattern for LIKE over names in lower case, with `ESCAPE`; only `*` means anything."""
        return "%".join(_escaped(piece) for piece in self.company.strip().lower().split(ANY))

    @property
    def key_like(self) -> str:
        """The same over normalised names: without case, accents and width."""
        pieces = (" ".join(spelled_words(piece)) for piece in self.company.strip().split(ANY))
        return "%".join(_escaped(piece) for piece in pieces)


def left_out(state: LeadState, *, account_id: int | None, is_linked_by_hand: bool, into: int) -> Phrase | None:
    """Why a lead that fits the pattern stays as it is; None when it is linked."""
    if state in CLOSED_STATES:
        return CLOSED
    if state is LeadState.ASSIGNED:
        return ASSIGNED
    if account_id == into:
        return LINKED_ALREADY
    return LINKED_BY_HAND if account_id is not None and is_linked_by_hand else None


def _escaped(text: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    return text


def _refuse(field: str, problem: Phrase) -> None:
    raise Invalid(problem, fields={field: problem})
