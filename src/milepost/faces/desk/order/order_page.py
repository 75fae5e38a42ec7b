"""Everything that an order's page shows, gathered in a constant number of statements (INQ-1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from milepost.faces.desk.care.conversation_page import contacts_about
from milepost.faces.desk.order.order_story import Asked, Story, story_of
from milepost.faces.desk.people import People, people
from milepost.faces.look.stages import REACHING, Step, stage_line
from milepost.ground.access import links
from milepost.ground.access.words import ROLES
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries as notices
from milepost.ground.notices.words import NoticeCard
from milepost.ground.notices.words import State as NoticeState
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CarrierCard
from milepost.way.cases import queries as cases
from milepost.way.cases.words import CaseCard, OfferCard, OfferState
from milepost.way.closeout import queries as closeout
from milepost.way.closeout.words import AcceptanceCard, FeedbackCard
from milepost.way.delivery import queries as delivery
from milepost.way.delivery.words import Proof
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ParcelCard, ReleaseCard, ShipmentCard
from milepost.way.fulfilment.words import State as ShipmentState
from milepost.way.intake import queries as intake
from milepost.way.intake.words import OriginalCard
from milepost.way.orders import queries as orders
from milepost.way.orders.words import AmendedCard, HoldCard, LineCard, OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.stock import queries as stock
from milepost.way.stock.queries import LineStock
from milepost.way.stock.words import Waiting
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.links import queries as links_of_parcels
from milepost.way.tracking.links.words import LinkCard, LinkState
from milepost.way.tracking.words import Progress, Shown


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its stock, what of it is packed, what could be sent instead, and what it was before somebody chose otherwise."""

    card: LineCard
    stock: LineStock
    packed: Decimal
    waiting: Waiting | None = None
    stand_ins: Sequence[ItemCard] = ()
    instead_of: AmendedCard | None = None
    chosen_by: str = ""

    @property
    def left_to_pack(self) -> Decimal:
        """What lies in no parcel yet."""
        return Decimal(0) if self.card.cancelled else self.card.quantity - self.packed

    @property
    def can_be_packed(self) -> Decimal:
        """The part of it that does not wait for stock."""
        return max(self.left_to_pack - self.stock.short, Decimal(0))


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel with its events, the newest first, where it stands, and who received it."""

    card: ParcelCard
    progress: Progress | None
    events: Sequence[Shown]
    carrier: str
    url: str
    proofs: Sequence[Proof]
    link: LinkCard | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the carrier's page was looked at and leads nowhere."""
        return self.link is not None and self.link.state is LinkState.BROKEN


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment with its parcels."""

    card: ShipmentCard
    parcels: Sequence[ParcelView]


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A date that was given, by whom, and the message that told the customer, if one has left."""

    card: PromiseCard
    carried_by: NoticeCard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """An order with its whole story."""

    order: OrderCard
    now: datetime
    steps: Sequence[Step]
    ledger: Sequence[PromiseCard]
    lines: Sequence[LineView]
    findings: Sequence[Mapping[str, Any]]
    release: ReleaseCard | None
    shipments: Sequence[ShipmentView]
    carriers: Sequence[CarrierCard]
    notices: Sequence[NoticeCard]
    duties: Sequence[DutyCard]
    cases: Sequence[CaseCard]
    offers: Sequence[OfferCard]
    waiting: Mapping[int, Waiting]
    acceptance: AcceptanceCard | None
    feedback: Sequence[FeedbackCard]
    story: Story
    people: People
    tracking_link: str
    version: int = 0
    original: OriginalCard | None = None
    amendments: Sequence[AmendedCard] = ()
    interactions: Sequence[Any] = ()

    @property
    def first_promise(self) -> PromiseCard | None:
        """The first date that the customer was told."""
        return self.ledger[0] if self.ledger else None

    @property
    def promise(self) -> PromiseCard | None:
        """The date that stands now."""
        return self.ledger[-1] if self.ledger else None

    @property
    def promises(self) -> list[PromiseView]:
        """Every date that was given, first to last, each with the message that carried it."""
        ends = [one.made_at for one in self.ledger[1:]]
        return [
            PromiseView(one, _carrier_of_date(self.notices, one.made_at, end))
            for one, end in zip_longest(self.ledger, ends)
        ]

    @property
    def is_late(self) -> bool:
        """Whether it is past its promise and not there."""
        arrived = self.order.delivered_at or self.now
        return bool(self.promise and not self.order.cancelled_at and arrived > self.promise.latest_at)

    @property
    def delay(self) -> CaseCard | None:
        """The delay that stands, flagged beside the state (HND-2)."""
        return next((case for case in self.cases if case.kind == "delay" and case.resolved_at is None), None)

    @property
    def offer(self) -> OfferCard | None:
        """The offer of alternatives that is open."""
        return next((one for one in self.offers if one.state is OfferState.OPEN), None)

    @property
    def open_holds(self) -> list[HoldCard]:
        """Why it waits."""
        return [hold for hold in self.order.holds if hold.released_at is None]

    @property
    def past_holds(self) -> list[HoldCard]:
        """Why it waited."""
        return [hold for hold in self.order.holds if hold.released_at is not None]

    @property
    def open_duties(self) -> list[tuple[DutyCard, str, str]]:
        """What is to be done, with the role's name and who has taken it."""
        return [
            (duty, ROLES.get(duty.role, duty.role), self.people.staff_name(duty.assignee))
            for duty in self.duties if duty.is_open
        ]  # fmt: skip

    @property
    def past_duties(self) -> list[tuple[DutyCard, str]]:
        """What was done, with the names of those who did it."""
        return [(duty, self.people.name(duty.closed_by)) for duty in self.duties if not duty.is_open]

    @property
    def next_duty(self) -> DutyCard | None:
        """The next step."""
        return next((duty for duty in self.duties if duty.is_open), None)

    @property
    def has_packed(self) -> bool:
        """Whether something stands packed and waits to be handed over."""
        return any(view.card.state == ShipmentState.PACKED for view in self.shipments)

    @property
    def has_left(self) -> bool:
        """Whether a parcel has left the house."""
        return any(parcel.card.shipped_at for view in self.shipments for parcel in view.parcels)


