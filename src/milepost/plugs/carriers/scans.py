"""Scans of carriers become events in our words: their times as instants, their places, what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.carriers.tables import Meaning
from milepost.plugs.carriers.values import BAD_SCAN, MOST_SCANS, NO_NUMBER, TOO_MANY_SCANS, day, header, place
from milepost.plugs.inboxes.edi.safe_xml import Node, NotXml, tree
from milepost.way.tracking.places import Place, instant_of, zone_of
from milepost.way.tracking.polling import ASKED_FOR
from milepost.way.tracking.words import DELIVERIES, EventDraft, Kind, Reading

WIDEST_OFFSET, SAME_CLOCK = timedelta(hours=15), timedelta(minutes=5)
ARRIVALS = DELIVERIES | {Kind.DELIVERED_PART, Kind.RETURNED}

NOT_PUSHED = Refusal(
    code="not_pushed",
    says="{name} sends nothing by itself: it is asked.",
    do="Send here only what a carrier's system sends.",
    status=403,
)
NOT_XML = Refusal(
    code="not_xml",
    says="The body is not XML as this carrier sends it.",
    do="Look at the raw delivery.",
    status=400,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A carrier that only answers: what it answered is read, and nothing that claims to come from it by itself is believed."""

    name: str
    reads: Callable[[bytes], Reading]

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Always a refusal: nobody sends this to us."""
        return not_pushed(self.name)

    def read(self, body: bytes) -> Reading:
        """The events of an answer."""
        try:
            return self.reads(body)
        except Refused as refused:
            return Reading(refusal=refused.refusals[0])


@dataclass(frozen=True, slots=True)
class AskedByAnyNumber(Asked):
    """A carrier that knows a parcel by several numbers, and may answer under another than it was asked for."""

    def read_envelope(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """The events of an answer about one parcel, under the number that it was asked for."""
        found, asked = self.read(body), header(headers, ASKED_FOR.lower())
        if not asked or len({event.tracking_number for event in found.events}) != 1:
            return found
        return replace(found, events=tuple(replace(event, tracking_number=asked) for event in found.events))


def not_pushed(name: str) -> Refusal:
    """The refusal of what claims to come from a carrier that sends nothing by itself."""
    return replace(NOT_PUSHED, values={"name": name})


def xml(body: bytes) -> Node:
    """The root of an XML answer. Refuses `not_xml`."""
    try:
        return tree(body)
    except NotXml:
        raise Refused(NOT_XML) from None


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a scan was made, whether its zone is certain, and how the carrier wrote it."""

    at: datetime
    certain: bool
    stated: str


def stamped(
    stated: str, *, wall: datetime | None = None, where: Place = Place(), utc: datetime | None = None,  # noqa: B008
    offset: timedelta | None = None, zone: str = "",
) -> Stamp | None:  # fmt: skip
    """The instant of a scan, from all that the carrier says of it; None where that is nothing.

    `wall` is its time at the place, `utc` the same as an instant, `offset` the distance of the two. An instant that no clock of the
    place could show as that wall time is not believed (carriers' own examples have such): then the place decides, uncertainly.
    """
    if wall is None:
        return Stamp(utc, True, stated) if utc is not None else None
    if utc is not None:
        if _may_show(wall, utc, where):
            return Stamp(utc, True, stated)
        return Stamp(instant_of(wall, where, fallback_zone=zone)[0], False, stated)
    if offset is not None and abs(offset) <= WIDEST_OFFSET:
        return Stamp((wall - offset).replace(tzinfo=UTC), True, stated)
    at, certain = instant_of(wall, where, fallback_zone=zone)
    return Stamp(at, certain, stated)


def _may_show(wall: datetime, utc: datetime, where: Place) -> bool:
    """Whether a clock at the place may have shown `wall` at that instant."""
    claimed = wall - utc.astimezone(UTC).replace(tzinfo=None)
    if abs(claimed) > WIDEST_OFFSET:
        return False
    offsets = [utc.astimezone(_clock(zone)).utcoffset() for zone in zone_of(where)]
    return not offsets or any(abs(claimed - one) <= SAME_CLOCK for one in offsets if one is not None)


