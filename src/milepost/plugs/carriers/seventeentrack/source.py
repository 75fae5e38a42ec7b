"""17TRACK as a source of tracking: a webhook's body becomes events in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.seventeentrack import signature
from milepost.plugs.carriers.seventeentrack.crosswalk import CODES, STAGES, main_status
from milepost.plugs.carriers.values import (
    BAD_SCAN,
    NO_NUMBER,
    NOT_AN_EVENT,
    Object,
    country_code,
    decimal,
    estimate,
    instant,
    moment,
    part,
    parts,
    place,
    promised_day,
    read_scans,
    reading_of,
    text,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Cause, EventDraft, Kind, Reading

UPDATED = "TRACKING_UPDATED"


@dataclass(frozen=True, slots=True)
class SeventeenTrack:
    """17TRACK's webhooks, checked with the account's key. They bear no signed time."""

    key: str
    name: str = "seventeentrack"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from 17TRACK, or None."""
        return signature.check(headers, body, self.key)

    def read(self, body: bytes) -> Reading:
        """The events of a tracking; nothing where it only says that tracking stopped; a refusal for nonsense."""
        return reading_of(body, _message)


def _message(sent: Object) -> Reading:
    """A webhook (one tracking in `data`), or an answer of the API (many in `data.accepted`)."""
    if text(sent.get("event")) not in ("", UPDATED):
        return Reading()
    trackings = parts(part(sent, "data").get("accepted") or sent.get("data"))
    if not trackings:
        return Reading(refusal=NOT_AN_EVENT)
    readings = [_tracking(one) for one in trackings]
    refusals = [one.refusal for one in readings if one.refusal is not None]
    return Reading(
        events=tuple(event for one in readings for event in one.events), refusal=refusals[0] if refusals else None
    )  # fmt: skip


def _tracking(tracking: Object) -> Reading:
    number, info = text(tracking.get("number")), part(tracking, "track_info")
    if not number:
        return Reading(refusal=NO_NUMBER)
    providers = parts(part(info, "tracking").get("providers"))
    carrier = _carrier(providers)
    readings = [
        read_scans(one.get("events"), lambda scan: _scan(scan, number, carrier)) for one in providers
    ]  # fmt: skip
    events = tuple(event for one in readings for event in one.events)
    refused = any(one.refusal is not None for one in readings)
    said_at = max((at for one in providers if (at := instant(one.get("latest_sync_time")))), default=None)
    coarse = () if events or refused else _coarse(info, number, carrier, said_at)
    expected = _estimate(info, number, carrier, said_at)
    return Reading(events=(*events, *coarse, *expected), refusal=BAD_SCAN if refused else None)


def _carrier(providers: list[Object]) -> str:
    """The carrier, where there is one; of a number that two carriers scan, either may be ours."""
    names = {text(part(one, "provider").get("alias"), part(one, "provider").get("name")) for one in providers}
    return names.pop() if len(names) == 1 else ""


def _scan(scan: Object, number: str, carrier: str) -> tuple[EventDraft, ...] | None:
    """One event; None when it has no time. Where the carrier gave no zone 17TRACK guessed it, and the scan's place decides."""
    there = part(scan, "address")
    city, region, country = text(there.get("city")), text(there.get("state")), text(there.get("country"))
    where = Place(city=city, region=region, postcode=text(there.get("postal_code")), country=country)
    when = _when(scan, where)
    if when is None:
        return None
    kind, cause, code = _meant(scan)
    return (
        EventDraft(
            kind=kind, cause=cause, code=code, happened_at=when[0], zone_certain=when[1],
            stated_at=text(scan.get("time_iso"), scan.get("time_utc")), tracking_number=number, carrier=carrier,
            place=text(scan.get("location")) or place(city, region, country), city=city, region=region,
            country=country_code(country), message=text(scan.get("description")),
            latitude=decimal(part(there, "coordinates").get("latitude")),
            longitude=decimal(part(there, "coordinates").get("longitude")),
        ),
    )  # fmt: skip


def _when(scan: Object, where: Place) -> tuple[datetime, bool] | None:
    theirs = instant(scan.get("time_iso"), scan.get("time_utc"))
    raw = part(scan, "time_raw")
    local = "T".join(filter(None, (text(raw.get("date")), text(raw.get("time")))))
    if not local or text(raw.get("timezone")):
        return (theirs, True) if theirs is not None else moment(f"{local}{text(raw.get('timezone'))}", where)
    ours = moment(local, where)
    if ours is not None and (ours[1] or theirs is None):
        return ours
    return (theirs, False) if theirs is not None else None


def _meant(scan: Object) -> tuple[Kind, Cause | None, str]:
    """The sub-status decides; an event without one is a milestone of the way, or says nothing that we know."""
    detail, stage = text(scan.get("sub_status")), text(scan.get("stage"))
    if detail:
        return CODES.read(main_status(detail), detail)
    kind, cause = STAGES.get(stage, (Kind.UNKNOWN, None))
    return kind, cause, stage or "–"


def _coarse(info: Object, number: str, carrier: str, said_at: datetime | None) -> tuple[EventDraft, ...]:
    """The latest status, only where no event says more."""
    latest = part(info, "latest_status")
    status, detail = text(latest.get("status")), text(latest.get("sub_status"))
    if said_at is None or not status:
        return ()
    kind, cause, code = CODES.read(status, detail)
    return (
        EventDraft(
            kind=kind, cause=cause, code=code, happened_at=said_at, stated_at=said_at.isoformat(), tracking_number=number,
            carrier=carrier, message=text(latest.get("sub_status_descr")),
        ),
    )  # fmt: skip


def _estimate(info: Object, number: str, carrier: str, said_at: datetime | None) -> tuple[EventDraft, ...]:
    """The last day of the estimated window; once the parcel has arrived there is none."""
    if text(part(info, "latest_status").get("status")) == "Delivered":
        return ()
    window, to = part(info, "time_metrics", "estimated_delivery_date"), part(info, "shipping_info", "recipient_address")
    where = Place(
        city=text(to.get("city")), region=text(to.get("state")), postcode=text(to.get("postal_code")),
        country=text(to.get("country")),
    )  # fmt: skip
    on = promised_day(window.get("to"), where) or promised_day(window.get("from"), where)
    return estimate(on, said_at, number=number, carrier=carrier, code="estimated_delivery_date")
