"""A file of tracking events: a line or a record each, under the names that the API has too.

tracking_number, code (one of our kinds), happened_at (with its zone, or as a wall time with city, region, postcode, country),
and if they are known carrier, reason, place, message, estimate_on, signed_by.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.carriers.scans import Stamp, not_pushed, stamped
from milepost.plugs.carriers.values import MOST_SCANS, Object, day, instant, load, parts, text, wall
from milepost.plugs.carriers.values import place as shown
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Cause, EventDraft, Kind, Reading

MOST_LINES = MOST_SCANS * 50
NEEDED = ("tracking_number", "code", "happened_at")

NO_FORM = Refusal(
    code="not_readable", says="The file is neither CSV with a heading nor JSON in UTF-8.",
    do="Write the names {names} into the first line, or as the names of each record.", values={"names": ", ".join(NEEDED)},
)  # fmt: skip
NO_LINES = Refusal(code="no_events", says="The file holds no events.", do="Look at the file.")
TOO_MANY = Refusal(
    code="too_many_events", says="The file holds more than {most} events.", do="Cut it into several.",
    values={"most": MOST_LINES},
)  # fmt: skip
BAD_LINE = Refusal(
    code="bad_line",
    says="Event {line}: {wrong}.",
    do="Correct it, and import the file again: what is known already is not doubled.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Files of events."""

    name: str = "file"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Always a refusal: files are brought by people who have signed in."""
        return not_pushed(self.name)

    def read(self, body: bytes) -> Reading:
        """The events of the good lines; beside them the refusal of the first that is not."""
        try:
            lines = _lines(body)
        except Refused as refused:
            return Reading(refusal=refused.refusals[0])
        read = [_event(line) for line in lines]
        bad = next(((number, one) for number, one in enumerate(read, start=1) if isinstance(one, str)), None)
        refusal = replace(BAD_LINE, values={"line": bad[0], "wrong": bad[1]}, index=bad[0]) if bad else None
        return Reading(events=tuple(one for one in read if not isinstance(one, str)), refusal=refusal)


def _lines(body: bytes) -> Sequence[Object]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    found = _records(body) if start in (b"[", b"{") else _rows(body)
    if not found:
        raise Refused(NO_LINES)
    if len(found) > MOST_LINES:
        raise Refused(TOO_MANY)
    return found


def _records(body: bytes) -> Sequence[Object]:
    try:
        said = load(body)
    except Refused:
        raise Refused(NO_FORM) from None
    return parts(said.get("events") if isinstance(said, dict) and "events" in said else said)


def _rows(body: bytes) -> Sequence[Object]:
    try:
        written = body.decode("utf-8-sig")
        dialect = csv.Sniffer().sniff(written.splitlines()[0] if written else "", delimiters=",;\t")
        rows = list(_named(csv.DictReader(io.StringIO(written, newline=""), dialect=dialect)))
    except (ValueError, csv.Error, IndexError):
        raise Refused(NO_FORM) from None
    if rows and not all(name in rows[0] for name in NEEDED):
        raise Refused(NO_FORM)
    return rows


def _named(rows: Iterable[Mapping[str | None, object]]) -> Iterable[Object]:
    """By the names in the first line, whatever their case and whether spelt with blanks."""
    for row in rows:
        yield {name.strip().casefold().replace(" ", "_"): value for name, value in row.items() if isinstance(name, str)}


def _event(line: Object) -> EventDraft | str:
    """The event of a line, or what is wrong with it."""
    number, kind, cause = text(line.get("tracking_number")), _kind(line), _cause(line)
    if not number:
        return "it has no tracking number"
    if kind is None:
        return f"{text(line.get('code'), limit=60) or 'nothing'} is no code of ours"
    where = Place(
        city=text(line.get("city"), limit=80), region=text(line.get("region"), limit=80),
        postcode=text(line.get("postcode"), limit=20), country=text(line.get("country"), limit=60),
    )  # fmt: skip
    when = _when(text(line.get("happened_at")), where)
    if when is None:
        return f"{text(line.get('happened_at'), limit=60) or 'nothing'} is no time"
    return EventDraft(
        kind=kind, cause=cause, code=kind.value, happened_at=when.at, stated_at=when.stated, zone_certain=when.certain,
        tracking_number=number, carrier=text(line.get("carrier"), limit=80), message=text(line.get("message")),
        place=text(line.get("place"), limit=200) or shown(where.city, where.region, where.country), city=where.city,
        region=where.region, country=where.country, estimate_on=day(line.get("estimate_on")),
        received_by=text(line.get("signed_by"), line.get("received_by"), limit=200),
    )  # fmt: skip


def _kind(line: Object) -> Kind | None:
    said = text(line.get("code"), line.get("kind")).casefold().replace(" ", "_")
    return Kind(said) if said in set(Kind) - {Kind.WITHDRAWN} else None


def _cause(line: Object) -> Cause | None:
    said = text(line.get("reason"), line.get("cause")).casefold()
    return Cause(said) if said in set(Cause) else None


def _when(stated: str, where: Place) -> Stamp | None:
    at: datetime | None = instant(stated)
    return Stamp(at, True, stated) if at else stamped(stated, wall=wall(stated), where=where)
