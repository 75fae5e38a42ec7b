"""Sendle as a source: `scan_time` is the instant; `local_scan_time` equals it wherever Sendle does not know the place.

Its answer does not name the parcel, so the number that was asked for is kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.scans import Gathered, Stamp, not_pushed, reading, spoken
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import (
    NO_NUMBER,
    NOT_AN_EVENT,
    Object,
    header,
    instant,
    part,
    reading_of,
    scans_of,
    text,
)
from milepost.way.tracking.polling import ASKED_FOR
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Sendle"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sendle:
    """Sendle: asked, never pushing."""

    name: str = "sendle"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Always a refusal: nobody sends this to us."""
        return not_pushed(self.name)

    def read(self, body: bytes) -> Reading:
        """The events of an answer that names its parcel."""
        return self.read_envelope({}, body, LONG_AGO)

    def read_envelope(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """The events of an answer about the parcel that was asked for."""
        asked = header(headers, ASKED_FOR.lower())
        return reading_of(body, lambda said: _read(said, asked))


def _read(said: Object, asked: str) -> Reading:
    if "event_type" in said:  # one event, as Sendle pushes it to those who subscribe; it signs nothing
        said = {"sendle_reference": said.get("sendle_reference"), "tracking_events": [said]}
    if "tracking_events" not in said:
        return Reading() if said.get("error") or said.get("errors") else Reading(refusal=NOT_AN_EVENT)
    number = text(asked, said.get("sendle_reference"), said.get("tracking_number"))
    return reading(_parcel(said, number)) if number else Reading(refusal=NO_NUMBER)


def _parcel(said: Object, number: str) -> Gathered:
    parcel, country = Gathered(number, CARRIER), text(part(said, "destination").get("country"))
    for scan in map(part, scans_of(said.get("tracking_events"))):
        code, stated = text(scan.get("event_type")), text(scan.get("display_time"), scan.get("scan_time"))
        at, where = instant(scan.get("scan_time")), spoken(text(scan.get("location")), country=country)
        parcel.add(
            CODES.first(("types", code)), code, Stamp(at, True, stated) if at else None, where=where,
            shown=text(scan.get("location")), message=text(scan.get("description")),
        )  # fmt: skip
    return parcel