@cache
def _clock(zone: str) -> ZoneInfo:
    """A zone's clock, kept: `ZoneInfo` keeps but eight, and America alone has more."""
    return ZoneInfo(zone)


def offset_of(said: str) -> timedelta | None:
    """The distance from UTC as carriers write it: +01:00, -5:00, -0500, Z."""
    text = said.strip().upper()
    if text in ("Z", "UTC", "GMT"):
        return timedelta(0)
    sign, digits = text[:1], text[1:].replace(":", "")
    if sign not in "+-" or not digits.isascii() or not digits.isdigit() or not 1 <= len(digits) <= 4:
        return None
    hours, minutes = divmod(int(digits), 100) if len(digits) > 2 else (int(digits), 0)
    found = timedelta(hours=hours, minutes=minutes)
    return -found if sign == "-" else found


def spoken(said: str, *, country: str = "") -> Place:
    """A place that is written in one line, as "Carson, CA,US" or "Munich, Germany". `country`: where they all are, if known."""
    names = [name.strip() for name in said.split(",") if name.strip()]
    if len(names) >= 3:
        return Place(city=names[0], region=names[-2], country=names[-1])
    if len(names) == 2 and country:
        return Place(city=names[0], region=names[1], country=country)
    if len(names) == 2:
        return Place(city=names[0], country=names[1])
    return Place(city=names[0] if names else "", country=country)


@dataclass(slots=True)
class Gathered:
    """The events of one parcel while they are gathered. A scan that makes no sense is remembered, and loses none of the others."""

    number: str
    carrier: str
    events: list[EventDraft] = field(default_factory=list)
    bad: bool = False
    seen: int = 0

    def __post_init__(self) -> None:
        if not self.number:
            raise Refused(NO_NUMBER)

    def add(
        self, means: Meaning, code: str, stamp: Stamp | None, *, where: Place = Place(), shown: str = "",  # noqa: B008
        message: str = "", received_by: str = "", estimate_on: date | None = None,
    ) -> None:  # fmt: skip
        """One scan. `received_by` is kept only where something was handed over."""
        self.seen += 1
        if self.seen > MOST_SCANS:
            raise Refused(TOO_MANY_SCANS)
        if stamp is None:
            self.bad = True
        elif means.kind is not None:
            self.events.append(
                EventDraft(
                    kind=means.kind, cause=means.cause, code=code or "–", happened_at=stamp.at, stated_at=stamp.stated,
                    zone_certain=stamp.certain, tracking_number=self.number, carrier=self.carrier, message=message,
                    place=shown or place(where.city, where.region, where.country), city=where.city, region=where.region,
                    country=where.country, estimate_on=estimate_on,
                    received_by=received_by if means.kind in ARRIVALS else "",
                )
            )  # fmt: skip

    def expect(self, code: str, said: str, *formats: str) -> None:
        """The carrier's estimate, a calendar day as it is written, as of the last scan; none once the parcel has arrived."""
        on = day(said, *formats)
        if on is None or not self.events or any(event.kind in ARRIVALS for event in self.events):
            return
        last = max(self.events, key=lambda event: event.happened_at)
        self.events.append(
            EventDraft(
                kind=Kind.DELIVERY_SCHEDULED, code=code, happened_at=last.happened_at, stated_at=last.stated_at,
                zone_certain=last.zone_certain, tracking_number=self.number, carrier=self.carrier, estimate_on=on,
            )
        )  # fmt: skip


def reading(*parcels: Gathered) -> Reading:
    """All that was gathered; the refusal of a scan that made no sense stands beside the events of the others."""
    events = tuple(event for parcel in parcels for event in parcel.events)
    return Reading(events=events, refusal=BAD_SCAN if any(parcel.bad for parcel in parcels) else None)
