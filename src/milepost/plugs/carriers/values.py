"""Values in what carriers and tracking vendors send: each is read by its meaning, and what makes no sense is nothing.

No function here raises for what was sent, except `load` and `loaded`, whose refusals `reading_of` turns into a reading.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable
from milepost.way.tracking.places import Place, instant_of, zone_of
from milepost.way.tracking.words import EventDraft, Kind, Reading

LONGEST = 500
MOST_SCANS = 2000
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND, _MILLISECONDS_FROM = 253_402_300_799, 100_000_000_000

NOWHERE = Place()

NOT_JSON = Refusal(
    code="not_json", says="The body is not JSON in UTF-8.", do="Look at the raw delivery; the vendor sends JSON.", status=400
)  # fmt: skip
NOT_AN_EVENT = Refusal(
    code="not_an_event", says="The body is not a tracking event of this vendor.",
    do="Look at the raw delivery and at the vendor's documentation.",
)  # fmt: skip
NO_NUMBER = Refusal(
    code="no_number", says="No tracking number is given.", do="Look at the raw delivery.", field="tracking_number"
)
BAD_SCAN = Refusal(
    code="bad_scan", says="A scan makes no sense: it has no readable time, or is no record at all.",
    do="Look at the raw delivery.", field="events",
)  # fmt: skip
TOO_MANY_SCANS = Refusal(
    code="too_many_scans", says="More scans than any parcel can have.", do="Look at the raw delivery.", field="events"
)

Object = Mapping[str, Any]


def reading_of(body: bytes, read: Callable[[Object], Reading]) -> Reading:
    """What `read` makes of the JSON object that the bytes spell; what it refuses, or no object at all, is a refusal."""
    try:
        return read(loaded(body))
    except Refused as refused:
        return Reading(refusal=refused.refusals[0])


def load(body: bytes) -> Any:
    """What the bytes spell in JSON; numbers with a point as they are written. Refuses `not_json`."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation):
        raise Refused(NOT_JSON) from None


def loaded(body: bytes) -> Object:
    """As `load`, an object. Refuses `not_json`, `not_an_event`."""
    said = load(body)
    if not isinstance(said, dict):
        raise Refused(NOT_AN_EVENT)
    return said


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def scans_of(value: Any) -> Sequence[Any]:
    """The list of scans; none where nothing is said. Refuses `bad_scan` for what is no list, and `too_many_scans`."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Refused(BAD_SCAN)
    if len(value) > MOST_SCANS:
        raise Refused(TOO_MANY_SCANS)
    return value


def read_scans(value: Any, read: Callable[[Object], Iterable[EventDraft] | None]) -> Reading:
    """The events of all scans that make sense, and the refusal of those that make none; `read` answers None for such a one.

    Good ones are kept beside bad ones: what is known of a parcel is not held back by what is not understood.
    """
    events: list[EventDraft] = []
    bad = False
    for scan in scans_of(value):
        found = read(scan) if isinstance(scan, Mapping) else None
        bad = bad or found is None
        events += found or ()
    return Reading(events=tuple(events), refusal=BAD_SCAN if bad else None)


def estimate(
    on: date | None, said_at: datetime | None, *, number: str, carrier: str, code: str
) -> tuple[EventDraft, ...]:
    """A vendor's own estimate as a statement of the moment in which it was made; nothing where day or moment are unknown."""
    if on is None or said_at is None:
        return ()
    return (
        EventDraft(
            kind=Kind.DELIVERY_SCHEDULED, code=code, happened_at=said_at, estimate_on=on, stated_at=said_at.isoformat(),
            tracking_number=number, carrier=carrier,
        ),
    )  # fmt: skip


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header, whatever its case and whether spelt with `-` or `_`; nothing where it is missing."""
    return next((str(v).strip() for given, v in headers.items() if given.lower().replace("_", "-") == name), "")


def named(body: bytes, name: str) -> str:
    """The id that stands in a body under a name, with a digest of the bytes, so that only a true repeat has the same."""
    try:
        said = orjson.loads(body)
    except (ValueError, RecursionError):
        return ""
    found = text(said.get(name), limit=100) if isinstance(said, dict) else ""
    return with_digest(found, body)


def with_digest(named: str, body: bytes) -> str:
    """A delivery's id with a digest of its bytes; nothing where the vendor gave none."""
    return f"{named}:{sha256(body).hexdigest()[:16]}" if named else ""


def text(*values: Any, limit: int = LONGEST) -> str:
    """The first of these that says something, as text that can be kept. A whole or decimal number is text too."""
    for value in values:
        fits = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
        if fits and (said := printable(_spelt(value), limit).strip()):
            return said
    return ""


