"""Who is concerned by an order, as far as planning needs to know: whom each audience means, and which ways lead to them.

No address is kept with a notice: a person is named by a key, and the address is read when the message is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b, sha256

from django.conf import settings

from milepost.ground.notices.words import Channel
from milepost.ground.procedures.words import CUSTOMER, OUTSIDE, RECIPIENT, STAKEHOLDERS
from milepost.way.intake.words import Address, Contact, ContactKind
from milepost.way.tracking.places import Place, zone_of

KINDS = {RECIPIENT: ContactKind.RECIPIENT, STAKEHOLDERS: ContactKind.STAKEHOLDER}


@dataclass(frozen=True, slots=True)
class Person:
    """Who ordered, and who else is named on the order."""

    customer_id: int
    filed_at: datetime
    language: str
    history: bool
    email: str
    phone: str
    zone: str
    ship_to: Address
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearer:
    """One who is to hear of a fact: how notices name them, in which language, and whether an address of each sort is known."""

    key: str
    language: str
    has_email: bool = False
    has_phone: bool = False


def hearers(audience: str, person: Person) -> Iterator[Hearer]:
    """Who of the audience hears of this order. A contact with the addresses of the one who ordered is no other person."""
    if audience == CUSTOMER:
        yield Hearer(f"customer:{person.customer_id}", person.language, bool(person.email), bool(person.phone))
    elif person.contacts:
        for one in others(audience, person.contacts, person.email, person.phone):
            yield Hearer(contact_key(one), one.language or person.language, bool(one.email), bool(one.phone))


def others(audience: str, contacts: Iterable[Contact], email: str, phone: str) -> Iterator[Contact]:
    """The contacts of an audience that are somebody else than who ordered."""
    mine = {email.strip().lower(), phone.strip(), ""}
    for one in contacts:
        theirs = {one.email.strip().lower(), one.phone.strip(), ""}
        if one.kind == KINDS.get(audience) and not theirs <= mine:
            yield one


def contact_key(contact: Contact) -> str:
    """How notices name a contact: the same person by the same address on all orders, and nothing that tells the address."""
    address = contact.email.strip().lower() or contact.phone.strip()
    return f"contact:{blake2b(address.encode(), key=_secret(), digest_size=12).hexdigest()}"


@cache
def _secret() -> bytes:
    return sha256(b"milepost contacts " + settings.SECRET_KEY.encode()).digest()


def leads_to(channel: str, audience: str, hearer: Hearer) -> bool:
    """Whether the channel leads to somebody of that audience."""
    if channel == Channel.EMAIL:
        return hearer.has_email
    if channel in (Channel.SMS, Channel.PHONE):
        return hearer.has_phone
    if channel in (Channel.PORTAL, Channel.WEB_PUSH):
        return audience == CUSTOMER
    return audience not in OUTSIDE


def zones_of(audience: str, zone: str, ship_to: Address) -> Sequence[str]:
    """The time zones in which somebody may be, the likeliest first.

    An order says in which zone its customer reads dates; where nobody said, it is the house's, and then the country, region and
    postcode that the goods go to tell more. The recipient of the goods is where the goods go.
    """
    home = str(settings.HOME_ZONE)
    if audience not in OUTSIDE:
        return (home,)
    if audience == CUSTOMER and zone and zone != home:
        return (zone,)
    possible = zone_of(Place(ship_to.city, ship_to.region, ship_to.postal_code, ship_to.country))
    if zone in possible and len(possible) > 1 and audience == CUSTOMER:
        return (zone, *(one for one in possible if one != zone))
    return possible or (zone or home,)
