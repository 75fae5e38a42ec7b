"""Shippo as a source of tracking: a webhook's body becomes events in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.shippo.crosswalk import CODES
from milepost.plugs.carriers.signing import FORGED, STALE, UNSIGNED, Clock, hmac_hex, is_any, is_fresh, no_secret
from milepost.plugs.carriers.values import (
    BAD_SCAN,
    NO_NUMBER,
    Object,
    country_code,
    epoch,
    estimate,
    header,
    instant,
    moment,
    part,
    place,
    promised_day,
    read_scans,
    reading_of,
    text,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.ports import URL_TOKEN
from milepost.way.tracking.words import DELIVERIES, EventDraft, Reading

HEADER, SETTING = "shippo-auth-signature", "MILEPOST_SHIPPO_WEBHOOK_SECRET"
TRACKED = "track_updated"


@dataclass(frozen=True, slots=True)
class Shippo:
    """Shippo's webhooks: signed (`t=…,v1=…`) for accounts to which it gave a secret, else known by a token in their address.

    With a secret set only a signature counts. Without either nothing is trusted.
    """

    clock: Clock
    secret: str = ""
    token: str = ""
    name: str = "shippo"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from Shippo, or None; a signed time that is too far from now makes it a replay."""
        if self.secret:
            return self._signed(header(headers, HEADER), body)
        if not self.token:
            return no_secret("Shippo", f"{SETTING} or MILEPOST_SHIPPO_WEBHOOK_TOKEN")
        given = header(headers, URL_TOKEN)
        if not given:
            return UNSIGNED
        return None if is_any(given, [self.token]) else FORGED

    def _signed(self, given: str, body: bytes) -> Refusal | None:
        if not given:
            return UNSIGNED
        said = [(name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in given.split(","))]
        times = [value for name, value in said if name == "t"]
        if len(times) != 1:
            return FORGED
        right = hmac_hex(self.secret, times[0].encode("utf-8", "replace"), b".", body)
        fits = [is_any(value, [right]) for name, value in said if name == "v1"]
        if not any(fits):
            return FORGED
        return None if is_fresh(epoch(times[0]), self.clock()) else STALE

    def read(self, body: bytes) -> Reading:
        """The events of a track; nothing for messages about other things; a refusal for nonsense."""
        return reading_of(body, _message)


def _message(sent: Object) -> Reading:
    """A webhook (`data`), or a track as the API answers it."""
    event = text(sent.get("event"))
    if event and event != TRACKED:
        return Reading()
    track = part(sent, "data") if "data" in sent else sent
    number = text(track.get("tracking_number"))
    if not number:
        return Reading(refusal=NO_NUMBER)
    history = read_scans(track.get("tracking_history"), lambda scan: _scan(scan, track, number))
    latest = part(track, "tracking_status")
    now = _scan(latest, track, number) if latest else ()
    return replace(
        history, events=(*history.events, *(now or ()), *_estimate(track, number)),
        refusal=history.refusal or (BAD_SCAN if now is None else None),
    )  # fmt: skip


def _scan(scan: Object, track: Object, number: str) -> tuple[EventDraft, ...] | None:
    """One status, of the history or the present one, which repeats the last of the history. None when it has no time.

    A tracking number that its carrier does not know has a status without time; it says nothing.
    """
    there = part(scan, "location")
    city, region, country = text(there.get("city")), text(there.get("state")), text(there.get("country"))
    where = Place(city=city, region=region, postcode=text(there.get("zip")), country=country)
    when = moment(scan.get("status_date"), where)
    if when is None:
        return () if text(scan.get("status")).upper() == "UNKNOWN" and not text(scan.get("status_date")) else None
    substatus = scan.get("substatus")
    detail = text(part(substatus).get("code")) if isinstance(substatus, Mapping) else text(substatus)
    kind, cause, code = CODES.read(text(scan.get("status")).upper(), detail.lower())
    return (
        EventDraft(
            kind=kind, cause=cause, code=code, happened_at=when[0], zone_certain=when[1], stated_at=text(scan.get("status_date")),
            tracking_number=number, carrier=text(track.get("carrier")), place=place(city, region, country), city=city,
            region=region, country=country_code(country), message=text(scan.get("status_details")),
            received_by=text(track.get("signed_by")) if kind in DELIVERIES else "",
        ),
    )  # fmt: skip


def _estimate(track: Object, number: str) -> tuple[EventDraft, ...]:
    """The track's `eta`, as of its latest status; once the parcel has arrived or turned back there is none."""
    latest, to = part(track, "tracking_status"), part(track, "address_to")
    if text(latest.get("status")).upper() in ("DELIVERED", "RETURNED"):
        return ()
    where = Place(
        city=text(to.get("city")), region=text(to.get("state")), postcode=text(to.get("zip")), country=text(to.get("country"))
    )  # fmt: skip
    said_at = instant(latest.get("object_updated"), latest.get("object_created"), latest.get("status_date"))
    return estimate(
        promised_day(track.get("eta"), where), said_at, number=number, carrier=text(track.get("carrier")), code="eta"
    )  # fmt: skip