TELL_DATES = frozenset(
    {"receipt_note", "acknowledgement", "confirmation", "backorder_notice", "stock_arrived", "amended_order", "delay_notice",
     "shipment_notice", "choice_noted", "stakeholder_confirmation", "in_transit", "out_for_delivery"}
)  # fmt: skip
"""The letters in which the date stands that is promised when they leave."""


def _carrier_of_date(told: Sequence[NoticeCard], made_at: datetime, until: datetime | None) -> NoticeCard | None:
    """The first letter with a date that left to the customer while this one stood."""
    return next(
        (
            one for one in sorted(told, key=lambda one: one.sent_at or made_at)
            if one.state == NoticeState.SENT and one.sent_at and one.sent_at >= made_at
            and (until is None or one.sent_at < until)
            and one.template in TELL_DATES and one.audience == "customer"
        ),
        None,
    )  # fmt: skip


def gather(order_id: int, *, now: datetime, asked: Asked | None = None) -> OrderPage | None:
    """All of an order's page, or None when there is no such order. `asked`: what of its story is shown.

    The version is read first: what happens meanwhile is told as news, never missed. A constant number of statements.
    """
    version = journal.head(order_id)
    order = orders.card(order_id)
    if order is None:
        return None
    reached = [one.told for one in journal.chapter(order_id, kinds=REACHING, newest_first=False)]
    shipments = fulfilment.shipments_of([order_id]).get(order_id, ())
    carriers = parties.carriers()
    waiting = {one.position: one for one in stock.waiting([order_id]).get(order_id, [])}
    named, amendments = people(), orders.amendments(order_id)
    offers = cases.offers_of([order_id]).get(order_id, [])
    return OrderPage(
        order=order, now=now, version=version, steps=stage_line(order.state, reached),
        ledger=promising.ledger([order_id]).get(order_id, []),
        lines=_lines(order, shipments, waiting, amendments, offers), waiting=waiting, offers=offers,
        findings=intake.findings_of(order_id),
        release=fulfilment.releases([order_id]).get(order_id), shipments=_shipments(order_id, shipments, carriers),
        carriers=list(carriers.values()), notices=notices.notices_of(order_id), duties=duties.duties_of(order_id),
        cases=cases.cases_of([order_id]).get(order_id, []), acceptance=closeout.acceptances([order_id]).get(order_id),
        feedback=closeout.feedback_of([order_id]).get(order_id, []),
        story=story_of(order_id, asked or Asked(), named), people=named, original=intake.original_of(order_id),
        amendments=amendments, interactions=contacts_about(order_id, named), tracking_link=links.make("track", order_id, now=now),
    )  # fmt: skip


