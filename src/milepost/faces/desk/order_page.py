"""Everything that an order's page shows, gathered in a constant number of statements (INQ-1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from milepost.faces.desk.people import People, people
from milepost.faces.look.sentences import told_plainly
from milepost.faces.look.stages import Step, stage_line
from milepost.ground.access import links
from milepost.ground.access.words import ROLES
from milepost.ground.duties import queries as duties
from milepost.ground.duties.words import DutyCard
from milepost.ground.journal import queries as journal
from milepost.ground.journal.queries import Told
from milepost.ground.notices import queries as notices
from milepost.ground.notices.words import NoticeCard
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
from milepost.way.orders import queries as orders
from milepost.way.orders.words import HoldCard, LineCard, OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.stock import queries as stock
from milepost.way.stock.queries import LineStock
from milepost.way.stock.words import Waiting
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Progress, Shown


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its stock and what of it is packed."""

    card: LineCard
    stock: LineStock
    packed: Decimal
    waiting: Waiting | None = None

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


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment with its parcels."""

    card: ShipmentCard
    parcels: Sequence[ParcelView]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fact of the story, and who made it so."""

    told: Told
    says: str
    by: str


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
    story: Sequence[Sentence]
    people: People
    tracking_link: str

    @property
    def first_promise(self) -> PromiseCard | None:
        """The first date that the customer was told."""
        return self.ledger[0] if self.ledger else None

    @property
    def promise(self) -> PromiseCard | None:
        """The date that stands now."""
        return self.ledger[-1] if self.ledger else None

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


def gather(order_id: int, *, now: datetime) -> OrderPage | None:
    """All of an order's page, or None when there is no such order."""
    order = orders.card(order_id)
    if order is None:
        return None
    story = journal.story(order_id)
    shipments = fulfilment.shipments_of([order_id]).get(order_id, ())
    carriers = parties.carriers()
    waiting = {one.position: one for one in stock.waiting([order_id]).get(order_id, [])}
    named = people()
    return OrderPage(
        order=order, now=now, steps=stage_line(order.state, story), ledger=promising.ledger([order_id]).get(order_id, []),
        lines=_lines(order, shipments, waiting), waiting=waiting, offers=cases.offers_of([order_id]).get(order_id, []),
        findings=intake.findings_of(order_id),
        release=fulfilment.releases([order_id]).get(order_id), shipments=_shipments(order_id, shipments, carriers),
        carriers=list(carriers.values()), notices=notices.notices_of(order_id), duties=duties.duties_of(order_id),
        cases=cases.cases_of([order_id]).get(order_id, []), acceptance=closeout.acceptances([order_id]).get(order_id),
        feedback=closeout.feedback_of([order_id]).get(order_id, []),
        story=[Sentence(told, told_plainly(told), named.name(told.actor)) for told in story], people=named,
        tracking_link=links.make("track", order_id, now=now),
    )  # fmt: skip


def _lines(order: OrderCard, shipments: Sequence[ShipmentCard], waiting: Mapping[int, Waiting]) -> list[LineView]:
    packed: dict[int, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for parcel in shipment.parcels if shipment.state != ShipmentState.CANCELLED else ():
            for position, _, quantity in parcel.lines:
                packed[position] += quantity
    of_lines = stock.of_lines([order.id]).get(order.id, {})
    return [
        LineView(line, of_lines.get(line.position, LineStock()), packed[line.position], waiting.get(line.position))
        for line in order.lines
    ]


def _shipments(
    order_id: int, shipments: Sequence[ShipmentCard], carriers: Mapping[str, CarrierCard]
) -> list[ShipmentView]:
    if not shipments:
        return []
    timeline = tracking.timeline(order_id)
    progress = {one.parcel_id: one for one in tracking.progress([order_id]).get(order_id, [])}
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for proof in delivery.proofs([order_id]).get(order_id, []):
        proofs[proof.parcel_id].append(proof)
    return [
        ShipmentView(
            shipment,
            [
                ParcelView(
                    parcel, progress.get(parcel.id), timeline.get(parcel.id, [])[::-1],
                    *carrier_of(parcel, carriers), proofs[parcel.id],
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
