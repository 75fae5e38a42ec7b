"""The day of delivery as an entry for calendars (RFC 5545), attached to the letters that state it.

The entry keeps its UID for life; its SEQUENCE is the number of the promise, so that each revision replaces what a calendar has, in
whatever order the letters are opened. Written here by hand: it takes 40 lines, and the usual library half a millisecond a letter.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from milepost.ground.notices.words import Attachment
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.tongues import Tongue, tongue
from milepost.reactions.letters.values import address
from milepost.reactions.letters.wording import links_of
from milepost.way.intake.words import Address
from milepost.way.orders.words import State
from milepost.way.promising.words import PromiseCard

STATES_THE_DAY = frozenset({"acknowledgement", "amended_order", "stock_arrived", "shipment_notice", "delay_notice"})
TAKES_IT_BACK = frozenset({"cancellation"})
NAME = "delivery.ics"
LONGEST = 75  # octets of a line (RFC 5545, section 3.1)
AFTER_ALL = 1000
"""A cancellation is later than any revision."""


def attachments(template: str, account: Account, say: Tongue, *, dated: bool, now: datetime) -> tuple[Attachment, ...]:
    """The entry where the letter states the day, or takes it back; `dated`: a day can be stated now."""
    standing = account.standing
    if standing is None or (template in STATES_THE_DAY and not dated) or template not in STATES_THE_DAY | TAKES_IT_BACK:
        return ()
    method = "CANCEL" if template in TAKES_IT_BACK else "PUBLISH"
    data = entry(account, standing.now, say, method=method, now=now)
    return (Attachment(name=NAME, content_type=f"text/calendar; charset=utf-8; method={method}", data=data),)


def of_order(order_id: int, *, now: datetime, is_private: bool) -> tuple[str, bytes] | None:
    """The method and the entry of an order as it stands now, taken back where it was cancelled; None where no day was promised.
    `is_private`: town and country only. Thirteen statements."""
    account = read([order_id], now=now).get(order_id)
    if account is None or account.standing is None:
        return None
    method = "CANCEL" if account.order.state == State.CANCELLED else "PUBLISH"
    say = tongue(account.order.language)
    return method, entry(account, account.standing.now, say, method=method, now=now, is_private=is_private)


def entry(
    account: Account, promise: PromiseCard, say: Tongue, *, method: str, now: datetime,
    window: tuple[datetime, datetime] | None = None, is_private: bool = False,
) -> bytes:  # fmt: skip
    """The calendar with its one entry: whole days at the recipient's place, or a `window` of hours, as instants."""
    lines = _lines(account, promise, say, method, now, window, is_private=is_private)
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _lines(
    account: Account, promise: PromiseCard, say: Tongue, method: str, now: datetime,
    window: tuple[datetime, datetime] | None, *, is_private: bool,
) -> Iterator[str]:  # fmt: skip
    order, cancelled = account.order, method == "CANCEL"
    link = links_of(account)["track_link"]
    summary = say("Delivery of your order {reference} from {brand}").format(
        reference=order.reference, brand=settings.BRAND
    )
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Milepost//{_text(settings.BRAND)}//EN",
        f"METHOD:{method}",
    )
    yield "BEGIN:VEVENT"
    yield f"UID:delivery-{order.reference.lower()}@{urlsplit(settings.SITE_URL).hostname}"
    yield f"SEQUENCE:{promise.sequence + (AFTER_ALL if cancelled else 0)}"
    yield f"DTSTAMP:{_instant(now)}"
    yield from _span(promise, window)
    yield f"SUMMARY:{_text(summary)}"
    place = Address(city=order.ship_to.city, country=order.ship_to.country) if is_private else order.ship_to
    yield f"LOCATION:{_text(', '.join(address(place, say)))}"
    yield f"DESCRIPTION:{_text(link)}"
    yield f"URL:{link}"
    yield from (
        "TRANSP:TRANSPARENT",
        f"STATUS:{'CANCELLED' if cancelled else 'TENTATIVE'}",
        "END:VEVENT",
        "END:VCALENDAR",
    )


def _span(promise: PromiseCard, window: tuple[datetime, datetime] | None) -> Iterator[str]:
    if window:
        yield f"DTSTART:{_instant(window[0])}"
        yield f"DTEND:{_instant(window[1])}"
        return
    yield f"DTSTART;VALUE=DATE:{_day(promise.earliest_on)}"
    yield f"DTEND;VALUE=DATE:{_day(promise.latest_on + timedelta(days=1))}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(words: str) -> str:
    """A TEXT value (RFC 5545, section 3.3.11)."""
    plain = " ".join(words.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    """No more than 75 octets a line, never cut within a character."""
    if len(line) <= LONGEST and line.isascii():
        return line.encode()
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece])
