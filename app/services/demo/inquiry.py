"""One prospect's asking in the demo's world: who asks whom for what, when, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.domain.submissions import Channel
from app.services.demo.stories import Fate


@dataclass(frozen=True, slots=True)
class Sender:
    """A company that asks, as its contact writes it: a known one, one like it, or one that asks more than once.

    What is empty is made up like for anybody else; `address` is the network address the form was sent from.
    """

    company: str
    domain: str = ""
    job_title: str = ""
    department: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One prospect's asking. `worth` is what it says it wants to spend, in its manufacturer's currency.

    `hours` counts exactly from now: what is on the board must still be open. `days` goes back to an office hour.
    """

    maker: str
    town: str
    lines: str
    fate: Fate
    hours: float = 0
    days: int = 0
    worth: int = 0
    consent: str = "any"
    channel: Channel = Channel.FORM
    source: str = ""
    score: int | None = None
    is_hot: bool = False
    asks_again_after_days: int = 0
    sender: Sender | None = None


def euro(amount: int) -> Money:
    """An amount of euros."""
    return Money(amount * 100, "EUR")


def dollar(amount: int) -> Money:
    """An amount of dollars."""
    return Money(amount * 100, "USD")


def yen(amount: int) -> Money:
    """An amount of yen, kept in hundredths like every amount."""
    return Money(amount * 100, "JPY")
