"""What a password must be: long, and not guessable from what is known. Rules of composition only make it worse."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.phrases import N_, Phrase

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
"""Argon2 would take more; a limit keeps a request from buying minutes of hashing."""

SHORTEST_WORD = 3
FEWEST_LETTERS = 4

# The commonest of twelve and more characters, and the stems that longer ones are padded from.
_COMMONEST = frozenset(
    """
    123456789012 1234567890123 12345678901234 1q2w3e4r5t6y 1qaz2wsx3edc abcd12345678 abcdefghijkl administrator
    basketball123 changemeplease correcthorsebatterystaple dragondragon1 footballfootball monkeymonkey12 motdepasse123
    p@ssw0rd1234 princess1234 qwertyuiopas qwertyuiopasdfghjkl sunshine1234 superman1234 trustno1trustno1
    """.split()
)
_STEMS = (
    "password passwort kennwort qwertyuiop qwertzuiop qwerty qwertz letmein welcome iloveyou changeme pullboard admin"
).split()


def password_problem(password: str, *, email: str, name: str) -> Phrase | None:
    """Why `password` is not accepted for this person; None when it is. Length is counted in characters."""
    if len(password) < SHORTEST_PASSWORD:
        return Phrase(
            N_("Use at least %(count)s characters. A few words in a row are easy to remember."),
            {"count": SHORTEST_PASSWORD},
        )
    if len(password) > LONGEST_PASSWORD:
        return Phrase(N_("Use at most %(count)s characters."), {"count": LONGEST_PASSWORD})
    if _is_personal(password.casefold(), email.casefold(), name.casefold()):
        return Phrase(N_("Do not use your name or your e-mail address as the password."))
    if _is_common(password.casefold()):
        return Phrase(N_("This password is among the first that attackers try. Choose another."))
    return None


def _is_personal(password: str, email: str, name: str) -> bool:
    return _is_padded(password, [email, *email.replace("@", ".").split("."), name, *name.split()])


def _is_common(password: str) -> bool:
    return password in _COMMONEST or len(set(password)) < 4 or _is_padded(password, _STEMS)


def _is_padded(password: str, words: Iterable[str]) -> bool:
    """Whether nothing much is left of `password` without these words: a few letters, digits, signs."""
    rest = password
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, "")
    return rest != password and sum(character.isalpha() for character in rest) < FEWEST_LETTERS