def _lines(
    order: OrderCard, shipments: Sequence[ShipmentCard], waiting: Mapping[int, Waiting], amendments: Sequence[AmendedCard],
    offers: Sequence[OfferCard],
) -> list[LineView]:  # fmt: skip
    packed: dict[int, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for parcel in shipment.parcels if shipment.state != ShipmentState.CANCELLED else ():
            for position, _, quantity in parcel.lines:
                packed[position] += quantity
    of_lines = stock.of_lines([order.id]).get(order.id, {})
    stand_ins = _stand_ins({one.item_id for one in waiting.values()})
    said = {line.position: offer.said_by for offer in offers for line in offer.lines if line.taken}
    chosen = {one.field: one for one in sorted(amendments, key=lambda one: one.at)}
    return [
        LineView(
            line, of_lines.get(line.position, LineStock()), packed[line.position], waiting.get(line.position),
            stand_ins.get(line.item_id, ()) if line.position in waiting else (),
            chosen.get(f"lines.{line.position}.item") or chosen.get(f"lines.{line.position}.added"),
            said.get(line.position, ""),
        )
        for line in order.lines
    ]  # fmt: skip


def _stand_ins(item_ids: Collection[int]) -> dict[int, list[ItemCard]]:
    """What the catalogue knows to stand in for items that are short, best first. Two statements, none where nothing is short."""
    if not item_ids:
        return {}
    ranked = catalog.stand_ins(sorted(item_ids))
    cards = catalog.by_id(sorted({one for some in ranked.values() for one in some})) if ranked else {}
    return {item_id: [cards[one] for one in some if cards[one].active] for item_id, some in ranked.items()}


def _shipments(
    order_id: int, shipments: Sequence[ShipmentCard], carriers: Mapping[str, CarrierCard]
) -> list[ShipmentView]:
    if not shipments:
        return []
    timeline = tracking.timeline(order_id)
    progress = {one.parcel_id: one for one in tracking.progress([order_id]).get(order_id, [])}
    pages = links_of_parcels.links([order_id])
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for proof in delivery.proofs([order_id]).get(order_id, []):
        proofs[proof.parcel_id].append(proof)
    return [
        ShipmentView(
            shipment,
            [
                ParcelView(
                    parcel, progress.get(parcel.id), timeline.get(parcel.id, [])[::-1],
                    *carrier_of(parcel, carriers), proofs[parcel.id], pages.get(parcel.id),
                )
                for parcel in shipment.parcels
            ],
        )
        for shipment in shipments
    ]  # fmt: skip


def carrier_of(parcel: ParcelCard, carriers: Mapping[str, CarrierCard]) -> tuple[str, str]:
    """The name of a parcel's carrier, and where it shows the parcel; nothing for what nobody has taken yet."""
    card = carriers.get(parcel.carrier)
    if card is None:
        return ("Own drivers" if parcel.carrier == "own" else parcel.carrier), ""
    url = card.tracking_url.replace("{number}", parcel.tracking_number) if parcel.tracking_number else ""
    return card.name, url if url.startswith("https://") else ""
