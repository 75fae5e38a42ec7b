"""Places in a list as they stand in an address: the values of the last row, opaque to the reader (keyset paging)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID


def spell(*values: datetime | int | str | UUID) -> str:
    """The place after a row with these values."""
    written = "|".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)
    return urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read(text: str) -> tuple[datetime, str] | None:
    """The instant and the id of a place; None for no place and for one that somebody made up."""
    try:
        at, _, rest = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (instant, rest) if rest and instant.tzinfo else None


def instant_and_number(text: str) -> tuple[datetime, int] | None:
    """A place in a list by instant and number."""
    place = read(text)
    return (place[0], int(place[1])) if place and place[1].isdecimal() and len(place[1]) < 19 else None


def instant_and_uuid(text: str) -> tuple[datetime, UUID] | None:
    """A place in a list by instant and row id."""
    place = read(text)
    try:
        return (place[0], UUID(place[1])) if place else None
    except ValueError:
        return None
