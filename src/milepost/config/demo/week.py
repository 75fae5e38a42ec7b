"""Lets the demo week happen: every step by the real command at its own instant, and every message sent when it was due."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Any

import orjson
from django.conf import settings

from milepost.config.demo import cast
from milepost.config.demo.stories import EARLY, LATELY, ONCE, Step, Wish, lately, steps_of
from milepost.ground.catalog import queries as catalog
from milepost.ground.duties import commands as duties
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as mailbox
from milepost.kernel.acts import Act
from milepost.plugs.senders.mailbox.sender import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.care import commands as care
from milepost.way.care import queries as conversations
from milepost.way.care.words import Channel, Inquiry, Reply
from milepost.way.cases import commands as cases
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Dispute, Rating
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.formats.checks import ups
from milepost.way.fulfilment.words import OWN_CARRIER, PackedLine, Packing, ParcelDraft, ShipmentCard, Shipping, State
from milepost.way.intake import commands as intake
from milepost.way.intake.words import Draft, Incoming, LineDraft, StatedPromise
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as known_orders
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import Cause, EventDraft, Kind

DAYS = 7
TOGETHER = timedelta(minutes=20)
"""Steps of one kind that lie no further apart are one act, as a warehouse packs and a carrier reports by the batch."""

WAITING = {"backorder": (("STOOL-ASH", 6),), "waiting": (("RUG-170", 1),)}
"""What the orders of these stories ask for, of which there is too little."""


def plan(now: datetime) -> tuple[list[Wish], list[Step]]:
    """Who orders what, and all that happens until now, in its order. The same every time, but for the clock."""
    chance = Random(20)  # noqa: S311 - a story, not a secret
    wishes: list[Wish] = []
    steps: list[Step] = []
    for place, story in enumerate(_stories(chance)):
        received_at = now - timedelta(hours=(DAYS * 24 - 5) * (1 - place / 62), minutes=chance.uniform(0, 50))
        wishes.append(_wish(chance, len(wishes), odd=story))
        steps += steps_of(len(wishes) - 1, received_at, story, now=now, chance=chance)
    for _, odd, beats in LATELY:
        wishes.append(_wish(chance, len(wishes), odd=odd))
        steps += lately(len(wishes) - 1, beats, now=now)
    return wishes, sorted(steps, key=lambda step: step.at)


def _stories(chance: Random) -> list[str]:
    """Sixty orders in the order of their arrival: the rare stories early, the usual ones throughout."""
    rare = [story for story in EARLY if story not in ("closed", "happy", "content", "silent", *ONCE)]
    usual = chance.choices(("happy", "content", "silent"), k=58 - 2 * len(rare))
    first = ["closed", "closed", *ONCE, *chance.sample([*rare, *usual[:10]], k=len(rare) + 10)]
    rest = [*rare[:6], *usual[10:], *rare[6:]]
    return [*first, *rest]


def _wish(chance: Random, place: int, *, odd: str) -> Wish:
    codes = chance.sample(
        [item.code for item in cast.ITEMS if item.code not in cast.SCARCE], k=chance.choice((1, 1, 2, 2, 3, 4))
    )
    lines = tuple((code, chance.choice((1, 1, 1, 2, 2, 3)) if "RUG" not in code else 1) for code in codes)
    lines = (*WAITING.get(odd, ()), *lines)[:4] if odd != "waiting" else WAITING[odd]
    channel = chance.choice(("api", "api", "api", "api", "portal", "email", "phone"))
    person = place if place < len(cast.PEOPLE) else chance.randrange(len(cast.PEOPLE) - 1)
    return Wish(person, lines, "phone" if not cast.PEOPLE[person].has_email else channel, odd)


class Week:
    """The week while it happens. `staff` are the ids by name; `key_id` is the web shop's API key."""

    def __init__(self, staff: dict[str, int], key_id: int, wishes: Sequence[Wish]) -> None:
        self.staff, self.key_id, self.wishes = staff, key_id, wishes
        self.ids: dict[int, int] = {}
        self.clock = datetime.min.replace(tzinfo=UTC)
        self.sender = MailboxSender(
            keep=notices.keep_in_mailbox, which=mailbox.kept_in_mailbox, clock=lambda: self.clock,
            sent_from=str(settings.MAIL_FROM),
        )  # fmt: skip

    def happen(self, steps: Sequence[Step], *, until: datetime) -> None:
        """Everything in its order; the clocks run along, and what they find comes due in between."""
        looked_at = steps[0].at
        for verb, several in _acts(steps):
            self.clock = max(self.clock, *(step.at for step in several))
            _VERBS.get(verb, Week._track)(self, several)
            self._send()
            if self.clock - looked_at > timedelta(hours=3):
                looked_at = self.clock
                self._look()
        self.clock = until
        self._look()
        self._send()

    def _send(self) -> None:
        notices.send_due(now=self.clock, sender=self.sender, compose=compose)

    def _look(self) -> None:
        """What the worker's clocks do."""
        act = self._act("system:clock", "worker")
        tracking.look_after(act=act)
        cases.find_delays(act=act)
        closeout.accept_silent(act=act)
        closeout.close_due(act=act)
        duties.check_due(self.clock)

    def _act(self, actor: str, channel: str, reason: str = "") -> Act:
        return Act.now(actor, channel=channel, now=self.clock, reason=reason)

    def _by(self, name: str, reason: str = "") -> Act:
        return self._act(f"staff:{self.staff[name]}", "desk", reason)

    def _orders(self, steps: Sequence[Step]) -> list[int]:
        return [self.ids[step.order] for step in steps]

    def _receive(self, steps: Sequence[Step]) -> None:
        (step,) = steps
        wish = self.wishes[step.order]
        draft = _draft(wish, self.clock)
        raw = orjson.dumps({"lines": [{"code": code, "quantity": quantity} for code, quantity in wish.lines]})
        act = self._by("Mona") if wish.channel == "phone" else self._act(f"key:{self.key_id}", wish.channel)
        (receipt,) = intake.receive([Incoming(draft=draft, raw=raw)], act=act)
        self.ids[step.order] = receipt.order_id

    def _release(self, steps: Sequence[Step]) -> None:
        for kind, several in _grouped(steps, lambda step: step.detail):
            act = self._by("Omar", kind[1])
            orders.release(self._orders(several), kind=kind[0], outcome=kind[1], act=act)

    def _cancel(self, steps: Sequence[Step]) -> None:
        for reason, several in _grouped(steps, lambda step: step.detail):
            act = self._by("Mona", "The customer called and changed their mind.")
            orders.cancel(self._orders(several), reason_code=reason, act=act)

    def _pick(self, steps: Sequence[Step]) -> None:
        fulfilment.pick(self._orders(steps), act=self._by("Femi"))

    def _pack(self, steps: Sequence[Step]) -> None:
        fulfilment.pack([Packing(order_id=order_id) for order_id in self._orders(steps)], act=self._by("Femi"))

    def _pack_two(self, steps: Sequence[Step]) -> None:
        cards = known_orders.cards(self._orders(steps))
        fulfilment.pack(
            [Packing(order_id=key, parcels=tuple(_boxes(card.lines))) for key, card in cards.items()],
            act=self._by("Femi"),
        )

    def _ship(self, steps: Sequence[Step]) -> None:
        boxes = shipments.shipments_of(self._orders(steps))
        fulfilment.ship(
            [
                Shipping(
                    order_id=self.ids[step.order], carrier=step.detail, service="standard",
                    tracking_numbers=tuple(_numbers(step.detail, boxes[self.ids[step.order]])),
                )
                for step in steps
            ],
            act=self._by("Lena"),
        )  # fmt: skip

    def _track(self, steps: Sequence[Step]) -> None:
        """What carriers say, of each parcel of the orders."""
        boxes = shipments.shipments_of(self._orders(steps))
        for carrier, several in _grouped(steps, lambda step: boxes[self.ids[step.order]][0].carrier):
            drafts = [
                _event(step, parcel.id, self.wishes[step.order])
                for step in several
                for shipment in boxes[self.ids[step.order]]
                for parcel in shipment.parcels
                if parcel.shipped_at is not None
            ]
            act = self._by("Lena") if carrier == OWN_CARRIER else self._act(f"carrier:{carrier}", "api")
            tracking.record_events(drafts, act=act, source=carrier)

    def _restock(self, steps: Sequence[Step]) -> None:
        for (code, quantity), _ in _grouped(steps, lambda step: step.detail):
            receipt = StockReceipt(
                item_id=catalog.by_code([code])[code].id, location="BERLIN", quantity=Decimal(quantity)
            )
            stock.receive_stock([receipt], act=self._by("Ines", "The supplier has delivered."))

    def _rate(self, steps: Sequence[Step]) -> None:
        closeout.rate(
            [Rating(order_id=self.ids[step.order], rating=step.detail, comment=_comment(step)) for step in steps],
            act=self._act("customer", "portal"),
        )

    def _accept(self, steps: Sequence[Step]) -> None:
        closeout.accept(self._orders(steps), act=self._act("customer", "portal"))

    def _dispute(self, steps: Sequence[Step]) -> None:
        closeout.dispute(
            [Dispute(order_id=self.ids[step.order], what=step.detail) for step in steps],
            act=self._act("customer", "portal"),
        )

    def _ask(self, steps: Sequence[Step]) -> None:
        care.receive(
            [Inquiry(channel=Channel.PORTAL, words=step.detail, order_id=self.ids[step.order]) for step in steps],
            act=self._act("customer", "portal"),
        )

    def _answer(self, steps: Sequence[Step]) -> None:
        going = conversations.going_of(self._orders(steps))
        replies = [Reply(conversation_id=going[self.ids[step.order]][0].id, words=step.detail) for step in steps]
        care.answer(replies, act=self._by("Mona"))