def _spelt(value: str | int | Decimal) -> str:
    """Numbers too long to be anybody's are cut like texts; Python refuses to spell some of them."""
    try:
        return str(value)
    except ValueError:
        return ""


def part(value: Any, *names: str) -> Object:
    """The object within, by the names on the way to it; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def parts(value: Any) -> list[Object]:
    """The objects of a list, or the one object that stands where a list of one is meant; anything else is left out."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def decimal(value: Any) -> Decimal | None:
    """A finite number; a text that spells one counts."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(_spelt(value) if isinstance(value, int) else value)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def instant(*values: Any) -> datetime | None:
    """The first of these that is an instant; a time without a zone names none."""
    for value in values:
        found = _iso(value)
        if found is not None and found.tzinfo is not None and _is_sound(found):
            return found
    return None


def epoch(value: Any) -> datetime | None:
    """The instant of seconds or milliseconds since 1970, as a number or its text."""
    number = decimal(value)
    if number is None or number <= 0:
        return None
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    return _EPOCH + timedelta(seconds=float(seconds)) if seconds <= _LAST_SECOND else None


def wall(value: Any, *formats: str) -> datetime | None:
    """A wall time without a zone, in ISO 8601 or one of `formats` (as of `strptime`); an instant is none."""
    found = _iso(value)
    for pattern in formats if found is None else ():
        found = found or _by(pattern, value)
    return found if found is not None and found.tzinfo is None else None


def moment(value: Any, where: Place, *formats: str, zone: str = "") -> tuple[datetime, bool] | None:
    """The instant that is meant, and whether its zone is certain: of an instant, a wall time at a place, or the start of a day."""
    exact = instant(value)
    if exact is not None:
        return exact, True
    clock = wall(value, *formats)
    if clock is not None:
        return instant_of(clock, where, fallback_zone=zone) if _is_sound(clock) else None
    alone = day(value) if _DAY.fullmatch(text(value)) else None
    if alone is None or not 1 < alone.year < 9999:
        return None
    return instant_of(datetime.combine(alone, time.min), where, fallback_zone=zone)[0], False


def day(value: Any, *formats: str) -> date | None:
    """A calendar day: the date as it is written, whatever time or zone stands behind it, so that no zone shifts it."""
    said = text(value)
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        pass
    try:
        return date.fromisoformat(said[:8]) if said[:8].isdigit() else _first_day(said, formats)
    except ValueError:
        return _first_day(said, formats)


def _first_day(said: str, formats: Iterable[str]) -> date | None:
    found = next((found for pattern in formats if (found := _by(pattern, said)) is not None), None)
    return found.date() if found is not None else None


def promised_day(value: Any, where: Place = NOWHERE) -> date | None:
    """The day of a promise at its destination, never shifted by a zone: as it is written, unless an instant in UTC with a time of
    day is meant, which is the day that the clocks of the destination show then, where it is known."""
    found = _iso(value)
    if found is None or found.utcoffset() != timedelta(0) or midnight_day(value) is not None or not _is_sound(found):
        return day(value)
    zones = zone_of(where)
    return found.astimezone(ZoneInfo(zones[0])).date() if zones else found.date()


def midnight_day(value: Any) -> date | None:
    """The day of a midnight; what has another time of day is an instant, not a day's name."""
    found = _iso(value)
    return found.date() if found is not None and (found.hour, found.minute, found.second) == (0, 0, 0) else None


def place(*said: Any) -> str:
    """A place as it is shown: what is said of it, smallest first, nothing twice in a row."""
    names: list[str] = []
    for one in said:
        name = text(one, limit=80)
        if name and (not names or names[-1].casefold() != name.casefold()):
            names.append(name)
    return ", ".join(names)


def country_code(*said: Any) -> str:
    """The first of these that is an ISO code of two letters."""
    codes = (text(one, limit=40).upper() for one in said)
    return next((code for code in codes if len(code) == 2 and code.isascii() and code.isalpha()), "")


def _iso(value: Any) -> datetime | None:
    said = text(value, limit=60)
    if len(said) < len("20260302T08"):  # a day alone is no time
        return None
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def _by(pattern: str, value: Any) -> datetime | None:
    try:
        return datetime.strptime(text(value, limit=60), pattern)  # noqa: DTZ007  a wall time is meant
    except ValueError:
        return None


def _is_sound(found: datetime) -> bool:
    """Whether it can be reckoned with in any zone."""
    return 1 < found.year < 9999
