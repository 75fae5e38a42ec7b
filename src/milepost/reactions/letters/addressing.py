"""To whom a notice goes: the address on its channel, read from the order at the moment of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from milepost.ground.notices import people
from milepost.ground.notices.words import Channel, DueNotice, Reason, WantedNotice, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import ConsentClass
from milepost.ground.procedures.words import CUSTOMER, RECIPIENT, Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters.ledger import Account
from milepost.reactions.people import Hearer, contact_key, leads_to, others
from milepost.way.intake.words import Contact
from milepost.way.orders.words import OrderCard

BY_PHONE = frozenset({Channel.SMS, Channel.PHONE})
NO_BROWSER = "no browser of theirs takes messages"
OF_THE_ADDRESS = "the e-mail address itself is in question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """One who hears of an order: their name and addresses as the order has them now."""

    key: str
    audience: str
    name: str
    email: str
    phone: str
    language: str
    customer_id: int | None = None

    def on(self, channel: str) -> str:
        """Their address on a channel; empty where none is known. One who is pushed to is found by who they are."""
        if channel == Channel.EMAIL:
            return self.email
        if channel in BY_PHONE:
            return self.phone
        return self.key

    @property
    def hearer(self) -> Hearer:
        """As planning sees them."""
        return Hearer(self.key, self.language, bool(self.email), bool(self.phone))


def addressee(notice: DueNotice, order: OrderCard) -> Addressee | None:
    """Who hears of it now; None where the contact that it was planned for is not on the order any more."""
    if notice.audience == CUSTOMER:
        return Addressee(
            key=notice.recipient_key, audience=CUSTOMER, name=order.contact_name, email=order.email, phone=order.phone,
            language=notice.language, customer_id=order.customer_id,
        )  # fmt: skip
    contact = _contact(notice, list(others(notice.audience, order.contacts, order.email, order.phone)))
    if contact is None:
        return None
    return Addressee(
        key=notice.recipient_key, audience=notice.audience, name=contact.name, email=contact.email, phone=contact.phone,
        language=notice.language,
    )  # fmt: skip


def _contact(notice: DueNotice, contacts: Sequence[Contact]) -> Contact | None:
    """The contact that it was planned for; of a recipient whose address was put right, the one who is it now."""
    found = next((one for one in contacts if contact_key(one) == notice.recipient_key), None)
    return found or (contacts[0] if notice.audience == RECIPIENT and contacts else None)


def nowhere(notice: DueNotice, account: Account, to: Addressee | None) -> str:
    """Why the notice finds nobody on its channel; empty where it does."""
    if to is None:
        return "the one it was meant for is not named on the order any more"
    if not to.on(notice.channel):
        what = "e-mail address" if notice.channel == Channel.EMAIL else "phone number"
        return f"the order has no {what}"
    if (
        notice.channel == Channel.EMAIL
        and to.audience == CUSTOMER
        and any(question.code == "bad_email" for question in account.questions)
    ):
        return OF_THE_ADDRESS
    return ""


def unwanted(wanted: Mapping[UUID, tuple[DueNotice, Addressee]], book: Book) -> dict[UUID, tuple[Reason, str]]:
    """Which of the notices nobody wants on their channel, and why. Two statements: addresses that are stopped, and consents.

    What is about somebody's own order needs no consent, and ends when they say so (NTF-1).
    """
    ways = {(notice.channel, to.on(notice.channel)) for notice, to in wanted.values()}
    stops = parties.open_stops(ways) if ways else {}
    customers = sorted({to.customer_id for _, to in wanted.values() if to.customer_id is not None})
    said = parties.consents(customers) if customers else {}
    asked_first = book.consent.asked()
    found = dict.fromkeys(_pushed_at_nothing(wanted), (Reason.NOT_SET_UP, NO_BROWSER))
    for key, (notice, to) in wanted.items():
        stop = stops.get((notice.channel, to.on(notice.channel)))
        if stop:
            found[key] = (
                Reason.STOPPED,
                f"this address is stopped since {stop.stopped_at:%d %b %Y}: {_words(stop.reason)}",
            )
        elif to.customer_id is not None and to.customer_id in said:
            sort = _sort(notice, book)
            if not said[to.customer_id].allows(sort, notice.channel, asked_first=asked_first):
                found[key] = Reason.NO_CONSENT, f"they want no {sort} messages by {_words(notice.channel)}"
    return found


def _pushed_at_nothing(wanted: Mapping[UUID, tuple[DueNotice, Addressee]]) -> list[UUID]:
    """The pushes for which no browser of theirs waits. One statement; none where nothing is pushed."""
    pushes = {key: (notice, to) for key, (notice, to) in wanted.items() if notice.channel == Channel.WEB_PUSH}
    if not pushes:
        return []
    known = people.browsers({to.key for _, to in pushes.values()}) if settings.VAPID_PRIVATE_KEY else {}
    return [
        key
        for key, (notice, to) in pushes.items()
        if not any(one.order_id in (None, notice.order_id) for one in known.get(to.key, ()))
    ]


def _sort(notice: DueNotice, book: Book) -> str:
    """What the message is for, as its template says."""
    try:
        return book.template(notice.template, notice.language).category
    except Refused:
        return ConsentClass.TRANSACTIONAL


def _words(code: str) -> str:
    return code.replace("_", " ")


def turned(notice: DueNotice, reason: Reason, why: str, instead: WantedNotice | None) -> Withheld:
    """Not on this channel, for this reason; on the next one where there is one."""
    on = f" Told by {_words(instead.channel)} instead." if instead else ""
    return Withheld(reason=reason, says=f"Not sent: {why}.{on}", instead=instead)


def can_take(channel: str, to: Addressee) -> bool:
    """Whether the channel leads to them."""
    return leads_to(channel, to.audience, to.hearer)
