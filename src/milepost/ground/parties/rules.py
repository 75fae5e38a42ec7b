"""Which customers are one and the same, which addresses are, and what one word by text message asks for: pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from milepost.ground.parties import sms_words
from milepost.ground.parties.words import CustomerDraft, SmsWord


class Person(NamedTuple):
    """A customer as a draft names them, tidied: what they are found by first."""

    external_ref: str
    email: str
    name: str
    phone: str
    language: str
    zone: str


class OnRecord(NamedTuple):
    """A customer on record, by what they are found by."""

    id: int
    external_ref: str
    email: str


@dataclass(slots=True)
class Matches:
    """What is known of each person: their id, or the place of the new person who they are; and who gets a reference."""

    ids: list[int | None] = field(default_factory=list)
    new_at: list[int] = field(default_factory=list)
    new: list[Person] = field(default_factory=list)
    adopted: dict[int, str] = field(default_factory=dict)


def tidied(draft: CustomerDraft) -> Person:
    """The draft with what people are found by in one spelling."""
    return Person(
        draft.external_ref.strip(), draft.email.strip().lower(), draft.name.strip(), draft.phone.strip(), draft.language, draft.zone
    )  # fmt: skip


def match(people: Sequence[Person], on_record: Iterable[OnRecord]) -> Matches:
    """Find each person: by reference; else by an address without reference; without own reference by any address.

    Two of a batch who would be found as one are one. Places of new people stand as negative ids while matching.
    """
    by_ref: dict[str, int] = {}
    alone: dict[str, int] = {}
    by_email: dict[str, int] = {}
    for known in sorted(on_record):
        _learn(known.id, known.external_ref, known.email, by_ref, alone, by_email)
    matches = Matches()
    for person in people:
        found = by_ref.get(person.external_ref) or alone.get(person.email)
        if found is None and not person.external_ref:
            found = by_email.get(person.email)
        if found is None:
            matches.new.append(person)
            found = -len(matches.new)
            _learn(found, person.external_ref, person.email, by_ref, alone, by_email)
        elif person.external_ref and person.external_ref not in by_ref:
            _give_reference(found, person, matches)
            by_ref[person.external_ref] = found
            del alone[person.email]
        matches.ids.append(found if found > 0 else None)
        matches.new_at.append(-found - 1)
    return matches


def _learn(
    found: int, ref: str, email: str, by_ref: dict[str, int], alone: dict[str, int], by_email: dict[str, int]
) -> None:
    if ref:
        by_ref[ref] = found
    elif email:
        alone.setdefault(email, found)
    if email:
        by_email.setdefault(email, found)


def _give_reference(found: int, person: Person, matches: Matches) -> None:
    if found > 0:
        matches.adopted[found] = person.external_ref
    else:
        place = -found - 1
        matches.new[place] = matches.new[place]._replace(external_ref=person.external_ref)


_NUMBER = re.compile(r"[\d\s+()/.-]+")
LEAST_DIGITS = 4


def dialled(text: str) -> str:
    """The digits of a phone number, whole or half typed, that are the same from wherever it is dialled.

    +49, 0049 and the trunk's 0 are left out. Empty for what is no number, or too little of one to find anybody by.
    """
    if not _NUMBER.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text)
    if text.lstrip(" (").startswith("+") or digits.startswith("00"):
        digits = _without_country(digits.lstrip("0"))
    digits = digits.lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""


def _without_country(digits: str) -> str:
    lengths = (n for n in (1, 2, 3) if digits[:n].isdecimal() and int(digits[:n]) in COUNTRY_CODE_TO_REGION_CODE)
    return digits[next(lengths, 0) :]


BY_NUMBER = frozenset({"sms", "phone"})
"""Channels whose addresses are phone numbers."""


def as_written(channel: str, address: str) -> str:
    """An address in one spelling: an e-mail address in small letters, a phone number as +491701234567 or its plain digits."""
    plain = address.strip()
    if channel not in BY_NUMBER:
        return plain.lower() if channel == "email" else plain
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("00"):
        return f"+{digits.lstrip('0')}"
    return f"+{digits}" if plain.lstrip(" (").startswith("+") else digits


def address_key(channel: str, address: str) -> str:
    """What an address is found by: of a phone number the part that is the same from wherever it is dialled. Empty for none."""
    if channel not in BY_NUMBER:
        return as_written(channel, address)
    number = dialled(address.strip())
    return number[1:] if _NORTH_AMERICAN.fullmatch(as_written(channel, address)) else number


_NORTH_AMERICAN = re.compile(r"1[2-9]\d{9}")
"""1-212-555-0123: there the country's 1 is written without its plus."""


def is_same_address(channel: str, one: str, other: str) -> bool:
    """Whether two addresses with the same key are one: numbers of two countries are not, even with the same digits."""
    first, second = as_written(channel, one), as_written(channel, other)
    return first == second or (channel in BY_NUMBER and not (first.startswith("+") and second.startswith("+")))


def sms_word(text: str) -> SmsWord | None:
    """What a text message asks for by its word, in several languages and however it is written; None: it is no such word.

    See `sms_words` for the words. What stands on further lines (a signature, what was quoted) does not count.
    """
    words = _words(next((line for line in text.splitlines() if line.strip()), ""))
    joined = "".join(words)
    if joined in sms_words.STRONG or "".join(word for word in words if word not in sms_words.PLEASE) in sms_words.ALONE:
        return SmsWord.STOP
    told = [word for word in words if word not in sms_words.BESIDE]
    if (told and "".join(told) in sms_words.STRONG) or _only(told, sms_words.STRONG):
        return SmsWord.STOP
    if joined in sms_words.START or (len(told) == 1 and told[0] in sms_words.START):
        return SmsWord.START
    return SmsWord.HELP if joined in sms_words.HELP or (len(told) == 1 and told[0] in sms_words.HELP) else None


def _only(told: Sequence[str], meant: frozenset[str]) -> bool:
    """Whether the first word says it, and only a short number stands behind it ("STOP 36180")."""
    return bool(told) and told[0] in meant and all(word.isdecimal() for word in told[1:])


def _words(line: str) -> list[str]:
    """The words of a line in small letters, without accents, Arabic vowel signs and punctuation."""
    plain = unicodedata.normalize("NFKD", line.casefold())
    return re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one) and one != TATWEEL))


TATWEEL = "\u0640"
"""Draws an Arabic word out without changing it."""
