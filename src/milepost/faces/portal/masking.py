"""What may be shown to whoever has a link: contacts as their owner knows them again, and places without anybody's street or name.

Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from milepost.way.intake.words import Address

HIDDEN = "•••"
SHOWN_DIGITS = 2
SHORTEST = 3
"""Words of an address that are shorter than this betray nobody."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the customer on which a code can go: the channel, and the address with its middle hidden."""

    channel: str
    shown: str


def ways(email: str, phone: str) -> tuple[Way, ...]:
    """All ways to a contact."""
    found = (("email", masked_email(email)), ("sms", masked_phone(phone)))
    return tuple(Way(channel, shown) for channel, shown in found if shown)


def masked_email(email: str) -> str:
    """`m•••@example.org`; nothing for what is no address."""
    local, at, domain = email.strip().rpartition("@")
    return f"{local[:1]}{HIDDEN}@{domain}" if at and local and domain else ""


def masked_phone(phone: str) -> str:
    """`••• 42`; nothing where there is no number."""
    digits = [character for character in phone if character.isdigit()]
    return f"{HIDDEN} {''.join(digits[-SHOWN_DIGITS:])}" if len(digits) > 2 * SHOWN_DIGITS else ""


def town(place: str, city: str, country: str, address: Address, *people: str) -> str:
    """Where something happened, for everybody: town and country where they are known, else what was written, unless it names the
    address of the order, or one of its people."""
    if city:
        return ", ".join(part for part in (city, country) if part)
    return "" if names_somebody(place, address, *people) else place


def names_somebody(text: str, address: Address, *people: str) -> bool:
    """Whether a text holds a word of the address or of a name; the town itself is none."""
    return not _secrets(address, people).isdisjoint(_words(text))


def without_who(text: str, address: Address, *people: str) -> str:
    """A text that people wrote, with the words of the address and of the names hidden."""
    secrets = _secrets(address, people)
    return re.sub(r"\w+", lambda word: HIDDEN if word[0].casefold() in secrets else word[0], text) if secrets else text


def _secrets(address: Address, people: Sequence[str]) -> frozenset[str]:
    secret = f"{address.street} {address.name} {address.company} {address.postal_code} {' '.join(people)}"
    return frozenset(_words(secret)) - frozenset(_words(f"{address.city} {address.region} {address.country}"))


def _words(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[^\w]+", text.casefold()) if len(word) >= SHORTEST)