_VERBS: dict[str, Callable[[Week, Sequence[Step]], None]] = {
    "receive": Week._receive,
    "release": Week._release,
    "cancel": Week._cancel,
    "pick": Week._pick,
    "pack": Week._pack,
    "pack_two": Week._pack_two,
    "ship": Week._ship,
    "restock": Week._restock,
    "rate": Week._rate,
    "accept": Week._accept,
    "dispute": Week._dispute,
    "ask": Week._ask,
    "answer": Week._answer,
}


def _acts(steps: Sequence[Step]) -> Iterator[tuple[str, list[Step]]]:
    """Steps of one kind that lie close together become one act; orders come in one by one."""
    while steps:
        first = steps[0]
        soon = [step for step in steps if step.at - first.at <= TOGETHER] if first.verb != "receive" else [first]
        busy: set[int] = set()
        together = []
        for step in soon:
            if step.verb == first.verb and step.order not in busy:
                together.append(step)
            busy.add(step.order)
        yield first.verb, together
        steps = [step for step in steps if step not in together]


def _grouped(steps: Sequence[Step], key: Callable[[Step], Any]) -> Iterator[tuple[Any, list[Step]]]:
    for value, several in groupby(sorted(steps, key=lambda step: str(key(step))), key=key):
        yield value, list(several)


