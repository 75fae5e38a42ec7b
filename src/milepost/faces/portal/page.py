"""What the tracking page shows, gathered in a constant number of statements: no name, no street, nobody's remarks, until a code
opened it (TRK-3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.utils import timezone

from milepost.faces.look.stages import PORTAL, Step, stage_line
from milepost.faces.portal.map.drawing import Sketch
from milepost.faces.portal.map.places import Spot, spot
from milepost.faces.portal.masking import Way, town, ways
from milepost.faces.portal.outlook import Known, Outlook, outlook
from milepost.faces.portal.thread import Thread, thread_of, words_for
from milepost.ground.journal import queries as journal
from milepost.ground.notices import people
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CarrierCard
from milepost.way.cases import queries as cases
from milepost.way.closeout import queries as closeout
from milepost.way.closeout.words import Answer
from milepost.way.delivery import queries as delivery
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ParcelCard, ShipmentCard
from milepost.way.orders import queries as orders
from milepost.way.orders.words import STILL_HERE, OrderCard, State
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.stock import queries as stock
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Kind, Progress, Shown, Stage

MOST_TOLD = 10
TOLD_NOBODY = frozenset({Kind.UNKNOWN, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Line:
    """What was ordered. `waits`: how much of it is on backorder."""

    name: str
    quantity: Decimal
    unit: str
    cancelled: bool
    waits: Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a parcel, where and when; nothing of what carriers remark, for that may name people."""

    kind: str
    at: datetime
    place: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A box on its way."""

    id: int
    number: int
    tracking_number: str
    carrier: str
    url: str
    stage: str
    contents: tuple[tuple[Decimal, str], ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A message in the portal: short, and without anything that tells who somebody is."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What only a browser sees in which the link was opened by a code: who and where, documents, who took the parcels."""

    name: str
    address: tuple[str, ...]
    email: str
    phone: str
    instructions: str
    total: Decimal
    currency: str
    has_confirmation: bool
    notes: tuple[int, ...]
    received: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingPage:
    """An order as its customer may see it."""

    order_id: int
    reference: str
    state: str
    outlook: Outlook
    promise: PromiseCard | None
    first_promise: PromiseCard | None
    cause: str
    pick_up_at: str
    delivered_at: datetime | None
    received_at: datetime
    cancelled_at: datetime | None
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    goes_to: str
    may_correct: bool
    may_answer: bool
    answer: str
    answered_at: datetime | None
    may_rate: bool
    rating: int | None
    told: tuple[Told, ...] = ()
    ways: tuple[Way, ...] = ()
    whole: Whole | None = None
    sketch: Sketch | None = None
    thread: Thread = field(default_factory=Thread)

    @property
    def has_calendar(self) -> bool:
        """Whether there is a day of delivery to note, or to take back."""
        return self.promise is not None and self.delivered_at is None

    def etag(self, *more: object) -> str:
        """Changes when anything shown does."""
        return f'"{sha256(repr((self, more)).encode()).hexdigest()[:32]}"'


def gather(order_id: int, *, now: datetime, is_open: bool = False) -> TrackingPage | None:
    """The page of an order, days reckoned in the zone that is active; None when there is no such order. All of it where the link
    was opened by a code."""
    order = orders.card(order_id)
    if order is None:
        return None
    standing = promising.standing([order_id]).get(order_id)
    promise = standing.now if standing else None
    delay = cases.delayed([order_id]).get(order_id)
    progress = {one.parcel_id: one for one in tracking.progress([order_id]).get(order_id, [])}
    shipments = fulfilment.shipments_of([order_id]).get(order_id, ())
    parcels = _parcels(order, shipments, progress)
    short = {position: line.short for position, line in stock.of_lines([order_id]).get(order_id, {}).items()}
    answer = closeout.acceptances([order_id]).get(order_id)
    feedback = closeout.feedback_of([order_id]).get(order_id, [])
    arrived = order.state in (State.DELIVERED, State.COMPLETED, State.CLOSED)
    seen = words_for(order, is_open=is_open)
    return TrackingPage(
        order_id=order_id, reference=order.reference, state=order.state,
        outlook=outlook(_known(order, promise, progress, parcels, short, delayed=delay is not None, now=now)),
        promise=promise, first_promise=standing.first if standing and standing.revised else None,
        cause=delay.cause if delay else "", pick_up_at=_pick_up_place(parcels), delivered_at=order.delivered_at,
        received_at=order.received_at, cancelled_at=order.cancelled_at,
        steps=tuple(stage_line(order.state, journal.story(order_id), PORTAL)), parcels=tuple(parcels),
        lines=tuple(
            Line(line.name or line.code, line.quantity, line.unit, line.cancelled, short.get(line.position, Decimal(0)))
            for line in order.lines
        ),
        goes_to=", ".join(part for part in (order.ship_to.city, order.ship_to.country) if part),
        may_correct=order.state in STILL_HERE and order.first_shipped_at is None,
        may_answer=arrived and answer is not None and answer.state == Answer.ASKED,
        answer=answer.state if answer else "", answered_at=answer.answered_at if answer else None,
        may_rate=arrived, rating=feedback[-1].rating if feedback else None,
        told=_told(order, seen, now=now), ways=ways(order.email, order.phone), sketch=_sketch(order, parcels),
        whole=_whole(order, shipments, parcels) if is_open else None, thread=thread_of(order_id, now=now, shown=seen),
    )  # fmt: skip


