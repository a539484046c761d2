"""The personas of the demo: whom a visitor can sign in as, and what is worth trying as each."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.phrases import N_, Phrase


@dataclass(frozen=True, slots=True)
class Persona:
    """One person of the demo's world, known by its address, with two or three things to try."""

    email: str
    tries: tuple[Phrase, ...]


def _persona(email: str, *tries: str) -> Persona:
    return Persona(email, tuple(map(Phrase, tries)))


PERSONAS: tuple[Persona, ...] = (
    _persona(
        "nora@nordwind.example",
        N_("Accept a lead that is reserved to you, and read why it is"),
        N_("Claim a lead from the board, then log your first call"),
        N_("Compare the boards of three manufacturers on one page"),
        N_("Invite a colleague and open the invitation in the mailbox"),
    ),
    _persona(
        "nils@nordwind.example",
        N_("Race Nora: open the board in a second browser and claim the same lead"),
        N_("Write down what the prospect said, and set a follow-up"),
    ),
    _persona("sven@rheintal.example", N_("Race Nora: around Hamburg and Bremen you both see the same leads")),
    _persona(
        "kenji@kansai-motion.example",
        N_("Accept or decline a lead that is offered to you alone"),
        N_("Read the whole application in Japanese"),
    ),
    _persona("kaori@kansai-motion.example", N_("Work a lead up to the quote and close it as won")),
    _persona(
        "lukas@isarwerk.example",
        N_("Find out why you see a lead, and why others do not"),
        N_("Log the call that is overdue"),
    ),
    _persona("reto@alpstein.example", N_("Sell for two manufacturers from Zürich, each with its own tier")),
    _persona("travis@lonestar.example", N_("Claim a lead with all places taken, and read what restores it")),
    _persona(
        "ada@acme.example",
        N_("See where each lead is, and who must act next"),
        N_("Change a tier or a form, and read it in the audit trail"),
    ),
    _persona(
        "carl@acme.example",
        N_("Find overlaps and gaps of the territories"),
        N_("Open a known company: its names, its family, its deals, and whose its leads are"),
        N_("End a certification and watch offers disappear"),
    ),
    _persona(
        "ines@acme.example",
        N_("Decide by keyboard which known companies the near matches are"),
        N_("Assign a lead from the direct queue"),
        N_("Mend what waits in quarantine, or import a list"),
    ),
    _persona("hanna@acme.example", N_("Work a lead of your own customer, which never was on a board")),
    _persona("vera@acme.example", N_("Read everything, change nothing")),
    _persona(
        "misaki@aozora.example",
        N_("Enter a lead that came by telephone"),
        N_("Read why nobody could be offered a lead"),
    ),
    _persona(
        "grace@lakeshore.example",
        N_("See a lead with its rounds, activities and figures in dollars"),
        N_("Open the web form and send an inquiry as a prospect"),
    ),
)
"""In the order of the page: first the partners, then the manufacturers."""