def _draft(wish: Wish, at: datetime) -> Draft:
    person = cast.PEOPLE[wish.person]
    prices = {item.code: item.price for item in cast.ITEMS}
    lines = [LineDraft(code=code, quantity=Decimal(quantity), price=prices[code]) for code, quantity in wish.lines]
    address = person.address
    if wish.odd == "price":
        lines[0] = replace(lines[0], price=prices[lines[0].code] * Decimal("0.80"))
    if wish.odd == "quantity":
        lines[0] = LineDraft(code="CANDLE-3", quantity=Decimal(60), price=prices["CANDLE-3"])
    if wish.odd == "address":
        address = replace(address, postal_code="")
    promised = StatedPromise(latest_on=(at + timedelta(days=2)).date()) if wish.odd == "quiet" else None
    return Draft(
        promised=promised, customer=person.draft, ship_to=address, lines=tuple(lines), currency="EUR", freight=Decimal("6.90"),
        payment_pending=wish.odd == "payment", zone=person.zone,
    )  # fmt: skip


def _boxes(lines: Sequence[Any]) -> Iterator[ParcelDraft]:
    """Each line in a box of its own; a single line by halves where it can be halved."""
    for line in lines:
        yield ParcelDraft(lines=(PackedLine(position=line.position, quantity=line.quantity),))


def _numbers(carrier: str, boxes: Sequence[ShipmentCard]) -> Iterator[str]:
    """Numbers as the carriers write them, for what stands packed; our own drivers' parcels bear ours."""
    forms = {"dhl": "JJD0003904{:09d}", "gls": "8600{:08d}", "ups": "6V780403{:07d}"}
    if carrier not in forms:
        return
    for parcel in (parcel for shipment in boxes if shipment.state == State.PACKED for parcel in shipment.parcels):
        number = forms[carrier].format(50_000 + parcel.id)
        yield f"1Z{number}{ups(number)}" if carrier == "ups" else number


def _event(step: Step, parcel_id: int, wish: Wish) -> EventDraft:
    cause, days = step.detail if step.verb == "delayed" else (None, 0)
    city = cast.PEOPLE[wish.person].city
    places = {Kind.PICKED_UP: "Berlin", Kind.IN_TRANSIT: "Berlin", Kind.ARRIVED_HUB: "Leipzig"}
    kind = Kind(step.verb)
    return EventDraft(
        kind=kind, parcel_id=parcel_id, happened_at=step.at, place=places.get(kind, city), cause=Cause(cause) if cause else None,
        estimate_on=(step.at + timedelta(days=days)).date() if days else None,
        received_by=cast.PEOPLE[wish.person].name if kind == Kind.DELIVERED else "",
    )  # fmt: skip


def _comment(step: Step) -> str:
    return cast.COMPLAINT if step.detail <= 2 else cast.PRAISE[step.order % len(cast.PRAISE)]
