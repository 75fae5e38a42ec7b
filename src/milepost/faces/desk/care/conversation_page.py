"""What the page of a conversation shows: what was said, the order in short, and what the ledger would answer (INQ-1, INQ-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from milepost.faces.desk.people import People, people
from milepost.ground.access.models import Staff
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.ground.procedures import queries as procedures
from milepost.way.care import queries as care
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import LIVE, ConversationCard, InteractionCard, Presence, Topic
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Progress

ASK_WHERE = frozenset({Topic.STATUS, Topic.QUESTION})


@dataclass(frozen=True, slots=True)
class Said:
    """One contact, and by whom."""

    card: InteractionCard
    by: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel in one line: where it is, and since when."""

    card: ParcelCard
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What was said, and whether they are here."""

    card: ConversationCard
    said: Sequence[Said]
    is_here: bool
    is_typing: bool
    assignee: str
    now: datetime

    @property
    def is_late(self) -> bool:
        """Whether they wait for longer than they should."""
        return self.card.due_at is not None and self.card.due_at < self.now

    @property
    def verbs(self) -> frozenset[str]:
        """What can be done in this state."""
        return frozenset(one.verb for one in CONVERSATION.verbs(self.card.state))

    def etag(self) -> str:
        """Changes when anything shown does."""
        shown = repr((self.card, [one.card for one in self.said], self.is_here, self.is_typing, self.is_late))
        return f'"{sha256(shown.encode()).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """With whom it is held and what it is about."""

    order: OrderCard | None
    promise: PromiseCard | None
    parcels: Sequence[Parcel]
    customer: CustomerCard | None


def talk(conversation_id: UUID, me: Staff, *, now: datetime, named: People | None = None) -> Talk | None:
    """The thread of a conversation, or None. Five statements."""
    card = care.conversation(conversation_id)
    if card is None:
        return None
    names = named or people()
    seen = _seen(card)
    here = seen is not None and seen.is_here(now, procedures.book().inquiries.here_seconds)
    said = [Said(one, _by(one, card, names)) for one in care.thread(conversation_id)]
    return Talk(
        card=card, said=said, is_here=here, is_typing=here and seen is not None and seen.is_typing(now),
        assignee=names.staff_name(card.assignee), now=now,
    )  # fmt: skip


def contacts_about(order_id: int, named: People) -> list[Said]:
    """All that was said about an order on every channel, the newest first, for its page. One statement."""
    return [
        Said(one, one.name if one.direction == "in" and one.staff_id is None and one.name else named.name(one.actor))
        for one in care.of_order(order_id)
    ]


def _seen(card: ConversationCard) -> Presence | None:
    if card.order_id is None or card.is_stranger:
        return None
    key = care.of_order_key(card.order_id)
    return care.presence([key]).get(key)


def _by(one: InteractionCard, card: ConversationCard, names: People) -> str:
    """Who said it; of what they said the name under which they wrote."""
    if one.direction == "in" and one.staff_id is None:
        return one.name or card.name or names.name(one.actor)
    return names.name(one.actor)


def about(card: ConversationCard) -> About:
    """The order of a conversation in short, and its customer. At most seven statements."""
    order = orders.card(card.order_id) if card.order_id is not None else None
    customer = parties.cards([card.customer_id]).get(card.customer_id) if card.customer_id is not None else None
    if order is None:
        return About(order=None, promise=None, parcels=(), customer=customer)
    standing = promising.standing([order.id]).get(order.id)
    progress = {one.parcel_id: one for one in tracking.progress([order.id]).get(order.id, [])}
    parcels = [
        Parcel(parcel, progress.get(parcel.id))
        for shipment in fulfilment.shipments_of([order.id]).get(order.id, ())
        for parcel in shipment.parcels
    ]
    return About(order=order, promise=standing.now if standing else None, parcels=parcels, customer=customer)


def proposal(card: ConversationCard, *, now: datetime) -> str:
    """What the ledger would answer, for the customer of an order only: whoever else knows its number is told nothing unasked."""
    if card.order_id is None or card.is_stranger:
        return ""
    from milepost.reactions.letters.proposing import proposed  # what few processes of the desk need

    return proposed(card.order_id, now=now)


def can_answer(card: ConversationCard, known: About) -> bool:
    """Whether an answer finds them: on the order's page, or at an e-mail address."""
    if card.channel in LIVE and card.order_id is not None:
        return True
    if card.is_stranger:
        return "@" in card.address
    return bool(known.order.email if known.order else known.customer and known.customer.email)


def offers_itself(card: ConversationCard) -> bool:
    """Whether the proposed answer stands in the box from the beginning: they wait, and ask where it is."""
    return card.is_open and card.topic == Topic.STATUS
