"""A shop with years of trade behind it, made by the house's own bulk commands: most orders walked to their end, the last have not.

The same number of orders always makes the same shop: 5,000 items of which some sell far more than others, a customer for every
four orders, one to four lines an order. Of the last twenty-fifth nothing is history: it waits to be paid, picked, packed, handed
over, is on its way, or late, with the duties and messages that follow.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

ITEMS, SCARCE = 5000, 50
SPAN, LATELY = timedelta(days=400), timedelta(days=9)
LIVE = 0.04
AT_ONCE = 1000
COLOURS = (
    "Blue", "Red", "Green", "White", "Black", "Grey", "Ochre", "Slate", "Ivory", "Amber", "Copper", "Moss", "Sand", "Plum", "Coral",
    "Navy", "Teal", "Rust", "Pearl", "Smoke",
)  # fmt: skip
STUFFS = ("steel", "oak", "glass", "linen", "wool", "ceramic", "cotton", "bamboo", "leather", "cork")
THINGS = (
    "kettle", "mug", "lamp", "bowl", "chair", "table", "vase", "rug", "shelf", "clock", "basket", "board", "tray", "stool", "hook",
    "mirror", "frame", "jug", "plate", "knife", "spoon", "throw", "cushion", "candle", "box",
)  # fmt: skip
GIVEN = (
    "Ada", "Bruno", "Chiara", "Dario", "Elif", "Femke", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Lars", "Mona", "Nuria", "Omar",
    "Paula", "Quentin", "Rosa", "Stefan", "Tilda", "Ulla", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoe", "Émile", "Søren", "Jürgen",
    "Łucja", "Michael", "Anna", "Thomas", "Sabine", "Peter", "Maria", "Andreas", "Julia", "Martin", "Sophie",
)  # fmt: skip
STEMS = (
    "Acker", "Bach", "Berg", "Brand", "Busch", "Dorn", "Eber", "Eich", "Feld", "Fink", "Fuchs", "Gross", "Haber", "Hart", "Hein",
    "Hoff", "Kauf", "Keller", "Kirch", "Kohl", "Lang", "Lind", "Neu", "Ober", "Oster", "Pfeif", "Rein", "Ritter", "Roth", "Sand",
    "Schaf", "Schnei", "Stein", "Stern", "Thal", "Unter", "Vogel", "Wald", "Weber", "Wolf",
)  # fmt: skip
ENDINGS = ("mann", "er", "berg", "bach", "feld", "stein", "hoff", "meier", "haus", "ing", "sen", "wald")
USUAL = ("Müller", "Schmidt", "Schneider", "Fischer", "Meyer")
"""The names of every seventh customer."""
CITIES = (("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München"), ("04109", "Leipzig"))
CARRIERS = {"dhl": "JJD0003{:011d}", "gls": "86{:010d}", "ups": "1Z6V78{:012d}"}
Says = Callable[[str], None]


def item_code(number: int) -> str:
    return f"{THINGS[number % 25][:3].upper()}-{number:04d}"


def item_name(number: int) -> str:
    return f"{COLOURS[number // 250]} {STUFFS[number // 25 % 10]} {THINGS[number % 25]}"


def name_of(customer: int) -> str:
    given = GIVEN[customer % len(GIVEN)]
    if customer % 7 == 0:
        return f"{given} {USUAL[customer // 7 % len(USUAL)]}"
    return f"{given} {STEMS[customer // 40 % 40]}{ENDINGS[customer // 1600 % 12]}"


def email_of(customer: int) -> str:
    plain = name_of(customer).lower().translate(str.maketrans("éøüł", "eoul"))
    return f"{plain.replace(' ', '.')}{customer}@shoppers.example"


def phone_of(customer: int) -> str:
    return f"+49 30 {9_000_000 + customer}"


@dataclass
class Years:
    """The shop of so many orders, with its present instant. `says` hears how far it is."""

    orders: int
    now: datetime
    says: Says = print

    def build(self) -> None:
        """Make what is not there yet; begun and broken off, it goes on where it was."""
        from milepost.way.orders.models import Order

        self._hurry()
        if not Order.objects.exists():
            self._furnish()
        at_once = max(50, min(AT_ONCE, self.orders // 50))
        done, began = Order.objects.count() // at_once * at_once, time.monotonic()
        first = done
        while done < self.orders:
            self._set(done, min(at_once, self.orders - done))
            done += at_once
            if done % 10_000 == 0:
                rate = (done - first) / (time.monotonic() - began)
                self.says(f"{done:,} of {self.orders:,} orders, {rate:.0f}/s")
        self._aftermath()

    def _hurry(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")

    def _furnish(self) -> None:
        from milepost.ground.catalog import commands as catalog
        from milepost.ground.catalog.words import ItemDraft
        from milepost.ground.journal.partitions import keep_partitions, partitioned_tables
        from milepost.ground.parties import commands as parties
        from milepost.ground.parties.words import CarrierDraft
        from milepost.way.stock import commands as stock
        from milepost.way.stock.words import StockReceipt

        for table in partitioned_tables():
            keep_partitions(table, now=self.now - SPAN - timedelta(days=40), months_ahead=16)
        act = self._act(self.now - SPAN - timedelta(days=1))
        parties.list_carriers([CarrierDraft(code=code, name=code.upper()) for code in CARRIERS])
        drafts = [
            ItemDraft(
                code=item_code(n),
                name=item_name(n),
                unit="piece",
                price=Decimal(500 + n * 7 % 9900) / 100,
                currency="EUR",
            )
            for n in range(ITEMS)
        ]
        ids = catalog.list_items(drafts, act=act)
        stock.receive_stock(
            [
                StockReceipt(
                    item_id=item_id, location="MAIN", quantity=Decimal(10_000_000 if n < ITEMS - SCARCE else 3)
                )
                for n, item_id in enumerate(ids)
            ],
            act=act,
        )

    def _act(self, at: datetime, actor: str = "key:1", channel: str = "api") -> Any:
        from milepost.kernel.acts import Act

        return Act.now(actor, channel=channel, now=at)

    def _past(self, at: datetime) -> Any:
        return self._act(self.now).in_the_past(at)

    def _set(self, first: int, count: int) -> None:
        """So many orders, walked as far as they came."""
        live = first >= self.orders * (1 - LIVE)
        share = first / (self.orders * (1 - LIVE))
        if not live:
            at = self.now - SPAN + share * (SPAN - LATELY - timedelta(days=60))
            self._walked(first, count, at)
        else:
            share = (first - self.orders * (1 - LIVE)) / (self.orders * LIVE)
            self._under_way(first, count, self.now - LATELY * (1 - share))

    def _walked(self, first: int, count: int, at: datetime) -> None:
        from milepost.way.closeout import commands as closeout
        from milepost.way.fulfilment import commands as fulfilment
        from milepost.way.fulfilment.words import Shipping
        from milepost.way.intake import commands as intake
        from milepost.way.orders import commands as orders

        act = self._past
        chance = random.Random(first)
        receipts = intake.receive(self._wishes(first, count, at, chance), act=act(at))
        ids = [one.order_id for one in receipts if one.order_id]
        cancelled = ids[::50]
        ids = [one for place, one in enumerate(ids) if place % 50]
        orders.cancel(cancelled, reason_code="customer_request", act=act(at + timedelta(hours=3)))
        fulfilment.ship(
            [
                Shipping(
                    order_id=one,
                    carrier=carrier,
                    tracking_numbers=(CARRIERS[carrier].format(one),),
                    numbers_confirmed=True,
                )
                for one, carrier in zip(ids, chance.choices(tuple(CARRIERS), k=len(ids)), strict=True)
            ],
            act=act(at + timedelta(hours=6)),
        )
        self._events(ids, at + timedelta(hours=8), "picked_up")
        self._events(ids, at + timedelta(hours=50), "delivered")
        closeout.accept(ids, act=act(at + timedelta(days=4)))
        closeout.close_due(act=act(at + timedelta(days=59)), limit=count)

    def _events(
        self, order_ids: Sequence[int], at: datetime, kind: str, *, live: bool = False, late: bool = False
    ) -> None:
        from milepost.way.fulfilment import queries as shipments
        from milepost.way.tracking import commands as tracking
        from milepost.way.tracking.words import Cause, EventDraft, Kind

        if not order_ids:
            return
        parcels = [p for some in shipments.shipments_of(order_ids).values() for one in some for p in one.parcels]
        drafts = [
            EventDraft(
                kind=Kind(kind),
                parcel_id=parcel.id,
                happened_at=at,
                place="Leipzig",
                cause=Cause("weather") if late else None,
                estimate_on=(self.now + timedelta(days=4)).date() if late else None,
            )
            for parcel in parcels
        ]
        act = self._act(at, "carrier:dhl") if live else self._past(at)
        tracking.record_events(drafts, act=act, source="dhl")

    def _under_way(self, first: int, count: int, at: datetime) -> None:
        """These came in lately: how far each is goes by its place."""
        from milepost.way.fulfilment import commands as fulfilment
        from milepost.way.fulfilment.words import Packing, Shipping
        from milepost.way.intake import commands as intake
        from milepost.way.stock import queries as stock

        chance = random.Random(first)
        receipts = intake.receive(self._wishes(first, count, at, chance, live=True), act=self._act(at))
        ids = [one.order_id for place, one in enumerate(receipts) if one.order_id and place % 10]
        short = {one for one, some in stock.waiting(ids).items() if some}
        free = [one for one in ids if one not in short]
        packed, shipped = free[: len(free) // 8], free[len(free) // 4 :]
        hours = min(timedelta(hours=6), (self.now - at) / 2)
        fulfilment.pack([Packing(order_id=one) for one in packed], act=self._act(at + hours, "staff:1", "desk"))
        fulfilment.ship(
            [
                Shipping(
                    order_id=one, carrier="dhl", tracking_numbers=(CARRIERS["dhl"].format(one),), numbers_confirmed=True
                )
                for one in shipped
            ],
            act=self._act(at + hours, "staff:1", "desk"),
        )
        later = at + hours + min(timedelta(hours=20), (self.now - at) / 4)
        size = len(shipped) // 5
        self._events(shipped[size:], later, "in_transit", live=True)
        latest = later + (self.now - later) / 2
        self._events(shipped[size : size + size // 4], latest, "delayed", live=True, late=True)
        self._events(shipped[2 * size : 2 * size + size // 2], latest, "out_for_delivery", live=True)

    def _wishes(self, first: int, count: int, at: datetime, chance: random.Random, *, live: bool = False) -> list[Any]:
        from milepost.way.intake.words import Incoming

        return [
            Incoming(
                draft=self._wish(first + place, chance, waits=live and place % 40 == 0, scarce=live and place % 33 == 0),
                raw=b'{"a made-up order": %d}' % (first + place), index=place,
                arrived_at=at - timedelta(seconds=10 * (count - place)),
            )
            for place in range(count)
        ]  # fmt: skip

    def _wish(self, number: int, chance: random.Random, *, waits: bool, scarce: bool) -> Any:
        from milepost.ground.parties.words import CustomerDraft
        from milepost.way.intake.words import Address, Draft, LineDraft

        who = int(chance.random() ** 1.5 * max(1, self.orders // 4))
        postal_code, city = CITIES[who % len(CITIES)]
        wanted = {int(chance.random() ** 2 * (ITEMS - SCARCE)) for _ in range(chance.randint(1, 4))}
        if scarce:
            wanted.add(ITEMS - 1 - number % SCARCE)
        return Draft(
            customer=CustomerDraft(external_ref=f"C{who}", name=name_of(who), email=email_of(who), phone=phone_of(who)),
            ship_to=Address(
                name=name_of(who), street=f"Lindenstraße {who % 200}", postal_code=postal_code, city=city, country="DE"
            ),
            lines=tuple(LineDraft(code=item_code(one), quantity=Decimal(chance.randint(1, 5))) for one in wanted), currency="EUR",
            external_ref=f"WEB-{number}" if number % 10 < 7 else "", po_number=f"PO-{number}" if number % 10 > 6 else "",
            payment_pending=waits, zone="Europe/Berlin",
        )  # fmt: skip

    def _aftermath(self) -> None:
        """What the clocks find, and what is told."""
        for what in (self._passed_promises, self._open_requests, self._letters, self._settled):
            began = time.monotonic()
            what()
            self.says(f"{what.__name__.strip('_').replace('_', ' ')}: {time.monotonic() - began:.0f} s")

    def _passed_promises(self) -> None:
        from milepost.way.cases import commands as cases

        after = None
        while True:
            swept = cases.find_delays(act=self._act(self.now, "system:clock", "worker"), after=after)
            if (after := swept.after) is None:
                return

    def _open_requests(self) -> None:
        """Mails that nobody could read for certain."""
        from milepost.ground.arrivals import commands as arrivals
        from milepost.way.intake.models import OrderRequest

        act = self._act(self.now - timedelta(hours=2), "system:mail", "email")
        wanted = self.orders // 2000 - OrderRequest.objects.filter(state="open").count()
        for start in range(0, wanted, 100):
            for number in range(start, min(start + 100, wanted)):
                body = MAIL.format(number=number, name=name_of(number), email=email_of(number)).encode()
                arrivals.keep(
                    "email", sender=email_of(number), content_type="message/rfc822", headers={}, body=body, act=act
                )
            while arrivals.process_due(act=act).total:
                pass

    def _letters(self) -> None:
        """What was planned is written and kept in the mailbox."""
        from milepost.ground.notices import commands as notices
        from milepost.ground.notices import queries as mailbox
        from milepost.plugs.senders.mailbox.sender import MailboxSender
        from milepost.reactions.letters import compose

        sender = MailboxSender(
            keep=notices.keep_in_mailbox, which=mailbox.kept_in_mailbox, clock=lambda: self.now,
            sent_from="Bench <bench@milepost.example>",
        )  # fmt: skip
        while notices.send_due(now=self.now, sender=sender, compose=compose).total:
            pass

    def _settled(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


MAIL = """From: {name} <{email}>
To: orders@milepost.example
Subject: Order {number}
Message-ID: <{number}@bench>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hello,

please send 2 x KET-0000 and about 5 x MUG-0001.

Regards
{name}
"""


def orders_of(years: Years, count: int) -> Iterator[Any]:
    """Some of its orders at random, always the same."""
    from milepost.way.orders.models import Order

    newest = Order.objects.order_by("-id").values_list("id", flat=True).first() or 0
    chance = random.Random(7)
    wanted = [chance.randint(1, newest) for _ in range(count)]
    return iter(Order.objects.filter(id__in=wanted))


__all__ = ["Years", "email_of", "item_code", "item_name", "name_of", "orders_of", "phone_of"]