def _whole(order: OrderCard, shipments: Sequence[ShipmentCard], parcels: Sequence[Parcel]) -> Whole:
    numbers = {parcel.id: parcel.number for parcel in parcels}
    proofs = delivery.proofs([order.id]).get(order.id, [])
    took = {numbers[one.parcel_id]: one.received_by for one in proofs if one.received_by and one.parcel_id in numbers}
    return Whole(
        name=order.contact_name, address=tuple(order.ship_to.lines()), email=order.email, phone=order.phone,
        instructions=order.instructions, total=order.total, currency=order.currency,
        has_confirmation=order.state not in (State.RECEIVED, State.CANCELLED),
        notes=tuple(one.number for one in shipments if one.shipped_at), received=tuple(sorted(took.items())),
    )  # fmt: skip


def _sketch(order: OrderCard, parcels: Sequence[Parcel]) -> Sketch | None:
    """The map, where it is known of any parcel where it was. The parcel with the latest news comes first."""
    newest = sorted((parcel for parcel in parcels if parcel.events), key=lambda one: one.events[0].at, reverse=True)
    found = [tuple(event.spot for event in reversed(parcel.events) if event.spot) for parcel in newest]
    passed = tuple(tuple(one for place, one in enumerate(way) if place == 0 or one != way[place - 1]) for way in found)
    if not any(passed):
        return None
    goes_to = spot(order.ship_to.city, country=order.ship_to.country, region=order.ship_to.region)
    return Sketch(tuple(way for way in passed if way), goes_to, arrived=order.delivered_at is not None)


def _told(order: OrderCard, seen: Callable[[str], str], *, now: datetime) -> tuple[Told, ...]:
    """The messages that wait for the customer here, newest first, as far as they are still true. One statement where there are
    none."""
    notices = people.in_portal([order.id], [f"customer:{order.customer_id}"], limit=MOST_TOLD)
    if not notices:
        return ()
    from milepost.reactions.letters import shown  # what most processes of the portal never need

    letters = shown(notices, now=now)
    return tuple(
        Told(notice.planned_at, seen(letters[notice.id].subject), seen(letters[notice.id].text))
        for notice in notices
        if notice.id in letters
    )


def _known(
    order: OrderCard, promise: PromiseCard | None, progress: Mapping[int, Progress], parcels: Sequence[Parcel],
    short: Mapping[int, Decimal], *, delayed: bool, now: datetime,
) -> Known:  # fmt: skip
    out = [one.since_at for one in progress.values() if one.stage == Stage.OUT_FOR_DELIVERY and one.since_at]
    sent = sum((amount for parcel in parcels if parcel.tracking_number for amount, _ in parcel.contents), Decimal(0))
    return Known(
        state=order.state, today=timezone.localdate(now), now=now, promise=promise,
        parcels=[one.stage for one in progress.values()], out_on=timezone.localdate(max(out)) if out else None,
        has_hold=any(hold.blocking and hold.released_at is None for hold in order.holds),
        waits_for_stock=any(short.values()), is_delayed=delayed,
        has_rest=sent < sum((line.quantity for line in order.lines if not line.cancelled), Decimal(0)),
    )  # fmt: skip


def _parcels(order: OrderCard, shipments: Sequence[ShipmentCard], progress: Mapping[int, Progress]) -> list[Parcel]:
    left = [parcel for shipment in shipments for parcel in shipment.parcels if parcel.shipped_at]
    if not left:
        return []
    timeline, carriers = tracking.timeline(order.id), parties.carriers()
    names = {line.position: line.name or line.code for line in order.lines}
    return [
        _parcel(place, card, order, progress.get(card.id), timeline.get(card.id, []), carriers.get(card.carrier), names)
        for place, card in enumerate(left, start=1)
    ]


def _parcel(
    place: int, card: ParcelCard, order: OrderCard, progress: Progress | None, events: Sequence[Shown], carrier: CarrierCard | None,
    names: Mapping[int, str],
) -> Parcel:  # fmt: skip
    url = carrier.tracking_url.replace("{number}", card.tracking_number) if carrier else ""
    shown = [_event(event, order) for event in events if _is_told(event)]
    return Parcel(
        id=card.id, number=place, tracking_number=card.tracking_number, carrier=_carrier_name(card, carrier),
        url=url if url.startswith("https://") else "", stage=progress.stage if progress else Stage.SHIPPED,
        contents=tuple((amount, names.get(position, code)) for position, code, amount in card.lines),
        events=tuple(reversed(shown)),
    )  # fmt: skip


def _event(event: Shown, order: OrderCard) -> Event:
    """What everybody with the link may see of an event; on the map it stands in its town."""
    address = order.ship_to
    place = town(event.place, event.city, event.country, address, order.contact_name)
    if event.latitude is not None and event.longitude is not None:
        where: Spot | None = Spot.at(event.city or place, event.latitude, event.longitude)
    else:
        where = spot(event.city or place, country=event.country, region=event.region, near=address.country)
    return Event(event.kind, event.happened_at, place, where)


def _carrier_name(card: ParcelCard, carrier: CarrierCard | None) -> str:
    if carrier is None:
        return "" if card.carrier == "own" else card.carrier
    return "" if carrier.in_house else carrier.name


def _is_told(event: Shown) -> bool:
    return not event.voided and event.kind not in TOLD_NOBODY


def _pick_up_place(parcels: Sequence[Parcel]) -> str:
    ready = (event for parcel in parcels if parcel.stage == Stage.READY_FOR_PICKUP for event in parcel.events)
    return next((event.place for event in ready if event.kind == Kind.READY_FOR_PICKUP), "")
